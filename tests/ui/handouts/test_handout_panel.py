"""The sheet panel by real keys: what is shown is what is printed and saved."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.core.errors import UserError
from desktop_app.documents.render import page_images
from tests.ui.office import CARE_POINT, LUNCH, SPORT, doubled_mnemonics, settle
from ui.handouts.panel import HandoutPanel
from ui.handouts.presenter import LONGEST_NOTE
from ui.handouts.printing import PrintJob, prepare_printer
from ui.shell.context import PageContext
from ui.theme.theme import ThemeController

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NOTE = "Frau Yilmaz-Sonnenschein erwartet Sie"


class Sheets:
    """Makes panels whose printer and file questions answer by themselves."""

    def __init__(self, qtbot: QtBot, context: PageContext, folder: Path) -> None:
        self.qtbot = qtbot
        self.context = context
        self.folder = folder
        self.jobs: list[PrintJob] = []
        self.names: list[str] = []
        self.printer_answer: Callable[[PrintJob], QPrinter | None] = self.file_printer
        self.file_answer: Path | None = folder / "blatt"

    def panel(self, *service_ids: str, note: str = "") -> HandoutPanel:
        panel = HandoutPanel(
            self.context.application,
            service_ids,
            note,
            tasks=self.context.tasks,
            ask_printer=self.ask_printer,
            ask_file=self.ask_file,
        )
        self.qtbot.addWidget(panel)
        panel.resize(1080, 640)
        with self.qtbot.waitExposed(panel):
            panel.show()
        panel.activateWindow()
        panel.main_focus().setFocus()
        if service_ids:
            self.wait_for(panel)
        return panel

    def wait_for(self, panel: HandoutPanel) -> None:
        self.qtbot.waitUntil(
            lambda: bool(panel.pdf()) and panel._shown_order == panel._order and not panel._typing.isActive(),
            timeout=20_000,
        )

    def ask_printer(self, job: PrintJob, _parent: QWidget) -> QPrinter | None:
        self.jobs.append(job)
        return self.printer_answer(job)

    def file_printer(self, job: PrintJob) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.folder / "gedruckt.pdf"))
        prepare_printer(printer, job)
        return printer

    def ask_file(self, _parent: QWidget, name: str) -> Path | None:
        self.names.append(name)
        return self.file_answer


@pytest.fixture
def sheets(qtbot: QtBot, application: Application, make_context: Callable[..., PageContext], tmp_path: Path) -> Sheets:
    return Sheets(qtbot, make_context(application), tmp_path)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


def width_of(pdf: bytes) -> int:
    return round(float(pypdf.PdfReader(BytesIO(pdf)).pages[0].mediabox.width))


def test_the_sheet_of_a_service_is_shown(sheets: Sheets) -> None:
    panel = sheets.panel(CARE_POINT)

    assert "Pflegestützpunkt Musterstadt-Mitte" in text_of(panel.pdf())
    assert "030 23125-100" in text_of(panel.pdf())
    assert panel.title_label.text() == "Infoblatt"
    assert panel.preview.isVisible()


def test_the_preview_is_drawn_from_the_very_pdf(sheets: Sheets) -> None:
    panel = sheets.panel(CARE_POINT)
    shown = panel.preview.pages()[0].image()
    width_in_points = pypdf.PdfReader(BytesIO(panel.pdf())).pages[0].mediabox.width

    picture = page_images(panel.pdf(), shown.width() / float(width_in_points) * 72)[0]
    same = QImage(picture.rgba, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBX8888)

    assert shown == same.copy()
    assert len(panel.preview.pages()) == len(pypdf.PdfReader(BytesIO(panel.pdf())).pages)


def test_ctrl_p_prints_what_is_shown(sheets: Sheets, qtbot: QtBot) -> None:
    panel = sheets.panel(CARE_POINT)
    with qtbot.waitSignal(panel.printed) as told:
        qtbot.keyClick(panel.note_edit, Qt.Key.Key_P, CTRL)

    assert told.args == [(CARE_POINT,)]
    assert sheets.jobs[0].pdf == panel.pdf()
    assert sheets.jobs[0].title == "Infoblatt Pflegestützpunkt Musterstadt-Mitte"
    assert len(pypdf.PdfReader(sheets.folder / "gedruckt.pdf").pages) == sheets.jobs[0].pages


def test_printing_at_once_waits_for_the_first_version(sheets: Sheets, qtbot: QtBot) -> None:
    panel = HandoutPanel(
        sheets.context.application, (LUNCH,), tasks=sheets.context.tasks, ask_printer=sheets.ask_printer
    )
    qtbot.addWidget(panel)
    assert panel.pdf() == b""

    with qtbot.waitSignal(panel.printed, timeout=20_000):
        panel.print_now()


def test_a_note_typed_in_the_last_moment_is_printed(sheets: Sheets, qtbot: QtBot) -> None:
    panel = sheets.panel(LUNCH)
    panel.note_edit.setFocus()
    qtbot.keyClicks(panel.note_edit, NOTE)
    with qtbot.waitSignal(panel.printed, timeout=20_000):
        qtbot.keyClick(panel.note_edit, Qt.Key.Key_P, CTRL)

    assert NOTE in text_of(sheets.jobs[0].pdf)


def test_the_note_is_on_paper_and_nowhere_else(sheets: Sheets, qtbot: QtBot, application: Application) -> None:
    panel = sheets.panel(LUNCH, SPORT, note=NOTE)
    assert NOTE in text_of(panel.pdf())
    assert panel.personal_note() == NOTE
    panel.save_now()
    assert NOTE not in sheets.names[0]

    values = [
        str(value)
        for (table,) in application.store.sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not table.startswith("search_")
        for row in application.store.sql(f'SELECT * FROM "{table}"')
        for value in row
    ]
    assert values
    assert not any("Sonnenschein" in value for value in values)
    assert "Sonnenschein" not in repr(panel._order)


def test_a_note_that_is_too_long_is_cut_with_a_sentence(sheets: Sheets) -> None:
    panel = sheets.panel(LUNCH)

    panel.note_edit.setPlainText("x" * (LONGEST_NOTE + 50))

    assert len(panel.personal_note()) == LONGEST_NOTE
    assert str(LONGEST_NOTE) in panel._note_field.below.text()


def test_paper_and_size_change_the_sheet_and_are_remembered(sheets: Sheets, qtbot: QtBot) -> None:
    panel = sheets.panel(CARE_POINT)
    a4 = width_of(panel.pdf())
    panel.paper.button("A4").setFocus()
    qtbot.keyClick(panel.paper.button("A4"), Qt.Key.Key_Right)
    panel.points.button("14").setFocus()
    qtbot.keyClick(panel.points.button("14"), Qt.Key.Key_Right)
    sheets.wait_for(panel)

    assert (a4, width_of(panel.pdf())) == (595, 420)
    again = sheets.panel(LUNCH)
    assert (again.paper.value(), again.points.value()) == ("A5", "18")
    assert width_of(again.pdf()) == 420


def test_several_services_are_a_merkzettel_in_their_order(sheets: Sheets) -> None:
    panel = sheets.panel(SPORT, LUNCH, SPORT)

    text = text_of(panel.pdf())
    assert panel.title_label.text() == "Merkzettel"
    assert panel.service_ids() == (SPORT, LUNCH)
    assert text.index("Gymnastik") < text.index("Mittagstisch")


def test_saving_writes_the_very_bytes_and_says_so(sheets: Sheets, qtbot: QtBot) -> None:
    panel = sheets.panel(CARE_POINT)
    with qtbot.waitSignal(panel.saved), qtbot.waitSignal(panel.said) as said:
        qtbot.keyClick(panel.note_edit, Qt.Key.Key_S, CTRL)

    assert (sheets.folder / "blatt.pdf").read_bytes() == panel.pdf()
    assert sheets.names == ["Infoblatt Pflegestützpunkt Musterstadt-Mitte.pdf"]
    assert said.args[0] == "„blatt.pdf“ gespeichert."


def test_saving_never_replaces_a_file_that_was_not_chosen(sheets: Sheets) -> None:
    (sheets.folder / "blatt.pdf").write_text("wichtig", encoding="utf-8")
    panel = sheets.panel(CARE_POINT)

    panel.save_now()

    assert (sheets.folder / "blatt.pdf").read_text(encoding="utf-8") == "wichtig"
    assert "gibt es schon" in panel.problem.words.text()


def test_a_folder_that_is_gone_is_a_sentence(sheets: Sheets) -> None:
    sheets.file_answer = sheets.folder / "gibt" / "es" / "nicht.pdf"
    panel = sheets.panel(CARE_POINT)

    panel.save_now()

    assert panel.problem.isVisible()
    assert "Ordner" in panel.problem.words.text()


def test_changing_ones_mind_prints_and_saves_nothing(sheets: Sheets) -> None:
    sheets.printer_answer = lambda _job: None
    sheets.file_answer = None
    panel = sheets.panel(CARE_POINT)
    before = set(sheets.folder.iterdir())

    panel.print_now()
    panel.save_now()

    assert set(sheets.folder.iterdir()) == before
    assert not panel.problem.isVisible()


def test_no_printer_is_a_sentence_with_a_way_out(sheets: Sheets) -> None:
    def refuse(_job: PrintJob) -> QPrinter | None:
        raise UserError("Auf diesem Computer ist kein Drucker eingerichtet.")

    sheets.printer_answer = refuse
    panel = sheets.panel(CARE_POINT)

    panel.print_now()

    assert "kein Drucker" in panel.problem.words.text()
    assert panel.problem.isVisible()


def test_an_empty_merkzettel_says_what_to_do(sheets: Sheets) -> None:
    panel = sheets.panel()

    assert not panel.print_button.isEnabled()
    assert "steht noch nichts" in panel._waiting.sentence.text()


def test_a_service_that_is_gone_is_a_sentence(sheets: Sheets) -> None:
    panel = sheets.panel(LUNCH)

    panel.show_services(("gibt-es-nicht",))

    assert panel.problem.isVisible()
    assert not panel.print_button.isEnabled()


@pytest.mark.parametrize(("percent", "width", "height"), [(100, 820, 560), (200, 1020, 620), (200, 820, 520)])
def test_nothing_is_cut_off(
    sheets: Sheets,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    percent: int,
    width: int,
    height: int,
) -> None:
    panel = sheets.panel(CARE_POINT, LUNCH)
    theme.use_text_percent(percent)
    panel.resize(width, height)
    settle(panel)

    assert cut_off(panel) == []
    assert unnamed_controls(panel) == []
    assert doubled_mnemonics(panel) == {}


def test_the_keyboard_scrolls_the_pages(sheets: Sheets, qtbot: QtBot) -> None:
    panel = sheets.panel(CARE_POINT, LUNCH, SPORT)
    panel.preview.setFocus()
    bar = panel.preview.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)

    qtbot.keyClick(panel.preview, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(panel.preview, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_back_asks_the_owner(sheets: Sheets, qtbot: QtBot) -> None:
    panel = sheets.panel(CARE_POINT)

    with qtbot.waitSignal(panel.close_requested):
        qtbot.keyClick(panel, Qt.Key.Key_Z, ALT)
