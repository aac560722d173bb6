"""What every command of the admin tool has at hand, and how it ends."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from hub.clock import Now
from hub.settings import HubSettings
from hub.storage.database import HubDatabase


class Problem(Exception):
    """Something the operator can put right; the message is a German sentence."""


@dataclass
class Session:
    """One call of the tool."""

    settings: HubSettings
    now: Now
    out: IO[str]
    as_json: bool = False

    @contextmanager
    def database(self, *, prepared: bool = True, put_back: bool = False) -> Iterator[HubDatabase]:
        """Open the database.

        Raises:
            NotPrepared: it is not `prepared`, or it was `put_back` and may not be yet (`HubDatabase.check_schema`).
        """
        database = HubDatabase(self.settings.database, connections=2)
        try:
            if prepared:
                database.check_schema(put_back=put_back)
            yield database
        finally:
            database.close()

    def say(self, *lines: str) -> None:
        """Print lines for people; nothing when JSON was asked for."""
        if not self.as_json:
            for line in lines:
                print(line, file=self.out, flush=True)

    def result(self, facts: Any) -> None:
        """Print the result for programs, when asked for."""
        if self.as_json:
            print(json.dumps(facts, ensure_ascii=False), file=self.out, flush=True)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print rows in columns."""
        texts = [[str(cell) for cell in row] for row in rows]
        widths = [max(len(line[column]) for line in (list(head), *texts)) for column in range(len(head))]
        for line in (list(head), *texts):
            self.say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its word: "1 Schritt", "2 Schritte"."""
    return f"{count} {one if count == 1 else many}"


Command = Callable[[Session, Namespace], int]


def standard_output() -> IO[str]:
    """Return where results go."""
    return sys.stdout
