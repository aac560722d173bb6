"""Desks in processes of their own that are killed: started by a test, one after another, and heard by it.

A module with a desk ends with `start_desks(desk)`. Each line on its input starts one desk, with that line as its order; a
desk says what it has done, each time after it returned, and its end is told by the process that started it. All is
imported once: a desk is forked.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
#: Between two of these calls nothing is at stake: statements and lines of output.
STATEMENTS = frozenset({"execute", "executemany", "write"})
#: The same with bytes sent and received.
EXCHANGES = STATEMENTS | {"sendall", "recv_into"}


def say(*words: object) -> None:
    """Tell the test; one write, so that a line is there or not."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die_at(step: int, steps: frozenset[str] = STATEMENTS) -> None:
    """Kill this process before the given call of a function in `steps`; 0 is the next one."""
    left = step

    def count(_frame: Any, event: str, function: Callable[..., Any]) -> None:
        nonlocal left
        if event == "c_call" and function.__name__ in steps:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def start_desks(desk: Callable[[str], object]) -> None:
    """Start a desk for every order, until the input ends."""
    for line in sys.stdin:
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                desk(line.strip())
                code = 0
            finally:
                sys.setprofile(None)
                os._exit(code)
        say("started", pid)
        _pid, status = os.waitpid(pid, 0)
        say("ended", *(["killed"] if os.WIFSIGNALED(status) else ["with", os.WEXITSTATUS(status)]))


class MortalDesks:
    """The process that starts desks, as a test sees it."""

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        """Use its input and its output."""
        self._orders, self._answers = orders, answers
        self._pids: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.was_killed = False

    def lines(self, order: str) -> Iterator[list[str]]:
        """Start a desk and yield what it says, in words, until it is killed or, if it may, comes through."""
        self._orders.write(order + "\n")
        self._orders.flush()
        pid = self._read()
        assert pid[0] == "started"
        self._pids.put(int(pid[1]))
        while (words := self._read())[0] != "ended":
            yield words
        while not self._pids.empty():
            self._pids.get()
        assert words in (["ended", "killed"], ["ended", "with", "0"]), words
        self.was_killed = words[1] == "killed"

    def run(self, order: str) -> bool:
        """Start a desk that says nothing; return whether it was killed before it had come through."""
        assert list(self.lines(order)) == []
        return self.was_killed

    def kill(self) -> None:
        """Kill the desk that runs, or that is about to start; from any thread, once for each desk."""
        os.kill(self._pids.get(timeout=20), signal.SIGKILL)

    def _read(self) -> list[str]:
        line = self._answers.readline()
        assert line.endswith("\n"), f"the desks are gone: {line!r}"
        return line.split()


@contextmanager
def mortal_desks(module: str, *words: str) -> Iterator[MortalDesks]:
    """Run a module that starts desks; at the end every one of them has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    yield MortalDesks(process.stdin, process.stdout)
    process.stdin.close()
    process.stdout.read()
    process.stdout.close()
    assert process.wait(timeout=20) == 0
