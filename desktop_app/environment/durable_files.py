"""File changes that are on disk when the call returns, so that a power cut leaves the old state or the new one."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def flush_file(path: Path) -> None:
    """Wait until the content of a file is on disk.

    Raises:
        OSError: the disk refuses.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until names made, changed or removed in a folder are on disk.

    Raises:
        OSError: the disk refuses.
    """
    if sys.platform == "win32":
        return  # Windows has no such call; NTFS keeps names in its own journal.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_durably(source: Path, target: Path) -> None:
    """Give a finished file its name, replacing what has it; both lie in the same folder.

    Raises:
        OSError: the disk refuses.
    """
    source.replace(target)
    flush_folder(target.parent)
