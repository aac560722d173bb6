"""Kinds of damage to the database file: each ends in its sentence, at the sign-in and on the command line, and whatever
is there is left as it is, byte for byte. What has a way back shows it.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application, Surroundings, open_application
from desktop_app.cli.main import main
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.environment.folders import DataFolder
from desktop_app.storage.copies import CopyReader
from desktop_app.storage.database import DamagedDatabase, EncryptedDatabase
from desktop_app.storage.store import DamageFound
from tests.ui.office import PASSWORD
from ui.pages import ADMINISTRATION, RECEPTION, STATISTICS
from ui.program.desktop_program import DesktopProgram
from ui.reception.page import ReceptionPage
from ui.rescue.page import RescuePage
from ui.shell.day_backup import DayBackup

PAGE = 4096
DAMAGED = "ist beschädigt oder gehört nicht zu diesem Schlüssel. Die Datei wurde nicht verändert."
MISSING = "fehlt im Ordner"
NEWER = "mit einer neueren Version von Quartierslotse gespeichert"


@dataclass(frozen=True)
class Kind:
    """One kind of damage: what happens to the file, what the sentence says, whether a backup is offered."""

    damage: Callable[[Path, bytes], object]
    sentence: str = DAMAGED
    has_way_back: bool = True


def changed(change: Callable[[bytes], bytes]) -> Callable[[Path, bytes], object]:
    return lambda path, _key: path.write_bytes(change(path.read_bytes()))


def flipped_pages(whole: bytes) -> bytes:
    """One bit of every page but the first."""
    pages = bytearray(whole)
    for start in range(PAGE, len(pages), PAGE):
        pages[start + 100] ^= 0x10
    return bytes(pages)


def plain_database(path: Path, _key: bytes) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE contact (id)")
    connection.commit()
    connection.close()


def encrypted(sql: str, *, key: bytes = b"") -> Callable[[Path, bytes], object]:
    """Another database in its place, with its key unless another is given, in which `sql` was run."""

    def damage(path: Path, its_key: bytes) -> None:
        path.unlink()
        database = EncryptedDatabase(path, key or its_key)
        database.execute_sql("CREATE TABLE something (id)")
        database.execute_sql(sql)
        database.close_all()

    return damage


def newer(path: Path, key: bytes) -> None:
    database = EncryptedDatabase(path, key)
    database.execute_sql("PRAGMA user_version = 9999")
    database.close_all()


KINDS = {
    "missing": Kind(lambda path, _key: path.unlink(), MISSING),
    "empty": Kind(changed(lambda _whole: b"")),
    "shorter than a page": Kind(changed(lambda whole: whole[:1000])),
    "truncated to half": Kind(changed(lambda whole: whole[: len(whole) // 2 // PAGE * PAGE])),
    "truncated to its first page": Kind(changed(lambda whole: whole[:PAGE])),
    "zeroed header": Kind(changed(lambda whole: bytes(100) + whole[100:])),
    "all zero": Kind(changed(lambda whole: bytes(len(whole)))),
    "flipped pages": Kind(changed(flipped_pages)),
    "first pages changed places": Kind(
        changed(lambda whole: whole[PAGE : 2 * PAGE] + whole[:PAGE] + whole[2 * PAGE :])
    ),
    "something put before it": Kind(changed(lambda whole: b"\xef\xbb\xbf" + whole)),
    "not a database": Kind(changed(lambda _whole: b"Sehr geehrte Frau Muster,\n" * 900)),
    "noise": Kind(changed(lambda whole: secrets.token_bytes(len(whole)))),
    "a plain database": Kind(plain_database),
    "wrong key": Kind(encrypted("PRAGMA user_version = 1", key=secrets.token_bytes(32))),
    "nothing finished in it": Kind(encrypted("PRAGMA user_version = 0")),
    "newer version": Kind(newer, NEWER, has_way_back=False),
}


def lost_root(*tables: str) -> Callable[[Path, bytes], object]:
    """The first page of what holds some tables or indexes is zero: the file opens, and fails where they are read."""

    def damage(path: Path, key: bytes) -> None:
        with CopyReader(key).open(path) as copy:
            marks = ", ".join("?" * len(tables))
            roots = copy.sql(f"SELECT rootpage FROM sqlite_master WHERE name IN ({marks})", tables)
        assert len(roots) == len(tables)
        pages = bytearray(path.read_bytes())
        for (root,) in roots:
            pages[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
        path.write_bytes(pages)

    return damage


def lost_between(start: float, end: float) -> Callable[[Path, bytes], object]:
    """All pages between two places in the file are zero."""

    def change(whole: bytes) -> bytes:
        first, last = (int(len(whole) * place) // PAGE * PAGE for place in (start, end))
        return whole[:first] + bytes(last - first) + whole[last:]

    return changed(change)


#: a table that the window does not read before somebody asks for it
UNREAD = "contact_revision"
#: what lets the file open, and most of it be read
FURTHER_IN = {
    "contacts": lost_root("contact"),
    "services": lost_root("service"),
    "audit log and outbox": lost_root("audit_entry", "outbox"),
    "second half": lost_between(0.5, 1),
    "a tenth in the middle": lost_between(0.5, 0.6),
}


@pytest.fixture
def with_backup(application: Application) -> Application:
    """An office with a contact and a backup, closed."""
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    application.backups.make()
    application.close()
    return application


def files(database: Path) -> dict[str, str]:
    """The database and whatever lies beside it under its name."""
    found = (path for path in database.parent.glob(f"{database.name}*") if path.stat().st_size)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found if "-shm" not in path.name}


def words(page: QWidget) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_there_are_ten_kinds_or_more() -> None:
    assert len(KINDS) >= 10


@pytest.mark.parametrize("name", KINDS)
def test_at_the_window(
    name: str, program: DesktopProgram, with_backup: Application, data_key_of: Callable[[], bytes], qtbot: QtBot
) -> None:
    kind, database = KINDS[name], with_backup.folder.database
    kind.damage(database, data_key_of())
    before = files(database)
    program.start()
    page = program.sign_in_page
    assert page is not None
    page.password.set_text(PASSWORD)
    page.button.click()
    if kind.has_way_back:
        qtbot.waitUntil(lambda: isinstance(program.problem_page, RescuePage), timeout=20_000)
        rescue = program.problem_page
        assert isinstance(rescue, RescuePage)
        qtbot.waitUntil(rescue.restore_button.isEnabled, timeout=20_000)
        assert kind.sentence in words(rescue)
        assert "Die neueste gute Sicherung ist vom" in words(rescue)
        assert rescue.salvage_button.isVisibleTo(rescue) == (name != "missing")
    else:
        qtbot.waitUntil(lambda: program.tasks.running == 0, timeout=20_000)
        assert kind.sentence in words(page)
    assert program.window is None
    assert files(database) == before
    if kind.has_way_back:
        rescue.restore_button.click()
        qtbot.waitUntil(lambda: program.sign_in_page is not None, timeout=20_000)
        page = program.sign_in_page
        page.password.set_text(PASSWORD)
        page.button.click()
        qtbot.waitUntil(lambda: program.application is not None, timeout=20_000)
        assert program.application is not None
        assert program.application.store.sql("SELECT count(*) FROM contact") == [(1,)]
        aside = [path for path in database.parent.glob("quartierslotse.vor-rueckspielung-*.db") if path.stat().st_size]
        assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in aside} == set(before.values())


@pytest.mark.parametrize("name", KINDS)
def test_on_the_command_line(
    name: str,
    with_backup: Application,
    data_key_of: Callable[[], bytes],
    surroundings: Surroundings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kind, database = KINDS[name], with_backup.folder.database
    kind.damage(database, data_key_of())
    before = files(database)
    secret = tmp_path / "passwort"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    where = ["--data-dir", str(with_backup.folder.root), "--password-file", str(secret)]
    assert main([*where, "backup", "--list"], surroundings=lambda: surroundings) != 0
    told = capsys.readouterr().err
    assert (kind.sentence if name != "missing" else "fehlt im Ordner") in told
    assert "Traceback" not in told
    assert main([*where, "restore", "--dry-run"], surroundings=lambda: surroundings) == (0 if kind.has_way_back else 1)
    assert files(database) == before


def rescue_page(program: DesktopProgram, qtbot: QtBot) -> RescuePage:
    qtbot.waitUntil(lambda: isinstance(program.problem_page, RescuePage), timeout=20_000)
    rescue = program.problem_page
    assert isinstance(rescue, RescuePage)
    qtbot.waitUntil(rescue.restore_button.isEnabled, timeout=20_000)
    return rescue


def sign_in(program: DesktopProgram) -> None:
    page = program.sign_in_page
    assert page is not None
    page.password.set_text(PASSWORD)
    page.button.click()


def look_at_everything(program: DesktopProgram) -> None:
    """What somebody does who meets the damage by and by; each step may be the last."""
    window = program.window
    if window is None or program.application is None:
        return
    steps: tuple[Callable[[], object], ...] = (
        lambda: window.open_page(STATISTICS),
        lambda: window.open_page(ADMINISTRATION),
        program.application.backups.check_database,
        program.application.backups.make,
    )
    for step in steps:
        with suppress(DamagedDatabase):
            step()


@pytest.mark.parametrize("name", FURTHER_IN)
def test_further_in_at_the_window(
    name: str, program: DesktopProgram, with_backup: Application, data_key_of: Callable[[], bytes], qtbot: QtBot
) -> None:
    database = with_backup.folder.database
    FURTHER_IN[name](database, data_key_of())
    program.start()
    sign_in(program)
    qtbot.waitUntil(
        lambda: (
            isinstance(program.problem_page, RescuePage) or (program.window is not None and program.window.isVisible())
        ),
        timeout=20_000,
    )
    look_at_everything(program)
    rescue = rescue_page(program, qtbot)
    assert "beschädigt" in words(rescue)
    assert "Die neueste gute Sicherung ist vom" in words(rescue)
    assert (program.window, program.application) == (None, None)
    assert rescue.salvage_button.isEnabled()
    damaged = hashlib.sha256(database.read_bytes()).hexdigest()
    rescue.restore_button.click()
    qtbot.waitUntil(lambda: program.sign_in_page is not None, timeout=20_000)
    sign_in(program)
    qtbot.waitUntil(lambda: program.application is not None, timeout=20_000)
    assert program.application is not None
    assert program.application.store.sql("SELECT count(*) FROM contact") == [(1,)]
    program.application.backups.check_database()
    aside = list(database.parent.glob("quartierslotse.vor-rueckspielung-*.db"))
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in aside] == [damaged]


@pytest.mark.parametrize("name", FURTHER_IN)
def test_further_in_on_the_command_line(
    name: str,
    with_backup: Application,
    data_key_of: Callable[[], bytes],
    surroundings: Surroundings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    database = with_backup.folder.database
    FURTHER_IN[name](database, data_key_of())
    secret = tmp_path / "passwort"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    where = ["--data-dir", str(with_backup.folder.root), "--password-file", str(secret)]

    def run(*command: str) -> int:
        return main([*where, *command], surroundings=lambda: surroundings)

    for command in (("contacts",), ("statistics", "--month", "2026-11"), ("retention", "list"), ("backup", "--list")):
        assert run(*command) in {0, 1}, command
    assert run("restore", "--dry-run") == 0
    assert not list(database.parent.glob("quartierslotse.vor-rueckspielung-*.db"))
    assert run("restore", "--yes") == 0, capsys.readouterr().err
    capsys.readouterr()
    assert run("contacts") == 0
    assert len(list(database.parent.glob("quartierslotse.vor-rueckspielung-*.db"))) == 1


def test_what_was_typed_is_kept_when_the_window_closes_for_the_rescue(
    program: DesktopProgram, with_backup: Application, data_key_of: Callable[[], bytes], qtbot: QtBot
) -> None:
    database = with_backup.folder.database
    lost_root(UNREAD)(database, data_key_of())
    program.start()
    sign_in(program)
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible(), timeout=20_000)
    window = program.window
    assert window is not None
    assert program.application is not None
    reception = window.open_page(RECEPTION)
    assert isinstance(reception, ReceptionPage)
    reception.card.topics.toggle("pflege")
    with pytest.raises(DamagedDatabase):
        program.application.store.sql(f"SELECT * FROM {UNREAD}")
    rescue = rescue_page(program, qtbot)
    with CopyReader(data_key_of()).open(database) as copy:
        assert copy.sql("SELECT count(*) FROM contact_draft") == [(1,)]
    rescue.leave_button.click()
    qtbot.waitUntil(lambda: program.sign_in_page is not None, timeout=20_000)


def test_beneath_the_lock_the_rescue_waits_for_the_password(
    program: DesktopProgram, with_backup: Application, data_key_of: Callable[[], bytes], qtbot: QtBot
) -> None:
    database = with_backup.folder.database
    program.start()
    sign_in(program)
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible(), timeout=20_000)
    program.lock()
    whole = database.read_bytes()
    database.write_bytes(bytes(len(whole)))
    assert program.application is not None
    program.application.notices.publish(DamageFound())
    qtbot.wait(50)
    assert program.window is not None
    assert not isinstance(program.problem_page, RescuePage)
    page = program.lock_page
    assert page is not None
    page.password.set_text(PASSWORD)
    page.button.click()
    rescue_page(program, qtbot)
    assert program.window is None


def test_damage_found_by_the_check_of_the_day_leads_there_when_somebody_says_so(
    program: DesktopProgram, with_backup: Application, data_key_of: Callable[[], bytes], qtbot: QtBot
) -> None:
    lost_root(UNREAD)(with_backup.folder.database, data_key_of())
    program.start()
    sign_in(program)
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible(), timeout=20_000)
    window = program.window
    assert window is not None
    assert program.application is not None
    program.application.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    day = DayBackup(window, window._context, lambda: None)
    day.begin()
    qtbot.waitUntil(lambda: day.notice is not None, timeout=20_000)
    assert day.notice is not None
    assert "beschädigt" in words(day.notice)
    assert program.window is window, "the check closes nothing under somebody's hands"
    day.notice.action_requested.emit()
    rescue_page(program, qtbot)


def test_a_bit_that_nobody_read_is_found_before_the_backup_of_the_day(
    application: Application, surroundings: Surroundings, data_key_of: Callable[[], bytes]
) -> None:
    application.close()
    database = application.folder.database
    with CopyReader(data_key_of()).open(database) as copy:
        ((root,),) = copy.sql("SELECT rootpage FROM sqlite_master WHERE name = ?", (UNREAD,))
    whole = bytearray(database.read_bytes())
    whole[(root - 1) * PAGE + 50] ^= 1
    database.write_bytes(whole)
    opened = open_application(application.folder, "", PASSWORD, surroundings)
    with pytest.raises(DamagedDatabase):
        opened.backups.make_due()
    assert opened.backups.backups() == ()
    opened.close()


# --------------------------------------------------------------------------------------- more than the file is gone


def test_database_and_keys_are_gone_but_not_the_backups(
    program: DesktopProgram, with_backup: Application, qtbot: QtBot
) -> None:
    folder = with_backup.folder
    folder.database.unlink()
    folder.key_slots.unlink()
    program.start()
    assert program.wizard is None, "no first run over an office that was there"
    page = program.sign_in_page
    assert page is not None
    assert "Es wird nichts Neues angelegt" in words(page)
    assert not folder.database.exists()
    page.password.set_text(PASSWORD)
    page.button.click()
    qtbot.waitUntil(lambda: isinstance(program.problem_page, RescuePage), timeout=20_000)
    rescue = program.problem_page
    assert isinstance(rescue, RescuePage)
    qtbot.waitUntil(rescue.restore_button.isEnabled, timeout=20_000)
    rescue.restore_button.click()
    qtbot.waitUntil(lambda: program.sign_in_page is not None, timeout=20_000)
    page = program.sign_in_page
    page.password.set_text(PASSWORD)
    page.button.click()
    qtbot.waitUntil(lambda: program.application is not None, timeout=20_000)
    assert program.application is not None
    assert program.application.store.sql("SELECT count(*) FROM contact") == [(1,)]


def lost_keys(folder: DataFolder, *, broken: bool) -> None:
    if broken:
        folder.key_slots.write_bytes(folder.key_slots.read_bytes()[:80])
    else:
        folder.key_slots.unlink()


@pytest.mark.parametrize("broken", [False, True])
def test_the_keys_alone_are_gone(
    program: DesktopProgram,
    with_backup: Application,
    surroundings: Surroundings,
    qtbot: QtBot,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    broken: bool,
) -> None:
    folder = with_backup.folder
    again = open_application(folder, "erika", PASSWORD, surroundings)
    again.contacts.record_contact(again.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    again.close()
    lost_keys(folder, broken=broken)
    program.start()
    page = program.sign_in_page
    assert page is not None
    assert "Schlüsseldatei" in words(page)
    assert "Passwort vom Tag der letzten Sicherung" in words(page)
    sign_in(program)
    qtbot.waitUntil(lambda: isinstance(program.problem_page, RescuePage), timeout=20_000)
    rescue = program.problem_page
    assert isinstance(rescue, RescuePage)
    qtbot.waitUntil(rescue.keys_button.isEnabled, timeout=20_000)
    assert "Die Schlüsseldatei fehlt oder ist beschädigt" in words(rescue)
    assert "Die Datenbank ist in Ordnung" in words(rescue)
    assert rescue.keys_button.isVisibleTo(rescue)
    assert not rescue.salvage_button.isVisibleTo(rescue)
    assert not rescue.restore_button.isVisibleTo(rescue), "it would lose what the keys alone keep"
    assert cut_off(rescue) == []
    assert unnamed_controls(rescue) == []
    before = files(folder.database)
    rescue.keys_button.click()
    qtbot.waitUntil(lambda: program.sign_in_page is not None, timeout=20_000)
    assert set(files(folder.database)) == set(before), "no database was set aside"
    sign_in(program)
    qtbot.waitUntil(lambda: program.application is not None, timeout=20_000)
    assert program.application is not None
    assert program.application.store.sql("SELECT count(*) FROM contact") == [(2,)], "nothing is lost"


def test_the_keys_and_a_part_of_the_database_are_gone(
    program: DesktopProgram, with_backup: Application, data_key_of: Callable[[], bytes], qtbot: QtBot
) -> None:
    folder = with_backup.folder
    lost_root("contact")(folder.database, data_key_of())
    lost_keys(folder, broken=False)
    program.start()
    sign_in(program)
    rescue = rescue_page(program, qtbot)
    assert not rescue.keys_button.isVisibleTo(rescue)
    assert rescue.salvage_button.isVisibleTo(rescue)
    rescue.restore_button.click()
    qtbot.waitUntil(lambda: program.sign_in_page is not None, timeout=20_000)
    sign_in(program)
    qtbot.waitUntil(lambda: program.application is not None, timeout=20_000)


def test_the_keys_are_gone_and_no_backup_is_there(program: DesktopProgram, with_backup: Application) -> None:
    folder = with_backup.folder
    shutil.rmtree(folder.backups)
    lost_keys(folder, broken=True)
    program.start()
    assert program.sign_in_page is None
    assert program.problem_page is not None
    assert "stecken Sie den Stick mit den Sicherungen ein" in words(program.problem_page)


def test_without_the_stick_it_is_only_said(program: DesktopProgram, with_backup: Application) -> None:
    folder = with_backup.folder
    shutil.rmtree(folder.backups)
    folder.database.unlink()
    folder.key_slots.unlink()
    program.start()
    assert program.wizard is None
    assert program.sign_in_page is None
    assert program.problem_page is not None
    assert "stecken Sie den Stick" in words(program.problem_page)
    assert not folder.database.exists()


def test_a_set_up_over_a_lost_office_is_refused(
    with_backup: Application, surroundings: Surroundings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = with_backup.folder
    folder.database.unlink()
    folder.key_slots.unlink()
    secret = tmp_path / "passwort"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    words = ["init", "--office", "Neu", "--carrier", "AWO", "--admin", "erika", "--admin-name", "Erika Muster"]
    where = ["--data-dir", str(folder.root), "--password-file", str(secret)]
    assert main([*where, *words], surroundings=lambda: surroundings) != 0
    assert "Es wird nichts Neues angelegt" in capsys.readouterr().err
    assert not folder.database.exists()
    assert not folder.key_slots.exists()


def test_with_the_printed_key_instead_of_a_password(
    program: DesktopProgram, with_backup: Application, surroundings: Surroundings, qtbot: QtBot
) -> None:
    from desktop_app.bootstrap import renew_recovery_key

    key = "-".join(renew_recovery_key(with_backup.folder, "erika", PASSWORD, surroundings))
    with_backup.folder.database.unlink()
    program.start()
    page = program.sign_in_page
    assert page is not None
    page.recovery_submitted.emit("erika", key, "ganz neues Passwort 7")
    qtbot.waitUntil(lambda: isinstance(program.problem_page, RescuePage), timeout=20_000)
    rescue = program.problem_page
    assert isinstance(rescue, RescuePage)
    qtbot.waitUntil(rescue.restore_button.isEnabled, timeout=20_000)
