"""Stand: how the connection is, go now, rest a while, what goes where, what waits to be usable, leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr, tr_count
from desktop_app.sync.records import ConnectionState, RoundResult, SpaceKind, SyncStatus
from ui.shell.work_page import WorkPage
from ui.sync.pieces import ShareRow, button_row, clear_column
from ui.sync.presenter import Done
from ui.sync.wording import kept_words, moment_words, round_words, share_lines, state_icon, status_facts, status_words
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from ui.widgets.containers import Card, FoldOut
from ui.widgets.feedback import Notice
from ui.widgets.labels import Divider, Icon, Words
from ui.widgets.record_view import KeyValueTable
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from ui.shell.tasks import TaskRunner
    from ui.sync.presenter import SyncPresenter


class StatePart(QWidget):
    """How it stands, and what can be done about it.

    ``done`` carries a line for the foot, ``sheet_asked`` wants the sheet of the office, ``anew_asked`` the wizard,
    ``desks_asked`` the list of the desks, ``left`` says that the desk is alone.
    """

    done = Signal(object)
    sheet_asked = Signal()
    anew_asked = Signal()
    desks_asked = Signal()
    left = Signal()

    def __init__(self, presenter: SyncPresenter, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter, self._tasks = presenter, tasks
        self._is_looking = False
        self.pane = WorkPage(self, tasks)
        self.notice, self.progress, self.work = self.pane.notice, self.pane.progress, self.pane.work
        self.work.began.connect(self._enable)
        self.work.ended.connect(self._enable)
        self.work.failed.connect(self._failed)
        self.work.cancelled.connect(
            lambda: self.done.emit(Done(tr("Angehalten. Was schon übertragen ist, bleibt; der Rest folgt später.")))
        )
        self._build_state()
        self._build_shares()
        self._build_parked()
        self._build_sheet()
        self._build_leaving()
        self.pane.body.addStretch(1)
        self._status = SyncStatus(ConnectionState.NOT_CONNECTED, "")

    @property
    def is_asking(self) -> bool:
        """Whether the question about leaving is open."""
        return self.question.isVisibleTo(self)

    def load(self, status: SyncStatus) -> None:
        """Show how things stand."""
        self._status = status
        now = self._presenter.now()
        icon, colour = state_icon(status)
        self.icon.show_icon(icon, colour)
        is_problem = status.state is ConnectionState.PROBLEM
        self.sentence.setText(tr("Der Abgleich braucht Sie") if is_problem else status_words(status))
        self.problem.show_text(status.problem or status.trouble, Tone.WARNING if is_problem else Tone.INFO)
        set_shown(self.anew, status.is_shut_out)
        kept = kept_words(status.waiting_changes)
        self.kept_words.setText(kept)
        set_shown(self.kept_words, bool(kept))
        self.facts.set_rows(status_facts(status, now))
        self.how.setText(
            tr("Der Abgleich ruht, bis jemand ihn fortsetzt. Änderungen bleiben vorgemerkt.")
            if status.is_paused
            else tr("Der Abgleich läuft von selbst im Hintergrund. Ohne Netz arbeiten Sie weiter wie immer; alles wird "
                    "nachgeholt.")
        )  # fmt: skip
        set_shown(self.how, not status.is_shut_out)
        self.sheet_notice.show_text(
            tr("Der Büro-Schlüssel ist noch nicht gedruckt. Ohne ihn sind die abgeglichenen Daten verloren, wenn alle Rechner "
               "des Büros auf einmal ausfallen.")
            if status.needs_recovery_sheet and self._presenter.may_manage
            else "",
            Tone.WARNING,
            action=tr("Blatt drucken"),
        )  # fmt: skip
        clear_column(self._share_rows)
        shares = self._presenter.shares()
        has_key = any(share.kind is SpaceKind.OFFICE for share in shares) and status.last_success is not None
        is_printed = has_key and not status.needs_recovery_sheet and not status.is_shut_out
        set_shown(self.sheet_card, is_printed and self._presenter.may_manage)
        for place, share in enumerate(shares):
            if place:
                self._share_rows.addWidget(Divider())
            self._share_rows.addWidget(ShareRow(share, share_lines(share, now)))
        parked = self._presenter.parked()
        clear_column(self._parked_rows)
        for record in parked:
            line = f"{record.what}: {record.sentence}"
            self._parked_rows.addWidget(Words(line, wrap=True, selectable=True))
            since = tr("seit {moment}", moment=moment_words(record.since, now))
            self._parked_rows.addWidget(Words(since, "muted"))
        set_shown(self.parked_card, bool(parked))
        self._enable()

    def look_at_desks(self) -> None:
        """Ask beside the window whether a desk still has the office's key although the hub has shut it out."""
        rests = self._status.is_paused or self._status.state is ConnectionState.PROBLEM
        if self._presenter.may_manage and not rests and not self._is_looking:
            self._is_looking = True
            self._tasks.run(
                self._presenter.locked_at_hub_only,
                on_done=self._looked,
                on_error=self._not_looked,
                on_cancelled=self._look_ended,
                is_quiet=True,
            )

    def cancel_question(self) -> None:
        """Stay connected."""
        set_shown(self.question, False)
        self.leave_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def run_now(self) -> None:
        """Bring this desk into step, with progress in sight."""
        self.work.run(tr("Es wird abgeglichen"), self._presenter.run, self._ran)

    # Building

    def _build_state(self) -> None:
        theme = active_theme()
        card = Card(tr("Stand"))
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        self.icon = Icon("clock", "text_muted", 28)
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        self.sentence = Words("", "section", wrap=True)
        head.addWidget(self.sentence, 1)
        card.body.addLayout(head)
        self.problem = Notice(closable=False)
        card.body.addWidget(self.problem)
        card.body.addWidget(self._build_anew())
        self.sheet_notice = Notice(closable=False)
        self.sheet_notice.action_requested.connect(self.sheet_asked)
        card.body.addWidget(self.sheet_notice)
        self.locked = Notice(closable=False)
        self.locked.action_requested.connect(self.desks_asked)
        card.body.addWidget(self.locked)
        self.facts = KeyValueTable()
        card.body.addWidget(self.facts)
        self.how = Words("", "muted", wrap=True)
        card.body.addWidget(self.how)
        self.run_button = PrimaryButton(tr("&Jetzt abgleichen"), icon_name="refresh-cw")
        self.run_button.clicked.connect(lambda _on: self.run_now())
        self.pause_button = QuietButton(tr("&Pause"), icon_name="pause")
        self.pause_button.clicked.connect(lambda _on: self._pause())
        self.resume_button = Button(tr("&Fortsetzen"), icon_name="refresh-cw")
        self.resume_button.clicked.connect(lambda _on: self._resume())
        card.body.addWidget(button_row(self.run_button, self.pause_button, self.resume_button))
        self.pane.body.addWidget(card)

    def _build_anew(self) -> QWidget:
        """The ways out for a desk that was shut out: in again, or out for good."""
        self.anew = QWidget()
        column = QVBoxLayout(self.anew)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active_theme().px(12))
        self.kept_words = Words("", wrap=True)
        column.addWidget(self.kept_words)
        column.addWidget(
            Words(
                tr("Einen neuen Anmeldecode bekommen Sie an einem anderen Rechner Ihres Büros („Abgleich“, „Rechner“) oder von "
                   "der Stelle, die den Abgleich-Server betreibt. Danach wird zusammengefügt, was hier steht und was bei den "
                   "anderen steht."),
                wrap=True,
            )
        )  # fmt: skip
        column.addWidget(
            Words(
                tr("War es Absicht, beenden Sie die Verbindung: Dann arbeitet dieser Rechner allein weiter und fragt kein Netz "
                   "mehr.")
                if self._presenter.may_manage
                else tr("Neu verbinden kann ihn, wer im Büro die Koordination hat."),
                wrap=True,
            )
        )  # fmt: skip
        self.anew_button = PrimaryButton(tr("N&eu verbinden …"), icon_name="refresh-cw")
        self.anew_button.clicked.connect(lambda _on: self.anew_asked.emit())
        self.alone_button = Button(tr("&Allein weiterarbeiten …"), icon_name="log-out")
        self.alone_button.clicked.connect(lambda _on: self._go_alone())
        buttons = button_row(self.anew_button, self.alone_button)
        set_shown(buttons, self._presenter.may_manage)
        column.addWidget(buttons)
        set_shown(self.anew, False)
        return self.anew

    def _build_shares(self) -> None:
        card = Card(tr("Was wohin geht"))
        self._share_rows = QVBoxLayout()
        self._share_rows.setSpacing(active_theme().px(12))
        card.body.addLayout(self._share_rows)
        self.pane.body.addWidget(card)

    def _build_parked(self) -> None:
        self.parked_card = Card(tr("Zurückgestellt"))
        self.parked_card.body.addWidget(
            Words(
                tr(
                    "Das ist angekommen, lässt sich aber noch nicht verwenden. Es wird bei jedem Abgleich neu versucht."
                ),
                "muted",
                wrap=True,
            )
        )
        self._parked_rows = QVBoxLayout()
        self._parked_rows.setSpacing(active_theme().px(4))
        self.parked_card.body.addLayout(self._parked_rows)
        set_shown(self.parked_card, False)
        self.pane.body.addWidget(self.parked_card)

    def _build_sheet(self) -> None:
        self.sheet_card = Card(tr("Büro-Schlüssel auf Papier"))
        self.sheet_card.body.addWidget(
            Words(
                tr("Ist das gedruckte Blatt verloren oder war es in fremden Händen, drucken Sie sofort ein neues. Sobald das neue "
                   "bestätigt ist, gilt das frühere nicht mehr; vernichten Sie es dann."),
                wrap=True,
            )
        )  # fmt: skip
        self.sheet_button = QuietButton(tr("Büro-Sch&lüssel neu drucken …"), icon_name="printer")
        self.sheet_button.clicked.connect(lambda _on: self.sheet_asked.emit())
        self.sheet_card.body.addWidget(self.sheet_button, 0, Qt.AlignmentFlag.AlignLeft)
        set_shown(self.sheet_card, False)
        self.pane.body.addWidget(self.sheet_card)

    def _build_leaving(self) -> None:
        self.leaving = FoldOut(tr("&Verbindung beenden"))
        self.leaving.body.addWidget(
            Words(
                tr("Dieser Rechner arbeitet dann wieder allein. Alles, was hier liegt, bleibt hier; was auf dem Server und bei "
                   "anderen liegt, bleibt dort. Zum Wiederkommen braucht es eine neue Einladung."),
                wrap=True,
            )
        )  # fmt: skip
        self.leave_button = Button(tr("Verbindung &beenden …"), icon_name="log-out")
        self.leave_button.clicked.connect(lambda _on: self._ask())
        self.leaving.body.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.question = Card(tr("Verbindung wirklich beenden?"))
        self.waiting_words = Words("", wrap=True)
        self.question.body.addWidget(self.waiting_words)
        self.confirm_button = DangerButton(tr("Ja, bee&nden"), icon_name="log-out")
        self.confirm_button.clicked.connect(lambda _on: self._leave())
        self.stay_button = QuietButton(tr("&Doch nicht"), icon_name="arrow-left")
        self.stay_button.clicked.connect(lambda _on: self.cancel_question())
        self.question.body.addWidget(button_row(self.confirm_button, self.stay_button))
        set_shown(self.question, False)
        self.leaving.body.addWidget(self.question)
        set_shown(self.leaving, self._presenter.may_manage)
        self.pane.body.addWidget(self.leaving)

    # Looking

    def _looked(self, names: tuple[str, ...]) -> None:
        self._look_ended()
        told = tr_count(
            "{names} ist am Server gesperrt, hat aber noch den Büro-Schlüssel. Sperren Sie ihn ganz.",
            "{names} sind am Server gesperrt, haben aber noch den Büro-Schlüssel. Sperren Sie sie ganz.",
            len(names),
            names=", ".join(f"„{name}“" for name in names),
        )
        if self.locked.words.text() != (told if names else ""):
            self.locked.show_text(told if names else "", Tone.DANGER, action=tr("Rechner ansehen"))

    def _not_looked(self, error: Exception) -> None:
        self._look_ended()
        if not isinstance(error, QuartierslotseError):
            raise error

    def _look_ended(self) -> None:
        self._is_looking = False

    # Acting

    def _failed(self) -> None:
        """What the state says itself need not stand above it once more."""
        status = self._presenter.status()
        self.load(status)
        if self.notice.words.text() in {status.problem, status.trouble}:
            self.notice.hide()
        self.pane.show_top()

    def _ran(self, result: RoundResult) -> None:
        self.notice.hide()
        self.done.emit(Done(round_words(result)))

    def _pause(self) -> None:
        self._do(self._presenter.pause)
        self.resume_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _resume(self) -> None:
        self._do(self._presenter.resume)
        self.run_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self, command: Callable[[], Done]) -> None:
        try:
            done = command()
        except QuartierslotseError as error:
            self.notice.show_text(error.message, Tone.DANGER)
            return
        self.notice.hide()
        self.load(self._presenter.status())
        self.done.emit(done)

    def _go_alone(self) -> None:
        self.leaving.set_open(True)
        self._ask()

    def _ask(self) -> None:
        waiting = self._presenter.status().waiting_changes  # this moment's: what was typed meanwhile counts too
        self.waiting_words.setText(
            tr_count(
                "{count} Änderung ist noch nicht gesendet. Sie bleibt dann nur auf diesem Rechner.",
                "{count} Änderungen sind noch nicht gesendet. Sie bleiben dann nur auf diesem Rechner.",
                waiting,
            )
            if waiting
            else tr("Alle Änderungen dieses Rechners sind gesendet.")
        )
        set_shown(self.question, True)
        self.stay_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pane.bring_into_view(self.question, self.stay_button)

    def _leave(self) -> None:
        self.work.run(tr("Die Verbindung wird beendet"), self._presenter.disconnect, lambda _nothing: self._gone())

    def _gone(self) -> None:
        self.done.emit(Done(tr("Dieser Rechner arbeitet wieder allein.")))
        self.left.emit()  # before what was pressed goes: the page gives the keyboard on
        set_shown(self.question, False)
        self.leaving.set_open(False)
        self.locked.show_text("")

    def _enable(self) -> None:
        is_free = not self.work.is_running
        is_paused = self._status.is_paused
        self.run_button.setEnabled(is_free and not is_paused)
        for button in (self.leave_button, self.confirm_button, self.anew_button, self.alone_button, self.sheet_button):
            button.setEnabled(is_free)
        may_manage = self._presenter.may_manage
        is_shut_out = self._status.is_shut_out
        set_shown(self.run_button, not is_shut_out)
        set_shown(self.pause_button, may_manage and not is_paused and not is_shut_out)
        set_shown(self.resume_button, may_manage and is_paused and not is_shut_out)
        self.pause_button.setEnabled(is_free)
