"""Putting another file in the place of the database: what was there is set aside under a name that says so."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from desktop_app.core.clock import office_zone
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_folder
from desktop_app.environment.folders import DataFolder

SIDE_FILES = ("-wal", "-shm")


def incoming(folder: DataFolder) -> Path:
    """Return where a database waits that is about to take its place."""
    return folder.root / "quartierslotse.db.rueckspielung"


def discard_incoming(folder: DataFolder) -> None:
    """Take away what waits there, with its journal.

    Raises:
        OSError: the folder refuses.
    """
    for suffix in (*SIDE_FILES, ""):
        side_file(incoming(folder), suffix).unlink(missing_ok=True)


def check_nobody_else(folder: DataFolder) -> None:
    """Refuse while another program has the database open; ours must be closed already.

    Raises:
        UserError: somebody has it open.
    """
    # The last one to close a database takes its journal away.
    if side_file(folder.database, "-wal").exists():
        raise UserError(
            tr("Die Datenbank ist noch an anderer Stelle geöffnet. Bitte schließen Sie Quartierslotse überall und versuchen "
               "Sie es dann noch einmal. Es wurde nichts verändert.")
        )  # fmt: skip


def put_in_place(folder: DataFolder, new: Path, word: str, moment: datetime) -> Path | None:
    """Give `new` the database's name; return under which name the former one lies beside it, None if there was none.

    Nothing is ever overwritten. When a step fails, the steps before are taken back.

    Raises:
        EnvironmentProblem: the folder refuses; the former database has its place.
    """
    aside = aside_name(folder.database, word, moment)
    moved: list[tuple[Path, Path]] = []
    try:
        # The journal first: it must never meet a database that it does not belong to.
        for suffix in (*SIDE_FILES, ""):
            part = side_file(folder.database, suffix)
            if part.exists():
                part.rename(side_file(aside, suffix))
                moved.append((part, side_file(aside, suffix)))
        new.rename(folder.database)
        flush_folder(folder.root)
    except OSError as error:
        for place, name in reversed(moved):
            name.rename(place)
        raise EnvironmentProblem(
            tr("Der Ordner „{folder}“ lässt sich nicht beschreiben. Bitte prüfen Sie Platz und Rechte. Die Datenbank ist "
               "unverändert an ihrem Platz.", folder=folder.root)
        ) from error  # fmt: skip
    return aside if moved else None


def take_back(folder: DataFolder, aside: Path | None, failed: Path) -> None:
    """Put the former database back after all; the new one becomes `failed`.

    Raises:
        OSError: the folder refuses.
    """
    for suffix in (*SIDE_FILES, ""):
        part = side_file(folder.database, suffix)
        if part.exists():
            part.rename(side_file(failed, suffix))
    if aside is not None:
        for suffix in (*SIDE_FILES, ""):
            part = side_file(aside, suffix)
            if part.exists():
                part.rename(side_file(folder.database, suffix))
    flush_folder(folder.root)


def aside_name(database: Path, word: str, moment: datetime) -> Path:
    """Return a free name such as `quartierslotse.vor-rueckspielung-20261122-104000.db`."""
    stamp = moment.astimezone(office_zone()).strftime("%Y%m%d-%H%M%S")
    name, number = database.with_name(f"{database.stem}.{word}-{stamp}{database.suffix}"), 2
    while any(side_file(name, suffix).exists() for suffix in ("", *SIDE_FILES)):
        name, number = database.with_name(f"{database.stem}.{word}-{stamp}-{number}{database.suffix}"), number + 1
    return name


def side_file(path: Path, suffix: str) -> Path:
    """Return the journal (`-wal`), its index (`-shm`) or the database itself (empty suffix)."""
    return path.with_name(path.name + suffix)
