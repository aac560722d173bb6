"""Collecting what is found wrong with a source."""

from __future__ import annotations

from desktop_app.directory.hsds.limits import MAXIMUM_PROBLEMS, SHOWN_VALUE_CHARACTERS
from desktop_app.directory.records import ImportProblem, Severity


class Findings:
    """A bounded list of problems in the order they were found."""

    def __init__(self) -> None:
        """Start with none."""
        self._problems: list[ImportProblem] = []
        self.left_out = 0

    def add(
        self,
        severity: Severity,
        *,
        file: str,
        row: int | None = None,
        field: str = "",
        value: str = "",
        what: str,
        why: str,
        action: str,
    ) -> None:
        """Keep one finding; long values are shortened, findings beyond the limit only counted."""
        if len(self._problems) >= MAXIMUM_PROBLEMS:
            self.left_out += 1
            return
        shown = value if len(value) <= SHOWN_VALUE_CHARACTERS else value[:SHOWN_VALUE_CHARACTERS] + " …"
        self._problems.append(
            ImportProblem(
                file=file, row=row, field=field, value=shown, what=what, why=why, action=action, severity=severity
            )
        )

    def all(self) -> tuple[ImportProblem, ...]:
        """Return the kept findings."""
        return tuple(self._problems)
