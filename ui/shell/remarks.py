"""What the window says about its surroundings once it is open: the clock, the drive, a crash of the last run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop_app.core.translation import tr
from desktop_app.environment.crash_report import CrashReport
from desktop_app.environment.drives import drive_remarks
from ui.widgets.badge import Tone

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.main_window import MainWindow
    from ui.widgets.feedback import Notice

#: a clock may also go wrong, or right again, while the window is open
_JUDGE_CLOCK_MS = 5 * 60_000


class Remarks(QObject):
    """Looks once after the window has opened; every remark is one notice above the pages."""

    def __init__(self, window: MainWindow, application: Application) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self.clock_notice: Notice | None = None
        self._again = QTimer(self)
        self._again.setInterval(_JUDGE_CLOCK_MS)
        self._again.timeout.connect(self.judge_clock)
        window.closing.connect(self._again.stop)

    def look(self, *, last_crash: str = "", is_safe: bool = False) -> None:
        """Judge the clock and the drive; say what the last run left and that this is a safe start."""
        self.judge_clock()
        self._again.start()
        for sentence in drive_remarks(self._application.folder):
            self._window.add_notice(sentence, Tone.WARNING)
        if is_safe:
            self._window.add_notice(
                tr(
                    "Sicherer Start: übliche Darstellung, der Empfang ist noch nicht geöffnet. Ihre Daten sind unverändert."
                ),
                Tone.INFO,
            )
        if last_crash:
            self._window.add_notice(
                tr("Beim letzten Mal ist Quartierslotse plötzlich zu Ende gegangen. Alles Gespeicherte ist da."),
                Tone.INFO,
                action=tr("Bericht ansehen"),
                do=lambda: self._show_report(last_crash),
            )

    def judge_clock(self) -> None:
        """Say it when the clock is in doubt, for as long as it is; by itself again every few minutes."""
        if self._window.is_locked:
            return  # nothing can be read now; it is looked at again soon
        care = self._application.clock_care
        sentence = care.sentence(care.verdict())
        if self.clock_notice is not None and self.clock_notice.words.text() == sentence:
            return  # said already; a screen reader need not hear it again
        if self.clock_notice is not None:
            self.clock_notice.hide()
            self.clock_notice.deleteLater()
            self.clock_notice = None
        if sentence:
            self.clock_notice = self._window.add_notice(
                sentence, Tone.WARNING, action=tr("Uhr richtigstellen"), do=self._ask_for_clock, closable=False
            )

    def _ask_for_clock(self) -> None:
        from ui.shell.clock_dialog import ClockDialog

        dialog = ClockDialog(self._application, self._window)
        dialog.settled.connect(self.judge_clock)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_report(self, failure: str) -> None:
        from ui.shell.error_dialog import ErrorDialog

        clock = self._application.clock
        name = tr("absturzbericht-{moment}.txt", moment=clock.local_now().strftime("%Y-%m-%d-%H%M"))
        dialog = ErrorDialog(CrashReport(clock.now(), failure).text(), self._window, file_name=name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
