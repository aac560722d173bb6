"""How the window looks on this computer: kept in a small file beside the data, because it is needed before signing in.

Nothing personal is in it. A missing or damaged file means the defaults.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ui.theme.scale import SMALLEST_TEXT_PERCENT, nearest_text_percent
from ui.theme.theme import ThemeMode

_log = logging.getLogger("quartierslotse.ui.preferences")

FILE_NAME = "darstellung.json"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was chosen on this computer. ``lock_minutes`` 0 means that only a person locks."""

    mode: str = ThemeMode.SYSTEM.value
    text_percent: int = SMALLEST_TEXT_PERCENT
    rail_is_wide: bool = True
    lock_minutes: int = 5


class PreferencesFile:
    """Reads and writes :class:`Preferences`; ``current`` is always valid."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self.current = self._read()

    def change(self, **changes: object) -> Preferences:
        """Change some values and write the file. A folder that can't be written only costs the memory of it."""
        self.current = replace(self.current, **changes)  # type: ignore[arg-type]  # names are checked by replace
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_suffix(".neu")
            part.write_text(json.dumps(asdict(self.current), indent=2), encoding="utf-8")
            part.replace(self._path)
        except OSError:
            _log.warning("the display settings could not be written")
        return self.current

    def _read(self) -> Preferences:
        try:
            values = json.loads(self._path.read_text(encoding="utf-8"))
            mode = ThemeMode(values.get("mode", ThemeMode.SYSTEM.value)).value
            return Preferences(
                mode=mode,
                text_percent=nearest_text_percent(int(values.get("text_percent", SMALLEST_TEXT_PERCENT))),
                rail_is_wide=bool(values.get("rail_is_wide", True)),
                lock_minutes=max(0, int(values.get("lock_minutes", 5))),
            )
        except FileNotFoundError:
            return Preferences()
        except (OSError, ValueError, TypeError, AttributeError):
            _log.warning("the display settings could not be read; the defaults are used")
            return Preferences()
