"""The table of what an import found, row by row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.core.translation import tr
from desktop_app.directory.import_report import severity_label
from desktop_app.directory.records import ImportProblem, Severity

_Index = QModelIndex | QPersistentModelIndex
_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


def headings() -> tuple[str, ...]:
    """What stands above the columns."""
    return (tr("Art"), tr("Stelle"), tr("Feld"), tr("Befund"), tr("Was getan wurde"))


def place_label(problem: ImportProblem) -> str:
    """File and row."""
    return problem.file if problem.row is None else tr("{file}, Zeile {row}", file=problem.file, row=problem.row)


def in_full(problem: ImportProblem) -> str:
    """Everything about one finding, to be read below the table."""
    value = tr("Wert: „{value}“", value=problem.value) if problem.value else ""
    parts = (f"{place_label(problem)}: {problem.what}", value, problem.why, problem.action)
    return "\n".join(part for part in parts if part)


class ProblemModel(QAbstractTableModel):
    """Findings as rows; the text of every cell is also its tool tip, because long ones are cut."""

    def __init__(self) -> None:
        super().__init__()
        self._problems: tuple[ImportProblem, ...] = ()
        self._headings = headings()

    def set_problems(self, problems: Sequence[ImportProblem]) -> None:
        """Show other findings, the gravest first."""
        order = {severity: place for place, severity in enumerate(Severity)}
        self.beginResetModel()
        self._problems = tuple(sorted(problems, key=lambda problem: order[problem.severity]))
        self.endResetModel()

    def problem_at(self, row: int) -> ImportProblem:
        """The finding in ``row``."""
        return self._problems[row]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._problems)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ROLES or not index.isValid():
            return None
        problem = self._problems[index.row()]
        return (
            severity_label(problem.severity),
            place_label(problem),
            problem.field,
            problem.what,
            problem.action,
        )[index.column()]
