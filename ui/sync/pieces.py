"""Small parts of the screens: a share in plain words, words to compare in large type, a QR code, rows of buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from desktop_app.sync.records import Share, SpaceKind
from ui.sync.wording import SHARE_ICONS
from ui.theme.theme import active_theme
from ui.widgets.badge import Badge, Tone
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Icon, Words
from ui.widgets.visibility import set_shown

_QUIET_ZONE = 4
_COLUMNS = 2


class ShareRow(QWidget):
    """One space: what goes there and who reads it, and below it a few lines of facts."""

    def __init__(self, share: Share, lines: Sequence[str], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        row.addWidget(Icon(SHARE_ICONS[share.kind], "accent", 24), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(theme.px(2))
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(Words(share.title, "label", wrap=True), 1)
        if share.kind is SpaceKind.STATISTICS:
            head.addWidget(Badge(tr("noch nichts gesendet"), Tone.NEUTRAL), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Words(share.sentence, wrap=True))
        for line in lines:
            column.addWidget(Words(line, "muted", wrap=True))
        row.addLayout(column, 1)


class ComparedWords(QFrame):
    """Eight words in large type, numbered, so that two people can read them to each other."""

    def __init__(self, words: Sequence[str] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setProperty("today", "true")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*(theme.px(16),) * 4)
        self._grid.setHorizontalSpacing(theme.px(24))
        self._grid.setVerticalSpacing(theme.px(8))
        self._words: tuple[str, ...] = ()
        set_shown(self, bool(words))
        self.show_words(words)

    @property
    def words(self) -> tuple[str, ...]:
        """What is shown."""
        return self._words

    def show_words(self, words: Sequence[str]) -> None:
        """Show other words, down the first column and then the second."""
        self._words = tuple(words)
        set_shown(self, bool(words))
        self.setAccessibleName(tr("Wörter zum Vergleichen: {words}", words=", ".join(words)))
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        lines = -(-len(self._words) // _COLUMNS)
        for place, word in enumerate(self._words):
            column, line = divmod(place, lines)
            number = Words(f"{place + 1}", "muted")
            self._grid.addWidget(number, line, column * 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            shown = Words(word, "big", wrap=True, selectable=True)
            shown.setAccessibleName(f"{place + 1}: {word}")
            self._grid.addWidget(shown, line, column * 2 + 1)
            self._grid.setColumnStretch(column * 2 + 1, 1)


class QrPicture(QWidget):
    """A QR code, black on white in every look: scanners need that."""

    def __init__(self, *, module: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._module = module
        self._modules = 0
        self._runs: tuple[tuple[int, int, int], ...] = ()
        self.setAccessibleName(tr("QR-Code"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_content(self, content: str) -> None:
        """Show another content; an empty one shows nothing."""
        from desktop_app.documents.qr import dark_runs  # loads its libraries when a code is shown

        self._modules, self._runs = dark_runs(content) if content else (0, ())
        self.updateGeometry()
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        side = (self._modules + 2 * _QUIET_ZONE) * active_theme().px(self._module)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._modules:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        module = self.width() / (self._modules + 2 * _QUIET_ZONE)  # whole pixels, so no line between them is blurred
        start = _QUIET_ZONE * module
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        for line, column, length in self._runs:
            painter.drawRect(QRectF(start + column * module, start + line * module, length * module, module))


def button_row(*buttons: QWidget) -> QWidget:
    """Buttons beside each other, in the next line where there is no room."""
    row = QWidget()
    layout = FlowLayout(row, gap=active_theme().px(8))
    for button in buttons:
        layout.addWidget(button)
    return row


def clear_column(column: QVBoxLayout) -> None:
    """Take every widget out of a column."""
    while column.count():
        item = column.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
