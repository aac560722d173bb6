"""The stick on the page Abgleich: two desks with a real hub, then only a folder between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from tests.ui.office import settle
from ui.sync.bundle_part import BundlePart
from ui.theme.theme import ThemeController


def contact(application: Application, **values: str) -> str:
    return application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),), **values))


def part_of(screen, stick: Path | None) -> BundlePart:
    """Bring the stick to the front; who is asked for a folder says this one."""
    part = screen.page.bundle
    part.ask_folder = part.ask_file = lambda _parent: stick
    screen.page.show_part("bundle")
    return part


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_a_contact_goes_over_the_stick_and_back(second, empty_application, application, stick) -> None:
    one, two = second
    here, there = part_of(one, stick), part_of(two, stick)
    assert here.given.text() == "Von diesem Rechner wurde noch nichts ausgegeben."
    record = contact(application)
    one.press(here.give_button)
    (file,) = stick.iterdir()
    assert here.notice.words.text().startswith(f"Ausgegeben: {file.name}")
    assert here.given.text().startswith("Zuletzt ausgegeben: heute um")
    two.press(there.take_button)
    assert "übernommen" in there.notice.words.text()
    assert two.said[-1].text == there.notice.words.text()
    assert there.taken.text().startswith("Zuletzt übernommen von „")
    assert empty_application.contact_queries.contact(record).contact_id == record
    two.press(there.take_button)
    assert "schon übernommen" in there.notice.words.text()
    assert "schon übernommen" in two.said[-1].text


def test_what_is_wrong_with_a_file_is_said_and_the_buttons_come_back(second, stick) -> None:
    one, two = second
    part = part_of(two, stick)
    two.press(part.take_button)
    assert "keine Abgleich-Datei" in part.notice.words.text()
    here = part_of(one, stick)
    one.press(here.take_button)
    (stick / "Abgleich.qlabgleich").write_bytes(b"\x8aQL")
    part = part_of(two, stick / "Abgleich.qlabgleich")
    two.press(part.file_button)
    assert "nichts geändert" in part.notice.words.text()
    assert part.give_button.isEnabled()
    assert not part.progress.isVisible()


def test_nothing_happens_without_a_folder(first, stick) -> None:
    part = part_of(first, None)
    for button in (part.give_button, part.take_button, part.file_button):
        first.press(button)
    assert not part.notice.isVisible()
    assert first.tasks.running == 0


def test_giving_out_can_be_stopped(first, application, stick) -> None:
    for _ in range(300):
        contact(application)
    part = part_of(first, stick)
    first.qtbot.mouseClick(part.give_button, Qt.MouseButton.LeftButton)
    assert not part.take_button.isEnabled()
    assert part.progress.isVisible()
    part.progress.cancel_requested.emit()
    first.settle()
    assert list(stick.iterdir()) == []
    assert first.said[-1].text == "Abgebrochen. Es wurde keine Datei geschrieben."
    assert part.give_button.isEnabled()


def test_the_keyboard_is_enough(first, stick) -> None:
    page = first.page
    page.activateWindow()
    part = part_of(first, stick)
    part.give_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(part.give_button, Qt.Key.Key_Space)
    first.settle()
    assert len(list(stick.iterdir())) == 1
    assert page.focusWidget() is part.give_button
    part.everything.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(part.everything, Qt.Key.Key_Space)
    assert part.everything.isChecked()


@pytest.mark.parametrize("percent", [100, 200])
def test_words_stay_whole(
    first, theme: ThemeController, cut_off: Callable[[QWidget], list[str]], stick: Path, percent: int
) -> None:
    theme.use_text_percent(percent)
    part = part_of(first, stick)
    first.press(part.give_button)
    settle(first.page)
    assert cut_off(first.page) == []
