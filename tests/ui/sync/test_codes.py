"""The enrolment code by paste, picture, clipboard and scanner; the QR code that another desk shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop_app.core.errors import UserError
from desktop_app.sync.enrolment_text import enrolment_text, read_enrolment_text
from ui.sync.code_pictures import code_in_file, code_in_image
from ui.sync.connect_steps import CodeStep
from ui.sync.desks_part import _breakable
from ui.sync.pieces import ComparedWords, QrPicture
from ui.theme.theme import ThemeController, ThemeMode

CODE = enrolment_text("https://abgleich.example.org", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:26], "hub-1")


@pytest.fixture
def qr(qtbot: QtBot, theme: ThemeController) -> QrPicture:
    picture = QrPicture()
    qtbot.addWidget(picture)
    picture.show_content(CODE)
    return picture


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.HIGH_CONTRAST], ids=lambda mode: mode.value)
def test_the_code_on_the_screen_can_be_read_in_every_look(
    qr: QrPicture, theme: ThemeController, mode: ThemeMode
) -> None:
    theme.use_mode(mode)
    assert code_in_image(qr.grab().toImage()) == CODE


def test_a_picture_file_is_read(qr: QrPicture, tmp_path: Path) -> None:
    photo = QImage(1400, 1000, QImage.Format.Format_RGB32)
    photo.fill(QColor("#ddd3c4"))
    from PySide6.QtGui import QPainter

    painter = QPainter(photo)
    painter.drawPixmap(411, 233, qr.grab())
    painter.end()
    photo.save(str(tmp_path / "foto.jpg"))
    assert code_in_file(tmp_path / "foto.jpg") == CODE


def test_what_is_no_picture_or_has_no_code_is_said(tmp_path: Path) -> None:
    (tmp_path / "brief.png").write_text("kein Bild", encoding="utf-8")
    with pytest.raises(UserError, match=r"brief\.png"):
        code_in_file(tmp_path / "brief.png")
    empty = QImage(101, 67, QImage.Format.Format_RGB32)
    empty.fill(QColor("white"))
    with pytest.raises(UserError, match="kein QR-Code"):
        code_in_image(empty)


def test_a_scanner_types_it_and_its_enter_goes_on(qtbot: QtBot, theme: ThemeController) -> None:
    step = CodeStep()
    qtbot.addWidget(step)
    with qtbot.waitSignal(step.submitted):
        qtbot.keyClicks(step.edit, CODE)
        qtbot.keyClick(step.edit, Qt.Key.Key_Return)
    assert step.code() == CODE


def test_the_clipboard_gives_text_or_a_picture_or_a_sentence(
    qtbot: QtBot, theme: ThemeController, qr: QrPicture
) -> None:
    step = CodeStep()
    qtbot.addWidget(step)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText(f"{CODE[:40]}\n{CODE[40:]}\n")
    step.paste_button.click()
    assert read_enrolment_text(step.code()) == read_enrolment_text(CODE)
    step.edit.clear()
    clipboard.setImage(qr.grab().toImage())
    step.paste_button.click()
    assert step.code() == CODE
    clipboard.clear()
    step.paste_button.click()
    assert "In der Zwischenablage ist nichts" in step.field.below.text()
    assert step.code() == CODE, "what was there stays"


def test_a_picture_that_was_not_chosen_changes_nothing(qtbot: QtBot, theme: ThemeController) -> None:
    step = CodeStep(ask_picture=lambda _parent: None)
    qtbot.addWidget(step)
    step.picture_button.click()
    assert (step.code(), step.field.below.property("words")) == ("", "muted")


def test_a_code_typed_from_its_groups_is_the_same() -> None:
    assert read_enrolment_text(_breakable(CODE)) == read_enrolment_text(CODE)


def test_words_are_numbered_down_the_columns(qtbot: QtBot, theme: ThemeController) -> None:
    names = tuple("abcdefgh")
    words = ComparedWords(names)
    qtbot.addWidget(words)
    assert words.accessibleName() == "Wörter zum Vergleichen: a, b, c, d, e, f, g, h"
    words.show_words(names[::-1])
    assert words.words == names[::-1]
