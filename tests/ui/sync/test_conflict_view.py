"""One conflict on the screen: what holds, what can be taken, by mouse and keyboard, in every look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.sync.records import Choice, Conflict, ConflictField, ConflictKind
from tests.ui.office import doubled_mnemonics, settle
from ui.sync.conflict_view import ConflictView
from ui.sync.wording import value_of
from ui.theme.theme import ThemeController, ThemeMode
from ui.widgets.labels import Words

LONG = "Wir beraten unabhängig zu Pflegegraden und zu Hilfe im Alltag. Auf Wunsch kommen wir nach Hause."
PHONE = ConflictField("phone", "Telefon", "030 1", "030 2", "030 3", Choice.THEIRS, False)
WORDS = ConflictField("description", "Beschreibung", "", LONG, "kurz", Choice.MINE, False)
CONSENT = ConflictField("state", "Stand", "erteilt", "widerrufen", "erteilt bis 2027", Choice.MINE, True)


def conflict(
    *fields: ConflictField, kind: ConflictKind = ConflictKind.BOTH_CHANGED, is_decided: bool = False
) -> Conflict:
    moment = datetime(2026, 11, 22, 9, 45, tzinfo=UTC)
    return Conflict("c1", kind, "Angebot", "Mittagstisch", moment, fields, is_decided)


@pytest.fixture
def view(qtbot: QtBot, theme: ThemeController) -> ConflictView:
    view = ConflictView()
    qtbot.addWidget(view)
    view.resize(860, 500)
    view.show()
    return view


def takers(view: ConflictView) -> list[tuple[str, Choice]]:
    return [key for key, cell in view.cells.items() if cell.button is not None]


def test_the_value_that_stands_has_no_button_and_each_other_has(view: ConflictView) -> None:
    view.show_conflict(conflict(PHONE, WORDS))
    assert takers(view) == [
        ("phone", Choice.BEFORE),
        ("phone", Choice.MINE),
        ("description", Choice.BEFORE),
        ("description", Choice.THEIRS),
    ]
    assert not view.keep_button.isHidden()
    assert view.reopen_button.isHidden()


def test_one_press_takes_a_value(view: ConflictView, qtbot: QtBot) -> None:
    view.show_conflict(conflict(PHONE))
    chosen: list[tuple[ConflictField, Choice]] = []
    view.chosen.connect(lambda field, choice: chosen.append((field, choice)))
    button = view.cells["phone", Choice.MINE].button
    assert button is not None
    assert button.accessibleName() == "Telefon: diesen Wert nehmen (hier): 030 2"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    view.first_button().setFocus()
    qtbot.keyClick(view.first_button(), Qt.Key.Key_Return)
    assert chosen == [(PHONE, Choice.MINE), (PHONE, Choice.BEFORE)]


def test_texts_that_differ_only_at_their_end_are_shown_whole(view: ConflictView) -> None:
    long = LONG * 20
    field = ConflictField(
        "description", "Beschreibung", "", f"{long} Montags.", f"{long} Dienstags.", Choice.MINE, False
    )
    view.show_conflict(conflict(field))
    for choice in (Choice.MINE, Choice.THEIRS):
        (words,) = [words for words in view.cells["description", choice].findChildren(Words) if LONG in words.text()]
        assert words.text() == value_of(field, choice)
    button = view.cells["description", Choice.THEIRS].button
    assert button is not None
    # What is read aloud for a button is short; the text itself is read from the label.
    assert len(button.accessibleName()) < 200
    assert button.accessibleName().endswith(" …")


def test_what_nobody_may_decide_by_program_asks_for_a_choice_of_all_three(view: ConflictView) -> None:
    view.show_conflict(conflict(CONSENT))
    assert takers(view) == [("state", choice) for choice in (Choice.BEFORE, Choice.MINE, Choice.THEIRS)]
    stands = view.cells["state", Choice.MINE].button
    assert stands is not None
    assert stands.text() == "Dabei bleiben"
    assert view.keep_button.isHidden(), "leaving it open is no decision"


def test_of_another_carrier_nothing_can_be_taken(view: ConflictView) -> None:
    view.show_conflict(conflict(PHONE, kind=ConflictKind.NOT_OURS))
    assert takers(view) == []
    assert not view.keep_button.isHidden()


def test_what_is_decided_can_be_taken_back(view: ConflictView, qtbot: QtBot) -> None:
    view.show_conflict(conflict(PHONE, is_decided=True))
    assert takers(view) == []
    assert view.first_button() is view.reopen_button
    with qtbot.waitSignal(view.reopened):
        qtbot.mouseClick(view.reopen_button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize(
    "mode", [ThemeMode.LIGHT, ThemeMode.DARK, ThemeMode.HIGH_CONTRAST], ids=lambda mode: mode.value
)
def test_words_stay_whole(
    view: ConflictView,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    mode: ThemeMode,
    percent: int,
) -> None:
    theme.use_mode(mode)
    theme.use_text_percent(percent)
    view.show_conflict(conflict(PHONE, WORDS, CONSENT))
    view.resize(860 if percent == 100 else 1300, 500)
    view.resize(view.width(), view.layout().heightForWidth(view.width()))
    settle(view)
    assert cut_off(view) == []
    assert unnamed_controls(view) == []
    assert doubled_mnemonics(view) == {}


@pytest.mark.parametrize("width", [330, 860])
@pytest.mark.parametrize("percent", [100, 200])
def test_a_text_of_two_thousand_characters_stays_whole(
    view: ConflictView, theme: ThemeController, cut_off: Callable[[QWidget], list[str]], percent: int, width: int
) -> None:
    theme.use_text_percent(percent)
    text = (LONG * 21)[:2000]
    view.show_conflict(
        conflict(ConflictField("description", "Beschreibung", text, f"{text} A", f"{text} B", Choice.MINE, False))
    )
    view.resize(width, 500)
    view.resize(width, view.layout().heightForWidth(width))
    settle(view)
    view.resize(width, view.layout().heightForWidth(width))
    settle(view)
    assert cut_off(view) == []
