"""The button in Daten & Programm writes the officer's documents and says where they lie."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from ui.administration.page import AdministrationPage
from ui.administration.privacy_card import PrivacyCard
from ui.shell.context import PageContext


def test_the_documents_are_written_and_never_over_others(
    application: Application, make_context: Callable[..., PageContext], tmp_path: Path, qtbot: QtBot
) -> None:
    answers: list[Path | None] = [None, tmp_path / "unterlagen", tmp_path / "unterlagen"]
    context = make_context(application)
    card = PrivacyCard(application, context.tasks, folder_question=lambda _parent: answers.pop(0))
    qtbot.addWidget(card)
    card.show()
    card.button.click()
    assert card.button.isEnabled()
    with qtbot.waitSignal(card.written):
        card.button.click()
    assert len(list((tmp_path / "unterlagen").iterdir())) == 6
    assert "6 Dateien" in card.notice.words.text()
    card.button.click()
    assert not card.button.isEnabled()
    qtbot.waitUntil(card.button.isEnabled)
    assert "nicht überschrieben" in card.notice.words.text()


def test_it_stands_in_daten_und_programm(
    application: Application,
    make_context: Callable[..., PageContext],
    qtbot: QtBot,
    unnamed_controls: Callable[[QWidget], list[str]],
) -> None:
    context = make_context(application)
    page = AdministrationPage(application, context.notices, tasks=context.tasks)
    qtbot.addWidget(page)
    page.resize(1100, 900)
    page.show()
    page.show_part("program")
    card = page.findChild(PrivacyCard)
    assert card is not None
    assert card.isVisible()
    assert unnamed_controls(page) == []
