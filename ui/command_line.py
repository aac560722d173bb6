"""The command line tool as it is installed: the commands of desktop_app and those that need a screen."""

from __future__ import annotations

import contextlib
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import Check, CommandEntry, CommandModule, Outcome
from desktop_app.cli.main import main as run_command_line
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.cli.parser import CommandParser
    from desktop_app.cli.session import Session


class _DemoCommand:
    """Plays a day at the front desk in the real window, without a screen."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--out",
            type=Path,
            default=Path("demo-ausgabe"),
            metavar=tr("ORDNER"),
            help=tr("Ordner für Bilder und Dateien (sonst demo-ausgabe)"),
        )

    def run(self, session: Session, arguments: Namespace) -> Outcome:
        """Play; Qt is loaded only now."""
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from ui.demo.performance import run

        # The demo tells its steps as it goes; with --json standard output holds nothing but the object.
        with contextlib.redirect_stdout(sys.stderr) if arguments.json else contextlib.nullcontext():
            code = run(arguments.out)
        lines = [] if code else [tr("Die Vorführung liegt in „{folder}“.", folder=arguments.out)]
        return Outcome(lines, {"folder": str(arguments.out)}, code)


def _demo() -> CommandModule:
    return _DemoCommand()


def _check_qt() -> str:
    """Check that Qt draws text and icons without a screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QImageReader, QPixmap
    from PySide6.QtPrintSupport import QPrinterInfo
    from PySide6.QtWidgets import QApplication, QLabel

    application = QApplication.instance() or QApplication(["quartierslotse"])
    label = QLabel("Quartierslotse")
    picture: QPixmap = label.grab()
    label.deleteLater()
    if picture.isNull():
        raise RuntimeError("no picture")
    if b"svg" not in [bytes(name.data()) for name in QImageReader.supportedImageFormats()]:
        raise RuntimeError("no SVG")
    printers = tr("Drucker: {count}", count=len(QPrinterInfo.availablePrinterNames()))
    platform = QApplication.platformName()
    del application
    return f"Qt {qVersion()}, {platform}, {printers}"


def extra_commands() -> tuple[CommandEntry, ...]:
    """Return the commands that need Qt."""
    return (CommandEntry("demo", lambda: tr("eine Vorführung spielen und Bilder davon ablegen"), _demo),)


def extra_checks() -> tuple[Check, ...]:
    """Return the checks that need Qt."""
    return (Check(lambda: tr("Fenster"), _check_qt),)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    return run_command_line(argv, extra_commands=extra_commands(), extra_checks=extra_checks())


if __name__ == "__main__":
    sys.exit(main())
