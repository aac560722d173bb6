"""Where a bug happened, without what it happened to.

The text of an exception often quotes data (a key, a value, a statement with its parameters). A log that a
coordinator sends to support must not, so only types and places are kept.
"""

from __future__ import annotations

import traceback
from pathlib import Path

_PROGRAM_FOLDER = Path(__file__).resolve().parents[2]
_LIBRARY_FOLDERS = {"site-packages", "dist-packages"}


def traceback_without_values(error: BaseException) -> str:
    """Return the types of the exception and its causes, each with the places it came through, the innermost last."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = type(current)
        lines.append(f"{kind.__module__}.{kind.__qualname__}")
        lines += [
            f"  {short_place(frame.filename)}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
        if current is not None:
            lines.append("caused by")
    return "\n".join(lines)


def short_place(name: str) -> str:
    """Return the path within the program or within an installed library; of other files only the name.

    The folders above them may hold a person's name.
    """
    path = Path(name)
    if path.is_relative_to(_PROGRAM_FOLDER) and not _LIBRARY_FOLDERS & set(path.parts):
        return path.relative_to(_PROGRAM_FOLDER).as_posix()
    parts = list(path.parts)
    for place in range(len(parts) - 1, -1, -1):
        if parts[place] in _LIBRARY_FOLDERS:
            return "/".join(parts[place + 1 :])
    return path.name
