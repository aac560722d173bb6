"""What was erased after a backup stays erased when that backup is restored: no table holds it, and no byte of the file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_app.backup.records import Backup
from desktop_app.backup.rescue import open_rescue
from desktop_app.backup.service import BackupService
from desktop_app.bootstrap import Application, Surroundings, open_application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from desktop_app.environment.folders import DataFolder
from desktop_app.retention.records import DataKind
from desktop_app.retention.repeating import read_erased
from desktop_app.retention.wording import repeated_sentences
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from tests.backup.conftest import PASSWORD
from tests.retention.raw_pages import PageReader

SECRET, OTHER = "zqgeheimeswort", "zqbleibtstehen"


def entry(note: str = "", material: str = "") -> ContactEntry:
    return ContactEntry(needs=(NeedEntry("pflege"),), note=note, material=material)


def person(office: Application, name: str) -> str:
    consent = ConsentEntry(ConsentKind.RECORD, office.clock.today(), "1")
    return office.visitors.create_file(office.actor, VisitorEntry(name=name, remarks=f"Hund {name}"), [consent])


def on_disk(folder: DataFolder, key: bytes, text: str) -> bool:
    reader = PageReader(key)
    try:
        return text.encode() in reader.everything(folder.database).lower()
    finally:
        reader.close()


def restore(office: Application, backup: Backup, surroundings: Surroundings) -> tuple[Application, int]:
    brought = office.backups.bring_in(office.actor, backup)
    done = office.restore_backup(backup, brought)
    return open_application(office.folder, "erika", PASSWORD, surroundings), done.repeated.erased


def actions(office: Application) -> list[str]:
    return [row[0] for row in office.store.sql("SELECT action FROM audit_entry ORDER BY sequence")]


def test_a_restore_repeats_the_erasures_made_since(
    office: Application, backups: BackupService, clock: FixedClock, surroundings: Surroundings, folder: DataFolder
) -> None:
    key = office.store.copy_reader().data_key
    noted = office.contacts.record_contact(office.actor, entry(f"Note {SECRET}"))
    kept = office.contacts.record_contact(office.actor, entry(f"Note {OTHER}"))
    anna = person(office, f"Anna {SECRET}")
    emptied = office.visitors.record_contact(office.actor, entry(f"Brief {SECRET}", f"Heft {SECRET}"), anna)
    backup = backups.make()
    clock.advance(timedelta(hours=1))
    # The note goes by a correction, which is no erasure; then the whole person goes.
    office.visitors.correct_contact(office.actor, emptied, entry(), anna, revision=1)
    office.retention.erase_note(office.actor, noted)
    office.retention.erase_visitor(office.actor, anna)
    later = office.contacts.record_contact(office.actor, entry(f"Spaeter {OTHER}"))
    clock.advance(timedelta(hours=1))

    again, erased = restore(office, backup, surroundings)
    assert erased > 3
    assert not on_disk(folder, key, SECRET)
    assert on_disk(folder, key, OTHER)
    store = again.store
    assert store.sql("SELECT count(*) FROM visitor") == [(0,)]
    assert store.sql("SELECT count(*) FROM contact_note WHERE contact_id IN (?, ?)", (noted, emptied)) == [(0,)]
    assert store.sql("SELECT count(*) FROM contact WHERE id IN (?, ?, ?)", (noted, kept, emptied)) == [(3,)]
    assert store.sql("SELECT count(*) FROM contact WHERE id = ?", (later,)) == [(0,)]
    assert store.sql("PRAGMA foreign_key_check") == []
    assert actions(again)[-5:-1] == ["repeat_erasures", "erase_data", "restore_backup", "leave_log"]
    assert again.audit.verify().is_whole
    # The same backup once more: the list came along, so it is repeated again.
    third, erased_again = restore(again, backup, surroundings)
    assert erased_again == erased
    assert not on_disk(folder, key, SECRET)
    third.close()


def test_a_younger_backup_needs_no_repeating(
    office: Application, backups: BackupService, clock: FixedClock, surroundings: Surroundings
) -> None:
    contact = office.contacts.record_contact(office.actor, entry(SECRET))
    office.retention.erase_note(office.actor, contact)
    clock.advance(timedelta(hours=1))
    backup = backups.make()
    clock.advance(timedelta(hours=1))
    again, erased = restore(office, backup, surroundings)
    assert erased == 0
    assert "repeat_erasures" not in actions(again)
    again.close()


def test_of_two_merged_files_only_the_erased_one_goes(
    office: Application, backups: BackupService, clock: FixedClock, surroundings: Surroundings, folder: DataFolder
) -> None:
    key = office.store.copy_reader().data_key
    anna, berta = person(office, f"Anna {OTHER}"), person(office, f"Berta {SECRET}")
    merge = office.visitor_merges.merge_files(office.actor, anna, berta)
    backup = backups.make()
    clock.advance(timedelta(hours=1))
    office.visitor_merges.undo_merge(office.actor, merge)
    office.retention.erase_visitor(office.actor, berta)
    clock.advance(timedelta(hours=1))
    again, _erased = restore(office, backup, surroundings)
    assert again.store.sql("SELECT id FROM visitor") == [(anna,)]
    assert not on_disk(folder, key, SECRET)
    assert on_disk(folder, key, OTHER)
    again.close()


def test_two_files_that_were_merged_later_go_together(
    office: Application, backups: BackupService, clock: FixedClock, surroundings: Surroundings, folder: DataFolder
) -> None:
    key = office.store.copy_reader().data_key
    anna, double = person(office, f"Anna {SECRET}"), person(office, f"Ana {SECRET}")
    backup = backups.make()
    clock.advance(timedelta(hours=1))
    office.visitor_merges.merge_files(office.actor, anna, double)
    office.retention.erase_visitor(office.actor, anna)
    clock.advance(timedelta(hours=1))
    again, _erased = restore(office, backup, surroundings)
    assert again.store.sql("SELECT count(*) FROM visitor") == [(0,)]
    assert not on_disk(folder, key, SECRET)
    again.close()


def test_what_fell_due_is_repeated_too(
    office: Application, backups: BackupService, clock: FixedClock, surroundings: Surroundings, folder: DataFolder
) -> None:
    key = office.store.copy_reader().data_key
    contact = office.contacts.record_contact(office.actor, entry(f"eins {SECRET}", f"Heft {SECRET}"))
    office.contacts.correct_contact(office.actor, contact, entry(f"zwei {SECRET}", f"Mappe {SECRET}"), revision=1)
    backup = backups.make()
    clock.advance(timedelta(days=60))
    for kind in (DataKind.NOTES, DataKind.HISTORY, DataKind.TEXTS):
        office.retention.change_rule(office.actor, kind, 1)
        office.retention.erase_due(office.actor, kind)
    again, erased = restore(office, backup, surroundings)
    assert erased >= 3
    assert not on_disk(folder, key, SECRET)
    again.close()


@pytest.mark.parametrize("is_damaged", [False, True])
def test_the_rescue_asks_younger_backups_when_the_database_is_damaged(
    office: Application, backups: BackupService, clock: FixedClock, surroundings: Surroundings, folder: DataFolder,
    is_damaged: bool,
) -> None:  # fmt: skip
    key = office.store.copy_reader().data_key
    contact = office.contacts.record_contact(office.actor, entry(SECRET))
    backup = backups.make()
    clock.advance(timedelta(days=1))
    office.retention.erase_note(office.actor, contact)
    clock.advance(timedelta(days=1))
    backups.make()
    office.close()
    if is_damaged:
        folder.database.write_bytes(b"\x00" * folder.database.stat().st_size)
    rescue = open_rescue(folder, "erika", PASSWORD, surroundings.clock, surroundings.ids)
    done = rescue.restore(backup)
    assert done.repeated.erased == 1
    assert done.repeated.source_was_read is not is_damaged
    sentences = " ".join(repeated_sentences(done.repeated))
    assert "wieder gelöscht: 1 Eintrag" in sentences
    assert ("nicht lesbar" in sentences) is is_damaged
    assert not on_disk(folder, key, SECRET)
    with rescue._reader.open(folder.database) as copy:
        assert len(read_erased(copy.sql)) == 1
