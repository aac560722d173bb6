"""Takes records out, inside a unit of work; counts what went and lists it by id, so that no backup brings it back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from desktop_app.contacts.drafts import NOT_A_CARD
from desktop_app.contacts.records import ContactsChanged, DraftsErased
from desktop_app.contacts.tables import (
    ContactDraftTable,
    ContactNoteTable,
    ContactRevisionTable,
    ContactTable,
    ReferralTable,
)
from desktop_app.core.translation import tr
from desktop_app.directory.tables import ImportRun
from desktop_app.exchange.passing_on import forget_visitor
from desktop_app.exchange.settling import remove_content
from desktop_app.retention.tables import ErasureJournalTable
from desktop_app.storage.tables import Table
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.erasing import erase_file
from desktop_app.visitors.tables import ContactLinkTable, VisitCardTable, VisitorMergeTable, VisitorTable

if TYPE_CHECKING:
    from desktop_app.storage.store import Store

_REFERENCE_LETTERS = 12  # ids are long; a shorter one could be part of any word


class Eraser:
    """Erases record by record; the anonymous statistics rows stay."""

    def __init__(self, store: Store) -> None:
        """Nothing is erased yet; `store` gives ids and the day for the list of what went."""
        self._store = store
        self.counts: Counter[str] = Counter()

    def erase(self, unit: UnitOfWork, what: str, record_id: str) -> None:
        """Erase one record that is due and list it; one that went meanwhile is no error.

        Raises:
            KeyError: there is no such kind of record.
        """
        self._list(unit, what, record_id)
        self._erase(unit, what, record_id)

    def repeat(self, unit: UnitOfWork, what: str, record_id: str) -> None:
        """Erase what was erased before and came back with a backup; the caller lists it.

        Raises:
            KeyError: there is no such kind of record.
        """
        if what == "visitor":
            self._former_file(unit, record_id)
        self._erase(unit, what, record_id)

    def _erase(self, unit: UnitOfWork, what: str, record_id: str) -> None:
        {
            "note": self.note,
            "revision": self._revision,
            "conflict": self._conflict,
            "material": self._material,
            "reason": self._reason,
            "draft": self._draft,
            "import": self._import,
            "visitor": self.visitor,
            "contact": self._contact,
            "card": self._card,
            "passed_on": self._passed_on,
        }[what](unit, record_id)

    def note(self, unit: UnitOfWork, contact_id: str) -> bool:
        """Erase a note, and drafts in which its contact is being corrected; return whether there was one."""
        is_there = self._delete(unit, ContactNoteTable, contact_id, "note")
        if is_there:
            self._tell(unit, contact_id)
        self._drafts_about(unit, contact_id)
        return is_there

    def visitor(self, unit: UnitOfWork, visitor_id: str) -> None:
        """Erase a file with all texts of its contacts; one that was merged or erased meanwhile is no error."""
        if not unit.sql("SELECT 1 FROM visitor WHERE id = ? AND merged_into IS NULL", (visitor_id,)):
            return
        self._drafts_about(unit, visitor_id)
        self._files_begun_for(unit, visitor_id)
        for row in unit.sql("SELECT id FROM visitor WHERE merged_into = ?", (visitor_id,)):
            self._list(unit, "visitor", row[0])
        self.counts["passed_on"] += forget_visitor(unit, visitor_id)
        for contact_id in erase_file(unit, visitor_id):
            self.counts["link"] += 1
            self._list(unit, "contact", contact_id)
            self._contact(unit, contact_id)
        self.counts["visitor"] += 1

    def _contact(self, unit: UnitOfWork, contact_id: str) -> None:
        """Erase what makes a contact one of a person: its texts and the link; the anonymous row stays."""
        self._delete(unit, ContactLinkTable, contact_id, "link")
        # A text that was taken out by hand may still stand in a conflict, or at a desk that was not told yet.
        if not self.note(unit, contact_id):
            unit.forget(ContactNoteTable, contact_id)
        if not self._material(unit, contact_id):
            unit.forget(ContactTable, contact_id, "material")
        for row in unit.sql("SELECT id FROM contact_revision WHERE contact_id = ?", (contact_id,)):
            self._revision(unit, row[0])
        for row in unit.sql("SELECT id FROM referral WHERE contact_id = ?", (contact_id,)):
            if not self._reason(unit, row[0]):
                unit.forget(ReferralTable, row[0], "state_reason")
        unit.tell("contact", contact_id)

    def _former_file(self, unit: UnitOfWork, visitor_id: str) -> None:
        """Erase the row of a file that went into another one; the other one stays."""
        if not unit.sql("SELECT 1 FROM visitor WHERE id = ? AND merged_into IS NOT NULL", (visitor_id,)):
            return
        mine = (VisitorMergeTable.kept_id == visitor_id) | (VisitorMergeTable.merged_id == visitor_id)
        for row in unit.rows(VisitorMergeTable.select(VisitorMergeTable.id).where(mine)):
            unit.delete(VisitorMergeTable, row["id"])
        unit.derived("DELETE FROM visitor_key WHERE visitor_id = ?", (visitor_id,))
        self._delete(unit, VisitorTable, visitor_id, "visitor")

    def _list(self, unit: UnitOfWork, what: str, record_id: str) -> None:
        """Remember by id that a record was erased."""
        unit.insert(
            ErasureJournalTable,
            {
                "id": self._store.ids.new_id(),
                "what": what,
                "record_id": record_id,
                "erased_on": self._store.clock.today().isoformat(),
            },
        )

    def _material(self, unit: UnitOfWork, contact_id: str) -> bool:
        if not unit.sql("SELECT 1 FROM contact WHERE id = ? AND material <> ''", (contact_id,)):
            return False
        unit.update(ContactTable, contact_id, {"material": ""}, erased=True)
        self.counts["material"] += 1
        self._tell(unit, contact_id)
        return True

    def _reason(self, unit: UnitOfWork, referral_id: str) -> bool:
        if not unit.sql("SELECT 1 FROM referral WHERE id = ? AND coalesce(state_reason, '') <> ''", (referral_id,)):
            return False
        unit.update(ReferralTable, referral_id, {"state_reason": None}, erased=True)
        self.counts["reason"] += 1
        return True

    def _conflict(self, unit: UnitOfWork, conflict_id: str) -> None:
        """Erase a value that lost against another desk's."""
        if unit.sql("SELECT 1 FROM sync_conflict WHERE id = ?", (conflict_id,)):
            unit.erase_by_name("sync_conflict", conflict_id)
            self.counts["conflict"] += 1

    def _card(self, unit: UnitOfWork, card_id: str) -> None:
        for row in unit.sql("SELECT contact_id FROM contact_visitor WHERE card_id = ?", (card_id,)):
            self._delete(unit, ContactLinkTable, row[0], "link")
        self._delete(unit, VisitCardTable, card_id, "card")
        self._drafts_about(unit, card_id)

    def _passed_on(self, unit: UnitOfWork, referral_id: str) -> None:
        self.counts["passed_on"] += remove_content(unit, referral_id)

    def _revision(self, unit: UnitOfWork, revision_id: str) -> None:
        self._delete(unit, ContactRevisionTable, revision_id, "revision")

    def _draft(self, unit: UnitOfWork, draft_id: str) -> None:
        if self._delete(unit, ContactDraftTable, draft_id, "draft"):
            unit.notify(DraftsErased(frozenset({draft_id})))

    def _import(self, unit: UnitOfWork, run_id: str) -> None:
        self._delete(unit, ImportRun, run_id, "import")

    def _files_begun_for(self, unit: UnitOfWork, visitor_id: str) -> None:
        """Erase half-typed files with this person's name or number: they have no id yet by which to be found."""
        persons = unit.sql(
            "SELECT name, former_name, phone FROM visitor WHERE id = ? OR merged_into = ?", (visitor_id, visitor_id)
        )
        known = {text.casefold() for row in persons for text in row if text}
        for draft_id, content in unit.sql("SELECT id, content FROM contact_draft WHERE position = ?", (NOT_A_CARD,)):
            typed = json.loads(content)
            if known & {str(typed.get(name, "")).strip().casefold() for name in ("name", "former_name", "phone")}:
                self._draft(unit, draft_id)

    def _drafts_about(self, unit: UnitOfWork, record_id: str) -> None:
        if len(record_id) >= _REFERENCE_LETTERS:
            for row in unit.sql("SELECT id FROM contact_draft WHERE instr(content, ?)", (record_id,)):
                self._draft(unit, row[0])

    def _delete(self, unit: UnitOfWork, table: type[Table], record_id: str, what: str) -> bool:
        key = table._meta.primary_key
        is_there = unit.first(table.select(key).where(key == record_id)) is not None
        if is_there:
            unit.delete(table, record_id, erased=True)
            self.counts[what] += 1
        return is_there

    @staticmethod
    def _tell(unit: UnitOfWork, contact_id: str) -> None:
        for row in unit.sql("SELECT local_date FROM contact WHERE id = ?", (contact_id,)):
            unit.notify(ContactsChanged(frozenset({date.fromisoformat(row[0])})))


#: What the outbox told of records that are gone; their marker (deleted) stays, and so does the newest row of all.
FORGET_FORMER_CHANGES = """
DELETE FROM outbox WHERE sequence IN (
    SELECT former.sequence FROM (
        SELECT collection, record_id, max(sequence) AS sequence FROM outbox WHERE deleted > 0 GROUP BY collection, record_id
    ) AS gone
    JOIN outbox AS former ON former.collection = gone.collection AND former.record_id = gone.record_id
    WHERE former.sequence < gone.sequence
)
"""


def count_labels() -> Mapping[str, str]:
    """Return the words of what is counted."""
    return {
        "note": tr("Vertrauliche Notizen"),
        "revision": tr("Frühere Stände von Kontakten"),
        "conflict": tr("Doppelte Änderungen an zwei Rechnern"),
        "material": tr("Freitext „Material“ an Kontakten"),
        "reason": tr("Freitext an Weitervermittlungen"),
        "draft": tr("Entwürfe"),
        "import": tr("Berichte über das Einlesen"),
        "visitor": tr("Personenakten mit Einwilligungen und Suchwörtern"),
        "card": tr("Besuchskarten"),
        "passed_on": tr("Angaben in Übergaben"),
        "link": tr("Zuordnungen von Kontakten zu einer Person"),
        "log": tr("Technische Protokolldateien"),
    }
