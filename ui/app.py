"""The process: its arguments, Qt, its log and its care for errors; what runs in it is :mod:`ui.program`."""

from __future__ import annotations

# isort: off
import ui.before_qt  # noqa: F401 - must come before PySide6

# isort: on
import argparse
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.core.translation import tr
from desktop_app.environment.folders import DATA_FOLDER_VARIABLE, DataFolder, default_data_folder
from desktop_app.environment.private_files import private_from_the_start
from ui.program.desktop_program import DesktopProgram
from ui.program.entrance import PROGRAM_NAME
from ui.shell.errors import ErrorHandler
from ui.shell.garbage import GuiThreadCollector
from ui.shell.gate import Gate
from ui.shell.preferences import Preferences, PreferencesFile
from ui.shell.qt_messages import log_qt_messages
from ui.theme.theme import FUSION_PROPERTY, ThemeController, ThemeMode

if TYPE_CHECKING:
    from desktop_app.bootstrap import Surroundings
    from desktop_app.environment.crash_report import CrashLog

#: the first picture comes before the log: its code takes a while to load
_LOG_BEGINS_MS = 250


#: How long work beside the window may keep Python to itself. The window asks for it anew after every step of a query, so
#: with the usual 5 ms a search of the directory stood still for seconds beside a thread that computes.
_TURN_S = 0.0001


def make_qt(arguments: Sequence[str]) -> QApplication:
    """The Qt application with its names; the one that runs already if there is one."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        qt = existing
    else:
        log_qt_messages()
        # As an argument the style of the system need not be loaded, nor Python's view of styles.
        qt = QApplication([PROGRAM_NAME, "-style", "fusion", *arguments])
        qt.setProperty(FUSION_PROPERTY, True)
        # Looking for rubbish finds none while everything is new; it begins when the window has come to rest.
        GuiThreadCollector(qt)
        sys.setswitchinterval(_TURN_S)
    qt.setApplicationName(PROGRAM_NAME)
    qt.setApplicationDisplayName(PROGRAM_NAME)
    qt.setDesktopFileName("quartierslotse")
    return qt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the application until its window is closed; the exit code."""
    options = _parser().parse_args(arguments)
    folder = DataFolder(options.data_dir.expanduser().absolute()) if options.data_dir else default_data_folder()
    is_named = options.data_dir is not None or DATA_FOLDER_VARIABLE in os.environ
    with running(folder, is_named=is_named, is_safe=options.safe) as program:
        program.start()
        return program.qt.exec()


@contextmanager
def running(folder: DataFolder, *, is_named: bool = False, is_safe: bool = False) -> Iterator[DesktopProgram]:
    """The application over ``folder`` with its look, its log and its care for errors; ended cleanly.

    A folder that ``is_named`` must have its drive; ``is_safe`` starts with the usual look and without the Empfang.

    ``with running(folder) as program: program.start(); program.qt.exec()``
    """
    with private_from_the_start():
        yield from _running(folder, is_named=is_named, is_safe=is_safe)


def _running(folder: DataFolder, *, is_named: bool, is_safe: bool) -> Iterator[DesktopProgram]:
    qt = make_qt([])
    log = _Log(folder)
    preferences = PreferencesFile(folder.root)
    look = Preferences(mode=ThemeMode.LIGHT.value) if is_safe else preferences.current
    theme = ThemeController(qt, mode=ThemeMode(look.mode), text_percent=look.text_percent)
    gate = Gate(folder, named=is_named, safe=is_safe)
    program = DesktopProgram(qt, folder, _surroundings, theme, preferences, gate)
    errors = ErrorHandler(show_sentence=program.show_sentence, window=program.front, damaged=program.rescue)
    errors.bug_shown.connect(gate.starts.error_happened)
    errors.install()

    def begin_log() -> None:
        if gate.is_inside:  # a folder that refused, or that another window has, is left alone
            program.last_crash = log.begin()

    QTimer.singleShot(_LOG_BEGINS_MS, program, begin_log)
    try:
        yield program
    finally:
        program.close()
        errors.remove()
        log.end()
        gate.leave()


class _Log:
    """The program's log file; begins when the first window is there, because its code takes a while to load."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._handler: logging.Handler | None = None
        self._crashes: CrashLog | None = None

    def begin(self) -> str:
        """Write to the log from now on; return where the last run died, if it did."""
        from desktop_app.environment.crash_report import CrashLog
        from desktop_app.environment.logs import start_logging

        self._handler = start_logging(self._folder)
        self._crashes = CrashLog(self._folder)
        return self._crashes.begin()

    def end(self) -> None:
        """Close the file."""
        if self._handler is not None:
            logging.getLogger("quartierslotse").removeHandler(self._handler)
            self._handler.close()
        if self._crashes is not None:
            self._crashes.end()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quartierslotse", description=tr("Der Empfang eines Quartiersbüros."))
    parser.add_argument("--data-dir", type=Path, default=None, metavar=tr("ORDNER"), help=tr("Ordner der Daten"))
    parser.add_argument(
        "--safe", action="store_true", help=tr("sicherer Start: übliche Darstellung, zuerst die Verwaltung")
    )
    return parser


def _surroundings() -> Surroundings:
    """The real clock and ids; their code is loaded when they are needed."""
    from desktop_app.bootstrap import Surroundings

    return Surroundings.of_this_computer()
