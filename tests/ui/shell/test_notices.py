"""Notices of other threads reach the window gathered; its own at once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from desktop_app.core.notices import NoticeBoard
from ui.shell.notices import NoticeBridge


@dataclass(frozen=True)
class SomethingChanged:
    """A notice."""

    what: str = ""


def test_what_the_window_does_is_told_at_once(qapp: Any) -> None:
    board, owner, told = NoticeBoard(), QObject(), []
    bridge = NoticeBridge(board)
    bridge.listen(SomethingChanged, told.append, owner=owner)
    for _ in range(3):
        board.publish(SomethingChanged())
    assert len(told) == 3
    bridge.close()


def test_a_thousand_notices_of_another_thread_are_told_a_few_times(qtbot: Any) -> None:
    board, owner, told = NoticeBoard(), QObject(), []
    bridge = NoticeBridge(board)
    bridge.listen(SomethingChanged, told.append, owner=owner)

    def work() -> None:
        for _ in range(1000):
            board.publish(SomethingChanged("contacts"))
            board.publish(SomethingChanged("referrals"))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: {notice.what for notice in told} == {"contacts", "referrals"}, timeout=5_000)
    assert len(told) <= 4

    # What comes later is told too, also while the window waits before it looks again.
    for expected in (1, 2):
        before = len(told)
        last = threading.Thread(target=lambda: board.publish(SomethingChanged("last")))
        last.start()
        last.join()
        qtbot.waitUntil(lambda before=before: len(told) > before, timeout=5_000)
        assert sum(notice.what == "last" for notice in told) == expected
    bridge.close()


def test_after_the_end_nothing_is_told(qtbot: Any) -> None:
    board, owner, told = NoticeBoard(), QObject(), []
    bridge = NoticeBridge(board)
    bridge.listen(SomethingChanged, told.append, owner=owner)
    thread = threading.Thread(target=lambda: board.publish(SomethingChanged()))
    thread.start()
    thread.join()
    bridge.close()
    QCoreApplication.processEvents()
    QCoreApplication.processEvents()
    assert told == []
