"""Printing through a real QPrinter that writes a file: the paper is what the PDF is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdf
import pytest
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.documents.fonts import FontLibrary
from desktop_app.documents.render import page_images
from desktop_app.environment.folders import resources_folder
from desktop_app.handouts.records import Sender, SheetEntry, SheetOptions, SheetPhone
from desktop_app.handouts.service import HandoutService
from ui.handouts.printing import (
    PRINT_DPI,
    ask_with_system_dialog,
    chosen_pages,
    prepare_printer,
    print_job,
    send_to_printer,
)

A4, A5 = (595, 842), (420, 595)


def sheet(paper: str = "A4", entries: int = 1) -> bytes:
    service = HandoutService(FontLibrary(resources_folder() / "fonts"))
    return service.info_sheet(
        [
            SheetEntry(
                str(number), f"Angebot {number}", description="Wort " * 260, phones=(SheetPhone("030 23125-100"),)
            )
            for number in range(entries)
        ],
        SheetOptions(paper=paper, font_points=14),
        Sender("Büro Mitte"),
        today=date(2026, 11, 22),
    )


def file_printer(target: Path, job: object) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    prepare_printer(printer, job)
    return printer


def rounded(page: pypdf.PageObject) -> tuple[int, int]:
    return round(float(page.mediabox.width)), round(float(page.mediabox.height))


@pytest.mark.parametrize(("paper", "size"), [("A4", A4), ("A5", A5)])
def test_every_page_goes_onto_a_page_of_its_size(
    qtbot: QtBot, tmp_path: Path, paper: str, size: tuple[int, int]
) -> None:
    job = print_job("Merkzettel", sheet(paper, entries=3))
    printer = file_printer(tmp_path / "gedruckt.pdf", job)

    drawn = send_to_printer(job, printer)

    pages = pypdf.PdfReader(tmp_path / "gedruckt.pdf").pages
    assert drawn == job.pages == len(pages) >= 2
    for page in pages:
        assert all(abs(got - wanted) <= 1 for got, wanted in zip(rounded(page), size, strict=True))


def test_paper_shows_the_same_picture_as_the_preview(qtbot: QtBot, tmp_path: Path) -> None:
    pdf = sheet()
    job = print_job("Infoblatt", pdf)
    send_to_printer(job, file_printer(tmp_path / "gedruckt.pdf", job))

    shown, printed = (page_images(bytes_, 60)[0] for bytes_ in (pdf, (tmp_path / "gedruckt.pdf").read_bytes()))
    difference = 0
    first, second = (QImage(image.rgba, image.width, image.height, image.width * 4, QImage.Format.Format_RGBX8888)
                     for image in (shown, printed))  # fmt: skip
    second = second.scaled(first.size())
    for y in range(0, first.height(), 3):
        for x in range(0, first.width(), 3):
            difference += abs(first.pixelColor(x, y).lightness() - second.pixelColor(x, y).lightness())
    points = (first.width() // 3) * (first.height() // 3)
    assert difference / points < 12


def test_only_the_chosen_pages_are_printed(qtbot: QtBot, tmp_path: Path) -> None:
    job = print_job("Merkzettel", sheet(entries=4))
    printer = file_printer(tmp_path / "gedruckt.pdf", job)
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)

    assert chosen_pages(printer, job.pages) == [1, 2]
    assert send_to_printer(job, printer) == 2
    assert len(pypdf.PdfReader(tmp_path / "gedruckt.pdf").pages) == 2


def test_last_page_first_turns_the_order(qtbot: QtBot, tmp_path: Path) -> None:
    job = print_job("Merkzettel", sheet(entries=2))
    printer = file_printer(tmp_path / "gedruckt.pdf", job)
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)

    assert chosen_pages(printer, 3) == [2, 1, 0]


def test_the_printer_is_told_title_and_resolution(qtbot: QtBot, tmp_path: Path) -> None:
    job = print_job("Infoblatt Mittagstisch", sheet())
    printer = file_printer(tmp_path / "gedruckt.pdf", job)

    assert printer.docName() == "Infoblatt Mittagstisch"
    assert printer.resolution() == PRINT_DPI


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_refuses_is_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    job = print_job("Infoblatt", sheet())
    printer = file_printer(tmp_path / "gibt" / "es" / "nicht.pdf", job)

    with pytest.raises(EnvironmentProblem, match="Drucker"):
        send_to_printer(job, printer)


def test_what_is_no_pdf_is_a_sentence() -> None:
    with pytest.raises(UserError):
        print_job("Infoblatt", b"kein PDF")


def test_a_computer_without_printer_is_a_sentence(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    parent = QWidget()
    qtbot.addWidget(parent)

    with pytest.raises(UserError, match="kein Drucker"):
        ask_with_system_dialog(print_job("Infoblatt", sheet()), parent)


@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_system_dialog_is_asked(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, is_accepted: bool) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["Büro"]))
    seen: list[tuple[str, int]] = []

    def answer(dialog: QPrintDialog) -> int:
        seen.append((dialog.windowTitle(), dialog.maxPage()))
        return QDialog.DialogCode.Accepted if is_accepted else QDialog.DialogCode.Rejected

    monkeypatch.setattr(QPrintDialog, "exec", answer)
    parent = QWidget()
    qtbot.addWidget(parent)
    job = print_job("Merkzettel", sheet(entries=3))

    printer = ask_with_system_dialog(job, parent)

    assert seen == [("„Merkzettel“ drucken", job.pages)]
    assert (printer is not None) == is_accepted
    if printer is not None:
        assert printer.docName() == "Merkzettel"
