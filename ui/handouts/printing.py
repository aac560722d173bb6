"""From the bytes of a PDF to paper: the very pages of the preview, drawn at the printer's resolution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRect, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr

PRINT_DPI = 300
"""Sharp for letters of 12 points and more; an A4 page at 1,200 dpi would take half a gigabyte."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """What is to be printed."""

    title: str
    pdf: bytes
    pages: int
    page_width_points: float
    page_height_points: float


AskForPrinter = Callable[[PrintJob, QWidget], QPrinter | None]
"""Asks where to print; ``None`` means that the person changed their mind. Tests hand in their own."""


def print_job(title: str, pdf: bytes) -> PrintJob:
    """Describe a PDF as a job. Raises UserError if the bytes are not a PDF."""
    from desktop_app.documents.render import page_sizes

    sizes = page_sizes(pdf)
    return PrintJob(title, pdf, len(sizes), *sizes[0])


def prepare_printer(printer: QPrinter, job: PrintJob) -> None:
    """Set paper, resolution and name, so that a page of the PDF covers a page of the printer."""
    printer.setResolution(PRINT_DPI)
    printer.setDocName(job.title)
    printer.setCreator("Quartierslotse")
    size = QPageSize(
        QSizeF(job.page_width_points, job.page_height_points),
        QPageSize.Unit.Point,
        "",
        QPageSize.SizeMatchPolicy.FuzzyMatch,
    )
    printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    printer.setFullPage(True)


def ask_with_system_dialog(job: PrintJob, parent: QWidget) -> QPrinter | None:
    """Ask with the print dialog of the system.

    Raises:
        UserError: this computer has no printer.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise UserError(
            tr(
                "Auf diesem Computer ist kein Drucker eingerichtet. Sie können das Blatt als PDF speichern und woanders drucken."
            )
        )
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    prepare_printer(printer, job)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("„{title}“ drucken", title=job.title))
    dialog.setMinMax(1, job.pages)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, job.pages > 1)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintSelection, False)
    try:
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
    finally:
        dialog.deleteLater()
    return printer if accepted else None


def send_to_printer(job: PrintJob, printer: QPrinter) -> int:
    """Draw the chosen pages of the job and return how many sheets sides were drawn.

    Raises:
        EnvironmentProblem: the printer (or the file it writes) does not accept the job.
    """
    from desktop_app.documents.render import iterate_page_images

    pages = chosen_pages(printer, job.pages)
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        raise EnvironmentProblem(
            tr("Der Drucker nimmt den Auftrag nicht an. Bitte prüfen Sie, ob er eingeschaltet und verbunden ist.")
        )
    try:
        rounds = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
        drawn = 0
        for _copy in range(rounds):
            for picture in iterate_page_images(job.pdf, min(printer.resolution(), PRINT_DPI), pages=pages):
                if drawn and not printer.newPage():
                    raise EnvironmentProblem(tr("Der Drucker hat abgebrochen. Bitte prüfen Sie Papier und Verbindung."))
                image = QImage(
                    picture.rgba, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBX8888
                )
                painter.drawImage(_fitting(image, painter.viewport()), image)
                drawn += 1
    finally:
        painter.end()
    return drawn


def chosen_pages(printer: QPrinter, pages: int) -> list[int]:
    """The pages the person asked for, counted from 0, in the order of the paper."""
    first, last = printer.fromPage(), printer.toPage()
    if printer.printRange() is not QPrinter.PrintRange.PageRange or first < 1:
        first, last = 1, pages
    numbers = list(range(first - 1, min(last or pages, pages)))
    if printer.pageOrder() is QPrinter.PageOrder.LastPageFirst:
        numbers.reverse()
    return numbers


def _fitting(image: QImage, room: QRect) -> QRect:
    """As large as the paper allows with the sides of the page kept; a printer with other paper must not stretch it."""
    factor = min(room.width() / image.width(), room.height() / image.height())
    width, height = round(image.width() * factor), round(image.height() * factor)
    return QRect(room.x() + (room.width() - width) // 2, room.y() + (room.height() - height) // 2, width, height)
