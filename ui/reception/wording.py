"""Words and pictures of the contact card."""

from __future__ import annotations

from datetime import datetime

from desktop_app.contacts.records import ContactRecord, ReferralRecord
from desktop_app.contacts.vocabulary import Channel, Fact, fact_answers, open_answers
from desktop_app.core.translation import tr
from desktop_app.directory.records import ServiceHit
from desktop_app.settings.records import SocialSpace, Topic
from ui.widgets.badge import BadgeText, Tone
from ui.widgets.choices import Choice, Tile
from ui.widgets.search_list import ResultRow

_CHANNEL_ICONS = {
    Channel.OFFICE: "door-open",
    Channel.PHONE: "phone",
    Channel.MAIL: "mail",
    Channel.HOME_VISIT: "house-heart",
    Channel.OUTREACH: "footprints",
    Channel.VIDEO: "video",
}
_TOPIC_ICONS = {
    "gesundheit": "stethoscope",
    "pflege": "heart-pulse",
    "hilfsmittel": "accessibility",
    "kultur": "theater",
    "freizeit": "party-popper",
    "ehrenamt": "hand-heart",
    "dienstleistungen": "wrench",
    "wohnen": "house",
    "begegnung": "coffee",
    "finanzen": "euro",
    "soziales": "life-buoy",
    "bildung": "graduation-cap",
    "jugend": "baby",
    "arbeit": "briefcase",
    "mobilitaet": "bus",
    "digitales": "smartphone",
    "recht": "scale",
}


def channel_choices() -> list[Choice]:
    """Return the channels as segments; Alt with the underlined letter chooses."""
    words = {
        Channel.OFFICE: tr("Im &Büro"),
        Channel.PHONE: tr("&Telefon"),
        Channel.MAIL: tr("Brief, &E-Mail"),
        Channel.HOME_VISIT: tr("&Hausbesuch"),
        Channel.OUTREACH: tr("&Unterwegs"),
        Channel.VIDEO: tr("&Video"),
    }
    return [Choice(channel.value, words[channel]) for channel in Channel]


def topic_tile(topic: Topic, place: int) -> Tile:
    """Return the tile of a topic."""
    return Tile(topic.code, topic.name, topic.shortcut.upper(), _TOPIC_ICONS.get(topic.code, "tag"), place)


def fact_choices(fact: Fact, spaces: tuple[SocialSpace, ...]) -> list[Choice]:
    """Return the answers of an optional question, the shared ones last (not asked is the field's default)."""
    answers = dict(fact_answers(fact))
    if fact is Fact.SOCIAL_SPACE:
        answers = {space.space_id: space.name for space in spaces} | answers
    shared = list(open_answers().items())[1:]
    return [Choice(code, label) for code, label in (*answers.items(), *shared)]


def hit_row(hit: ServiceHit, topic_names: dict[str, str]) -> ResultRow:
    """Return a found service as a row; the badge says how fresh the record is."""
    detail = " · ".join(part for part in (hit.organization_name, hit.place, hit.phone) if part)
    spans = tuple((start, end - start) for start, end in hit.match_spans)
    badges = [BadgeText(topic_names[code]) for code in hit.topics[:1] if code in topic_names]
    if hit.last_verified:
        badges.append(BadgeText(tr("geprüft {day}", day=f"{hit.last_verified.verified_on:%m.%Y}"), Tone.SUCCESS))
    return ResultRow(hit.service_id, hit.service_name, detail, spans, badges=tuple(badges))


def contact_row(record: ContactRecord) -> ResultRow:
    """Return a recorded contact as a row of today's list."""
    topics = ", ".join(need.topic_name for need in record.needs)
    parts = [record.channel.label]
    if record.referrals:
        parts.append("→ " + ", ".join(referral.service_name for referral in record.referrals))
    parts.append(record.initials)
    icon = _CHANNEL_ICONS[record.channel]
    return ResultRow(record.contact_id, f"{record.recorded_at:%H:%M}  {topics}", " · ".join(parts), icon_name=icon)


def due_row(referral: ReferralRecord) -> ResultRow:
    """Return a due referral as a row."""
    day = referral.due_on or referral.referred_on
    detail = tr("{organization} · vom {since}, fällig {day}", organization=referral.organization_name,
                since=f"{referral.referred_on:%d.%m.}", day=f"{day:%d.%m.}")  # fmt: skip
    return ResultRow(referral.referral_id, referral.service_name, detail, icon_name="calendar-check")


def clock_text(moment: datetime) -> str:
    """Return the time of day as people say it."""
    return f"{moment:%H:%M}"
