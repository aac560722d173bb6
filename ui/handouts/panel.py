"""The sheet on the screen: what is shown is what is printed, because both come from the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import QDir, QEvent, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFileDialog,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr, tr_count
from ui.handouts.presenter import FONT_SIZES, LONGEST_NOTE, PAPERS, HandoutPresenter, SheetOrder, save_pdf
from ui.handouts.preview import SheetPreview
from ui.handouts.printing import AskForPrinter, ask_with_system_dialog, print_job, send_to_printer
from ui.shell.tasks import TaskRunner
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.containers import ScrollPage
from ui.widgets.feedback import EmptyState, Notice
from ui.widgets.fields import Field
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PageTitle, Words

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress
    from desktop_app.handouts.records import SheetEntry

AskForFile = Callable[[QWidget, str], Path | None]
"""Asks where to save, given a suggested name; ``None`` means that the person changed their mind."""

_TYPING_PAUSE_MS = 350
_OPTIONS_WIDTH = 330
_OPTIONS_SHARE = 0.46


def ask_with_file_dialog(parent: QWidget, suggested_name: str) -> Path | None:
    """Ask with the file dialog of the system, beginning in the documents folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
    chosen, _ = QFileDialog.getSaveFileName(
        parent, tr("Blatt als PDF speichern"), str(Path(folder) / suggested_name), tr("PDF-Datei (*.pdf)")
    )
    return Path(chosen) if chosen else None


class HandoutPanel(QWidget):
    """Info sheet or Merkzettel: options on the left, the pages on the right, print and save above.

    ``HandoutPanel(application, service_ids, personal_note)``; ``close_requested`` asks the owner to take it away. The
    personal note lives in this panel only; :meth:`personal_note` hands it back to the card of the visitor.
    ``said`` carries one line and a tone for the foot of the window.
    """

    close_requested = Signal()
    printed = Signal(tuple)
    saved = Signal(object)
    said = Signal(str, object)
    ready = Signal()

    def __init__(
        self,
        application: Application,
        service_ids: Sequence[str],
        personal_note: str = "",
        parent: QWidget | None = None,
        *,
        tasks: TaskRunner | None = None,
        ask_printer: AskForPrinter = ask_with_system_dialog,
        ask_file: AskForFile = ask_with_file_dialog,
    ) -> None:
        super().__init__(parent)
        self._presenter = HandoutPresenter(application)
        self._tasks = tasks or TaskRunner(self)
        self._ask_printer = ask_printer
        self._ask_file = ask_file
        self._service_ids = tuple(dict.fromkeys(service_ids))
        self._entries: tuple[SheetEntry, ...] = ()
        self._options = self._presenter.options()
        self._order: SheetOrder | None = None
        self._shown_order: SheetOrder | None = None
        self._pdf = b""
        self._is_making = False
        self._when_ready: Callable[[], None] | None = None
        self.setObjectName("handoutPanel")
        self._build(personal_note)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_PAUSE_MS)
        self._typing.timeout.connect(self._renew)
        self.show_services(service_ids)

    # For the owner

    def show_services(self, service_ids: Sequence[str]) -> None:
        """Show a sheet for other services; the note stays."""
        self._service_ids = tuple(dict.fromkeys(service_ids))
        self.problem.hide()
        try:
            self._entries = self._presenter.entries(self._service_ids)
        except QuartierslotseError as problem:
            self._entries = ()
            self._show_problem(problem)
        self._contents.setText(self._contents_text())
        self._renew()

    def service_ids(self) -> tuple[str, ...]:
        """What is on the sheet."""
        return self._service_ids

    def personal_note(self) -> str:
        """What was typed for this visitor. Never stored, never logged."""
        return self.note_edit.toPlainText().strip()

    def pdf(self) -> bytes:
        """The bytes that are shown and printed; empty while they are made for the first time."""
        return self._pdf

    def main_focus(self) -> QWidget:
        """The control that gets the keyboard when the panel opens."""
        return self.print_button

    def print_now(self) -> None:
        """Print what is shown (``Ctrl+P``); if a newer version is being made, that one as soon as it is there."""
        self._run_when_ready(self._print)

    def save_now(self) -> None:
        """Save what is shown as a PDF (``Ctrl+S``)."""
        self._run_when_ready(self._save)

    # Building

    def _build(self, personal_note: str) -> None:
        theme = active_theme()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(8))
        outer.setSpacing(theme.px(8))
        head = QWidget()
        actions = FlowLayout(head, gap=theme.px(8))
        self.back_button = QuietButton(tr("&Zurück"), icon_name="arrow-left")
        self.back_button.clicked.connect(self.close_requested)
        self.print_button = PrimaryButton(tr("&Drucken …"), icon_name="printer")
        self.print_button.setToolTip(tr("Drucken (Strg+P)"))
        self.print_button.clicked.connect(self.print_now)
        self.save_button = Button(tr("Als PDF &speichern …"), icon_name="download")
        self.save_button.setToolTip(tr("Als PDF speichern (Strg+S)"))
        self.save_button.clicked.connect(self.save_now)
        for button in (self.back_button, self.print_button, self.save_button):
            actions.addWidget(button)
        outer.addWidget(head)
        self.problem = Notice()
        outer.addWidget(self.problem)
        columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        columns.setSpacing(theme.px(8))
        outer.addLayout(columns, 1)
        self._left = ScrollPage(margin=4)
        self._fill_options(personal_note)
        columns.addWidget(self._left)
        self.preview = SheetPreview(tr("Vorschau des Blattes"))
        self._waiting = EmptyState("file-text", tr("Das Blatt wird erstellt …"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(self.preview)
        columns.addWidget(self._stack, 1)
        for keys, command in (
            (QKeySequence.StandardKey.Print, self.print_now),
            (QKeySequence.StandardKey.Save, self.save_now),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(command)

    def _fill_options(self, personal_note: str) -> None:
        theme = active_theme()
        body = self._left.body
        body.setSpacing(theme.px(12))
        self.title_label = PageTitle("")
        self.title_label.setWordWrap(True)
        body.addWidget(self.title_label)
        self._contents = Words("", "muted", wrap=True)
        body.addWidget(self._contents)
        self.paper = SegmentedControl(
            tr("Papier"), [Choice(paper, paper) for paper in PAPERS], value=self._options.paper
        )
        self.paper.changed.connect(self._use_paper)
        _add_labelled(body, tr("Papier"), self.paper)
        self.points = SegmentedControl(
            tr("Schriftgröße"),
            [Choice(str(points), tr("{points} Punkt", points=points)) for points in FONT_SIZES],
            value=str(self._options.font_points),
        )
        self.points.changed.connect(self._use_points)
        _add_labelled(body, tr("Schriftgröße"), self.points)
        self.note_edit = QPlainTextEdit(personal_note[:LONGEST_NOTE])
        self.note_edit.setTabChangesFocus(True)
        self.note_edit.setPlaceholderText(tr("zum Beispiel: Bitte Ausweis mitnehmen. Frau Yilmaz erwartet Sie."))
        self.note_edit.textChanged.connect(self._note_typed)
        self._note_field = Field(
            tr("Persönliche &Notiz"),
            self.note_edit,
            help_text=tr("Steht nur auf diesem Ausdruck und wird nirgends gespeichert."),
        )
        body.addWidget(self._note_field)
        body.addStretch(1)
        self._fit()

    # Options

    def _use_paper(self, code: str) -> None:
        self._options = replace(self._options, paper=cast(Literal["A4", "A5"], code))
        self._options_chosen()

    def _use_points(self, code: str) -> None:
        self._options = replace(self._options, font_points=cast(Literal[12, 14, 18], int(code)))
        self._options_chosen()

    def _options_chosen(self) -> None:
        try:
            self._presenter.remember_options(self._options)
        except QuartierslotseError as problem:
            self._show_problem(problem)
        self._renew()

    def _note_typed(self) -> None:
        text = self.note_edit.toPlainText()
        if len(text) > LONGEST_NOTE:
            blocked = self.note_edit.blockSignals(True)
            cursor = self.note_edit.textCursor()
            place = min(cursor.position(), LONGEST_NOTE)
            self.note_edit.setPlainText(text[:LONGEST_NOTE])
            cursor = self.note_edit.textCursor()
            cursor.setPosition(place)
            self.note_edit.setTextCursor(cursor)
            self.note_edit.blockSignals(blocked)
            self._note_field.set_error(tr("Mehr als {count} Zeichen passen nicht.", count=LONGEST_NOTE))
        else:
            self._note_field.set_error("")
        self._typing.start()

    # Making

    def _renew(self) -> None:
        """Make the newest version; while one is being made the newest request waits for it."""
        self._typing.stop()
        has_entries = bool(self._entries)
        for button in (self.print_button, self.save_button):
            button.setEnabled(has_entries)
        if not has_entries:
            self._waiting.sentence.setText(tr("Auf dem Blatt steht noch nichts."))
            self._waiting.detail.setText(tr("Wählen Sie im Verzeichnis ein Angebot und dann „Infoblatt“."))
            self._waiting.detail.show()
            self._stack.setCurrentWidget(self._waiting)
            self.title_label.setText(tr("Merkzettel"))
            return
        self._order = self._presenter.order(self._entries, self._options, self.personal_note())
        self.title_label.setText(tr("Merkzettel") if self._order.is_basket else tr("Infoblatt"))
        if not self._is_making:
            self._make()

    def _make(self) -> None:
        order = self._order
        if order is None or order == self._shown_order:
            self._settled()
            return
        self._is_making = True

        def work(_progress: Progress) -> tuple[SheetOrder, bytes]:
            return order, self._presenter.make(order)

        self._tasks.run(work, on_done=self._made, on_error=self._not_made)

    def _made(self, result: tuple[SheetOrder, bytes]) -> None:
        if not isValid(self):
            return  # the sheet was taken away while it was made
        self._is_making = False
        self._shown_order, self._pdf = result
        self.preview.show_pdf(self._pdf)
        self._stack.setCurrentWidget(self.preview)
        if self._order != self._shown_order:
            self._make()
            return
        self._settled()

    def _not_made(self, problem: Exception) -> None:
        if not isValid(self):
            return
        self._is_making = False
        self._when_ready = None
        if not isinstance(problem, QuartierslotseError):
            self._tasks.failed.emit(problem)
        self._show_problem(problem)

    def _settled(self) -> None:
        self.ready.emit()
        action, self._when_ready = self._when_ready, None
        if action is not None:
            action()

    def _run_when_ready(self, action: Callable[[], None]) -> None:
        if not self._entries:
            return
        if self._typing.isActive():
            self._renew()
        if self._is_making or self._shown_order != self._order:
            self._when_ready = action
            if not self._is_making:
                self._make()
            return
        action()

    # Printing and saving

    def _print(self) -> None:
        if self._shown_order is None:
            return
        self.problem.hide()
        try:
            job = print_job(self._presenter.title(self._shown_order), self._pdf)
            printer = self._ask_printer(job, self)
            if printer is None:
                return
            QApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
            try:
                sides = send_to_printer(job, printer)
            finally:
                QApplication.restoreOverrideCursor()
        except QuartierslotseError as problem:
            self._show_problem(problem)
            return
        self.said.emit(tr_count("1 Seite gedruckt.", "{count} Seiten gedruckt.", sides), Tone.SUCCESS)
        self.printed.emit(self._service_ids)

    def _save(self) -> None:
        if self._shown_order is None:
            return
        self.problem.hide()
        target = self._ask_file(self, self._presenter.file_name(self._shown_order))
        if target is None:
            return
        try:
            target = save_pdf(self._pdf, target)
        except QuartierslotseError as problem:
            self._show_problem(problem)
            return
        self.said.emit(tr("„{name}“ gespeichert.", name=target.name), Tone.SUCCESS)
        self.saved.emit(target)

    def _show_problem(self, problem: Exception) -> None:
        text = str(problem) if isinstance(problem, QuartierslotseError) else ""
        self.problem.show_text(
            text or tr("Das Blatt konnte nicht erstellt werden. Bitte melden Sie das mit dem Protokoll des Programms."),
            Tone.DANGER,
        )

    # Layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_left"):
            self._fit()

    def _fit(self) -> None:
        theme = active_theme()
        room = self.width() or theme.px(900)
        self._left.setFixedWidth(min(theme.scale.with_text(_OPTIONS_WIDTH), round(room * _OPTIONS_SHARE)))
        self.note_edit.setMinimumHeight(self.note_edit.fontMetrics().lineSpacing() * 4 + theme.px(16))
        self.note_edit.setMaximumHeight(self.note_edit.fontMetrics().lineSpacing() * 8)

    def _contents_text(self) -> str:
        if len(self._entries) == 1:
            return self._entries[0].title
        return "\n".join(f"{number}. {entry.title}" for number, entry in enumerate(self._entries, start=1))


def _add_labelled(body: QVBoxLayout, label: str, control: QWidget) -> None:
    column = QVBoxLayout()
    column.setSpacing(active_theme().px(2))
    column.addWidget(Words(label, "label"))
    column.addWidget(control)
    body.addLayout(column)
