"""The restore drill and its protocol."""

from __future__ import annotations

import io
import tempfile
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest

from desktop_app.backup.service import BackupService
from desktop_app.bootstrap import Application
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.core.progress import Cancelled
from tests.backup.conftest import NOTE
from tests.backup.test_making import StopAt


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_protocol_of_a_failed_drill_claims_nothing_that_was_not_done(
    backups: BackupService, office: Application
) -> None:
    made = backups.make()
    made.database.write_bytes(made.database.read_bytes()[:-4096])
    report = backups.drill(office.actor)
    assert len(report.steps) == 1
    assert not report.is_good
    assert report.protocol is not None
    text = text_of(report.protocol.read_bytes())
    assert "fehlgeschlagen" in text, "on one line"
    assert "NICHT zurückspielen" in text
    assert "gezählt" not in text
    assert "An den Daten des Büros wurde nichts verändert." in text


def test_the_drill_restores_counts_and_writes_a_protocol(
    backups: BackupService, office: Application, scratch: Path, clock: FixedClock
) -> None:
    backups.make()
    clock.advance(timedelta(days=40))
    assert backups.status().drill_due
    report = backups.drill(office.actor)
    assert report.is_good
    assert len(report.steps) == 5
    assert any("20 Kontakte sind da" in step.remark for step in report.steps)
    assert any("Ihr heutiges Passwort öffnet sie" in step.remark for step in report.steps)
    assert list(scratch.iterdir()) == []
    assert report.protocol is not None
    text = text_of(report.protocol.read_bytes())
    for words in (
        "Protokoll der Rückspielprobe",
        "lässt sich zurückspielen",
        "Büro Nord",
        "Erika Muster",
        "Kontakte 20",
    ):
        assert words in text
    assert NOTE not in text
    status = backups.status()
    assert not status.drill_due
    assert status.last_protocol == report.protocol


def test_a_drill_on_a_bad_backup_says_so_and_stays_due(
    backups: BackupService, office: Application, clock: FixedClock, scratch: Path
) -> None:
    backup = backups.make()
    clock.advance(timedelta(days=40))
    backup.database.write_bytes(backup.database.read_bytes()[:-4096] + bytes(4096))
    report = backups.drill(office.actor)
    assert not report.is_good
    assert len(report.steps) == 1
    assert report.protocol is not None
    assert "NICHT zurückspielen" in text_of(report.protocol.read_bytes())
    assert backups.status().drill_due
    assert list(scratch.iterdir()) == []


def test_without_a_backup_there_is_nothing_to_try(backups: BackupService, office: Application) -> None:
    with pytest.raises(UserError, match="noch keine Sicherung"):
        backups.drill(office.actor)


def test_cancelled_leaves_no_scratch_folder(backups: BackupService, office: Application, scratch: Path) -> None:
    backups.make()
    with pytest.raises(Cancelled):
        backups.drill(office.actor, progress=StopAt("Wie beim Start"))
    assert list(scratch.iterdir()) == []


def test_two_drills_of_a_day_have_two_protocols(backups: BackupService, office: Application) -> None:
    backups.make()
    first, second = backups.drill(office.actor), backups.drill(office.actor)
    assert first.protocol != second.protocol
