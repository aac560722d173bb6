"""``Ctrl+K``: one field that finds services, organisations, screens and actions. Nothing about visitors.

What can be found comes from providers::

    def services(text: str) -> list[PaletteEntry]:
        return [
            PaletteEntry(
                f"service:{hit.service_id}",
                hit.name,
                hit.organization,
                "book-open",
                run=lambda: window.open_page("directory", Target("service", hit.service_id)),
            )
            for hit in queries.search(text, limit=8)
        ]


    window.palette.add_provider(services)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.shell.overlay import Overlay
from ui.theme.theme import active_theme
from ui.widgets.badge import BadgeText
from ui.widgets.containers import Card
from ui.widgets.search_list import ResultList, ResultRow, SearchField


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """Something that can be found; ``run`` shows or does it."""

    key: str
    title: str
    detail: str
    icon_name: str
    run: Callable[[], None]
    badge: BadgeText | None = None
    matches: tuple[tuple[int, int], ...] = ()


Provider = Callable[[str], Sequence[PaletteEntry]]


def fixed_entries(entries: Callable[[], Sequence[PaletteEntry]]) -> Provider:
    """A provider for few fixed things (screens, actions): all for an empty text, else those with the words in them."""

    def find(text: str) -> list[PaletteEntry]:
        words = text.casefold().split()
        return [
            entry for entry in entries() if all(word in f"{entry.title} {entry.detail}".casefold() for word in words)
        ]

    return find


class CommandPalette(Overlay):
    """Lies over the window while it is open; the rest keeps what was typed and gets the keyboard back."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._providers: list[Provider] = []
        self._entries: dict[str, PaletteEntry] = {}
        self.setAccessibleName(tr("Suchen"))

    def build(self) -> None:
        theme = active_theme()
        row = QHBoxLayout(self)
        row.setContentsMargins(*(theme.px(24),) * 4)
        row.addStretch(1)
        column = QVBoxLayout()
        self.card = Card(raised=True)
        self.field = SearchField(tr("Suchen"), placeholder=tr("Angebot, Träger, Seite oder Aktion"))
        self.results = ResultList(tr("Treffer"), empty_text=tr("Nichts gefunden. Vielleicht anders geschrieben?"))
        self.field.attach(self.results)
        self.field.query_changed.connect(self._search)
        self.results.activated_key.connect(self._run)
        self.card.body.addWidget(self.field)
        self.card.body.addWidget(self.results, 1)
        column.addSpacing(theme.px(24))
        column.addWidget(self.card, 5)
        column.addStretch(1)
        row.addLayout(column, 6)
        row.addStretch(1)

    def add_provider(self, provider: Provider) -> None:
        """Let something more be found; providers are asked in the order they were added."""
        self._providers.append(provider)

    def open(self) -> None:
        """Show the field, empty and ready to type."""
        self.prepare()
        self.field.clear()
        self.field.send_now()
        self._search("")
        self.show_over()

    def place(self) -> None:
        self.setGeometry(self._over.rect())

    def first_focus(self) -> QWidget:
        return self.field

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Keep the keyboard inside while it is open."""
        (self.results if self.field.hasFocus() else self.field).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_over()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shade = active_theme().colour("rail")
        shade.setAlphaF(0.55)
        painter.fillRect(self.rect(), shade)

    def _search(self, text: str) -> None:
        found: dict[str, PaletteEntry] = {}
        for provider in self._providers:
            for entry in provider(text):
                found.setdefault(entry.key, entry)
        self._entries = found
        self.results.set_rows(
            [
                ResultRow(
                    entry.key,
                    entry.title,
                    entry.detail,
                    matches=entry.matches or _match(entry.title, text),
                    badges=(entry.badge,) if entry.badge else (),
                    icon_name=entry.icon_name,
                )
                for entry in found.values()
            ],
            preselect=True,
        )

    def _run(self, key: str) -> None:
        entry = self._entries.get(key)
        self.close_over()
        if entry is not None:
            entry.run()


def _match(title: str, text: str) -> tuple[tuple[int, int], ...]:
    start = title.casefold().find(text.casefold()) if text else -1
    return ((start, len(text)),) if start >= 0 else ()
