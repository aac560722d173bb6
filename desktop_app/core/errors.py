"""The error tree: what the user can fix, what the surroundings refuse, what is our own bug.

Every message is a whole sentence in the user's language: what is wrong, where, and what to do.
Anything that is not a `QuartierslotseError` is a bug of ours.
"""

from __future__ import annotations


class QuartierslotseError(Exception):
    """An expected failure with a sentence for the user."""

    def __init__(self, message: str) -> None:
        """Keep the sentence that is shown."""
        super().__init__(message)
        self.message = message


class UserError(QuartierslotseError):
    """Something the user can put right."""


class LockedData(UserError):
    """The key is not in memory while the screen is locked; whatever wanted to read has to wait."""


class InputError(UserError):
    """One field of an input is not usable."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the name of the field beside the sentence."""
        super().__init__(message)
        self.field = field


class EnvironmentProblem(QuartierslotseError):
    """The disk, the file system or the system refuses."""
