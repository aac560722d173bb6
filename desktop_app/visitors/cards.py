"""Visit cards: an anonymous person comes again, and nobody's name is stored."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from desktop_app.contacts.records import ContactEntry
from desktop_app.contacts.service import ContactService
from desktop_app.core.actor import Actor
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.translation import tr
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.links import linking
from desktop_app.visitors.records import ContactLink, IssuedCard, VisitCard
from desktop_app.visitors.tables import ContactLinkTable, VisitCardSaltTable, VisitCardTable
from desktop_app.visitors.visit_code import SALT_BYTES, hashed, new_code, parse_code

_OFFICE = "office"
_VISITS = """
SELECT count(*), max(contact.local_date) FROM contact_visitor
JOIN contact ON contact.id = contact_visitor.contact_id
WHERE contact_visitor.card_id = ? AND contact.withdrawn = 0
"""


class VisitCardService:
    """Issues and recognises visit cards, and records the contacts of their holders."""

    def __init__(self, store: Store, contacts: ContactService) -> None:
        """Write to `store`; contacts go through `contacts`."""
        self._store = store
        self._contacts = contacts

    def issue_card(self, actor: Actor) -> IssuedCard:
        """Return a new card with its code, which is shown this once and stored as a salted hash only."""
        code = new_code()
        card_id = self._store.ids.new_id()
        self._make_salt(actor)
        code_hash = self._hash(parse_code(code))
        with self._store.unit_of_work(actor, "issue_visit_card", ("visit_card", card_id)) as unit:
            day = self._store.clock.today().isoformat()
            unit.insert(VisitCardTable, {"id": card_id, "code_hash": code_hash, "issued_on": day})
        return IssuedCard(card_id, code)

    def recognise(self, code: str) -> VisitCard:
        """Return the card with this code.

        Raises:
            InputError: the code has a typing mistake, or no card of this office has it.
        """
        letters = parse_code(code)
        card_id = self._card_with(letters)
        if card_id is None:
            raise InputError(
                "code",
                tr("Diese Besuchskarte ist hier nicht (mehr) bekannt. Sie können eine neue Karte ausgeben."),
            )
        return self.card(card_id)

    def card(self, card_id: str) -> VisitCard:
        """Return a card with how often its holder came."""
        visits, last = self._store.sql(_VISITS, (card_id,))[0]
        return VisitCard(card_id, visits, date.fromisoformat(last) if last else None)

    def card_of(self, contact_id: str) -> str | None:
        """Return the id of the card that a contact belongs to."""
        query = ContactLinkTable.select(ContactLinkTable.card_id).where(ContactLinkTable.contact_id == contact_id)
        found: str | None = self._store.scalar(query)
        return found

    def forget_card(self, actor: Actor, code: str) -> int:
        """Cut the tie between the contacts of a card at its holder's wish; return how many there were.

        The contacts stay, each for itself and anonymous.

        Raises:
            InputError: the code has a typing mistake or is not known.
        """
        card = self.recognise(code)
        with self._store.unit_of_work(actor, "forget_visit_card", ("visit_card", card.card_id)) as unit:
            rows = unit.rows(
                ContactLinkTable.select(ContactLinkTable.contact_id).where(ContactLinkTable.card_id == card.card_id)
            )
            for row in rows:
                unit.delete(ContactLinkTable, row["contact_id"], erased=True)
            unit.delete(VisitCardTable, card.card_id, erased=True)
        return len(rows)

    def record_contact(self, actor: Actor, entry: ContactEntry, card_id: str, *, draft_id: str | None = None) -> str:
        """Save a contact of the card's holder, both in one transaction; return the contact's id.

        Raises:
            InputError: the contact is not complete.
            UserError: the card is not known any more; nothing is saved.
        """
        also = linking(ContactLink(card_id=card_id), _check_card)
        return self._contacts.record_contact(actor, entry, draft_id=draft_id, also=also)

    def correct_contact(
        self,
        actor: Actor,
        contact_id: str,
        entry: ContactEntry,
        card_id: str | None,
        *,
        revision: int,
        draft_id: str | None = None,
    ) -> None:
        """Correct a contact and say to which card it belongs; None cuts the tie to a card, never to a file.

        Raises:
            InputError: the contact is not complete.
            UserError: contact or card is gone, or the contact was changed meanwhile.
        """

        def write(unit: UnitOfWork, written_id: str) -> None:
            if unit.sql("SELECT 1 FROM contact_visitor WHERE contact_id = ? AND visitor_id NOTNULL", (written_id,)):
                return  # whoever may not see files changes nothing about them, and is not told either
            linking(ContactLink(card_id=card_id) if card_id else None, _check_card)(unit, written_id)

        self._contacts.correct_contact(actor, contact_id, entry, revision=revision, draft_id=draft_id, also=write)

    # ------------------------------------------------------------------------------------------------

    def _card_with(self, letters: str) -> str | None:
        # More than one where two desks made theirs before they knew each other.
        hashes = [hashed(letters, bytes.fromhex(row[0])) for row in self._store.tuples(_every_salt())]
        query = VisitCardTable.select(VisitCardTable.id).where(VisitCardTable.code_hash.in_(hashes))
        found: str | None = self._store.scalar(query)
        return found

    def _hash(self, letters: str) -> str:
        salt = self._salt()
        if salt is None:
            raise ValueError("there is no salt yet")
        return hashed(letters, salt)

    def _salt(self) -> bytes | None:
        text = self._store.scalar(_every_salt().where(VisitCardSaltTable.id == _OFFICE))
        return bytes.fromhex(text) if text else None

    def _make_salt(self, actor: Actor) -> None:
        if self._salt() is not None:
            return
        with self._store.unit_of_work(actor, "make_visit_card_salt", ("visit_card", _OFFICE)) as unit:
            if unit.first(VisitCardSaltTable.select().where(VisitCardSaltTable.id == _OFFICE)) is None:
                unit.insert(VisitCardSaltTable, {"id": _OFFICE, "salt": secrets.token_bytes(SALT_BYTES).hex()})


def _every_salt() -> Any:
    return VisitCardSaltTable.select(VisitCardSaltTable.salt)


def _check_card(unit: UnitOfWork, link: ContactLink) -> None:
    if not unit.sql("SELECT 1 FROM visit_card WHERE id = ?", (link.card_id,)):
        raise UserError(tr("Diese Besuchskarte gibt es nicht mehr. Bitte nehmen Sie sie von der Kontaktkarte."))
