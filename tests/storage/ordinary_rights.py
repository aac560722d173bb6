"""A folder nobody may write into, also when the tests run as root (in a container)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534


@contextmanager
def shared_folder() -> Iterator[Path]:
    """Make a folder that an ordinary account reaches too; `tmp_path` lies in one that only its owner may enter."""
    with tempfile.TemporaryDirectory(prefix="quartierslotse-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def read_only(folder: Path, *, mode: int = 0o555) -> Iterator[None]:
    """Take the right to write in `folder` and on its files away, and root's power to do it all the same.

    Another `mode` of the folders takes more away.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for path in files:
        path.chmod(0o444)
    for path in reversed(folders):
        path.chmod(mode)
    root = os.geteuid() == 0
    if root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in folders:
            path.chmod(0o755)
        for path in files:
            path.chmod(0o644)
