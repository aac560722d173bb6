"""Unexpected errors: a sentence, or one calm window without data values."""

from __future__ import annotations

import logging
import sys
import threading

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.core.errors import UserError
from ui.shell.errors import ErrorHandler, where_it_happened


def failing(secret: str) -> None:
    raise ValueError(secret)


def caught() -> ValueError:
    secret = "Frau Geheim"
    with pytest.raises(ValueError, match=secret) as raised:
        failing(secret)
    return raised.value


@pytest.fixture
def window(qtbot: QtBot, theme: object) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_a_user_error_becomes_a_sentence(window: QWidget) -> None:
    sentences: list[str] = []
    handler = ErrorHandler(show_sentence=lambda text: not sentences.append(text), window=lambda: window)
    handler.show_error(UserError("Die Datei fehlt."))
    assert sentences == ["Die Datei fehlt."]
    assert handler.dialog is None


def test_our_bug_opens_one_window_and_never_a_second(
    window: QWidget, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    handler = ErrorHandler(show_sentence=lambda _text: False, window=lambda: window)
    with caplog.at_level(logging.ERROR, logger="quartierslotse"):
        handler.show_error(caught())
        first = handler.dialog
        handler.show_error(caught())
    assert first is not None
    assert first.isVisible()
    assert handler.dialog is first
    assert "failing" in first.details.toPlainText()
    assert "Frau Geheim" not in first.details.toPlainText() + caplog.text
    with qtbot.waitSignal(first.finished):
        first.ok.click()
    assert handler.dialog is None


def test_details_name_the_place_and_no_value() -> None:
    text = where_it_happened(caught())
    assert text.startswith("builtins.ValueError")
    assert "failing" in text
    assert "Geheim" not in text


def test_it_is_installed_and_given_back_and_works_from_any_thread(window: QWidget, qtbot: QtBot) -> None:
    sentences: list[str] = []
    handler = ErrorHandler(show_sentence=lambda text: not sentences.append(text), window=lambda: window)
    before = sys.excepthook
    handler.install()
    try:
        hook = sys.excepthook
        error = UserError("Aus dem Faden.")
        thread = threading.Thread(target=hook, args=(UserError, error, None))
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: sentences == ["Aus dem Faden."])
    finally:
        handler.remove()
    assert sys.excepthook is before
