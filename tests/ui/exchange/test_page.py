"""The page „Übergaben“: alone, offering with a preview, answering, taking over, offices, keyboard, names, room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.bootstrap import Application
from desktop_app.core.clock import FixedClock
from desktop_app.exchange.records import ContentField, Direction, Outcome
from desktop_app.visitors.records import ConsentKind, VisitorEntry
from tests.exchange.two_offices import PASS_ON, SOUTH
from tests.ui.exchange.connected import PERSON, Connected
from tests.ui.office import doubled_mnemonics, settle
from ui.exchange.page import OFFER_TARGET, ExchangePage
from ui.exchange.wording import office_row, row_badge
from ui.shell.notices import NoticeBridge
from ui.shell.page import StatusMessage, Target
from ui.theme.theme import ThemeController, ThemeMode, active_theme
from ui.widgets.badge import badge_size

NAME, PHONE = ContentField.NAME, ContentField.PHONE


class NoticedPage(ExchangePage):
    """The page with what brings it notices, and what it said."""

    def __init__(self, application: Application) -> None:
        self.notices = NoticeBridge(application.notices)
        self.said: list[StatusMessage] = []
        self.asked: list[tuple[str, object]] = []
        super().__init__(application, self.notices)
        self.message.connect(self.said.append)
        self.open_requested.connect(lambda key, target: self.asked.append((key, target)))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.notices.close()
        super().closeEvent(event)


def open_page(qtbot: QtBot, application: Application, width: int = 1200) -> NoticedPage:
    page = NoticedPage(application)
    qtbot.addWidget(page)
    page.resize(width, 820)
    with qtbot.waitExposed(page):
        page.show()
    page.on_shown()
    return page


@pytest.fixture
def page(qtbot: QtBot, theme: ThemeController, connected: Connected) -> NoticedPage:
    return open_page(qtbot, connected.application)


def texts(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def rows(page: ExchangePage) -> list[tuple[str, str]]:
    found = [page.results.row_at(place) for place in range(page.results.row_count())]
    return [(row.title, row.badges[0].text) for row in found]


def choose(page: ExchangePage, code: str) -> None:
    page.side.button(code).click()


def begin(page: ExchangePage, person: str, *fields: ContentField) -> None:
    page.show_target(Target(OFFER_TARGET, person))
    assert page.offer is not None
    for field in fields:
        page.offer.boxes[field].setChecked(True)


# Alone ------------------------------------------------------------------------------------------------------


def test_a_desk_that_is_not_connected_is_told_where_that_is_set_up(
    qtbot: QtBot, theme: ThemeController, application: Application
) -> None:
    page = open_page(qtbot, application)
    page.show_target(Target(OFFER_TARGET, "irgendwer"))
    assert page.alone.isVisible()
    assert "noch nicht mit anderen Büros verbunden" in page.alone.sentence.text()
    assert "Koordination richtet sie unter „Abgleich“ ein" in page.alone.detail.text()
    assert page.main_focus() is page.alone.button
    page.alone.button.click()
    assert page.asked == [("sync", None)]
    assert not page.go_back()


def test_an_empty_list_says_how_it_fills(page: NoticedPage, connected: Connected) -> None:
    assert "Noch nichts erhalten" in texts(page)
    choose(page, "sent")
    assert "beginnt in der Akte der Person" in texts(page)
    choose(page, "offices")
    assert "die Sie einmal am Telefon vergleichen" in texts(page)
    assert not page.logged.isVisible(), "to look at an office is not written down"
    connected.receive()
    page.on_shown()
    choose(page, "received")
    assert "Wählen Sie links eine aus." in texts(page)
    assert page.logged.isVisible()


def test_the_page_fits_into_a_small_window_in_large_type(
    page: NoticedPage, connected: Connected, theme: ThemeController, qtbot: QtBot
) -> None:
    theme.use_text_percent(200)
    page.resize(705, 400)  # what the window leaves of 820 by 560
    referral = connected.receive()
    connected.offer(connected.person())
    for code in ("received", "sent", "offices"):
        choose(page, code)
        qtbot.waitUntil(lambda: page.minimumSizeHint().height() <= 400)
    page.open_referral(referral)
    qtbot.waitUntil(lambda: page.minimumSizeHint().height() <= 400)


def test_what_was_exchanged_stays_in_sight_after_disconnecting(page: NoticedPage, connected: Connected) -> None:
    connected.receive()
    connected.forget()
    page.on_shown()
    assert not page.alone.isVisible()
    assert rows(page) == [("Karl Muster", "neu")]


# Offering ---------------------------------------------------------------------------------------------------


def test_nothing_is_ticked_and_the_preview_shows_what_will_go(page: NoticedPage, connected: Connected) -> None:
    person = connected.person()
    begin(page, person)
    offer = page.offer
    assert offer is not None
    assert not any(box.isChecked() for box in offer.boxes.values())
    assert not offer.do_button.isEnabled()
    assert "Noch nichts" in offer.preview_card.words.text()
    offer.boxes[ContentField.TOPIC].setChecked(True)
    assert "Bitte wählen Sie das Thema" in offer.preview_card.words.text()
    offer.topic.combo.setCurrentIndex(1)
    assert "Ohne Name und ohne Telefon" in offer.preview_card.words.text()
    offer.boxes[NAME].setChecked(True)
    offer.boxes[ContentField.MESSAGE].setChecked(True)
    offer.message.setPlainText("Bitte anrufen")
    shown = texts(offer.preview_card)
    for said in ("Hedwig Beispiel", "Bitte anrufen", "Begleitung zur Pflegeberatung", "Notizen gehen nie mit"):
        assert said in shown
    for unsaid in ("0208 776655", "1941", "Notizgeheim"):
        assert unsaid not in shown
    offer.do_button.click()
    assert page.said[-1].text == "Übergabe an „Quartiersbüro Süd“ angeboten."
    assert rows(page) == [("Hedwig Beispiel", "ungesendet")]
    connected.round()
    (received,) = connected.south.queries.received()
    content = connected.south.service.open_referral(connected.south.erika, received.referral_id).content
    assert content is not None
    assert (content.name, content.phone, content.message) == ("Hedwig Beispiel", "", "Bitte anrufen")


def test_an_offer_is_taken_back_with_undo(page: NoticedPage, connected: Connected) -> None:
    begin(page, connected.person(), NAME)
    assert page.offer is not None
    page.offer.do_button.click()
    undo = page.said[-1].undo
    assert undo is not None
    undo()
    connected.round()
    assert connected.south.queries.received() == ()
    assert rows(page)[0][1] == "zurückgezogen"


def test_empty_fields_cannot_be_ticked(page: NoticedPage, connected: Connected) -> None:
    begin(page, connected.person(VisitorEntry(name="Nur Name")))
    assert page.offer is not None
    assert page.offer.boxes[NAME].isEnabled()
    assert not page.offer.boxes[PHONE].isEnabled()
    assert "steht nicht in der Akte" in texts(page.offer)


@pytest.mark.parametrize("consent", [None, replace(PASS_ON, partner="Pflegedienst Süd")])
def test_without_a_fitting_consent_it_says_so_and_leads_to_the_file(
    page: NoticedPage, connected: Connected, consent: object
) -> None:
    person = connected.person(PERSON, consent)  # type: ignore[arg-type]
    begin(page, person)
    offer = page.offer
    assert offer is not None
    assert "Keine gültige Einwilligung nennt „Quartiersbüro Süd (Caritas Musterstadt)“" in offer.hint.words.text()
    assert ("nur an: „Pflegedienst Süd“" in offer.hint.words.text()) is (consent is not None)
    assert not offer.boxes[NAME].isVisible()
    assert not offer.do_button.isEnabled()
    offer.hint.button.click()
    assert page.asked == [("visitors", Target("visitor", person))]


def test_the_number_is_compared_once_before_the_first_offer(
    qtbot: QtBot, theme: ThemeController, connected: Connected
) -> None:
    connected.forget()
    connected.application.store.execute("DELETE FROM exchange_partner")
    connected.introduce(compare=False)
    page = open_page(qtbot, connected.application)
    begin(page, connected.person(), NAME)
    offer = page.offer
    assert offer is not None
    assert offer.compare is not None
    assert not offer.do_button.isEnabled()
    assert offer.compare.number.number.text() == connected.south.queries.comparison_number("buero-nord")
    offer.compare.button.click()
    assert offer.compare is None
    assert offer.boxes[NAME].isChecked()
    assert offer.do_button.isEnabled()


def test_a_half_made_offer_is_still_there_after_looking_elsewhere(page: NoticedPage, connected: Connected) -> None:
    person = connected.person()
    begin(page, person, NAME)
    connected.receive()
    page.open_referral(connected.application.exchange_queries.received()[0].referral_id)
    page.show_target(Target(OFFER_TARGET, person))
    assert page.offer is not None
    assert page.offer.boxes[NAME].isChecked()


def test_the_round_that_sends_an_offer_is_seen_at_once(page: NoticedPage, connected: Connected) -> None:
    referral = connected.offer(connected.person())
    choose(page, "sent")
    page.open_referral(referral)
    assert rows(page) == [("Hedwig Beispiel", "ungesendet")]
    assert page.detail is not None
    assert "Geht mit dem nächsten Abgleich hinaus" in page.detail.step.text()
    read = page.detail
    connected.round()
    settle(page)
    assert rows(page) == [("Hedwig Beispiel", "wartet")]
    assert page.detail is read, "it is not read again, which would be written down"
    assert "Wartet auf Antwort" in page.detail.step.text()
    assert page.detail.state.accessibleName() == "wartet auf Antwort"
    assert page.results.current_key() == referral


def test_news_do_not_move_whoever_walks_along_the_list(page: NoticedPage, connected: Connected) -> None:
    first, second = connected.offer(connected.person()), connected.offer(connected.person(replace(PERSON, name="Otto")))
    choose(page, "sent")
    page.open_referral(first)
    page.results.set_current_key(second)
    connected.round()
    settle(page)
    assert {state for _name, state in rows(page)} == {"wartet"}
    assert page.results.current_key() == second


@pytest.mark.parametrize("percent", [100, 200])
def test_a_row_shows_how_it_stands_in_every_window(
    page: NoticedPage, connected: Connected, theme: ThemeController, percent: int
) -> None:
    theme.use_text_percent(percent)
    connected.receive()
    connected.offer(connected.person())
    words = every_state(page)
    for width in (*range(700, 1240, 60), 1700, 2000):
        page.resize(width, 700)
        for code in ("received", "sent", "offices"):
            choose(page, code)
            settle(page)
            look = active_theme()
            inner = page.results.viewport().width() - look.px(14 + 12 + 12) - look.icon_size(20)
            assert {text for text in words if badge_size(look, text).width() > inner - inner // 2} == set(), width


def every_state(page: NoticedPage) -> set[str]:
    """Every word for how a referral or an office stands that a row can have."""
    sent, today = page._presenter.sent()[0], page._presenter.today()
    referrals = [
        replace(sent, direction=direction, outcome=outcome, is_told=is_told, expires_on=today + timedelta(days=days))
        for direction in Direction
        for outcome in Outcome
        for is_told in (True, False)
        for days in (-1, 5)
    ]
    offices = [
        replace(page._presenter.partners()[0], has_key=has_key, is_compared=is_compared, key_changed=key_changed)
        for has_key in (True, False)
        for is_compared in (True, False)
        for key_changed in (True, False)
    ]
    badges = [row_badge(one, today) for one in referrals] + [
        badge for one in offices for badge in office_row(one).badges
    ]
    return {badge.text for badge in badges}


# Sent -------------------------------------------------------------------------------------------------------


def test_sent_says_how_it_stands_and_what_comes_next(
    page: NoticedPage, connected: Connected, clock: FixedClock
) -> None:
    referral_id = connected.offer(connected.person())
    choose(page, "sent")
    page.open_referral(referral_id)
    assert page.detail is not None
    assert "Geht mit dem nächsten Abgleich hinaus" in page.detail.step.text()
    connected.round()
    clock.advance(timedelta(days=3))
    page.open_referral(referral_id)
    assert "Wartet auf Antwort seit 3 Tagen. Ohne Antwort wird nach dem 06.12.2026" in page.detail.step.text()
    connected.south.service.accept(connected.south.erika, referral_id)
    connected.round()
    page.open_referral(referral_id)
    assert "Angenommen am 25.11.2026" in page.detail.step.text()
    assert page.detail.content.title.text() == "Was das andere Büro liest"
    page.detail.withdraw_button.click()
    assert "holt das Programm nicht zurück" in page.detail.step.text()
    assert "zurückgezogen (von Ihrem Büro)" in page.detail.step.text()
    assert page.detail.content.title.text() == "Was Sie angeboten hatten"
    undo = page.said[-1].undo
    assert undo is not None
    undo()
    assert "Angenommen" in page.detail.step.text()


def test_a_withdrawal_that_the_hub_has_is_not_undone(page: NoticedPage, connected: Connected) -> None:
    referral_id = connected.offer(connected.person())
    connected.round()
    choose(page, "sent")
    page.open_referral(referral_id)
    assert page.detail is not None
    page.detail.withdraw_button.click()
    assert page.detail.step.text().startswith("Zurückgezogen (von Ihrem Büro).")
    assert page.detail.content.title.text() == "Was Sie angeboten hatten"
    connected.round()
    undo = page.said[-1].undo
    assert undo is not None
    undo()
    assert "schon wirksam" in page.problem.words.text()


# Received ---------------------------------------------------------------------------------------------------


def test_new_ones_are_counted_and_answered(page: NoticedPage, connected: Connected) -> None:
    connected.receive()
    other = connected.receive("Anna Kurz")
    page.on_shown()
    assert page.side.button("received").text().replace("&", "") == "Erhalten (2 neu)"
    page.open_referral(other)
    assert page.detail is not None
    assert "Begleitung zu Terminen" in texts(page.detail)
    page.detail.accept_button.click()
    assert "Eine Akte legen Sie erst an, wenn sie hier einwilligt" in page.detail.step.text()
    assert page.side.button("received").text().replace("&", "") == "Erhalten (1 neu)"
    assert sorted(rows(page)) == [("Anna Kurz", "angenommen"), ("Karl Muster", "neu")]
    connected.round()
    sent = {one.person: one.outcome for one in connected.south.queries.sent()}
    assert sent["Anna Kurz"] is Outcome.ACCEPTED


def test_declining_needs_a_reason_and_warns_of_personal_words(page: NoticedPage, connected: Connected) -> None:
    referral_id = connected.receive()
    page.open_referral(referral_id)
    assert page.detail is not None
    page.detail.decline.set_open(True)
    assert "Bitte nichts über die Person" in page.detail.text.below.text()
    assert not page.detail.decline_button.isEnabled()
    page.detail.reason.combo.setCurrentIndex(1)
    page.detail.text.set_text("x" * 400)
    page.detail.decline_button.click()
    assert "höchstens 300" in page.detail.text.below.text()
    page.detail.text.set_text("ab Januar")
    page.detail.decline_button.click()
    assert page.said[-1].text == "Übergabe abgelehnt."
    assert "zurzeit kein freier Platz („ab Januar“)" in page.detail.step.text()
    undo = page.said[-1].undo
    assert undo is not None
    undo()
    assert rows(page) == [("Karl Muster", "neu")]


def test_a_file_only_with_a_consent_here(page: NoticedPage, connected: Connected) -> None:
    referral_id = connected.receive()
    page.open_referral(referral_id)
    assert page.detail is not None
    page.detail.accept_button.click()
    page.detail.take_over_button.click()
    panel = page.take_over
    assert panel is not None
    assert not panel.do_button.isEnabled()
    assert not panel.entry_card.isVisible()
    panel.consents.boxes[ConsentKind.RECORD].setChecked(True)
    assert panel.entry.entry() == VisitorEntry(name="Karl Muster", phone="0208 112233", birth_year=1938)
    panel.do_button.click()
    (hit,) = connected.application.visitor_queries.search("Karl Muster")
    assert page.asked[-1] == ("visitors", Target("visitor", hit.visitor_id))
    assert page.detail is not None
    assert "Die Personenakte ist angelegt" in page.detail.step.text()


def test_a_file_that_is_there_already_is_linked(page: NoticedPage, connected: Connected) -> None:
    known = connected.person(VisitorEntry(name="Karl Muster", birth_year=1938), None)
    referral_id = connected.receive()
    page.open_referral(referral_id)
    assert page.detail is not None
    page.detail.accept_button.click()
    page.detail.take_over_button.click()
    assert page.take_over is not None
    assert "Gibt es die Akte schon" in page.take_over.hint.words.text()
    page.take_over.similar.activated_key.emit(known)
    assert page.asked[-1] == ("visitors", Target("visitor", known))


def test_withdrawn_after_acceptance_says_what_to_do(page: NoticedPage, connected: Connected) -> None:
    referral_id = connected.receive()
    page.open_referral(referral_id)
    assert page.detail is not None
    page.detail.accept_button.click()
    connected.round()
    connected.south.service.withdraw(connected.south.erika, referral_id)
    connected.round()
    page.open_referral(referral_id)
    assert "Ohne eigene Einwilligung der Person dürfen die Angaben hier nicht bleiben" in page.detail.step.text()
    page.detail.remove_button.click()
    assert "Die Angaben sind entfernt" in texts(page.detail.content)
    assert "Karl" not in str(connected.application.store.sql("SELECT * FROM exchange_referral"))


# Offices, keyboard, looks -----------------------------------------------------------------------------------


def test_offices_show_the_number_to_read_out(page: NoticedPage, connected: Connected) -> None:
    choose(page, "offices")
    assert rows(page) == [("Quartiersbüro Süd", "verglichen")]
    page.results.activated_key.emit(SOUTH)
    assert page.office is not None
    assert page.office.card.number.number.text() == connected.south.queries.comparison_number("buero-nord")
    assert not page.office.card.button.isVisible()
    assert page.go_back()
    assert page.office is None


def test_escape_goes_back_step_by_step(page: NoticedPage, connected: Connected) -> None:
    referral_id = connected.receive()
    page.open_referral(referral_id)
    assert page.detail is not None
    page.detail.accept_button.click()
    page.detail.take_over_button.click()
    assert page.go_back()
    assert page.take_over is None
    assert page.detail is not None
    assert page.go_back()
    assert page.detail is None
    assert not page.go_back()


def test_the_keyboard_opens_and_answers(qtbot: QtBot, page: NoticedPage, connected: Connected) -> None:
    connected.receive()
    page.on_shown()
    page.activateWindow()
    focus = page.main_focus()
    assert focus is page.results
    page.results.enter()
    qtbot.keyClick(page.results, Qt.Key.Key_Return)
    assert page.detail is not None
    page.detail.accept_button.setFocus()
    qtbot.keyClick(page.detail.accept_button, Qt.Key.Key_Return)
    assert rows(page) == [("Karl Muster", "angenommen")]


def test_a_change_elsewhere_shows_at_once(qtbot: QtBot, page: NoticedPage, connected: Connected) -> None:
    assert rows(page) == []
    connected.receive()
    qtbot.waitUntil(lambda: rows(page) == [("Karl Muster", "neu")])


@pytest.mark.parametrize(("percent", "width"), [(100, 1200), (100, 620), (200, 1200), (200, 900)])
def test_every_part_has_names_room_and_its_own_letters(
    qtbot: QtBot,
    theme: ThemeController,
    connected: Connected,
    unnamed_controls: Callable[[QWidget], list[str]],
    cut_off: Callable[[QWidget], list[str]],
    percent: int,
    width: int,
) -> None:
    theme.use_text_percent(percent)
    if percent == 200:
        theme.use_mode(ThemeMode.DARK)
    waiting, accepted = connected.receive(), connected.receive("Wilhelmine Oberhauser-Langenfeldt")
    connected.application.exchange.accept(connected.application.actor, accepted)
    sent = connected.offer(connected.person())
    page = open_page(qtbot, connected.application, width)

    def check() -> None:
        settle(page)
        assert unnamed_controls(page) == []
        assert cut_off(page) == []
        assert doubled_mnemonics(page) == {}

    check()
    page.open_referral(waiting)
    assert page.detail is not None
    page.detail.decline.set_open(True)
    check()
    page.open_referral(accepted)
    check()
    page.detail.take_over_button.click()
    assert page.take_over is not None
    page.take_over.consents.boxes[ConsentKind.RECORD].setChecked(True)
    check()
    page.open_referral(sent)
    check()
    choose(page, "offices")
    page.results.activated_key.emit(SOUTH)
    check()
    begin(page, connected.person(VisitorEntry(name="Zweite Person", phone="1", birth_year=1950)), *ContentField)
    check()


def test_reading_is_written_down(page: NoticedPage, connected: Connected) -> None:
    referral_id = connected.receive()
    page.open_referral(referral_id)
    last = connected.application.store.sql("SELECT action, subject_id FROM audit_entry ORDER BY sequence DESC LIMIT 1")
    assert last == [("read_referral", referral_id)]
