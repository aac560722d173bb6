"""Protokoll: check it, keep its value, hand it on, and read who did what and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QEvent, QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.audit.export import AuditFormat
from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from ui.audit.log_table import LogTable
from ui.audit.presenter import AuditPresenter, LogView, Verdict
from ui.shell.page import Page
from ui.shell.tasks import Task, TaskRunner
from ui.theme.theme import active_theme
from ui.widgets.announce import announce
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import Notice, ProgressPanel
from ui.widgets.fields import ChoiceField, TextField
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import PageTitle, Words
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress

AskForTarget = Callable[[QWidget, str, AuditFormat], Path | None]

_COLUMN = 1100


def ask_for_target(parent: QWidget, suggested_name: str, export_format: AuditFormat) -> Path | None:
    """Ask where the log goes, beginning in the documents folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or QDir.homePath()
    label = {AuditFormat.CSV: tr("Tabelle als Text (CSV)"), AuditFormat.JSON: tr("Zum Nachprüfen (JSON)")}
    chosen, _ = QFileDialog.getSaveFileName(
        parent,
        tr("Protokoll speichern"),
        str(Path(folder) / suggested_name),
        f"{label[export_format]} (*.{export_format.value})",
    )
    return Path(chosen) if chosen else None


class AuditPage(Page):
    """The log, newest first. Reading, checking and writing run beside the window."""

    loaded = Signal(object)
    checked = Signal(object)

    def __init__(
        self,
        application: Application,
        parent: QWidget | None = None,
        *,
        tasks: TaskRunner | None = None,
        target_question: AskForTarget = ask_for_target,
    ) -> None:
        super().__init__(tr("Protokoll"), "history", "audit", parent=parent)
        self._presenter = AuditPresenter(application)
        self._tasks = tasks or TaskRunner(self)
        self._ask_target = target_question
        self._loading: Task | None = None
        self._working: Task | None = None
        # Before which entry each page begins that was turned, to find the way back.
        self._turned: list[int | None] = [None]
        self._older: int | None = None
        pane = ScrollPage(width=_COLUMN, margin=16)
        pane.body.addWidget(PageTitle(tr("Protokoll")))
        pane.body.addWidget(
            Words(
                tr("Hier steht, wer wann was mit welchem Datensatz getan hat, auch das Lesen von vertraulichen Notizen und "
                   "Personenakten. Inhalte stehen hier nie. Das Programm ändert und löscht keinen Eintrag."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        pane.body.addWidget(self._check_card())
        pane.body.addWidget(self._log_card())
        pane.body.addStretch(1)
        self.body.addWidget(pane, 1)

    # Page

    def main_focus(self) -> QWidget | None:
        return self.person.combo

    def on_shown(self) -> None:
        self.person.set_choices(self._presenter.people(), value=self.person.value() or None)
        self._load()

    def go_back(self) -> bool:
        if self._working is not None:
            self.progress.cancel.click()
            return True
        return False

    # Building

    def _check_card(self) -> Card:
        theme = active_theme()
        card = Card(tr("Prüfen und ausgeben"))
        card.body.addWidget(
            Words(
                tr("Die Prüfung findet jeden veränderten, gelöschten oder eingefügten Eintrag. Ob jemand mit Passwort und "
                   "Fachwissen das Ende abgeschnitten oder alles neu berechnet hat, zeigt sich nur an einem Prüfwert, der "
                   "außerhalb dieses Rechners liegt: Bitte notieren Sie ihn regelmäßig."),
                wrap=True,
            )
        )  # fmt: skip
        self.anchor_field = TextField(
            tr("&Früher notierter Prüfwert (wenn es einen gibt)"), placeholder="4711-3f2a-91c0-77de-0b1c"
        )
        card.body.addWidget(self.anchor_field)
        tools = QWidget()
        flow = FlowLayout(tools, gap=theme.px(12))
        self.check_button = PrimaryButton(tr("Protokoll &prüfen"), icon_name="shield-check")
        self.check_button.clicked.connect(self.check)
        flow.addWidget(self.check_button)
        export = QWidget()
        line = QHBoxLayout(export)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        self.format = SegmentedControl(
            tr("Dateiformat"), [Choice(AuditFormat.CSV, "&CSV"), Choice(AuditFormat.JSON, "&JSON")]
        )
        self._fit_tools()
        line.addWidget(self.format)
        self.export_button = Button(tr("Protokoll &speichern …"), icon_name="download")
        self.export_button.clicked.connect(self.export)
        line.addWidget(self.export_button)
        flow.addWidget(export)
        card.body.addWidget(tools)
        self.progress = ProgressPanel()
        self.progress.cancel_requested.connect(self._cancel)
        self.progress.hide()
        card.body.addWidget(self.progress)
        self.verdict = Notice(closable=False)
        card.body.addWidget(self.verdict)
        self._kept = QWidget()
        kept = QVBoxLayout(self._kept)
        kept.setContentsMargins(0, 0, 0, 0)
        kept.setSpacing(theme.px(4))
        self.anchor = Words("", "label", wrap=True, selectable=True)
        kept.addWidget(self.anchor)
        self.copy_button = QuietButton(tr("Prüfwert &kopieren"), icon_name="copy")
        self.copy_button.clicked.connect(self._copy_anchor)
        kept.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addWidget(self._kept)
        set_shown(self._kept, False)
        self._anchor_value = ""
        return card

    def _fit_tools(self) -> None:
        """Keep the two formats in one row."""
        self.format.setFixedWidth(sum(self.format.button(code).sizeHint().width() for code in self.format.codes()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and hasattr(self, "format"):
            self._fit_tools()
        return super().event(event)

    def _log_card(self) -> Card:
        theme = active_theme()
        card = Card(tr("Einträge"))
        filters = QWidget()
        flow = FlowLayout(filters, gap=theme.px(12))
        everybody, everything = Choice("", tr("alle")), Choice("", tr("alles"))
        self.person = ChoiceField(tr("&Wer"), [], unanswered=everybody)
        self.kind = ChoiceField(tr("&Art"), self._presenter.kinds(), unanswered=everything)
        self.day = TextField(tr("&Tag"), placeholder="22.11.2026")
        for field in (self.person, self.kind, self.day):
            field.setMinimumWidth(theme.px(200))
            flow.addWidget(field)
        self.person.changed.connect(lambda _code: self._filter())
        self.kind.changed.connect(lambda _code: self._filter())
        self.day.edit.editingFinished.connect(self._filter)
        self._shown_filter = ("", "", "")
        card.body.addWidget(filters)
        self.table = LogTable()
        card.body.addWidget(self.table)
        self.empty = Words(tr("Dazu gibt es keine Einträge."), "muted", wrap=True)
        set_shown(self.empty, False)
        card.body.addWidget(self.empty)
        turn = QWidget()
        line = FlowLayout(turn, gap=theme.px(12))
        self.newer_button = Button(tr("&Neuere"), icon_name="chevron-left")
        self.newer_button.clicked.connect(self._turn_back)
        self.older_button = Button(tr("Älte&re"), icon_name="chevron-right")
        self.older_button.clicked.connect(self._turn_on)
        line.addWidget(self.newer_button)
        line.addWidget(self.older_button)
        card.body.addWidget(turn)
        return card

    # Reading

    def _filter(self) -> None:
        chosen = (self.person.value(), self.kind.value(), self.day.text().strip())
        if chosen != self._shown_filter:
            self._turned = [None]
            self._load()

    def _turn_on(self) -> None:
        if self._older is not None:
            self._turned.append(self._older)
            self._load()

    def _turn_back(self) -> None:
        if len(self._turned) > 1:
            self._turned.pop()
            self._load()

    def _load(self) -> None:
        chosen = (self.person.value(), self.kind.value(), self.day.text().strip())
        try:
            wanted = self._presenter.wanted(*chosen)
        except InputError as error:
            self.day.set_error(error.message)
            return
        self.day.set_error("")
        self._shown_filter = chosen
        before = self._turned[-1]
        if self._loading is not None:
            self._loading.cancel()

        def work(progress: Progress) -> LogView:
            return self._presenter.page(wanted, before, progress)

        self._loading = task = self._tasks.run(
            work, on_done=lambda view: self._show(view, task), on_error=lambda problem: self._not_read(problem, task)
        )

    def _show(self, view: LogView, task: Task) -> None:
        if task is not self._loading:
            return
        self._loading = None
        self._older = view.older_before
        self.table.show_rows(view.rows)
        set_shown(self.table, bool(view.rows))
        set_shown(self.empty, not view.rows)
        self.newer_button.setEnabled(len(self._turned) > 1)
        self.older_button.setEnabled(view.older_before is not None)
        self.loaded.emit(view)

    def _not_read(self, problem: Exception, task: Task) -> None:
        if task is self._loading:
            self._loading = None
            self._show_failure(
                problem, tr("Das Protokoll konnte wegen eines Fehlers im Programm nicht gelesen werden.")
            )

    # Checking

    def check(self) -> None:
        """Walk the whole log, and compare with the value that was typed."""
        if self._working is not None:
            return
        try:
            anchor = self._presenter.anchor(self.anchor_field.text())
        except InputError as error:
            self.anchor_field.set_error(error.message)
            self.anchor_field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.anchor_field.set_error("")
        self.verdict.show_text("")

        def work(progress: Progress) -> Verdict:
            return self._presenter.verify(anchor, progress)

        self._begin(tr("Das Protokoll wird geprüft …"))
        self._working = self._tasks.run(
            work,
            on_done=self._show_verdict,
            on_error=lambda problem: self._failed(
                problem, tr("Das Protokoll konnte wegen eines Fehlers im Programm nicht geprüft werden.")
            ),
            on_cancelled=lambda: self._end(self.check_button, tr("Nicht geprüft: abgebrochen."), Tone.NEUTRAL),
            on_progress=self.progress.show_step,
        )

    def _show_verdict(self, verdict: Verdict) -> None:
        self._end(self.check_button)
        self.verdict.show_text(verdict.text, Tone.SUCCESS if verdict.is_whole else Tone.DANGER)
        self._anchor_value = verdict.anchor
        self.anchor.setText(tr("Prüfwert nach diesem Stand: {anchor}", anchor=verdict.anchor))
        set_shown(self._kept, bool(verdict.anchor))
        self.checked.emit(verdict)

    def _copy_anchor(self) -> None:
        # Nothing personal: it may stay in the clipboard.
        QGuiApplication.clipboard().setText(self._anchor_value)
        announce(self, tr("Prüfwert kopiert."))

    # Exporting

    def export(self) -> None:
        """Ask where to and write the whole log in the chosen format."""
        if self._working is not None:
            return
        export_format = AuditFormat(self.format.value())
        target = self._ask_target(self, self._presenter.file_name(export_format), export_format)
        if target is None:
            return
        self.clear_problem()

        def work(progress: Progress) -> Path:
            return self._presenter.export(export_format, target, progress)

        self._begin(tr("„{name}“ wird geschrieben …", name=target.name))
        self._working = self._tasks.run(
            work,
            on_done=self._exported,
            on_error=lambda problem: self._failed(
                problem, tr("Die Datei konnte wegen eines Fehlers im Programm nicht geschrieben werden.")
            ),
            on_cancelled=lambda: self._end(self.export_button, tr("Nicht gespeichert: abgebrochen."), Tone.NEUTRAL),
            on_progress=self.progress.show_step,
        )

    def _exported(self, target: Path) -> None:
        self._end(self.export_button, tr("„{name}“ gespeichert.", name=target.name), Tone.SUCCESS)
        self._turned = [None]
        self._load()

    # Both

    def _begin(self, title: str) -> None:
        for button in (self.check_button, self.export_button):
            button.setEnabled(False)
        self.progress.start(title)

    def _cancel(self) -> None:
        if self._working is not None:
            self._working.cancel()

    def _end(self, button: QWidget, text: str = "", tone: Tone = Tone.SUCCESS) -> None:
        focused: QWidget | None = self.focusWidget()
        had_focus = focused is not None and self.progress.isAncestorOf(focused)
        self._working = None
        self.progress.hide()
        self.check_button.setEnabled(True)
        self.export_button.setEnabled(True)
        if had_focus:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
        if text:
            self.say(text, tone=tone)

    def _failed(self, problem: Exception, sentence: str) -> None:
        self._end(self.check_button)
        self._show_failure(problem, sentence)

    def _show_failure(self, problem: Exception, sentence: str) -> None:
        if isinstance(problem, QuartierslotseError):
            self.show_problem(problem)
        else:
            self.show_problem(sentence)
            self._tasks.failed.emit(problem)
