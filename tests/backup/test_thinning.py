"""Every place is thinned: what was erased is gone from all of them, and what can't be reached is named."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop_app.backup.manifest import backups_in
from desktop_app.backup.service import BackupService
from desktop_app.backup.state import BackupStateFile
from desktop_app.backup.thinning import BackupPlaces
from desktop_app.bootstrap import Application
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.environment.folders import DataFolder
from desktop_app.settings.service import SettingsService


@pytest.fixture
def service(office: Application) -> BackupService:
    """The service while nobody chose a folder."""
    return BackupService(office.store, office.folder, SettingsService(office.store))


def other_stick(tmp_path: Path) -> Path:
    place = tmp_path / "Zweiter Stick"
    place.mkdir()
    return place


def test_the_folder_beside_the_data_is_thinned_after_another_was_chosen(
    service: BackupService, office: Application, stick: Path, clock: FixedClock
) -> None:
    for _ in range(5):
        service.make()
        clock.advance(timedelta(minutes=5))
    assert len(backups_in(office.folder.backups)) == 5
    service.choose_folder(office.actor, stick)
    (place,) = service.former_places()
    assert (place.folder, place.count, place.is_reachable) == (office.folder.backups, 5, True)
    assert place.gone_by == date(2027, 11, 23)
    clock.advance(timedelta(days=3))
    service.make()
    assert len(backups_in(office.folder.backups)) == 1
    clock.advance(timedelta(days=363))
    service.make()
    assert backups_in(office.folder.backups) == ()
    assert service.former_places() == ()
    assert len(service.backups()) >= 1


def test_a_former_stick_is_thinned_when_it_is_there_and_then_forgotten(
    backups: BackupService, office: Application, stick: Path, tmp_path: Path, clock: FixedClock
) -> None:
    backups.make()
    second = other_stick(tmp_path)
    backups.choose_folder(office.actor, second)
    away = stick.rename(tmp_path / "eingesteckt in einem anderen Rechner")
    (place,) = backups.former_places()
    assert (place.folder, place.count, place.gone_by, place.is_reachable) == (stick, 0, None, False)
    clock.advance(timedelta(days=400))
    backups.make()
    assert len(backups_in(away)) == 1
    left = BackupPlaces(office.folder, BackupStateFile(office.folder)).copies_left()
    assert left.not_reachable == (str(stick),)
    away.rename(stick)
    clock.advance(timedelta(days=1))
    backups.make()
    assert backups_in(stick) == ()
    assert backups.former_places() == ()
    assert BackupStateFile(office.folder).read().former == ()


def test_going_back_to_a_former_stick_makes_it_the_chosen_one_again(
    backups: BackupService, office: Application, stick: Path, tmp_path: Path, clock: FixedClock
) -> None:
    old = backups.make()
    second = other_stick(tmp_path)
    backups.choose_folder(office.actor, second)
    backups.make()
    backups.choose_folder(office.actor, stick)
    assert [place.folder for place in backups.former_places()] == [second]
    shutil.rmtree(second)
    clock.advance(timedelta(days=400))
    assert backups.backups() == (old,), "the newest stays where it is the only one"


def test_the_same_stick_under_another_name_is_no_former_one(
    backups: BackupService, office: Application, stick: Path, tmp_path: Path
) -> None:
    backups.make()
    moved = stick.rename(tmp_path / "Laufwerk F")
    backups.choose_folder(office.actor, moved)
    assert backups.former_places() == ()


def test_a_stick_that_is_gone_for_good_can_be_forgotten(
    backups: BackupService, office: Application, stick: Path, tmp_path: Path
) -> None:
    backups.make()
    backups.choose_folder(office.actor, other_stick(tmp_path))
    with pytest.raises(UserError, match="kein früherer Ordner"):
        backups.forget_place(office.actor, stick)
    shutil.rmtree(stick)
    backups.forget_place(office.actor, stick)
    assert backups.former_places() == ()
    assert office.store.sql("SELECT action FROM audit_entry ORDER BY sequence DESC LIMIT 1") == [
        ("forget_backup_folder",)
    ]


def test_a_state_file_with_nonsense_in_it_knows_no_former_folder(folder: DataFolder) -> None:
    folder.root.mkdir()
    (folder.root / "sicherungen.json").write_text(
        '{"folder": "a", "former": [1, {"folder": 2}, null]}', encoding="utf-8"
    )
    state = BackupStateFile(folder).read()
    assert (state.folder, state.former) == ("a", ())


# What is set aside


def lay_aside(folder: DataFolder, name: str) -> Path:
    path = folder.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x" * 5000)
    return path


NAMES = (
    "quartierslotse.vor-rueckspielung-20261122-104000.db",
    "quartierslotse.beschaedigt-20261122-104000-2.db",
    "quartierslotse.rueckspielung-fehlgeschlagen-20261122-104000.db",
    "schluessel.vor-rueckspielung-20261122-104000.json",
    "sicherungen/vor-umstellung-0011-20261122-094000.db",
)


def test_what_was_set_aside_is_listed_and_gone_after_as_long_as_a_backup(
    backups: BackupService, office: Application, clock: FixedClock
) -> None:
    kept = lay_aside(office.folder, "quartierslotse.meine-kopie.db")
    files = [lay_aside(office.folder, name) for name in NAMES]
    journal = lay_aside(office.folder, NAMES[1] + "-wal")
    found = backups.set_aside()
    assert {one.file for one in found} == set(files)
    assert {(one.size, one.gone_by) for one in found} == {(5000, date(2027, 11, 23))}
    left = BackupPlaces(office.folder, BackupStateFile(office.folder)).copies_left()
    assert (left.set_aside, left.set_aside_gone_by) == (4, date(2027, 11, 23))
    clock.advance(timedelta(days=365))
    backups.make()
    assert len(backups.set_aside()) == 5
    clock.advance(timedelta(days=1))
    backups.make()
    assert backups.set_aside() == ()
    assert not journal.exists()
    assert kept.exists(), "only what the program named itself"
    assert office.folder.database.exists()
    assert office.folder.key_slots.exists()


def test_one_is_deleted_at_once_by_its_name(backups: BackupService, office: Application) -> None:
    for name in NAMES:
        lay_aside(office.folder, name)
    lay_aside(office.folder, NAMES[0] + "-wal")
    with pytest.raises(UserError, match="gibt es nicht"):
        backups.remove_set_aside(office.actor, office.folder.database.name)
    backups.remove_set_aside(office.actor, NAMES[0])
    assert len(backups.set_aside()) == 4
    assert not list(office.folder.root.glob(NAMES[0] + "*"))
    assert office.store.sql("SELECT action, subject_id FROM audit_entry ORDER BY sequence DESC LIMIT 1") == [
        ("remove_set_aside", NAMES[0])
    ]
