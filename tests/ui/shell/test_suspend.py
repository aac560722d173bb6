"""The word of the system before sleep: messages of a real bus, and what Windows writes in a message."""

from __future__ import annotations

import ctypes.wintypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QProcess
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.shell.suspend_windows import (
    PBT_APMSUSPEND,
    WM_POWERBROADCAST,
    WM_WTSSESSION_CHANGE,
    WTS_SESSION_LOCK,
    WindowsSuspendWatch,
)

ROOT = Path(__file__).resolve().parents[3]
on_linux = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="only Linux has logind")


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """The address of a bus of this test's own."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("dbus-daemon is not installed")
    started = subprocess.Popen(
        [daemon, "--session", "--nofork", "--nopidfile", "--print-address=1"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert started.stdout is not None
    yield started.stdout.readline().strip()
    started.terminate()
    started.wait(10)
    started.stdout.close()


class Logind:
    def __init__(self, qtbot: QtBot, address: str) -> None:
        self._qtbot = qtbot
        self._said = ""
        self._process = QProcess()
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.start(sys.executable, [str(Path(__file__).with_name("logind_process.py")), address])
        self.wait_for("ready")

    def order(self, word: str) -> None:
        self._process.write(f"{word}\n".encode())
        self._process.waitForBytesWritten(5_000)

    def wait_for(self, words: str, times: int = 1) -> None:
        self._qtbot.waitUntil(lambda: self._said.count(words) >= times, timeout=20_000)

    def end(self) -> None:
        self._process.closeWriteChannel()
        assert self._process.waitForFinished(10_000)

    def _read(self) -> None:
        self._said += bytes(self._process.readAllStandardOutput().data()).decode()


@pytest.fixture
def logind(bus: str, qtbot: QtBot) -> Iterator[Logind]:
    started = Logind(qtbot, bus)
    yield started
    started.end()


@on_linux
def test_the_sleep_waits_until_it_is_locked(bus: str, logind: Logind, qtbot: QtBot) -> None:
    from ui.shell.suspend_logind import LogindWatch

    held_at_lock: list[bool] = []
    watch = LogindWatch(lambda: held_at_lock.append(watch.holds_sleep_up), bus)
    assert watch.begin()
    logind.wait_for("inhibit sleep Quartierslotse")
    qtbot.waitUntil(lambda: watch.holds_sleep_up)

    logind.order("sleep")
    logind.wait_for("released")
    assert held_at_lock == [True]
    assert not watch.holds_sleep_up

    logind.order("wake")
    logind.wait_for("inhibit", 2)
    qtbot.waitUntil(lambda: watch.holds_sleep_up)
    assert held_at_lock == [True]
    watch.end()
    logind.wait_for("released", 2)


@on_linux
def test_a_lock_that_fails_does_not_hold_the_sleep_up(
    bus: str, logind: Logind, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    from ui.shell.suspend_logind import LogindWatch

    def fail() -> None:
        raise OSError

    watch = LogindWatch(fail, bus)
    watch.begin()
    qtbot.waitUntil(lambda: watch.holds_sleep_up)
    with qtbot.captureExceptions() as raised:
        logind.order("sleep")
        logind.wait_for("released")
    assert [kind for kind, _error, _trace in raised] == [OSError]
    watch.end()


@on_linux
@pytest.mark.parametrize("order", ["lock", "hint"])
def test_the_lock_of_our_session_locks_and_that_of_others_does_not(
    bus: str, logind: Logind, qtbot: QtBot, order: str
) -> None:
    from ui.shell.suspend_logind import LogindWatch

    locks: list[str] = []
    watch = LogindWatch(lambda: locks.append("locked"), bus)
    watch.begin()
    logind.wait_for("session")
    qtbot.waitUntil(lambda: watch.knows_session)
    logind.order("other")
    logind.order(order)
    qtbot.waitUntil(lambda: bool(locks))
    logind.order("wake")  # whatever came before it has been heard
    logind.wait_for("inhibit", 2)
    assert locks == ["locked"]
    watch.end()


@on_linux
def test_a_bus_without_logind_is_no_error(bus: str, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    from ui.shell.suspend_logind import LogindWatch

    watch = LogindWatch(lambda: None, bus)
    assert watch.begin()
    qtbot.waitUntil(lambda: caplog.text.count("logind refused") == 2)
    assert not watch.holds_sleep_up
    watch.end()


@on_linux
def test_no_bus_is_no_error(qapp: QApplication, tmp_path: Path) -> None:
    from ui.shell.suspend_logind import LogindWatch

    watch = LogindWatch(lambda: None, f"unix:path={tmp_path / 'nobody'}")
    assert not watch.begin()
    watch.end()


PROGRAM = """
import sys
from pathlib import Path

import ui.app
from PySide6.QtCore import QTimer
from desktop_app.bootstrap import SetUp, Surroundings, set_up
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from desktop_app.core.clock import SystemClock
from desktop_app.core.ids import UuidFactory

folder = DataFolder(Path(sys.argv[1]))
surroundings = Surroundings(SystemClock(), UuidFactory(SystemClock()), DerivationCost(1, 64, 1))
wishes = SetUp("Nord", "AWO", NewAccount("erika", "Erika Muster", "EM"), "drei Worte im Mai")
application = set_up(folder, wishes, surroundings)[0]
with ui.app.running(folder) as program:
    window = program.open_window(application)
    told = []

    def look():
        watch = program.screen_lock.suspend_watch
        if not told and watch is not None and watch.holds_sleep_up and application.store.knows_key:
            told.append("open")
            print("open", flush=True)
        elif told and window.is_locked and not application.store.knows_key and not watch.holds_sleep_up:
            print("locked and let go", flush=True)
            looks.stop()
            window.close()

    looks = QTimer(interval=10)
    looks.timeout.connect(look)
    looks.start()
    program.qt.exec()
"""


@on_linux
def test_the_program_locks_and_drops_its_key_before_the_computer_sleeps(
    bus: str, logind: Logind, tmp_path: Path
) -> None:
    """A process of its own, with the real window, on a system bus of its own."""
    complaints = tmp_path / "complaints.txt"
    with (
        complaints.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path / "daten")],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "DBUS_SYSTEM_BUS_ADDRESS": bus},
            stdout=subprocess.PIPE, stderr=errors, text=True,
        ) as started,
    ):  # fmt: skip
        assert started.stdout is not None
        assert started.stdout.readline() == "open\n", complaints.read_text(encoding="utf-8")
        logind.order("sleep")
        said, _nothing = started.communicate(timeout=60)
    assert said == "locked and let go\n"
    assert (started.returncode, complaints.read_text(encoding="utf-8")) == (0, "")
    logind.wait_for("released")


def windows_message(message: int, wish: int) -> ctypes.wintypes.MSG:
    made = ctypes.wintypes.MSG()
    made.message, made.wParam = message, wish
    return made


@pytest.mark.parametrize(
    ("message", "wish", "locks"),
    [
        (WM_POWERBROADCAST, PBT_APMSUSPEND, True),
        (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK, True),
        (WM_POWERBROADCAST, 0xA, False),  # the battery's state
        (WM_WTSSESSION_CHANGE, 0x8, False),  # unlocked
        (0x0200, PBT_APMSUSPEND, False),  # the mouse
    ],
)
def test_what_windows_tells(qtbot: QtBot, message: int, wish: int, locks: bool) -> None:
    heard: list[str] = []
    watch = WindowsSuspendWatch(lambda: heard.append("locked"))
    qtbot.addWidget(watch)
    told = windows_message(message, wish)
    watch.nativeEvent(QByteArray(b"windows_generic_MSG"), ctypes.addressof(told))
    assert bool(heard) is locks
    assert not watch.isVisible()
