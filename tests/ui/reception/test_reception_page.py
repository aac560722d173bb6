"""Empfang as the front desk uses it: by real key presses on the real page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.contacts.vocabulary import Channel, Fact, ReferralMode, ReferralState, Result, TallyKind, UnmetReason
from desktop_app.core.clock import FixedClock
from ui.reception.page import ReceptionPage
from ui.shell.page import StatusMessage

CTRL = Qt.KeyboardModifier.ControlModifier


class Keys:
    """Presses keys where the keyboard is, and counts them."""

    def __init__(self, qtbot: QtBot, page: ReceptionPage) -> None:
        self._qtbot = qtbot
        self._page = page
        self.pressed = 0

    def press(self, key: str | Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.pressed += 1
        self._qtbot.keyClick(self._target(), key, modifier)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def _target(self) -> QWidget:
        return self._page.focusWidget() or self._page


@pytest.fixture
def keys(qtbot: QtBot, page: ReceptionPage) -> Keys:
    return Keys(qtbot, page)


@pytest.fixture
def messages(page: ReceptionPage) -> list[StatusMessage]:
    heard: list[StatusMessage] = []
    page.message.connect(heard.append)
    return heard


def _undo(messages: list[StatusMessage]) -> None:
    undo = messages[-1].undo
    assert undo is not None
    undo()


def test_an_anonymous_contact_with_one_topic_takes_two_key_presses(
    page: ReceptionPage, keys: Keys, application: Application, messages: list[StatusMessage]
) -> None:
    keys.press("1")
    keys.press(Qt.Key.Key_Return, CTRL)

    assert keys.pressed == 2
    (contact,) = page.presenter.today()
    assert [need.topic_code for need in contact.needs] == ["gesundheit"]
    assert contact.needs[0].result is Result.MET
    assert contact.channel is Channel.OFFICE
    assert set(contact.facts.values()) == {"not_asked"}
    assert not contact.has_note
    assert messages[-1].text == "Kontakt gespeichert: Gesundheit."
    assert page.card.state.is_blank
    assert application.drafts.open_drafts(application.actor) == ()
    assert page.day.today.row_count() == 1


def test_a_contact_with_referral_and_printed_sheet_takes_at_most_twelve_key_presses(
    page: ReceptionPage, keys: Keys, messages: list[StatusMessage]
) -> None:
    asked_to_print: list[tuple[str, ...]] = []
    page.sheet_requested.connect(lambda _card_id, service_ids: asked_to_print.append(service_ids))
    keys.press("2")
    keys.press("f", CTRL)
    keys.type("pfleg")
    keys.press(Qt.Key.Key_Return)
    keys.press("p", CTRL)

    # One more key, Enter in the system's print dialog, puts it on paper.
    assert keys.pressed + 1 <= 12
    (contact,) = page.presenter.today()
    (referral,) = contact.referrals
    assert asked_to_print == [(referral.service_id,)]
    assert referral.mode is ReferralMode.SHEET
    assert referral.state is ReferralState.OPEN


def test_letters_are_topics_everywhere_but_in_fields(page: ReceptionPage, keys: Keys) -> None:
    keys.press("f")
    assert list(page.card.state.needs) == ["finanzen"]
    page.day.today.setFocus()
    keys.press("d")
    assert list(page.card.state.needs) == ["finanzen", "digitales"]
    keys.press("f", CTRL)
    keys.press("f")
    assert page.card.picker.field.text() == "f"
    assert list(page.card.state.needs) == ["finanzen", "digitales"]
    keys.press(Qt.Key.Key_Escape)
    assert page.go_back()
    keys.press("f")
    assert list(page.card.state.needs) == ["digitales"]


def test_saving_without_a_topic_says_what_is_missing_and_loses_nothing(
    page: ReceptionPage, keys: Keys, application: Application
) -> None:
    page.card.channel.button("phone").click()
    keys.press(Qt.Key.Key_Return, CTRL)
    assert page.presenter.today() == ()
    assert page.card.topic_error.isVisible()
    assert page.card.topic_error.text() == "Bitte wählen Sie mindestens ein Thema."
    assert page.card.state.channel is Channel.PHONE
    keys.press("1")
    assert not page.card.topic_error.isVisible()


def test_undo_takes_the_contact_back_and_brings_the_card_back(
    page: ReceptionPage, keys: Keys, messages: list[StatusMessage], application: Application
) -> None:
    keys.press("3")
    page.card.facts.note_edit.setPlainText("Nachbarin ruft an")
    keys.press(Qt.Key.Key_Return, CTRL)
    assert len(page.presenter.today()) == 1
    _undo(messages)
    assert page.presenter.today() == ()
    assert list(page.card.state.needs) == ["hilfsmittel"]
    assert page.card.facts.note() == "Nachbarin ruft an"
    keys.press(Qt.Key.Key_Return, CTRL)
    (contact,) = page.presenter.today()
    assert application.contacts.read_note(application.actor, contact.contact_id) == "Nachbarin ruft an"


def test_an_unmet_need_asks_for_the_reason(page: ReceptionPage, keys: Keys) -> None:
    keys.press("8")
    row = page.card.needs.row("wohnen")
    assert not row.reason.isVisible()
    row.result.button("unmet").click()
    assert row.reason.isVisible()
    row.reason.combo.setCurrentIndex(row.reason.combo.findData(UnmetReason.FULL.value))
    keys.press(Qt.Key.Key_Return, CTRL)
    (contact,) = page.presenter.today()
    assert contact.needs[0].result is Result.UNMET
    assert contact.needs[0].unmet_reason is UnmetReason.FULL


def test_three_cards_at_once_keep_their_own_state(page: ReceptionPage, keys: Keys, clock: FixedClock) -> None:
    keys.press("1")
    clock.advance(timedelta(minutes=3))
    keys.press("n", CTRL)
    keys.press("2")
    keys.press("n", CTRL)
    keys.press("3")
    assert [list(card.needs) for card in page.presenter.cards] == [["gesundheit"], ["pflege"], ["hilfsmittel"]]
    page.tabs.set_current(page.presenter.cards[0].card_id)
    assert page.card.topics.selected() == ["gesundheit"]
    page.focus_topics()
    keys.press(Qt.Key.Key_Return, CTRL)
    assert [contact.needs[0].topic_code for contact in page.presenter.today()] == ["gesundheit"]
    assert [list(card.needs) for card in page.presenter.cards] == [["pflege"], ["hilfsmittel"]]


def test_closing_a_card_can_be_undone(page: ReceptionPage, keys: Keys, messages: list[StatusMessage]) -> None:
    keys.press("4")
    keys.press("w", CTRL)
    assert page.card.state.is_blank
    _undo(messages)
    assert page.card.topics.selected() == ["kultur"]


def test_a_contact_of_today_can_be_corrected_and_the_correction_undone(
    page: ReceptionPage, keys: Keys, messages: list[StatusMessage], application: Application
) -> None:
    keys.press("1")
    keys.press(Qt.Key.Key_Return, CTRL)
    (contact,) = page.presenter.today()
    page.day.today.activate_current()
    assert page.correction.isVisible()
    keys.press("2")
    keys.press(Qt.Key.Key_Return, CTRL)
    corrected = application.contact_queries.contact(contact.contact_id)
    assert [need.topic_code for need in corrected.needs] == ["gesundheit", "pflege"]
    assert len(page.presenter.today()) == 1
    _undo(messages)
    undone = application.contact_queries.contact(contact.contact_id)
    assert [need.topic_code for need in undone.needs] == ["gesundheit"]
    page.day.today.activate_current()
    assert page.card.history.isVisible()
    assert "Gesundheit" in page.card.history_lines.text()


def test_a_contact_can_be_deleted_and_restored(page: ReceptionPage, keys: Keys, messages: list[StatusMessage]) -> None:
    keys.press("1")
    keys.press(Qt.Key.Key_Return, CTRL)
    page.day.today.activate_current()
    page.delete.click()
    assert page.presenter.today() == ()
    assert page.day.today.row_count() == 0
    _undo(messages)
    assert page.day.today.row_count() == 1


def test_as_just_now_repeats_the_last_contact_without_its_note(
    page: ReceptionPage, keys: Keys, application: Application
) -> None:
    page.card.channel.button("phone").click()
    page.focus_topics()
    keys.press("5")
    page.card.facts.note_edit.setPlainText("vertraulich")
    keys.press(Qt.Key.Key_Return, CTRL)
    keys.press("j", CTRL)
    keys.press(Qt.Key.Key_Return, CTRL)
    newest, _first = page.presenter.today()
    assert newest.channel is Channel.PHONE
    assert [need.topic_code for need in newest.needs] == ["freizeit"]
    assert not newest.has_note


def test_facts_are_not_asked_until_they_are_answered(page: ReceptionPage, keys: Keys, application: Application) -> None:
    keys.press("1")
    page.card.more.set_open(True)
    age = page.card.facts.fields[Fact.AGE_BAND].combo
    age.setCurrentIndex(age.findData("80_84"))
    space = page.card.facts.fields[Fact.SOCIAL_SPACE].combo
    space.setCurrentIndex(space.findText("Nord"))
    keys.press(Qt.Key.Key_Return, CTRL)
    (contact,) = page.presenter.today()
    assert contact.facts[Fact.AGE_BAND] == "80_84"
    nord = next(space for space in application.settings.social_spaces() if space.name == "Nord")
    assert contact.facts[Fact.SOCIAL_SPACE] == nord.space_id
    assert contact.facts[Fact.GENDER] == "not_asked"


def test_the_tally_takes_one_key_and_can_be_undone(
    page: ReceptionPage, keys: Keys, messages: list[StatusMessage]
) -> None:
    keys.press(Qt.Key.Key_F5)
    keys.press(Qt.Key.Key_F5)
    keys.press(Qt.Key.Key_F6)
    assert page.day.steppers[TallyKind.VISITOR].count() == 2
    assert page.day.steppers[TallyKind.CALL].count() == 1
    _undo(messages)
    assert page.day.steppers[TallyKind.CALL].count() == 0
    page.day.steppers[TallyKind.VISITOR].less()
    assert page.day.steppers[TallyKind.VISITOR].count() == 1


def test_who_waits_is_a_time_and_never_a_name(page: ReceptionPage, keys: Keys, clock: FixedClock) -> None:
    keys.press(Qt.Key.Key_F8)
    clock.advance(timedelta(minutes=5))
    keys.press(Qt.Key.Key_F8)
    assert page.day.waiting.text() == "2 Personen warten, die erste seit 10:40 Uhr."
    page.day.next.click()
    assert page.day.waiting.text() == "1 Person wartet seit 10:45 Uhr."
    clock.advance(timedelta(days=1))
    page.on_shown()
    assert page.day.waiting.text() == "Niemand wartet."


def test_a_due_referral_is_followed_up(
    page: ReceptionPage, keys: Keys, clock: FixedClock, application: Application, messages: list[StatusMessage]
) -> None:
    keys.press("2")
    keys.press("f", CTRL)
    keys.type("pfleg")
    keys.press(Qt.Key.Key_Return)
    page.card.picker.rows()[0].follow_up.setCurrentIndex(1)
    page.focus_topics()
    keys.press(Qt.Key.Key_Return, CTRL)
    assert page.day.due.row_count() == 0
    clock.advance(timedelta(days=7))
    page.on_shown()
    assert page.day.due.row_count() == 1
    page.day.due.enter()
    page.day.due.activate_current()
    page.day.outcome_buttons[ReferralState.HELP_RECEIVED].click()
    assert page.day.due.row_count() == 0
    _undo(messages)
    assert page.day.due.row_count() == 1


def test_tab_goes_from_the_topics_to_their_results_as_on_the_screen(page: ReceptionPage, keys: Keys) -> None:
    keys.press("1")
    keys.press("8")
    keys.press(Qt.Key.Key_Tab)
    keys.press(Qt.Key.Key_Right)
    assert page.card.state.needs["gesundheit"].result is Result.PARTLY
    keys.press(Qt.Key.Key_Tab)
    keys.press(Qt.Key.Key_Down)
    assert page.card.state.needs["gesundheit"].unmet_reason is UnmetReason.NO_OFFER
    keys.press(Qt.Key.Key_Tab)
    keys.press(Qt.Key.Key_Right)
    keys.press(Qt.Key.Key_Right)
    assert page.card.state.needs["wohnen"].result is Result.UNMET


def test_found_services_are_scrolled_into_sight(page: ReceptionPage, keys: Keys, qtbot: QtBot) -> None:
    keys.press("1")
    keys.press("2")
    keys.press("f", CTRL)
    keys.type("haus")

    def in_sight() -> None:
        results = page.card.picker.results
        bottom = results.mapTo(page.card.viewport(), results.rect().bottomLeft()).y()
        assert results.row_count() > 1
        assert bottom <= page.card.viewport().height()

    qtbot.waitUntil(in_sight, timeout=3000)


def test_a_page_behind_another_reads_the_day_when_it_comes_to_the_front(
    page: ReceptionPage, application: Application
) -> None:
    page.hide()
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    application.tally.add_mark(application.actor, TallyKind.CALL)
    assert page.day.today.row_count() == 0

    page.show()

    assert page.day.today.row_count() == 1
    application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    assert page.day.today.row_count() == 2
