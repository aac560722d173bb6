"""What the office is, as screens and paper see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop_app.core.translation import tr


class LegalProfile(StrEnum):
    """The data protection law of the carrier; printed forms follow it."""

    GDPR = "dsgvo"
    CATHOLIC = "kdg"
    PROTESTANT = "dsg-ekd"

    @property
    def label(self) -> str:
        """The German name with who it is for."""
        return {
            LegalProfile.GDPR: tr("DSGVO (kommunal und freie Träger)"),
            LegalProfile.CATHOLIC: tr("KDG (katholische Träger, z. B. Caritas)"),
            LegalProfile.PROTESTANT: tr("DSG-EKD (evangelische Träger, z. B. Diakonie)"),
        }[self]


@dataclass(frozen=True, slots=True)
class Office:
    """The office this database belongs to."""

    office_id: str
    name: str
    carrier: str
    legal_profile: LegalProfile
    street: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    office_hours: str = ""

    @property
    def address_lines(self) -> tuple[str, ...]:
        """Street and town, without empty lines."""
        return tuple(line for line in (self.street, f"{self.postal_code} {self.city}".strip()) if line)


@dataclass(frozen=True, slots=True)
class SocialSpace:
    """A social space the office serves."""

    space_id: str
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with the key that toggles it on the contact card."""

    topic_id: str
    code: str
    name: str
    shortcut: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class OfficeChanged:
    """Notice: name, address, social spaces or topics of the office changed."""
