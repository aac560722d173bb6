"""What this computer remembers about its backups: a small file beside the data.

In clear and outside the database on purpose: when the database is damaged, the backups must still be found. It names a
folder and moments, nothing of anybody.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from desktop_app.core.clock import from_text
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import move_durably
from desktop_app.environment.folders import DataFolder

STATE_NAME = "sicherungen.json"
MARK_NAME = "quartierslotse-sicherungen.txt"


@dataclass(frozen=True, slots=True)
class FormerFolder:
    """A folder or stick that was chosen before, with its mark."""

    folder: str
    mark: str


@dataclass(frozen=True, slots=True)
class BackupState:
    """Texts are empty when unknown; moments are stored text."""

    folder: str = ""
    mark: str = ""
    first_use: str = ""
    last_good: str = ""
    last_drill: str = ""
    last_protocol: str = ""
    damaged: str = ""
    """When the database itself was found damaged."""
    former: tuple[FormerFolder, ...] = ()
    """Where backups of this computer may still lie."""


class BackupStateFile:
    """Reads and writes the state; a missing or damaged file means that nothing is known."""

    def __init__(self, folder: DataFolder) -> None:
        """Use the file of one installation."""
        self._path = folder.root / STATE_NAME
        self._own = folder.backups

    def read(self) -> BackupState:
        """Return what is known."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            known = {name: content.get(name, "") for name in BackupState.__dataclass_fields__ if name != "former"}
            former = _former(content.get("former"))
        except (OSError, ValueError, AttributeError):
            return BackupState()
        texts = {name: value if isinstance(value, str) else "" for name, value in known.items()}
        return BackupState(**texts, former=former)

    def choose(self, folder: Path, mark: str, last_good: str) -> None:
        """Use a folder from now on and remember the one before; the same stick under another name is no other one.

        Raises:
            EnvironmentProblem: the data folder can't be written.
        """
        state = self.read()
        places = (*state.former, FormerFolder(state.folder, state.mark)) if state.folder else state.former
        former = tuple({place.mark: place for place in places if place.mark != mark}.values())
        self._write(replace(state, folder=str(folder), mark=mark, last_good=last_good, former=former))

    def forget(self, folder: str) -> None:
        """No longer remember a former folder.

        Raises:
            EnvironmentProblem: the data folder can't be written.
        """
        state = self.read()
        self._write(replace(state, former=tuple(place for place in state.former if place.folder != folder)))

    def change(self, **changes: str) -> BackupState:
        """Change some values and write the file in one step.

        Raises:
            EnvironmentProblem: the data folder can't be written.
        """
        state = replace(self.read(), **changes)  # type: ignore[arg-type]  # nobody changes `former` here
        self._write(state)
        return state

    def _write(self, state: BackupState) -> None:
        unfinished = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}.neu")
        try:
            with unfinished.open("x", encoding="utf-8") as file:
                json.dump(asdict(state), file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            move_durably(unfinished, self._path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise EnvironmentProblem(
                tr("Der Ordner „{folder}“ lässt sich nicht beschreiben. Bitte prüfen Sie Platz und Rechte.",
                   folder=self._path.parent)
            ) from error  # fmt: skip

    def target(self) -> Path:
        """Return the folder of the backups; beside the data as long as nobody chose one."""
        state = self.read()
        return Path(state.folder) if state.folder else self._own

    def is_reachable(self) -> bool:
        """Tell whether the folder is there and is the one that was chosen, not an empty place where a stick was."""
        state = self.read()
        if not state.folder:
            return True
        return read_mark(Path(state.folder)) == state.mark


def _former(content: object) -> tuple[FormerFolder, ...]:
    rows = content if isinstance(content, list) else []
    return tuple(
        FormerFolder(row["folder"], row["mark"])
        for row in rows
        if isinstance(row, dict) and isinstance(row.get("folder"), str) and isinstance(row.get("mark"), str)
    )


def moment(text: str) -> datetime | None:
    """Return the aware moment of a stored text; None if it is empty or none."""
    try:
        found = from_text(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def read_mark(folder: Path) -> str:
    """Return the mark of a backup folder; empty if there is none."""
    try:
        lines = (folder / MARK_NAME).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return ""
    return lines[-1].strip() if lines else ""


def write_mark(folder: Path) -> str:
    """Mark a folder as ours, or use the mark that is there; return it.

    Raises:
        OSError: the folder refuses.
    """
    mark = read_mark(folder)
    if mark:
        return mark
    mark = secrets.token_hex(8)
    sentence = tr("Hier liegen Sicherungen von Quartierslotse. Bitte nichts umbenennen oder löschen.")
    with (folder / MARK_NAME).open("w", encoding="utf-8") as file:
        file.write(f"{sentence}\n{mark}\n")
        file.flush()
        os.fsync(file.fileno())
    return mark
