"""A damaged file gets a German sentence and is never written to."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.bootstrap import Application, SetUp, Surroundings, is_set_up, open_application, set_up
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError, UserError
from desktop_app.environment.folders import DataFolder

PAGE = 4096


def overwrite(start: int, content: bytes) -> Callable[[bytes], bytes]:
    return lambda whole: whole[:start] + content + whole[start + len(content) :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _whole: b"",
    "one byte": lambda _whole: b"\x00",
    "zeros": lambda whole: bytes(len(whole)),
    "one page of zeros": lambda _whole: bytes(PAGE),
    "zeroed header": overwrite(0, bytes(100)),
    "zeroed salt": overwrite(0, bytes(16)),
    "zeroed first page": overwrite(0, bytes(PAGE)),
    "one flipped bit in the first page": lambda whole: whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:],
    "cut in half": lambda whole: whole[: len(whole) // 2],
    "cut within a page": lambda whole: whole[: len(whole) // 2 + 1000],
    "cut to its first page": lambda whole: whole[:PAGE],
    "cut to its first 100 bytes": lambda whole: whole[:100],
    "a letter": lambda _whole: b"Sehr geehrte Frau Muster,\n" * 300,
    "a short letter": lambda _whole: b"Sehr geehrte Frau Muster,\n",
    "noise": lambda whole: secrets.token_bytes(len(whole)),
    "a plain SQLite file": lambda whole: b"SQLite format 3\x00" + whole[16:],
}


def contents(folder: DataFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.root.rglob("*")) if path.is_file()}


@pytest.fixture
def closed(installed: Application, folder: DataFolder) -> DataFolder:
    for _ in range(20):
        installed.contacts.record_contact(installed.actor, ContactEntry(needs=(NeedEntry("pflege"),), note="n" * 2000))
    installed.close()
    return folder


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_database_is_refused_and_left_as_it_is(
    closed: DataFolder, damage: Callable[[bytes], bytes], wishes: SetUp, surroundings: Surroundings, password: str
) -> None:
    closed.database.write_bytes(damage(closed.database.read_bytes()))
    before = contents(closed)
    for _ in range(2):
        with pytest.raises(EnvironmentProblem) as caught:
            open_application(closed, "erika", password, surroundings)
        assert "„quartierslotse.db“ ist beschädigt" in caught.value.message
        assert "Die Datei wurde nicht verändert" in caught.value.message
        assert "Sicherung" in caught.value.message
        assert is_set_up(closed)
        with pytest.raises(UserError, match="schon eingerichtet"):
            set_up(closed, wishes, surroundings)
        assert contents(closed) == before


def test_every_page_that_may_be_damaged_gives_a_sentence_and_no_other_bytes(
    closed: DataFolder, surroundings: Surroundings, password: str
) -> None:
    """A page in the middle is met only when it is read; what is met is told, and nothing is repaired by overwriting."""
    whole = closed.database.read_bytes()
    refused = 0
    for page in range(0, len(whole) // PAGE, 6):
        place = page * PAGE + 700
        damaged = whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :]
        closed.database.write_bytes(damaged)
        try:
            application = open_application(closed, "erika", password, surroundings)
        except QuartierslotseError as error:
            assert "beschädigt" in error.message  # noqa: PT017 - damage may show while opening or while reading
            assert closed.database.read_bytes() == damaged
            refused += 1
        else:
            try:
                for (table,) in application.store.sql("SELECT name FROM sqlite_master WHERE type = 'table'"):
                    application.store.sql(f'SELECT * FROM "{table}"')
            except EnvironmentProblem as error:
                assert "beschädigt" in error.message  # noqa: PT017
                refused += 1
            application.close()
        # Signing in is written down, elsewhere in the file; the damaged page is left to whoever rescues it.
        first = page * PAGE
        assert closed.database.read_bytes()[first : first + PAGE] == damaged[first : first + PAGE]
    assert refused > 0


def test_the_database_of_another_installation_does_not_fit(
    closed: DataFolder, tmp_path: Path, wishes: SetUp, surroundings: Surroundings, password: str
) -> None:
    other = DataFolder(tmp_path / "andere")
    application, _recovery_key = set_up(other, wishes, surroundings)
    application.close()
    shutil.copy(other.database, closed.database)
    before = contents(closed)
    with pytest.raises(EnvironmentProblem, match="gehört nicht zu diesem Schlüssel"):
        open_application(closed, "erika", password, surroundings)
    assert contents(closed) == before


def test_without_its_wal_the_database_opens_at_the_last_written_out_state(
    installed: Application, folder: DataFolder, tmp_path: Path, surroundings: Surroundings, password: str
) -> None:
    """Nobody can see that a WAL is gone; what is left must be whole, and must not be taken for damage."""
    installed.store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    installed.contacts.record_contact(installed.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    copied = DataFolder(tmp_path / "kopiert")
    copied.root.mkdir()
    for path in (folder.database, folder.key_slots):
        shutil.copy(path, copied.root)
    application = open_application(copied, "erika", password, surroundings)
    assert application.store.sql("SELECT count(*) FROM contact") == [(0,)]
    assert application.store.sql("PRAGMA integrity_check") == [("ok",)]
    application.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _wal: b"",
        lambda wal: wal[: len(wal) // 2],
        lambda wal: secrets.token_bytes(len(wal)),
        lambda wal: wal[:-1],
    ],
    ids=["empty", "half", "noise", "last byte gone"],
)
def test_a_damaged_wal_costs_no_more_than_what_it_held(
    installed: Application,
    folder: DataFolder,
    tmp_path: Path,
    surroundings: Surroundings,
    password: str,
    damage: Callable[[bytes], bytes],
) -> None:
    installed.store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for _ in range(10):
        installed.contacts.record_contact(installed.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    copied = DataFolder(tmp_path / "kopiert")
    copied.root.mkdir()
    for path in (folder.database, folder.key_slots):
        shutil.copy(path, copied.root)
    wal = Path(f"{folder.database}-wal").read_bytes()
    Path(f"{copied.database}-wal").write_bytes(damage(wal))
    application = open_application(copied, "erika", password, surroundings)
    contacts, needs, outbox = application.store.sql(
        "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM need), "
        "(SELECT count(*) FROM outbox WHERE collection = 'contact')"
    )[0]
    assert contacts == needs == outbox < 10
    assert application.store.sql("PRAGMA integrity_check") == [("ok",)]
    application.close()


def test_damaged_keys_are_left_as_they_are(
    closed: DataFolder, wishes: SetUp, surroundings: Surroundings, password: str
) -> None:
    closed.key_slots.write_bytes(closed.key_slots.read_bytes()[:200])
    before = contents(closed)
    with pytest.raises(EnvironmentProblem, match="beschädigt"):
        open_application(closed, "erika", password, surroundings)
    with pytest.raises(QuartierslotseError):
        set_up(closed, wishes, surroundings)
    assert contents(closed) == before
