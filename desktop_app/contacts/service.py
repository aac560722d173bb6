"""Commands on contacts: record, correct, withdraw, restore, follow up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from desktop_app.contacts.entry_text import entry_to_text, outcomes_from_text
from desktop_app.contacts.notes import note_text
from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry, ContactRecord, ContactsChanged, ReferralsChanged
from desktop_app.contacts.rules import check_entry
from desktop_app.contacts.tables import (
    ContactDraftTable,
    ContactNoteTable,
    ContactRevisionTable,
    ContactTable,
    NeedTable,
    ReferralTable,
)
from desktop_app.contacts.vocabulary import NOT_ASKED, Fact, ReferralState
from desktop_app.core.actor import Actor
from desktop_app.core.clock import to_text
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.permissions import Action, allowed
from desktop_app.core.translation import tr
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork

#: What had become of referrals, by service: id of the referral, state, reason.
Outcomes = Mapping[str, tuple[str, ReferralState, str | None]]
#: Writes rows of another feature that belong to a contact (its id is handed in), in the contact's transaction.
Also = Callable[[UnitOfWork, str], None]
_FACT_COLUMNS = tuple((fact, fact.value) for fact in Fact)


class ContactService:
    """Records contacts and keeps their history."""

    def __init__(self, store: Store, queries: ContactQueries) -> None:
        """Write to `store`."""
        self._store = store
        self._queries = queries
        # Kept, because reading them took longer than writing a row. A topic is never deleted and keeps its id.
        self._known_topics: dict[str, str] = {}

    def record_contact(
        self, actor: Actor, entry: ContactEntry, *, draft_id: str | None = None, also: Also | None = None
    ) -> str:
        """Save a contact and return its id; its draft goes in the same transaction.

        Raises:
            InputError: the entry is not complete (see `rules.check_entry`) or names an unknown service.
            EnvironmentProblem: the disk refuses; nothing is saved and the draft stays.
        """
        local_now = self._store.clock.local_now()
        contact_id = self._store.ids.new_id()
        with self._store.unit_of_work(actor, "record_contact", ("contact", contact_id)) as unit:
            topics = self._checked_topics(unit, entry)
            unit.insert(
                ContactTable,
                {
                    "id": contact_id,
                    "recorded_at": unit.moment,
                    "local_date": local_now.date().isoformat(),
                    "local_hour": local_now.hour,
                    "started_at": to_text(entry.started_at) if entry.started_at else unit.moment,
                    "account_id": actor.account_id,
                    "withdrawn": 0,
                    "revision": 1,
                    "changed_at": unit.moment,
                    **_contact_columns(entry),
                },
            )
            self._write_needs(unit, contact_id, entry, topics)
            self._write_referrals(unit, contact_id, entry, {}, {})
            if entry.note.strip():
                unit.insert(ContactNoteTable, {"contact_id": contact_id, **_note_columns(unit, entry.note)})
            if draft_id is not None:
                unit.delete(ContactDraftTable, draft_id)
            if also is not None:
                also(unit, contact_id)
            unit.notify(ContactsChanged(frozenset({local_now.date()})))
        return contact_id

    def correct_contact(
        self,
        actor: Actor,
        contact_id: str,
        entry: ContactEntry,
        *,
        revision: int,
        draft_id: str | None = None,
        also: Also | None = None,
    ) -> None:
        """Replace what a contact says; the former state is kept in the history.

        `revision` is the one the correction was made on. The note is replaced by `entry.note`; whoever may not read
        notes can only add to it.

        Raises:
            InputError: the entry is not complete.
            UserError: the contact is gone or was corrected by someone else meanwhile.
        """
        with self._store.unit_of_work(actor, "correct_contact", ("contact", contact_id)) as unit:
            before = self._current(contact_id, revision)
            self._replace(unit, actor, before, entry)
            if not allowed(actor.role, Action.READ_NOTES):
                self._add_to_note(unit, contact_id, entry.note)
            elif entry.note.strip():
                self._write_note(unit, contact_id, entry.note)
            else:
                unit.delete(ContactNoteTable, contact_id)
            if draft_id is not None:
                unit.delete(ContactDraftTable, draft_id)
            if also is not None:
                also(unit, contact_id)

    def withdraw_contact(self, actor: Actor, contact_id: str) -> None:
        """Take a contact out of lists and statistics; `restore_contact` brings it back.

        Raises:
            UserError: there is no such contact.
        """
        self._set_withdrawn(actor, contact_id, withdrawn=True)

    def restore_contact(self, actor: Actor, contact_id: str) -> None:
        """Bring a withdrawn contact back.

        Raises:
            UserError: there is no such contact.
        """
        self._set_withdrawn(actor, contact_id, withdrawn=False)

    def set_referral_state(
        self, actor: Actor, referral_id: str, state: ReferralState, *, reason: str | None = None
    ) -> None:
        """Note what became of a referral.

        Raises:
            UserError: there is no such referral.
        """
        with self._store.unit_of_work(actor, "set_referral_state", ("referral", referral_id)) as unit:
            changes = {"state": state.value, "state_reason": reason, "state_changed_at": unit.moment}
            unit.update(ReferralTable, referral_id, changes)
            unit.notify(ReferralsChanged(frozenset({referral_id})))

    def set_referral_due(self, actor: Actor, referral_id: str, due_on: date | None) -> None:
        """Set or clear the day on which a referral is followed up.

        Raises:
            UserError: there is no such referral.
        """
        with self._store.unit_of_work(actor, "set_referral_due", ("referral", referral_id)) as unit:
            unit.update(ReferralTable, referral_id, {"due_on": due_on.isoformat() if due_on else None})
            unit.notify(ReferralsChanged(frozenset({referral_id})))

    def read_note(self, actor: Actor, contact_id: str) -> str:
        """Return the confidential note of a contact, empty when there is none.

        That it was read, by whom and when is written down before the text is handed out.

        Raises:
            EnvironmentProblem: that can't be written down; the text stays where it is.
        """
        text = note_text(self._store, contact_id)
        if text:
            with self._store.unit_of_work(actor, "read_note", ("contact", contact_id)):
                pass
        return text

    def _set_withdrawn(self, actor: Actor, contact_id: str, *, withdrawn: bool) -> None:
        action = "withdraw" if withdrawn else "restore"
        with self._store.unit_of_work(actor, f"{action}_contact", ("contact", contact_id)) as unit:
            before = self._queries.contact(contact_id)
            if before.withdrawn == withdrawn:
                return
            self._keep_history(unit, actor, before, action)
            changes = {"withdrawn": int(withdrawn), "revision": before.revision + 1, "changed_at": unit.moment}
            unit.update(ContactTable, contact_id, changes)
            unit.notify(ContactsChanged(frozenset({before.recorded_at.date()})))

    def _current(self, contact_id: str, revision: int) -> ContactRecord:
        before = self._queries.contact(contact_id)
        if before.revision != revision:
            raise UserError(
                tr(
                    "Dieser Kontakt wurde inzwischen von {initials} geändert. Ihre Eingaben bleiben stehen; bitte öffnen Sie "
                    "den Kontakt neu und vergleichen Sie.",
                    initials=self._queries.last_changed_by(before),
                )
            )
        return before

    def _replace(self, unit: UnitOfWork, actor: Actor, before: ContactRecord, entry: ContactEntry) -> None:
        topics = self._checked_topics(unit, entry)
        former = self._former_outcomes(unit, before)
        self._keep_history(unit, actor, before, "correct")
        changes = {**_contact_columns(entry), "revision": before.revision + 1, "changed_at": unit.moment}
        unit.update(ContactTable, before.contact_id, changes)
        for row in unit.rows(NeedTable.select(NeedTable.id).where(NeedTable.contact_id == before.contact_id)):
            unit.delete(NeedTable, row["id"], under=before.contact_id)
        self._write_needs(unit, before.contact_id, entry, topics)
        rows = unit.rows(ReferralTable.select().where(ReferralTable.contact_id == before.contact_id))
        self._write_referrals(unit, before.contact_id, entry, {row["service_id"]: row for row in rows}, former)
        unit.notify(ContactsChanged(frozenset({before.recorded_at.date()})))

    @staticmethod
    def _former_outcomes(unit: UnitOfWork, before: ContactRecord) -> Outcomes:
        """Return what had become of the referrals before the last correction: undoing it must not forget that."""
        row = unit.first(
            ContactRevisionTable.select(ContactRevisionTable.snapshot)
            .where((ContactRevisionTable.contact_id == before.contact_id) & (ContactRevisionTable.action == "correct"))
            .order_by(ContactRevisionTable.revision.desc())
        )
        return outcomes_from_text(row["snapshot"]) if row else {}

    def _keep_history(self, unit: UnitOfWork, actor: Actor, before: ContactRecord, action: str) -> None:
        rows = unit.sql("SELECT times FROM erased_record WHERE id = ?", (f"contact/{before.contact_id}#material",))
        life = rows[0][0] if rows else 0
        unit.insert(
            ContactRevisionTable,
            {
                "id": self._store.ids.new_id(),
                "contact_id": before.contact_id,
                "revision": before.revision,
                "action": action,
                "account_id": actor.account_id,
                "at": unit.moment,
                "snapshot": entry_to_text(before.entry(), before.referrals, life=life),
            },
        )

    def _checked_topics(self, unit: UnitOfWork, entry: ContactEntry) -> Mapping[str, str]:
        topics = self._topic_ids(unit, entry)
        spaces: set[str] = set()
        if Fact.SOCIAL_SPACE in entry.facts:
            spaces = {str(row[0]) for row in unit.sql("SELECT id FROM social_space")}
        check_entry(entry, topics, spaces)
        for referral in entry.referrals:
            if not unit.sql("SELECT 1 FROM service WHERE id = ?", (referral.service_id,)):
                raise InputError("referrals", tr("Ein ausgewähltes Angebot steht nicht (mehr) im Verzeichnis."))
        return topics

    def _topic_ids(self, unit: UnitOfWork, entry: ContactEntry) -> Mapping[str, str]:
        if any(need.topic_code not in self._known_topics for need in entry.needs):
            self._known_topics.update(unit.sql("SELECT code, id FROM topic"))
        return self._known_topics

    def _write_needs(self, unit: UnitOfWork, contact_id: str, entry: ContactEntry, topics: Mapping[str, str]) -> None:
        for position, need in enumerate(entry.needs):
            unit.insert(
                NeedTable,
                {
                    "id": self._store.ids.new_id(),
                    "contact_id": contact_id,
                    "topic_id": topics[need.topic_code],
                    "result": need.result.value,
                    "unmet_reason": need.unmet_reason.value if need.unmet_reason else None,
                    "position": position,
                },
            )

    def _write_referrals(
        self,
        unit: UnitOfWork,
        contact_id: str,
        entry: ContactEntry,
        existing: Mapping[str, dict[str, Any]],
        outcomes: Outcomes,
    ) -> None:
        for position, referral in enumerate(entry.referrals):
            columns: dict[str, object] = {
                "mode": referral.mode.value,
                "due_on": referral.due_on.isoformat() if referral.due_on else None,
                "position": position,
            }
            if referral.service_id in existing:
                # A correction of the contact keeps what is known about the referral's outcome.
                unit.update(ReferralTable, existing[referral.service_id]["id"], columns)
            else:
                referral_id, state, reason = outcomes.get(referral.service_id) or (
                    self._store.ids.new_id(),
                    ReferralState.OPEN,
                    None,
                )
                unit.insert(
                    ReferralTable,
                    {
                        "id": referral_id,
                        "contact_id": contact_id,
                        "service_id": referral.service_id,
                        "state": state.value,
                        "state_reason": reason,
                        "state_changed_at": unit.moment,
                        **columns,
                    },
                )
        for service_id in existing.keys() - {referral.service_id for referral in entry.referrals}:
            unit.delete(ReferralTable, existing[service_id]["id"])

    def _add_to_note(self, unit: UnitOfWork, contact_id: str, text: str) -> None:
        if text.strip():
            found = unit.sql("SELECT text FROM contact_note WHERE contact_id = ?", (contact_id,))
            self._write_note(unit, contact_id, "\n".join([*(row[0] for row in found), text.strip()]))

    @staticmethod
    def _write_note(unit: UnitOfWork, contact_id: str, text: str) -> None:
        row = _note_columns(unit, text)
        known = unit.sql("SELECT text FROM contact_note WHERE contact_id = ?", (contact_id,))
        if not known:
            unit.insert(ContactNoteTable, {"contact_id": contact_id, **row})
        elif known != [(row["text"],)]:
            # A correction of something else is no new writing: the note ages on, and does not collide on two desks.
            unit.update(ContactNoteTable, contact_id, row)


def _contact_columns(entry: ContactEntry) -> dict[str, object]:
    return {
        "channel": entry.channel.value,
        "depth": entry.depth.value,
        "material": entry.material.strip(),
        **{column: entry.facts.get(fact, NOT_ASKED) for fact, column in _FACT_COLUMNS},
    }


def _note_columns(unit: UnitOfWork, text: str) -> dict[str, object]:
    return {"text": text.strip(), "written_at": unit.moment}
