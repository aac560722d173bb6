"""Checking a backup by really opening it: the file is whole, every page has its seal, the rows are all there."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from desktop_app.backup.contents import count_contents
from desktop_app.backup.manifest import unsealed
from desktop_app.backup.records import Backup, Contents, Verification
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.security.key_slots import read_slots
from desktop_app.storage.copies import CopyReader, OpenCopy

_CHUNK = 4 * 1024 * 1024


def verify(backup: Backup, reader: CopyReader, at: datetime, progress: Progress | None = None) -> Verification:
    """Open and count a backup; what is wrong is in the result, not raised.

    Raises:
        Cancelled: through `progress`.
    """
    try:
        return Verification(backup, at, contents=checked_contents(backup, reader, progress))
    except EnvironmentProblem as error:
        return Verification(backup, at, problem=error.message)


def checked_contents(backup: Backup, reader: CopyReader, progress: Progress | None = None) -> Contents:
    """Return what a good backup holds.

    Raises:
        EnvironmentProblem: it is not good; the sentence says why.
        Cancelled: through `progress`.
    """
    expected = unsealed(backup, reader.sealing_key())
    check_file(backup, progress)
    read_slots(backup.key_slots)
    with reader.open(backup.database) as copy:
        return check_copy(copy, backup, expected)


def check_file(backup: Backup, progress: Progress | None = None) -> None:
    """Compare the bytes with the manifest; needs no key.

    Raises:
        EnvironmentProblem: the file is missing or was changed.
        Cancelled: through `progress`.
    """
    if file_hash(backup.database, progress) != backup.manifest.sha256:
        raise EnvironmentProblem(
            tr("Die Sicherung „{name}“ ist beschädigt: Ihre Datei ist nicht mehr die, die geschrieben wurde.",
               name=backup.name)
        )  # fmt: skip


def check_copy(copy: OpenCopy, backup: Backup, expected: Contents) -> Contents:
    """Check pages, structure and row counts of an opened copy; return what it holds.

    Raises:
        EnvironmentProblem: something is not as it was written.
    """
    if copy.has_damaged_pages() or copy.has_broken_structure():
        raise EnvironmentProblem(
            tr("Die Sicherung „{name}“ ist beschädigt: Teile der Datenbank sind nicht lesbar.", name=backup.name)
        )
    found = count_contents(copy.sql)
    if found != expected or copy.schema != backup.manifest.schema:
        raise EnvironmentProblem(
            tr("Die Sicherung „{name}“ ist unvollständig: Es sind nicht so viele Einträge darin, wie gesichert wurden.",
               name=backup.name)
        )  # fmt: skip
    return found


def file_hash(path: Path, progress: Progress | None = None) -> str:
    """Return the SHA-256 of a file.

    Raises:
        EnvironmentProblem: the file can't be read.
        Cancelled: through `progress`.
    """
    progress = progress or NoProgress()
    digest, done = hashlib.sha256(), 0
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                done += len(chunk)
                progress.step(min(done, total), total, tr("Die Sicherung wird geprüft"))
    except OSError as error:
        raise EnvironmentProblem(
            tr("Die Datei „{name}“ im Ordner „{folder}“ lässt sich nicht lesen. Bitte prüfen Sie, ob der Datenträger noch "
               "verbunden ist.", name=path.name, folder=path.parent)
        ) from error  # fmt: skip
    return digest.hexdigest()
