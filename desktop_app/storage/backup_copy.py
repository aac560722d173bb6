"""A consistent encrypted copy of a live database.

Copying the file of a live WAL database can lose every committed row; `VACUUM INTO` keeps all and the
copy is encrypted with the same key.
"""

from __future__ import annotations

from pathlib import Path

import peewee

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_file, move_durably
from desktop_app.storage.database import EncryptedDatabase


def write_backup_copy(database: EncryptedDatabase, target: Path) -> None:
    """Write a copy of `database` to `target`, which must not exist yet; on disk when this returns.

    Raises:
        EnvironmentProblem: the target exists, the disk is full or the folder can't be written.
    """
    if target.exists():
        raise EnvironmentProblem(
            tr("Die Sicherung „{name}“ gibt es schon; sie wird nicht überschrieben.", name=target.name)
        )
    unfinished = target.with_name(target.name + ".unfertig")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        database.execute_sql("VACUUM INTO ?", (str(unfinished),))
        flush_file(unfinished)
        move_durably(unfinished, target)
    except (OSError, peewee.DatabaseError) as error:
        _remove_quietly(unfinished)
        raise EnvironmentProblem(
            tr(
                "Die Sicherung konnte nicht nach „{folder}“ geschrieben werden. Bitte prüfen Sie Platz und Rechte dort.",
                folder=target.parent,
            )
        ) from error


def _remove_quietly(unfinished: Path) -> None:
    try:
        unfinished.unlink(missing_ok=True)
    except OSError:
        # The folder refuses altogether: the sentence about the backup says it, and nothing was left there.
        return
