"""``F1``: what this screen is for and which keys it knows, beside the work."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
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


class HelpPanel(QFrame):
    """Lies over the right side of its parent while it is open."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("part", "help")
        self.setAccessibleName(tr("Hilfe"))
        self._before: QWidget | None = None
        self._topic = ""
        self._is_built = False
        parent.installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        """Made when it is first asked for; the window opens sooner."""
        self._is_built = True
        theme = active_theme()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(12), theme.px(8), theme.px(8))
        head = QHBoxLayout()
        head.addWidget(SectionTitle(tr("Hilfe")), 1)
        self.close_button = IconButton("x", tr("Hilfe schließen (Esc)"))
        self.close_button.clicked.connect(self.close_panel)
        head.addWidget(self.close_button)
        layout.addLayout(head)
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("Hilfetext"))
        self.text.setOpenLinks(False)
        layout.addWidget(self.text, 1)

    def open(self, topic: str) -> None:
        """Show the help on ``topic`` and take the keyboard, so that it can be read and scrolled."""
        if not self._is_built:
            self._build()
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._topic = topic
        self._fill()
        self._place()
        self.show()
        self.raise_()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_panel(self) -> None:
        """Close it and give the keyboard back."""
        if not self.isVisible():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

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

    def _place(self) -> None:
        whole = self._over.rect()
        width = min(active_theme().scale.with_text(400), whole.width() - active_theme().px(24))
        self.setGeometry(whole.width() - width, 0, width, whole.height())
