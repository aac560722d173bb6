"""Rechner: who is in, who waits at the door, invite a further one, shut one out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from desktop_app.sync.protocol import MAX_LABEL_CHARACTERS
from desktop_app.sync.records import Desk, Invitation
from ui.shell.work_page import WorkPage
from ui.sync.pieces import ComparedWords, QrPicture, button_row, clear_column
from ui.sync.presenter import DeskView, Done, WaitingDesk
from ui.sync.wording import desk_badge, desk_facts, keeps_the_key, moment_words
from ui.theme.theme import active_theme
from ui.widgets.announce import announce
from ui.widgets.badge import Badge, Tone
from ui.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from ui.widgets.containers import Card
from ui.widgets.feedback import Notice
from ui.widgets.fields import TextField
from ui.widgets.labels import Divider, Words
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from ui.shell.tasks import TaskRunner
    from ui.sync.presenter import SyncPresenter

_LOOK_MS = 3_000


class DoorCard(Card):
    """A desk that wants in: its eight words, large. ``admitted`` and ``refused`` are the two answers."""

    admitted = Signal()
    refused = Signal()

    def __init__(self, waiting: WaitingDesk, parent: QWidget | None = None) -> None:
        super().__init__(tr("„{label}“ möchte dazu", label=waiting.desk.label), parent=parent)
        self.waiting = waiting
        self.body.addWidget(
            Words(
                tr("Gehen Sie zu dem neuen Rechner oder rufen Sie dort an. Auf beiden Bildschirmen müssen dieselben acht "
                   "Wörter in derselben Reihenfolge stehen. Nur dann ist es wirklich dieser Rechner; er sieht danach alles, "
                   "was Ihr Büro sieht."),
                wrap=True,
            )
        )  # fmt: skip
        self.words = ComparedWords(waiting.words)
        self.body.addWidget(self.words)
        self.state = Notice(
            waiting.problem
            or ("" if waiting.words else tr("Die Wörter erscheinen hier, sobald der andere Rechner antwortet …")),
            Tone.WARNING if waiting.problem else Tone.INFO,
            closable=False,
        )
        self.body.addWidget(self.state)
        self.admit_button = PrimaryButton(tr("Alle acht Wörter sind gleich: aufnehmen"), icon_name="check")
        self.admit_button.clicked.connect(lambda _on: self.admitted.emit())
        set_shown(self.admit_button, bool(waiting.words))
        self.refuse_button = QuietButton(
            tr("Nicht gleich: abweisen") if waiting.words else tr("Abweisen"), icon_name="x"
        )
        self.refuse_button.clicked.connect(lambda _on: self.refused.emit())
        self.body.addWidget(button_row(self.admit_button, self.refuse_button))


class DeskRow(QWidget):
    """One desk with what is known of it and, unless it is this one or locked completely, a button to shut it out."""

    def __init__(self, desk: Desk, facts: str, *, can_revoke: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.desk = desk
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Words(desk.label, "label", wrap=True))
        column.addWidget(Words(facts, "muted", wrap=True))
        row.addLayout(column, 1)
        badge = desk_badge(desk)
        if badge is not None:
            row.addWidget(Badge(badge.text, badge.tone), 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(row)
        self.revoke_button: Button | None = None
        if keeps_the_key(desk):
            whole.addWidget(
                Notice(
                    tr("Am Server gesperrt, hat aber noch den Büro-Schlüssel. Dateien vom USB-Stick kann er weiter lesen und "
                       "selbst welche ausgeben."),
                    Tone.DANGER,
                    closable=False,
                )
            )  # fmt: skip
            if can_revoke:
                self.revoke_button = Button(tr("Ganz sperren …"), icon_name="lock")
                self.revoke_button.setAccessibleName(tr("{label} ganz sperren", label=desk.label))
                whole.addWidget(self.revoke_button, 0, Qt.AlignmentFlag.AlignLeft)
        elif can_revoke and not desk.is_this and desk.revoked_on is None:
            self.revoke_button = QuietButton(tr("Sperren …"), icon_name="lock")
            self.revoke_button.setAccessibleName(tr("{label} sperren", label=desk.label))
            row.addWidget(self.revoke_button, 0, Qt.AlignmentFlag.AlignTop)


class DesksPart(QWidget):
    """The desks of the office. ``done`` carries a line for the foot of the window."""

    done = Signal(object)
    loaded = Signal()

    def __init__(self, presenter: SyncPresenter, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._tasks = tasks
        self._is_loading = self._load_again = False
        # Two desks that get to know each other answer in turns: while that goes on, nobody should have to press anything.
        self._look_again = QTimer(self)
        self._look_again.setInterval(_LOOK_MS)
        self._look_again.timeout.connect(self._look)
        self._to_revoke: Desk | None = None
        self.doors: list[DoorCard] = []
        self.rows: list[DeskRow] = []
        self.pane = WorkPage(self, tasks)
        self.notice, self.progress, self.work = self.pane.notice, self.pane.progress, self.pane.work
        self.work.began.connect(self._enable)
        self.work.ended.connect(self._enable)
        self.work.cancelled.connect(lambda: self.done.emit(Done(tr("Angehalten."))))
        self._doors = QVBoxLayout()
        self._doors.setSpacing(active_theme().px(16))
        self.pane.body.addLayout(self._doors)
        self._build_question()
        self._build_list()
        self._build_invitation()
        self.pane.body.addStretch(1)

    @property
    def is_asking(self) -> bool:
        """Whether something is open that Esc closes."""
        return self.question.isVisibleTo(self) or self.invite_card.isVisibleTo(self)

    def cancel(self) -> None:
        """Close what is open; a code that was shown stays good until it expires."""
        self._to_revoke = None
        set_shown(self.question, False)
        self._close_invitation()
        self.invite_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def load(self) -> None:
        """Ask the hub in the background; without a net the list says so and stays as it was."""
        if self._is_loading:
            self._load_again = True
            return
        self._read(anew=False)

    def _look(self) -> None:
        """Somebody waits, or was just invited: fetch and send, and look again."""
        expects = bool(self.doors) or self.code_view.isVisibleTo(self)
        if not expects or not self.isVisible():
            self._look_again.stop()
        elif not self._is_loading and not self.work.is_running:
            self._read(anew=True)

    def _read(self, *, anew: bool) -> None:
        self._is_loading = True
        self._tasks.run(
            lambda progress: self._presenter.desks(progress, anew=anew),
            on_done=self._show,
            on_error=self._not_loaded,
            on_cancelled=self._loaded,
            is_quiet=True,
        )

    # Building

    def _build_list(self) -> None:
        self.list_card = Card(tr("Rechner Ihres Büros"))
        self.list_card.body.addWidget(
            Words(
                tr("Alle diese Rechner sehen dasselbe: Kontakte, Akten, Verzeichnis. Was sie einander schicken, ist "
                   "verschlüsselt; der Server kann es nicht lesen."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.list_state = Words(tr("Wird geladen …"), "muted", wrap=True)
        self.list_card.body.addWidget(self.list_state)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(active_theme().px(12))
        self.list_card.body.addLayout(self._rows)
        self.invite_button = Button(tr("&Weiteren Rechner einladen …"), icon_name="plus")
        self.invite_button.clicked.connect(lambda _on: self._ask_for_label())
        self.list_card.body.addWidget(self.invite_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.pane.body.addWidget(self.list_card)

    def _build_invitation(self) -> None:
        theme = active_theme()
        self.invite_card = Card(tr("Weiteren Rechner einladen"))
        self.invite_form = QWidget()
        form = QVBoxLayout(self.invite_form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(theme.px(12))
        self.label = TextField(
            tr("Wie soll der Rechner &heißen?"),
            placeholder=tr("Beratungszimmer"),
            help_text=tr("So steht er in der Liste. Bitte keinen Personennamen."),
        )
        self.label.edit.setMaxLength(MAX_LABEL_CHARACTERS)
        self.label.edit.returnPressed.connect(self._invite)
        form.addWidget(self.label)
        self.code_button = PrimaryButton(tr("&Code erstellen"), icon_name="key-round")
        self.code_button.clicked.connect(lambda _on: self._invite())
        close = QuietButton(tr("A&bbrechen"))
        close.clicked.connect(lambda _on: self.cancel())
        form.addWidget(button_row(self.code_button, close))
        self.invite_card.body.addWidget(self.invite_form)
        self.code_view = QWidget()
        view = QVBoxLayout(self.code_view)
        view.setContentsMargins(0, 0, 0, 0)
        view.setSpacing(theme.px(12))
        self.code_words = Words("", wrap=True)
        view.addWidget(self.code_words)
        self.qr = QrPicture()
        view.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignLeft)
        self.code = Words("", "label", wrap=True, selectable=True)
        view.addWidget(self.code)
        self.copy_button = Button(tr("Code &kopieren"), icon_name="copy")
        self.copy_button.clicked.connect(lambda _on: self._copy())
        self.finish_button = PrimaryButton(tr("&Fertig"), icon_name="check")
        self.finish_button.clicked.connect(lambda _on: self.cancel())
        view.addWidget(button_row(self.copy_button, self.finish_button))
        self.invite_card.body.addWidget(self.code_view)
        set_shown(self.invite_card, False)
        self.pane.body.addWidget(self.invite_card)

    def _build_question(self) -> None:
        self.question = Card("")
        self.question.body.addWidget(
            Words(
                tr("Dieser Rechner bekommt und sendet dann nichts mehr, und Ihr Büro bekommt einen neuen Schlüssel. Was schon "
                   "auf ihm liegt, bleibt dort: Löschen lässt sich von hier aus nichts. Es ist mit seinem Passwort "
                   "verschlüsselt. Ist er gestohlen oder verloren, sagen Sie auch dem Datenschutz Bescheid."),
                wrap=True,
            )
        )  # fmt: skip
        self.confirm_button = DangerButton(tr("&Ja, sperren"), icon_name="lock")
        self.confirm_button.clicked.connect(lambda _on: self._revoke())
        self.keep_button = QuietButton(tr("&Doch nicht"), icon_name="arrow-left")
        self.keep_button.clicked.connect(lambda _on: self.cancel())
        self.question.body.addWidget(button_row(self.confirm_button, self.keep_button))
        set_shown(self.question, False)
        self.pane.body.addWidget(self.question)

    # Showing

    def _show(self, view: DeskView) -> None:
        self._loaded()
        set_shown(self.list_state, False)
        held = self._held()
        if [door.waiting for door in self.doors] != list(view.waiting):
            clear_column(self._doors)
            self.doors = [DoorCard(waiting) for waiting in view.waiting]
            for door, waiting in zip(self.doors, view.waiting, strict=True):
                door.admitted.connect(partial(self._admit, waiting.desk))
                door.refused.connect(partial(self._ask_for_revocation, waiting.desk))
                self._doors.addWidget(door)
        if [row.desk for row in self.rows] != list(view.desks):
            self._show_rows(view.desks)
        self._enable()
        if held is not None and self._held() is None:
            self._hold(*held)
        if self.doors:
            self._look_again.start()
        self.loaded.emit()

    def _held(self) -> tuple[str, bool] | None:
        """The desk whose button has the keyboard, and whether it is the one that turns it away."""
        focused: QWidget | None = self.window().focusWidget()
        if focused is None:
            return None
        for door in self.doors:
            if door.isAncestorOf(focused):
                return door.waiting.desk.device_id, focused is door.refuse_button
        row = next((row for row in self.rows if row.isAncestorOf(focused)), None)
        return (row.desk.device_id, True) if row is not None else None

    def _hold(self, device_id: str, is_refusing: bool) -> None:
        """Give the keyboard to the same button of what is new on the screen, else to one that is always there."""
        button: Button | None = None
        for door in self.doors:
            if door.waiting.desk.device_id == device_id:
                button = door.refuse_button if is_refusing or not door.waiting.words else door.admit_button
        for row in self.rows:
            if row.desk.device_id == device_id and is_refusing:
                button = row.revoke_button
        (button or self.invite_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_rows(self, desks: tuple[Desk, ...]) -> None:
        clear_column(self._rows)
        self.rows = []
        today = self._presenter.today()
        ordered = sorted(
            desks,
            key=lambda desk: (
                not keeps_the_key(desk),
                desk.revoked_on is not None,
                not desk.is_this,
                desk.label.casefold(),
            ),
        )
        for place, desk in enumerate(ordered):
            if place:
                self._rows.addWidget(Divider())
            row = DeskRow(desk, desk_facts(desk, today), can_revoke=self._presenter.may_manage)
            if row.revoke_button is not None:
                row.revoke_button.clicked.connect(partial(self._ask_for_revocation, desk))
            self._rows.addWidget(row)
            self.rows.append(row)

    def _not_loaded(self, error: Exception) -> None:
        from desktop_app.core.errors import QuartierslotseError

        self._loaded()
        if not isinstance(error, QuartierslotseError):
            raise error
        self.list_state.setText(error.message)
        set_shown(self.list_state, True)
        self.loaded.emit()

    def _loaded(self) -> None:
        self._is_loading = False
        if self._load_again:
            self._load_again = False
            self.load()

    # Inviting

    def _ask_for_label(self) -> None:
        self.label.set_text("")
        self.label.set_error("")
        set_shown(self.question, False)
        set_shown(self.invite_form, True)
        set_shown(self.code_view, False)
        set_shown(self.invite_card, True)
        self.label.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        # Where not all of it has room, the field that has the keyboard is in view already.
        has_room = self.invite_card.sizeHint().height() <= self.pane.viewport().height()
        self.pane.bring_into_view(self.invite_card if has_room else self.label.edit)

    def _invite(self) -> None:
        label = self.label.text()
        if not label:
            self.label.set_error(tr("Bitte geben Sie dem Rechner einen Namen, zum Beispiel „Beratungszimmer“."))
            self.label.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.work.run(
            tr("Der Code wird erstellt"), lambda progress: self._presenter.invite(label, progress), self._invited
        )

    def _invited(self, invitation: Invitation) -> None:
        self.code_words.setText(
            tr("Auf dem neuen Rechner: Quartierslotse einrichten, dann „Abgleich“ öffnen und diesen Code einfügen, abtippen "
               "oder den QR-Code einlesen. Er gilt für einen Rechner, bis {moment}.",
               moment=moment_words(invitation.expires_at, self._presenter.now()))
        )  # fmt: skip
        self.code.setText(_breakable(invitation.code))
        self.code.setAccessibleName(invitation.code)
        self._shown_code = invitation.code
        self.qr.show_content(invitation.code)
        set_shown(self.invite_form, False)
        set_shown(self.code_view, True)
        self.copy_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pane.bring_into_view(self.finish_button)
        self._look_again.start()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._shown_code)
        announce(self, tr("Code kopiert."))
        self.done.emit(Done(tr("Code kopiert.")))

    def _close_invitation(self) -> None:
        self._shown_code = ""
        self.code.setText("")
        self.qr.show_content("")
        set_shown(self.invite_card, False)

    # Letting in and shutting out

    def _admit(self, desk: Desk) -> None:
        self.work.run(
            tr("„{label}“ bekommt den Schlüssel", label=desk.label),
            lambda progress: self._presenter.admit(desk.device_id, progress),
            lambda _nothing: self._admitted(desk),
        )

    def _admitted(self, desk: Desk) -> None:
        self.done.emit(Done(tr("„{label}“ gehört jetzt dazu.", label=desk.label)))
        self.invite_button.setFocus(Qt.FocusReason.OtherFocusReason)  # what was pressed goes
        self.load()

    def _ask_for_revocation(self, desk: Desk, _checked: bool = False) -> None:
        self._to_revoke = desk
        self._close_invitation()
        self.question.set_title(tr("„{label}“ sperren?", label=desk.label))
        set_shown(self.question, True)
        self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pane.bring_into_view(self.question, self.keep_button)

    def _revoke(self) -> None:
        desk = self._to_revoke
        if desk is not None:
            self.work.run(
                tr("„{label}“ wird gesperrt", label=desk.label),
                lambda progress: self._presenter.revoke(desk.device_id, progress),
                lambda _nothing: self._revoked(desk),
            )

    def _revoked(self, desk: Desk) -> None:
        self._to_revoke = None
        self.invite_button.setFocus(Qt.FocusReason.OtherFocusReason)  # what was pressed goes
        set_shown(self.question, False)
        self.done.emit(Done(tr("„{label}“ ist gesperrt.", label=desk.label)))
        self.load()

    def _enable(self) -> None:
        is_free = not self.work.is_running
        for button in (self.invite_button, self.code_button, self.confirm_button):
            button.setEnabled(is_free)
        for door in self.doors:
            door.admit_button.setEnabled(is_free)
            door.refuse_button.setEnabled(is_free)
        for row in self.rows:
            if row.revoke_button is not None:
                row.revoke_button.setEnabled(is_free)


def _breakable(code: str) -> str:
    """The code in groups that a label can break between; whoever types or selects it may leave the blanks in."""
    first, *groups = code.split("-")
    return f"{first}-{' '.join(groups)}"
