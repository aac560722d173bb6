"""Referrals between offices in words: rows, badges, and what comes next."""

from __future__ import annotations

from datetime import date, datetime

from desktop_app.core.translation import tr, tr_count
from desktop_app.exchange.records import (
    Cause,
    Direction,
    OfferPreview,
    Outcome,
    PartnerOffice,
    Referral,
    ReferralContent,
)
from desktop_app.exchange.rules import cause_label, is_expired, outcome_label, reason_label
from desktop_app.visitors.records import Consent
from ui.widgets.badge import BadgeText, Tone
from ui.widgets.search_list import ResultRow

_TONES = {
    Outcome.WAITING: Tone.INFO,
    Outcome.ACCEPTED: Tone.SUCCESS,
    Outcome.DECLINED: Tone.WARNING,
    Outcome.WITHDRAWN: Tone.NEUTRAL,
    Outcome.WITHDRAWN_AFTER_ACCEPTANCE: Tone.WARNING,
}


def day_text(day: date | datetime) -> str:
    """Return a day in digits."""
    return f"{day:%d.%m.%Y}"


def nothing_words(direction: Direction | None, *, is_empty: bool) -> tuple[str, str]:
    """Say why nothing is in front and what to do; no direction: the list of the offices."""
    if direction is None:
        hint = tr("Wählen Sie links ein Büro aus. Dann steht hier die Zahl, die Sie einmal am Telefon vergleichen.")
        return tr("Kein Büro ausgewählt"), "" if is_empty else hint
    begin = tr("Eine neue Übergabe beginnt in der Akte der Person, unter „Personen“.")
    if is_empty and direction is Direction.RECEIVED:
        return tr("Noch nichts erhalten"), tr("Bietet Ihnen ein anderes Büro eine Person an, steht sie links.")
    if is_empty:
        return tr("Noch nichts gesendet"), begin
    choose = tr("Wählen Sie links eine aus.")
    detail = choose if direction is Direction.RECEIVED else f"{choose} {begin}"
    return tr("Keine Übergabe geöffnet"), detail


def since_text(days: int) -> str:
    """Return since when something waits."""
    return tr_count("seit gestern", "seit {count} Tagen", days) if days else tr("seit heute")


def person_text(referral: Referral) -> str:
    """Return who it is about, as far as that may still be known."""
    if referral.person:
        return referral.person
    return tr("Person ohne Namen") if referral.has_content else tr("Angaben entfernt")


def office_text(referral: Referral) -> str:
    """Return the other office with its carrier."""
    return f"{referral.office_name} ({referral.carrier})" if referral.carrier else referral.office_name


def badge(referral: Referral, today: date) -> BadgeText:
    """Return how it stands, as a badge."""
    if referral.outcome is Outcome.WAITING and is_expired(referral.expires_on, today):
        return BadgeText(tr("abgelaufen"))
    if referral.outcome is Outcome.WAITING and referral.direction is Direction.RECEIVED:
        return BadgeText(tr("neu"), Tone.INFO)
    if referral.outcome is Outcome.WAITING and not referral.is_told:
        return BadgeText(tr("noch nicht abgeschickt"), Tone.WARNING if referral.problem else Tone.INFO)
    return BadgeText(outcome_label(referral.outcome), _TONES[referral.outcome])


def row_badge(referral: Referral, today: date) -> BadgeText:
    """Return how it stands in one word: in the list a longer badge would be left out for want of room."""
    whole = badge(referral, today)
    is_open = referral.outcome is Outcome.WAITING and not is_expired(referral.expires_on, today)
    if is_open and referral.direction is Direction.SENT:
        return BadgeText(tr("wartet") if referral.is_told else tr("ungesendet"), whole.tone)
    if referral.outcome is Outcome.WITHDRAWN_AFTER_ACCEPTANCE:
        return BadgeText(outcome_label(Outcome.WITHDRAWN), whole.tone)
    return whole


def row(referral: Referral, today: date) -> ResultRow:
    """Return a referral as a row of the list."""
    to_or_from = (
        tr("an {office}", office=office_text(referral))
        if referral.direction is Direction.SENT
        else tr("von {office}", office=office_text(referral))
    )
    icon = "file-output" if referral.direction is Direction.SENT else "inbox"
    detail = f"{day_text(referral.offered_at)} · {to_or_from}"
    badges = (row_badge(referral, today),)
    return ResultRow(referral.referral_id, person_text(referral), detail, badges=badges, icon_name=icon)


def office_row(office: PartnerOffice) -> ResultRow:
    """Return another office as a row of the list."""
    if not office.has_key:
        state = BadgeText(tr("nicht bereit"))
    elif office.key_changed:
        state = BadgeText(tr("Schlüssel neu"), Tone.WARNING)
    elif office.is_compared:
        state = BadgeText(tr("verglichen"), Tone.SUCCESS)
    else:
        state = BadgeText(tr("zu vergleichen"), Tone.INFO)
    return ResultRow(office.office_id, office.name, office.carrier, badges=(state,), icon_name="building-2")


def next_step(referral: Referral, today: date) -> str:
    """Return in sentences how it stands and what comes next."""
    if referral.direction is Direction.SENT:
        return _sent_step(referral)
    return _received_step(referral, today)


def content_title(referral: Referral) -> str:
    """Return the heading above what is (or was to be) passed on, as whoever reads it here would say it."""
    if referral.direction is Direction.RECEIVED:
        return tr("Was das andere Büro übergibt")
    if referral.outcome in {Outcome.WAITING, Outcome.ACCEPTED}:
        return tr("Was das andere Büro liest")
    return tr("Was Sie angeboten hatten")


def problem_text(problem: str) -> str:
    """Return why something can't go out, as a sentence; empty when all is well."""
    return {
        "no_key": tr("Das andere Büro ist noch nicht fertig eingerichtet. Bis dahin geht nichts dorthin."),
        "not_compared": tr("Vorher vergleichen Sie bitte einmal am Telefon die Zahl mit dem anderen Büro."),
        "key_changed": tr(
            "Der Schlüssel des anderen Büros hat sich geändert, zum Beispiel nach einem verlorenen Rechner. Bitte rufen Sie dort "
            "an und vergleichen Sie die Zahl noch einmal; bis dahin gehen keine Angaben hinaus."
        ),
        "office_gone": tr("Das andere Büro ist zurzeit nicht verbunden. Bis dahin geht nichts dorthin."),
    }.get(problem, "")


def content_rows(content: ReferralContent) -> list[tuple[str, str]]:
    """Return all that is passed on, the same for the preview and for whoever reads it."""
    fact = content.consent
    consent = tr(
        "erteilt am {day}, Formular {version}, {end}; an: {partner}; wofür: {purpose}",
        day=day_text(fact.given_on),
        version=fact.form_version,
        end=tr("gilt bis {day}", day=day_text(fact.ends_on)) if fact.ends_on else tr("gilt bis zum Widerruf"),
        partner=fact.partner,
        purpose=fact.purpose,
    )
    return [
        (tr("Name"), content.name),
        (tr("Telefon"), content.phone),
        (tr("Geburtsjahr"), str(content.birth_year) if content.birth_year else ""),
        (tr("Thema"), content.topic_name),
        (tr("Nachricht"), content.message),
        (tr("Einwilligung"), consent),
        (tr("Rückfragen an"), content.callback),
    ]


def preview_sentence(preview: OfferPreview) -> str:
    """Return what happens after offering."""
    return tr(
        "Das andere Büro kann bis {day} antworten; danach wird von selbst zurückgezogen. Notizen gehen nie mit.",
        day=day_text(preview.expires_on),
    )


def consent_text(consent: Consent) -> str:
    """Return a consent as one line of a choice."""
    if consent.ends_on:
        return tr("{purpose} (erteilt {given}, gilt bis {end})", purpose=consent.purpose, given=day_text(consent.given_on),
                  end=day_text(consent.ends_on))  # fmt: skip
    return tr("{purpose} (erteilt {given})", purpose=consent.purpose, given=day_text(consent.given_on))


def _sent_step(referral: Referral) -> str:
    cause = cause_label(referral.cause) if referral.cause else ""
    if referral.cause is Cause.BY_HAND:
        cause = tr("von Ihrem Büro")
    match referral.outcome:
        case Outcome.WAITING if not referral.is_told:
            return problem_text(referral.problem) or tr("Geht mit dem nächsten Abgleich hinaus.")
        case Outcome.WAITING:
            return tr(
                "Wartet auf Antwort {since}. Ohne Antwort wird nach dem {day} von selbst zurückgezogen.",
                since=since_text(referral.days_waiting),
                day=day_text(referral.expires_on),
            )
        case Outcome.ACCEPTED:
            return tr("Angenommen am {day}. Das andere Büro meldet sich bei der Person.", day=_answered(referral))
        case Outcome.DECLINED:
            return tr(
                "Abgelehnt am {day}: {reason}. Bitte sagen Sie der Person Bescheid und suchen Sie gemeinsam einen anderen Weg.",
                day=_answered(referral),
                reason=_reason(referral),
            )
        case Outcome.WITHDRAWN if not referral.is_told:
            return tr("Zurückgezogen ({cause}). Das andere Büro erfährt es mit dem nächsten Abgleich.", cause=cause)
        case Outcome.WITHDRAWN:
            return tr(
                "Zurückgezogen ({cause}). Beim anderen Büro verschwinden die Angaben, sobald es abgleicht.", cause=cause
            )
        case _:
            return tr(
                "Nach der Annahme zurückgezogen ({cause}). Das andere Büro wird benachrichtigt. Was es schon übernommen hat, "
                "holt das Programm nicht zurück: Bitte rufen Sie dort an.",
                cause=cause,
            )


def _received_step(referral: Referral, today: date) -> str:
    cause = cause_label(referral.cause) if referral.cause else ""
    match referral.outcome:
        case Outcome.WAITING if is_expired(referral.expires_on, today):
            return tr("Die Frist ist ohne Antwort abgelaufen. Die Angaben sind hier entfernt.")
        case Outcome.WAITING:
            return tr(
                "Wartet hier {since}. Bitte antworten Sie bis {day}; danach verschwinden die Angaben.",
                since=since_text(referral.days_waiting),
                day=day_text(referral.expires_on),
            )
        case Outcome.ACCEPTED:
            return " ".join(filter(None, (_accepted_step(referral), _untold(referral))))
        case Outcome.DECLINED:
            declined = tr("Abgelehnt am {day}: {reason}.", day=_answered(referral), reason=_reason(referral))
            return " ".join(filter(None, (declined, _untold(referral))))
        case Outcome.WITHDRAWN:
            return tr("Zurückgezogen ({cause}). Die Angaben sind hier gelöscht.", cause=cause)
        case _:
            return tr(
                "Nach Ihrer Annahme zurückgezogen ({cause}). Ohne eigene Einwilligung der Person dürfen die Angaben hier nicht "
                "bleiben: Bitte entfernen Sie sie.",
                cause=cause,
            )


def _accepted_step(referral: Referral) -> str:
    if referral.visitor_id:
        return tr("Angenommen am {day}. Die Personenakte ist angelegt.", day=_answered(referral))
    return tr(
        "Angenommen am {day}. Bitte melden Sie sich bei der Person. Eine Akte legen Sie erst an, wenn sie hier einwilligt.",
        day=_answered(referral),
    )


def _untold(referral: Referral) -> str:
    return "" if referral.is_told else tr("Die Antwort geht mit dem nächsten Abgleich hinaus.")


def _answered(referral: Referral) -> str:
    return day_text(referral.answered_at) if referral.answered_at else "?"


def _reason(referral: Referral) -> str:
    reason = reason_label(referral.reason) if referral.reason else tr("ohne Angabe")
    return f"{reason} („{referral.answer_text}“)" if referral.answer_text else reason
