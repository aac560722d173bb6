"""Kinds of damage to a backup and to the living database: each is found, each has its sentence, nothing is changed."""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.backup.manifest import MANIFEST_NAME, read_backup
from desktop_app.backup.records import Backup
from desktop_app.backup.service import BackupService
from desktop_app.bootstrap import Application
from desktop_app.environment.folders import DataFolder
from desktop_app.settings.service import SettingsService
from desktop_app.storage.copies import CopyReader
from desktop_app.storage.database import DamagedDatabase
from desktop_app.storage.store import DamageFound

PAGE = 4096


def _plain_sqlite(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE contact (id)")
    connection.commit()
    connection.close()


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(change(path.read_bytes()))  # type: ignore[return-value]


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": _bytes(lambda _whole: b""),
    "truncated": _bytes(lambda whole: whole[: len(whole) // 2]),
    "truncated within a page": _bytes(lambda whole: whole[:-100]),
    "zeroed header": _bytes(lambda whole: bytes(100) + whole[100:]),
    "one flipped bit in the middle": _bytes(
        lambda whole: whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :]
    ),
    "two pages changed places": _bytes(
        lambda whole: whole[: 5 * PAGE] + whole[6 * PAGE : 7 * PAGE] + whole[5 * PAGE : 6 * PAGE] + whole[7 * PAGE :]
    ),
    "last page zeroed": _bytes(lambda whole: whole[:-PAGE] + bytes(PAGE)),
    "more at its end": _bytes(lambda whole: whole + bytes(PAGE)),
    "not a database": _bytes(lambda _whole: b"Sehr geehrte Frau Muster,\n" * 900),
    "noise": _bytes(lambda whole: secrets.token_bytes(len(whole))),
    "a plain database": _plain_sqlite,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_backup_is_found_and_left_as_it_is(
    backups: BackupService, office: Application, damage: Callable[[Path], object], tmp_path: Path
) -> None:
    good = backups.make()
    older = tmp_path / "aufbewahrt"
    shutil.copytree(good.folder, older)
    damage(good.database)
    before = {path.name: path.read_bytes() for path in good.folder.iterdir()}
    found = backups.verify(good)
    assert not found.is_good
    assert found.problem.startswith(("Die Sicherung „", "Die Datei „"))
    assert {path.name: path.read_bytes() for path in good.folder.iterdir()} == before
    kept = read_backup(older)
    assert kept is not None
    assert backups.verify(kept).is_good


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_also_found_behind_a_matching_checksum(
    backups: BackupService, office: Application, damage: Callable[[Path], object]
) -> None:
    """The checksum finds what happened on the stick; the seals of the pages find what was wrong before it was taken."""
    from desktop_app.backup.manifest import unsealed
    from desktop_app.backup.verifying import check_copy
    from desktop_app.core.errors import EnvironmentProblem

    good = backups.make()
    reader = office.store.copy_reader()
    expected = unsealed(good, reader.sealing_key())
    damage(good.database)
    with pytest.raises(EnvironmentProblem), reader.open(good.database) as copy:
        check_copy(copy, good, expected)


def test_a_manifest_that_was_changed(backups: BackupService) -> None:
    good = backups.make()
    path = good.folder / MANIFEST_NAME
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "made_at": "2030-01-01T00:00:00.000Z"}), encoding="utf-8")
    changed = read_backup(good.folder)
    assert changed is not None
    assert "verändert" in backups.verify(changed).problem
    assert backups.backups() == ()


def test_the_copy_of_another_day_does_not_fit_the_manifest(backups: BackupService, office: Application) -> None:
    from tests.backup.conftest import record

    first = backups.make()
    record(office, 1)
    second = backups.make()
    shutil.copy(first.database, second.database)
    assert "beschädigt" in backups.verify(second).problem


def test_missing_keys_make_a_backup_useless(backups: BackupService) -> None:
    good = backups.make()
    good.key_slots.unlink()
    assert "Schlüsseldatei" in backups.verify(good).problem


def test_another_key_opens_nothing(backups: BackupService, office: Application) -> None:
    from desktop_app.backup.verifying import verify

    good = backups.make()
    found = verify(good, CopyReader(secrets.token_bytes(32)), office.clock.now())
    assert "gehört nicht zu diesen Daten" in found.problem


def test_a_newer_copy_is_counted_all_the_same(backups: BackupService) -> None:
    assert isinstance(backups.make(), Backup)


# ------------------------------------------------------------------------------------------- the living database


def test_a_whole_database_passes(backups: BackupService) -> None:
    backups.check_database()


def test_a_page_that_went_bad_is_found_before_it_is_copied(
    backups: BackupService, office: Application, folder: DataFolder
) -> None:
    earlier = backups.make()
    office.store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = folder.database.read_bytes()
    damaged = bytearray(whole)
    damaged[-3 * PAGE + 50] ^= 0x10
    folder.database.write_bytes(damaged)
    with pytest.raises(DamagedDatabase, match="beschädigt"):
        backups.check_database()
    assert folder.database.read_bytes() == bytes(damaged)
    assert backups.backups() == (earlier,), "the last good one is not thinned away"
    folder.database.write_bytes(whole)
    backups.check_database()


@pytest.mark.parametrize("beside_from", [0, 2**40])
def test_damage_met_while_backing_up_is_told_to_the_window(office: Application, beside_from: int) -> None:
    """Also when another process met it; what the check of the day finds is told by whoever asked for it."""
    root = int(office.store.sql("SELECT rootpage FROM sqlite_master WHERE name = 'contact'")[0][0])
    office.store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.store.close()
    whole = bytearray(office.folder.database.read_bytes())
    whole[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    office.folder.database.write_bytes(whole)
    service = BackupService(office.store, office.folder, SettingsService(office.store), beside_from=beside_from)
    heard: list[DamageFound] = []
    office.store.notices.subscribe(DamageFound, heard.append)
    with pytest.raises(DamagedDatabase):
        service.make_due()
    assert heard == []
    with pytest.raises(DamagedDatabase):
        service.make()
    assert heard


def test_the_check_does_not_mistake_a_busy_desk_for_damage(backups: BackupService, office: Application) -> None:
    import threading

    from tests.backup.conftest import record

    stop = threading.Event()

    def save() -> None:
        while not stop.is_set():
            record(office, 5)
            office.store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        office.store.end_thread()

    thread = threading.Thread(target=save)
    thread.start()
    try:
        for _ in range(15):
            backups.check_database()
    finally:
        stop.set()
        thread.join()
