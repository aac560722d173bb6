"""The folders of this computer: where the data lies and where the shipped resources are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DATA_FOLDER_VARIABLE = "QUARTIERSLOTSE_DATA_DIR"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One installation's data: database, key slots, backups and logs side by side."""

    root: Path

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.root / "quartierslotse.db"

    @property
    def unfinished_database(self) -> Path:
        """The database while the first run has not finished."""
        return self.root / "quartierslotse.db.neu"

    @property
    def key_slots(self) -> Path:
        """The key slots."""
        return self.root / "schluessel.json"

    @property
    def attempts(self) -> Path:
        """How often a password was wrong lately."""
        return self.root / "anmeldeversuche.json"

    @property
    def backups(self) -> Path:
        """Encrypted copies made before risky steps."""
        return self.root / "sicherungen"

    @property
    def logs(self) -> Path:
        """Log files; they never hold data."""
        return self.root / "protokoll"

    @property
    def window_lock(self) -> Path:
        """Locked by the system while a window has this data open."""
        return self.root / "fenster.lock"

    @property
    def window_call(self) -> Path:
        """Written by a second start to bring the window to the front."""
        return self.root / "fenster.ruf"


def default_data_folder() -> DataFolder:
    """Return the user's data folder; the environment variable QUARTIERSLOTSE_DATA_DIR moves it."""
    named = os.environ.get(DATA_FOLDER_VARIABLE)
    if named:
        return DataFolder(Path(named).expanduser().absolute())
    from platformdirs import user_data_path

    return DataFolder(user_data_path("Quartierslotse", appauthor=False))


def resources_folder() -> Path:
    """Return the folder of the shipped resources."""
    return Path(__file__).resolve().parents[2] / "resources"
