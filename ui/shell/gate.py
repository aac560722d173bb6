"""What stands before the first screen: is the drive there, is no other window in, did the last starts fail."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from desktop_app.core.errors import QuartierslotseError
from desktop_app.environment.drives import check_drive_is_there
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.single_instance import AlreadyOpen, WindowLock, call_window, take_window_lock
from desktop_app.environment.start_record import StartRecord


class Gate(QObject):
    """Lets one window into a data folder and hears a second start knock.

    A second start needs no socket to be heard: it writes a file beside the data, which the open window watches.
    """

    called = Signal()
    """Somebody started the program again: the window should come to the front."""

    def __init__(self, folder: DataFolder, *, named: bool = False, safe: bool = False) -> None:
        """``named`` folders must have their drive; ``safe`` asks for the safe start at once."""
        super().__init__()
        self._folder, self._named = folder, named
        self.is_safe = safe
        self.starts = StartRecord(folder)
        self._offers_safe_start = False
        self.is_taken = False
        self._lock: WindowLock | None = None
        self._watcher: QFileSystemWatcher | None = None

    @property
    def is_inside(self) -> bool:
        """Whether this window has the folder."""
        return self._lock is not None

    @property
    def offers_safe_start(self) -> bool:
        """Whether to ask how to start, because the last starts failed."""
        return self._offers_safe_start and not self.is_safe

    def enter(self) -> str:
        """Take the folder; the sentence that refuses, or an empty one. A window already there comes to the front."""
        try:
            if self._named:
                check_drive_is_there(self._folder)
            self._lock = take_window_lock(self._folder, datetime.now(UTC))
        except AlreadyOpen as problem:
            self.is_taken = True
            if problem.here:
                call_window(self._folder)
            return problem.message
        except QuartierslotseError as problem:
            return problem.message
        self._offers_safe_start = self.starts.offers_safe_start
        self.starts.begin()
        self._listen()
        return ""

    def leave(self) -> None:
        """Give the folder back; a start without an error has succeeded."""
        if self._lock is None:
            return
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None
        self.starts.succeed()
        self._lock.release()
        self._lock = None

    def _listen(self) -> None:
        try:
            self._folder.window_call.write_bytes(b"")
        except OSError:
            return  # whoever starts a second time reads the sentence and finds the window alone
        self._watcher = QFileSystemWatcher([str(self._folder.window_call)], self)
        # Signal to signal: a function in between would tie both into a circle that any thread may come to collect.
        self._watcher.fileChanged.connect(self.called)
