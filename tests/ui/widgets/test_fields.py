"""Fields: names, values, errors, the password's hints."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.choices import Choice
from ui.widgets.fields import ChoiceField, PasswordField, TextField

AGES = [Choice("75_79", "75 bis 79"), Choice("80_84", "80 bis 84"), Choice("unknown", "weiß nicht")]


@pytest.fixture
def age(qtbot: QtBot, theme: object) -> ChoiceField:
    field = ChoiceField("Alters&gruppe", AGES)
    qtbot.addWidget(field)
    field.show()
    return field


def test_a_choice_starts_as_not_asked(age: ChoiceField) -> None:
    assert age.value() == "not_asked"
    assert not age.is_answered()
    assert age.combo.currentText() == "nicht gefragt"


def test_a_choice_has_its_label_as_name_and_its_answer_as_value(age: ChoiceField) -> None:
    age.set_value("80_84")
    interface = QAccessible.queryAccessibleInterface(age.combo)
    assert interface.text(QAccessible.Text.Value) == "80 bis 84"
    assert age.combo.accessibleName() == "Altersgruppe"
    # On Linux Qt gives the value as the name and tells the label by relation.
    labels = [
        other.text(QAccessible.Text.Name) for other, _relation in interface.relations(QAccessible.RelationFlag.Label)
    ]
    assert labels == ["Altersgruppe"]


def test_the_keyboard_changes_a_choice(age: ChoiceField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(age.changed) as told:
        qtbot.keyClick(age.combo, Qt.Key.Key_Down)
    assert told.args == ["75_79"]
    assert age.is_answered()


def test_setting_a_choice_tells_nobody_and_an_unknown_code_is_the_default(age: ChoiceField, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(age.changed):
        age.set_value("80_84")
        age.set_value("removed_since")
    assert age.value() == "not_asked"
    age.set_value(None)
    assert age.value() == "not_asked"


def test_without_a_default_the_first_choice_holds(qtbot: QtBot, theme: object) -> None:
    field = ChoiceField("Rechtsprofil", AGES, unanswered=None)
    qtbot.addWidget(field)
    assert field.value() == "75_79"
    assert field.is_answered()


def test_a_choice_that_does_not_fit_ends_in_dots(qtbot: QtBot, theme: object) -> None:
    office = "Quartiersbüro Süd (Caritas Musterstadt)"
    field = ChoiceField("Büro", [Choice("south", office)], unanswered=None)
    qtbot.addWidget(field)
    field.resize(600, 90)
    field.show()
    assert field.combo.shown_text() == office
    wide = field.combo.grab().toImage()
    field.resize(200, 90)
    qtbot.waitUntil(lambda: field.combo.shown_text().endswith("…"))
    assert office.startswith(field.combo.shown_text()[:-1])
    field.resize(600, 90)
    qtbot.waitUntil(lambda: field.combo.shown_text() == office)
    assert field.combo.grab().toImage() == wide


def test_the_wheel_scrolls_the_page_and_not_the_answer(age: ChoiceField, qtbot: QtBot) -> None:
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    age.combo.clearFocus()
    QApplication.sendEvent(age.combo, wheel)
    assert age.value() == "not_asked"


def test_a_text_field_trims_and_shows_errors(qtbot: QtBot, theme: object) -> None:
    field = TextField("&Name des Büros", help_text="So steht es auf jedem Blatt.")
    qtbot.addWidget(field)
    field.show()
    qtbot.keyClicks(field.edit, "  Haus Nord ")
    assert field.text() == "Haus Nord"
    assert QAccessible.queryAccessibleInterface(field.edit).text(QAccessible.Text.Name) == "Name des Büros"
    field.set_error("Bitte geben Sie einen Namen ein.")
    assert field.below.text() == "Bitte geben Sie einen Namen ein."
    assert field.edit.accessibleDescription() == "Bitte geben Sie einen Namen ein."
    qtbot.keyClicks(field.edit, "x")
    assert field.below.text() == "So steht es auf jedem Blatt."


def test_the_label_leads_to_the_field(qtbot: QtBot, theme: object) -> None:
    page = QWidget()
    layout = QVBoxLayout(page)
    first, second = TextField("&Eins"), TextField("&Zwei")
    layout.addWidget(first)
    layout.addWidget(second)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    first.setFocus()
    assert first.edit.hasFocus()
    qtbot.keyClick(first.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    assert second.edit.hasFocus()


def test_a_password_is_hidden_can_be_shown_and_keeps_blanks(qtbot: QtBot, theme: object) -> None:
    field = PasswordField("Passwort")
    qtbot.addWidget(field)
    field.show()
    qtbot.keyClicks(field.edit, " ein Satz ")
    assert field.text() == " ein Satz "
    assert field.edit.echoMode() == QLineEdit.EchoMode.Password
    qtbot.mouseClick(field.reveal, Qt.MouseButton.LeftButton)
    assert field.edit.echoMode() == QLineEdit.EchoMode.Normal
    assert field.reveal.accessibleName() == "Passwort verbergen"
    assert field.reveal.width() >= 30


def test_capitals_without_shift_give_the_caps_lock_away(qtbot: QtBot, theme: object) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    field = PasswordField("Passwort")
    qtbot.addWidget(field)
    field.show()
    none, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    QApplication.sendEvent(field.edit, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, none, "A"))
    assert "Feststelltaste" in field.below.text()
    QApplication.sendEvent(field.edit, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, shift, "A"))
    assert field.below.text() == ""
