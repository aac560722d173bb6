"""USB-Stick: give out a file for the other desks of the office, and take theirs over. No network is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from desktop_app.core.translation import tr, tr_count
from desktop_app.sync.bundle_records import BundleGiven, BundleTaken
from ui.shell.work_page import WorkPage
from ui.sync.pieces import button_row
from ui.sync.presenter import Done
from ui.sync.wording import moment_words, number_words
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.containers import Card
from ui.widgets.labels import Words

if TYPE_CHECKING:
    from ui.shell.tasks import TaskRunner
    from ui.sync.presenter import SyncPresenter


AskForFolder = Callable[[QWidget], Path | None]


def ask_for_stick(parent: QWidget) -> Path | None:
    """Ask for the stick or folder with the dialog of the system."""
    chosen = QFileDialog.getExistingDirectory(parent, tr("Stick oder gemeinsamen Ordner wählen"))
    return Path(chosen) if chosen else None


def ask_for_bundle(parent: QWidget) -> Path | None:
    """Ask for one file with the dialog of the system."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent, tr("Abgleich-Datei wählen"), filter=tr("Abgleich-Dateien (*.qlabgleich)")
    )
    return Path(chosen) if chosen else None


class BundlePart(QWidget):
    """``done`` carries a line for the foot of the window."""

    done = Signal(object)

    def __init__(
        self,
        presenter: SyncPresenter,
        tasks: TaskRunner,
        parent: QWidget | None = None,
        *,
        ask_folder: AskForFolder = ask_for_stick,
        ask_file: AskForFolder = ask_for_bundle,
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.ask_folder, self.ask_file = ask_folder, ask_file
        self.pane = WorkPage(self, tasks)
        self.notice, self.progress, self.work = self.pane.notice, self.pane.progress, self.pane.work
        self.work.began.connect(self._enable)
        self.work.ended.connect(self._enable)
        self.work.cancelled.connect(self._cancelled)
        self._is_giving = False
        self._build_intro()
        self._build_giving()
        self._build_taking()
        self.pane.body.addStretch(1)

    def load(self) -> None:
        """Show when a file was last given out and taken over."""
        status, now = self._presenter.bundle_status(), self._presenter.now()
        self.given.setText(
            tr("Zuletzt ausgegeben: {moment}", moment=moment_words(status.last_given, now))
            if status.last_given is not None
            else tr("Von diesem Rechner wurde noch nichts ausgegeben.")
        )
        lines = [
            tr("Zuletzt übernommen von „{desk}“: {moment}", desk=desk.label, moment=moment_words(desk.taken_at, now))
            for desk in status.desks
        ]
        self.taken.setText("\n".join(lines) or tr("Hier wurde noch nichts übernommen."))
        self._enable()

    # Building

    def _build_intro(self) -> None:
        card = Card(tr("Ohne Netz: USB-Stick"))
        card.body.addWidget(
            Words(
                tr("Hat ein Rechner Ihres Büros kein Netz, tragen Sie die Daten auf einem Stick hin: hier ausgeben, dort "
                   "übernehmen – und ebenso zurück. Ein gemeinsamer Ordner geht auch. Zweimal übernehmen schadet nicht."),
                wrap=True,
            )
        )  # fmt: skip
        card.body.addWidget(
            Words(
                tr("Die Datei ist verschlüsselt; öffnen können sie nur die Rechner Ihres Büros. Weitervermittlungen an andere "
                   "Büros gehen nur über das Netz."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.pane.body.addWidget(card)

    def _build_giving(self) -> None:
        card = Card(tr("Ausgeben"))
        card.body.addWidget(Words(tr("Schreibt eine Datei mit dem, was den anderen Rechnern fehlt."), wrap=True))
        self.give_button = PrimaryButton(tr("Auf den Stick aus&geben …"), icon_name="upload")
        self.give_button.clicked.connect(lambda _on: self._give())
        card.body.addWidget(button_row(self.give_button))
        self.everything = QCheckBox(tr("&Alles ausgeben"))
        card.body.addWidget(self.everything)
        card.body.addWidget(
            Words(tr("Nur nötig, wenn der andere Rechner beim Übernehmen danach fragt."), "muted", wrap=True)
        )
        self.given = Words("", "muted", wrap=True)
        card.body.addWidget(self.given)
        self.pane.body.addWidget(card)

    def _build_taking(self) -> None:
        card = Card(tr("Übernehmen"))
        card.body.addWidget(
            Words(
                tr("Wählen Sie den Stick. Das Programm findet darauf von jedem anderen Rechner die neueste Datei. Was hier und "
                   "dort verschieden geändert wurde, steht danach unter Konflikte."),
                wrap=True,
            )
        )  # fmt: skip
        self.take_button = Button(tr("Vom Stick ü&bernehmen …"), icon_name="download")
        self.take_button.clicked.connect(lambda _on: self._take(self.ask_folder))
        self.file_button = QuietButton(tr("E&inzelne Datei …"), icon_name="file-input")
        self.file_button.clicked.connect(lambda _on: self._take(self.ask_file))
        card.body.addWidget(button_row(self.take_button, self.file_button))
        self.taken = Words("", "muted", wrap=True)
        card.body.addWidget(self.taken)
        self.pane.body.addWidget(card)

    # Acting

    def _give(self) -> None:
        folder = self.ask_folder(self)
        if folder is None:
            return
        self._is_giving = True
        everything = self.everything.isChecked()
        self.work.run(
            tr("Die Datei wird geschrieben"),
            lambda progress: self._presenter.give_out(folder, progress, everything=everything),
            self._gave,
        )

    def _take(self, ask: AskForFolder) -> None:
        source = ask(self)
        if source is None:
            return
        self._is_giving = False
        self.work.run(
            tr("Die Datei wird übernommen"), lambda progress: self._presenter.take_over(source, progress), self._took
        )

    def _gave(self, given: BundleGiven) -> None:
        self.everything.setChecked(False)
        self.load()
        self._tell(
            tr("Ausgegeben: {name}. Werfen Sie den Stick jetzt aus, bevor Sie ihn herausnehmen.", name=given.path.name)
        )

    def _took(self, taken: BundleTaken) -> None:
        self.load()
        self._tell(taken_words(taken), Tone.WARNING if taken.new_conflicts or taken.left_out else Tone.SUCCESS)

    def _tell(self, text: str, tone: Tone = Tone.SUCCESS) -> None:
        self.notice.show_text(text, tone)
        self.pane.show_top()
        self.done.emit(Done(text))

    def _cancelled(self) -> None:
        text = (
            tr("Abgebrochen. Es wurde keine Datei geschrieben.")
            if self._is_giving
            else tr("Angehalten. Was schon übernommen ist, bleibt; den Rest holt ein neues Übernehmen nach.")
        )
        self.done.emit(Done(text))

    def _enable(self) -> None:
        for part in (self.give_button, self.everything, self.take_button, self.file_button):
            part.setEnabled(not self.work.is_running)


def taken_words(taken: BundleTaken) -> str:
    """What taking over did, in a few sentences."""
    if taken.is_known:
        return tr("Das wurde hier schon übernommen. Es hat sich nichts geändert.")
    told = tr(
        "Von {desks} übernommen: {count}.",
        desks=", ".join(f"„{label}“" for label in taken.labels),
        count=tr_count("1 Eintrag", "{number} Einträge", taken.received, number=number_words(taken.received)),
    )
    if taken.new_conflicts:
        clashes = tr_count("{count} Konflikt ist neu.", "{count} Konflikte sind neu.", taken.new_conflicts)
        told = f"{told} {clashes}"
    if taken.left_out:
        rest = tr_count(
            "{count} Eintrag passt hier noch nicht; er kommt mit der nächsten Datei oder über das Netz.",
            "{count} Einträge passen hier noch nicht; sie kommen mit der nächsten Datei oder über das Netz.",
            taken.left_out,
        )
        told = f"{told} {rest}"
    return told
