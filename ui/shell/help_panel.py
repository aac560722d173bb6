"""``F1``: what this screen is for and which keys it knows, beside the work."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.shell.overlay import Overlay
from ui.theme.resource_files import resource_file
from ui.theme.scale import HEADING_POINTS, TITLE_POINTS
from ui.theme.theme import Theme, active_theme
from ui.widgets.buttons import IconButton
from ui.widgets.labels import SectionTitle

_LINE_PERCENT = 115.0


def help_text(topic: str) -> str:
    """The help on ``topic`` as Markdown; a sentence if there is none."""
    path = resource_file("help", f"{topic}.md")
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return tr("Zu dieser Seite gibt es noch keine Hilfe.")


class HelpPanel(Overlay):
    """Lies over the right side of its parent while it is open."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("part", "help")
        self.setAccessibleName(tr("Hilfe"))
        self._topic = ""

    def build(self) -> None:
        theme = active_theme()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(12), theme.px(8), theme.px(8))
        head = QHBoxLayout()
        head.addWidget(SectionTitle(tr("Hilfe")), 1)
        self.close_button = IconButton("x", tr("Hilfe schließen (Esc)"))
        self.close_button.clicked.connect(self.close_over)
        head.addWidget(self.close_button)
        layout.addLayout(head)
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("Hilfetext"))
        self.text.setOpenLinks(False)
        layout.addWidget(self.text, 1)

    def open(self, topic: str) -> None:
        """Show the help on ``topic``; the keyboard reads and scrolls it."""
        self.prepare()
        self._topic = topic
        self._fill()
        self.show_over()

    def place(self) -> None:
        whole = self._over.rect()
        width = min(active_theme().scale.with_text(400), whole.width() - active_theme().px(24))
        self.setGeometry(whole.width() - width, 0, width, whole.height())

    def first_focus(self) -> QWidget:
        return self.text

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.isVisible():
            self._fill()

    def _fill(self) -> None:
        theme = active_theme()
        self.text.setPalette(QPalette(self.palette()))
        self.text.document().setDefaultFont(theme.font())
        self.text.setMarkdown(help_text(self._topic))
        self.text.document().setDocumentMargin(theme.px(4))
        self._space_out(theme)

    def _space_out(self, theme: Theme) -> None:
        """Give paragraphs room and headings the program's sizes; Markdown alone sets them close and loud."""
        block = self.text.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            cursor = QTextCursor(block)
            spaced = QTextBlockFormat()
            spaced.setTopMargin(theme.px({0: 0, 1: 0}.get(level, 16)))
            spaced.setBottomMargin(theme.px(4 if level or block.textList() is not None else 8))
            spaced.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.mergeBlockFormat(spaced)
            if level:
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                words = QTextCharFormat()
                words.setFont(theme.font(TITLE_POINTS if level == 1 else HEADING_POINTS, QFont.Weight.DemiBold))
                cursor.mergeCharFormat(words)
            block = block.next()
