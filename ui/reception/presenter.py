"""What Empfang does, without widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactRecord, ReferralRecord
from desktop_app.contacts.vocabulary import ReferralMode, ReferralState, TallyKind
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count
from desktop_app.directory.records import ServiceHit
from desktop_app.settings.records import Topic
from ui.reception.card_state import CardState, Correction, Pick
from ui.reception.links import ContactLinks

if TYPE_CHECKING:
    from ui.erasing.presenter import ErasurePresenter

Undo = Callable[[], None]
_SHOWN_HITS = 8
_WAITING = "waiting_since"


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved card: what to say, and how to take it back."""

    contact_id: str
    sentence: str
    undo: Undo
    service_ids: tuple[str, ...]


class ReceptionPresenter:
    """The open cards of the signed-in account and the day around them."""

    def __init__(self, application: Application) -> None:
        """Work on the open application; call `restore_cards` before anything else."""
        self._application = application
        self.cards: list[CardState] = []
        self.links = ContactLinks(application)

    # Cards ------------------------------------------------------------------------------------------

    def restore_cards(self) -> None:
        """Open the cards that were open when the program last ended, or one blank card."""
        self.cards = [
            CardState.from_content(draft.draft_id, draft.started_at, draft.content)
            for draft in self._application.drafts.open_drafts(self._application.actor)
        ]
        if not self.cards:
            self.new_card()

    def new_card(self) -> CardState:
        """Open a blank card at the end."""
        card = CardState(self._application.ids.new_id())
        self.cards.append(card)
        return card

    def card(self, card_id: str) -> CardState:
        """Return an open card. Raises KeyError."""
        for card in self.cards:
            if card.card_id == card_id:
                return card
        raise KeyError(card_id)

    @property
    def is_rewriting(self) -> bool:
        """Whether a draft would have to wait until the file is rewritten after an erasure."""
        return self._application.is_rewriting

    def keep(self, card: CardState) -> None:
        """Put the card's present state on disk; a card that became blank again leaves nothing behind."""
        if card.is_erased:
            return
        if card.is_blank:
            if card.began_at is not None:
                card.began_at = None
                card.is_kept = False
                self._application.drafts.discard(self._application.actor, card.card_id)
            return
        if card.began_at is None:
            card.began_at = self._application.clock.local_now()
        is_there = self._application.drafts.keep(
            self._application.actor,
            card.card_id,
            self.cards.index(card),
            card.began_at,
            card.to_content(),
            is_known=card.is_kept,
        )
        card.is_kept, card.is_erased = True, not is_there

    def forget_cards(self, card_ids: frozenset[str]) -> bool:
        """Close cards whose drafts were erased; False if none was open."""
        erased = [card for card in self.cards if card.card_id in card_ids]
        for card in erased:
            card.is_erased = True
        self.cards = [card for card in self.cards if not card.is_erased]
        if not self.cards:
            self.new_card()
        return bool(erased)

    def close_card(self, card: CardState) -> Undo | None:
        """Close a card without saving; return what opens it again, None for a blank one."""
        place = self.cards.index(card)
        self.cards.remove(card)
        if card.began_at is not None:
            self._application.drafts.discard(self._application.actor, card.card_id)
        if not self.cards:
            self.new_card()
        if card.is_blank:
            return None

        def reopen() -> None:
            self._reopen(card, place)

        return reopen

    def save(self, card: CardState, *, with_sheet: bool = False) -> Saved:
        """Save a card and close it.

        `with_sheet` notes that the picked services are handed over on paper.

        Raises:
            InputError: the card is not complete; it stays open.
            EnvironmentProblem: the disk refuses; the card stays open.
            UserError: what the card speaks of was erased meanwhile.
        """
        if card.correction or card.link:
            self.keep(card)
        if card.is_erased:
            raise UserError(tr("Das wurde inzwischen endgültig gelöscht; hier wird nichts davon gespeichert."))
        if with_sheet:
            card.picks = [
                replace(pick, mode=ReferralMode.SHEET) if pick.mode is ReferralMode.NAMED else pick
                for pick in card.picks
            ]
        saved = self._correct(card) if card.correction else self._record(card)
        self.cards.remove(card)
        if not self.cards:
            self.new_card()
        return saved

    def correct(self, record: ContactRecord) -> CardState:
        """Open a recorded contact for correction; one that is open already is returned."""
        for card in self.cards:
            if card.correction and card.correction.contact_id == record.contact_id:
                return card
        card = CardState(self._application.ids.new_id())
        card.take_over(record)
        card.note = self._note(record.contact_id) if record.has_note else ""
        card.correction = Correction(record.contact_id, record.revision, record.recorded_at)
        self.links.load(card, record.contact_id)
        if len(self.cards) == 1 and self.cards[0].is_blank:
            self.cards.clear()
        self.cards.append(card)
        self.keep(card)
        return card

    def may_erase_note(self, card: CardState) -> bool:
        """Whether the card shows a recorded contact with a note that the account may erase for good."""
        return (
            card.correction is not None
            and self._application.may(Action.ERASE_CLIENT_DATA)
            and self._application.contact_queries.contact(card.correction.contact_id).has_note
        )

    def note_erasure(self, card: CardState) -> ErasurePresenter:
        """Return what asks about erasing the note of a recorded contact and does it. Raises UserError."""
        from ui.erasing.presenter import ErasurePresenter

        if card.correction is None:
            raise ValueError("the card shows no recorded contact")
        return ErasurePresenter.of_note(self._application, card.correction.contact_id)

    def forget_note(self, card: CardState) -> None:
        """Close the card whose note was erased; its draft went with the note."""
        if card in self.cards:
            self.cards.remove(card)
        if not self.cards:
            self.new_card()

    def repeat_last(self, card: CardState) -> bool:
        """Fill the card like the account's last contact; False when there is none."""
        record = self._application.contact_queries.latest_contact_of(self._application.actor.account_id)
        if record is None:
            return False
        card.take_over(record)
        self.keep(card)
        return True

    def withdraw(self, card: CardState) -> tuple[str, Undo]:
        """Take the contact that a card corrects out of the lists; return the sentence and the way back."""
        if card.correction is None:
            raise ValueError("only a recorded contact can be withdrawn")
        contact_id = card.correction.contact_id
        self._application.contacts.withdraw_contact(self._application.actor, contact_id)
        self.close_card(card)
        sentence = tr("Kontakt von {time} Uhr gelöscht.", time=f"{card.correction.recorded_at:%H:%M}")
        return sentence, lambda: self._application.contacts.restore_contact(self._application.actor, contact_id)

    def history_lines(self, card: CardState) -> list[str]:
        """Return what was done to the contact that a card corrects, a line each, oldest first."""
        if card.correction is None:
            return []
        names = {topic.code: topic.name for topic in self._application.settings.topics(with_inactive=True)}
        actions = {
            "correct": tr("geändert"),
            "withdraw": tr("gelöscht"),
            "restore": tr("wiederhergestellt"),
        }
        return [
            tr(
                "{day} {initials}: {action}. Vorher: {channel}, {topics}",
                day=f"{step.at:%d.%m.%Y %H:%M}",
                initials=step.initials,
                action=actions[step.action],
                channel=step.before.channel.label,
                topics=", ".join(names.get(need.topic_code, need.topic_code) for need in step.before.needs),
            )
            for step in self._application.contact_queries.history(card.correction.contact_id)
        ]

    # Directory --------------------------------------------------------------------------------------

    def search(self, text: str, card: CardState) -> list[ServiceHit]:
        """Return services for what was typed; those of the card's topics first, others below."""
        found = (
            list(self._application.directory_queries.search(text, limit=_SHOWN_HITS, topics=tuple(card.needs)))
            if card.needs
            else []
        )
        if len(found) < _SHOWN_HITS:
            known = {hit.service_id for hit in found}
            more = self._application.directory_queries.search(text, limit=_SHOWN_HITS)
            found += [hit for hit in more if hit.service_id not in known]
        return found[:_SHOWN_HITS]

    def pick_of(self, service_id: str) -> Pick:
        """Return a pick for a service of the directory. Raises UserError for an unknown one."""
        record = self._application.directory_queries.service(service_id)
        return Pick(record.service_id, record.name, record.organization.name)

    # The day ----------------------------------------------------------------------------------------

    def topics(self) -> tuple[Topic, ...]:
        """Return the topics the office uses."""
        return self._application.settings.topics()

    def today(self) -> tuple[ContactRecord, ...]:
        """Return today's contacts, newest first."""
        return self._application.contact_queries.contacts_of_day(self._application.clock.today())

    def tally(self) -> dict[TallyKind, int]:
        """Return today's strokes."""
        return dict(self._application.contact_queries.tally(self._application.clock.today()).counts)

    def count(self, kind: TallyKind) -> tuple[str, Undo]:
        """Add a stroke; return the sentence and the way back."""
        mark_id = self._application.tally.add_mark(self._application.actor, kind)
        return (
            tr("{kind} gezählt.", kind=kind.label),
            lambda: self._application.tally.withdraw_mark(self._application.actor, mark_id),
        )

    def uncount(self, kind: TallyKind) -> str | None:
        """Take today's last stroke of a kind back; return the sentence, None when there is none."""
        return (
            tr("Ein Strich bei „{kind}“ zurückgenommen.", kind=kind.label)
            if self._application.tally.withdraw_last_mark(self._application.actor, kind)
            else None
        )

    def due(self) -> tuple[ReferralRecord, ...]:
        """Return the referrals whose follow-up is due."""
        return self._application.contact_queries.due_referrals(self._application.clock.today())

    def follow_up(self, referral: ReferralRecord, state: ReferralState) -> tuple[str, Undo]:
        """Note what became of a referral; return the sentence and the way back."""
        contacts, actor = self._application.contacts, self._application.actor
        contacts.set_referral_state(actor, referral.referral_id, state)
        sentence = tr("{service}: {state}.", service=referral.service_name, state=state.label)
        return sentence, lambda: contacts.set_referral_state(
            actor, referral.referral_id, referral.state, reason=referral.state_reason
        )

    def postpone(self, referral: ReferralRecord, days: int) -> tuple[str, Undo]:
        """Follow up later; return the sentence and the way back."""
        contacts, actor = self._application.contacts, self._application.actor
        day = self._application.clock.today() + timedelta(days=days)
        contacts.set_referral_due(actor, referral.referral_id, day)
        sentence = tr("{service}: Wiedervorlage am {day}.", service=referral.service_name, day=f"{day:%d.%m.%Y}")
        return sentence, lambda: contacts.set_referral_due(actor, referral.referral_id, referral.due_on)

    # Who waits --------------------------------------------------------------------------------------

    def waiting(self) -> tuple[datetime, ...]:
        """Return since when people wait today, the longest first; only times, nobody's name."""
        today = self._application.clock.today()
        times = self._application.settings.value(_WAITING, [])
        moments = [datetime.fromisoformat(str(text)) for text in times] if isinstance(times, list) else []
        return tuple(sorted(moment for moment in moments if moment.date() == today))

    def let_wait(self) -> None:
        """One more person waits from now on."""
        self._set_waiting((*self.waiting(), self._application.clock.local_now()))

    def call_next(self) -> bool:
        """The one who waited longest comes; False when nobody waits."""
        waiting = self.waiting()
        if not waiting:
            return False
        self._set_waiting(waiting[1:])
        return True

    def _set_waiting(self, moments: tuple[datetime, ...]) -> None:
        texts = [moment.isoformat(timespec="seconds") for moment in moments]
        self._application.settings.set_value(self._application.actor, _WAITING, texts)

    # ------------------------------------------------------------------------------------------------

    def _record(self, card: CardState) -> Saved:
        contacts, actor = self._application.contacts, self._application.actor
        contact_id = self.links.record(card)
        names = {topic.code: topic.name for topic in self._application.settings.topics(with_inactive=True)}
        topics = ", ".join(names.get(code, code) for code in card.needs)
        sentence = tr("Kontakt gespeichert: {topics}.", topics=topics)
        if card.picks:
            sentence += " " + tr_count("1 Weitervermittlung.", "{count} Weitervermittlungen.", len(card.picks))

        def undo() -> None:
            # The card comes back as it was, so that nothing has to be typed again.
            contacts.withdraw_contact(actor, contact_id)
            self._reopen(card, len(self.cards))

        return Saved(contact_id, sentence, undo, tuple(pick.service_id for pick in card.picks))

    def _correct(self, card: CardState) -> Saved:
        correction = card.correction
        if correction is None:
            raise ValueError("the card corrects nothing")
        before = self._application.contact_queries.contact(correction.contact_id)
        former = before.entry(self._note(correction.contact_id))
        link_before, link = card.link_before, card.link
        self.links.correct(
            correction.contact_id,
            card.entry(),
            link_before,
            link,
            revision=correction.revision,
            draft_id=card.card_id,
        )

        def undo() -> None:
            now = self._application.contact_queries.contact(correction.contact_id)
            if now.revision != before.revision + 1:
                raise UserError(tr("Der Kontakt wurde inzwischen noch einmal geändert."))
            self.links.correct(correction.contact_id, former, link, link_before, revision=now.revision)

        sentence = tr("Kontakt von {time} Uhr geändert.", time=f"{correction.recorded_at:%H:%M}")
        return Saved(correction.contact_id, sentence, undo, tuple(pick.service_id for pick in card.picks))

    def _note(self, contact_id: str) -> str:
        """The confidential note, empty for whoever may not read it: a correction then leaves it as it is."""
        if not self._application.may(Action.READ_NOTES):
            return ""
        return self._application.contacts.read_note(self._application.actor, contact_id)

    def _reopen(self, card: CardState, place: int) -> None:
        if len(self.cards) == 1 and self.cards[0].is_blank:
            self.cards.clear()
        # A new id: the old draft's id belongs to the contact that was saved from it.
        card.card_id = self._application.ids.new_id()
        card.is_kept = False
        self.cards.insert(min(place, len(self.cards)), card)
        self.keep(card)
