"""Unexpected errors: a sentence, or one calm window without data values."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.core.errors import EnvironmentProblem, UserError
from ui.shell.error_dialog import ErrorDialog, ProblemDialog
from ui.shell.errors import ErrorHandler


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


def other_failure() -> KeyError:
    with pytest.raises(KeyError) as raised:
        {}["Herr Auchgeheim"]
    return raised.value


def test_a_sentence_without_a_page_gets_a_small_window_that_blames_nobody(window: QWidget, qtbot: QtBot) -> None:
    handler = ErrorHandler(show_sentence=lambda _text: False, window=lambda: window)
    bugs: list[None] = []
    handler.bug_shown.connect(lambda: bugs.append(None))
    handler.show_error(EnvironmentProblem("Der Stick fehlt."))
    dialog = handler.dialog
    assert isinstance(dialog, ProblemDialog)
    assert dialog.sentence.text() == "Der Stick fehlt."
    assert dialog.windowTitle() == "Der Rechner lässt das gerade nicht zu"
    handler.show_error(UserError("Noch etwas."))
    assert handler.dialog is dialog
    with qtbot.waitSignal(dialog.finished):
        dialog.ok.click()
    handler.show_error(UserError("Der Name fehlt."))
    assert isinstance(handler.dialog, ProblemDialog)
    assert handler.dialog.windowTitle() == "Bitte prüfen"
    handler.dialog.ok.click()
    assert bugs == []


def test_our_bug_shows_the_whole_report_in_one_window(
    window: QWidget, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    handler = ErrorHandler(show_sentence=lambda _text: False, window=lambda: window)
    bugs: list[None] = []
    handler.bug_shown.connect(lambda: bugs.append(None))
    with caplog.at_level(logging.ERROR, logger="quartierslotse"):
        handler.show_error(caught())
        first = handler.dialog
        handler.show_error(other_failure())
    assert isinstance(first, ErrorDialog)
    assert first.isVisible()
    assert handler.dialog is first
    report = first.details.toPlainText()
    assert first.details.isVisible()
    assert "in failing" in report
    assert "builtins.KeyError" in report
    assert "Fehlerbericht von Quartierslotse" in report
    assert "geheim" not in (report + caplog.text).lower()
    assert len(bugs) == 2
    with qtbot.waitSignal(first.finished):
        first.ok.click()
    assert handler.dialog is None


def test_the_same_failure_again_is_a_sentence_and_no_second_window(window: QWidget, qtbot: QtBot) -> None:
    sentences: list[str] = []
    handler = ErrorHandler(show_sentence=lambda text: not sentences.append(text), window=lambda: window)
    error = caught()
    handler.show_error(error)
    assert isinstance(handler.dialog, ErrorDialog)
    handler.dialog.ok.click()
    handler.show_error(error)
    assert handler.dialog is None
    assert "noch einmal" in sentences[0]


def test_only_the_user_copies_or_saves_the_report(
    window: QWidget, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    answers: list[Path | None] = [None, tmp_path / "bericht.txt", tmp_path / "fehlt" / "bericht.txt"]

    def ask(_parent: QWidget, name: str) -> Path | None:
        names.append(name)
        return answers.pop(0)

    QGuiApplication.clipboard().setText("vorher")
    dialog = ErrorDialog("der Bericht", window, file_name="fehlerbericht.txt", file_question=ask)
    qtbot.addWidget(dialog)
    dialog.open()
    assert QGuiApplication.clipboard().text() == "vorher"
    assert list(tmp_path.iterdir()) == []
    dialog.save_button.click()
    assert list(tmp_path.iterdir()) == []
    dialog.save_button.click()
    assert (tmp_path / "bericht.txt").read_text(encoding="utf-8") == "der Bericht"
    assert "bericht.txt" in dialog.done_words.text()
    dialog.save_button.click()
    assert "gibt es nicht" in dialog.done_words.text()
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "der Bericht"
    assert names == ["fehlerbericht.txt"] * 3
    dialog.close()


def test_every_control_of_the_windows_has_a_name(
    window: QWidget, qtbot: QtBot, unnamed_controls: Callable[[QWidget], list[str]]
) -> None:
    for dialog in (ErrorDialog("x", window, file_name="x.txt"), ProblemDialog(UserError("x"), window)):
        qtbot.addWidget(dialog)
        dialog.show()
        assert unnamed_controls(dialog) == []
        dialog.close()


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

        def fail() -> None:
            raise UserError("Aus einem anderen Faden.")

        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(sentences) == 2)
    finally:
        handler.remove()
    assert sys.excepthook is before
