"""Files that only the account of this computer's user can read: 0700 for folders, 0600 for files.

The database is encrypted anyway; who works here and when is not for others on the same computer either. Windows keeps
the user's own folders from others by itself, and drives without rights (FAT, some shares) are left as they are.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_OTHERS = 0o077


@contextmanager
def private_from_the_start() -> Iterator[None]:
    """Let every file and folder that is made within the block be private, those of libraries too."""
    before = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make_private(root: Path) -> None:
    """Take others' rights from a folder and all that lies in it; what refuses or knows no rights stays as it is.

    Links are not followed: what they lead to is not ours.
    """
    if sys.platform == "win32":
        return
    _tighten(root, FOLDER_MODE)
    for folder, folders, files in os.walk(root):
        for name in folders:
            _tighten(Path(folder, name), FOLDER_MODE)
        for name in files:
            _tighten(Path(folder, name), FILE_MODE)


def _tighten(path: Path, mode: int) -> None:
    with suppress(OSError):
        found = path.lstat().st_mode
        if not stat.S_ISLNK(found) and found & _OTHERS:
            path.chmod(mode)
