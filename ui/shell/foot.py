"""The line at the bottom: which office, the state in words, the last message with *Rückgängig*."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from desktop_app.core.translation import tr, tr_count
from ui.theme.theme import active_theme
from ui.widgets.buttons import QuietButton
from ui.widgets.feedback import StatusLine
from ui.widgets.labels import ElidedLabel, Icon


class Foot(QFrame):
    """Office, state, message. ``status`` is the line with *Rückgängig*, ``sync`` the connection to others, if there is one."""

    sync_pressed = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setProperty("part", "foot")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(2), theme.px(16), theme.px(2))
        row.setSpacing(theme.px(8))
        self.status = StatusLine()
        row.addWidget(self.status, 3)
        self.clipboard = ElidedLabel("", "muted")
        self.clipboard.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clipboard.hide()
        row.addWidget(self.clipboard)
        self.sync = QuietButton("", icon_name="refresh-cw")
        self.sync.clicked.connect(self.sync_pressed)
        self.sync.hide()
        self.sync.setMinimumWidth(theme.scale.target)  # its words must not keep the window from getting narrower
        self._sync_words, self._sync_icon = "", "refresh-cw"
        self._told_words, self._told_icon = "", ""
        row.addWidget(self.sync)
        self._icon = Icon("hard-drive", "text_muted", 18)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self.state = ElidedLabel("", "muted")
        self.state.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(self.state)
        self.office = ElidedLabel("", "label")
        self.office.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addSpacing(theme.px(8))
        row.addWidget(self.office)
        # As high as its words want, at every text size: a tall page must not press it together.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._is_narrow = False
        self._width = 0
        self.show_running(0)

    def show_office(self, name: str) -> None:
        """Say which office this is."""
        self.office.setText(name)

    def sizeHint(self) -> QSize:
        theme = active_theme()
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), theme.scale.target + theme.px(6)))

    def fit(self, width: int) -> None:
        """Leave out what there is no room for: the message comes first, then the state, then the office."""
        self._width = width
        scale = active_theme().scale
        connected = 140 if self._sync_words else 0
        self.office.setVisible(width >= scale.with_text(1000 + connected))
        # Beside the words about the others the icon is enough: the message and its way back need the room.
        self.state.setVisible(width >= scale.with_text(1400 if self._sync_words else 820))
        self._icon.setVisible(width >= scale.with_text(680 + connected) or not self._sync_words)
        self._is_narrow = width < scale.with_text(640)
        self._renew_sync()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and hasattr(self, "_is_narrow"):
            self._renew_sync()  # a message came or went
            self._row.activate()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._renew_sync()

    def show_sync(self, words: str, icon_name: str) -> None:
        """Say how the connection to others stands; empty words say nothing and take no room."""
        is_new = bool(words) != bool(self._sync_words)
        self._sync_words = words
        self._sync_icon = icon_name or self._sync_icon
        self.sync.setVisible(bool(words))
        self._renew_sync()
        if is_new:
            self.fit(self._width or self.width())

    def _renew_sync(self) -> None:
        """Where there is no room for the words, the icon stands for them."""
        shown = "" if self._is_narrow and not self._has_room() else self._sync_words
        if shown == self.sync.text() and self._sync_words == self._told_words and self._sync_icon == self._told_icon:
            return  # setting it again would ask for the layout again
        self._told_words, self._told_icon = self._sync_words, self._sync_icon
        self.sync.setText(shown)
        self.sync.setAccessibleName(tr("Abgleich: {words}", words=self._sync_words))
        self.sync.setToolTip(self._sync_words)
        self.sync.set_icon_name(self._sync_icon)  # after the words: the gap between depends on them

    def _has_room(self) -> bool:
        """Whether the words about the others fit beside the whole message, in the narrow line where little else is shown."""
        theme = active_theme()
        metrics = self.sync.fontMetrics()
        words = self.sync.text()
        # Between icon and words there are a gap of the button's own and four pixels of Qt.
        around = self.sync.sizeHint().width() - metrics.horizontalAdvance(words) + (0 if words else theme.px(6) + 4)
        margins = self._row.contentsMargins()
        needed = margins.left() + margins.right() + around + metrics.horizontalAdvance(self._sync_words)
        others = [
            part for part in (self.status, self.clipboard, self._icon, self.state, self.office) if not part.isHidden()
        ]
        needed += sum(part.sizeHint().width() + self._row.spacing() for part in others) + theme.px(16)
        return needed <= self.width()

    def show_clipboard(self, seconds: int) -> None:
        """Say how long what was copied stays in the clipboard; 0 says nothing."""
        self.clipboard.setText(tr("Zwischenablage wird in {count} s geleert", count=seconds) if seconds else "")
        self.clipboard.setVisible(bool(seconds))

    def show_running(self, tasks: int) -> None:
        """Say what is true about the data: stored here, or something is still going on."""
        if tasks:
            self.state.setText(tr_count("{count} Aufgabe läuft noch", "{count} Aufgaben laufen noch", tasks))
            self._icon.show_icon("hourglass")
        else:
            self.state.setText(tr("Alles auf diesem Rechner gespeichert"))
            self._icon.show_icon("hard-drive")
        self._icon.setToolTip(self.state.text())
