"""How many starts in a row came to nothing: after three the window offers to start without what may be broken."""

from __future__ import annotations

import json

from desktop_app.environment.folders import DataFolder

STARTS_BEFORE_SAFE_START = 3


class StartRecord:
    """Counts a start when it begins and forgets all when one has succeeded.

    A start has succeeded when the window has stood for a while, or was closed without an error of the program.
    A folder that can't be written only costs the count.
    """

    def __init__(self, folder: DataFolder) -> None:
        """Read the count of a data folder when it is first asked for."""
        self._path = folder.logs / "starts.json"
        self._went_wrong = False
        self._succeeded = False

    def failed_starts(self) -> int:
        """Return how many starts in a row did not succeed."""
        try:
            return max(0, int(json.loads(self._path.read_text(encoding="utf-8"))["failed"]))
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    @property
    def offers_safe_start(self) -> bool:
        """Whether it is time to offer the safe start."""
        return self.failed_starts() >= STARTS_BEFORE_SAFE_START

    def begin(self) -> None:
        """Count this start as failed until it succeeds."""
        self._write(self.failed_starts() + 1)

    def error_happened(self) -> None:
        """An error of the program was shown; before the start succeeded, closing the window is no success."""
        self._went_wrong = True

    def succeed(self) -> None:
        """This start came to its end: forget the count, unless an error came first."""
        if self._succeeded or self._went_wrong:
            return
        self._succeeded = True
        self._write(0)

    def _write(self, failed: int) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps({"failed": failed}), encoding="utf-8")
        except OSError:
            return
