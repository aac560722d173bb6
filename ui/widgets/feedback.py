"""Telling people what is: nothing here yet, something to know, work going on, what just happened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.announce import announce
from ui.widgets.badge import TONE_COLOURS, Tone
from ui.widgets.buttons import Button, IconButton, PrimaryButton, QuietButton
from ui.widgets.containers import give_keyboard_back
from ui.widgets.labels import ElidedLabel, Icon, Words
from ui.widgets.visibility import set_shown

_NOTICE_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.INFO: "info",
    Tone.SUCCESS: "circle-check",
    Tone.WARNING: "triangle-alert",
    Tone.DANGER: "circle-alert",
}


class EmptyState(QWidget):
    """What to do first where nothing is yet: icon, sentence, button.

    ``EmptyState("book-open", tr("Das Verzeichnis ist noch leer."), action=tr("Datei einlesen"))``; the button emits
    ``action_requested``.
    """

    action_requested = Signal()

    def __init__(
        self, icon_name: str, sentence: str, *, detail: str = "", action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme = active_theme()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.px(24),) * 4)
        layout.setSpacing(theme.px(12))
        layout.addStretch(1)
        layout.addWidget(Icon(icon_name, "accent", 40), 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence = Words(sentence, "section", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.sentence)
        self.detail = Words(detail, "muted", wrap=True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_shown(self.detail, bool(detail))
        layout.addWidget(self.detail)
        self.button = PrimaryButton(action)
        set_shown(self.button, bool(action))
        self.button.clicked.connect(self.action_requested)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)


class Notice(QFrame):
    """A sentence that stays until it is done with: what, why, what now; with an optional action.

    ::

        notice = Notice(
            tr("Die Datei „{name}“ lässt sich nicht lesen.", name=name), Tone.DANGER, action=tr("Andere wählen")
        )
        notice.action_requested.connect(choose_file)
    """

    action_requested = Signal()
    closed = Signal()

    def __init__(
        self,
        text: str = "",
        tone: Tone = Tone.INFO,
        *,
        action: str = "",
        closable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme = active_theme()
        self._tone = tone
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(6), theme.px(6), theme.px(6))
        row.setSpacing(theme.px(12))
        self._icon = Icon(_NOTICE_ICONS[tone], self._ink(), 22)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self.words = Words(text, wrap=True)
        row.addWidget(self.words, 1)
        self.button = Button(action)
        set_shown(self.button, bool(action))
        self.button.clicked.connect(self.action_requested)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.close_button = IconButton("x", tr("Hinweis schließen"))
        set_shown(self.close_button, closable)
        self.close_button.clicked.connect(self._close)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(theme.scale.target + theme.px(12))
        self.setAccessibleName(text)
        if not text:
            self.hide()

    def show_text(self, text: str, tone: Tone = Tone.INFO, *, action: str = "") -> None:
        """Say something (and say it to a screen reader); an empty text hides the notice."""
        self._tone = tone
        self.words.setText(text)
        self.setAccessibleName(text)
        self.button.setText(action)
        set_shown(self.button, bool(action))
        self._icon.show_icon(_NOTICE_ICONS[tone], self._ink())
        set_shown(self, bool(text))
        self.update()
        announce(self, text)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        ground, ink = TONE_COLOURS[self._tone]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour(ink))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), theme.px(8), theme.px(8))

    def _ink(self) -> str:
        return TONE_COLOURS[self._tone][1]

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


class ProgressPanel(QFrame):
    """Long work: what it does now, how far it is, and a way out.

    ``panel.show_step(done, total, text)``; ``total`` 0 means nobody knows. ``cancel_requested`` asks to stop; the panel
    says so at once and waits for the work to end. ``hold_focus`` and ``give_focus_back`` keep the keyboard here while the
    button that began the work can't be pressed.
    """

    cancel_requested = Signal()

    def __init__(self, title: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setProperty("card", "true")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.px(16),) * 4)
        layout.setSpacing(theme.px(8))
        self.title = Words(title, "section", wrap=True)
        layout.addWidget(self.title)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title or tr("Fortschritt"))
        self._pressed: QWidget | None = None
        layout.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        self.text = ElidedLabel("", "muted")
        row.addWidget(self.text, 1)
        self.cancel = Button(tr("Abbrechen"))
        self.cancel.clicked.connect(self._cancel)
        row.addWidget(self.cancel)
        layout.addLayout(row)
        self.show_step(0, 0, "")

    def start(self, title: str) -> None:
        """Begin anew with another title and show the panel."""
        self.title.setText(title)
        self.setAccessibleName(title)
        self.bar.setAccessibleName(title)
        self.cancel.setEnabled(True)
        self.show_step(0, 0, "")
        self.show()

    def show_step(self, done: int, total: int, text: str) -> None:
        """Show that ``done`` of ``total`` is finished."""
        self.bar.setRange(0, max(0, total))
        self.bar.setValue(done if total else 0)
        self.text.setText(text)

    def hold_focus(self, pressed: QWidget | None) -> None:
        """Take the keyboard that ``pressed`` lost when it could not be pressed any more; Enter does nothing here."""
        self._pressed = None
        if pressed is not None and not pressed.isEnabled():
            self._pressed = pressed
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_focus_back(self) -> None:
        """Give the keyboard back, unless somebody has gone on with it."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None and isValid(pressed) and (self.hasFocus() or self.cancel.hasFocus()):
            give_keyboard_back(pressed)

    def _cancel(self) -> None:
        if self.cancel.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.cancel.setEnabled(False)
        self.text.setText(tr("Wird abgebrochen …"))
        self.cancel_requested.emit()


class StatusLine(QWidget):
    """The last message and, as long as it can be undone, *Rückgängig*.

    It never vanishes by itself. ``line.show_message(tr("Kontakt gespeichert."), undo=presenter.undo)``;
    the button (or :meth:`undo_last`, which the window binds to a key) calls ``undo`` once. ``left`` says that the
    button had the keyboard and is gone: it belongs back on the page.
    """

    left = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undo: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active_theme().px(8))
        self._icon = Icon("check", "success", 18)
        self._icon.hide()
        row.addWidget(self._icon)
        self.words = ElidedLabel("")
        self.words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(self.words)
        self.button = QuietButton(tr("Rückgängig"), icon_name="undo-2")
        self.button.clicked.connect(self.undo_last)
        self.button.setToolTip(tr("Rückgängig (Strg+Z)"))
        self.button.hide()
        row.addWidget(self.button)
        row.addStretch(1)

    @property
    def can_undo(self) -> bool:
        """Whether the last thing can still be taken back."""
        return self._undo is not None

    def show_message(self, text: str, undo: Callable[[], None] | None = None, *, tone: Tone = Tone.SUCCESS) -> None:
        """Say what happened; ``undo`` takes it back."""
        self._undo = undo
        self.words.setText(text)
        self._icon.show_icon({Tone.SUCCESS: "check"}.get(tone, _NOTICE_ICONS[tone]), TONE_COLOURS[tone][1])
        set_shown(self._icon, bool(text))
        set_shown(self.button, undo is not None)
        self.button.setAccessibleName(tr("Rückgängig: {message}", message=text))
        announce(self, text)

    def forget_undo(self) -> None:
        """Let go of the way back: what it would bring back must not come back."""
        self._undo = None
        self.button.hide()

    def undo_last(self) -> None:
        """Take the last thing back, if it can be."""
        undo, self._undo = self._undo, None
        had_keyboard = self.button.hasFocus()
        self.button.hide()
        try:
            if undo is not None:
                undo()
        finally:
            if had_keyboard:
                self.left.emit()
