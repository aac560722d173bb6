"""The directory page by real keys on real widgets over a real encrypted store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.backup.records import BackupReason
from desktop_app.bootstrap import Application
from desktop_app.directory.synthetic import insert_synthetic_services
from desktop_app.handouts.from_directory import sheet_entry
from tests.ui.office import CARE_POINT, LAWYER, LUNCH, SPORT, doubled_mnemonics, settle, write_directory
from ui.directory.page import Columns, DirectoryPage
from ui.directory.presenter import FIRST_HITS
from ui.handouts.panel import HandoutPanel
from ui.shell.basket import Basket, BasketItem
from ui.shell.context import PageContext
from ui.shell.page import StatusMessage, Target
from ui.theme.theme import ThemeController, ThemeMode

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
MakeContext = Callable[..., PageContext]


class Desk:
    """The page with the keyboard where a user finds it, and what it told the window."""

    def __init__(self, qtbot: QtBot, context: PageContext) -> None:
        self.qtbot = qtbot
        self.basket: Basket = context.basket
        self.page = DirectoryPage(context.application, context.notices, context.basket, tasks=context.tasks)
        self.messages: list[StatusMessage] = []
        self.asked: list[tuple[str, object]] = []
        self.page.message.connect(self.messages.append)
        self.page.open_requested.connect(lambda key, target: self.asked.append((key, target)))
        qtbot.addWidget(self.page)
        self.resize(1080, 640)
        with qtbot.waitExposed(self.page):
            self.page.show()
        self.page.activateWindow()
        self.page.on_shown()
        focus = self.page.main_focus()
        assert focus is not None
        focus.setFocus()

    def resize(self, width: int, height: int) -> None:
        self.page.resize(width, height)
        QApplication.processEvents()

    def press(self, key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = self.page.focusWidget() or self.page
        self.qtbot.keyClick(target, key, modifier)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def words(self) -> str:
        """Everything that can be read in the record."""
        labels = self.page.record.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisibleTo(self.page))


@pytest.fixture
def desk(qtbot: QtBot, application: Application, make_context: MakeContext) -> Desk:
    return Desk(qtbot, make_context(application))


@pytest.fixture
def empty_desk(qtbot: QtBot, empty_application: Application, make_context: MakeContext) -> Desk:
    return Desk(qtbot, make_context(empty_application))


def shown_ids(page: DirectoryPage) -> list[str]:
    return [page.results.row_at(place).key for place in range(page.results.row_count())]


# --------------------------------------------------------------------------------------------- search and read


def test_typing_finds_and_arrow_down_reads(desk: Desk) -> None:
    desk.type("pflege")
    assert shown_ids(desk.page) == [CARE_POINT]
    assert desk.page.summary.text() == "1 Treffer"

    desk.press(Qt.Key.Key_Down)
    desk.qtbot.waitUntil(lambda: desk.page.record.service_id() == CARE_POINT)

    words = desk.words()
    assert "030 23125-100" in words
    assert "Haus am Stadtpark" in words
    assert "Versichertenkarte" in words
    assert "<b>" not in words


def test_the_record_follows_a_moment_after_typing(desk: Desk) -> None:
    desk.type("rechts")

    desk.qtbot.waitUntil(lambda: desk.page.record.service_id() == LAWYER)
    assert desk.page.search_field.hasFocus()


def test_today_is_marked_in_the_week(desk: Desk) -> None:
    desk.page.open_service(CARE_POINT)

    today = [label.text() for label in desk.page.record.findChildren(QLabel) if label.text() == "heute"]
    assert today == ["heute"]
    assert "keine Zeiten angegeben" in desk.words()


def test_escape_empties_the_search_and_nothing_found_is_said(desk: Desk) -> None:
    desk.type("xyzxyz")
    assert desk.page.summary.text() == "Kein Treffer"

    desk.press(Qt.Key.Key_Escape)

    assert len(shown_ids(desk.page)) == 5


def test_ctrl_f_comes_back_to_the_search_from_anywhere(desk: Desk) -> None:
    desk.type("sitzen")
    desk.press(Qt.Key.Key_Return)
    desk.page.record.basket_button.setFocus()

    desk.press(Qt.Key.Key_F, CTRL)
    assert desk.page.search_field.hasFocus()
    desk.type("miete")

    assert shown_ids(desk.page) == [LAWYER]


def test_a_filter_narrows_and_can_be_taken_away(desk: Desk) -> None:
    desk.page.filters.topic_box("pflege").setFocus()
    desk.press(Qt.Key.Key_Space)
    assert shown_ids(desk.page) == [CARE_POINT]

    desk.page.filters.clear_button.setFocus()
    desk.press(Qt.Key.Key_Return)

    assert len(shown_ids(desk.page)) == 5
    assert desk.page.filters.count() == 0
    assert desk.page.filters.checked.combo.hasFocus()


def test_a_service_chosen_elsewhere_is_shown(desk: Desk) -> None:
    desk.page.show_target(Target("service", LUNCH))

    assert desk.page.record.service_id() == LUNCH


def test_a_service_that_is_gone_is_a_sentence(desk: Desk) -> None:
    desk.page.show_target(Target("service", "gibt-es-nicht"))

    assert desk.page.problem.isVisible()
    assert "gibt es im Verzeichnis nicht" in desk.page.problem.words.text()


# --------------------------------------------------------------------------------------------- handing on


def test_alt_m_puts_it_on_the_merkzettel_and_it_can_be_undone(desk: Desk) -> None:
    desk.type("pflege")
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_M, ALT)

    item = BasketItem(CARE_POINT, "Pflegestützpunkt Musterstadt-Mitte", "AWO Kreisverband Musterstadt e. V.")
    desk.qtbot.waitUntil(lambda: desk.basket.items() == (item,))
    message = desk.messages[-1]
    assert message.undo is not None
    message.undo()
    assert desk.basket.items() == ()


def test_twice_on_the_merkzettel_is_once(desk: Desk) -> None:
    desk.page.open_service(SPORT)
    for times in (1, 2):
        desk.press(Qt.Key.Key_M, ALT)
        desk.qtbot.waitUntil(lambda times=times: len(desk.messages) == times)

    assert len(desk.basket) == 1
    assert "schon" in desk.messages[-1].text


def test_alt_w_refers_at_the_reception(desk: Desk) -> None:
    desk.page.open_service(SPORT)
    with desk.qtbot.waitSignal(desk.page.refer_to) as told:
        desk.press(Qt.Key.Key_W, ALT)

    assert told.args == [SPORT]
    assert desk.asked == [("reception", Target("service", SPORT))]


def test_alt_i_shows_the_sheet_and_back_leads_to_the_record(desk: Desk) -> None:
    desk.page.open_service(SPORT)
    with desk.qtbot.waitSignal(desk.page.show_sheet) as told:
        desk.press(Qt.Key.Key_I, ALT)
    assert told.args == [(SPORT,)]
    sheet = desk.page.findChild(QWidget, "handoutPanel")
    assert sheet is not None
    desk.qtbot.waitUntil(lambda: bool(sheet.pdf()), timeout=20_000)

    assert desk.page.go_back()

    assert not sheet.isVisible()
    assert desk.page.record.sheet_button.hasFocus()
    assert not desk.page.go_back()


# --------------------------------------------------------------------------------------------- layout


@pytest.mark.parametrize(
    ("percent", "width", "height", "columns"),
    [
        (100, 1080, 640, Columns.THREE),
        (100, 820, 560, Columns.TWO),
        (130, 1080, 640, Columns.TWO),
        (200, 1020, 620, Columns.ONE),
        (200, 820, 520, Columns.ONE),
    ],
)
def test_nothing_is_cut_off(
    desk: Desk,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    percent: int,
    width: int,
    height: int,
    columns: Columns,
) -> None:
    theme.use_text_percent(percent)
    desk.resize(width, height)
    settle(desk.page)
    assert desk.page.columns() is columns
    assert cut_off(desk.page) == []

    desk.page.open_service(CARE_POINT)
    settle(desk.page)

    assert cut_off(desk.page) == []
    assert unnamed_controls(desk.page) == []
    assert doubled_mnemonics(desk.page) == {}


def test_in_one_column_enter_opens_and_back_returns_to_the_same_row(desk: Desk, theme: ThemeController) -> None:
    theme.use_text_percent(200)
    desk.resize(900, 520)
    desk.page.search_field.setFocus()
    desk.type("beratung")
    hits = shown_ids(desk.page)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Down)
    chosen = desk.page.results.current_key()
    assert not desk.page.record.isVisible()

    desk.press(Qt.Key.Key_Return)
    assert desk.page.record.isVisible()
    assert desk.page.record.service_id() == chosen == hits[1]
    assert desk.page.record.basket_button.hasFocus()

    assert desk.page.go_back()
    assert not desk.page.record.isVisible()
    assert desk.page.results.hasFocus()
    assert desk.page.results.current_key() == chosen


def test_with_two_columns_the_filter_opens_in_place_of_the_list(desk: Desk) -> None:
    desk.resize(820, 560)
    desk.press(Qt.Key.Key_F, ALT)
    desk.qtbot.waitUntil(desk.page.filters.isVisible)
    assert not desk.page.results.isVisible()

    assert desk.page.go_back()

    assert desk.page.results.isVisible()


def test_dark_and_light_show_the_same_words(desk: Desk, theme: ThemeController) -> None:
    desk.page.open_service(CARE_POINT)
    light, words = desk.page.grab().toImage(), desk.words()

    theme.use_mode(ThemeMode.DARK)
    QApplication.processEvents()

    assert desk.words() == words
    assert lightness(desk.page.grab().toImage()) < lightness(light) / 3


def lightness(image: QImage) -> int:
    return image.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation).pixelColor(0, 0).lightness()


# --------------------------------------------------------------------------------------------- bringing one in


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_directory(tmp_path / "anbieter.json", with_problem=True)


def wait_for_import(desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: not desk.page.import_panel.is_working, timeout=20_000)


def test_an_empty_directory_offers_three_ways(
    empty_desk: Desk, unnamed_controls: Callable[[QWidget], list[str]], cut_off: Callable[[QWidget], list[str]]
) -> None:
    welcome = empty_desk.page.welcome

    assert welcome.isVisible()
    assert all(button.isVisible() for button in (welcome.file_button, welcome.folder_button, welcome.sample_button))
    assert welcome.file_button.hasFocus()
    assert unnamed_controls(empty_desk.page) == []
    assert cut_off(empty_desk.page) == []


def test_preview_changes_nothing_then_import_fills_the_page(
    empty_desk: Desk, empty_application: Application, source: Path
) -> None:
    panel = empty_desk.page.import_panel
    panel._ask_file = lambda _parent: source
    empty_desk.press(Qt.Key.Key_Return)
    wait_for_import(empty_desk)
    assert "Noch ist nichts geändert" in panel.outcome.words.text()
    assert empty_application.directory_queries.count().services == 0
    assert panel.import_button.hasFocus()

    empty_desk.press(Qt.Key.Key_Return)
    wait_for_import(empty_desk)
    assert panel.outcome.words.text() == "Das Verzeichnis ist eingelesen."
    assert empty_application.directory_queries.count().services == 5
    assert panel.done_button.hasFocus()

    empty_desk.press(Qt.Key.Key_Return)
    assert len(shown_ids(empty_desk.page)) == 5
    assert empty_desk.page.search_field.hasFocus()
    assert empty_desk.messages[-1].text == "Verzeichnis eingelesen: 5 neue Angebote."


def test_the_report_names_the_row_and_can_be_saved(
    empty_desk: Desk, source: Path, tmp_path: Path, cut_off: Callable[[QWidget], list[str]]
) -> None:
    page = empty_desk.page
    target = tmp_path / "bericht"
    page.import_panel._ask_target = lambda _parent, _name: target
    page.open_import(source)
    wait_for_import(empty_desk)
    model = page.import_panel.model
    assert model.rowCount() == 1
    assert model.problem_at(0).field == "email"
    assert "keine Adresse" in page.import_panel._detail.text()
    QApplication.processEvents()
    assert cut_off(page) == []

    page.import_panel.report_button.click()

    saved = (tmp_path / "bericht.csv").read_text(encoding="utf-8-sig").splitlines()
    assert saved[0].startswith("Schwere;Datei;Zeile;Feld;Wert")
    assert "keine Adresse" in saved[1]
    assert "bericht.csv" in page.import_panel.outcome.words.text()


def test_a_second_import_says_that_there_is_nothing_new(desk: Desk, tmp_path: Path) -> None:
    desk.page.open_import(write_directory(tmp_path / "verzeichnis.json"))
    wait_for_import(desk)

    panel = desk.page.import_panel
    assert "nichts Neues" in panel.outcome.words.text()
    assert not panel.import_button.isVisible()


def test_a_file_that_is_no_directory_is_a_sentence_and_the_choice_stays(empty_desk: Desk, tmp_path: Path) -> None:
    wrong = tmp_path / "urlaub.json"
    wrong.write_text("das ist kein Verzeichnis", encoding="utf-8")

    empty_desk.page.open_import(wrong)
    wait_for_import(empty_desk)

    panel = empty_desk.page.import_panel
    assert panel.problem.isVisible()
    assert "urlaub.json" in panel.problem.words.text()
    assert panel.file_button.hasFocus()


def test_cancelling_the_preview_leads_back_to_the_choice(empty_desk: Desk, source: Path) -> None:
    panel = empty_desk.page.import_panel
    empty_desk.page.open_import(source)
    assert panel.is_working

    assert empty_desk.page.go_back()
    wait_for_import(empty_desk)

    assert panel.file_button.isVisible() or panel.outcome.isVisible()
    assert empty_desk.page.go_back()


@pytest.fixture
def changed_source(tmp_path: Path) -> Path:
    """The directory that is there, with one name changed."""
    path = write_directory(tmp_path / "neu.json")
    text = path.read_text(encoding="utf-8")
    assert "Gymnastik" in text
    path.write_text(text.replace("Gymnastik", "Tanz"), encoding="utf-8")
    return path


def test_a_directory_that_is_there_is_backed_up_before_it_changes(
    desk: Desk, application: Application, changed_source: Path
) -> None:
    desk.page.open_import(changed_source)
    wait_for_import(desk)
    assert application.backups.backups() == ()

    desk.page.import_panel.import_button.click()
    wait_for_import(desk)

    assert desk.page.import_panel.outcome.words.text() == "Das Verzeichnis ist eingelesen."
    (backup,) = application.backups.backups()
    assert backup.manifest.reason is BackupReason.BEFORE_IMPORT
    assert application.backups.verify(backup).is_good
    assert application.directory_queries.service(SPORT).name == "Tanz für Ältere"


def test_without_a_backup_people_decide(
    desk: Desk, application: Application, changed_source: Path, cut_off: Callable[[QWidget], list[str]]
) -> None:
    in_the_way = application.folder.backups
    in_the_way.write_bytes(b"in the way")
    panel = desk.page.import_panel
    desk.page.open_import(changed_source)
    wait_for_import(desk)
    panel.import_button.click()
    wait_for_import(desk)

    assert panel.outcome.words.text().startswith("Keine Sicherung:")
    assert panel.import_button.isVisible()
    assert panel.import_button.hasFocus()
    assert application.directory_queries.service(SPORT).name == "Gymnastik für Ältere"
    assert doubled_mnemonics(desk.page) == {}
    assert cut_off(desk.page) == []

    panel.import_button.click()  # tries the backup again
    wait_for_import(desk)
    assert panel.outcome.words.text().startswith("Keine Sicherung:")

    desk.press(Qt.Key.Key_O, ALT)
    desk.qtbot.waitUntil(lambda: panel.outcome.words.text() == "Das Verzeichnis ist eingelesen.", timeout=20_000)
    assert not panel.outcome.button.isVisible()
    assert application.directory_queries.service(SPORT).name == "Tanz für Ältere"


def test_changes_from_elsewhere_appear(empty_desk: Desk, empty_application: Application, source: Path) -> None:
    empty_application.directory.import_directory(empty_application.actor, source)

    empty_desk.qtbot.waitUntil(lambda: empty_desk.page.results.row_count() == 5)
    assert not empty_desk.page.welcome.isVisible()


def test_many_hits_come_in_two_steps(qtbot: QtBot, empty_application: Application, make_context: MakeContext) -> None:
    insert_synthetic_services(empty_application.store, empty_application.actor, 120, seed=7)
    desk = Desk(qtbot, make_context(empty_application))
    desk.page.filters.with_phone.setChecked(True)
    desk.page.filters.with_phone.setChecked(False)

    assert desk.page.results.row_count() == FIRST_HITS
    assert desk.page.summary.text() == f"Mehr als {FIRST_HITS} Treffer"

    qtbot.waitUntil(lambda: desk.page.results.row_count() == 120)
    assert desk.page.summary.text() == "120 Angebote"


def open_sheet(desk: Desk, service_id: str) -> HandoutPanel:
    desk.page.open_sheet((service_id,))
    sheet = desk.page._sheet
    assert sheet is not None
    desk.qtbot.waitUntil(lambda: bool(sheet.pdf()), timeout=20_000)
    return sheet


def test_the_next_visitor_never_sees_the_note_of_the_former_one(desk: Desk) -> None:
    open_sheet(desk, SPORT).note_edit.setPlainText("Frau Yilmaz erwartet Sie")
    desk.page.go_back()

    assert open_sheet(desk, LUNCH).personal_note() == ""
    desk.page.go_back()
    assert open_sheet(desk, SPORT).personal_note() == ""


def test_a_sheet_left_without_printing_keeps_what_was_typed(desk: Desk) -> None:
    open_sheet(desk, SPORT).note_edit.setPlainText("Bitte Sportschuhe mitbringen")
    desk.page.go_back()

    sheet = open_sheet(desk, SPORT)
    assert sheet.personal_note() == "Bitte Sportschuhe mitbringen"

    sheet.printed.emit((SPORT,))
    desk.page.go_back()
    assert open_sheet(desk, SPORT).personal_note() == ""


def test_another_visitor_gets_a_new_sheet_of_the_same_service(desk: Desk) -> None:
    desk.basket.replace((), owner="erste Karte")
    open_sheet(desk, SPORT).note_edit.setPlainText("Frau Yilmaz erwartet Sie")
    desk.page.go_back()
    desk.basket.replace((), owner="zweite Karte")

    assert open_sheet(desk, SPORT).personal_note() == ""


@pytest.mark.parametrize(("width", "columns"), [(1080, Columns.THREE), (820, Columns.TWO)])
def test_tab_goes_as_the_eye_does(desk: Desk, width: int, columns: Columns) -> None:
    desk.resize(width, 640)
    assert desk.page.columns() is columns
    desk.page.open_service(CARE_POINT)
    desk.page.search_field.setFocus()
    visited: list[QWidget] = []
    for _ in range(40):
        visited.append(desk.page.focusWidget())
        desk.press(Qt.Key.Key_Tab)
    page = desk.page
    expected = [
        page.search_field,
        *([page.filters.checked.combo, page.filters.with_phone] if columns is Columns.THREE else [page.filter_button]),
        page.results,
        page.record.basket_button,
        page.record.sheet_button,
        page.record.referral_button,
    ]

    places = [visited.index(widget) for widget in expected]
    assert places == sorted(places)


def test_coming_back_keeps_the_place_in_the_list(
    qtbot: QtBot, empty_application: Application, make_context: MakeContext
) -> None:
    insert_synthetic_services(empty_application.store, empty_application.actor, 120, seed=7)
    desk = Desk(qtbot, make_context(empty_application))
    qtbot.waitUntil(lambda: desk.page.results.row_count() == 120)
    bar = desk.page.results.verticalScrollBar()
    bar.setValue(bar.maximum())

    desk.page.on_shown()

    assert desk.page.results.row_count() == 120
    assert bar.value() == bar.maximum() > 0


# --------------------------------------------------------------------------------------------- checking


def test_alt_g_confirms_a_check_and_it_can_be_undone(desk: Desk, application: Application) -> None:
    desk.page.open_service(SPORT)
    assert "Noch nicht geprüft" in desk.words()
    desk.press(Qt.Key.Key_G, ALT)
    desk.qtbot.waitUntil(desk.page.record.check_row.isVisible)
    assert desk.page.record.check_row.way.button("telefonisch").hasFocus()
    desk.press(Qt.Key.Key_Tab)
    assert desk.page.record.check_row.confirm_button.hasFocus()
    desk.press(Qt.Key.Key_Return)

    assert not desk.page.record.check_row.isVisible()
    assert desk.page.record.check_button.hasFocus()
    assert "Geprüft am 22.11.2026 telefonisch von Erika Muster – wieder fällig 11/2027." in desk.words()
    message = desk.messages[-1]
    assert message.text == "„Gymnastik für Ältere“ ist als geprüft bestätigt."

    assert message.undo is not None
    message.undo()

    assert application.directory_queries.service(SPORT).last_verified is None
    desk.qtbot.waitUntil(lambda: "Noch nicht geprüft" in desk.words())


@pytest.mark.parametrize(
    ("steps", "how", "on_screen"),
    [
        (1, "vor Ort", "Geprüft am 22.11.2026 vor Ort von Erika Muster"),
        (2, "per E-Mail", "Geprüft am 22.11.2026 per E-Mail von Erika Muster"),
        (3, "Prüfbogen", "Geprüft am 22.11.2026 mit Prüfbogen von Erika Muster"),
    ],
)
def test_the_way_of_the_check_stands_on_screen_and_paper(
    desk: Desk, application: Application, steps: int, how: str, on_screen: str
) -> None:
    desk.page.open_service(SPORT)
    desk.press(Qt.Key.Key_G, ALT)
    desk.qtbot.waitUntil(desk.page.record.check_row.isVisible)
    for _ in range(steps):
        desk.press(Qt.Key.Key_Right)
    desk.press(Qt.Key.Key_B, ALT)
    desk.qtbot.waitUntil(lambda: on_screen in desk.words())

    record = application.directory_queries.service(SPORT)
    assert record.last_verified is not None
    assert record.last_verified.how == how
    assert sheet_entry(record).last_verified == f"am 22. November 2026 ({how})"


def test_escape_puts_the_question_away_and_another_record_too(desk: Desk, application: Application) -> None:
    desk.page.open_service(SPORT)
    desk.press(Qt.Key.Key_G, ALT)
    desk.qtbot.waitUntil(desk.page.record.check_row.isVisible)

    assert desk.page.go_back()
    assert not desk.page.record.check_row.isVisible()
    assert desk.page.record.check_button.hasFocus()
    assert not desk.page.go_back()

    desk.press(Qt.Key.Key_G, ALT)
    desk.qtbot.waitUntil(desk.page.record.check_row.isVisible)
    desk.page.open_service(LUNCH)
    assert not desk.page.record.check_row.isVisible()
    assert application.directory_queries.service(SPORT).last_verified is None


def test_the_filter_for_due_checks_leaves_out_what_was_just_checked(desk: Desk, application: Application) -> None:
    application.directory.confirm_verified(application.actor, SPORT, "telefonisch")
    combo = desk.page.filters.checked.combo
    combo.setFocus()
    desk.press(Qt.Key.Key_End)

    assert combo.currentText() == "Prüfung fällig"
    desk.qtbot.waitUntil(lambda: len(shown_ids(desk.page)) == 4)
    assert SPORT not in shown_ids(desk.page)


@pytest.mark.parametrize(("percent", "width", "height"), [(100, 1080, 640), (100, 820, 560), (200, 900, 620)])
def test_the_question_how_it_was_checked_is_not_cut_off(
    desk: Desk,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    percent: int,
    width: int,
    height: int,
) -> None:
    theme.use_text_percent(percent)
    desk.resize(width, height)
    desk.page.open_service(CARE_POINT)
    desk.page.record.check_button.click()
    settle(desk.page)

    assert cut_off(desk.page) == []
    assert unnamed_controls(desk.page) == []
    assert doubled_mnemonics(desk.page) == {}
