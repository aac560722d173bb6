"""Long work: answers come in the GUI thread, it can be stopped, nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop_app.core.errors import UserError
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.progress import Progress
from ui.shell.notices import NoticeBridge
from ui.shell.tasks import TaskRunner

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def tasks(qapp: object) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


def test_the_result_arrives_in_the_gui_thread(tasks: TaskRunner, qtbot: QtBot) -> None:
    where: list[threading.Thread] = []
    results: list[threading.Thread] = []

    def done(worker: threading.Thread) -> None:
        where.append(threading.current_thread())
        results.append(worker)

    tasks.run(lambda _progress: threading.current_thread(), on_done=done)
    qtbot.waitUntil(lambda: bool(results))
    assert where == [threading.main_thread()]
    assert results[0] is not threading.main_thread()
    assert not results[0].is_alive()
    assert tasks.running == 0


def test_progress_arrives_and_the_last_step_is_never_left_out(tasks: TaskRunner, qtbot: QtBot) -> None:
    steps: list[tuple[int, int, str]] = []
    done: list[None] = []

    def work(progress: Progress) -> None:
        for number in range(1, 501):
            progress.step(number, 500, f"Zeile {number}")

    tasks.run(work, on_done=done.append, on_progress=lambda *step: steps.append(step))
    qtbot.waitUntil(lambda: bool(done))
    assert steps[-1] == (500, 500, "Zeile 500")
    assert len(steps) < 500


def test_work_stops_when_cancelled(tasks: TaskRunner, qtbot: QtBot) -> None:
    ended: list[str] = []
    started = threading.Event()

    def endless(progress: Progress) -> None:
        while True:
            started.set()
            progress.step(0, 0, "")

    task = tasks.run(
        endless, on_done=lambda _result: ended.append("done"), on_cancelled=lambda: ended.append("cancelled")
    )
    assert started.wait(5)
    assert task.is_running
    task.cancel()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == ["cancelled"]


def test_a_problem_goes_to_whoever_takes_it(tasks: TaskRunner, qtbot: QtBot) -> None:
    def fail(_progress: Progress) -> None:
        raise UserError("Die Datei fehlt.")

    taken: list[Exception] = []
    tasks.run(fail, on_error=taken.append)
    qtbot.waitUntil(lambda: bool(taken))
    assert str(taken[0]) == "Die Datei fehlt."
    with qtbot.waitSignal(tasks.failed) as told:
        tasks.run(fail)
    assert isinstance(told.args[0], UserError)


def test_closing_waits_and_tells_nobody(tasks: TaskRunner, qtbot: QtBot) -> None:
    told: list[str] = []
    started = threading.Event()

    def endless(progress: Progress) -> None:
        while True:
            started.set()
            progress.step(0, 0, "")

    tasks.run(endless, on_cancelled=lambda: told.append("cancelled"))
    assert started.wait(5)
    before = threading.active_count()
    tasks.close()
    assert threading.active_count() == before - 1
    qtbot.wait(1)
    assert told == []


class Saved:
    """A notice."""


def test_notices_of_other_threads_arrive_in_the_gui_thread(qtbot: QtBot) -> None:
    board, owner = NoticeBoard(), QObject()
    bridge = NoticeBridge(board)
    heard: list[threading.Thread] = []
    bridge.listen(Saved, lambda _notice: heard.append(threading.current_thread()), owner=owner)
    thread = threading.Thread(target=board.publish, args=(Saved(),))
    thread.start()
    thread.join()
    assert heard == []
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [threading.main_thread()]
    board.publish(Saved())
    assert len(heard) == 2
    bridge.close()
    board.publish(Saved())
    assert len(heard) == 2


def test_a_notice_no_longer_reaches_an_owner_that_is_gone(qtbot: QtBot) -> None:
    board, owner = NoticeBoard(), QObject()
    bridge = NoticeBridge(board)
    heard: list[object] = []
    bridge.listen(Saved, heard.append, owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    board.publish(Saved())
    assert heard == []
    bridge.close()


_RUNNER_GOES_FIRST = """
import gc
from PySide6.QtCore import QCoreApplication
from ui.shell.tasks import TaskRunner

application = QCoreApplication([])


def run_one():
    runner = TaskRunner()
    done = []
    runner.run(lambda progress: 1, on_done=done.append)
    while not done:
        application.processEvents()
    runner.close()


for _ in range(5):
    run_one()
    gc.collect()
    application.processEvents()
print("alive")
"""


def test_a_runner_may_go_before_its_last_task_is_deleted() -> None:
    # In a process of its own: when it goes wrong, it crashes.
    finished = subprocess.run(
        [sys.executable, "-c", _RUNNER_GOES_FIRST], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.stdout.strip() == "alive", finished.stderr


def test_a_quiet_task_is_waited_for_but_not_told_of(qtbot: QtBot) -> None:
    runner = TaskRunner()
    told: list[int] = []
    runner.count_changed.connect(told.append)
    ended: list[object] = []
    runner.run(lambda _progress: "da", on_done=ended.append, is_quiet=True)
    assert runner.running == 1
    qtbot.waitUntil(lambda: runner.running == 0)
    assert (ended, told) == (["da"], [0, 0])
    runner.close()


_CALLER_HOLDS_THE_RUNNER = """
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from ui.shell.tasks import TaskRunner

application = QCoreApplication([])


class Caller:
    def __init__(self):
        self.tasks = TaskRunner()
        self.is_done = False

    def done(self, _result):
        self.is_done = True


for _ in range(50):
    caller = Caller()
    caller.tasks.run(lambda progress: 1, on_done=caller.done)
    while not caller.is_done:
        QCoreApplication.sendPostedEvents(caller.tasks.children()[0], QEvent.Type.MetaCall)
    del caller
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application.processEvents()
print("alive")
"""


def test_what_is_told_of_the_end_may_be_what_holds_the_runner() -> None:
    # The last task would take its own parent along while it is deleted. In a process of its own: that crashes.
    finished = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", _CALLER_HOLDS_THE_RUNNER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert finished.stdout.strip() == "alive", finished.stderr


class Caller:
    """Somebody who waits for an answer."""

    def __init__(self) -> None:
        self.answers: list[object] = []

    def take(self, answer: object = None) -> None:
        self.answers.append(answer)


def test_a_task_that_ended_lets_go_of_its_caller(tasks: TaskRunner, qtbot: QtBot) -> None:
    caller = Caller()
    gone = weakref.ref(caller)
    task = tasks.run(lambda _progress: 1, on_done=caller.take, on_error=caller.take, on_cancelled=caller.take)
    with qtbot.waitSignal(task.ended):
        pass
    assert caller.answers == [1]
    del caller
    assert gone() is None


def test_a_runner_that_is_closed_lets_go_of_all_callers(tasks: TaskRunner) -> None:
    caller = Caller()
    gone = weakref.ref(caller)
    task = tasks.run(lambda _progress: 1, on_done=caller.take, on_error=caller.take, on_cancelled=caller.take)
    tasks.close()
    assert caller.answers == []
    del caller
    assert gone() is None
    assert not task.is_running
