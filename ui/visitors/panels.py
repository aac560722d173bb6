"""Steps beside the list: a new file with the consent first, changing a file, choosing the file to merge."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.visitors.records import VisitorEntry, VisitorFile, VisitorHit
from ui.theme.theme import active_theme
from ui.visitors.file_form import FileForm
from ui.visitors.forms import EntryForm
from ui.visitors.presenter import VisitorsPresenter
from ui.visitors.wording import hit_row, name_of
from ui.widgets.badge import Tone
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.containers import ScrollPage
from ui.widgets.feedback import Notice
from ui.widgets.labels import SectionTitle, Words
from ui.widgets.search_list import ResultList, SearchField
from ui.widgets.visibility import set_shown

_COLUMN = 640
_TYPING_PAUSE_MS = 250
_KEPT_AFTER_MS = 400
_SHOWN_ROWS = 5


class Panel(ScrollPage):
    """A panel with its buttons at the foot. ``closed`` asks to put it away."""

    closed = Signal()
    problem = Signal(object)

    def __init__(self, title: str, do_text: str, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(width=_COLUMN, margin=8, parent=parent)
        self.setAccessibleName(title)
        self.body.addWidget(SectionTitle(title))
        self.do_button = PrimaryButton(do_text, icon_name=icon_name)
        self.cancel_button = QuietButton(tr("Abb&rechen"), icon_name="x")
        self.cancel_button.clicked.connect(self.closed)

    def add_foot(self) -> None:
        """Put the buttons below what was added so far."""
        row = QHBoxLayout()
        row.setSpacing(active_theme().px(8))
        row.addWidget(self.do_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)


class CreatePanel(Panel):
    """A new file: first the consents, and only with them the fields. ``created(visitor_id)``, ``dropped(content)``.

    From the tick for the file on, what is typed is kept as a draft a moment later.
    """

    created = Signal(str)
    duplicate_chosen = Signal(str)
    dropped = Signal(object)

    def __init__(self, presenter: VisitorsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(tr("Neue Personenakte"), tr("Akte &anlegen"), "check", parent)
        self._presenter = presenter
        self.form = FileForm(
            tr("1. Einwilligung"),
            tr("Was hat die Person unterschrieben? Ohne das erste Kreuz wird keine Akte angelegt."),
            presenter.today(),
        )
        self.form.ready_changed.connect(self.do_button.setEnabled)
        self.form.problem.connect(self.problem)
        self.consents, self.entry, self.entry_card = self.form.consents, self.form.entry, self.form.entry_card
        self.body.addWidget(self.form)
        self.hint = Notice(closable=False)
        self.entry.under_name.addWidget(self.hint)
        self.similar = ResultList(tr("Vielleicht dieselbe Person"))
        self.similar.activated_key.connect(self.duplicate_chosen)
        set_shown(self.similar, False)
        self.entry.under_name.addWidget(self.similar)
        QWidget.setTabOrder(self.entry.fields["name"].edit, self.similar)
        QWidget.setTabOrder(self.similar, self.entry.fields["former_name"].edit)
        self.do_button.clicked.connect(self.save)
        self.add_foot()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_PAUSE_MS)
        self._timer.timeout.connect(self.look_for_duplicates)
        self._keep_timer = QTimer(self)
        self._keep_timer.setSingleShot(True)
        self._keep_timer.setInterval(_KEPT_AFTER_MS)
        self._keep_timer.timeout.connect(self._keep)
        self._is_kept = False
        self.entry.changed.connect(self._timer.start)
        for form in (self.consents, self.entry):
            form.changed.connect(self._keep_timer.start)
        self.cancel_button.clicked.disconnect(self.closed)
        self.cancel_button.clicked.connect(self.cancel)
        self.form.renew()

    def restore(self) -> bool:
        """Show the file that was half typed when the program last ended; False if there is none."""
        content = self._presenter.draft()
        if content is None:
            return False
        self._is_kept = True
        self._show(content)
        self._keep_timer.stop()  # nothing new was typed
        return True

    def flush(self) -> None:
        """Keep what was typed in the last moment."""
        if self._keep_timer.isActive():
            self._keep()

    def cancel(self) -> None:
        """Forget what was typed, on disk too; ``dropped`` tells what :meth:`take_back` shows again."""
        content = self._content()
        had_text = self.has_text()
        self._drop()
        self.closed.emit()
        if had_text:
            self.dropped.emit(content)

    def take_back(self, content: Mapping[str, object]) -> None:
        """Show again what was dropped."""
        self._show(content)
        self._keep()

    def forget_erased(self) -> None:
        """The draft was erased: let go of what is shown too."""
        self._is_kept = False
        self.clear()

    def begin(self, name: str = "") -> None:
        """Begin anew, unless something is typed already."""
        if not self.has_text():
            self.consents.clear()
            self.entry.show_entry(VisitorEntry(name=name))
            self.form.renew()

    def has_text(self) -> bool:
        """Whether something was ticked or typed."""
        ticked = any(map(self.consents.has_tick, self.consents.boxes))
        return ticked or any(field.text() for field in self.entry.fields.values())

    def clear(self) -> None:
        """Forget what was typed."""
        self.consents.clear()
        self.entry.show_entry(VisitorEntry())
        self._show_duplicates(())
        self.form.renew()
        self._keep_timer.stop()

    def main_focus(self) -> QWidget:
        """The first tick."""
        return self.form.first()

    def save(self) -> None:
        """Create the file."""
        visitor_id = self.form.save(self._presenter.create)
        if visitor_id is not None:
            self._drop()
            self.created.emit(visitor_id)

    def look_for_duplicates(self) -> None:
        """Hint at files that may be the same person."""
        self._timer.stop()
        try:
            self._show_duplicates(self._presenter.duplicates(self.entry.entry()))
        except InputError:
            return  # the birth is half typed

    def _show_duplicates(self, hits: tuple[VisitorHit, ...]) -> None:
        text = tr("Gibt es die Akte schon? Diese klingen ähnlich. Eingabe öffnet die Akte.") if hits else ""
        if text != self.hint.words.text():
            self.hint.show_text(text, Tone.WARNING)
        self.similar.set_rows([hit_row(hit) for hit in hits])
        if hits:
            self.similar.fit_rows(min(_SHOWN_ROWS, len(hits)))
        set_shown(self.similar, bool(hits))

    def _content(self) -> dict[str, object]:
        return {**self.entry.content(), **self.consents.content()}

    def _show(self, content: Mapping[str, object]) -> None:
        self.consents.show_content(content)
        self.entry.show_content(content)
        self.form.renew()

    def _keep(self) -> None:
        """Without the consent nothing is kept."""
        self._keep_timer.stop()
        try:
            if self.form.is_ready:
                is_there = self._presenter.keep_draft(self._content(), is_known=self._is_kept)
                self._is_kept = is_there
                if not is_there:
                    self.clear()
            elif self._is_kept:
                self._is_kept = False
                self._presenter.discard_draft()
        except QuartierslotseError as error:
            self.problem.emit(error)

    def _drop(self) -> None:
        self.clear()
        if self._is_kept:
            self._is_kept = False
            self._presenter.discard_draft()


class EditPanel(Panel):
    """Changes what a file says. ``changed(done)``."""

    changed = Signal(object)

    def __init__(self, file: VisitorFile, presenter: VisitorsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(tr("Personenakte ändern"), tr("S&peichern"), "check", parent)
        self._file = file
        self._presenter = presenter
        self.entry = EntryForm()
        self.entry.show_entry(file.entry)
        self.body.addWidget(self.entry)
        self.do_button.clicked.connect(self.save)
        self.add_foot()

    def main_focus(self) -> QWidget:
        """The name."""
        return self.entry.fields["name"].edit

    def save(self) -> None:
        """Write the changes."""
        try:
            done = self._presenter.change(self._file, self.entry.entry())
        except InputError as error:
            if not self.entry.show_error(error):
                self.problem.emit(error)
            return
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.changed.emit(done)


class MergePanel(Panel):
    """Chooses the other file of the same person. ``merged(done)``."""

    merged = Signal(object)

    def __init__(self, file: VisitorFile, presenter: VisitorsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(tr("Mit einer anderen Akte zusammenführen"), tr("&Zusammenführen"), "users-round", parent)
        self._file = file
        self._presenter = presenter
        self._hits: tuple[VisitorHit, ...] = ()
        text = tr(
            "„{name}“ bleibt. Kontakte und Einwilligungen der anderen Akte kommen dazu, leere Felder werden aus ihr gefüllt. "
            "Das lässt sich jederzeit wieder trennen.",
            name=name_of(file.entry),
        )
        self.body.addWidget(Words(text, wrap=True))
        self.search_field = SearchField(tr("Andere Akte suchen"), delay_ms=0)
        self.search_field.query_changed.connect(self._search)
        self.body.addWidget(self.search_field)
        self.results = ResultList(tr("Gefundene Akten"), empty_text=tr("Keine andere Akte gefunden."))
        self.results.fit_rows(_SHOWN_ROWS)
        self.search_field.attach(self.results)
        self.results.current_key_changed.connect(lambda _key: self._offer())
        self.results.activated_key.connect(lambda _key: self.do_button.setFocus(Qt.FocusReason.OtherFocusReason))
        self.body.addWidget(self.results)
        self.do_button.clicked.connect(self.save)
        self.add_foot()
        self._search("")

    def main_focus(self) -> QWidget:
        """The search."""
        return self.search_field

    def save(self) -> None:
        """Merge the chosen file into this one."""
        other = next((hit for hit in self._hits if hit.visitor_id == self.results.current_key()), None)
        if other is None:
            return
        try:
            done = self._presenter.merge(self._file, other)
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.merged.emit(done)

    def _search(self, text: str) -> None:
        found = (
            self._presenter.search(text)
            if text.strip()
            else self._presenter.duplicates(self._file.entry, but=self._file.visitor_id)
        )
        self._hits = tuple(hit for hit in found if hit.visitor_id != self._file.visitor_id)
        self.results.set_rows([hit_row(hit) for hit in self._hits], preselect=bool(self._hits))
        self._offer()

    def _offer(self) -> None:
        self.do_button.setEnabled(bool(self.results.current_key()))
