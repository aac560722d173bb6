"""The checks of the self-test: small real work with every part that can be missing from an installation.

Each returns a remark or raises; nothing here touches the data of the office.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import Check
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr
from desktop_app.environment.folders import resources_folder

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store

_RESOURCES = (
    "fonts/AtkinsonHyperlegibleNext_400Regular.ttf",
    "fonts/NotoSans_400Regular.ttf",
    "help",
    "hsds/3.1.1/datapackage.json",
    "icons",
    "locale/en/LC_MESSAGES/quartierslotse.mo",
    "sample/directory",
    "styles",
)
_KNOWN_TEXT = "Bekannter Satz der Selbstprüfung"
_DAY = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)


class CheckFailed(Exception):
    """A part works otherwise than it must."""


def own_checks() -> tuple[Check, ...]:
    """Return the checks that need no screen."""
    return (
        Check(lambda: tr("Mitgelieferte Dateien"), check_resources),
        Check(lambda: tr("Zeitzone des Büros"), check_time_zone),
        Check(lambda: tr("Verschlüsselte Datenbank"), check_encryption),
        Check(lambda: tr("Volltextsuche"), check_full_text),
        Check(lambda: tr("Passwortschutz"), check_key_slots),
        Check(lambda: tr("Schriften und PDF"), check_pdf),
        Check(lambda: tr("Tabellen für Excel"), check_workbook),
        Check(lambda: tr("Suche nach ähnlichen Wörtern"), check_similar_words),
    )


def check_resources() -> str:
    """Every kind of shipped file is there."""
    missing = [name for name in _RESOURCES if not (resources_folder() / name).exists()]
    if missing:
        raise EnvironmentProblem(tr("Es fehlt: {names}", names=", ".join(missing)))
    return ""


def check_time_zone() -> str:
    """The zone of the office is known; on Windows it comes from a package."""
    from desktop_app.core.clock import office_zone

    local = _DAY.astimezone(office_zone())
    _demand(local.hour == 10, "winter time")
    return ""


def check_encryption() -> str:
    """A written text is found through the key and nowhere in the bytes of the folder."""
    from desktop_app.core.notices import NoticeBoard
    from desktop_app.settings.tables import SettingTable
    from desktop_app.storage.opening import open_store

    with _small_store() as (store, path, key):
        with store.unit_of_work(_nobody(), "self_test", None) as unit:
            unit.insert(SettingTable, {"name": "self_test", "value": _KNOWN_TEXT})
        _demand(store.scalar(SettingTable.select(SettingTable.value)) == _KNOWN_TEXT, "text comes back")
        for file in path.parent.iterdir():
            content = file.read_bytes()
            _demand(_KNOWN_TEXT.encode() not in content, "no clear text on disk")
            _demand(not content.startswith(b"SQLite format"), "no plain database header")
        version = str(store.sql("PRAGMA cipher_version")[0][0])
        store.close()
        try:
            open_store(
                path, secrets.token_bytes(len(key)), store.clock, store.ids, NoticeBoard(), backups=path.parent
            ).close()
        except EnvironmentProblem:
            return f"SQLCipher {version}"
    raise CheckFailed("a wrong key opens the database")


def check_full_text() -> str:
    """FTS5 answers, for words and for parts of words."""
    with _small_store() as (store, _path, _key), store.unit_of_work(_nobody(), "self_test", None) as unit:
        for tokenizer, asked in (("unicode61", '"pfleg" *'), ("trigram", '"ratung"')):
            unit.derived(f"CREATE VIRTUAL TABLE temp.self_test_{tokenizer} USING fts5 (text, tokenize = '{tokenizer}')")
            unit.derived(f"INSERT INTO temp.self_test_{tokenizer} (text) VALUES ('Pflegeberatung')")  # noqa: S608
            found = unit.sql(
                f"SELECT count(*) FROM temp.self_test_{tokenizer} WHERE text MATCH ?",  # noqa: S608 - constant names
                (asked,),
            )
            _demand(found[0][0] == 1, tokenizer)
        return "SQLite " + str(unit.sql("SELECT sqlite_version()")[0][0])


def check_key_slots() -> str:
    """A key sealed with a password comes back with it and with no other."""
    from desktop_app.security.key_slots import DerivationCost, SlotKind, WrongSecret, open_slot, seal_slot

    key, password = secrets.token_bytes(32), secrets.token_hex(16)
    slot = seal_slot(
        key,
        password,
        slot_id="1",
        kind=SlotKind.PASSWORD,
        account_id="1",
        login_name="",
        cost=DerivationCost(1, 8192, 1),
    )
    _demand(open_slot(slot, password) == key, "key comes back")
    try:
        open_slot(slot, password + "x")
    except WrongSecret:
        return "Argon2id"
    raise CheckFailed("a wrong password opens the slot")


def check_pdf() -> str:
    """A sheet is made and its text can be read again: fonts, ReportLab, QR code, PDFium."""
    import pypdfium2

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.documents.render import page_images
    from desktop_app.handouts.records import Sender, SheetEntry, SheetOptions, SheetPhone
    from desktop_app.handouts.service import HandoutService

    # The second name needs the wider of the shipped fonts.
    entry = SheetEntry(
        "1", "Begegnungscafé Süd", "Привіт", phones=(SheetPhone("030 123456"),), website="https://example.org"
    )
    sheet = HandoutService(FontLibrary(resources_folder() / "fonts")).info_sheet(
        [entry], SheetOptions(), Sender("Quartiersbüro"), today=_DAY.date()
    )
    document = pypdfium2.PdfDocument(sheet)
    try:
        page = document[0]
        text_page = page.get_textpage()
        text = text_page.get_text_bounded()
        text_page.close()
        page.close()
    finally:
        document.close()
    _demand("Begegnungscafé" in text and "030" in text and "Привіт" in text, "text of the sheet")
    _demand(len(page_images(sheet, 36)) >= 1, "picture of the sheet")
    return ""


def check_workbook() -> str:
    """A workbook is made and holds what was written."""
    import io
    import zipfile

    from desktop_app.documents.spreadsheet import Column, ColumnKind, SheetContent, workbook_bytes

    sheet = SheetContent(
        "Prüfung", (Column("Thema"), Column("Anzahl", ColumnKind.WHOLE_NUMBER)), rows=(("Begegnungscafé", 42),)
    )
    content = workbook_bytes([sheet], title="Prüfung", author="Quartiersbüro", created=_DAY)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        _demand("Begegnungscafé" in book.read("xl/sharedStrings.xml").decode("utf-8"), "text of the workbook")
        _demand(b"<v>42</v>" in book.read("xl/worksheets/sheet1.xml"), "number of the workbook")
    return ""


def check_similar_words() -> str:
    """The comparison of words is there."""
    from rapidfuzz.distance import OSA

    _demand(OSA.distance("pflege", "pfelge") == 1, "distance of two words")
    return ""


@contextmanager
def _small_store() -> Iterator[tuple[Store, Path, bytes]]:
    """Open a new encrypted database in a folder of its own for the block."""
    from desktop_app.core.clock import SystemClock
    from desktop_app.core.ids import UuidFactory
    from desktop_app.core.notices import NoticeBoard
    from desktop_app.storage.opening import create_store

    with tempfile.TemporaryDirectory(prefix="quartierslotse-", ignore_cleanup_errors=True) as folder:
        path, key, clock = Path(folder) / "selbstpruefung.db", secrets.token_bytes(32), SystemClock()
        store = create_store(path, key, clock, UuidFactory(clock), NoticeBoard())
        try:
            yield store, path, key
        finally:
            store.close()


def _nobody() -> Actor:
    from desktop_app.core.actor import Actor

    return Actor("self-test", "Selbstprüfung", "?")


def _demand(fulfilled: object, what: str) -> None:
    if not fulfilled:
        raise CheckFailed(what)
