"""Abgleich: alone, on the way in, at the door, or connected - with the state, the conflicts and the desks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.sync.records import ConnectionState, RoundResult, SyncChanged, SyncStatus
from ui.setup.sheet_keeper import AskForFile, PrintSheet, ask_for_pdf, print_with_system
from ui.shell.long_work import LongWork
from ui.shell.page import Page, Target
from ui.shell.tasks import TaskRunner
from ui.sync.bundle_part import AskForFolder, BundlePart, ask_for_bundle, ask_for_stick
from ui.sync.conflicts_part import ConflictsPart
from ui.sync.connect_steps import AdmissionCard, AskForPicture, ask_for_picture
from ui.sync.connect_wizard import ConnectWizard
from ui.sync.desks_part import DesksPart
from ui.sync.presenter import Done, SyncPresenter
from ui.sync.state_part import StatePart
from ui.sync.targets import CONFLICTS_TARGET, STATE_TARGET
from ui.sync.wording import round_words
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import EmptyState, Notice, ProgressPanel
from ui.widgets.labels import Icon, PageTitle, Words
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from ui.shell.notices import NoticeBridge
    from ui.shell.tasks import Task
    from ui.sync.facade import SyncApplication

_COLUMN = 720
#: changes come in crowds while a round runs; the screen follows a few times a second at most
_RENEW_MS = 300
#: two desks that get to know each other answer in turns; nobody should have to press anything for that
_LOOK_MS = 3_000


class SyncPage(Page):
    """One of four: nothing yet, the wizard, waiting to be let in, connected."""

    def __init__(
        self,
        application: SyncApplication,
        notices: NoticeBridge,
        parent: QWidget | None = None,
        *,
        tasks: TaskRunner | None = None,
        ask_picture: AskForPicture = ask_for_picture,
        file_question: AskForFile = ask_for_pdf,
        print_sheet: PrintSheet = print_with_system,
        ask_stick: AskForFolder = ask_for_stick,
        ask_bundle: AskForFolder = ask_for_bundle,
    ) -> None:
        super().__init__(tr("Abgleich"), "refresh-cw", "sync", parent=parent)
        self._application = application
        self._presenter = SyncPresenter(application)
        self._tasks = tasks or TaskRunner(self)
        self._ask_stick, self._ask_bundle = ask_stick, ask_bundle
        self._is_stale = True
        self._status = SyncStatus(ConnectionState.NOT_CONNECTED, "")
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack)
        self._build_alone()
        self.wizard = ConnectWizard(
            self._presenter,
            self._tasks,
            ask_picture=ask_picture,
            file_question=file_question,
            print_sheet=print_sheet,
        )
        self.wizard.left.connect(self._wizard_left)
        self.wizard.finished.connect(self._connected)
        self.stack.addWidget(self.wizard)
        self._build_waiting()
        self._build_connected()
        self._look: Task | None = None
        self._look_again = QTimer(self)
        self._look_again.setInterval(_LOOK_MS)
        self._look_again.timeout.connect(self._look_at_door)
        self._renew_later = QTimer(self)
        self._renew_later.setSingleShot(True)
        self._renew_later.setInterval(_RENEW_MS)
        self._renew_later.timeout.connect(self._renew)
        notices.listen(SyncChanged, lambda _notice: self._changed(), owner=self)
        self._load()

    # Page

    def main_focus(self) -> QWidget | None:
        front = self.stack.currentWidget()
        if front is self.alone:
            return self.connect_button if self._presenter.may_manage else None
        if front is self.wizard:
            return self.wizard.code_step.edit
        if front is self.waiting:
            return self.admission.confirm_button if self.admission.words.words else self.admission
        return self.parts.button(self.parts.value())

    def on_shown(self) -> None:
        self._load()
        self._look_at_desks()

    def show_target(self, target: Target) -> None:
        if self.stack.currentWidget() is not self.connected:
            return
        if target.kind == CONFLICTS_TARGET and CONFLICTS_TARGET in self.parts.codes():
            self.show_part(CONFLICTS_TARGET)
            self.conflicts.focus_list()
        elif target.kind == STATE_TARGET:
            self.show_part(STATE_TARGET)

    def go_back(self) -> bool:
        front = self.stack.currentWidget()
        if front is self.wizard:
            self.wizard.go_back()
            return True
        if front is self.connected and self.part.currentWidget() is self.state and self.state.is_asking:
            self.state.cancel_question()
            return True
        if front is self.connected and self.part.currentWidget() is self.desks and self.desks.is_asking:
            self.desks.cancel()
            return True
        return False

    def show_part(self, code: str) -> None:
        """Bring a part of the connected page to the front. KeyError."""
        self.parts.set_value(code)
        self._show_part(code)

    # Building

    def _build_alone(self) -> None:
        theme = active_theme()
        self.alone = ScrollPage(width=_COLUMN, margin=16)
        self.alone.body.addWidget(PageTitle(tr("Abgleich")))
        may_manage = self._presenter.may_manage
        self.empty = EmptyState(
            "refresh-cw",
            tr("Dieser Rechner arbeitet allein."),
            detail=tr("Das kann so bleiben: Das Programm braucht kein Netz und fragt auch keines.")
            if may_manage
            else tr("Das kann so bleiben. Verbinden kann ihn, wer im Büro die Koordination hat."),
            action=tr("&Verbinden …") if may_manage else "",
        )
        self.connect_button = self.empty.button
        self.empty.action_requested.connect(self._begin)
        self.alone.body.addWidget(self.empty)
        card = Card(tr("Was der Abgleich bringt"))
        for icon, title, words in (
            ("book-open", tr("Ein Verzeichnis für alle"),
             tr("Jedes Büro pflegt seine Angebote; alle sehen sie, mit dem Tag der letzten Prüfung.")),
            ("lock", tr("Mehrere Rechner in Ihrem Büro"),
             tr("Empfang und Beratungszimmer sehen dieselben Kontakte und Akten. Auf dem Server liegen sie verschlüsselt; "
                "lesen kann sie nur Ihr Büro, kein anderer Träger.")),
            ("handshake", tr("Weitervermitteln von Büro zu Büro"),
             tr("Nur wenn die Person eingewilligt hat, und nur für das eine Büro lesbar.")),
        ):  # fmt: skip
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.px(12))
            line.addWidget(Icon(icon, "accent", 24), 0, Qt.AlignmentFlag.AlignTop)
            column = QVBoxLayout()
            column.setSpacing(theme.px(2))
            column.addWidget(Words(title, "label", wrap=True))
            column.addWidget(Words(words, wrap=True))
            line.addLayout(column, 1)
            card.body.addWidget(row)
        self.alone.body.addWidget(card)
        self.alone.body.addStretch(1)
        self.stack.addWidget(self.alone)

    def _build_waiting(self) -> None:
        self.waiting = ScrollPage(width=_COLUMN, margin=16)
        self.waiting.body.addWidget(PageTitle(tr("Abgleich")))
        self.waiting_notice = Notice()
        self.waiting.body.addWidget(self.waiting_notice)
        self.waiting_progress = ProgressPanel()
        self.waiting_progress.hide()
        self.waiting.body.addWidget(self.waiting_progress)
        self.admission = AdmissionCard()
        self.waiting_work = LongWork(self._tasks, self.waiting_progress, self.waiting_notice, self)
        self.waiting_work.began.connect(lambda: self.admission.show_busy(True))
        self.waiting_work.ended.connect(lambda: self.admission.show_busy(False))
        self.admission.confirmed.connect(self._confirm_words)
        self.admission.recovery_asked.connect(self._recover)
        self.admission.leave_asked.connect(self._leave_door)
        for part in (self.admission.alone, self.admission.choices):
            set_shown(part, self._presenter.may_manage)
        self.waiting.body.addWidget(self.admission)
        self.waiting.body.addStretch(1)
        self.stack.addWidget(self.waiting)

    def _build_connected(self) -> None:
        theme = active_theme()
        self.connected = QWidget()
        column = QVBoxLayout(self.connected)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), 0)
        head.setSpacing(theme.px(8))
        head.addWidget(PageTitle(tr("Abgleich")))
        choices = [Choice(STATE_TARGET, tr("&Stand"), "refresh-cw")]
        if self._presenter.may_decide:
            choices.append(Choice(CONFLICTS_TARGET, tr("K&onflikte"), "scale"))
        if self._presenter.may_manage:
            choices.append(Choice("desks", tr("&Rechner"), "monitor"))
        choices.append(Choice("bundle", tr("&USB-Stick"), "hard-drive"))
        self.parts = SegmentedControl(tr("Bereich des Abgleichs"), choices)
        self.parts.changed.connect(self._show_part)
        head.addWidget(self.parts)
        column.addLayout(head)
        self.part = QStackedWidget()
        column.addWidget(self.part, 1)
        self.state = StatePart(self._presenter, self._tasks)
        self.state.done.connect(self._tell)
        self.state.sheet_asked.connect(self._ask_for_sheet)
        self.state.left.connect(self._left)
        self.state.anew_asked.connect(self._begin)
        self.state.desks_asked.connect(self._go_to_desks)
        self.part.addWidget(self.state)
        self.conflicts = ConflictsPart(self._presenter)
        self.conflicts.done.connect(self._tell)
        self.conflicts.count_changed.connect(self._show_count)
        self.part.addWidget(self.conflicts)
        self.desks = DesksPart(self._presenter, self._tasks)
        self.desks.done.connect(self._tell)
        self.part.addWidget(self.desks)
        self.bundle = BundlePart(self._presenter, self._tasks, ask_folder=self._ask_stick, ask_file=self._ask_bundle)
        self.bundle.done.connect(self._tell)
        self.part.addWidget(self.bundle)
        self.stack.addWidget(self.connected)

    # Loading

    def _changed(self) -> None:
        self._is_stale = True
        if self.isVisible() and not self._renew_later.isActive():
            self._renew_later.start()

    def _renew(self) -> None:
        if self._is_stale and self.isVisible():
            self._load()

    def _load(self) -> None:
        """Show how things stand. A desk at the door that is in by now says so, whoever found it out."""
        self._is_stale = False
        self._status = self._presenter.status()
        front = self.stack.currentWidget()
        if front is self.wizard:
            return  # it knows itself when it is through
        keyboard: QWidget | None = self.window().focusWidget()
        had_keyboard = front is not None and keyboard is not None and front.isAncestorOf(keyboard)
        self._show_state()
        now = self.stack.currentWidget()
        if front is self.waiting and now is self.connected and self._status.state is not ConnectionState.PROBLEM:
            self.say(tr("Dieser Rechner gehört jetzt dazu."))
        if now is not front and had_keyboard:
            self._focus_main()

    def _show_state(self) -> None:
        state = self._status.state
        if state is ConnectionState.NOT_CONNECTED:
            self.stack.setCurrentWidget(self.alone)
        elif state is ConnectionState.WAITING_FOR_ADMISSION:
            self._load_waiting()
        else:
            self.stack.setCurrentWidget(self.connected)
            self.conflicts.load()
            front_part = self.part.currentWidget()
            if front_part is self.state:
                self.state.load(self._status)
            elif front_part is self.desks:
                self.desks.load()
            elif front_part is self.bundle:
                self.bundle.load()

    def _load_waiting(self) -> None:
        self.stack.setCurrentWidget(self.waiting)
        self._tell_waiting()
        if self._presenter.may_manage:
            self._look_again.start()
            self._look_at_door()

    def _look_at_door(self) -> None:
        """Ask whether this desk is let in by now, as long as somebody looks at it."""
        if self.stack.currentWidget() is not self.waiting or not self.isVisible():
            self._look_again.stop()
        elif self._look is None and not self.waiting_work.is_running:
            self._look = self._tasks.run(
                self._presenter.look_at_door,
                on_done=self._looked,
                on_error=self._not_looked,
                on_cancelled=self._look_ended,
                is_quiet=True,
            )

    def _looked(self, words: tuple[str, ...]) -> None:
        self._look_ended()
        self._status = self._presenter.status()
        if self._status.state is ConnectionState.WAITING_FOR_ADMISSION:
            had_words = bool(self.admission.words.words)
            self.admission.show_words(words)
            self._tell_waiting()
            if words and not had_words and self.admission.hasFocus():
                self.admission.confirm_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._load()

    def _not_looked(self, error: Exception) -> None:
        self._look_ended()
        if not isinstance(error, QuartierslotseError):
            raise error
        self.admission.show_waiting(error.message, Tone.WARNING)

    def _tell_waiting(self) -> None:
        """What stands in the way; while there are no words the card says itself what it waits for."""
        if self._status.problem:
            self.admission.show_waiting(self._status.problem, Tone.WARNING)
        elif self.admission.is_confirmed:
            self.admission.show_waiting(
                tr("Hier ist es bestätigt. Jetzt fehlt noch das Aufnehmen am anderen Rechner; danach geht es hier von "
                   "selbst weiter.")
            )  # fmt: skip
        else:
            self.admission.show_waiting(self._status.sentence if self.admission.words.words else "")

    def _look_ended(self) -> None:
        self._look = None

    def _show_part(self, code: str) -> None:
        self.clear_problem()
        part = {STATE_TARGET: self.state, CONFLICTS_TARGET: self.conflicts, "desks": self.desks, "bundle": self.bundle}[
            code
        ]
        self.part.setCurrentWidget(part)
        self._load()
        self._look_at_desks()

    def _look_at_desks(self) -> None:
        if self.stack.currentWidget() is self.connected and self.part.currentWidget() is self.state:
            self.state.look_at_desks()

    def _go_to_desks(self) -> None:
        self.show_part("desks")
        self.parts.button("desks").setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_count(self, count: int) -> None:
        if CONFLICTS_TARGET in self.parts.codes():
            text = tr("K&onflikte ({count})", count=count) if count else tr("K&onflikte")
            button = self.parts.button(CONFLICTS_TARGET)
            button.setText(text)
            button.setAccessibleName(text.replace("&", ""))
            button.updateGeometry()
            self.parts.updateGeometry()

    # The way in

    def _begin(self) -> None:
        self.stack.setCurrentWidget(self.wizard)
        self.wizard.begin()

    def _wizard_left(self) -> None:
        self.stack.setCurrentWidget(self.alone)
        self._load()
        self._application.start_sync()  # the sheet alone was put off
        self._focus_main()

    def _connected(self, done: Done) -> None:
        self.stack.setCurrentWidget(self.alone)
        self._load()
        self._application.start_sync()
        self._tell(done)
        self._focus_main()

    def _focus_main(self) -> None:
        focus = self.main_focus()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_for_sheet(self) -> None:
        self.stack.setCurrentWidget(self.wizard)
        self.wizard.begin_sheet()

    # At the door

    def _confirm_words(self) -> None:
        self.waiting_work.run(tr("Es wird nachgesehen"), self._presenter.confirm_admission, self._let_in)

    def _recover(self, groups: str) -> None:
        self.waiting_work.run(
            tr("Die Daten werden geholt"), lambda progress: self._presenter.recover(groups, progress), self._let_in
        )

    def _let_in(self, result: RoundResult | None) -> None:
        if result is None:
            self.admission.show_confirmed()
        self._load()
        if result is None:
            self.waiting.bring_into_view(self.admission.waiting)
        else:
            self.say(tr("Dieser Rechner gehört jetzt dazu. {told}", told=round_words(result)))

    def _leave_door(self) -> None:
        self.waiting_work.run(
            tr("Die Verbindung wird beendet"), self._presenter.disconnect, lambda _nothing: self._left()
        )

    def _left(self) -> None:
        self.admission.show_words(())
        self._load()

    def _tell(self, done: Done) -> None:
        self.say(done.text, self.undoing(done.undo, self._load))
