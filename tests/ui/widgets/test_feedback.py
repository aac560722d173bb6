"""Notices, progress, the last message with undo, empty states, counters, tabs, records, layout."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.badge import Badge, Tone
from ui.widgets.buttons import Button, IconButton, PrimaryButton
from ui.widgets.containers import Card, FoldOut, ScrollPage
from ui.widgets.counters import CountStepper
from ui.widgets.feedback import EmptyState, Notice, ProgressPanel, StatusLine
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import ElidedLabel, Icon, Words
from ui.widgets.record_view import BigNumber, KeyValueTable, WeekDay, WeekTable
from ui.widgets.tab_strip import TabStrip


def test_parts_never_open_as_windows_of_their_own(qtbot: QtBot, theme: object) -> None:
    before = set(QApplication.topLevelWidgets())
    made: list[QWidget] = [
        Card("Titel"), FoldOut("Mehr"), EmptyState("house", "Leer", detail="So", action="Los"),
        Notice("Hinweis", action="Los"), ProgressPanel("Arbeit"), StatusLine(), BigNumber("1", "Telefon"),
        Badge("offen"),
    ]  # fmt: skip
    made[3].show_text("Anders")
    made[7].show_text("zu")
    shown = [widget for widget in QApplication.topLevelWidgets() if widget not in before and widget.isVisible()]
    assert shown == []
    for widget in made:
        qtbot.addWidget(widget)


def test_enter_presses_a_button(qtbot: QtBot, theme: object) -> None:
    button = PrimaryButton("Speichern", icon_name="check")
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Return)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_buttons_are_large_enough_and_named(qtbot: QtBot, theme: object) -> None:
    for button in (Button("Text"), IconButton("x", "Schließen")):
        qtbot.addWidget(button)
        button.show()
        assert button.sizeHint().height() >= 40
        assert button.sizeHint().width() >= 40
        assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) in {"Text", "Schließen"}


def test_the_last_message_stays_and_is_undone_once(qtbot: QtBot, theme: object) -> None:
    undone: list[str] = []
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    line.show_message("Kontakt gespeichert.", undo=lambda: undone.append("x"))
    assert line.can_undo
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    line.undo_last()
    assert undone == ["x"]
    assert not line.button.isVisible()
    line.show_message("Gedruckt.")
    assert not line.can_undo


def test_an_undo_may_itself_say_something(qtbot: QtBot, theme: object) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    line.show_message("Gelöscht.", undo=lambda: line.show_message("Wieder da.", undo=lambda: None))
    line.undo_last()
    assert line.words.text() == "Wieder da."
    assert line.can_undo


def test_a_notice_says_acts_and_closes(qtbot: QtBot, theme: object) -> None:
    notice = Notice(parent=None)
    qtbot.addWidget(notice)
    assert notice.isHidden()
    holder = QWidget()
    qtbot.addWidget(holder)
    notice.setParent(holder)
    holder.show()
    notice.show_text("Die Datei fehlt.", Tone.DANGER, action="Andere wählen")
    assert notice.isVisible()
    with qtbot.waitSignal(notice.action_requested):
        qtbot.mouseClick(notice.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(notice.closed):
        qtbot.mouseClick(notice.close_button, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()


def test_markup_in_data_stays_words(qtbot: QtBot, theme: object) -> None:
    words = Words("<b>fett</b> & <img src=x>")
    qtbot.addWidget(words)
    assert words.textFormat() == Qt.TextFormat.PlainText


def test_progress_shows_and_cancels_once(qtbot: QtBot, theme: object) -> None:
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.start("Verzeichnis wird eingelesen")
    panel.show_step(5, 10, "Zeile 5")
    assert (panel.bar.value(), panel.bar.maximum(), panel.text.text()) == (5, 10, "Zeile 5")
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    assert not panel.cancel.isEnabled()
    panel.show_step(0, 0, "")
    assert panel.bar.maximum() == 0


def test_an_empty_state_leads_on(qtbot: QtBot, theme: object) -> None:
    empty = EmptyState("book-open", "Noch leer.", action="Datei einlesen")
    qtbot.addWidget(empty)
    empty.show()
    with qtbot.waitSignal(empty.action_requested):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)


def test_a_fold_out_opens_by_keyboard(qtbot: QtBot, theme: object) -> None:
    fold = FoldOut("Mehr")
    fold.body.addWidget(QLabel("innen"))
    qtbot.addWidget(fold)
    fold.show()
    assert not fold.content.isVisible()
    with qtbot.waitSignal(fold.expanded) as told:
        qtbot.keyClick(fold.button, Qt.Key.Key_Return)
    assert told.args == [True]
    assert fold.content.isVisible()
    assert fold.is_open()


def test_a_counter_asks_for_one_more_and_one_less(qtbot: QtBot, theme: object) -> None:
    asked: list[int] = []
    counter = CountStepper("Anrufe", key="F6", icon_name="phone")
    qtbot.addWidget(counter)
    counter.step_requested.connect(asked.append)
    counter.show()
    qtbot.mouseClick(counter, Qt.MouseButton.LeftButton)
    qtbot.keyClick(counter, Qt.Key.Key_Plus)
    qtbot.keyClick(counter, Qt.Key.Key_Minus)
    assert asked == [1, 1]
    counter.set_count(7)
    qtbot.keyClick(counter, Qt.Key.Key_Minus)
    assert asked == [1, 1, -1]
    assert QAccessible.queryAccessibleInterface(counter).text(QAccessible.Text.Name) == "Anrufe: 7"


def test_tabs_open_change_and_ask_to_close(qtbot: QtBot, theme: object) -> None:
    strip = TabStrip("Offene Kontakte", new_name="Neuer Kontakt")
    qtbot.addWidget(strip)
    strip.show()
    changed: list[str] = []
    strip.current_changed.connect(changed.append)
    strip.add("a", "Kontakt", "10:42")
    strip.add("b", "Kontakt", "10:55")
    assert strip.current() == "b"
    strip.set_current("a")
    assert changed == ["a", "b", "a"]
    assert strip.bar.tabText(0) == "Kontakt · 10:42"
    with qtbot.waitSignal(strip.close_requested) as told:
        qtbot.keyClick(strip.bar, Qt.Key.Key_Delete)
    assert told.args == ["a"]
    strip.rename("a", "Telefon", "10:42")
    strip.remove("a")
    assert strip.keys() == ["b"]
    with qtbot.waitSignal(strip.new_requested):
        qtbot.mouseClick(strip.new_button, Qt.MouseButton.LeftButton)


def test_a_big_number_can_be_copied(qtbot: QtBot, theme: object) -> None:
    number = BigNumber("0208 123456", "Telefon")
    qtbot.addWidget(number)
    number.show()
    qtbot.mouseClick(number.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "0208 123456"
    assert number.number.accessibleName() == "Telefon: 0208 123456"


def test_facts_without_a_value_are_left_out(qtbot: QtBot, theme: object) -> None:
    table = KeyValueTable([("Kosten", "kostenlos"), ("Leer", "")])
    qtbot.addWidget(table)
    words = [label.text() for label in table.findChildren(QLabel)]
    assert words == ["Kosten", "kostenlos"]
    table.set_rows([("Ort", "Rathaus")])
    assert [label.text() for label in table.findChildren(QLabel) if not label.isHidden()] == ["Ort", "Rathaus"]


def test_the_week_says_which_day_is_today(qtbot: QtBot, theme: object) -> None:
    week = WeekTable()
    qtbot.addWidget(week)
    week.show_week(
        [WeekDay("Montag", ("09:00–12:00",)), WeekDay("Dienstag", (), "nach Vereinbarung")],
        today=0,
        exceptions=["24.12. geschlossen"],
    )
    names = [label.accessibleName() for label in week.findChildren(QLabel)]
    assert "Montag (heute): 09:00–12:00" in names
    assert "Dienstag: geschlossen, nach Vereinbarung" in names


def test_an_elided_label_keeps_its_whole_text_as_name(qtbot: QtBot, theme: object) -> None:
    label = ElidedLabel("Ein sehr langer Satz, der nicht in die Zeile passt")
    qtbot.addWidget(label)
    label.resize(60, 30)
    label.show()
    label.grab()
    assert label.minimumSizeHint().width() < 40
    assert label.accessibleName() == "Ein sehr langer Satz, der nicht in die Zeile passt"


def test_a_flow_breaks_where_the_room_ends(qtbot: QtBot, theme: object) -> None:
    holder = QWidget()
    flow = FlowLayout(holder, gap=8)
    for number in range(6):
        flow.addWidget(QPushButton(f"Knopf {number}"))
    qtbot.addWidget(holder)
    one_row = flow.heightForWidth(4000)
    assert flow.heightForWidth(260) > 2 * one_row
    assert flow.count() == 6
    assert flow.itemAt(99) is None
    assert flow.takeAt(0) is not None


def test_a_scroll_page_never_scrolls_sideways(qtbot: QtBot, theme: object) -> None:
    page = ScrollPage(width=600)
    for number in range(40):
        page.body.addWidget(Words(f"Absatz {number} " * 12, wrap=True))
    qtbot.addWidget(page)
    page.resize(400, 300)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 0)
    assert page.horizontalScrollBar().maximum() == 0


def test_a_scroll_page_ends_where_its_words_end(qtbot: QtBot, theme: object) -> None:
    page = ScrollPage(width=1200)
    for number in range(6):
        card = Card(f"Karte {number}")
        card.body.addWidget(Words("Ein Satz, der auf breitem Raum in wenige Zeilen passt. " * 6, wrap=True))
        page.body.addWidget(card)
    page.body.addStretch(1)
    qtbot.addWidget(page)
    page.resize(1240, 300)
    with qtbot.waitExposed(page):
        page.show()
    inside, (_left, _top, _right, margin) = page.widget(), page.body.getContentsMargins()
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 0)
    assert inside.height() - card.geometry().bottom() <= margin + page.body.spacing()


def test_what_does_not_wrap_is_never_squeezed(qtbot: QtBot, theme: object) -> None:
    page = ScrollPage()
    for number in range(30):
        page.body.addWidget(QPushButton(f"Knopf {number}"))
    qtbot.addWidget(page)
    page.resize(400, 300)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: page.widget().height() >= page.body.minimumSize().height() > 300)


def test_the_title_of_a_card_wraps_and_leaves_room_beside_it(qtbot: QtBot, theme: object) -> None:
    card = Card("Ein anderer Rechner Ihres Büros muss diesen hier erst einmal aufnehmen")
    beside = QPushButton("Drucken")
    card.head.addWidget(beside)
    qtbot.addWidget(card)
    card.resize(card.minimumSizeHint().width(), 300)
    card.show()
    assert card.minimumSizeHint().width() < 400
    assert card.title.height() >= card.title.heightForWidth(card.title.width()) > card.title.fontMetrics().height() * 2
    card.resize(900, 300)
    qtbot.waitUntil(lambda: card.title.heightForWidth(card.title.width()) < card.title.fontMetrics().height() * 2)
    assert beside.geometry().right() > card.width() - 40
    card.set_title("")
    qtbot.waitUntil(lambda: not card.title.isVisibleTo(card))
    assert beside.geometry().right() > card.width() - 40


def test_icons_follow_the_look(qtbot: QtBot, theme) -> None:
    from ui.theme.theme import ThemeMode

    icon = Icon("house", "text")
    qtbot.addWidget(icon)
    icon.show()
    light = icon.pixmap().toImage()
    theme.use_mode(ThemeMode.DARK)
    assert icon.pixmap().toImage() != light


def test_all_of_them_have_names(qtbot: QtBot, theme: object, unnamed_controls: Callable[[QWidget], list[str]]) -> None:
    holder = Card("Alles")
    for widget in (
        Notice("Hinweis", action="Los"), ProgressPanel("Arbeit"), StatusLine(), CountStepper("Anrufe"),
        TabStrip("Kontakte", new_name="Neu"), FoldOut("Mehr"), BigNumber("1", "Telefon"),
    ):  # fmt: skip
        holder.body.addWidget(widget)
    qtbot.addWidget(holder)
    holder.show()
    assert unnamed_controls(holder) == []
