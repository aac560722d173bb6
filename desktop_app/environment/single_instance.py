"""One window per data folder: a lock held by the operating system, which a crash or a power cut releases.

Only the window takes it. Commands of the tool may run beside the window on the same computer: SQLite lets many
read and one write at a time. On a network drive that holds no longer, because SQLite shares memory between its
processes; there a command is refused while another computer has the window open.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import suppress
from datetime import datetime

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr
from desktop_app.environment import drives
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.private_files import make_private

# The locked byte lies behind the text, because Windows lets nobody read what is locked.
_LOCKED_BYTE = 1 << 20
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


class AlreadyOpen(UserError):
    """Another window has this data open. `here` tells whether it runs on this computer."""

    def __init__(self, message: str, *, here: bool) -> None:
        """Keep where the other window is beside the sentence."""
        super().__init__(message)
        self.here = here


class WindowLock:
    """Held while the window is open; `release` or the end of the process gives it back."""

    def __init__(self, descriptor: int) -> None:
        """Take over an open and locked file."""
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give the folder back. The file stays: removing it could take the lock from somebody who just opened it."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def take_window_lock(folder: DataFolder, now: datetime) -> WindowLock:
    """Take the lock of a data folder, making the folder if it is not there; others on this computer can't read it then.

    Raises:
        AlreadyOpen: another window has it.
        EnvironmentProblem: the folder can't be written, or its drive knows no locks.
    """
    path = folder.window_lock
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise unwritable(folder) from error
    try:
        _lock(descriptor)
    except OSError as error:
        os.close(descriptor)
        if error.errno in _NO_LOCKS:
            raise EnvironmentProblem(
                tr(
                    "Das Laufwerk mit dem Ordner „{folder}“ kennt keine Sperren. Zwei Programme könnten dort gleichzeitig "
                    "schreiben und die Daten beschädigen. Bitte legen Sie den Datenordner auf ein Laufwerk dieses Rechners.",
                    folder=folder.root,
                )
            ) from error
        raise _already_open(folder) from error
    try:
        _write_holder(descriptor, now)
    except OSError as error:
        os.close(descriptor)
        raise unwritable(folder) from error
    make_private(folder.root)
    return WindowLock(descriptor)


def refuse_beside_other_computer(folder: DataFolder) -> None:
    """Refuse to open data on a network drive that another computer has open.

    Raises:
        AlreadyOpen: another computer has the window open.
    """
    if not folder.window_lock.exists() or not drives.is_on_network(folder.root):
        return
    try:
        descriptor = os.open(folder.window_lock, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except OSError:
        return
    try:
        _lock(descriptor)
    except OSError:
        problem = _already_open(folder)
        if not problem.here:
            raise problem from None
    finally:
        os.close(descriptor)


def call_window(folder: DataFolder) -> None:
    """Ask the window that is open to come to the front; it watches this file. Nothing happens if nobody listens."""
    with suppress(OSError):
        folder.window_call.write_text("x", encoding="ascii")


def unwritable(folder: DataFolder) -> EnvironmentProblem:
    """Return the problem of a folder that can be read but not written: a share without rights, a locked stick."""
    if folder.database.exists():
        return EnvironmentProblem(
            tr(
                "In den Ordner „{folder}“ kann nicht geschrieben werden: Er ist schreibgeschützt oder Ihnen fehlen die Rechte. "
                "Die Daten sind da und unverändert. Bitte geben Sie den Ordner zum Schreiben frei und starten Sie noch einmal.",
                folder=folder.root,
            )
        )
    return EnvironmentProblem(
        tr(
            "Der Ordner „{folder}“ lässt sich nicht beschreiben. Bitte prüfen Sie Platz und Rechte.",
            folder=folder.root,
        )
    )


def _lock(descriptor: int) -> None:
    """Lock without waiting. Raises OSError if somebody else has it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        # flock belongs to the open file: closing another file of the same name does not lose it.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write_holder(descriptor: int, now: datetime) -> None:
    """Say on which computer and since when the window is open; only for the sentence that another one shows."""
    text = json.dumps({"computer": _this_computer(), "since": now.isoformat()}).encode()
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, text)


def _this_computer() -> str:
    # What `platform.node` says, without loading that module on the way to the first window.
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "")
    return os.uname().nodename


def _already_open(folder: DataFolder) -> AlreadyOpen:
    from desktop_app.core.clock import from_text, office_zone

    computer, since = "", ""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        holder = json.loads(folder.window_lock.read_text(encoding="utf-8"))
        computer = str(holder.get("computer", ""))
        since = from_text(str(holder.get("since", ""))).astimezone(office_zone()).strftime("%H:%M")
    if computer and computer != _this_computer():
        return AlreadyOpen(
            tr(
                "Diese Daten sind seit {time} Uhr auf dem Rechner „{computer}“ geöffnet. Bitte schließen Sie Quartierslotse "
                "dort und starten Sie dann hier noch einmal. Es wurde nichts verändert.",
                time=since or "?",
                computer=computer,
            ),
            here=False,
        )
    return AlreadyOpen(
        tr(
            "Quartierslotse ist mit diesen Daten schon geöffnet. Bitte arbeiten Sie in dem Fenster weiter, das schon offen "
            "ist; Sie finden es in der Leiste am Bildschirmrand. Ist dort keines, melden Sie sich am Rechner ab und wieder an."
        ),
        here=True,
    )
