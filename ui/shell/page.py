"""What a page of the window is.

A page is written like this::

    class DirectoryPage(Page):
        def __init__(self, context: PageContext) -> None:
            super().__init__(tr("Verzeichnis"), "book-open", "directory")
            self._context = context
            self._search = SearchField(tr("Verzeichnis durchsuchen"))
            ...

        def main_focus(self) -> QWidget:
            return self._search

        def on_shown(self) -> None:  # every time it comes to the front; keep it quick
            self._presenter.refresh()

        def show_target(self, target: Target) -> None:  # Ctrl+K chose a service, a day ...
            self._presenter.open(target.key)


    self.message.emit(StatusMessage(tr("Angebot geprüft."), undo=self._presenter.undo_verification))
    self.show_problem(error)  # a UserError as a sentence on top of the page

Pages are made when they are first shown and live until the window closes, so nothing typed is lost by going
elsewhere or locking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.feedback import Notice


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """One line for the foot of the window. ``undo`` takes it back; without it there is no *Rückgängig*."""

    text: str
    undo: Callable[[], None] | None = None
    tone: Tone = Tone.SUCCESS


@dataclass(frozen=True, slots=True)
class Target:
    """Something a page can show: ``kind`` such as ``"service"``, ``"organization"``, ``"day"`` and its key."""

    kind: str
    key: str


class Page(QWidget):
    """Base of all pages. Put widgets into ``body`` (no margins); problems appear above it.

    ``message`` goes to the foot of the window; ``open_requested(page_key, target)`` shows another page,
    ``target`` may be ``None``.
    """

    message = Signal(object)
    open_requested = Signal(str, object)

    def __init__(self, title: str, icon_name: str, help_topic: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.icon_name = icon_name
        self.help_topic = help_topic
        self.setAccessibleName(title)
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        theme = active_theme()
        self._problem_area = QWidget()
        around = QVBoxLayout(self._problem_area)
        around.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), 0)
        self.problem = Notice()
        self.problem.closed.connect(self.clear_problem)
        around.addWidget(self.problem)
        self._problem_area.hide()
        outer.addWidget(self._problem_area)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self.body, 1)

    def main_focus(self) -> QWidget | None:
        """The control that has the keyboard when the page comes to the front; ``None`` leaves it to Qt."""
        return None

    def last_focus(self) -> QWidget | None:
        """The control of the page that has the keyboard, or had it before the keyboard went elsewhere."""
        return self.focusWidget()

    def on_shown(self) -> None:
        """Called every time the page comes to the front, before it gets the keyboard."""

    def show_target(self, target: Target) -> None:
        """Show one thing, chosen elsewhere. Pages that have nothing to choose do nothing."""

    def on_closing(self) -> None:
        """Called before the window closes: keep what is half typed (drafts)."""

    def go_back(self) -> bool:
        """``Esc``: step back inside the page (close a part, leave a record) and return ``True``.

        ``False`` lets the window go back to the page before. Nothing typed may be lost either way.
        """
        return False

    def say(self, text: str, undo: Callable[[], None] | None = None, *, tone: Tone = Tone.SUCCESS) -> None:
        """Short for emitting a :class:`StatusMessage`."""
        self.message.emit(StatusMessage(text, undo, tone))

    def undoing(self, take_back: Callable[[], object] | None, then: Callable[[], object]) -> Callable[[], None] | None:
        """Return what *Rückgängig* does: take back, ``then`` show how things stand, and say so. ``None`` for nothing."""
        if take_back is None:
            return None

        def undo() -> None:
            try:
                take_back()
            except QuartierslotseError as error:
                self.show_problem(error)
                return
            then()
            self.say(tr("Rückgängig gemacht."))

        return undo

    def show_problem(self, problem: Exception | str, *, action: str = "") -> None:
        """Show a sentence on top of the page (a ``UserError`` says it itself); it stays until closed.

        With ``action`` there is a button: connect ``problem.action_requested``.
        """
        self._problem_area.show()
        self.problem.show_text(str(problem), Tone.DANGER, action=action)

    def clear_problem(self) -> None:
        """Take the sentence away."""
        self._problem_area.hide()
