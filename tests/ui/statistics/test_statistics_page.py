"""The statistics page by real keys; counting and writing run in real threads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.core.months import Month
from desktop_app.statistics.service import ExportFormat
from tests.ui.office import CARE_POINT, doubled_mnemonics, settle
from ui.shell.context import PageContext
from ui.shell.page import StatusMessage
from ui.statistics.page import StatisticsPage
from ui.theme.theme import ThemeController

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Numbers:
    """The page, where it saves, and what it said."""

    def __init__(self, qtbot: QtBot, context: PageContext, folder: Path) -> None:
        self.qtbot = qtbot
        self.target: Path | None = folder / "monat"
        self.asked: list[tuple[str, ExportFormat]] = []
        self.messages: list[StatusMessage] = []
        self.page = StatisticsPage(
            context.application, context.notices, tasks=context.tasks, target_question=self._answer
        )
        self.page.message.connect(self.messages.append)
        qtbot.addWidget(self.page)
        self.page.resize(1080, 640)
        with qtbot.waitExposed(self.page):
            self.page.show()
        self.page.activateWindow()
        with qtbot.waitSignal(self.page.loaded, timeout=20_000):
            self.page.on_shown()
        self.page.month_box.setFocus()

    def _answer(self, _parent: QWidget, name: str, export_format: ExportFormat) -> Path | None:
        self.asked.append((name, export_format))
        return self.target

    def figures(self) -> list[str]:
        return [tile.number.text() for tile in self.page.figures.tiles()]

    def save(self) -> None:
        self.qtbot.keyClick(self.page.month_box, Qt.Key.Key_S, CTRL)
        self.qtbot.waitUntil(self.page.export_button.isEnabled, timeout=30_000)


def contact(topic: str = "pflege") -> ContactEntry:
    return ContactEntry(needs=(NeedEntry(topic),), referrals=(ReferralEntry(CARE_POINT),))


@pytest.fixture
def numbers(
    qtbot: QtBot, application: Application, make_context: Callable[..., PageContext], tmp_path: Path
) -> Numbers:
    for topic in ("pflege", "pflege", "wohnen"):
        application.contacts.record_contact(application.actor, contact(topic))
    return Numbers(qtbot, make_context(application), tmp_path)


def test_the_present_month_is_shown_first(numbers: Numbers) -> None:
    assert numbers.page.month() == Month(2026, 11)
    assert numbers.page.month_box.currentText() == "November 2026"
    assert numbers.figures() == ["3", "3", "3", "0", "1"]
    assert len(numbers.page.cards()) == 8
    assert not numbers.page.next_button.isEnabled()


def test_every_chart_has_a_name_a_sentence_and_a_table(numbers: Numbers) -> None:
    for card in numbers.page.cards():
        if card.chart is not None:
            assert card.chart.accessibleName().startswith("Diagramm: ")
            assert card.chart.accessibleDescription()
            assert card.table is not None
            assert card.table.accessibleName().startswith("Tabelle: ")


def test_the_keyboard_goes_a_month_back_and_forth(numbers: Numbers, qtbot: QtBot) -> None:
    with qtbot.waitSignal(numbers.page.loaded, timeout=20_000):
        qtbot.keyClick(numbers.page.month_box, Qt.Key.Key_Down)
    assert numbers.page.month() == Month(2026, 10)
    assert numbers.page.empty.isVisible()
    assert numbers.page.cards() == []

    numbers.page.next_button.setFocus()
    with qtbot.waitSignal(numbers.page.loaded, timeout=20_000):
        qtbot.keyClick(numbers.page.next_button, Qt.Key.Key_Return)
    assert numbers.page.month() == Month(2026, 11)
    assert numbers.figures()[0] == "3"


def test_a_month_to_come_is_not_offered(numbers: Numbers, qtbot: QtBot) -> None:
    with qtbot.waitSignal(numbers.page.loaded, timeout=20_000):
        numbers.page.show_month(Month(2027, 3))

    assert numbers.page.month() == Month(2026, 11)


def test_a_new_contact_appears_by_itself(numbers: Numbers, qtbot: QtBot, application: Application) -> None:
    application.contacts.record_contact(application.actor, contact("recht"))

    qtbot.waitUntil(lambda: numbers.figures()[0] == "4", timeout=20_000)


def test_a_hidden_page_counts_when_it_is_shown_again(numbers: Numbers, qtbot: QtBot, application: Application) -> None:
    numbers.page.hide()
    application.contacts.record_contact(application.actor, contact("recht"))
    QApplication.processEvents()
    assert numbers.figures()[0] == "3"

    numbers.page.show()
    with qtbot.waitSignal(numbers.page.loaded, timeout=20_000):
        numbers.page.on_shown()
    assert numbers.figures()[0] == "4"


def test_more_questions_fold_out(numbers: Numbers, qtbot: QtBot) -> None:
    numbers.page.more.button.setFocus()
    qtbot.keyClick(numbers.page.more.button, Qt.Key.Key_Space)

    assert len(numbers.page.cards()) > 15


@pytest.mark.parametrize(
    ("export_format", "beginning"),
    [(ExportFormat.PDF, b"%PDF"), (ExportFormat.XLSX, b"PK"), (ExportFormat.CSV, b"\xef\xbb\xbf")],
)
def test_the_month_is_saved_in_each_format(
    numbers: Numbers, tmp_path: Path, export_format: ExportFormat, beginning: bytes
) -> None:
    numbers.page.format.set_value(export_format)

    numbers.save()

    saved = tmp_path / f"monat.{export_format.value}"
    assert saved.read_bytes().startswith(beginning)
    assert numbers.asked == [(f"Statistik 2026-11 Quartiersbüro Musterstadt.{export_format.value}", export_format)]
    assert numbers.messages[-1].text == f"„{saved.name}“ gespeichert."
    assert not numbers.page.progress.isVisible()


def test_a_folder_that_is_gone_is_a_sentence(numbers: Numbers, tmp_path: Path) -> None:
    numbers.target = tmp_path / "gibt" / "es" / "nicht.pdf"

    numbers.save()

    assert numbers.page.problem.isVisible()
    assert "Ordner" in numbers.page.problem.words.text()
    assert numbers.page.export_button.isEnabled()


def test_changing_ones_mind_saves_nothing(numbers: Numbers, tmp_path: Path) -> None:
    numbers.target = None
    before = set(tmp_path.iterdir())

    numbers.save()

    assert set(tmp_path.iterdir()) == before
    assert numbers.messages == []


def test_cancelling_the_export_leaves_no_file(numbers: Numbers, tmp_path: Path, qtbot: QtBot) -> None:
    numbers.page.export()
    assert numbers.page.go_back()
    qtbot.waitUntil(numbers.page.export_button.isEnabled, timeout=30_000)

    finished = numbers.messages[-1].text.endswith("gespeichert.")
    assert (tmp_path / "monat.pdf").exists() == finished
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(("percent", "width", "height"), [(100, 820, 560), (200, 1020, 620), (200, 820, 520)])
def test_nothing_is_cut_off(
    numbers: Numbers,
    qtbot: QtBot,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    percent: int,
    width: int,
    height: int,
) -> None:
    theme.use_text_percent(percent)
    numbers.page.resize(width, height)
    settle(numbers.page)

    assert cut_off(numbers.page) == []
    assert unnamed_controls(numbers.page) == []
    assert doubled_mnemonics(numbers.page) == {}
    tops = {numbers.page.format.button(code).y() for code in numbers.page.format.codes()}
    assert len(tops) == 1


def test_the_page_fits_a_small_screen_at_200_percent(numbers: Numbers, theme: ThemeController) -> None:
    theme.use_text_percent(200)
    settle(numbers.page)

    assert numbers.page.minimumSizeHint().height() <= 520
    assert numbers.page.minimumSizeHint().width() <= 820
