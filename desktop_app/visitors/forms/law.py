"""What the forms quote from the data protection law of the carrier."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Final

from desktop_app.core.translation import tr
from desktop_app.settings.records import LegalProfile

_SIGN: Final = re.compile(r"(Art\.|§|Abs\.|Nr\.|Buchst\.) ")


@dataclass(frozen=True, slots=True)
class LegalWording:
    """The paragraphs a form names, and who watches over the law."""

    consent: str
    sensitive: str
    revocation: str
    rights: str
    access: str
    supervision: str


def legal_wording(profile: LegalProfile) -> LegalWording:
    """Return the wording of a legal profile; no line ends between „Art.“ and its number."""
    wording = _wording(profile)
    held = {field.name: _SIGN.sub("\\1\u00a0", getattr(wording, field.name)) for field in fields(wording)}
    return LegalWording(**held)


def _wording(profile: LegalProfile) -> LegalWording:
    match profile:
        case LegalProfile.GDPR:
            return LegalWording(
                consent=tr("Art. 6 Abs. 1 Buchst. a und Art. 7 DSGVO"),
                sensitive=tr("Art. 9 Abs. 2 Buchst. a DSGVO"),
                revocation=tr("Art. 7 Abs. 3 DSGVO"),
                rights=tr("Art. 15 bis 20 DSGVO"),
                access=tr("Art. 15 DSGVO"),
                supervision=tr("bei der Datenschutzaufsicht Ihres Bundeslandes (Art. 77 DSGVO)"),
            )
        case LegalProfile.CATHOLIC:
            return LegalWording(
                consent=tr("§ 6 Abs. 1 Buchst. b und § 8 KDG"),
                sensitive=tr("§ 11 Abs. 2 Buchst. a KDG"),
                revocation=tr("§ 8 Abs. 6 KDG"),
                rights=tr("§§ 17 bis 22 KDG"),
                access=tr("§ 17 KDG"),
                supervision=tr("bei der kirchlichen Datenschutzaufsicht der (Erz-)Diözese (§ 48 KDG)"),
            )
        case LegalProfile.PROTESTANT:
            return LegalWording(
                consent=tr("§ 6 Nr. 2 und § 11 DSG-EKD"),
                sensitive=tr("§ 13 Abs. 2 Nr. 1 DSG-EKD"),
                revocation=tr("§ 11 Abs. 3 DSG-EKD"),
                rights=tr("§§ 19 bis 24 DSG-EKD"),
                access=tr("§ 19 DSG-EKD"),
                supervision=tr("beim Beauftragten für den Datenschutz der EKD (§ 46 DSG-EKD)"),
            )
