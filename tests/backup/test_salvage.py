"""What can still be read from a damaged database is saved; the damaged file is set aside as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.backup.rescue import Rescue, open_rescue
from desktop_app.bootstrap import Application, Surroundings, open_application
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.environment.folders import DataFolder
from tests.backup.conftest import PASSWORD, record
from tests.backup.test_making import StopAt, names
from tests.retention.raw_pages import PageReader

from desktop_app.core.progress import Cancelled  # isort: skip

PAGE = 4096


@pytest.fixture
def rescue(office: Application, folder: DataFolder, surroundings: Surroundings) -> Callable[[bytes], Rescue]:
    """Close the office with 220 contacts, put other bytes in the place of its database, enter with the password."""
    record(office, 200)

    def damage(content: bytes) -> Rescue:
        folder.database.write_bytes(content)
        return open_rescue(folder, "erika", PASSWORD, surroundings.clock, surroundings.ids)

    office.close()
    return damage


def flip(whole: bytes, pages: list[int]) -> bytes:
    changed = bytearray(whole)
    for page in pages:
        changed[page * PAGE + 777] ^= 0x20
    return bytes(changed)


def test_a_few_broken_pages_cost_what_stood_on_them(
    rescue: Callable[[bytes], Rescue], folder: DataFolder, surroundings: Surroundings
) -> None:
    whole = folder.database.read_bytes()
    pages = len(whole) // PAGE
    # Without the pages that say which tables there are nothing is readable; where they lie changes with every new table.
    entered = rescue(whole)
    reader = PageReader(entered._reader.data_key)
    middle = next(number for number in range(pages // 2, pages) if b"CREATE " not in reader.page(whole, number))
    reader.close()
    damaged = flip(whole, [pages - 20, pages - 19, pages - 8, middle])
    saved = rescue(damaged).salvage()
    assert saved.set_aside is not None
    assert saved.set_aside.name == "quartierslotse.beschaedigt-20261122-104000.db"
    assert saved.set_aside.read_bytes() == damaged
    again = open_application(folder, "erika", PASSWORD, surroundings)
    contacts, needs, notes = again.store.sql(
        "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM need), (SELECT count(*) FROM contact_note)"
    )[0]
    assert 100 < contacts <= 220
    assert needs <= contacts
    assert notes <= contacts
    assert again.store.sql("PRAGMA integrity_check") == [("ok",)]
    assert again.store.sql("PRAGMA foreign_key_check") == []
    assert again.store.sql("SELECT count(*) FROM audit_entry WHERE action = 'salvage_database'") == [(1,)]
    record(again, 1)
    again.close()


def test_a_whole_database_is_saved_whole(
    rescue: Callable[[bytes], Rescue], folder: DataFolder, surroundings: Surroundings
) -> None:
    saved = rescue(folder.database.read_bytes()).salvage()
    assert saved.is_whole
    assert saved.contents.rows["contact"] == 220
    again = open_application(folder, "erika", PASSWORD, surroundings)
    assert again.store.sql("SELECT count(*) FROM contact_note") == [(220,)]
    again.close()


def test_every_single_broken_page_leaves_a_database_that_works(
    rescue: Callable[[bytes], Rescue], folder: DataFolder, surroundings: Surroundings
) -> None:
    whole = folder.database.read_bytes()
    pages = len(whole) // PAGE
    saved_somewhere = 0
    for page in range(1, pages, max(1, pages // 12)):
        entered = rescue(flip(whole, [page]))
        try:
            saved = entered.salvage()
        except EnvironmentProblem as error:
            assert "nichts" in error.message or "beschädigt" in error.message  # noqa: PT017 - depends on the page
            continue
        saved_somewhere += 1
        again = open_application(folder, "erika", PASSWORD, surroundings)
        assert again.store.sql("PRAGMA integrity_check") == [("ok",)]
        assert again.store.sql("SELECT count(*) FROM contact")[0][0] == saved.contents.rows["contact"]
        again.close()
    assert saved_somewhere >= 6


def test_a_file_cut_short_gives_what_its_beginning_holds(
    rescue: Callable[[bytes], Rescue], folder: DataFolder, surroundings: Surroundings
) -> None:
    whole = folder.database.read_bytes()
    saved = rescue(whole[: len(whole) - 12 * PAGE + 55]).salvage()
    assert not saved.is_whole
    assert saved.contents.rows["contact"] > 0
    again = open_application(folder, "erika", PASSWORD, surroundings)
    assert again.store.sql("PRAGMA integrity_check") == [("ok",)]
    again.close()


@pytest.mark.parametrize(
    "content", [b"", bytes(40 * PAGE), b"Sehr geehrte Frau Muster,\n" * 900], ids=["empty", "zeros", "a letter"]
)
def test_where_nothing_is_readable_everything_stays(
    rescue: Callable[[bytes], Rescue], folder: DataFolder, content: bytes
) -> None:
    entered = rescue(content)
    before = names(folder.root)
    with pytest.raises(EnvironmentProblem, match="ist nichts mehr lesbar"):
        entered.salvage()
    assert folder.database.read_bytes() == content
    assert names(folder.root) == before


def test_cancelled_leaves_everything(rescue: Callable[[bytes], Rescue], folder: DataFolder) -> None:
    damaged = flip(folder.database.read_bytes(), [40])
    entered = rescue(damaged)
    before = names(folder.root)
    with pytest.raises(Cancelled):
        entered.salvage(StopAt("gerettet"))
    assert folder.database.read_bytes() == damaged
    assert names(folder.root) == before


def test_what_stood_only_in_the_journal_is_saved_too(
    office: Application, folder: DataFolder, surroundings: Surroundings, tmp_path: Path
) -> None:
    office.store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    record(office, 3)
    journal = Path(f"{folder.database}-wal").read_bytes()
    database = folder.database.read_bytes()
    office.close()
    folder.database.write_bytes(database)
    Path(f"{folder.database}-wal").write_bytes(journal)
    saved = open_rescue(folder, "erika", PASSWORD, surroundings.clock, surroundings.ids).salvage()
    assert saved.contents.rows["contact"] == 23
    assert saved.set_aside is not None
    assert Path(f"{saved.set_aside}-wal").read_bytes() == journal
