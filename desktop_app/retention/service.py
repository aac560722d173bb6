"""Commands on retention: change a term, see what is due, erase it for good."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from desktop_app.contacts.tables import ContactNoteTable, ContactTable
from desktop_app.core.actor import Actor
from desktop_app.core.clock import to_text
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.progress import Cancelled, NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.documents.dates import german_date
from desktop_app.retention.due import DueRecord, DueRecords
from desktop_app.retention.erasing import FORGET_FORMER_CHANGES, Eraser, count_labels
from desktop_app.retention.records import (
    CopiesLeft,
    DataKind,
    DueItem,
    DueList,
    ErasedCount,
    ErasurePreview,
    ErasureReceipt,
    RetentionChanged,
    RuleInForce,
)
from desktop_app.retention.rules import (
    BACKUP_REACH_DAYS,
    RULES,
    basis_text,
    check_months,
    cutoff,
    due_day,
    kind_label,
    months_in_force,
    setting_name,
    start_text,
    term_text,
)
from desktop_app.settings.tables import SettingTable
from desktop_app.visitors.rows import no_such_file
from desktop_app.visitors.tables import VisitorTable

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from desktop_app.settings.service import SettingsService
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import Subject

_BATCH = 50  # records in one transaction: nobody who types waits for a long list
_MONTH_DAYS = 30
_MARK = "retention.clean_up"
_NOBODY = Actor("", "", "")  # a look is taken back whole and leaves no trail


class RetentionService:
    """Rules, due lists, erasure. What takes a `progress` may run in a worker thread."""

    def __init__(
        self,
        store: Store,
        settings: SettingsService,
        logs: Path,
        copies: Callable[[], CopiesLeft] = CopiesLeft,
        *,
        sees_people: bool = True,
    ) -> None:
        """Work on `store` and on the log files in `logs`; `copies` tells what lies beside the database.

        For whoever does not see people (`sees_people`) nothing counts them but what is due.
        """
        self._store, self._settings, self._copies, self._sees_people = store, settings, copies, sees_people
        self._due = DueRecords(store, logs)

    def rules(self) -> tuple[RuleInForce, ...]:
        """Return every rule with the term in force."""
        profile = self._settings.office().legal_profile
        return tuple(
            RuleInForce(
                rule,
                months_in_force(kind, self._settings.value),
                kind_label(kind),
                start_text(kind),
                basis_text(kind, profile),
            )
            for kind, rule in RULES.items()
        )

    def change_rule(self, actor: Actor, kind: DataKind, months: int) -> None:
        """Choose the term of a kind of data.

        Raises:
            InputError: it is out of bounds or fixed.
        """
        check_months(kind, months)
        with self._store.unit_of_work(actor, "change_retention", ("retention", kind.value)) as unit:
            unit.delete(SettingTable, setting_name(kind))
            unit.insert(SettingTable, {"name": setting_name(kind), "value": json.dumps(months)})
            unit.notify(RetentionChanged())

    def due_lists(self) -> tuple[DueList, ...]:
        """Return for every kind how much is due today; nothing is changed and nobody named."""
        with self._store.reading():
            lists = tuple(
                DueList(
                    in_force,
                    *self._due.totals(in_force.rule.kind, self._before(in_force)),
                    self._due.held(in_force.rule.kind, self._before(in_force)),
                )
                for in_force in self.rules()
            )
        return lists if self._sees_people else tuple(replace(due, total=None) for due in lists)

    def due_items(self, kind: DataKind) -> tuple[DueItem, ...]:
        """Return what of a kind is due today, the oldest first, with its days; nothing is changed and nobody named."""
        in_force = self._rule(kind)
        if not in_force.rule.is_erased_here:
            return ()
        with self._store.reading():
            return self._due.items(kind, self._before(in_force), lambda since: due_day(since, in_force.months))

    def held_items(self) -> tuple[DueItem, ...]:
        """Return the files that would be due, were their erasure not suspended."""
        return self._due.held_items(self._before(self._rule(DataKind.VISITORS)))

    def due_names(self, kind: DataKind) -> Mapping[tuple[str, str], str]:
        """Return whose the records of a kind are, by what and id, as far as they belong to a file."""
        return self._due.names(kind)

    def reminder(self) -> str:
        """Return a sentence when something has waited for its monthly erasure; else nothing.

        A kind that was erased in the last 30 days is not named again; files without consent are named at once.
        """
        since = to_text(self._store.clock.now() - timedelta(days=_MONTH_DAYS))
        lately = {
            row[0]
            for row in self._store.sql(
                "SELECT DISTINCT subject_id FROM audit_entry "
                "WHERE action = 'begin_erasure' AND subject_kind = 'retention' AND at > ?",
                (since,),
            )
        } - {DataKind.VISITORS.value}
        named = [
            tr("{kind} ({count})", kind=due.in_force.label, count=due.count)
            for due in self.due_lists()
            if due.can_erase and due.in_force.rule.kind.value not in lately
        ]
        return tr("Zum Löschen fällig: {kinds}.", kinds=", ".join(named)) if named else ""

    def erase_due(self, actor: Actor, kind: DataKind, progress: Progress | None = None) -> ErasureReceipt:
        """Erase everything of a kind that is due. When the user stops it, what was erased by then stays erased.

        Raises:
            UserError: this kind is not erased here, or nothing is due.
            EnvironmentProblem: the disk refuses.
        """
        in_force = self._rule(kind)
        before = self._before(in_force)
        if not in_force.rule.is_erased_here:
            raise UserError(tr("„{kind}“ löscht das Programm nicht auf Befehl. Frist: {rule}.", kind=in_force.label,
                               rule=term_text(in_force.months, in_force.start)))  # fmt: skip
        if not self._due.totals(kind, before)[0]:
            raise UserError(tr("Von „{kind}“ ist nichts fällig; es wurde nichts gelöscht.", kind=in_force.label))
        rule = term_text(in_force.months, in_force.start)
        if kind is DataKind.LOGS:
            return self._erase_logs(actor, in_force.label, rule, before)
        records = self._due.records(kind, before)
        return self._erase(actor, ("retention", kind.value), records, in_force.label, rule, progress)

    def erase_note(self, actor: Actor, contact_id: str, progress: Progress | None = None) -> ErasureReceipt:
        """Erase the confidential note of one contact; the contact stays.

        Raises:
            UserError: there is no such contact, or it has no note.
        """
        record = self._note_record(contact_id)
        subject, rule = tr("Notiz eines einzelnen Kontakts"), tr("auf Verlangen, unabhängig von der Frist")
        return self._erase(actor, ("contact", contact_id), (record,), subject, rule, progress)

    def erase_visitor(self, actor: Actor, visitor_id: str, progress: Progress | None = None) -> ErasureReceipt:
        """Erase one person: file, consents, and all texts of the contacts, which stay as anonymous rows.

        Raises:
            UserError: there is no such file.
        """
        record = self._visitor_record(visitor_id)
        subject, rule = tr("Alle Daten einer Person"), tr("auf Verlangen, unabhängig von der Frist")
        return self._erase(actor, ("visitor", visitor_id), (record,), subject, rule, progress)

    def preview_note(self, contact_id: str) -> ErasurePreview:
        """Tell what erasing a note would take; nothing is changed.

        Raises:
            UserError: there is no such contact, or it has no note.
        """
        return self._preview(self._note_record(contact_id))

    def preview_visitor(self, visitor_id: str) -> ErasurePreview:
        """Tell what erasing a person would take; nothing is changed.

        Raises:
            UserError: there is no such file.
        """
        return self._preview(self._visitor_record(visitor_id))

    def needs_clean_up(self) -> bool:
        """Tell whether an erasure could not rewrite the file yet (disk full, a long read elsewhere)."""
        return bool(self._settings.value(_MARK, False))

    def clean_up(self, actor: Actor, progress: Progress | None = None) -> bool:
        """Rewrite the file so that the bytes of what was erased are gone; return whether all of it worked.

        Raises:
            EnvironmentProblem: the disk is full or refuses; it is still to be done.
        """
        (progress or NoProgress()).step(0, 1, tr("Die Datei wird neu geschrieben"))
        is_clean = self._store.compact()
        if is_clean:
            self._settings.set_value(actor, _MARK, False)
        return is_clean

    def rewrite_at_rest(self, actor: Actor) -> bool:
        """Do what `needs_clean_up` tells of, whatever the role: what is to go was decided before, maybe at another desk.

        Raises:
            EnvironmentProblem: the disk is full or refuses; it is still to be done.
        """
        return not self.needs_clean_up() or self.clean_up(actor)

    def receipt_pdf(self, receipt: ErasureReceipt) -> bytes:
        """Return the receipt as PDF, to sign and file.

        Raises:
            EnvironmentProblem: a font file is missing.
        """
        from desktop_app.retention.receipt_pdf import receipt_pdf

        return receipt_pdf(receipt, self._settings.office())

    # ------------------------------------------------------------------------------------------------

    def _rule(self, kind: DataKind) -> RuleInForce:
        return next(found for found in self.rules() if found.rule.kind is kind)

    def _note_record(self, contact_id: str) -> DueRecord:
        query = ContactNoteTable.select(ContactNoteTable.contact_id).where(ContactNoteTable.contact_id == contact_id)
        if self._store.first(query) is None:
            is_there = self._store.first(ContactTable.select(ContactTable.id).where(ContactTable.id == contact_id))
            raise UserError(
                tr("Zu diesem Kontakt gibt es keine Notiz; es wurde nichts gelöscht.")
                if is_there
                else tr("Diesen Kontakt gibt es nicht (mehr).")
            )
        self._check_not_held(DataKind.NOTES, contact_id)
        return DueRecord("note", contact_id)

    def _visitor_record(self, visitor_id: str) -> DueRecord:
        row = self._store.first(VisitorTable.select().where(VisitorTable.id == visitor_id))
        if row is None or row["merged_into"] is not None:
            raise no_such_file()
        self._check_not_held(DataKind.VISITORS, visitor_id)
        return DueRecord("visitor", visitor_id)

    def _check_not_held(self, kind: DataKind, record_id: str) -> None:
        until = self._due.is_held(kind, record_id)
        if until is not None:
            raise UserError(
                tr("Die Löschung dieser Personenakte ist bis {day} ausgesetzt; es wurde nichts gelöscht. Soll sie doch gehen, "
                   "heben Sie die Aussetzung zuerst auf.", day=german_date(until))
            )  # fmt: skip

    def _preview(self, record: DueRecord) -> ErasurePreview:
        """Erase, count and take it back: nothing else tells exactly what would go."""
        eraser = Eraser(self._store)
        with suppress(_OnlyLooking), self._store.unit_of_work(_NOBODY, "preview_erasure", None) as unit:
            eraser.erase(unit, record.what, record.record_id)
            raise _OnlyLooking
        contacts = eraser.counts["link"] if record.what == "visitor" else 0
        return ErasurePreview(_counted(eraser), contacts, self._out_of_backups_by(), self._copies())

    def _out_of_backups_by(self) -> date:
        return self._store.clock.today() + timedelta(days=BACKUP_REACH_DAYS)

    def _before(self, in_force: RuleInForce) -> date:
        return cutoff(self._store.clock.today(), in_force.months)

    def _erase(
        self,
        actor: Actor,
        subject: Subject,
        records: Sequence[DueRecord],
        label: str,
        rule: str,
        progress: Progress | None,
    ) -> ErasureReceipt:
        progress = progress or NoProgress()
        eraser = Eraser(self._store)
        self._begin(actor, subject)
        for start in range(0, len(records), _BATCH):
            try:
                progress.step(start, len(records), tr("Es wird gelöscht"))
            except Cancelled:
                break
            batch = records[start : start + _BATCH]
            with self._store.unit_of_work(actor, "erase_data", subject) as unit:
                for record in batch:
                    eraser.erase(unit, record.what, record.record_id)
        with self._store.unit_of_work(actor, "forget_changes", None) as unit:
            unit.derived(FORGET_FORMER_CHANGES)
            unit.notify(RetentionChanged())
        is_clean = self._cleaned(actor, progress)
        return self._receipt(actor, label, rule, _counted(eraser), is_clean=is_clean)

    def _erase_logs(self, actor: Actor, label: str, rule: str, before: date) -> ErasureReceipt:
        self._begin(actor, ("retention", DataKind.LOGS.value))
        gone = 0
        for path in self._due.log_files(before):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise EnvironmentProblem(
                    tr("„{name}“ lässt sich nicht löschen. Bitte prüfen Sie die Rechte im Ordner.", name=path.name)
                ) from error
            gone += 1
        self._store.notices.publish(RetentionChanged())
        counted = (ErasedCount(count_labels()["log"], gone),)
        return self._receipt(actor, label, rule, counted, is_clean=not self.needs_clean_up())

    def _begin(self, actor: Actor, subject: Subject) -> None:
        """Write down that it is about to happen; from here on the file is to be rewritten, even after a crash."""
        with self._store.unit_of_work(actor, "begin_erasure", subject) as unit:
            if subject != ("retention", DataKind.LOGS.value):
                unit.delete(SettingTable, _MARK)
                unit.insert(SettingTable, {"name": _MARK, "value": "true"})

    def _cleaned(self, actor: Actor, progress: Progress) -> bool:
        try:
            return self.clean_up(actor, _Unstoppable(progress.step))
        except EnvironmentProblem:
            return False

    def _receipt(
        self, actor: Actor, subject: str, rule: str, counts: tuple[ErasedCount, ...], *, is_clean: bool
    ) -> ErasureReceipt:
        return ErasureReceipt(
            receipt_id=self._store.ids.new_id(),
            subject=subject,
            rule=rule,
            at=self._store.clock.now(),
            done_by=actor.display_name,
            counts=counts,
            is_clean=is_clean,
            out_of_backups_by=self._out_of_backups_by(),
            copies=self._copies(),
        )


class _OnlyLooking(Exception):
    """Takes a try back."""


def _counted(eraser: Eraser) -> tuple[ErasedCount, ...]:
    labels = count_labels()
    return tuple(ErasedCount(text, eraser.counts[what]) for what, text in labels.items() if eraser.counts[what])


class _Unstoppable:
    """Reports, but does not let the last step be cancelled: what was begun is finished."""

    def __init__(self, step: Callable[[int, int, str], None]) -> None:
        self._step = step

    def step(self, done: int, total: int, text: str) -> None:
        """Pass on what is said."""
        try:
            self._step(done, total, text)
        except Cancelled:
            return
