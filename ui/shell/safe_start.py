"""Asks how to start after several starts have failed. Loaded when it is needed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Icon, Words


class SafeStartPage(QWidget):
    """Two ways on: ``safe_chosen`` and ``ordinary_chosen``."""

    safe_chosen = Signal()
    ordinary_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.px(32),) * 4)
        layout.setSpacing(theme.px(16))
        layout.addStretch(1)
        layout.addWidget(Icon("life-buoy", "accent", 40), 0, Qt.AlignmentFlag.AlignHCenter)
        for text, kind in (
            (tr("Quartierslotse kam dreimal nicht richtig in Gang."), "section"),
            (
                tr(
                    "Ihre Daten sind nicht verändert. Der sichere Start benutzt die übliche Darstellung, öffnet zuerst die "
                    "Verwaltung statt des Empfangs und lässt offene Karten liegen, wie sie sind. So können Sie eine Sicherung "
                    "ansehen oder einen Fehlerbericht weitergeben."
                ),
                "muted",
            ),
        ):
            words = Words(text, kind, wrap=True)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        row.addStretch(1)
        self.ordinary = Button(tr("Wie gewohnt starten"))
        self.ordinary.clicked.connect(self.ordinary_chosen)
        self.safe = PrimaryButton(tr("Sicher starten"), icon_name="shield-check")
        self.safe.clicked.connect(self.safe_chosen)
        row.addWidget(self.ordinary)
        row.addWidget(self.safe)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(2)
        self.setFocusProxy(self.safe)
