"""Progress of long work and the way to cancel it."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):
    """The user cancelled the work; what was finished before stays."""


class Progress(Protocol):
    """Hears how far a long piece of work is."""

    def step(self, done: int, total: int, text: str) -> None:
        """Say that `done` of `total` pieces are finished; raise `Cancelled` to stop the work."""
        ...


class NoProgress:
    """Nobody watches."""

    def step(self, done: int, total: int, text: str) -> None:
        """Do nothing."""
