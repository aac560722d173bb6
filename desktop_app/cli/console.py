"""What is printed, and how it survives narrow, old and closed terminals."""

from __future__ import annotations

import codecs
import json
import os
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr

_PLAIN_ERRORS = "quartierslotse.plain"
_PLAIN = str.maketrans(
    {
        "„": '"', "“": '"', "”": '"', "‚": "'", "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "…": "...", "·": "-",
        "•": "*", "×": "x", "→": "->", "✓": "+", "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
        "ß": "ss", "€": "EUR", "\u00a0": " ", "\u202f": " ", "§": "Par.", "²": "2",
    }
)  # fmt: skip
#: What JSON leaves as it is and a terminal obeys: further control characters and changes of direction.
_STEERING = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NARROWEST_COLUMN = 8
_GAP = "  "
_SECONDS_BETWEEN_STEPS = 0.1


def prepare_streams() -> None:
    """Let standard output and error write what their encoding lacks in plain letters instead of failing."""
    codecs.register_error(_PLAIN_ERRORS, _in_plain_letters)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_PLAIN_ERRORS)


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end].translate(_PLAIN)
    decomposed = unicodedata.normalize("NFKD", found)
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() else "?" for letter in letters), error.end


class Console:
    """Prints results on standard output and everything else on standard error."""

    def lines(self, lines: Sequence[str]) -> None:
        """Print lines for people.

        Raises:
            BrokenPipeError: the reader has gone.
            EnvironmentProblem: the output can't be written.
        """
        self._write("".join(f"{printable(line)}\n" for line in lines))

    def json(self, content: Mapping[str, object]) -> None:
        """Print one JSON object; the errors are those of `lines`."""
        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
        text = json.dumps(content, ensure_ascii=encoding != "utf8", indent=2)
        self._write(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")

    def problem(self, text: str) -> None:
        """Print a sentence on standard error; nothing can be done when that fails too."""
        if sys.stderr is None:
            return
        try:
            sys.stderr.write(f"{printable(text)}\n")
            sys.stderr.flush()
        except OSError:
            return

    @staticmethod
    def flush() -> None:
        """Hand everything to the system; the errors are those of `lines`."""
        if sys.stdout is not None:
            sys.stdout.flush()

    @staticmethod
    def drop_output() -> None:
        """Let what is still buffered go nowhere, after the reader has gone."""
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        except (OSError, ValueError, AttributeError):
            return

    def _write(self, text: str) -> None:
        if sys.stdout is None:
            return
        try:
            sys.stdout.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise EnvironmentProblem(
                tr("Die Ausgabe lässt sich nicht schreiben. Bitte prüfen Sie Platz und Rechte.")
            ) from error


class ConsoleProgress:
    """Progress in one line on standard error, only when a person looks at it."""

    def __init__(self, stream: TextIO | None = None, seconds: Callable[[], float] = time.monotonic) -> None:
        """Write to `stream`; without one, to standard error if it is a terminal."""
        stream = stream or sys.stderr
        self._stream = stream if stream is not None and stream.isatty() else None
        self._seconds = seconds
        self._last = float("-inf")
        self._shown = False

    def step(self, done: int, total: int, text: str) -> None:
        """Show how far the work is, at most ten times a second."""
        if self._stream is None:
            return
        now = self._seconds()
        if now - self._last < _SECONDS_BETWEEN_STEPS and done < total:
            return
        self._last = now
        share = f"{done * 100 // total:3d} % " if total else ""
        width = terminal_width() - 1
        self._stream.write("\r" + f"{share}{printable(text)}"[:width].ljust(width))
        self._stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Remove the line."""
        if self._stream is not None and self._shown:
            self._stream.write("\r" + " " * (terminal_width() - 1) + "\r")
            self._stream.flush()


def terminal_width() -> int:
    """Return the columns of the terminal, or 100."""
    return max(40, shutil.get_terminal_size((100, 24)).columns)


def printable(text: str) -> str:
    """Return `text` without control characters: data from outside must not steer the terminal."""
    if text.isprintable():
        return text
    return "".join(letter if letter in "\n\t" or unicodedata.category(letter)[0] != "C" else " " for letter in text)


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Return aligned lines; on a terminal too narrow for them the widest columns are shortened.

    `right` names the columns that are set flush right (numbers).
    """
    cells = [[" ".join(printable(cell).split()) for cell in row] for row in (headers, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headers))]
    room = terminal_width() if sys.stdout is not None and sys.stdout.isatty() else None
    while room is not None and sum(widths) + len(_GAP) * (len(widths) - 1) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _NARROWEST_COLUMN:
            break
        widths[widest] -= 1
    lines = [_table_line(row, widths, right) for row in cells]
    lines.insert(1, _GAP.join("-" * width for width in widths))
    return lines


def _table_line(row: Sequence[str], widths: Sequence[int], right: frozenset[int]) -> str:
    parts = []
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        short = cell if len(cell) <= width else cell[: width - 1] + "…"
        parts.append(short.rjust(width) if column in right else short.ljust(width))
    return _GAP.join(parts).rstrip()
