"""Narrowing the list: verified or not, with a telephone, by topic."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.directory.presenter import Checked, Wish
from ui.theme.theme import active_theme
from ui.widgets.buttons import QuietButton
from ui.widgets.choices import Choice
from ui.widgets.containers import ScrollPage
from ui.widgets.fields import ChoiceField
from ui.widgets.labels import Words


class FilterPanel(ScrollPage):
    """What the list is narrowed by. ``changed`` comes after every change by hand."""

    changed = Signal()

    def __init__(self, topics: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(margin=4, parent=parent)
        theme = active_theme()
        self.setAccessibleName(tr("Eingrenzen"))
        self.body.setSpacing(theme.px(8))
        self.checked = ChoiceField(
            tr("&Prüfung"),
            [
                Choice(Checked.ALL, tr("alle")),
                Choice(Checked.VERIFIED, tr("geprüft")),
                Choice(Checked.NOT_VERIFIED, tr("noch nicht geprüft")),
                Choice(Checked.DUE, tr("Prüfung fällig")),
            ],
            unanswered=None,
        )
        self.checked.changed.connect(lambda _code: self._tell())
        self.body.addWidget(self.checked)
        self.with_phone = QCheckBox(tr("nur mit &Telefon"))
        self.with_phone.toggled.connect(lambda _on: self._tell())
        self.body.addWidget(self.with_phone)
        self.clear_button = QuietButton(tr("Filter a&ufheben"), icon_name="x")
        self.clear_button.clicked.connect(self.clear)
        self.body.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(Words(tr("Themen"), "label"))
        self._topics = QVBoxLayout()
        self._topics.setSpacing(0)
        self.body.addLayout(self._topics)
        self.body.addStretch(1)
        self._boxes: dict[str, QCheckBox] = {}
        self.set_topics(topics)
        self._mark()

    def set_topics(self, topics: Sequence[tuple[str, str]]) -> None:
        """Offer other topics; those that stay keep their tick."""
        kept = {code for code, box in self._boxes.items() if box.isChecked()}
        for box in self._boxes.values():
            self._topics.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = {}
        for code, name in topics:
            box = QCheckBox(name.replace("&", "&&"))
            box.setAccessibleName(tr("Thema {name}", name=name))
            box.setChecked(code in kept)
            box.toggled.connect(lambda _on: self._tell())
            self._topics.addWidget(box)
            self._boxes[code] = box

    def narrow(self, text: str) -> Wish:
        """The wish for what was typed together with the filters."""
        return Wish(
            text=text,
            topics=frozenset(code for code, box in self._boxes.items() if box.isChecked()),
            checked=Checked(self.checked.value()),
            with_phone=self.with_phone.isChecked(),
        )

    def count(self) -> int:
        """How many filters are set."""
        wish = self.narrow("")
        return len(wish.topics) + int(wish.checked is not Checked.ALL) + int(wish.with_phone)

    def controls(self) -> list[QWidget]:
        """Everything that takes the keyboard, in the order seen."""
        # The field, not its control: Qt goes back to a field whose control was moved away from it.
        return [self.checked, self.with_phone, self.clear_button, *self._boxes.values()]

    def topic_box(self, code: str) -> QCheckBox:
        """The tick of a topic. Raises KeyError."""
        return self._boxes[code]

    def clear(self) -> None:
        """Take every filter away."""
        if not self.count():
            return
        boxes = [self.with_phone, *self._boxes.values()]
        for box in boxes:
            blocked = box.blockSignals(True)
            box.setChecked(False)
            box.blockSignals(blocked)
        self.checked.set_value(Checked.ALL)
        if self.clear_button.hasFocus():
            self.checked.combo.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def _tell(self) -> None:
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        self.clear_button.setVisible(self.count() > 0)
