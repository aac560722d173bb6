"""Sicherung: where to, when last, make one now, the list with what is known of each, restore with a look before, drill."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.backup.records import Backup, BackupsChanged, DrillReport, RestorePreview, Verification
from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from ui.administration.backup_presenter import (
    BackupPresenter,
    loss_sentence,
    moment_text,
    preview_rows,
)
from ui.shell.restore_notice import RestoreReady
from ui.shell.work_page import WorkPage
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.containers import Card
from ui.widgets.feedback import Notice
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Words
from ui.widgets.record_view import KeyValueTable
from ui.widgets.search_list import ResultList
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.notices import NoticeBridge
    from ui.shell.tasks import TaskRunner

_SHOWN_ROWS = 4

AskForFolder = Callable[[QWidget], Path | None]


def ask_for_backup_folder(parent: QWidget) -> Path | None:
    """Ask for a folder with the dialog of the system."""
    chosen = QFileDialog.getExistingDirectory(parent, tr("Ordner oder Stick für die Sicherungen wählen"))
    return Path(chosen) if chosen else None


class BackupPart(QWidget):
    """One part of the administration. ``said`` carries a line for the foot of the window."""

    said = Signal(str)

    def __init__(
        self,
        application: Application,
        notices: NoticeBridge,
        tasks: TaskRunner,
        *,
        ask_folder: AskForFolder = ask_for_backup_folder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = BackupPresenter(application)
        self._ask_folder = ask_folder
        self._chosen: RestorePreview | None = None
        self._protocol: Path | None = None
        self.pane = WorkPage(self, tasks)
        self.notice, self.progress, self.work = self.pane.notice, self.pane.progress, self.pane.work
        self.work.began.connect(self._enable)
        self.work.ended.connect(self.refresh)
        self.work.cancelled.connect(lambda: self.said.emit(tr("Abgebrochen. Es ist nichts zurückgeblieben.")))
        self._build_state()
        self._build_preview()
        self._build_list()
        self._build_drill()
        self.pane.body.addStretch(1)
        notices.listen(BackupsChanged, lambda _notice: self.refresh(), owner=self)

    @property
    def is_asking(self) -> bool:
        """Whether a restore waits for a yes or no."""
        return not self.preview_card.isHidden()

    def refresh(self) -> None:
        """Show how things stand."""
        status = self._presenter.status()
        self.facts.set_rows(self._presenter.facts(status))
        self.warning.show_text(status.warning, Tone.WARNING)
        self.backups.set_rows(self._presenter.rows() if self._presenter.may_make else [], preselect=True)
        self.drill_notice.show_text(
            tr(
                "Eine Rückspielprobe ist fällig: Nur wer einmal im Monat zurückspielt, weiß, dass die Sicherung etwas taugt."
            )
            if status.drill_due
            else "",
            Tone.INFO,
        )
        self._protocol = status.last_protocol
        self._enable()

    def cancel_preview(self) -> None:
        """Do not restore after all."""
        self._chosen = None
        self.preview_card.hide()
        self.restore_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # Building

    def _build_state(self) -> None:
        card = Card(tr("Sicherung"))
        card.body.addWidget(
            Words(
                tr("Beim ersten Öffnen am Tag wird von selbst gesichert: verschlüsselt, geprüft und nur mit Ihrem Passwort oder "
                   "dem Wiederherstellungsblatt lesbar. Ältere Sicherungen werden ausgedünnt; nach einem Jahr ist jede weg."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.warning = Notice(closable=False)
        card.body.addWidget(self.warning)
        self.facts = KeyValueTable()
        card.body.addWidget(self.facts)
        self.make_button = PrimaryButton(tr("&Jetzt sichern"), icon_name="hard-drive")
        self.make_button.clicked.connect(lambda _on: self._make())
        self.folder_button = Button(tr("&Ordner wählen …"), icon_name="folder-open")
        self.folder_button.clicked.connect(lambda _on: self._choose())
        card.body.addWidget(_row(self.make_button, self.folder_button))
        self.pane.body.addWidget(card)

    def _build_list(self) -> None:
        card = Card(tr("Vorhandene Sicherungen"))
        self.backups = ResultList(
            tr("Vorhandene Sicherungen"), empty_text=tr("Hier ist noch keine Sicherung."), activate_on_click=False
        )
        self.backups.fit_rows(_SHOWN_ROWS)
        card.body.addWidget(self.backups)
        self.verify_button = Button(tr("Gewählte &prüfen"), icon_name="check")
        self.verify_button.clicked.connect(lambda _on: self._verify())
        self.restore_button = Button(tr("Gewählte zurück&spielen …"), icon_name="history")
        self.restore_button.clicked.connect(lambda _on: self._look())
        card.body.addWidget(_row(self.verify_button, self.restore_button))
        self.pane.body.addWidget(card)

    def _build_preview(self) -> None:
        self.preview_card = Card(tr("Zurückspielen"))
        self.preview_head = Words("", wrap=True)
        self.preview_card.body.addWidget(self.preview_head)
        self.preview_table = KeyValueTable()
        self.preview_card.body.addWidget(self.preview_table)
        self.loss = Notice(closable=False)  # close to the buttons: it is seen with them in large letters too
        self.preview_card.body.addWidget(self.loss)
        self.preview_card.body.addWidget(
            Words(
                tr("Der heutige Stand wird vorher gesichert und bleibt unter anderem Namen liegen. Danach melden Sie sich neu "
                   "an."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.confirm_button = Button(tr("Ja, zurü&ckspielen"), icon_name="history")
        self.confirm_button.clicked.connect(lambda _on: self._bring_in())
        self.keep_button = QuietButton(tr("&Doch nicht"), icon_name="arrow-left")
        self.keep_button.clicked.connect(lambda _on: self.cancel_preview())
        self.preview_card.body.addWidget(_row(self.confirm_button, self.keep_button))
        self.preview_card.hide()
        self.pane.body.addWidget(self.preview_card)

    def _build_drill(self) -> None:
        card = Card(tr("Rückspielprobe"))
        card.body.addWidget(
            Words(
                tr("Die neueste Sicherung wird zur Probe in einen eigenen Ordner zurückgespielt, geöffnet und gezählt. Ihre "
                   "Daten bleiben unberührt; das Protokoll ist für die Akten."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.drill_notice = Notice(closable=False)
        card.body.addWidget(self.drill_notice)
        self.drill_button = Button(tr("Probe d&urchführen"), icon_name="life-buoy")
        self.drill_button.clicked.connect(lambda _on: self._drill())
        self.protocol_button = QuietButton(tr("Letztes Protoko&ll ansehen"), icon_name="file-text")
        self.protocol_button.clicked.connect(lambda _on: self._open_protocol())
        card.body.addWidget(_row(self.drill_button, self.protocol_button))
        self.pane.body.addWidget(card)

    # Acting

    def _choose(self) -> None:
        folder = self._ask_folder(self)
        if folder is None:
            return
        try:
            self._presenter.choose_folder(folder)
        except QuartierslotseError as problem:
            self.notice.show_text(problem.message, Tone.DANGER)
            return
        self.notice.hide()
        self.refresh()
        self.said.emit(tr("Ab jetzt wird nach „{folder}“ gesichert.", folder=folder))

    def _make(self) -> None:
        self.work.run(tr("Die Daten werden gesichert"), self._presenter.make, self._made)

    def _made(self, backup: Backup) -> None:
        self.notice.hide()
        self.said.emit(tr("Gesichert und geprüft: {moment}.", moment=moment_text(backup.made_at)))

    def _verify(self) -> None:
        name = self.backups.current_key()
        if name:
            self.work.run(
                tr("Die Sicherung wird geprüft"),
                lambda progress: self._presenter.verify(name, progress),
                self._verified,
            )

    def _verified(self, found: Verification) -> None:
        if found.is_good:
            self.notice.show_text(
                tr("Die Sicherung vom {moment} ist in Ordnung.", moment=moment_text(found.backup.made_at)), Tone.SUCCESS
            )
        else:
            self.notice.show_text(found.problem, Tone.DANGER)

    def _look(self) -> None:
        name = self.backups.current_key()
        if name:
            self.work.run(
                tr("Die Sicherung wird geprüft"), lambda progress: self._presenter.preview(name, progress), self._ask
            )

    def _ask(self, preview: RestorePreview) -> None:
        self.notice.hide()
        self._chosen = preview
        self.preview_head.setText(tr("Sicherung vom {moment}:", moment=moment_text(preview.backup.made_at)))
        self.loss.show_text(loss_sentence(preview), Tone.WARNING if preview.lost_contacts else Tone.INFO)
        self.preview_table.set_rows(preview_rows(preview))
        self.preview_card.show()
        self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pane.bring_into_view(self.preview_card, self.loss, self.keep_button)

    def _bring_in(self) -> None:
        if self._chosen is not None:
            backup = self._chosen.backup
            self.work.run(
                tr("Die Rückspielung wird vorbereitet"),
                lambda progress: self._presenter.bring_in(backup, progress),
                self._ready,
            )

    def _ready(self, ready: RestoreReady) -> None:
        self.preview_card.hide()
        self._presenter.announce(ready)

    def _drill(self) -> None:
        self.work.run(tr("Rückspielprobe"), self._presenter.drill, self._drilled)

    def _drilled(self, report: DrillReport) -> None:
        if report.is_good:
            self.notice.show_text(tr("Die Probe ist gelungen. Das Protokoll ist geschrieben."), Tone.SUCCESS)
        else:
            self.notice.show_text(report.steps[-1].remark, Tone.DANGER)

    def _open_protocol(self) -> None:
        if self._protocol is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._protocol))):
            self.notice.show_text(tr("Das Protokoll liegt hier: {file}", file=self._protocol), Tone.INFO)

    def _enable(self) -> None:
        is_free = not self.work.is_running
        may_make, has_some = self._presenter.may_make, self.backups.row_count() > 0
        for button in (self.make_button, self.folder_button):
            button.setEnabled(is_free and may_make)
        for button in (self.verify_button, self.drill_button):
            button.setEnabled(is_free and may_make and has_some)
        self.restore_button.setEnabled(is_free and self._presenter.may_restore and has_some)
        self.confirm_button.setEnabled(is_free)
        set_shown(self.protocol_button, self._protocol is not None)


def _row(*buttons: QWidget) -> QWidget:
    """Buttons beside each other, in the next line where there is no room."""
    row = QWidget()
    layout = FlowLayout(row, gap=active_theme().px(8))
    for button in buttons:
        layout.addWidget(button)
    return row
