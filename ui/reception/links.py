"""Whose contact a card is: finding a file, recognising a visit card, saving the link. Without widgets."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry
from desktop_app.contacts.vocabulary import Fact
from desktop_app.core.errors import InputError, QuartierslotseError, UserError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count
from ui.reception.card_state import CardState, Link
from ui.widgets.search_list import ResultRow

_CARD_LETTERS = 9
_FILE, _CARD = "file:", "card:"


@dataclass(frozen=True, slots=True)
class NewCard:
    """A visit card that was issued just now; its code is forgotten with this object."""

    card_id: str
    code: str


class ContactLinks:
    """Links contact cards of the signed-in account to files and visit cards."""

    def __init__(self, application: Application) -> None:
        """Work on the open application."""
        self._application = application
        self._issued: NewCard | None = None
        self._entered: NewCard | None = None

    @property
    def finds_files(self) -> bool:
        """Whether the account may connect a contact with a visitor file."""
        return self._application.may(Action.CHANGE_VISITOR_FILES)

    def find(self, text: str) -> list[ResultRow]:
        """Return the card with this code, or the files that fit; nothing tells what is hidden."""
        letters = "".join(filter(str.isalnum, text))
        if len(letters) == _CARD_LETTERS:
            try:
                card = self._application.visit_cards.recognise(text)
            except InputError:
                pass  # a name may have nine letters as well
            else:
                self._entered = NewCard(card.card_id, text)
                return [ResultRow(_CARD + card.card_id, _card_words(card.visits), icon_name="tag")]
        if not self.finds_files:
            return []
        from ui.visitors.wording import hit_row

        rows = map(hit_row, self._application.visitor_queries.search(text, limit=8))
        return [
            ResultRow(_FILE + row.key, row.title, row.detail, badges=row.badges, icon_name=row.icon_name)
            for row in rows
        ]

    def choose(self, card: CardState, key: str) -> None:
        """Link a contact card to the chosen row; someone who comes again has a follow-up contact."""
        kind, chosen = key[: len(_FILE)], key[len(_FILE) :]
        card.link = Link(visitor_id=chosen) if kind == _FILE else Link(card_id=chosen)
        if kind == _CARD and Fact.VISIT_KIND not in card.facts and self._application.visit_cards.card(chosen).visits:
            card.set_fact(Fact.VISIT_KIND, "follow_up")

    def issue(self, card: CardState) -> None:
        """Issue a new visit card for the visitor in front."""
        issued = self._application.visit_cards.issue_card(self._application.actor)
        self._issued = NewCard(issued.card_id, issued.code)
        card.link = Link(card_id=issued.card_id)

    def new_card(self, card: CardState) -> NewCard | None:
        """Return the visit card issued for this contact card a moment ago, as long as its code is known."""
        issued = self._issued
        return issued if issued is not None and card.link == Link(card_id=issued.card_id) else None

    def can_forget(self, card: CardState) -> bool:
        """Whether the holder has just shown the visit card, and so may have its visits parted."""
        return self._entered is not None and card.link == Link(card_id=self._entered.card_id)

    def forget(self, card: CardState) -> str:
        """Part the visits of the card that was shown, at its holder's wish; return the sentence. It can't be undone."""
        if self._entered is None or not self.can_forget(card):
            raise ValueError("no visit card was shown")
        count = self._application.visit_cards.forget_card(self._application.actor, self._entered.code)
        self._entered = None
        card.link = None
        return tr_count(
            "Besuchskarte vergessen; 1 Besuch steht jetzt für sich.",
            "Besuchskarte vergessen; {count} Besuche stehen jetzt jeder für sich.",
            count,
        )

    def card_pdf(self, issued: NewCard) -> bytes:
        """Return a new visit card as a PDF."""
        office = self._application.settings.office()
        return self._application.visitor_forms.visit_card(office, code=issued.code, day=self._application.clock.today())

    def words(self, card: CardState) -> str:
        """Return whose contact it is, for the card on the screen; empty for nobody known."""
        link = card.link
        if link is None:
            return ""
        issued = self.new_card(card)
        if issued is not None:
            return tr("Neue Besuchskarte {code}. Bitte jetzt drucken oder aufschreiben.", code=issued.code)
        if link.card_id:
            return _card_words(self._application.visit_cards.card(link.card_id).visits)
        try:
            hit = self._application.visitor_queries.hit(link.visitor_id)
        except QuartierslotseError:
            return tr("Personenakte")
        return tr("Personenakte: {name}", name=hit.name or hit.former_name or hit.birth_text)

    def load(self, card: CardState, contact_id: str) -> None:
        """Take over whose contact it was; whoever may not see files learns of visit cards only."""
        link = None
        if self._application.may(Action.FIND_VISITORS):
            found = self._application.visitor_queries.link_of(contact_id)
            link = Link(found.visitor_id or "", found.card_id or "") if found else None
        else:
            card_id = self._application.visit_cards.card_of(contact_id)
            link = Link(card_id=card_id) if card_id else None
        card.link = card.link_before = link

    def record(self, card: CardState) -> str:
        """Save a new contact with its link; return its id. Raises as `ContactService.record_contact`."""
        application, actor, entry = self._application, self._application.actor, card.entry()
        if card.link is None:
            return application.contacts.record_contact(actor, entry, draft_id=card.card_id)
        if card.link.card_id:
            contact_id = application.visit_cards.record_contact(actor, entry, card.link.card_id, draft_id=card.card_id)
            self._entered = None
            self._issued = None  # the visitor has the card now, and nobody else its code
            return contact_id
        return application.visitors.record_contact(actor, entry, card.link.visitor_id, draft_id=card.card_id)

    def correct(
        self,
        contact_id: str,
        entry: ContactEntry,
        before: Link | None,
        after: Link | None,
        *,
        revision: int,
        draft_id: str | None = None,
    ) -> None:
        """Correct a contact and its link. Raises as `ContactService.correct_contact`."""
        application, actor = self._application, self._application.actor
        if before == after:
            application.contacts.correct_contact(actor, contact_id, entry, revision=revision, draft_id=draft_id)
        elif (before is None or before.card_id) and (after is None or after.card_id):
            card_id = after.card_id if after else None
            application.visit_cards.correct_contact(
                actor, contact_id, entry, card_id, revision=revision, draft_id=draft_id
            )
        elif after is None or after.visitor_id:
            visitor_id = after.visitor_id if after else None
            application.visitors.correct_contact(
                actor, contact_id, entry, visitor_id, revision=revision, draft_id=draft_id
            )
        else:
            raise UserError(
                tr(
                    "Dieser Kontakt gehört zu einer Personenakte. Bitte lösen und speichern Sie ihn erst, dann die Karte eingeben."
                )
            )


def _card_words(visits: int) -> str:
    return tr_count("Besuchskarte, bisher 1 Besuch", "Besuchskarte, bisher {count} Besuche", visits)
