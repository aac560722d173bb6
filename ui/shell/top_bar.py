"""The bar on top: search, Merkzettel, who is signed in, look, help, lock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from desktop_app.core.translation import tr, tr_count
from ui.theme.scale import SMALL_POINTS, TEXT_PERCENT_STEPS
from ui.theme.theme import ThemeMode, active_theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choices import draw_box
from ui.widgets.labels import ElidedLabel


class _SearchOpener(QPushButton):
    """Looks like a search field; a press opens the real one in the middle of the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = tr("Angebot, Träger oder Seite suchen")
        self._key = tr("Strg+K")
        self.setAccessibleName(tr("Suchen"))
        self.setAccessibleDescription(self._key)
        self.setToolTip(tr("Suchen (Strg+K)"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = active_theme()
        return QSize(theme.scale.with_text(420), theme.scale.target + 4)

    def minimumSizeHint(self) -> QSize:
        theme = active_theme()
        return QSize(theme.scale.target * 2, theme.scale.target + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = active_theme()
        painter = QPainter(self)
        ground = "accent_soft" if self.underMouse() else "surface_sunken"
        draw_box(painter, theme, self.rect(), ground=ground, edge="outline", focused=self.hasFocus())
        side = theme.icon_size(18)
        left = 4 + theme.px(12)
        painter.drawPixmap(left, (self.height() - side) // 2, theme.pixmap("search", "text_muted", 18))
        left += side + theme.px(10)
        key_font = theme.font(SMALL_POINTS, QFont.Weight.DemiBold)
        key_width = QFontMetrics(key_font).horizontalAdvance(self._key)
        right = self.width() - 4 - theme.px(12)
        painter.setPen(theme.colour("text_muted"))
        words_width = QFontMetrics(theme.font()).horizontalAdvance(self._words)
        if right - left > key_width + theme.px(12) + min(words_width, theme.px(120)):
            painter.setFont(key_font)
            painter.drawText(
                QRect(right - key_width, 0, key_width + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self._key
            )
            right -= key_width + theme.px(12)
        font = theme.font()
        painter.setFont(font)
        words = QFontMetrics(font).elidedText(self._words, Qt.TextElideMode.ElideRight, max(0, right - left))
        painter.drawText(QRect(left, 0, right - left, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class TopBar(QFrame):
    """Emits what was asked for; shows the count of the Merkzettel and who is signed in."""

    search_requested = Signal()
    basket_requested = Signal()
    help_requested = Signal()
    lock_requested = Signal()
    switch_requested = Signal()
    account_requested = Signal()
    mode_chosen = Signal(str)
    text_percent_chosen = Signal(int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setProperty("part", "bar")
        self._is_narrow = False
        self._count = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(6), theme.px(12), theme.px(6))
        row.setSpacing(theme.px(8))
        self.search = _SearchOpener(self)
        self.search.clicked.connect(self.search_requested)
        self.search.setMaximumWidth(theme.scale.with_text(520))
        row.addWidget(self.search, 4)
        row.addStretch(1)
        self.basket = Button(icon_name="shopping-basket", text=tr("Merkzettel"))
        self.basket.clicked.connect(self.basket_requested)
        row.addWidget(self.basket)
        self.account = IconButton("user-round", tr("Konto: Passwort, Rechte, Benutzer wechseln"))
        self._account_menu: QMenu | None = None
        self.account.clicked.connect(self._open_account_menu)
        row.addWidget(self.account)
        self.person = ElidedLabel("")
        self.person.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(self.person)
        self.look = IconButton("a-large-small", tr("Darstellung: Hell, dunkel, Textgröße"))
        self._menu: QMenu | None = None
        self._chosen: set[object] = set()
        self.look.clicked.connect(self._open_menu)
        row.addWidget(self.look)
        self.help = IconButton("circle-help", tr("Hilfe zu dieser Seite (F1)"))
        self.help.clicked.connect(self.help_requested)
        row.addWidget(self.help)
        self.lock = IconButton("lock", tr("Sperren (Strg+L)"))
        self.lock.clicked.connect(self.lock_requested)
        row.addWidget(self.lock)
        self.show_basket_count(0)

    def show_basket_count(self, count: int) -> None:
        """Show how many services are on the Merkzettel."""
        self._count = count
        words = tr("Merkzettel") if not self._is_narrow else ""
        self.basket.setText(f"{words} {count}".strip() if count else words)
        name = tr_count("Merkzettel, {count} Angebot", "Merkzettel, {count} Angebote", count)
        self.basket.setAccessibleName(name)
        self.basket.setToolTip(name)

    def show_person(self, name: str, initials: str) -> None:
        """Say who is signed in."""
        self.person.setText(initials if self._is_narrow else name)
        self.person.setToolTip(tr("Angemeldet: {name}", name=name))
        self.person.setAccessibleName(tr("Angemeldet: {name}", name=name))
        self._person = (name, initials)

    def show_look(self, mode: ThemeMode, text_percent: int) -> None:
        """Tick what is chosen in the menu."""
        self._chosen = {mode.value, text_percent}

    def set_narrow(self, is_narrow: bool) -> None:
        """Leave words out where there is little room."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.show_basket_count(self._count)
            if hasattr(self, "_person"):
                self.show_person(*self._person)

    def _look_menu(self) -> QMenu:
        menu = QMenu(self)
        modes, sizes = QActionGroup(menu), QActionGroup(menu)
        for mode, words in (
            (ThemeMode.SYSTEM, tr("Wie das System")),
            (ThemeMode.LIGHT, tr("Hell")),
            (ThemeMode.DARK, tr("Dunkel")),
            (ThemeMode.HIGH_CONTRAST, tr("Hoher Kontrast")),
        ):
            self._add_choice(menu, modes, words, mode.value)
        menu.addSeparator()
        for percent in TEXT_PERCENT_STEPS:
            self._add_choice(menu, sizes, tr("Text {percent} %", percent=percent), percent)
        modes.triggered.connect(lambda action: self.mode_chosen.emit(action.data()))
        sizes.triggered.connect(lambda action: self.text_percent_chosen.emit(action.data()))
        return menu

    def _add_choice(self, menu: QMenu, group: QActionGroup, words: str, value: object) -> None:
        action = QAction(words, menu)
        action.setCheckable(True)
        action.setData(value)
        group.addAction(action)
        menu.addAction(action)

    def _open_account_menu(self) -> None:
        if self._account_menu is None:
            menu = self._account_menu = QMenu(self)
            for words, signal in (
                (tr("Mein Konto und Rechte"), self.account_requested),
                (tr("Benutzer wechseln"), self.switch_requested),
                (tr("Sperren"), self.lock_requested),
            ):
                menu.addAction(words).triggered.connect(signal)
        self._account_menu.popup(self.account.mapToGlobal(self.account.rect().bottomLeft()))

    def _open_menu(self) -> None:
        if self._menu is None:
            self._menu = self._look_menu()
        for action in self._menu.actions():
            if action.data() in self._chosen:
                action.setChecked(True)
        self._menu.popup(self.look.mapToGlobal(self.look.rect().bottomLeft()))
