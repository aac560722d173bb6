"""Restoring: what would be lost is said before, what was there is set aside, and a failure changes nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app.backup.account_changes import account_sentences
from desktop_app.backup.records import Backup, BackupReason
from desktop_app.backup.rescue import open_rescue
from desktop_app.backup.restoring import bring_in, restore
from desktop_app.backup.service import BackupService
from desktop_app.bootstrap import Application, Surroundings, open_application
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.permissions import Role
from desktop_app.core.progress import Cancelled, NoProgress
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import WrongSecret
from desktop_app.storage.copies import CopyReader
from tests.backup.conftest import PASSWORD, record
from tests.backup.test_making import StopAt

LOOKS_AT = "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM audit_entry WHERE action = 'restore_backup')"


def contents(folder: DataFolder) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.root.iterdir())
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.fixture
def backup(backups: BackupService, office: Application, clock: FixedClock) -> Backup:
    """Made before five more contacts were recorded."""
    made = backups.make()
    clock.advance(timedelta(hours=1))
    record(office, 5)
    clock.advance(timedelta(hours=1))
    return made


def change_places(office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings) -> object:
    brought = backups.bring_in(office.actor, backup)
    reader = office.store.copy_reader()
    office.close()
    return restore(
        office.folder, backup, brought, reader,
        actor=office.actor, clock=surroundings.clock, ids=surroundings.ids, keep_slots=True,
    )  # fmt: skip


def test_the_preview_says_what_would_be_lost(backups: BackupService, backup: Backup) -> None:
    preview = backups.preview(backup)
    assert preview.lost_contacts == 5
    lines = {line.label: (line.now, line.then) for line in preview.lines}
    assert lines["Kontakte"] == (25, 20)
    assert lines["Vertrauliche Notizen"] == (25, 20)
    assert preview.newest_now is not None
    assert preview.newest_then is not None
    assert preview.newest_now - preview.newest_then == timedelta(hours=1)


def test_a_restore_brings_the_day_back_and_keeps_today(
    office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings, folder: DataFolder
) -> None:
    reader = office.store.copy_reader()
    done = change_places(office, backups, backup, surroundings)
    again = open_application(folder, "erika", PASSWORD, surroundings)
    assert again.store.sql(LOOKS_AT) == [(20, 1)]
    again.close()
    aside = done.set_aside  # type: ignore[attr-defined]
    assert aside.name == "quartierslotse.vor-rueckspielung-20261122-124000.db"
    with reader.open(aside) as former:
        assert former.sql("SELECT count(*) FROM contact") == [(25,)]
    with reader.open(backup.database) as untouched:
        assert untouched.sql("SELECT count(*) FROM contact") == [(20,)]


def test_today_is_backed_up_before(
    office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings
) -> None:
    backups.bring_in(office.actor, backup)
    newest = backups.backups()[0]
    assert newest.manifest.reason is BackupReason.BEFORE_RESTORE
    found = backups.verify(newest)
    assert found.contents is not None
    assert found.contents.rows["contact"] == 25


def test_a_bad_backup_is_refused_and_changes_nothing(
    office: Application, backups: BackupService, backup: Backup, folder: DataFolder
) -> None:
    backup.database.write_bytes(backup.database.read_bytes()[:-4096])
    before = contents(folder)
    with pytest.raises(EnvironmentProblem, match="beschädigt"):
        backups.preview(backup)
    with pytest.raises(EnvironmentProblem, match="beschädigt"):
        bring_in(
            folder, backup, office.store.copy_reader(), (), NoProgress(),
            actor=office.actor, clock=office.clock, ids=office.ids,
        )  # fmt: skip
    assert contents(folder) == before


@pytest.mark.parametrize("words", ["geprüft", "kopiert"])
def test_cancelled_changes_nothing(
    office: Application, backups: BackupService, backup: Backup, folder: DataFolder, words: str
) -> None:
    before = contents(folder)
    with pytest.raises(Cancelled):
        backups.bring_in(office.actor, backup, StopAt(words))
    after = contents(folder)
    for known in (before, after):
        known.pop("sicherungen.json", None)
    assert after == before


def test_while_another_program_has_the_database_open_nothing_is_changed(
    office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings, folder: DataFolder
) -> None:
    brought = backups.bring_in(office.actor, backup)
    reader = office.store.copy_reader()
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.contending_process", str(folder.database), reader.data_key.hex(), "hold"],
        cwd=Path(__file__).resolve().parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        office.close()
        with pytest.raises(UserError, match="noch an anderer Stelle geöffnet"):
            restore(
                folder, backup, brought, reader,
                actor=office.actor, clock=surroundings.clock, ids=surroundings.ids, keep_slots=True,
            )  # fmt: skip
    finally:
        other.kill()
        other.communicate()
    again = open_application(folder, "erika", PASSWORD, surroundings)
    assert again.store.sql(LOOKS_AT) == [(25, 0)]
    again.close()


def test_a_copy_that_does_not_open_is_taken_back(
    office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings, folder: DataFolder
) -> None:
    brought = backups.bring_in(office.actor, backup)
    brought.database.write_bytes(b"x" * 20_000)
    reader = office.store.copy_reader()
    office.close()
    with pytest.raises(EnvironmentProblem):
        restore(
            folder, backup, brought, reader,
            actor=office.actor, clock=surroundings.clock, ids=surroundings.ids, keep_slots=True,
        )  # fmt: skip
    again = open_application(folder, "erika", PASSWORD, surroundings)
    assert again.store.sql(LOOKS_AT) == [(25, 0)]
    again.close()


# ------------------------------------------------------------------------------------------- without the database


def test_a_new_computer_has_only_the_stick(
    office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings, tmp_path: Path
) -> None:
    office.close()
    fresh = DataFolder(tmp_path / "neuer Rechner")
    with pytest.raises(WrongSecret):
        open_rescue(fresh, "erika", "falsches Passwort", surroundings.clock, surroundings.ids, backup=backup)
    rescue = open_rescue(fresh, "", PASSWORD, surroundings.clock, surroundings.ids, backup=backup)
    preview = rescue.preview(backup)
    assert not preview.present_is_readable
    done = rescue.restore(backup)
    assert done.set_aside is None
    assert done.slots_replaced
    again = open_application(fresh, "erika", PASSWORD, surroundings)
    assert again.store.sql(LOOKS_AT) == [(20, 1)]
    again.close()


def test_lost_keys_come_back_with_the_backup(
    office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings, folder: DataFolder
) -> None:
    office.close()
    folder.key_slots.write_bytes(b"{")
    rescue = open_rescue(folder, "erika", PASSWORD, surroundings.clock, surroundings.ids)
    done = rescue.restore(rescue.backups()[0])
    assert done.slots_replaced
    aside = list(folder.root.glob("schluessel.vor-rueckspielung-*.json"))
    assert [path.read_bytes() for path in aside] == [b"{"]
    again = open_application(folder, "erika", PASSWORD, surroundings)
    again.close()


def test_present_keys_stay_so_that_a_removed_account_stays_removed(
    office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings, folder: DataFolder
) -> None:
    before = folder.key_slots.read_bytes()
    change_places(office, backups, backup, surroundings)
    assert folder.key_slots.read_bytes() == before


def test_over_a_damaged_database_the_newest_good_backup_is_found(
    office: Application, backups: BackupService, backup: Backup, surroundings: Surroundings, folder: DataFolder,
    clock: FixedClock,
) -> None:  # fmt: skip
    clock.advance(timedelta(hours=1))
    newer = backups.make()
    newer.database.write_bytes(newer.database.read_bytes()[:5000])
    office.close()
    damaged = bytes(200) + folder.database.read_bytes()[200:]
    folder.database.write_bytes(damaged)
    rescue = open_rescue(folder, "erika", PASSWORD, surroundings.clock, surroundings.ids)
    assert rescue.newest_good() == backup
    done = rescue.restore(backup)
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == damaged
    again = open_application(folder, "erika", PASSWORD, surroundings)
    assert again.store.sql(LOOKS_AT) == [(20, 1)]
    again.close()


def test_the_backups_are_found_without_the_database(
    office: Application,
    backups: BackupService,
    backup: Backup,
    surroundings: Surroundings,
    folder: DataFolder,
    stick: Path,
) -> None:
    office.close()
    shutil.rmtree(stick)
    rescue = open_rescue(folder, "erika", PASSWORD, surroundings.clock, surroundings.ids)
    assert rescue.backups() == ()
    assert rescue.newest_good() is None


def test_the_sealing_key_alone_opens_no_copy(backups: BackupService, backup: Backup, office: Application) -> None:
    with pytest.raises(EnvironmentProblem):
        CopyReader(office.store.copy_reader().sealing_key()).open(backup.database)


def test_rights_that_were_taken_do_not_come_back_without_a_word(
    office: Application, backups: BackupService, surroundings: Surroundings, folder: DataFolder, clock: FixedClock
) -> None:
    def add(name: str, role: Role) -> str:
        return office.accounts.add_account(office.actor, NewAccount(name, name.title(), ""), role, PASSWORD).account_id

    koko, karl = add("koko", Role.COORDINATION), add("karl", Role.COUNSELLING)
    made = backups.make()
    clock.advance(timedelta(hours=1))
    office.accounts.change_role(office.actor, koko, Role.FRONT_DESK)
    office.accounts.remove_account(office.actor, karl)
    add("neu", Role.FRONT_DESK)
    end = office.audit.anchor()
    said = account_sentences(backups.preview(made).account_changes)
    assert said == (
        "„karl“ hat danach wieder ein Konto (Rolle Beratung).",
        "„koko“ hat danach wieder die Rolle Koordination (jetzt Empfang).",
        "„neu“ hat danach kein Konto mehr.",
    )
    change_places(office, backups, made, surroundings)
    again = open_application(folder, "erika", PASSWORD, surroundings)
    # What was logged since the backup is gone with the former database; where its log ended is kept.
    kept = again.store.sql("SELECT subject_id FROM audit_entry WHERE action = 'leave_log'")
    again.close()
    assert kept == [(end.short,)]
