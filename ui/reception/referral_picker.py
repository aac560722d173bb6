"""Weitervermitteln an: search as you type, and what was picked with how and when to follow up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.contacts.vocabulary import ReferralMode
from desktop_app.core.translation import tr
from ui.reception.card_state import Pick
from ui.theme.theme import active_theme
from ui.widgets.buttons import IconButton
from ui.widgets.choices import Choice, SegmentedControl
from ui.widgets.fields import CalmComboBox
from ui.widgets.labels import ElidedLabel
from ui.widgets.search_list import ResultList, ResultRow, SearchField
from ui.widgets.visibility import set_shown

_FOLLOW_UP_DAYS = (7, 14, 28)
_SHOWN_ROWS = 4


class PickRow(QFrame):
    """One picked service."""

    changed = Signal(object)
    removed = Signal(str)

    def __init__(self, pick: Pick, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pick = pick
        self._today = today
        theme = active_theme()
        self.setProperty("card", "true")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(12), theme.px(4), theme.px(4), theme.px(8))
        layout.setSpacing(theme.px(2))
        head = QHBoxLayout()
        words = f"{pick.name} – {pick.organization}" if pick.organization not in {"", pick.name} else pick.name
        head.addWidget(ElidedLabel(words, "label"), 1)
        self.remove = IconButton("x", tr("{name} entfernen", name=pick.name))
        self.remove.clicked.connect(lambda: self.removed.emit(pick.service_id))
        head.addWidget(self.remove)
        layout.addLayout(head)
        self.mode = SegmentedControl(
            tr("Wie weitervermittelt: {name}", name=pick.name),
            [Choice(mode.value, mode.label) for mode in ReferralMode],
            value=pick.mode.value,
        )
        self.mode.changed.connect(self._tell)
        layout.addWidget(self.mode)
        self.follow_up = CalmComboBox()
        self.follow_up.setAccessibleName(tr("Wiedervorlage: {name}", name=pick.name))
        self.follow_up.addItem(tr("Keine Wiedervorlage"), None)
        for days in _FOLLOW_UP_DAYS:
            day = today + timedelta(days=days)
            words = tr("Nachfragen in {weeks} Wochen ({day})", weeks=days // 7, day=f"{day:%d.%m.}")
            if days == _FOLLOW_UP_DAYS[0]:
                words = tr("Nachfragen in einer Woche ({day})", day=f"{day:%d.%m.}")
            self.follow_up.addItem(words, day.isoformat())
        if pick.due_on is not None:
            place = self.follow_up.findData(pick.due_on.isoformat())
            if place < 0:
                self.follow_up.addItem(
                    tr("Nachfragen am {day}", day=f"{pick.due_on:%d.%m.%Y}"), pick.due_on.isoformat()
                )
                place = self.follow_up.count() - 1
            self.follow_up.setCurrentIndex(place)
        self.follow_up.currentIndexChanged.connect(self._tell)
        layout.addWidget(self.follow_up)

    def _tell(self) -> None:
        day = self.follow_up.currentData()
        self.pick = replace(
            self.pick, mode=ReferralMode(self.mode.value()), due_on=date.fromisoformat(day) if day else None
        )
        self.changed.emit(self.pick)


class ReferralPicker(QWidget):
    """The search field with its results, and the picks below."""

    picked = Signal(str)
    pick_changed = Signal(object)
    pick_removed = Signal(str)
    text_changed = Signal(str)
    results_shown = Signal()

    def __init__(self, search: Callable[[str], Sequence[ResultRow]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = search
        theme = active_theme()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        self.field = SearchField(
            tr("Weitervermitteln an"), placeholder=tr("Angebot suchen, zum Beispiel „Pflegeberatung“   (Strg+F)")
        )
        layout.addWidget(self.field)
        self.results = ResultList(
            tr("Gefundene Angebote"), empty_text=tr("Nichts gefunden. Vielleicht anders geschrieben?")
        )
        set_shown(self.results, False)
        layout.addWidget(self.results)
        self.field.attach(self.results)
        self._picks = QVBoxLayout()
        self._picks.setSpacing(theme.px(8))
        layout.addLayout(self._picks)
        self._rows: list[PickRow] = []
        self.field.query_changed.connect(self._find)
        self.results.activated_key.connect(self._take)

    def show_text(self, text: str) -> None:
        """Show a half-typed search again."""
        if self.field.text() != text:
            self.field.setText(text)
            self.field.send_now()

    def refresh(self) -> None:
        """Search again, for example after another topic was chosen."""
        if self.field.query():
            self._find(self.field.query())

    def show_picks(self, picks: Sequence[Pick], today: date) -> None:
        """Show what is picked."""
        if [row.pick for row in self._rows] == list(picks):
            return
        for row in self._rows:
            self._picks.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for pick in picks:
            row = PickRow(pick, today)
            row.changed.connect(self.pick_changed)
            row.removed.connect(self.pick_removed)
            self._picks.addWidget(row)
            self._rows.append(row)

    def rows(self) -> list[PickRow]:
        """Return the rows shown, from top to bottom."""
        return list(self._rows)

    def _find(self, text: str) -> None:
        self.results.fit_rows(_SHOWN_ROWS)
        set_shown(self.results, bool(text))
        self.results.set_rows(self._search(text) if text else [], preselect=True)
        self.text_changed.emit(text)
        if text:
            self.results_shown.emit()

    def _take(self, service_id: str) -> None:
        self.field.clear()
        self.field.send_now()
        self.picked.emit(service_id)
