"""Where the data lies, and what the program's own log may say."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.environment.folders import (
    DATA_FOLDER_VARIABLE,
    DataFolder,
    default_data_folder,
    resources_folder,
)
from desktop_app.environment.logs import start_logging


@pytest.fixture
def loggers_as_before() -> Iterator[None]:
    """Take handlers and levels back after the test."""
    ours, peewee = logging.getLogger("quartierslotse"), logging.getLogger("peewee")
    handlers, levels = list(ours.handlers), (ours.level, peewee.level)
    yield
    for handler in set(ours.handlers) - set(handlers):
        ours.removeHandler(handler)
        handler.close()
    ours.setLevel(levels[0])
    peewee.setLevel(levels[1])


def test_the_variable_moves_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_FOLDER_VARIABLE, str(tmp_path / "Büro Nord"))
    assert default_data_folder() == DataFolder(tmp_path / "Büro Nord")
    monkeypatch.setenv(DATA_FOLDER_VARIABLE, "daten")
    assert default_data_folder().root.is_absolute()
    monkeypatch.delenv(DATA_FOLDER_VARIABLE)
    assert default_data_folder().root.name == "Quartierslotse"


def test_everything_of_an_installation_lies_in_its_folder(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    parts = (folder.database, folder.unfinished_database, folder.key_slots, folder.backups, folder.logs)
    assert {part.parent for part in parts} == {tmp_path}
    assert len(set(parts)) == len(parts)


def test_resources_are_found() -> None:
    assert (resources_folder() / "fonts").is_dir()


@pytest.mark.usefixtures("loggers_as_before")
def test_our_log_is_written_and_peewee_is_kept_quiet(tmp_path: Path) -> None:
    handler = start_logging(DataFolder(tmp_path), level=logging.DEBUG)
    assert handler is not None
    logging.getLogger("quartierslotse.test").debug("Guten Tag")
    logging.getLogger("peewee").info("SELECT 1")
    logging.getLogger("somebody.else").error("not ours")
    handler.flush()
    lines = (tmp_path / "protokoll" / "quartierslotse.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("DEBUG quartierslotse.test: Guten Tag")
    assert logging.getLogger("peewee").getEffectiveLevel() >= logging.INFO


@pytest.mark.usefixtures("loggers_as_before")
def test_without_a_place_for_a_log_the_program_goes_on(tmp_path: Path) -> None:
    (tmp_path / "protokoll").write_text("im Weg", encoding="utf-8")
    assert start_logging(DataFolder(tmp_path)) is None


@pytest.mark.usefixtures("loggers_as_before")
def test_a_log_that_can_not_be_written_later_is_no_noise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = DataFolder(tmp_path)
    handler = start_logging(folder)
    assert handler is not None
    (folder.logs / "quartierslotse.log").mkdir()  # opened with the first line only: the drive refuses then
    logger = logging.getLogger("quartierslotse")
    try:
        logger.warning("nobody reads this")
        assert capsys.readouterr().err == ""
    finally:
        logger.removeHandler(handler)
        handler.close()
