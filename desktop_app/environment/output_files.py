"""Files the user asked for: whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr


def check_writable(path: Path, *, overwrite: bool = False) -> None:
    """Refuse early what `write_whole` would refuse.

    Raises:
        UserError: the file exists and must not be replaced, is a folder, or its folder does not exist.
    """
    if path.is_dir():
        raise UserError(tr("„{name}“ ist ein Ordner. Bitte geben Sie einen Dateinamen an.", name=path))
    if not path.parent.is_dir():
        raise UserError(tr("Den Ordner „{folder}“ gibt es nicht. Bitte legen Sie ihn an.", folder=path.parent))
    if path.exists() and not overwrite:
        raise _exists(path)


def write_whole(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file in one step; it is on disk when this returns.

    Raises:
        UserError: the file exists and must not be replaced, is a folder, or its folder does not exist.
        EnvironmentProblem: the disk is full or the folder can't be written.
    """
    check_writable(path, overwrite=overwrite)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfertig")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            unfinished.replace(path)
        else:
            _put_in_free_place(unfinished, path)
    except OSError as error:
        raise EnvironmentProblem(
            tr(
                "Die Datei „{name}“ lässt sich nicht schreiben. Bitte prüfen Sie Platz und Rechte im Ordner „{folder}“.",
                name=path.name,
                folder=path.parent,
            )
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _put_in_free_place(unfinished: Path, path: Path) -> None:
    """Give the file its name unless somebody took it meanwhile."""
    try:
        # A hard link fails if the name is taken, where renaming would silently replace.
        path.hardlink_to(unfinished)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError:
        # No hard links here (FAT, some network drives).
        if path.exists():
            raise _exists(path) from None
        unfinished.rename(path)


def _exists(path: Path) -> UserError:
    return UserError(tr("Die Datei „{name}“ gibt es schon. Sie wurde nicht überschrieben.", name=path))
