"""Commands on visitor files: create with consents, change, read with a trail, consents, link to contacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desktop_app.contacts.notes import note_text
from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry
from desktop_app.contacts.service import ContactService
from desktop_app.core.actor import Actor
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.translation import tr
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.links import linking
from desktop_app.visitors.queries import VisitorFileReader
from desktop_app.visitors.records import (
    AccessReport,
    ConsentEntry,
    ConsentKind,
    ContactLink,
    ErasureHold,
    OtherValues,
    PassingOn,
    VisitorContact,
    VisitorEntry,
    VisitorFile,
    VisitorsChanged,
)
from desktop_app.visitors.rows import consent_columns, consent_of, demand_consent, entry_columns, file_row, renew_keys
from desktop_app.visitors.rules import checked_consent, checked_entry, checked_hold, same_in_force
from desktop_app.visitors.tables import ConsentTable, VisitorTable


class VisitorService:
    """Keeps visitor files; every one rests on a recorded consent."""

    def __init__(
        self,
        store: Store,
        contacts: ContactService,
        contact_queries: ContactQueries,
        passing_on: PassingOn | None = None,
        other_values: OtherValues | None = None,
    ) -> None:
        """Write to `store`; contacts of a person go through `contacts`, `passing_on` knows what went to other offices.

        `other_values` knows what other desks wrote differently.
        """
        self._store = store
        self._contacts = contacts
        self._contact_queries = contact_queries
        self._reader = VisitorFileReader(store, contact_queries)
        self._passing_on, self._other_values = passing_on, other_values

    def create_file(self, actor: Actor, entry: VisitorEntry, consents: Sequence[ConsentEntry]) -> str:
        """Create a file with the consents it rests on; return its id.

        Raises:
            InputError: no valid consent to keep a file is among them (field `consents`), or an entry is not right.
        """
        today = self._store.clock.today()
        checked = [checked_consent(consent, today) for consent in consents]
        if not any(
            consent.kind is ConsentKind.RECORD and (consent.ends_on is None or consent.ends_on >= today)
            for consent in checked
        ):
            raise InputError(
                "consents",
                tr("Ohne gültige Einwilligung „Personenakte führen“ darf keine Akte angelegt werden."),
            )
        entry = checked_entry(entry, today)
        visitor_id = self._store.ids.new_id()
        with self._store.unit_of_work(actor, "create_visitor", ("visitor", visitor_id)) as unit:
            unit.insert(
                VisitorTable,
                {
                    "id": visitor_id,
                    **entry_columns(entry),
                    "account_id": actor.account_id,
                    "created_at": unit.moment,
                    "changed_at": unit.moment,
                    "revision": 1,
                    "hold_reason": "",
                    "hold_until": None,
                },
            )
            for consent in checked:
                self._insert_consent(unit, actor, visitor_id, consent)
            renew_keys(unit, self._store.ids, visitor_id)
            unit.notify(VisitorsChanged(visitor_id))
        return visitor_id

    def change_file(self, actor: Actor, visitor_id: str, entry: VisitorEntry, *, revision: int) -> None:
        """Replace what a file says; `revision` is the one that was read.

        Raises:
            InputError: the entry is not right.
            UserError: the file is gone, rests on no valid consent, or was changed by someone else meanwhile.
        """
        today = self._store.clock.today()
        entry = checked_entry(entry, today)
        with self._store.unit_of_work(actor, "change_visitor", ("visitor", visitor_id)) as unit:
            row = demand_consent(unit, visitor_id, today)
            if row["revision"] != revision:
                raise UserError(
                    tr(
                        "Diese Personenakte wurde inzwischen geändert. Ihre Eingaben bleiben stehen; bitte öffnen Sie die "
                        "Akte noch einmal und vergleichen Sie."
                    )
                )
            changes = {**entry_columns(entry), "changed_at": unit.moment, "revision": revision + 1}
            unit.update(VisitorTable, visitor_id, changes)
            renew_keys(unit, self._store.ids, visitor_id)
            unit.notify(VisitorsChanged(visitor_id))

    def open_file(self, actor: Actor, visitor_id: str) -> VisitorFile:
        """Return a whole file; that it was read, by whom and when is written down first.

        Raises:
            UserError: there is no such file.
        """
        with self._store.unit_of_work(actor, "read_visitor", ("visitor", visitor_id)):
            return self._reader.file(visitor_id)

    def access_report(self, actor: Actor, visitor_id: str) -> AccessReport:
        """Return everything that is stored about a person, to answer an access request; it leaves a trail.

        Raises:
            UserError: there is no such file.
        """
        with self._store.unit_of_work(actor, "answer_access_request", ("visitor", visitor_id)):
            file = self._reader.file(visitor_id)
            contacts = tuple(
                VisitorContact(
                    contact,
                    note_text(self._store, contact.contact_id) if contact.has_note else "",
                    self._contact_queries.history(contact.contact_id),
                )
                for contact in self._reader.contacts(visitor_id, with_withdrawn=True)
            )
            spaces = dict(self._store.sql("SELECT id, name FROM social_space"))
            passed_on = self._passing_on.of_visitor(visitor_id) if self._passing_on else ()
            others = self._other_values.of_visitor(visitor_id) if self._other_values else ()
            topics = dict(self._store.sql("SELECT code, name FROM topic"))
            is_synced = self._other_values is not None and self._other_values.is_connected()
            former = self._reader.former_files(visitor_id)
            return AccessReport(file, contacts, former, spaces, passed_on, others, is_synced, topics)

    def hold_erasure(self, actor: Actor, visitor_id: str, hold: ErasureHold) -> None:
        """Suspend the erasure of a file: it and the texts of its contacts are not erased before the end.

        Raises:
            InputError: the reason or the end is not right.
            UserError: there is no such file.
        """
        hold = checked_hold(hold, self._store.clock.today())
        self._change_hold(actor, "hold_erasure", visitor_id, hold.reason, hold.until)

    def release_erasure(self, actor: Actor, visitor_id: str) -> None:
        """Suspend the erasure of a file no longer.

        Raises:
            UserError: there is no such file.
        """
        self._change_hold(actor, "release_erasure", visitor_id, "", None)

    def _change_hold(self, actor: Actor, action: str, visitor_id: str, reason: str, until: date | None) -> None:
        with self._store.unit_of_work(actor, action, ("visitor", visitor_id)) as unit:
            row = file_row(unit, visitor_id)
            changes = {"hold_reason": reason, "hold_until": until.isoformat() if until else None}
            unit.update(
                VisitorTable, visitor_id, {**changes, "changed_at": unit.moment, "revision": row["revision"] + 1}
            )
            unit.notify(VisitorsChanged(visitor_id))

    # Consents ---------------------------------------------------------------------------------------

    def add_consent(self, actor: Actor, visitor_id: str, consent: ConsentEntry) -> str:
        """Record a further or renewed consent; return its id.

        Raises:
            InputError: the consent is not right.
            UserError: there is no such file, or it rests on no valid consent and this one is none to keep it.
        """
        today = self._store.clock.today()
        consent = checked_consent(consent, today)
        with self._store.unit_of_work(actor, "add_consent", ("visitor", visitor_id)) as unit:
            if consent.kind is ConsentKind.RECORD:
                file_row(unit, visitor_id)
            else:
                demand_consent(unit, visitor_id, today)
            consent_id = self._insert_consent(unit, actor, visitor_id, consent)
            unit.notify(VisitorsChanged(visitor_id))
        return consent_id

    def revoke_consent(self, actor: Actor, consent_id: str, *, on: date | None = None) -> tuple[str, ...]:
        """Note that a consent was revoked, today or on an earlier day; return the ids of all that ended with it.

        A person revokes a purpose, not one of several papers: whatever else of the same kind, for the same partner and
        purpose, is in force on that day is revoked too.

        Raises:
            InputError: the day lies in the future.
            UserError: there is no such consent, or it is revoked already.
        """
        today = self._store.clock.today()
        day = on or today
        if day > today:
            raise InputError("revoked_on", tr("Der Widerruf liegt in der Zukunft. Bitte prüfen Sie den Tag."))
        with self._store.unit_of_work(actor, "revoke_consent", ("consent", consent_id)) as unit:
            row = unit.first(ConsentTable.select().where(ConsentTable.id == consent_id))
            if row is None or row["revoked_on"] is not None:
                raise UserError(tr("Diese Einwilligung ist schon widerrufen oder nicht mehr vorhanden."))
            consents = map(
                consent_of, unit.rows(ConsentTable.select().where(ConsentTable.visitor_id == row["visitor_id"]))
            )
            others = sorted(same_in_force(consent_of(row), consents, day))
            for one in (consent_id, *others):
                unit.update(ConsentTable, one, {"revoked_on": day.isoformat()})
                if self._passing_on is not None:
                    self._passing_on.consent_revoked(unit, one)
            unit.notify(VisitorsChanged(row["visitor_id"]))
        return (consent_id, *others)

    def undo_revocation(self, actor: Actor, *consent_ids: str) -> None:
        """Take back a revocation that was noted by mistake, on the same day only: of all these consents or of none.

        Raises:
            UserError: one was not revoked today; a new consent is needed then.
        """
        today = self._store.clock.today().isoformat()
        with self._store.unit_of_work(actor, "undo_revocation", ("consent", consent_ids[0])) as unit:
            for consent_id in consent_ids:
                row = unit.first(ConsentTable.select().where(ConsentTable.id == consent_id))
                if row is None or row["revoked_on"] != today:
                    raise UserError(
                        tr(
                            "Ein Widerruf lässt sich nur am selben Tag zurücknehmen. Danach muss die Person neu einwilligen."
                        )
                    )
                unit.update(ConsentTable, consent_id, {"revoked_on": None})
                unit.notify(VisitorsChanged(row["visitor_id"]))

    # Contacts ---------------------------------------------------------------------------------------

    def record_contact(self, actor: Actor, entry: ContactEntry, visitor_id: str, *, draft_id: str | None = None) -> str:
        """Save a contact of this person, both in one transaction; return the contact's id.

        Raises:
            InputError: the contact is not complete.
            UserError: the file is gone or rests on no valid consent; nothing is saved.
        """
        also = linking(ContactLink(visitor_id=visitor_id), self._check_link)
        contact_id = self._contacts.record_contact(actor, entry, draft_id=draft_id, also=also)
        self._store.notices.publish(VisitorsChanged(visitor_id))
        return contact_id

    def correct_contact(
        self,
        actor: Actor,
        contact_id: str,
        entry: ContactEntry,
        visitor_id: str | None,
        *,
        revision: int,
        draft_id: str | None = None,
    ) -> None:
        """Correct a contact and say whose it is; None takes the link away.

        Raises:
            InputError: the contact is not complete.
            UserError: contact or file is gone, changed meanwhile, or the file rests on no valid consent.
        """
        link = ContactLink(visitor_id=visitor_id) if visitor_id else None
        also = linking(link, self._check_link)
        self._contacts.correct_contact(actor, contact_id, entry, revision=revision, draft_id=draft_id, also=also)
        if visitor_id:
            self._store.notices.publish(VisitorsChanged(visitor_id))

    # ------------------------------------------------------------------------------------------------

    def _check_link(self, unit: UnitOfWork, link: ContactLink) -> None:
        if link.visitor_id is None:
            raise ValueError("a visit card is no visitor file")
        demand_consent(unit, link.visitor_id, self._store.clock.today())

    def _insert_consent(self, unit: UnitOfWork, actor: Actor, visitor_id: str, consent: ConsentEntry) -> str:
        consent_id = self._store.ids.new_id()
        unit.insert(
            ConsentTable,
            {
                "id": consent_id,
                "visitor_id": visitor_id,
                **consent_columns(consent),
                "account_id": actor.account_id,
                "recorded_at": unit.moment,
            },
        )
        return consent_id
