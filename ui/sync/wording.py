"""Words for moments, shares, desks and conflicts; nothing here knows a widget."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from desktop_app.core.clock import office_zone
from desktop_app.core.translation import tr, tr_count
from desktop_app.sync.records import (
    Choice,
    Conflict,
    ConflictField,
    ConflictKind,
    ConnectionPreview,
    ConnectionState,
    Desk,
    RoundResult,
    Share,
    SpaceKind,
    SyncStatus,
)
from ui.widgets.badge import BadgeText, Tone
from ui.widgets.search_list import ResultRow

_ONE_LINE = 100  # characters of a value among other words

SHARE_ICONS = {
    SpaceKind.DIRECTORY: "book-open",
    SpaceKind.OFFICE: "lock",
    SpaceKind.STATISTICS: "chart-column",
    SpaceKind.EXCHANGE: "handshake",
}

_STATE_ICONS = {
    ConnectionState.NOT_CONNECTED: ("minus", "text_muted"),
    ConnectionState.WAITING_FOR_ADMISSION: ("hourglass", "accent"),
    ConnectionState.IN_STEP: ("circle-check", "success"),
    ConnectionState.WORKING: ("refresh-cw", "accent"),
    ConnectionState.WAITING: ("clock", "text_muted"),
    ConnectionState.PROBLEM: ("triangle-alert", "warning"),
}


def state_icon(status: SyncStatus) -> tuple[str, str]:
    """Name and colour of the icon for the connection."""
    if status.is_paused:
        return "pause", "text_muted"
    return _STATE_ICONS[status.state]


def status_words(status: SyncStatus) -> str:
    """The connection in a few words."""
    if status.is_paused and not status.waiting_changes:
        return tr("Abgleich angehalten")
    return status.sentence


def number_words(count: int) -> str:
    """A number as it is written in German."""
    return f"{count:,}".replace(",", ".")


def day_words(day: date, today: date) -> str:
    """A day as people say it."""
    if day == today:
        return tr("heute")
    if day == today - timedelta(days=1):
        return tr("gestern")
    return day.strftime("%d.%m.%Y")


def moment_words(moment: datetime | None, now: datetime) -> str:
    """A moment as people say it, in the office's time; empty if there is none."""
    if moment is None:
        return ""
    local = moment.astimezone(office_zone())
    day = day_words(local.date(), now.astimezone(office_zone()).date())
    return tr("{day} um {time}", day=day, time=local.strftime("%H:%M"))


def waiting_words(count: int) -> str:
    """How many changes wait."""
    if not count:
        return ""
    return tr_count("{number} Änderung wartet", "{number} Änderungen warten", count, number=number_words(count))


def kept_words(waiting: int) -> str:
    """What becomes of what a desk that was shut out has not sent yet."""
    if not waiting:
        return ""
    return tr_count(
        "{number} Änderung ist noch nicht gesendet; auch sie bleibt hier.",
        "{number} Änderungen sind noch nicht gesendet; auch sie bleiben hier.",
        waiting,
        number=number_words(waiting),
    )


def conflict_words(count: int) -> str:
    """How many conflicts nobody has looked at."""
    return tr_count("{count} anzusehen", "{count} anzusehen", count) if count else ""


def status_facts(status: SyncStatus, now: datetime) -> list[tuple[str, str]]:
    """What is known about the connection, for a table."""
    next_try = ""
    if status.next_try is not None and not status.is_paused:
        next_try = moment_words(status.next_try, now) if status.next_try > now else tr("gleich")
    # Before everything was compared once nobody knows how much it will be.
    nothing = tr("nichts") if status.state is ConnectionState.IN_STEP else ""
    return [
        (tr("Zuletzt abgeglichen"), moment_words(status.last_success, now) or tr("noch nie")),
        (tr("Noch zu senden"), waiting_words(status.waiting_changes) or nothing),
        (tr("Nächster Versuch"), next_try),
        (tr("Konflikte"), conflict_words(status.open_conflicts)),
    ]


def share_lines(share: Share, now: datetime) -> list[str]:
    """With whom, and what went when; one line each."""
    if share.kind is SpaceKind.STATISTICS:
        return []  # nothing goes there, and its sentence says so
    lines = []
    if share.with_whom:
        lines.append(tr("Mit: {names}", names=", ".join(share.with_whom)))
    facts = [
        tr("zuletzt empfangen {moment}", moment=moment_words(share.last_received, now)) if share.last_received else "",
        tr("zuletzt gesendet {moment}", moment=moment_words(share.last_sent, now))
        if share.last_sent and share.records
        else "",
        waiting_words(share.waiting),
    ]
    told = " · ".join(fact for fact in facts if fact)
    if told:
        lines.append(told[0].upper() + told[1:])
    return lines


def plan_line(share: Share) -> str:
    """How much would go there, for the wizard: nothing has been sent yet."""
    if not share.records:
        return tr("Von diesem Rechner ist noch nichts dabei.")
    return tr_count(
        "Von diesem Rechner geht {number} Eintrag dorthin.",
        "Von diesem Rechner gehen {number} Einträge dorthin.",
        share.records,
        number=number_words(share.records),
    )


def suggested_label(preview: ConnectionPreview) -> str:
    """The name this desk could have: the one it was invited under, else one that names no person."""
    if preview.is_coordination:
        return preview.label or tr("Koordination")
    return preview.label or (tr("Empfang") if preview.is_first_desk else tr("Platz {number}", number=preview.desks + 1))


def round_words(result: RoundResult) -> str:
    """What a round did, in one line for the foot of the window."""
    if not result.received and not result.sent:
        told = tr("Alles war schon abgeglichen.")
    else:
        told = tr(
            "Abgeglichen: {received} empfangen, {sent} gesendet.",
            received=number_words(result.received),
            sent=number_words(result.sent),
        )
    if result.new_conflicts:
        clashes = tr_count("{count} Konflikt ist neu.", "{count} Konflikte sind neu.", result.new_conflicts)
        told = f"{told} {clashes}"
    return told


def desk_facts(desk: Desk, today: date) -> str:
    """What is known about a desk, in one line."""
    facts = []
    if desk.enrolled_on is not None:
        facts.append(tr("verbunden seit {day}", day=desk.enrolled_on.strftime("%d.%m.%Y")))
    if desk.revoked_on is not None:
        facts.append(tr("gesperrt {day}", day=day_words(desk.revoked_on, today)))
    elif desk.last_seen_on is not None:
        facts.append(tr("zuletzt gesehen {day}", day=day_words(desk.last_seen_on, today)))
    told = " · ".join(facts)
    return told[:1].upper() + told[1:]


def keeps_the_key(desk: Desk) -> bool:
    """Whether the hub has shut it out, but nobody of the office: it still has the office's key."""
    return desk.revoked_on is not None and desk.is_admitted


def desk_badge(desk: Desk) -> BadgeText | None:
    """What sets a desk apart."""
    if desk.is_this:
        return BadgeText(tr("dieser Rechner"), Tone.INFO)
    if keeps_the_key(desk):
        return BadgeText(tr("nur am Server gesperrt"), Tone.DANGER)
    if desk.revoked_on is not None:
        return BadgeText(tr("gesperrt"), Tone.DANGER)
    if not desk.is_admitted:
        return BadgeText(tr("wartet"), Tone.WARNING)
    return None


def choice_words(conflict: Conflict, choice: Choice) -> str:
    """The head of a column: before, or where it was written, as people at this desk say it."""
    return {
        Choice.BEFORE: tr("vorher"),
        Choice.MINE: conflict.mine_where or tr("hier"),
        Choice.THEIRS: conflict.theirs_where or tr("dort"),
    }[choice]


def value_of(field: ConflictField, choice: Choice) -> str:
    """The value a choice stands for."""
    return {Choice.BEFORE: field.before, Choice.MINE: field.mine, Choice.THEIRS: field.theirs}[choice]


def value_words(value: str) -> str:
    """A value to be read; nothing has a word too."""
    return value or tr("(leer)")


def short_value(value: str) -> str:
    """A value in one line among other words; „…“ says that more follows."""
    line = " ".join(value_words(value).split())
    if len(line) <= _ONE_LINE:
        return line
    cut = line[:_ONE_LINE]
    return f"{cut.rpartition(' ')[0] or cut} …"


def is_open(conflict: Conflict) -> bool:
    """Whether a person has to decide, because no program can."""
    return any(field.is_open for field in conflict.fields)


def conflict_sentence(conflict: Conflict) -> str:
    """How it came about and what holds, in plain words."""
    if is_open(conflict) and not conflict.is_decided:
        return tr(
            "An zwei Rechnern wurde dasselbe verschieden geändert. Das kann kein Programm entscheiden: Bitte wählen Sie. "
            "Bis dahin gilt, was unten so bezeichnet ist."
        )
    return {
        ConflictKind.BOTH_CHANGED: tr(
            "An zwei Rechnern wurde dasselbe verschieden geändert. Der spätere Stand gilt; der andere ist aufbewahrt und "
            "lässt sich mit einem Druck zurückholen."
        ),
        ConflictKind.EDIT_AGAINST_DELETION: tr(
            "Auf der einen Seite wurde geändert, auf der anderen gelöscht. Die Änderung gilt, der Eintrag ist noch da."
        ),
        ConflictKind.NOT_OURS: _not_ours(conflict),
        ConflictKind.SAME_NAME: tr("Zwei Einträge hatten denselben Namen. Einer heißt jetzt anders."),
    }[conflict.kind]


def _not_ours(conflict: Conflict) -> str:
    """Whose entry it is, and whom to tell, as far as that is known."""
    if not conflict.owner:
        return tr(
            "Dieser Eintrag gehört einem anderen Träger; dessen Stand gilt. Ihre Änderung ist aufbewahrt. Wenn sie "
            "stimmt, sagen Sie dem anderen Büro Bescheid."
        )
    if not conflict.owner_office:
        return tr(
            "Dieser Eintrag gehört „{owner}“; dessen Stand gilt. Ihre Änderung ist aufbewahrt. Wenn sie stimmt, sagen Sie "
            "dort Bescheid.",
            owner=conflict.owner,
        )
    return tr(
        "Dieser Eintrag gehört „{owner}“; dessen Stand gilt. Ihre Änderung ist aufbewahrt. Wenn sie stimmt, sagen Sie dort "
        "Bescheid: „{office}“.",
        owner=conflict.owner,
        office=conflict.owner_office,
    )


def conflict_row(conflict: Conflict, now: datetime) -> ResultRow:
    """A conflict in the list."""
    fields = ", ".join(field.label for field in conflict.fields)
    kind = conflict.what if conflict.record else ""  # the office has no name of its own: then its kind is the head
    detail = " · ".join(part for part in (kind, fields, moment_words(conflict.happened_at, now)) if part)
    badges: tuple[BadgeText, ...] = ()
    if not conflict.is_decided and is_open(conflict):
        badges = (BadgeText(tr("Bitte entscheiden"), Tone.WARNING),)
    return ResultRow(conflict.conflict_id, conflict.record or conflict.what, detail, badges=badges, icon_name="scale")
