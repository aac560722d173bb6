"""What lies beside the database: files that were set aside, backups in former folders; until when, and away with it now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.backup.wording import former_place_text, set_aside_label, set_aside_text
from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.badge import BadgeText, Tone
from ui.widgets.buttons import Button, QuietButton
from ui.widgets.containers import Card
from ui.widgets.feedback import Notice
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Words
from ui.widgets.search_list import ResultList, ResultRow
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.backup.records import FormerPlace, SetAside
    from desktop_app.bootstrap import Application

_SHOWN_ROWS = 3


class CopiesCard(Card):
    """Hidden while there is nothing to tell. ``asks`` when the question comes, to bring it into view."""

    said = Signal(str)
    asks = Signal()

    def __init__(self, application: Application, *, parent: QWidget | None = None) -> None:
        super().__init__(tr("Kopien neben der Datenbank"), parent=parent)
        self._application = application
        self._known: dict[str, SetAside | FormerPlace] = {}
        self.body.addWidget(
            Words(
                tr("Was eine Rückspielung, eine Rettung oder eine Umstellung zur Seite gelegt hat, und Sicherungen in früheren "
                   "Ordnern. Darin steht noch, was inzwischen gelöscht ist. Beim Sichern geht jede nach 366 Tagen von selbst."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.copies = ResultList(tr("Kopien neben der Datenbank"), empty_text="", activate_on_click=False)
        self.copies.fit_rows(_SHOWN_ROWS)
        self.copies.selectionModel().currentChanged.connect(lambda *_places: self._changed())
        self.body.addWidget(self.copies)
        self.remove_button = Button(tr("Gewählte Kopie löschen …"), icon_name="trash-2")
        self.forget_button = Button(tr("&Früheren Ordner nicht mehr nennen …"), icon_name="x")
        for button in (self.remove_button, self.forget_button):
            button.clicked.connect(lambda _on: self._ask())
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.question = Notice(closable=False)
        self.body.addWidget(self.question)
        self.confirm_button = Button(tr("Ja, so machen"), icon_name="check")
        self.confirm_button.clicked.connect(lambda _on: self._remove())
        self.keep_button = QuietButton(tr("Doch nicht"), icon_name="arrow-left")
        self.keep_button.clicked.connect(lambda _on: self.cancel())
        self.answers = QWidget()
        layout = FlowLayout(self.answers, gap=active_theme().px(8))
        for button in (self.confirm_button, self.keep_button):
            layout.addWidget(button)
        self.body.addWidget(self.answers)
        self.answers.hide()
        self.hide()

    @property
    def is_asking(self) -> bool:
        """Whether a removal waits for a yes or no."""
        return not self.answers.isHidden()

    def refresh(self) -> None:
        """Show what is there."""
        key = self.copies.current_key()
        self.copies.set_rows(self._rows(), preselect=True)
        self.copies.set_current_key(key)
        self._changed()
        set_shown(self, bool(self._known))

    def cancel(self) -> None:
        """Leave it as it is."""
        self._close_question()
        button = self.forget_button if self.remove_button.isHidden() else self.remove_button
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rows(self) -> list[ResultRow]:
        from desktop_app.backup.records import SetAside

        backups = self._application.backups
        copies: list[SetAside | FormerPlace] = [*backups.set_aside(), *backups.former_places()]
        self._known = {str(one.file if isinstance(one, SetAside) else one.folder): one for one in copies}
        return [self._row(key, one) for key, one in self._known.items()]

    @staticmethod
    def _row(key: str, one: SetAside | FormerPlace) -> ResultRow:
        from desktop_app.backup.records import SetAside

        if isinstance(one, SetAside):
            return ResultRow(key, set_aside_label(one), set_aside_text(one), icon_name="file-text")
        badges = () if one.is_reachable else (BadgeText(tr("nicht da"), Tone.WARNING),)
        title = tr("Sicherungen in „{folder}“", folder=one.folder)
        return ResultRow(key, title, former_place_text(one), badges=badges, icon_name="hard-drive")

    def _changed(self) -> None:
        from desktop_app.backup.records import SetAside

        self._close_question()
        one = self._known.get(self.copies.current_key())
        is_file = isinstance(one, SetAside)
        is_away = one is not None and not isinstance(one, SetAside) and not one.is_reachable
        set_shown(self.remove_button, is_file and self._application.may(Action.ERASE_CLIENT_DATA))
        set_shown(self.forget_button, is_away and self._application.may(Action.MAKE_BACKUPS))

    def _ask(self) -> None:
        from desktop_app.backup.records import SetAside

        one = self._known.get(self.copies.current_key())
        if one is None:
            return
        if isinstance(one, SetAside):
            text = tr("„{name}“ endgültig löschen? Das lässt sich nicht rückgängig machen.", name=one.file.name)
        else:
            text = tr("Nur, wenn die Sicherungen dort gelöscht sind oder der Datenträger vernichtet ist: „{folder}“ wird "
                      "nicht mehr genannt und nicht mehr ausgedünnt.", folder=one.folder)  # fmt: skip
        self.question.show_text(text, Tone.WARNING)
        self.answers.show()
        self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.asks.emit()

    def _remove(self) -> None:
        from desktop_app.backup.records import SetAside

        one = self._known.get(self.copies.current_key())
        self._close_question()
        if one is None:
            return
        backups, actor = self._application.backups, self._application.actor
        try:
            if isinstance(one, SetAside):
                backups.remove_set_aside(actor, one.file.name)
                text = tr("„{name}“ ist gelöscht.", name=one.file.name)
            else:
                backups.forget_place(actor, Path(one.folder))
                text = tr("„{folder}“ wird nicht mehr genannt.", folder=one.folder)
        except QuartierslotseError as error:
            self.question.show_text(error.message, Tone.DANGER)
            return
        self.refresh()
        self.said.emit(text)

    def _close_question(self) -> None:
        self.question.hide()
        self.answers.hide()
