"""Fields of a form: label above, control, help or error below; one accessible name for all of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.announce import announce
from ui.widgets.buttons import InsetButton
from ui.widgets.choice import Choice
from ui.widgets.containers import scroll_to
from ui.widgets.labels import Words
from ui.widgets.visibility import set_shown

NOT_ASKED = Choice("not_asked", "nicht gefragt")


class Field(QWidget):
    """Label, control and a line for help or an error. ``Field(tr("Name des Büros"), QLineEdit())``.

    A label may hold a mnemonic (``"&Name"``).
    """

    def __init__(self, label: str, control: QWidget, *, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._help_text = help_text
        name = label.replace("&", "")
        control.setAccessibleName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(active_theme().px(2))
        self.label = Words(label, "label")
        self.label.setBuddy(control)
        self.label.setContentsMargins(2, 0, 0, 0)
        layout.addWidget(self.label)
        layout.addWidget(control)
        self.below = Words(help_text, "muted", wrap=True)
        self.below.setContentsMargins(2, 0, 0, 0)
        set_shown(self.below, bool(help_text))
        layout.addWidget(self.below)
        control.setAccessibleDescription(help_text)
        self.setFocusProxy(control)

    def set_error(self, sentence: str) -> None:
        """Show what is wrong with the answer (an empty sentence takes it away) and say it."""
        has_error = bool(sentence)
        self.below.setText(sentence or self._help_text)
        set_shown(self.below, bool(self.below.text()))
        self.control.setAccessibleDescription(self.below.text())
        for widget, name, value in (
            (self.below, "words", "error" if has_error else "muted"),
            (self.control, "invalid", "true" if has_error else "false"),
        ):
            widget.setProperty(name, value)
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        announce(self.control, sentence)
        if has_error and self.control.hasFocus():
            scroll_to(self)  # where the keyboard comes only now, the page follows it


class TextField(Field):
    """A line of text with its label. ``TextField(tr("Name des Büros")).text()``."""

    changed = Signal(str)

    def __init__(
        self, label: str, *, text: str = "", placeholder: str = "", help_text: str = "", parent: QWidget | None = None
    ) -> None:
        self.edit = QLineEdit(text)
        super().__init__(label, self.edit, help_text=help_text, parent=parent)
        self.edit.setPlaceholderText(placeholder)
        self.edit.textChanged.connect(self._changed)

    def text(self) -> str:
        """What was typed, without blanks around it."""
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        """Put text in."""
        self.edit.setText(text)

    def _changed(self, text: str) -> None:
        if self.edit.property("invalid") == "true":
            self.set_error("")
        self.changed.emit(text)


class PasswordField(TextField):
    """A password: hidden, can be shown, warns when the caps lock seems on."""

    def __init__(self, label: str, *, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, help_text=help_text, parent=parent)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.reveal = InsetButton("eye", tr("Passwort zeigen"), self.edit)
        self.reveal.setCheckable(True)
        self.reveal.toggled.connect(self._show)
        self.edit.installEventFilter(self)

    def text(self) -> str:
        """The password as typed; blanks count."""
        return self.edit.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _caps_lock_seems_on(event):
            self.set_hint(tr("Ist die Feststelltaste an? Es kommen Großbuchstaben."))
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.text().isalpha():
            self.set_hint("")
        return super().eventFilter(watched, event)

    def set_hint(self, sentence: str) -> None:
        """Show a quiet hint below the field instead of the help text."""
        self.below.setText(sentence or self._help_text)
        set_shown(self.below, bool(self.below.text()))

    def _show(self, shown: bool) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.reveal.set_icon_name("eye-off" if shown else "eye")
        self.reveal.rename(tr("Passwort verbergen") if shown else tr("Passwort zeigen"))


def _caps_lock_seems_on(event: QKeyEvent) -> bool:
    """Qt does not tell the lock itself: a capital without Shift, or a small letter with it, gives it away."""
    text = event.text()
    if len(text) != 1 or not text.isalpha():
        return False
    shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return text.isupper() != shifted and text.upper() != text.lower()


class CalmComboBox(QComboBox):
    """A drop-down list the mouse wheel changes only when the keyboard is on it (pages scroll past it).

    An answer that does not fit ends in …; the list says it whole.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.setMaxVisibleItems(14)

    def shown_text(self) -> str:
        """The chosen answer as far as there is room for it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        place = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, place.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(Field):
    """One answer out of a list; starts as *nicht gefragt* unless told otherwise.

    ::

        age = ChoiceField(tr("Alters&gruppe"), [Choice("80_84", tr("80 bis 84")), Choice("unknown", tr("weiß nicht"))])
        age.changed.connect(presenter.use_age)  # code: str
        age.value()  # "not_asked"

    ``unanswered=None`` leaves the default out (then the first choice is the default).
    """

    changed = Signal(str)

    def __init__(
        self,
        label: str,
        choices: Sequence[Choice],
        *,
        value: str | None = None,
        unanswered: Choice | None = NOT_ASKED,
        help_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.combo = CalmComboBox()
        super().__init__(label, self.combo, help_text=help_text, parent=parent)
        self._unanswered = unanswered
        self.set_choices(choices, value=value)
        self.combo.currentIndexChanged.connect(self._changed)

    def set_choices(self, choices: Sequence[Choice], *, value: str | None = None) -> None:
        """Offer other answers without emitting ``changed``."""
        blocked = self.combo.blockSignals(True)
        self.combo.clear()
        if self._unanswered is not None:
            label = tr("nicht gefragt") if self._unanswered is NOT_ASKED else self._unanswered.label
            self.combo.addItem(label, self._unanswered.code)
        for choice in choices:
            self.combo.addItem(choice.label, choice.code)
        self.combo.blockSignals(blocked)
        self.set_value(value)

    def value(self) -> str:
        """The code of the answer."""
        return str(self.combo.currentData() or "")

    def set_value(self, code: str | None) -> None:
        """Choose an answer without emitting ``changed``; ``None`` is the default.

        An unknown code (an answer since removed) falls back to the default.
        """
        place = max(0, self.combo.findData(code)) if code is not None else 0
        blocked = self.combo.blockSignals(True)
        self.combo.setCurrentIndex(place)
        self.combo.blockSignals(blocked)
        self._mark()

    def is_answered(self) -> bool:
        """Whether it differs from *nicht gefragt*."""
        return self._unanswered is None or self.value() != self._unanswered.code

    def _changed(self) -> None:
        self._mark()
        self.changed.emit(self.value())

    def _mark(self) -> None:
        self.combo.setProperty("answered", "true" if self._unanswered is not None and self.is_answered() else "false")
        self.combo.style().unpolish(self.combo)
        self.combo.style().polish(self.combo)
