"""Parts of a readable record: the phone number big, facts in two columns, the week with today marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.theme.fonts import with_tabular_figures
from ui.theme.theme import active_theme
from ui.widgets.announce import announce
from ui.widgets.buttons import IconButton
from ui.widgets.labels import Icon, Words
from ui.widgets.visibility import set_shown


class BigNumber(QWidget):
    """A number to be read aloud or dialled (a phone number), with a button that copies it.

    ``BigNumber("0208 123456", tr("Telefon"), icon_name="phone")``
    """

    def __init__(
        self,
        number: str = "",
        caption: str = "",
        *,
        icon_name: str = "phone",
        copyable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme = active_theme()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        self._icon = Icon(icon_name, "accent", 28)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setSpacing(0)
        self.number = Words(number, "big", wrap=True, selectable=True)
        self.caption = Words(caption, "muted", wrap=True)
        column.addWidget(self.number)
        column.addWidget(self.caption)
        row.addLayout(column, 1)
        self.copy_button = IconButton("copy", tr("Nummer kopieren"))
        self.copy_button.clicked.connect(self._copy)
        set_shown(self.copy_button, copyable)
        row.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_number(number, caption)

    def show_number(self, number: str, caption: str = "") -> None:
        """Show another number; an empty one hides the widget."""
        self.number.setText(number)
        self.number.setAccessibleName(f"{caption}: {number}" if caption else number)
        self.caption.setText(caption)
        set_shown(self.caption, bool(caption))
        set_shown(self, bool(number))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.number.text())
        announce(self, tr("Nummer kopiert."))


class KeyValueTable(QWidget):
    """Facts in two columns: what it is on the left, the fact on the right, both breaking where the room ends.

    ``table.set_rows([(tr("Kosten"), "kostenlos"), (tr("Mitbringen"), "Ausweis")])``
    """

    def __init__(self, rows: Sequence[tuple[str, str]] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(8))
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 5)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_rows(rows)

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show other facts; those without a value are left out."""
        _empty(self._grid)
        for number, (name, value) in enumerate(row for row in rows if row[1]):
            key = Words(name, "muted", wrap=True)
            words = Words(value, wrap=True, selectable=True)
            words.setAccessibleName(f"{name}: {value}")
            self._grid.addWidget(key, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, number, 1, Qt.AlignmentFlag.AlignTop)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One row of a week: ``Montag``, ``("09:00–12:00", "14:00–17:00")``, an optional remark. No hours means closed."""

    name: str
    hours: tuple[str, ...] = ()
    remark: str = ""


class WeekTable(QWidget):
    """Opening hours as a week with today marked, and sentences about exceptions below.

    ``WeekTable().show_week(days, today=0, exceptions=[tr("24.12. geschlossen")])``;
    ``today`` is the place in ``days``.
    """

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.px(2))
        self._days = QVBoxLayout()
        self._days.setSpacing(0)
        outer.addLayout(self._days)
        self._exceptions = QVBoxLayout()
        self._exceptions.setSpacing(theme.px(4))
        outer.addLayout(self._exceptions)

    def show_week(
        self,
        days: Sequence[WeekDay],
        *,
        today: int | None = None,
        exceptions: Sequence[str] = (),
        closed_text: str = "",
    ) -> None:
        """Show the hours. ``closed_text`` stands where there are none (default *geschlossen*)."""
        _empty(self._days)
        _empty(self._exceptions)
        closed = closed_text or tr("geschlossen")
        wide = max((_bold_width(day.name) for day in days), default=0)
        for number, day in enumerate(days):
            self._days.addWidget(_day_row(day, closed, wide, is_today=number == today))
        for sentence in exceptions:
            self._exceptions.addWidget(Words(sentence, wrap=True, selectable=True))


def _day_row(day: WeekDay, closed: str, name_width: int, *, is_today: bool) -> QWidget:
    theme = active_theme()
    row = QFrame()
    if is_today:
        row.setProperty("today", "true")
    line = QHBoxLayout(row)
    line.setContentsMargins(theme.px(10), theme.px(5), theme.px(10), theme.px(5))
    line.setSpacing(theme.px(16))
    size = "label" if is_today else "body"
    name = Words(day.name, size)
    name.setFixedWidth(name_width)
    hours = Words(" · ".join(day.hours) or closed, size if day.hours else "muted", wrap=True)
    hours.setFont(with_tabular_figures(hours.font()))
    spoken = ", ".join(part for part in (", ".join(day.hours) or closed, day.remark) if part)
    hours.setAccessibleName(f"{day.name}{tr(' (heute)') if is_today else ''}: {spoken}")
    line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(hours)
    if day.remark:
        column.addWidget(Words(day.remark, "muted", wrap=True))
    line.addLayout(column, 1)
    if is_today:
        line.addWidget(Words(tr("heute"), "label"), 0, Qt.AlignmentFlag.AlignTop)
    return row


def _bold_width(text: str) -> int:
    return QFontMetrics(active_theme().font(weight=QFont.Weight.DemiBold)).horizontalAdvance(text) + 4


def _empty(layout: QGridLayout | QVBoxLayout) -> None:
    """Take every widget out of ``layout``."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
