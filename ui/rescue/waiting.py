"""Shown while a backup takes the database's place: nothing can be done meanwhile, and it must not be broken off."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.progress import Cancelled, Progress
from desktop_app.core.translation import tr
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import ProgressPanel
from ui.widgets.labels import PageTitle, Words

_WIDTH = 640


class WaitingPage(QWidget):
    """A title, how far it is, and why to wait."""

    def __init__(self, title: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        pane = ScrollPage(width=_WIDTH)
        outer.addWidget(pane)
        pane.body.addStretch(1)
        card = Card()
        pane.body.addWidget(card)
        pane.body.addStretch(2)
        heading = PageTitle(title)
        heading.setWordWrap(True)
        card.body.addWidget(heading)
        self.progress = ProgressPanel(tr("Bitte warten"))
        self.progress.cancel.hide()
        card.body.addWidget(self.progress)
        card.body.addWidget(
            Words(tr("Das dauert meist nur Sekunden. Danach melden Sie sich wieder an."), "muted", wrap=True)
        )


class Steady:
    """Progress that can't be cancelled: half an exchange would be worse than a late one."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def step(self, done: int, total: int, text: str) -> None:
        """Report; a wish to stop is not heard."""
        try:
            self._progress.step(done, total, text)
        except Cancelled:
            return
