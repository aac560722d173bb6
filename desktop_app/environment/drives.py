"""What kind of drive a folder lies on, as far as the system tells without asking the network."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder

_NETWORK_TYPES = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "davfs", "ncpfs", "afpfs"}
_NETWORK_FUSE = {"fuse.sshfs", "fuse.gvfsd-fuse", "fuse.davfs2", "fuse.rclone", "fuse.glusterfs"}
_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of the Windows interface
LITTLE_SPACE = 200_000_000
"""Bytes below which the window warns: a month of work and one backup need less."""


def is_on_network(path: Path, mounts: Path = _MOUNTS) -> bool:
    """Tell whether a path lies on a drive of another computer; False where the system does not say (macOS)."""
    if sys.platform == "win32":
        import ctypes

        anchor = path.absolute().anchor
        return anchor.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(anchor) == _REMOTE_DRIVE
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    kind = _kind_of_mount(os.path.realpath(path), lines)
    return kind in _NETWORK_TYPES or kind in _NETWORK_FUSE


def check_drive_is_there(folder: DataFolder) -> None:
    """Refuse a folder that was named and whose drive or upper folder is missing, instead of beginning anew there.

    Raises:
        EnvironmentProblem: the upper folder is missing, or the folder is a file.
    """
    if folder.root.is_dir():
        return
    if folder.root.exists():
        raise EnvironmentProblem(
            tr("„{folder}“ ist kein Ordner. Bitte nennen Sie den Ordner mit den Daten.", folder=folder.root)
        )
    if not folder.root.parent.is_dir():
        raise EnvironmentProblem(
            tr(
                "Der Ordner „{folder}“ ist nicht da. Liegt er auf einem Stick oder einem Netzlaufwerk, verbinden Sie es bitte "
                "und starten Sie dann noch einmal. Es wurde nichts angelegt.",
                folder=folder.root,
            )
        )


def drive_remarks(folder: DataFolder) -> tuple[str, ...]:
    """Return what the people at the desk should know about the drive; nothing of it stops the work."""
    import shutil  # not on the way to the first window

    remarks = []
    if is_on_network(folder.root):
        remarks.append(
            tr(
                "Die Daten liegen auf einem Netzlaufwerk. Reißt die Verbindung ab, kann nicht gespeichert werden. Sicherer ist "
                "ein Ordner auf diesem Rechner; Sicherungen dürfen auf das Netzlaufwerk."
            )
        )
    try:
        free = shutil.disk_usage(folder.root).free
    except OSError:
        return tuple(remarks)
    if free < LITTLE_SPACE:
        remarks.append(
            tr(
                "Auf dem Laufwerk mit den Daten sind nur noch {size} MB frei. Bitte schaffen Sie bald Platz, sonst kann nicht "
                "mehr gespeichert werden.",
                size=free // 1_000_000,
            )
        )
    return tuple(remarks)


def _kind_of_mount(path: str, lines: list[str]) -> str:
    """Return the type of the file system with the longest mount point above the path."""
    best, kind = "", ""
    for line in lines:
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, right.split(" ")[0]
    return kind
