"""The directory is still empty: three ways to fill it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.labels import Icon, PageTitle, Words


class DirectoryWelcome(ScrollPage):
    """A file, a folder or the sample town."""

    file_requested = Signal()
    folder_requested = Signal()
    sample_requested = Signal()

    def __init__(self, *, with_sample: bool, may_import: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(width=720, margin=24, parent=parent)
        self.body.addWidget(PageTitle(tr("Verzeichnis")))
        self.body.addWidget(
            Words(
                tr(
                    "Das Verzeichnis ist noch leer. So kommt etwas hinein – Sie sehen immer zuerst, was sich ändern würde:"
                )
                if may_import
                else tr("Das Verzeichnis ist noch leer."),
                wrap=True,
            )
        )
        self.file_button = PrimaryButton(tr("&Datei wählen …"))
        self.file_button.clicked.connect(self.file_requested)
        self.folder_button = Button(tr("&Ordner wählen …"))
        self.folder_button.clicked.connect(self.folder_requested)
        self.sample_button = Button(tr("&Beispiele laden"))
        self.sample_button.clicked.connect(self.sample_requested)
        if not may_import:
            self.body.addWidget(Words(tr("Einlesen kann es die Koordination."), wrap=True))
            for button in (self.file_button, self.folder_button, self.sample_button):
                button.setParent(self)
                button.hide()
            self.body.addStretch(1)
            return
        self._add(
            "file-input",
            tr("Eine Datei einlesen"),
            tr("ZIP oder JSON im Format Open Referral HSDS 3, zum Beispiel von der Stadt oder dem Landkreis."),
            self.file_button,
        )
        self._add(
            "folder-open",
            tr("Einen Ordner einlesen"),
            tr("Ein Ordner mit CSV-Dateien desselben Formats, eine Datei je Tabelle."),
            self.folder_button,
        )
        if with_sample:
            self._add(
                "star",
                tr("Zum Ausprobieren: das Beispielverzeichnis"),
                tr(
                    "Über 300 Einträge für „Musterstadt“. Zum Üben; die Angaben sind veraltet und nicht zum Weitergeben."
                ),
                self.sample_button,
            )
        else:
            self.sample_button.hide()
        self.body.addStretch(1)

    def _add(self, icon: str, title: str, sentence: str, button: Button) -> None:
        theme = active_theme()
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(theme.px(16))
        row.addWidget(Icon(icon, "accent", 32), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(theme.px(4))
        column.addWidget(Words(title, "section", wrap=True))
        column.addWidget(Words(sentence, "muted", wrap=True))
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(column, 1)
        card.body.addLayout(row)
        self.body.addWidget(card)
