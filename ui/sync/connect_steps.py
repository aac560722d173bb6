"""The steps of connecting: the code, what it means, the recovery sheet of the office, words to compare."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.sync.protocol import MAX_LABEL_CHARACTERS
from desktop_app.sync.records import ConnectionPreview, SpaceKind
from ui.setup.sheet_keeper import AskForFile, PrintSheet, SheetKeeper
from ui.sync.code_pictures import code_in_file, code_in_image
from ui.sync.pieces import ComparedWords, ShareRow, button_row, clear_column
from ui.sync.presenter import with_statistics
from ui.sync.wording import plan_line, suggested_label
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.containers import Card, FoldOut
from ui.widgets.feedback import Notice
from ui.widgets.fields import Field, TextField
from ui.widgets.labels import Divider, Words
from ui.widgets.record_view import KeyValueTable
from ui.widgets.visibility import set_shown

AskForPicture = Callable[[QWidget], Path | None]


def ask_for_picture(parent: QWidget) -> Path | None:
    """Ask for a picture with the dialog of the system."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or QDir.homePath()
    chosen, _ = QFileDialog.getOpenFileName(
        parent, tr("Bild mit dem QR-Code wählen"), folder, tr("Bilder (*.png *.jpg *.jpeg *.webp *.bmp)")
    )
    return Path(chosen) if chosen else None


class CodeStep(Card):
    """Paste, scan or type the code; or take it out of a picture. ``submitted`` comes with Enter, which a scanner sends."""

    submitted = Signal()

    def __init__(self, *, ask_picture: AskForPicture = ask_for_picture, parent: QWidget | None = None) -> None:
        super().__init__(tr("Der Anmeldecode"), parent=parent)
        self._ask_picture = ask_picture
        self.body.addWidget(
            Words(
                tr("Den Code haben Sie von der Stelle bekommen, die den Abgleich-Server betreibt, oder von einem Rechner Ihres "
                   "Büros, der schon verbunden ist. Er beginnt mit „QL1-“."),
                wrap=True,
            )
        )  # fmt: skip
        self.edit = QLineEdit()
        self.field = Field(
            tr("Anmelde&code"),
            self.edit,
            help_text=tr("Ein Handscanner kann den QR-Code direkt hier hinein lesen."),
        )
        self.edit.textEdited.connect(lambda _text: self.field.set_error(""))
        self.edit.returnPressed.connect(self.submitted)
        self.body.addWidget(self.field)
        self.paste_button = Button(tr("Aus der Zwischenablage &einfügen"), icon_name="clipboard-list")
        self.paste_button.clicked.connect(lambda _on: self._paste())
        self.picture_button = Button(tr("Aus einer &Bilddatei lesen …"), icon_name="folder-open")
        self.picture_button.clicked.connect(lambda _on: self._read_picture())
        self.body.addWidget(button_row(self.paste_button, self.picture_button))

    def code(self) -> str:
        """What was typed."""
        return self.edit.text().strip()

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the code."""
        self.field.set_error(sentence)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _paste(self) -> None:
        clipboard = QGuiApplication.clipboard()
        image = clipboard.image()
        if not clipboard.text().strip() and not image.isNull():
            self._take(lambda: code_in_image(image))
        elif clipboard.text().strip():
            self._take(lambda: " ".join(clipboard.text().split()))
        else:
            self.show_problem(
                tr("In der Zwischenablage ist nichts. Bitte kopieren Sie zuerst den Code oder sein Bild.")
            )

    def _read_picture(self) -> None:
        path = self._ask_picture(self)
        if path is not None:
            self._take(lambda: code_in_file(path))

    def _take(self, read: Callable[[], str]) -> None:
        try:
            code = read()
        except QuartierslotseError as problem:
            self.show_problem(problem.message)
            return
        self.field.set_error("")
        self.edit.setText(code)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)


class PreviewStep(QWidget):
    """Who the hub is, what would go where, and the name of this desk; nothing has been sent."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus
        )  # for the keyboard to begin at the top, above what is to be read
        self.setAccessibleName(tr("Was Verbinden bedeutet"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        who = Card(tr("Damit würden Sie sich verbinden"))
        self.facts = KeyValueTable()
        who.body.addWidget(self.facts)
        self.other_office = Notice(closable=False)
        who.body.addWidget(self.other_office)
        self.not_yet = Notice(
            tr("Bisher wurde nichts gesendet, nur der Server gefragt, wer er ist."), Tone.INFO, closable=False
        )
        who.body.addWidget(self.not_yet)
        column.addWidget(who)
        shares = Card(tr("Was dann wohin geht"))
        self._shares = QVBoxLayout()
        self._shares.setSpacing(theme.px(12))
        shares.body.addLayout(self._shares)
        column.addWidget(shares)
        name = Card(tr("Dieser Rechner"))
        self.label = TextField(
            tr("&Name dieses Rechners"),
            help_text=tr("So erkennen ihn die anderen Rechner des Büros. Bitte keinen Personennamen."),
        )
        self.label.edit.setMaxLength(MAX_LABEL_CHARACTERS)
        self._suggested = ""
        self.label.edit.returnPressed.connect(self.submitted)
        name.body.addWidget(self.label)
        self.then = Words("", wrap=True)
        name.body.addWidget(self.then)
        column.addWidget(name)

    def show_preview(self, preview: ConnectionPreview) -> None:
        """Show what the hub answered. A name that somebody typed stays."""
        set_shown(self.not_yet, True)
        if self.label.text() == self._suggested:
            self._suggested = suggested_label(preview)
            self.label.set_text(self._suggested)
        self.facts.set_rows(
            [
                (tr("Abgleich-Server"), preview.hub_address),
                (tr("Ihr Träger"), preview.carrier),
                (tr("Ihr Büro"), preview.office),
            ]
        )
        clear_column(self._shares)
        for place, share in enumerate(with_statistics(preview.shares)):
            if place:
                self._shares.addWidget(Divider())
            lines = []
            if share.kind is not SpaceKind.STATISTICS:  # nothing goes there, and its sentence says so
                lines.append(plan_line(share))
                if share.with_whom:
                    lines.insert(0, tr("Mit: {names}", names=", ".join(share.with_whom)))
            self._shares.addWidget(ShareRow(share, lines))
        self.other_office.show_text(preview.other_office, Tone.WARNING)
        self.then.setText(self._next_words(preview))

    @staticmethod
    def _next_words(preview: ConnectionPreview) -> str:
        if preview.is_coordination:
            return tr(
                "Der Code ist der einer Koordination: Sie liest das Verzeichnis, Daten der Büros bekommt sie nicht."
            )
        if preview.is_first_desk:
            return tr("Es ist der erste Rechner Ihres Büros: Danach drucken Sie den Büro-Schlüssel aus.")
        return tr("Ihr Büro hat schon verbundene Rechner: Danach nimmt einer von ihnen diesen auf. Dazu vergleichen zwei "
                  "Menschen acht Wörter.")  # fmt: skip


class SheetStep(Card):
    """The recovery sheet of the office: print or save, put it away, type its first group. ``confirmed`` ends it."""

    ready_changed = Signal(bool)

    def __init__(self, *, file_question: AskForFile, print_sheet: PrintSheet, parent: QWidget | None = None) -> None:
        super().__init__(tr("Der Büro-Schlüssel auf Papier"), parent=parent)
        self.body.addWidget(
            Words(
                tr("Was Ihr Büro auf den Server legt, kann nur Ihr Büro lesen. Fallen alle Rechner des Büros auf einmal aus "
                   "(Brand, Diebstahl), öffnet nur dieses Blatt die Daten wieder. Es ist ein anderes Blatt als das beim "
                   "Einrichten."),
                wrap=True,
            )
        )  # fmt: skip
        self.keeper = SheetKeeper(file_question=file_question, print_sheet=print_sheet, title=tr("Büro-Schlüssel"))
        self.keeper.ready_changed.connect(lambda _ready: self._tell())
        self.body.addWidget(self.keeper)
        self.group = TextField(
            tr("3. Tippen Sie die &erste Gruppe vom Blatt ab"),
            help_text=tr("So ist sicher, dass es gedruckt und lesbar ist."),
        )
        self.group.changed.connect(lambda _text: self._tell())
        self.body.addWidget(self.group)

    @property
    def is_ready(self) -> bool:
        """Whether the sheet lies safe and a group was typed."""
        return self.keeper.is_ready and bool(self.group.text())

    def _tell(self) -> None:
        self.ready_changed.emit(self.is_ready)


class AdmissionCard(QWidget):
    """This desk waits at the door: its words, what to do, and the way in without another desk."""

    confirmed = Signal()
    recovery_asked = Signal(str)
    leave_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # as long as there is nothing to confirm
        self.setAccessibleName(tr("Dieser Rechner wartet"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        card = Card(tr("Ein anderer Rechner muss diesen aufnehmen"))
        card.body.addWidget(
            Words(
                tr("1. Öffnen Sie an einem Rechner Ihres Büros, der schon verbunden ist, „Abgleich“ und dort „Rechner“.\n"
                   "2. Vergleichen Sie: Dort müssen dieselben acht Wörter stehen, in derselben Reihenfolge.\n"
                   "3. Nehmen Sie dort diesen Rechner auf, und bestätigen Sie es hier."),
                wrap=True,
            )
        )  # fmt: skip
        self.words = ComparedWords()
        card.body.addWidget(self.words)
        self.no_words = Notice(
            tr(
                "Die Wörter erscheinen hier, sobald der andere Rechner antwortet. Lassen Sie dort „Abgleich“, „Rechner“ offen."
            ),
            Tone.INFO,
            closable=False,
        )
        card.body.addWidget(self.no_words)
        self.confirm_button = PrimaryButton(tr("Alle acht &Wörter sind gleich"), icon_name="check")
        self.confirm_button.clicked.connect(lambda _on: self.confirmed.emit())
        self.leave_button = QuietButton(tr("Nicht gleich: &abbrechen"), icon_name="x")
        self.leave_button.clicked.connect(lambda _on: self.leave_asked.emit())
        self.choices = button_row(self.confirm_button, self.leave_button)
        card.body.addWidget(self.choices)
        self.waiting = Notice(closable=False)
        card.body.addWidget(self.waiting)
        card.body.addWidget(
            Words(
                tr("Sie können inzwischen weiterarbeiten und das Programm auch beenden: Dieser Rechner wartet weiter."),
                "muted",
                wrap=True,
            )
        )
        column.addWidget(card)
        self.alone = FoldOut(tr("Kein anderer &Rechner mehr da"))
        self.alone.body.addWidget(
            Words(
                tr("Dann öffnet der gedruckte Büro-Schlüssel die Daten. Tippen Sie alle Gruppen vom Blatt ab."),
                wrap=True,
            )
        )
        self.groups = TextField(tr("&Büro-Schlüssel"))
        self.groups.edit.returnPressed.connect(self._recover)
        self.alone.body.addWidget(self.groups)
        self.recover_button = Button(tr("&Daten mit dem Schlüssel holen"), icon_name="key-round")
        self.recover_button.clicked.connect(lambda _on: self._recover())
        self.alone.body.addWidget(self.recover_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.alone)
        self._is_busy = self._is_confirmed = False
        self.show_words(())

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody said here that these words are the same."""
        return self._is_confirmed

    def show_words(self, words: tuple[str, ...]) -> None:
        """Show this desk's words. Other words have to be confirmed anew."""
        if words != self.words.words:
            self.words.show_words(words)
            self._is_confirmed = False
            self._enable()
        set_shown(self.no_words, not words)
        set_shown(self.confirm_button, bool(words))
        self.leave_button.setText(tr("Nicht gleich: &abbrechen") if words else tr("&Abbrechen"))

    def show_confirmed(self) -> None:
        """The words were confirmed here; what is missing happens at the other desk."""
        if self.confirm_button.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # not on to the button that leaves
        self._is_confirmed = True
        self._enable()

    def show_waiting(self, sentence: str, tone: Tone = Tone.INFO) -> None:
        """Say what this desk waits for, or what is in the way."""
        self.waiting.show_text(sentence, tone)

    def show_busy(self, is_busy: bool) -> None:
        """Take no second answer while the first is worked on."""
        self._is_busy = is_busy
        self._enable()

    def _enable(self) -> None:
        self.confirm_button.setEnabled(not self._is_busy and not self._is_confirmed)
        for button in (self.leave_button, self.recover_button):
            button.setEnabled(not self._is_busy)

    def _recover(self) -> None:
        if not self.groups.text():
            self.groups.set_error(tr("Bitte tippen Sie alle Gruppen vom Blatt ab."))
            self.groups.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.recovery_asked.emit(self.groups.text())
