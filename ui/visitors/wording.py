"""Days as people type them, and files and contacts as rows."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from desktop_app.contacts.records import ContactRecord
from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.visitors.records import Consent, ConsentState, VisitorEntry, VisitorHit
from ui.widgets.badge import BadgeText, Tone
from ui.widgets.search_list import ResultRow

_DAY: Final = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
_YEAR: Final = re.compile(r"\d{4}")


def day_text(day: date | None) -> str:
    """Return a day in digits; empty for none."""
    return f"{day:%d.%m.%Y}" if day else ""


def read_day(text: str, field: str) -> date | None:
    """Return a typed day (TT.MM.JJJJ); None for an empty field.

    Raises:
        InputError: it is none.
    """
    if not text.strip():
        return None
    found = _DAY.fullmatch(text.strip())
    try:
        if found is not None:
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise InputError(field, tr("Bitte geben Sie den Tag so ein: 03.05.1941"))


def read_birth(text: str) -> tuple[date | None, int | None]:
    """Return a typed date of birth or year of birth.

    Raises:
        InputError: it is neither.
    """
    text = text.strip()
    if _YEAR.fullmatch(text):
        return None, int(text)
    try:
        day = read_day(text, "birth")
    except InputError as problem:
        raise InputError("birth", tr("Bitte geben Sie ein Jahr (1941) oder einen Tag (03.05.1941) ein.")) from problem
    return day, day.year if day else None


def name_of(entry: VisitorEntry) -> str:
    """Return what a file is called on the screen."""
    return entry.name or entry.former_name or entry.phone


def hit_row(hit: VisitorHit) -> ResultRow:
    """Return a file as a row of a list."""
    badges = []
    if hit.by_sound:
        badges.append(BadgeText(tr("klingt ähnlich")))
    if not hit.has_consent:
        badges.append(BadgeText(tr("ohne Einwilligung"), Tone.WARNING))
    details = [text for text in (
        tr("früher {name}", name=hit.former_name) if hit.former_name and hit.name else "",
        tr("geboren {birth}", birth=hit.birth_text) if hit.birth_text else "",
    ) if text]  # fmt: skip
    title = hit.name or hit.former_name or tr("ohne Namen")
    return ResultRow(hit.visitor_id, title, " · ".join(details), badges=tuple(badges), icon_name="user-round")


def contact_row(contact: ContactRecord) -> ResultRow:
    """Return a contact of a person as a row: when, what about, where to, what became of it."""
    topics = ", ".join(need.topic_name for need in contact.needs)
    referrals = "; ".join(
        f"{referral.service_name}: {referral.state.label}"
        + (tr(", Wiedervorlage {day}", day=day_text(referral.due_on)) if referral.due_on else "")
        for referral in contact.referrals
    )
    detail = " · ".join(text for text in (contact.channel.label, referrals, contact.initials) if text)
    return ResultRow(contact.contact_id, f"{contact.recorded_at:%d.%m.%Y}  {topics}", detail)


def consent_lines(consent: Consent) -> tuple[str, str]:
    """Return what a consent is to, and its days, as two lines."""
    title = consent.kind.label
    if consent.partner:
        title = tr("{kind} an {partner}: {purpose}", kind=title, partner=consent.partner, purpose=consent.purpose)
    days = [
        tr("erteilt am {day}", day=day_text(consent.given_on)),
        tr("Formular {version}", version=consent.form_version),
    ]
    days.append(tr("gilt bis {day}", day=day_text(consent.ends_on)) if consent.ends_on else tr("gilt bis zum Widerruf"))
    if consent.revoked_on:
        days.append(tr("widerrufen am {day}", day=day_text(consent.revoked_on)))
    return title, " · ".join([*days, consent.initials])


def consent_tone(state: ConsentState) -> Tone:
    """Return the tone of a state."""
    return {ConsentState.VALID: Tone.SUCCESS, ConsentState.NOT_YET: Tone.INFO}.get(state, Tone.WARNING)
