"""Making, checking and thinning backups; what the surroundings refuse comes as a sentence and costs nothing."""

from __future__ import annotations

import json
import os
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app.backup.manifest import MANIFEST_NAME, backups_in
from desktop_app.backup.records import DATABASE_NAME, Backup, BackupReason, BackupsChanged
from desktop_app.backup.service import BackupService
from desktop_app.backup.state import MARK_NAME
from desktop_app.bootstrap import Application, SetUp, Surroundings, set_up
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.progress import Cancelled
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.settings.service import SettingsService
from tests.backup.conftest import NOTE, PASSWORD, record
from tests.storage.ordinary_rights import read_only, shared_folder
from tests.storage.test_trouble import no_file_larger_than


class StopAt:
    """Cancels at the first step that says so."""

    def __init__(self, words: str) -> None:
        self._words = words
        self.seen: list[str] = []

    def step(self, done: int, total: int, text: str) -> None:
        assert 0 <= done <= total
        self.seen.append(text)
        if self._words in text:
            raise Cancelled


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_a_folder_with_copy_keys_and_manifest(backups: BackupService, stick: Path) -> None:
    backup = backups.make()
    assert names(backup.folder) == [DATABASE_NAME, "schluessel.json", MANIFEST_NAME]
    assert backup.folder.name == "sicherung-2026-11-22-104000"
    assert backups.backups() == (backup,)
    found = backups.verify(backup)
    assert found.is_good
    assert found.contents is not None
    assert found.contents.rows["contact"] == 20
    assert found.contents.rows["contact_note"] == 20


def test_nothing_on_the_stick_is_in_clear(backups: BackupService, stick: Path) -> None:
    backup = backups.make()
    everything = b"".join(path.read_bytes() for path in stick.rglob("*") if path.is_file())
    assert NOTE.encode() not in everything
    assert "Büro Nord".encode() not in everything
    manifest = json.loads((backup.folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    assert set(manifest) == {"format", "made_at", "reason", "program", "schema", "size", "sha256", "sealed"}
    assert b"contact" not in (backup.folder / MANIFEST_NAME).read_bytes()


def test_verifying_leaves_every_byte_as_it_is(backups: BackupService) -> None:
    backup = backups.make()
    before = {path.name: path.read_bytes() for path in backup.folder.iterdir()}
    assert backups.verify(backup).is_good
    assert {path.name: path.read_bytes() for path in backup.folder.iterdir()} == before


def test_the_first_opening_of_a_day_makes_one_and_the_second_none(
    backups: BackupService, clock: FixedClock, office: Application
) -> None:
    heard: list[object] = []
    office.notices.subscribe(BackupsChanged, heard.append)
    first = backups.make_due()
    assert first is not None
    assert first.manifest.reason is BackupReason.DAILY
    assert heard == [BackupsChanged()]
    assert backups.make_due() is None
    clock.advance(timedelta(days=1))
    assert backups.make_due() is not None


def test_older_ones_are_thinned_and_only_ours(
    backups: BackupService, clock: FixedClock, stick: Path, tmp_path: Path, surroundings: Surroundings
) -> None:
    other, _ = set_up(
        DataFolder(tmp_path / "andere"),
        SetUp("Büro Süd", "DRK", NewAccount("uwe", "Uwe Muster", "UM"), PASSWORD),
        surroundings,
    )
    theirs = BackupService(other.store, other.folder, SettingsService(other.store))
    theirs.choose_folder(other.actor, stick)
    foreign = theirs.make()
    other.close()
    (stick / "Urlaubsbilder").mkdir()
    for _ in range(40):
        clock.advance(timedelta(days=1))
        backups.make_due()
    kept = backups.backups()
    assert 7 < len(kept) < 16
    assert foreign.folder.is_dir(), "a backup of another office on the same stick stays"
    assert foreign not in kept
    assert (stick / "Urlaubsbilder").is_dir()
    assert all(backups.verify(backup).is_good for backup in kept[:2])


def test_somebody_saving_meanwhile_loses_nothing_and_the_copy_agrees_with_its_manifest(
    backups: BackupService, office: Application
) -> None:
    stop = threading.Event()
    saved = 0

    def save() -> None:
        nonlocal saved
        while not stop.is_set():
            record(office, 1)
            saved += 1
        office.store.end_thread()

    thread = threading.Thread(target=save)
    thread.start()
    try:
        made = [backups.make() for _ in range(3)]
    finally:
        stop.set()
        thread.join()
    assert saved > 0
    assert all(backups.verify(backup).is_good for backup in made)
    assert office.store.sql("SELECT count(*) FROM contact") == [(20 + saved,)]


class AsksForAnother:
    """Has another backup made, by another program, in the middle of the first."""

    def __init__(self, other: BackupService) -> None:
        self._other = other
        self.made: list[Backup] = []

    def step(self, _done: int, _total: int, text: str) -> None:
        if "kopiert" in text and not self.made:
            thread = threading.Thread(target=self._make)
            thread.start()
            thread.join()

    def _make(self) -> None:
        self.made.append(self._other.make())
        self._other._store.end_thread()


def test_two_programs_that_back_up_in_the_same_second_do_not_disturb_each_other(
    backups: BackupService, office: Application
) -> None:
    """They once wrote into one folder: the second took the file away from under the first, which met an I/O error."""
    other = BackupService(office.store, office.folder, SettingsService(office.store))
    progress = AsksForAnother(other)
    made = backups.make(progress=progress)
    assert [backup.name for backup in progress.made] == ["sicherung-2026-11-22-104000"]
    assert made.name == "sicherung-2026-11-22-104000-2"
    assert all(backups.verify(backup).is_good for backup in (made, *progress.made))
    assert len(backups.backups()) == 2


def test_a_second_backup_of_the_program_waits_for_the_first(backups: BackupService, office: Application) -> None:
    begun, made = threading.Event(), []

    class Waits:
        def step(self, _done: int, _total: int, _text: str) -> None:
            if not begun.is_set():
                begun.set()
                assert second_waits.wait(20)

    class TellsThatItWaits:
        def step(self, _done: int, _total: int, text: str) -> None:
            if "gerade schon gesichert" in text:
                second_waits.set()

    second_waits = threading.Event()

    def second() -> None:
        begun.wait(20)
        made.append(backups.make(progress=TellsThatItWaits()))
        office.store.end_thread()

    thread = threading.Thread(target=second)
    thread.start()
    first = backups.make_due(Waits())
    thread.join()
    assert first is not None
    assert {backup.name for backup in backups.backups()} == {first.name, f"{first.name}-2"}
    assert all(backups.verify(backup).is_good for backup in (first, *made))


def test_what_a_power_cut_left_is_taken_away_later(backups: BackupService, stick: Path) -> None:
    old, young = stick / ".unfertig-2026-11-20-090000-0badcafe", stick / ".unfertig-2026-11-22-103959-0badcafe"
    for leftover in (old, young):
        leftover.mkdir()
        (leftover / DATABASE_NAME).write_bytes(b"x")
    os.utime(old, (0, 0))
    backups.make()
    assert not old.exists()
    assert young.exists(), "somebody may be writing it at this very moment"


@pytest.mark.parametrize("words", ["kopiert", "geprüft"])
def test_cancelled_leaves_nothing(backups: BackupService, office: Application, stick: Path, words: str) -> None:
    record(office, 40)
    before = names(stick)
    with pytest.raises(Cancelled):
        backups.make(progress=StopAt(words))
    assert names(stick) == before
    assert backups.status().last_good is None


# ------------------------------------------------------------------------------------------- the surroundings


def test_a_full_disk(backups: BackupService, office: Application, stick: Path) -> None:
    first = backups.make()
    record(office, 3)
    before = names(stick)
    with no_file_larger_than(200_000), pytest.raises(EnvironmentProblem) as caught:
        backups.make()
    assert "Sicherung" in caught.value.message
    assert "Platz" in caught.value.message
    assert names(stick) == before
    assert backups.verify(first).is_good
    record(office, 1)
    assert backups.make()


def test_a_stick_that_was_pulled(backups: BackupService, stick: Path, office: Application) -> None:
    backups.make()
    stick.rename(stick.with_name("in der Tasche"))
    with pytest.raises(EnvironmentProblem, match=r"ist nicht da\. Bitte stecken Sie den Datenträger ein"):
        backups.make()
    status = backups.status()
    assert not status.reachable
    assert backups.backups() == ()
    record(office, 1)


def test_a_stick_that_is_pulled_in_the_middle(backups: BackupService, stick: Path, office: Application) -> None:
    first = backups.make()

    class PullsTheStick:
        def step(self, _done: int, _total: int, text: str) -> None:
            if "geprüft" in text and stick.is_dir():
                stick.rename(stick.with_name("in der Tasche"))

    with pytest.raises(EnvironmentProblem, match=r"nicht mehr erreichbar\. Bitte prüfen Sie, ob der Datenträger"):
        backups.make(progress=PullsTheStick())
    assert not stick.exists(), "nothing is written at the empty place"
    stick.with_name("in der Tasche").rename(stick)
    assert backups.backups() == (first,)
    assert backups.verify(first).is_good
    record(office, 1)
    assert backups.make()


def test_an_empty_place_where_a_stick_was_is_not_filled(backups: BackupService, stick: Path) -> None:
    """A mount point stays behind on some systems: a backup there would lie on the very disk it protects against."""
    stick.rename(stick.with_name("in der Tasche"))
    stick.mkdir()
    with pytest.raises(EnvironmentProblem, match="ist nicht da"):
        backups.make()
    assert names(stick) == []


def test_a_stick_pulled_in_the_middle(backups: BackupService, stick: Path, office: Application) -> None:
    class Pull:
        def step(self, done: int, total: int, text: str) -> None:
            if "geprüft" in text and stick.is_dir():
                shutil.rmtree(stick)

    with pytest.raises(EnvironmentProblem, match="nicht mehr erreichbar"):
        backups.make(progress=Pull())
    assert not stick.exists()
    record(office, 1)


def test_a_read_only_folder(office: Application, backups: BackupService) -> None:
    with shared_folder() as place:
        backups.choose_folder(office.actor, place)
        before = names(place)
        with read_only(place), pytest.raises(EnvironmentProblem) as caught:
            backups._make(place, BackupReason.BY_HAND, StopAt("nie"))
        assert "darf nicht geschrieben werden" in caught.value.message
        assert names(place) == before


def test_a_risky_step_has_its_backup_beside_the_data_when_the_stick_is_gone(
    backups: BackupService, stick: Path, folder: DataFolder
) -> None:
    shutil.rmtree(stick)
    backup = backups.make_before(BackupReason.BEFORE_IMPORT)
    assert backup.folder.parent == folder.backups
    assert backups.verify(backup).is_good


def test_what_lies_beside_the_data_is_no_backup_of_the_day(
    backups: BackupService, stick: Path, folder: DataFolder, clock: FixedClock
) -> None:
    first = backups.make_due()
    assert first is not None
    pocket = stick.rename(stick.with_name("in der Tasche"))
    clock.advance(timedelta(days=4))
    beside = backups.make_before(BackupReason.BEFORE_IMPORT)
    status = backups.status()
    assert status.last_good == first.made_at
    assert status.stand_in == beside
    assert status.warning == (
        "Die letzte gute Sicherung ist 4 Tage alt. Der Ordner dafür ist nicht da: Bitte stecken Sie den Datenträger ein. "
        f"Eine jüngere vom 26.11.2026 liegt nur ersatzweise auf diesem Rechner, im Ordner „{folder.backups}“."
    )
    pocket.rename(stick)
    assert backups.make_due() is not None, "the one beside the data was not the backup of the day"
    assert backups.status().warning == ""
    assert backups.status().stand_in is None


def test_backups_that_were_removed_from_the_stick_count_no_longer(
    backups: BackupService, clock: FixedClock, office: Application, tmp_path: Path
) -> None:
    first = backups.make_due()
    clock.advance(timedelta(days=1))
    second = backups.make_due()
    assert first is not None
    assert second is not None
    shutil.rmtree(second.folder)
    assert backups.status().last_good == first.made_at
    assert backups.make_due() is not None
    clock.advance(timedelta(days=4))
    empty = tmp_path / "neuer Stick"
    empty.mkdir()
    backups.choose_folder(office.actor, empty)
    assert backups.status().last_good is None
    assert backups.status().warning == "Im gewählten Ordner liegt noch keine Sicherung. Bitte legen Sie heute eine an."


def test_an_import_is_preceded_by_a_backup_once_there_is_something_to_lose(
    backups: BackupService, folder: DataFolder, surroundings: Surroundings, tmp_path: Path
) -> None:
    backup = backups.make_before_import()
    assert backup is not None
    assert backup.manifest.reason is BackupReason.BEFORE_IMPORT
    wishes = SetUp("Büro Süd", "AWO", NewAccount("anna", "Anna Muster", "AM"), "Gurke Fahrrad Mondschein")
    first, _recovery_key = set_up(DataFolder(tmp_path / "neu"), wishes, surroundings)
    try:
        assert first.backups.make_before_import() is None
        assert first.backups.backups() == ()
    finally:
        first.close()


def test_the_data_folder_itself_is_no_place_for_backups(backups: BackupService, office: Application) -> None:
    inside = office.folder.root / "hier"
    inside.mkdir()
    with pytest.raises(UserError, match="gehört zu den Daten selbst"):
        backups.choose_folder(office.actor, inside)
    with pytest.raises(UserError, match="gibt es nicht"):
        backups.choose_folder(office.actor, office.folder.root.parent / "nirgends")


def test_choosing_a_stick_that_has_backups_uses_them(
    backups: BackupService, office: Application, stick: Path, tmp_path: Path
) -> None:
    made = backups.make()
    mark = (stick / MARK_NAME).read_bytes()
    second = tmp_path / "zweiter"
    second.mkdir()
    backups.choose_folder(office.actor, second)
    assert backups.backups() == ()
    backups.choose_folder(office.actor, stick)
    assert backups.backups() == (made,)
    assert (stick / MARK_NAME).read_bytes() == mark


# ------------------------------------------------------------------------------------------- the warning


def test_the_warning_in_words(backups: BackupService, clock: FixedClock, stick: Path) -> None:
    backups.make_due()
    assert backups.status().warning == ""
    clock.advance(timedelta(days=4))
    assert backups.status().warning == "Die letzte gute Sicherung ist 4 Tage alt. Bitte legen Sie heute eine an."
    shutil.rmtree(stick)
    assert backups.status().warning.endswith("Bitte stecken Sie den Datenträger ein.")


def test_a_damaged_state_file_is_no_reason_to_stop(backups: BackupService, folder: DataFolder) -> None:
    (folder.root / "sicherungen.json").write_bytes(b"\x00\xff{")
    status = backups.status()
    assert not status.chosen
    assert backups.make().folder.parent == folder.backups


def test_folders_of_others_are_no_backups(stick: Path) -> None:
    (stick / "leer").mkdir()
    for number, text in enumerate(
        ("", "[]", "null", '{"format": 99}', '{"format": 1, "made_at": "gestern"}', "[" * 9000)
    ):
        (stick / f"falsch{number}").mkdir()
        (stick / f"falsch{number}" / MANIFEST_NAME).write_text(text, encoding="utf-8")
    assert backups_in(stick) == ()
    assert backups_in(stick / "nirgends") == ()
