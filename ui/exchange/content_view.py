"""What is passed on: the same widget shows the sender's preview and what the receiver reads."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.exchange.records import ReferralContent
from ui.exchange.wording import content_rows
from ui.widgets.containers import Card
from ui.widgets.labels import Words
from ui.widgets.record_view import KeyValueTable
from ui.widgets.visibility import set_shown


class ContentCard(Card):
    """A content as a table of facts; a sentence stands in its place while there is none."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self.table = KeyValueTable()
        self.words = Words("", "muted", wrap=True)
        self.body.addWidget(self.table)
        self.body.addWidget(self.words)

    def show_content(self, content: ReferralContent | None, sentence: str = "") -> None:
        """Show a content, and a sentence below it (or in its place)."""
        self.table.set_rows(content_rows(content) if content is not None else [])
        set_shown(self.table, content is not None)
        self.words.setText(sentence)
        set_shown(self.words, bool(sentence))
