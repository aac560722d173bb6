"""What a command is made of: its entry in the list, its module, its outcome."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from desktop_app.cli.parser import CommandParser
    from desktop_app.cli.session import Session

#: Exit codes. 130 and 141 are what shells expect after Ctrl+C and after a closed pipe.
DONE = 0
USER_CAN_FIX = 1
WRONG_USAGE = 2
OUR_BUG = 3
INTERRUPTED = 130
PIPE_CLOSED = 141


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command leaves: lines for people, the same as data for `--json`, and the exit code."""

    lines: Sequence[str]
    result: Mapping[str, object] = field(default_factory=dict)
    code: int = DONE


class CommandModule(Protocol):
    """A module with one command."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options, each with help."""
        ...

    def run(self, session: Session, arguments: Namespace) -> Outcome:
        """Do the work."""
        ...


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command in the list: cheap to name, loaded only when it is used."""

    name: str
    summary: Callable[[], str]
    load: Callable[[], CommandModule]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the self-test: `run` returns a remark (may be empty) or raises when something is not right."""

    name: Callable[[], str]
    run: Callable[[], str]
