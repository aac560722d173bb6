"""Konflikte: what was changed here and elsewhere at once; look at it, choose, and take the choice back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr, tr_count
from desktop_app.sync.records import Choice, Conflict, ConflictField
from ui.sync.conflict_view import ConflictView
from ui.sync.wording import conflict_row, is_open
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button
from ui.widgets.containers import Card, FoldOut, ScrollPage
from ui.widgets.feedback import EmptyState, Notice
from ui.widgets.labels import Words
from ui.widgets.search_list import ResultList
from ui.widgets.visibility import set_shown

if TYPE_CHECKING:
    from ui.sync.presenter import Done, SyncPresenter

_COLUMN = 900
_SHOWN_ROWS = 4


class ConflictsPart(QWidget):
    """The list, the conflict in front, and those that are done. ``done`` carries a line for the foot with its undo."""

    done = Signal(object)
    count_changed = Signal(int)

    def __init__(self, presenter: SyncPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._known: dict[str, Conflict] = {}
        self._only_to_see: tuple[Conflict, ...] = ()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.pane = ScrollPage(width=_COLUMN, margin=16)
        outer.addWidget(self.pane)
        self.problem = Notice()
        self.pane.body.addWidget(self.problem)
        self.empty = EmptyState(
            "circle-check",
            tr("Nichts zu entscheiden."),
            detail=tr("Wenn hier und anderswo dasselbe verschieden geändert wird, gilt der spätere Stand, und beide stehen "
                      "hier nebeneinander. Verloren geht nichts."),
        )  # fmt: skip
        self.pane.body.addWidget(self.empty)
        self._build_list()
        self.card = Card()
        self.view = ConflictView()
        self.view.chosen.connect(self._choose)
        self.view.dismissed.connect(self._dismiss)
        self.view.reopened.connect(self._reopen)
        self.card.body.addWidget(self.view)
        self.pane.body.addWidget(self.card)
        self.done_fold = FoldOut(tr("Erledigte"))
        self.done_fold.expanded.connect(self._unfold_done)
        self.done_list = ResultList(tr("Erledigte Konflikte"))
        self.done_list.current_key_changed.connect(lambda key: self._show(key, from_list=self.done_list))
        self.done_list.activated_key.connect(lambda _key: self._enter_view())
        self.done_fold.body.addWidget(self.done_list)
        self.pane.body.addWidget(self.done_fold)
        self.pane.body.addStretch(1)
        set_shown(self.card, False)

    def _build_list(self) -> None:
        self.list_card = Card(tr("Hier und anderswo geändert"))
        self.list_card.body.addWidget(
            Words(
                tr("Es gilt schon etwas; Sie können in Ruhe nachsehen. Nur wo „Bitte entscheiden“ steht, braucht es jemanden, "
                   "der es weiß."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.rows = ResultList(tr("Konflikte"), activate_on_click=False)
        self.rows.current_key_changed.connect(lambda key: self._show(key, from_list=self.rows))
        self.rows.activated_key.connect(lambda _key: self._enter_view())
        self.list_card.body.addWidget(self.rows)
        self.dismiss_all_button = Button(tr("Alle als &gesehen ablegen"), icon_name="check")
        self.dismiss_all_button.clicked.connect(lambda _on: self._dismiss_all())
        self.list_card.body.addWidget(self.dismiss_all_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.left_words = Words(
            tr("Wo „Bitte entscheiden“ steht, bleibt es stehen, bis jemand entschieden hat."), "muted", wrap=True
        )
        self.list_card.body.addWidget(self.left_words)
        self.pane.body.addWidget(self.list_card)

    # For the page

    def load(self) -> None:
        """Show what is stored; whatever was in front stays in front as long as it is there."""
        # Those that are done only grow in number: they are read when somebody wants to see them.
        waiting, decided = self._presenter.conflicts(with_decided=self.done_fold.is_open())
        done = self._presenter.count_decided()
        now = self._presenter.now()
        self._known = {conflict.conflict_id: conflict for conflict in (*waiting, *decided)}
        self.rows.set_rows([conflict_row(conflict, now) for conflict in waiting])
        self.rows.fit_rows(max(1, min(_SHOWN_ROWS, len(waiting))))
        self.done_list.set_rows([conflict_row(conflict, now) for conflict in decided])
        self.done_list.fit_rows(max(1, min(_SHOWN_ROWS, done)))  # unfolded it has its height at once
        self.done_fold.set_title(tr_count("{count} erledigter Konflikt", "{count} erledigte Konflikte", done))
        set_shown(self.done_fold, bool(done))
        set_shown(self.list_card, bool(waiting))
        set_shown(self.empty, not waiting)
        self._only_to_see = tuple(conflict for conflict in waiting if not is_open(conflict))
        set_shown(self.dismiss_all_button, len(self._only_to_see) > 1)
        set_shown(self.left_words, 1 < len(self._only_to_see) < len(waiting))
        self.count_changed.emit(len(waiting))
        self._renew_view(waiting)

    def focus_list(self) -> None:
        """Put the keyboard on the first conflict."""
        self.rows.enter()

    def main_focus(self) -> QWidget | None:
        """Where the keyboard begins."""
        return self.rows if self.rows.row_count() else None

    # Inside

    def _unfold_done(self, is_open: bool) -> None:
        if is_open:
            self.load()

    def _renew_view(self, waiting: tuple[Conflict, ...]) -> None:
        before = self.view.conflict
        now = self._known.get(before.conflict_id) if before is not None else None
        if now is not None and now.is_decided and not self._stands_in_done(now):
            now = None  # it was just decided: the next one comes to the front
        if now is None:
            now = waiting[0] if waiting else None
        if now is None:
            self.view.conflict = None
            set_shown(self.card, False)
            return
        set_shown(self.card, True)
        if now != before:
            self.view.show_conflict(now)
        (self.done_list if now.is_decided else self.rows).set_current_key(now.conflict_id)

    def _stands_in_done(self, conflict: Conflict) -> bool:
        return self.done_fold.is_open() and self.done_list.current_key() == conflict.conflict_id

    def _show(self, key: str, *, from_list: ResultList) -> None:
        conflict = self._known.get(key)
        if conflict is None:
            return
        other = self.done_list if from_list is self.rows else self.rows
        other.clearSelection()
        set_shown(self.card, True)
        self.view.show_conflict(conflict)

    def _enter_view(self) -> None:
        button = self.view.first_button()
        if button.isVisibleTo(self):
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.pane.ensureWidgetVisible(button)

    def _choose(self, field: ConflictField, choice: Choice) -> None:
        conflict = self.view.conflict
        if conflict is not None:
            self._do(lambda: self._presenter.decide(conflict, field, choice))

    def _dismiss(self) -> None:
        conflict = self.view.conflict
        if conflict is not None:
            self._do(lambda: self._presenter.dismiss(conflict))

    def _dismiss_all(self) -> None:
        conflicts = self._only_to_see
        self._do(lambda: self._presenter.dismiss_all(conflicts))

    def _reopen(self) -> None:
        conflict = self.view.conflict
        if conflict is not None:
            self._do(lambda: self._presenter.reopen(conflict))

    def _do(self, command: Callable[[], Done]) -> None:
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self.problem.hide()
        try:
            done = command()
        except QuartierslotseError as error:
            self.problem.show_text(error.message, Tone.DANGER)
            self.pane.bring_into_view(self.problem)
            return
        self.load()
        self.done.emit(done)
        if had_focus:
            self._focus_next()

    def _focus_next(self) -> None:
        """The button that was pressed is gone: the keyboard goes on to the next thing."""
        if self.card.isVisibleTo(self):
            self._enter_view()
        else:
            self.pane.setFocus(Qt.FocusReason.OtherFocusReason)
