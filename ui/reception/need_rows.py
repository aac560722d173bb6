"""One row per chosen topic: what became of the need, and why not if it was not met."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop_app.contacts.records import NeedEntry
from desktop_app.contacts.rules import RESULTS_WITH_REASON
from desktop_app.contacts.vocabulary import Result, UnmetReason
from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.fields import ChoiceField
from ui.widgets.labels import Words
from ui.widgets.visibility import set_shown

_NO_REASON = Choice("", "Bitte wählen, wenn bekannt")


class NeedRow(QWidget):
    """The result of one need."""

    changed = Signal(str, str, str)

    def __init__(self, code: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = code
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(active_theme().px(4))
        layout.addWidget(Words(tr("Ergebnis: {topic}", topic=name), "label"))
        self.result = SegmentedControl(
            tr("Ergebnis: {topic}", topic=name), [Choice(result.value, result.label) for result in Result]
        )
        layout.addWidget(self.result)
        self.reason = ChoiceField(
            tr("Woran lag es bei {topic}?", topic=name.replace("&", "&&")),
            [Choice(reason.value, reason.label) for reason in UnmetReason],
            unanswered=_NO_REASON,
        )
        self.reason.combo.setAccessibleName(tr("Woran lag es bei {topic}?", topic=name))
        layout.addWidget(self.reason)
        set_shown(self.reason, False)
        self.result.changed.connect(self._tell)
        self.reason.changed.connect(self._tell)

    def show_need(self, need: NeedEntry) -> None:
        """Show what is chosen without emitting `changed`."""
        self.result.set_value(need.result.value)
        self.reason.set_value(need.unmet_reason.value if need.unmet_reason else "")
        set_shown(self.reason, need.result in RESULTS_WITH_REASON)

    def _tell(self) -> None:
        set_shown(self.reason, Result(self.result.value()) in RESULTS_WITH_REASON)
        self.changed.emit(self._code, self.result.value(), self.reason.value())


class NeedRows(QWidget):
    """The rows of all chosen topics, in the order they were chosen."""

    changed = Signal(str, object, object)

    def __init__(self, topic_name: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._topic_name = topic_name
        self._rows: dict[str, NeedRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(active_theme().px(8))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_needs(self, needs: Mapping[str, NeedEntry]) -> None:
        """Show exactly these needs."""
        for code in self._rows.keys() - needs.keys():
            row = self._rows.pop(code)
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        for code, need in needs.items():
            if code not in self._rows:
                row = NeedRow(code, self._topic_name(code))
                row.changed.connect(self._tell)
                self._rows[code] = row
                self._layout.addWidget(row)
            self._rows[code].show_need(need)
        set_shown(self, bool(needs))

    def rows(self) -> list[NeedRow]:
        """Return the rows from top to bottom."""
        return list(self._rows.values())

    def row(self, code: str) -> NeedRow:
        """Return the row of a topic. Raises KeyError."""
        return self._rows[code]

    def _tell(self, code: str, result: str, reason: str) -> None:
        self.changed.emit(code, Result(result), UnmetReason(reason) if reason else None)
