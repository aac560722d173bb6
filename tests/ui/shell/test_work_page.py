"""A part with long work: what tells of it comes into view, and the keyboard comes back to the button."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.core.errors import UserError
from desktop_app.core.progress import Progress
from ui.shell.tasks import TaskRunner
from ui.shell.work_page import WorkPage
from ui.theme.theme import ThemeController
from ui.widgets.labels import Words


class Part(QWidget):
    """A tall part with its button at the end."""

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__()
        self.tasks = tasks
        self.pane = WorkPage(self, tasks)
        for number in range(40):
            self.pane.body.addWidget(Words(f"Absatz {number}"))
        self.button = QPushButton("Los")
        self.pane.body.addWidget(self.button)
        self.pane.work.began.connect(lambda: self.button.setEnabled(False))
        self.pane.work.ended.connect(lambda: self.button.setEnabled(True))


@pytest.fixture
def part(qtbot: QtBot, theme: ThemeController) -> Iterator[Part]:
    tasks = TaskRunner()
    part = Part(tasks)
    qtbot.addWidget(part)
    part.resize(600, 400)
    part.show()
    part.activateWindow()
    qtbot.waitUntil(lambda: part.isActiveWindow() and part.pane.verticalScrollBar().maximum() > 0)
    yield part
    tasks.close()


def run(qtbot: QtBot, part: Part, work: Callable[[Progress], object]) -> list[object]:
    """Scroll to the button, press it by keyboard, and wait until the work has ended; what it brought."""
    done: list[object] = []
    part.button.clicked.connect(lambda _on: part.pane.work.run("Arbeit", work, done.append))
    part.pane.verticalScrollBar().setValue(part.pane.verticalScrollBar().maximum())
    part.button.setFocus()
    qtbot.keyClick(part.button, Qt.Key.Key_Space)
    assert part.pane.verticalScrollBar().value() == 0
    assert part.pane.progress.hasFocus()
    qtbot.waitUntil(lambda: part.tasks.running == 0)
    qtbot.waitUntil(lambda: not part.pane.progress.isVisible())
    return done


def test_the_progress_is_seen_and_the_keyboard_comes_back(qtbot: QtBot, part: Part) -> None:
    assert run(qtbot, part, lambda _progress: 7) == [7]
    assert part.button.hasFocus()


def test_a_failure_is_seen(qtbot: QtBot, part: Part) -> None:
    def fail(_progress: Progress) -> object:
        raise UserError("So geht es nicht.")

    assert run(qtbot, part, fail) == []
    assert part.pane.notice.words.text() == "So geht es nicht."
    assert part.pane.notice.isVisible()
    assert part.pane.verticalScrollBar().value() == 0
