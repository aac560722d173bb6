"""The one calm window about an error that nobody expected. Loaded when it is needed."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.containers import FoldOut
from ui.widgets.labels import Words


class ErrorDialog(QDialog):
    """Says once that something failed; the details can be copied for whoever repairs it."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = active_theme()
        self.setWindowTitle(tr("Etwas hat nicht geklappt"))
        self.setModal(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme.px(24),) * 4)
        layout.setSpacing(theme.px(12))
        layout.addWidget(
            Words(tr("Das hat nicht geklappt – der Fehler liegt beim Programm, nicht bei Ihnen."), "section", wrap=True)
        )
        self.sentence = Words(
            tr(
                "Alles bisher Gespeicherte ist sicher. Sie können weiterarbeiten. Wenn es noch einmal geschieht, geben Sie "
                "bitte die Einzelheiten weiter; sie enthalten keine Angaben über Besucherinnen und Besucher."
            ),
            wrap=True,
        )
        layout.addWidget(self.sentence)
        self.more = FoldOut(tr("Einzelheiten"))
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setAccessibleName(tr("Einzelheiten"))
        self.details.setMinimumHeight(theme.scale.with_text(120))
        self.more.body.addWidget(self.details)
        layout.addWidget(self.more)
        layout.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        copy = Button(tr("Einzelheiten kopieren"), icon_name="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details.toPlainText()))
        row.addWidget(copy)
        self.ok = PrimaryButton(tr("Weiterarbeiten"))
        self.ok.clicked.connect(self.accept)
        row.addWidget(self.ok)
        layout.addLayout(row)
        self.setMinimumWidth(theme.scale.with_text(560))
        self.ok.setFocus()
