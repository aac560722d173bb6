"""Verwaltung: its parts beside each other, each with its own save button; nothing typed is lost between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.access.records import AccountsChanged
from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.settings.records import OfficeChanged
from ui.administration.accounts_part import AccountsPart
from ui.administration.accounts_presenter import AccountsPresenter
from ui.administration.backup_part import BackupPart
from ui.administration.form import OfficeForm
from ui.administration.licences import shipped_licences
from ui.administration.list_editor import ListEditor
from ui.administration.parts_head import PartsHead
from ui.administration.presenter import AdministrationPresenter, Done
from ui.administration.privacy_card import PrivacyCard
from ui.administration.recovery_card import RecoveryCard
from ui.administration.recovery_presenter import RecoveryPresenter
from ui.administration.retention_part import RetentionPart
from ui.setup.kept_sheet import RECOVERY_TARGET
from ui.setup.sheet_keeper import AskForFile, PrintSheet, ask_for_pdf, print_with_system
from ui.shell.page import Page, Target
from ui.shell.tasks import TaskRunner
from ui.theme.theme import active_theme
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.choices import Choice
from ui.widgets.containers import Card, FoldOut, ScrollPage
from ui.widgets.labels import Words
from ui.widgets.record_view import KeyValueTable
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application, Surroundings
    from ui.shell.notices import NoticeBridge

_COLUMN = 760

BACKUP_TARGET = "backup"
"""The kind of target that shows the backups."""
RETENTION_TARGET = "retention"
"""The kind of target that shows what is due to be erased."""


class _Section(QWidget):
    """One part: what scrolls, and below it save and discard, always in sight."""

    def __init__(self, title: str, explanation: str, *, can_save: bool = True) -> None:
        super().__init__()
        theme = active_theme()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.pane = ScrollPage(width=_COLUMN, margin=16)
        self.card = Card(title)
        words = Words(explanation, "muted", wrap=True)
        set_shown(words, bool(explanation))
        self.card.body.addWidget(words)
        self.pane.body.addWidget(self.card)
        self.pane.body.addStretch(1)
        outer.addWidget(self.pane, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        foot.setSpacing(theme.px(8))
        self.save_button = PrimaryButton(tr("&Speichern"), icon_name="check")
        self.save_button.setToolTip(tr("Speichern (Strg+S)"))
        self.discard_button = QuietButton(tr("&Verwerfen"), icon_name="rotate-ccw")
        self.state = Words("", "muted", wrap=True)
        foot.addWidget(self.save_button)
        foot.addWidget(self.discard_button)
        foot.addWidget(self.state, 1)
        outer.addWidget(self._foot)
        set_shown(self._foot, can_save)
        self.mark_changed(False)

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not stored."""
        return self.save_button.isEnabled()

    def mark_changed(self, is_changed: bool) -> None:
        """Offer to save, or say that there is nothing to save."""
        self.save_button.setEnabled(is_changed)
        self.discard_button.setEnabled(is_changed)
        self.state.setText(tr("Noch nicht gespeichert.") if is_changed else "")


class AdministrationPage(Page):
    """The office, its social spaces, its topics; where the data lies and whose work is inside."""

    def __init__(
        self,
        application: Application,
        notices: NoticeBridge,
        parent: QWidget | None = None,
        *,
        tasks: TaskRunner | None = None,
        surroundings: Surroundings | None = None,
        file_question: AskForFile = ask_for_pdf,
        print_sheet: PrintSheet = print_with_system,
    ) -> None:
        super().__init__(tr("Verwaltung"), "settings", "administration", parent=parent)
        self._presenter = AdministrationPresenter(application)
        self.recovery = RecoveryCard(
            RecoveryPresenter(application, tasks or TaskRunner(self), surroundings),
            file_question=file_question,
            print_sheet=print_sheet,
        )
        self.privacy = PrivacyCard(application, tasks or TaskRunner(self))
        self.privacy.written.connect(self.say)
        self.recovery.grown.connect(self._show_recovery)
        self.recovery.finished.connect(
            lambda: self.say(tr("Ab jetzt gilt das neue Wiederherstellungsblatt. Das alte öffnet nichts mehr."))
        )
        theme = active_theme()
        head = QVBoxLayout()
        head.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), 0)
        head.setSpacing(theme.px(8))
        self.head = PartsHead(
            tr("Verwaltung"),
            tr("Bereich der Verwaltung"),
            [
                Choice("office", tr("&Büro"), "house"),
                Choice("spaces", tr("So&zialräume"), "map-pin"),
                Choice("topics", tr("T&hemen"), "tag"),
                Choice("accounts", tr("&Konten"), "users-round"),
                Choice("backup", tr("S&icherung"), "hard-drive"),
                *self._retention_choice(application),
                Choice("program", tr("Daten && Pro&gramm"), "database"),
            ],
        )
        self.parts = self.head.parts
        self.head.changed.connect(self._show_part)
        head.addWidget(self.head)
        self.body.addLayout(head)
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)

        self.office_form = OfficeForm()
        self.office_part = _Section(tr("Büro"), tr("Diese Angaben stehen als Absender auf jedem Blatt."))
        self.office_part.card.body.addWidget(self.office_form)
        self.spaces = ListEditor(tr("Sozialräume"), add_text=tr("Sozialraum hinzufügen"))
        self.spaces_part = _Section(
            tr("Sozialräume"),
            tr(
                "In dieser Reihenfolge stehen sie zur Auswahl. Was nicht mehr benutzt wird, bleibt in der Statistik erhalten."
            ),
        )
        self.spaces_part.card.body.addWidget(self.spaces)
        self.topics = ListEditor(tr("Themen"), add_text=tr("Thema hinzufügen"), with_key=True)
        self.topics_part = _Section(
            tr("Themen"),
            tr("Name, Taste auf der Kontaktkarte und ob das Thema benutzt wird. Alt+Pfeil verschiebt eine Zeile. "
               "Bisherige Kontakte behalten ihr Thema."),
        )  # fmt: skip
        self.topics_part.card.body.addWidget(self.topics)
        self.backup_part = BackupPart(application, notices, tasks or TaskRunner(self))
        self.backup_part.said.connect(self.say)
        self.retention_part = RetentionPart(application, notices, tasks or TaskRunner(self))
        self.retention_part.said.connect(self.say)
        self.program_part = _Section(tr("Daten und Programm"), "", can_save=False)
        self._facts = KeyValueTable()
        self._build_program_part()
        self.accounts_part = AccountsPart(AccountsPresenter(application, tasks or TaskRunner(self)))
        self.accounts_part.done.connect(
            lambda done: self.say(done.text, self.undoing(done.undo, self.accounts_part.load))
        )
        for part in (
            self.office_part,
            self.spaces_part,
            self.topics_part,
            self.accounts_part,
            self.backup_part,
            self.retention_part,
            self.program_part,
        ):
            if part is not self.retention_part or "retention" in self.parts.codes():
                self._stack.addWidget(part)

        self._connect(self.office_part, self._save_office, self._discard_office)
        self._connect(self.spaces_part, self._save_spaces, partial(self._discard_list, self.spaces_part, self.spaces))
        self._connect(self.topics_part, self._save_topics, partial(self._discard_list, self.topics_part, self.topics))
        self.office_form.changed.connect(lambda: self.office_part.mark_changed(True))
        self.spaces.changed.connect(lambda: self.spaces_part.mark_changed(True))
        self.topics.changed.connect(lambda: self.topics_part.mark_changed(True))
        for keys in (QKeySequence("Ctrl+S"), QKeySequence("Ctrl+Return")):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._save_current)
        self._load_all()
        notices.listen(OfficeChanged, lambda _notice: self._refresh_unchanged(), owner=self)
        notices.listen(AccountsChanged, lambda _notice: self.accounts_part.load(), owner=self)

    def main_focus(self) -> QWidget | None:
        return self.head.keyboard()

    def on_shown(self) -> None:
        self._refresh_unchanged()

    def show_target(self, target: Target) -> None:
        if target.kind in {BACKUP_TARGET, RETENTION_TARGET}:
            self.show_part(target.kind)
        if target.kind == RECOVERY_TARGET:
            self.show_part("program")
            self.recovery.begin()

    def go_back(self) -> bool:
        if self._stack.currentWidget() is self.backup_part and self.backup_part.is_asking:
            self.backup_part.cancel_preview()
            return True
        if self._stack.currentWidget() is self.retention_part and self.retention_part.is_asking:
            self.retention_part.cancel_question()
            return True
        if self._stack.currentWidget() is self.retention_part and self.retention_part.must_stay():
            return True
        if self._stack.currentWidget() is self.retention_part and self.retention_part.has_receipt:
            self.retention_part.close_receipt()
            return True
        if self._stack.currentWidget() is self.program_part and self.recovery.is_asking:
            self.recovery.cancel()
            return True
        if self._stack.currentWidget() is self.accounts_part and self.accounts_part.is_asking:
            self.accounts_part.cancel()
            return True
        return False

    def _show_recovery(self) -> None:
        """Bring the card into view, when the layout has made room for it."""
        bar = self.program_part.pane.verticalScrollBar()
        QTimer.singleShot(0, self, lambda: bar.setValue(self.recovery.y() - active_theme().px(8)))

    def show_part(self, code: str) -> None:
        """Bring a part to the front by its code in ``parts``. KeyError."""
        self.head.show_value(code)
        self._show_part(code)

    # Building

    @staticmethod
    def _retention_choice(application: Application) -> tuple[Choice, ...]:
        """Only who may see the rules has the part."""
        may_see = application.may(Action.SEE_RETENTION)
        return (Choice("retention", tr("Aufbe&wahrung"), "hourglass"),) if may_see else ()

    def _build_program_part(self) -> None:
        card = self.program_part.card
        card.body.addWidget(self._facts)
        self.folder_button = Button(tr("Ordner der Daten &öffnen"), icon_name="folder-open")
        self.folder_button.clicked.connect(self._open_folder)
        card.body.addWidget(self.folder_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.audit_button = Button(tr("P&rotokoll ansehen und prüfen"), icon_name="history")
        self.audit_button.clicked.connect(lambda: self.open_requested.emit("audit", None))
        set_shown(self.audit_button, self._presenter.may_read_audit)
        card.body.addWidget(self.audit_button, 0, Qt.AlignmentFlag.AlignLeft)
        sync = Card(tr("Abgleich"))
        sync.body.addWidget(
            Words(
                tr("Mit weiteren Rechnern Ihres Büros und mit anderen Büros verbinden. Nötig ist das nicht: Ohne Verbindung fragt "
                   "das Programm nie ein Netz."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.sync_button = Button(tr("Zu&m Abgleich"), icon_name="refresh-cw")
        self.sync_button.clicked.connect(lambda: self.open_requested.emit("sync", None))
        sync.body.addWidget(self.sync_button, 0, Qt.AlignmentFlag.AlignLeft)
        licences = Card(tr("Lizenzen und Quellen"))
        licences.body.setSpacing(active_theme().px(4))
        for licence in shipped_licences():
            part = FoldOut(f"{licence.what} – {licence.terms}")
            part.expanded.connect(_filler(part, licence.text))
            licences.body.addWidget(part)
        self.program_part.pane.body.insertWidget(1, self.recovery)
        set_shown(self.recovery, self._presenter.may_renew_recovery_key)
        self.program_part.pane.body.insertWidget(2, licences)
        self.program_part.pane.body.insertWidget(2, self.privacy)
        self.program_part.pane.body.insertWidget(2, sync)

    def _connect(self, part: _Section, save: Callable[[], None], discard: Callable[[], None]) -> None:
        part.save_button.clicked.connect(save)
        part.discard_button.clicked.connect(lambda _on: discard())

    # Loading

    def _load_all(self) -> None:
        self._load_office()
        self._load_spaces()
        self._load_topics()
        self._facts.set_rows(self._presenter.facts())

    def _load_office(self) -> None:
        self.office_form.show_office(self._presenter.office())
        self.office_part.mark_changed(False)

    def _load_spaces(self) -> None:
        self.spaces.set_rows(self._presenter.space_rows())
        self.spaces_part.mark_changed(False)

    def _load_topics(self) -> None:
        self.topics.set_rows(self._presenter.topic_rows())
        self.topics_part.mark_changed(False)

    def _refresh_unchanged(self) -> None:
        """Show what is stored wherever nothing is being typed."""
        for part, load in (
            (self.office_part, self._load_office),
            (self.spaces_part, self._load_spaces),
            (self.topics_part, self._load_topics),
        ):
            if not part.is_changed:
                load()
        self._facts.set_rows(self._presenter.facts())

    # Discarding: it was typed, so it can be brought back

    def _discard_office(self) -> None:
        typed = self.office_form.office()
        self._load_office()

        def bring_back() -> None:
            self.office_form.show_office(typed)
            self.office_part.mark_changed(True)

        self.say(tr("Eingaben verworfen."), bring_back)

    def _discard_list(self, part: _Section, editor: ListEditor) -> None:
        typed = editor.rows()
        if editor is self.spaces:
            self._load_spaces()
        else:
            self._load_topics()

        def bring_back() -> None:
            editor.set_rows(typed)
            part.mark_changed(True)

        self.say(tr("Eingaben verworfen."), bring_back)

    # Saving

    def _save_current(self) -> None:
        part = self._stack.currentWidget()
        if isinstance(part, _Section) and part.is_changed:
            part.save_button.click()

    def _save_office(self) -> None:
        self._save(self.office_part, lambda: self._presenter.save_office(self.office_form.office()))

    def _save_spaces(self) -> None:
        self._save(self.spaces_part, lambda: self._presenter.save_spaces(self.spaces.rows()))

    def _save_topics(self) -> None:
        self._save(self.topics_part, lambda: self._presenter.save_topics(self.topics.rows()))

    def _save(self, part: _Section, command: Callable[[], Done]) -> None:
        self.clear_problem()
        # Unchanged from here on, so that the notice of the change shows what was stored.
        part.mark_changed(False)
        try:
            done = command()
        except InputError as problem:
            part.mark_changed(True)
            if part is self.office_part and problem.field in self.office_form.fields:
                self.office_form.show_error(problem.field, problem.message)
            else:
                self.show_problem(problem)
            return
        except QuartierslotseError as problem:
            part.mark_changed(True)
            self.show_problem(problem)
            return
        self.say(done.text, self.undoing(done.undo, self._refresh_unchanged))

    def _show_part(self, code: str) -> None:
        self.clear_problem()
        if code == "backup":
            self.backup_part.refresh()
        if code == "retention":
            self.retention_part.refresh()
        self._stack.setCurrentIndex(self.parts.codes().index(code))

    def _open_folder(self) -> None:
        folder = self._presenter.data_folder
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.show_problem(
                tr("Der Ordner lässt sich von hier nicht öffnen. Bitte öffnen Sie ihn selbst: {folder}", folder=folder)
            )


def _filler(part: FoldOut, text: Callable[[], str]) -> Callable[[bool], None]:
    """Read a long text only when its part is opened for the first time."""

    def fill(is_open: bool) -> None:
        if is_open and part.body.count() == 0:
            words = Words(text(), wrap=True, selectable=True)
            part.body.addWidget(words)

    return fill
