"""The page Abgleich with a real hub: alone, connecting, waiting at the door, going on, inviting, shutting out, leaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.progress import NoProgress
from desktop_app.sync.enrolment_text import enrolment_text
from desktop_app.sync.membership import MemberKind, Standing
from desktop_app.sync.records import ConnectionState
from tests.faults.sync.proxy import FaultyProxy, lost_after, lost_before
from tests.ui.office import doubled_mnemonics, settle
from tests.ui.sync.conftest import answered, first_group, let_in
from ui.sync.code_pictures import code_in_image
from ui.sync.connect_steps import AdmissionCard
from ui.sync.connect_wizard import Step
from ui.sync.presenter import DeskView
from ui.theme.theme import ThemeController


def contact(application: Application) -> str:
    return application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))


def test_a_desk_alone_says_what_it_would_bring(application, screen_of, unnamed_controls, cut_off) -> None:
    screen = screen_of(application)
    assert screen.page.stack.currentWidget() is screen.page.alone
    assert "Dieser Rechner arbeitet allein." in screen.words()
    assert screen.page.connect_button.isVisible()
    assert unnamed_controls(screen.page) == []
    assert cut_off(screen.page) == []
    assert application.sync.status().state is ConnectionState.NOT_CONNECTED


def test_a_wrong_code_is_said_at_the_field_and_nothing_is_lost(application, screen_of) -> None:
    screen = screen_of(application)
    screen.look("Guten Tag")
    assert doubled_mnemonics(screen.page) == {}
    assert "QL1-" in screen.page.wizard.code_step.field.below.text()
    assert screen.page.wizard.code_step.code() == "Guten Tag"
    assert screen.page.go_back()
    assert screen.page.stack.currentWidget() is screen.page.alone


def test_what_would_be_shared_is_shown_before_anything_is_sent(application, screen_of, town) -> None:
    screen = screen_of(application)
    screen.look(town.code())
    words = screen.words()
    assert "Quartiersbüro Musterstadt" in words
    assert "AWO Musterstadt" in words
    assert any("Bisher wurde nichts gesendet" in text for text in words)
    assert any("Es wird noch nichts gesendet" in text or "noch nichts" in text for text in words), words
    assert application.sync.status().state is ConnectionState.NOT_CONNECTED
    assert not screen.page.wizard.next_button.hasFocus(), "a scanner's second Enter must not connect"
    screen.page.go_back()
    screen.page.go_back()
    assert screen.page.stack.currentWidget() is screen.page.alone


def test_a_desk_is_called_what_its_inviter_called_it(first, empty_application, screen_of) -> None:
    invitation = first.application.sync.invite(first.application.actor, "Beratungszimmer")
    new = screen_of(empty_application)
    new.look(invitation.code)
    label = new.page.wizard.preview_step.label
    assert label.text() == "Beratungszimmer"
    label.set_text("Werkstatt")
    new.page.go_back()
    new.press(new.page.wizard.next_button)
    assert label.text() == "Werkstatt", "what somebody typed stays"


@pytest.mark.parametrize("others", [1, 2])
def test_without_a_name_from_the_inviter_one_is_suggested(
    first, empty_application, screen_of, town, others: int
) -> None:
    for _ in range(others - 1):
        town.hub.desk(town.office_id)
    assert first.application.sync.desks()[0].label == "Empfang"
    new = screen_of(empty_application)
    new.look(town.code())
    assert new.page.wizard.preview_step.label.text() == f"Platz {others + 1}"


def test_the_first_desk_prints_the_key_of_the_office(application, screen_of, town) -> None:
    screen = screen_of(application)
    screen.look(town.code())
    screen.press(screen.page.wizard.next_button)
    wizard = screen.page.wizard
    group = screen.print_sheet()
    wizard.sheet_step.group.set_text("WRONG")
    screen.press(wizard.next_button)
    assert "erste Gruppe" in wizard.sheet_step.group.below.text()
    wizard.sheet_step.group.set_text(group.lower())
    screen.press(wizard.next_button)
    assert screen.page.stack.currentWidget() is screen.page.connected
    assert screen.said[-1].text.startswith("Verbunden.")
    assert not application.sync.status().needs_recovery_sheet


def test_the_sheet_can_wait_and_is_not_forgotten(application, screen_of, town) -> None:
    screen = screen_of(application)
    screen.look(town.code())
    screen.press(screen.page.wizard.next_button)
    screen.press(screen.page.wizard.back_button)
    state = screen.page.state
    assert screen.page.stack.currentWidget() is screen.page.connected
    assert state.sheet_notice.isVisible()
    screen.press(state.sheet_notice.button)
    group = screen.print_sheet()
    screen.page.wizard.sheet_step.group.set_text(group)
    screen.press(screen.page.wizard.next_button)
    assert not state.sheet_notice.isVisible()


def test_the_key_can_be_printed_anew_and_the_former_sheet_counts_no_more(first, application) -> None:
    state, wizard = first.page.state, first.page.wizard
    former = sheet_members(application)
    old_group = first_group(first.sheet)
    assert state.sheet_card.isVisibleTo(first.page)
    assert any("gilt das frühere nicht mehr" in text for text in first.words())
    first.press(state.sheet_button)
    assert first.page.stack.currentWidget() is wizard
    assert wizard.title.text() == "Büro-Schlüssel drucken"
    assert not wizard.where.isVisibleTo(first.page), "it is no third step of connecting"
    group = first.print_sheet()
    assert group != old_group
    assert sheet_members(application) == former, "only the typed group makes it count"
    wizard.sheet_step.group.set_text(group)
    first.press(wizard.next_button)
    assert first.page.stack.currentWidget() is first.page.connected
    assert first.said[-1].text == "Der Büro-Schlüssel ist gedruckt."
    assert former & sheet_members(application) == set()
    assert len(sheet_members(application)) == 1
    application.stop_sync()


def sheet_members(application: Application) -> set[str]:
    """The printed keys that open the office's data."""
    return {
        member.public_key
        for member in application._sync_engine().keys.members()
        if member.kind is MemberKind.RECOVERY and member.standing is Standing.TRUSTED
    }


def test_the_sheet_names_the_button_as_the_window_does(first) -> None:
    sheet = "".join("".join(page.extract_text() for page in PdfReader(str(first.sheet)).pages).split())
    name = first.page.admission.alone.button.text().replace("&", "")
    assert f"„{name}“".replace(" ", "") in sheet


def test_who_may_not_manage_is_not_offered_the_key_of_the_office(first, application, monkeypatch) -> None:
    monkeypatch.setattr(type(first.page.state._presenter), "may_manage", False)
    first.page.state.load(application.sync.status())
    assert not first.page.state.sheet_card.isVisibleTo(first.page)


def test_now_sends_what_waits_and_says_so(first, application) -> None:
    contact(application)
    assert application.sync.status().waiting_changes
    first.press(first.page.state.run_button)
    assert first.said[-1].text.startswith("Abgeglichen:")
    assert application.sync.status().waiting_changes == 0
    assert application.sync.status().state is ConnectionState.IN_STEP
    first.qtbot.waitUntil(lambda: first.page.state.sentence.text() == application.sync.status().sentence)


@pytest.mark.parametrize("percent", [100, 200])
def test_why_the_last_try_did_not_end_is_shown_whole(first, town, theme, cut_off, percent: int) -> None:
    theme.use_text_percent(percent)
    state = first.page.state
    town.hub.stop()
    try:
        first.press(state.run_button)
        status = first.application.sync.status()
        assert (status.state, status.problem) == (ConnectionState.WAITING, "")
        assert status.trouble
        assert state.problem.isVisibleTo(first.page)
        assert state.problem.words.text() == status.trouble
        settle(first.page)
        assert cut_off(first.page) == []
    finally:
        town.hub.start()
    first.press(state.run_button)
    first.qtbot.waitUntil(lambda: not state.problem.isVisibleTo(first.page))


def test_the_keyboard_waits_with_the_work_and_goes_back_to_its_button(first, application) -> None:
    contact(application)
    state = first.page.state
    first.take_keyboard()
    state.run_button.setFocus()
    first.qtbot.keyClick(state.run_button, Qt.Key.Key_Return)
    assert state.progress.hasFocus(), "not on the button beside it, which a second Enter would press"
    first.qtbot.keyClick(state.progress, Qt.Key.Key_Return)
    first.settle()
    assert first.said[-1].text.startswith("Abgeglichen:")
    assert state.run_button.hasFocus()


def test_the_first_sync_can_be_seen_and_stopped(application, screen_of, town) -> None:
    screen = screen_of(application)
    screen.look(town.code())
    wizard = screen.page.wizard
    bar = wizard.pane.verticalScrollBar()
    bar.setValue(bar.maximum())
    screen.take_keyboard()
    screen.qtbot.mouseClick(wizard.next_button, Qt.MouseButton.LeftButton)
    assert bar.value() == 0
    assert wizard.progress.isVisibleTo(screen.page)
    assert wizard.progress.hasFocus()
    assert not wizard.preview_step.not_yet.isVisibleTo(screen.page), "that nothing was sent is no longer so"
    assert screen.page.go_back(), "Esc stops it"
    assert not wizard.progress.cancel.isEnabled()
    screen.settle()
    assert not wizard.progress.isVisibleTo(screen.page)
    # Stopped before anything was connected: the same step again. Else the desk is in: the sheet comes next, or what is
    # missing before it (the key of the office) follows with the next round.
    is_in = application.sync.status().state is not ConnectionState.NOT_CONNECTED
    assert is_in or wizard.step is Step.PREVIEW
    assert is_in or "Abgebrochen" in wizard.notice.words.text()
    assert is_in or not wizard.preview_step.isHidden()


def test_the_code_of_another_office_is_warned_of_before_anything_is_sent(application, screen_of, town) -> None:
    screen = screen_of(application)
    other = town.hub.add_office("Diakonie", "Büro Kalk")
    screen.look(enrolment_text(town.hub.address, town.hub.code(other), town.hub.hub_id))
    step = screen.page.wizard.preview_step
    assert "„Büro Kalk“ (Diakonie)" in step.other_office.words.text()
    assert step.other_office.isVisibleTo(screen.page)
    screen.page.go_back()
    screen.page.wizard.code_step.edit.setText(town.code())
    screen.press(screen.page.wizard.next_button)
    assert not step.other_office.isVisibleTo(screen.page), "the office it was set up as"


def test_a_connection_that_broke_off_goes_on_with_its_code(application, screen_of, town) -> None:
    proxy = FaultyProxy(town.hub.port)
    screen = screen_of(application)
    wizard = screen.page.wizard
    try:
        screen.look(enrolment_text(proxy.address, town.hub.code(town.office_id), town.hub.hub_id))
        proxy.on("/enrol$", lost_after)
        screen.press(wizard.next_button)
        assert application.sync.status().state is ConnectionState.NOT_CONNECTED
        screen.page.go_back()
        screen.press(wizard.next_button)
        assert wizard.step is Step.SHEET, "the hub has used the code up, and knows this desk"
    finally:
        proxy.close()


@pytest.mark.parametrize("where", ["/spaces/", "/v1/me"])
def test_the_net_goes_in_the_middle_of_connecting(application, screen_of, town, where: str) -> None:
    proxy = FaultyProxy(town.hub.port)
    screen = screen_of(application)
    wizard, page = screen.page.wizard, screen.page
    try:
        screen.look(enrolment_text(proxy.address, town.hub.code(town.office_id), town.hub.hub_id))
        proxy.on(where, lost_before, times=None)
        screen.press(wizard.next_button)
        if where == "/spaces/":  # before the office has its key
            assert page.stack.currentWidget() is page.connected, "what is left follows without this person"
            assert screen.said[-1].text.startswith("Die Anmeldung ist noch nicht zu Ende")
            assert page.state.sentence.text().startswith("Die Anmeldung ist noch nicht zu Ende")
            assert page.state.problem.words.text().startswith("Die Verbindung ist abgebrochen.")
            proxy.heal()
            application.stop_sync()
            screen.press(page.state.run_button)
            screen.qtbot.waitUntil(page.state.sheet_notice.isVisible)
        else:
            assert wizard.step is Step.SHEET
            assert wizard.notice.words.text().startswith("Dieser Rechner ist verbunden, nur der erste Abgleich")
            wizard.sheet_step.group.set_text(screen.print_sheet())
            screen.press(wizard.next_button)
            assert page.stack.currentWidget() is page.connected
            assert screen.said[-1].text == "Verbunden. Was noch fehlt, folgt von selbst."
            proxy.heal()
            application.stop_sync()
            screen.press(page.state.run_button)
    finally:
        proxy.close()
    assert application.sync.status().state is ConnectionState.IN_STEP


def test_a_sheet_put_off_does_not_put_off_the_sync(application, screen_of, town) -> None:
    screen = screen_of(application)
    screen.look(town.code())
    screen.press(screen.page.wizard.next_button)
    contact(application)
    assert application.sync.status().waiting_changes == 1
    screen.press(screen.page.wizard.back_button)
    screen.qtbot.waitUntil(lambda: application.sync.status().waiting_changes == 0, timeout=30_000)


def test_without_a_net_it_waits_quietly(first, application, town) -> None:
    contact(application)
    town.hub.stop()
    try:
        first.press(first.page.state.run_button)
        assert sum(text.startswith("Keine Verbindung.") for text in first.words()) == 1, "once is enough"
        status = application.sync.status()
        assert status.state is ConnectionState.WAITING
        assert "offline" in status.sentence
    finally:
        town.hub.start()
    first.press(first.page.state.run_button)
    assert application.sync.status().state is ConnectionState.IN_STEP


def test_a_rest_ends_when_somebody_says_so(first, application) -> None:
    state = first.page.state
    first.press(state.pause_button)
    assert application.sync.status().is_paused
    assert not state.run_button.isEnabled()
    assert state.resume_button.hasFocus()
    undo = first.said[-1].undo
    assert undo is not None
    undo()
    assert not application.sync.status().is_paused
    first.qtbot.waitUntil(state.run_button.isEnabled)


def test_a_further_desk_compares_words_and_gets_everything(second, application, empty_application) -> None:
    first, new = second
    recorded = contact(application)
    first.page.show_part("state")
    first.press(first.page.state.run_button)
    new.press(new.page.state.run_button)
    assert empty_application.contact_queries.contact(recorded) is not None
    first.page.show_part("desks")
    first.settle()
    assert {row.desk.label for row in first.page.desks.rows} >= {"Empfang"}
    assert [row.desk.is_this for row in first.page.desks.rows] == [True, False]
    assert first.page.desks.doors == []


def test_confirmed_before_the_other_desk_it_says_so_until_it_is_in(first, empty_application, screen_of) -> None:
    new = screen_of(empty_application)
    new.look(first.application.sync.invite(first.application.actor, "Beratungszimmer").code)
    new.press(new.page.wizard.next_button)
    first.page.show_part("desks")
    first.qtbot.waitUntil(lambda: answered(first, new), timeout=60_000)
    admission = new.page.admission
    confirmed = "Hier ist es bestätigt."
    new.take_keyboard()
    admission.confirm_button.setFocus()
    new.press(admission.confirm_button)
    for _ in range(2):  # a look must not overwrite it, nor must a notice
        new.page._look_at_door()
        new.settle()
        new.page._load()
        new.settle()
        assert admission.waiting.words.text().startswith(confirmed)
        assert not admission.confirm_button.isEnabled()
    assert admission.hasFocus(), "not on „Nicht gleich“, which a second Enter would press"
    (door,) = first.page.desks.doors
    first.take_keyboard()
    door.admit_button.setFocus()
    first.press(door.admit_button)
    first.settle()
    first.qtbot.waitUntil(lambda: first.page.desks.doors == [])
    assert first.page.desks.invite_button.hasFocus(), "what had the keyboard has gone"
    first.application.sync.run(first.application.actor, NoProgress())
    new.qtbot.waitUntil(lambda: new.page.stack.currentWidget() is new.page.connected, timeout=60_000)
    new.settle()
    assert new.said[-1].text.startswith("Dieser Rechner gehört jetzt dazu.")
    new.take_keyboard()
    assert new.page.parts.button("state").hasFocus()
    empty_application.stop_sync()


def test_other_words_have_to_be_confirmed_anew(qtbot, theme) -> None:
    card = AdmissionCard()
    qtbot.addWidget(card)
    card.show_words(("eins", "zwei"))
    card.show_confirmed()
    card.show_busy(False)
    card.show_words(("eins", "zwei"))
    assert not card.confirm_button.isEnabled()
    card.show_words(("eins", "drei"))
    assert card.confirm_button.isEnabled()
    assert not card.is_confirmed


def test_waiting_survives_a_restart(first, empty_application, screen_of) -> None:
    invitation = first.application.sync.invite(first.application.actor, "Laptop")
    new = screen_of(empty_application)
    new.look(invitation.code)
    new.press(new.page.wizard.next_button)
    assert new.page.stack.currentWidget() is new.page.waiting
    again = screen_of(empty_application)
    assert again.page.stack.currentWidget() is again.page.waiting
    assert again.page.main_focus() is not None


def test_a_list_that_is_read_again_leaves_the_keyboard_where_it_is(second) -> None:
    first, _new = second
    desks = first.page.desks
    first.page.show_part("desks")
    first.settle()
    first.take_keyboard()
    (row,) = (row for row in desks.rows if not row.desk.is_this)
    row.revoke_button.setFocus()
    shown = [row.desk for row in desks.rows]
    desks._show(DeskView(tuple(replace(desk, label=f"{desk.label} 2") for desk in shown), ()))
    (row,) = (row for row in desks.rows if not row.desk.is_this)
    assert row.desk.label == "Beratungszimmer 2"
    assert row.revoke_button.hasFocus()
    desks._show(DeskView((), ()))
    assert desks.invite_button.hasFocus()


def test_an_invitation_can_be_read_copied_and_scanned(first) -> None:
    desks = first.page.desks
    first.page.show_part("desks")
    first.settle()
    first.press(desks.invite_button)
    first.press(desks.code_button)
    assert "Namen" in desks.label.below.text(), "a desk without a name is asked for one"
    desks.label.set_text("Werkstatt")
    first.press(desks.code_button)
    first.press(desks.copy_button)
    code = QGuiApplication.clipboard().text()
    assert code.startswith("QL1-")
    assert code_in_image(desks.qr.grab().toImage()) == code
    assert first.page.go_back()
    assert not desks.invite_card.isVisible()
    assert desks.code.text() == ""


def test_what_opens_comes_into_view_in_a_small_window(first, theme) -> None:
    theme.use_text_percent(200)
    first.page.resize(705, 400)
    desks, state = first.page.desks, first.page.state
    first.page.show_part("desks")
    first.settle()
    settle(first.page)
    for button, shown in ((desks.invite_button, desks.label.edit), (desks.code_button, desks.finish_button)):
        desks.label.set_text("Werkstatt")
        first.press(button)
        first.qtbot.waitUntil(lambda shown=shown: is_in_view(shown))
    first.page.show_part("state")
    state.leaving.set_open(True)
    settle(first.page)
    first.press(state.leave_button)
    first.qtbot.waitUntil(lambda: is_in_view(state.stay_button))


def is_in_view(widget: QWidget) -> bool:
    """Whether all of a widget can be seen without scrolling."""
    return widget.visibleRegion().boundingRect().size() == widget.size()


def test_shutting_a_desk_out_promises_nothing_it_can_not_keep(second, empty_application) -> None:
    first, new = second
    desks = first.page.desks
    first.page.show_part("desks")
    first.settle()
    row = next(row for row in desks.rows if not row.desk.is_this)
    first.press(row.revoke_button)
    assert any("Löschen lässt sich von hier aus nichts" in text for text in first.words())
    assert desks.keep_button.hasFocus()
    first.press(desks.confirm_button)
    assert first.said[-1].text.endswith("ist gesperrt.")
    assert desks.invite_button.hasFocus()
    row = next(row for row in desks.rows if not row.desk.is_this)
    assert row.revoke_button is None
    new.press(new.page.state.run_button)
    status = empty_application.sync.status()
    assert status.state is ConnectionState.PROBLEM
    assert status.problem
    new.qtbot.waitUntil(lambda: new.page.state.problem.isVisibleTo(new.page))
    assert status.problem in new.words()


def shut_out(first, new) -> None:
    """Shut the second desk out at the first one; it hears of it."""
    desk = next(desk for desk in first.application.sync.desks() if not desk.is_this)
    first.application.sync.revoke(first.application.actor, desk.device_id)
    new.press(new.page.state.run_button)
    new.qtbot.waitUntil(lambda: new.page.state.anew.isVisibleTo(new.page))


def test_a_desk_that_was_shut_out_comes_back_with_a_new_code_and_all_it_has(second, empty_application) -> None:
    first, new = second
    recorded = contact(empty_application)
    shut_out(first, new)
    assert any("1 Änderung ist noch nicht gesendet; auch sie bleibt hier" in text for text in new.words())
    new.press(new.page.state.anew_button)
    assert new.page.stack.currentWidget() is new.page.wizard
    new.press(new.page.wizard.back_button)
    assert new.page.stack.currentWidget() is new.page.connected, "nothing is lost by looking"
    new.press(new.page.state.anew_button)
    new.page.wizard.code_step.edit.setText(
        first.application.sync.invite(first.application.actor, "Beratungszimmer").code
    )
    new.press(new.page.wizard.next_button)
    new.press(new.page.wizard.next_button)
    assert new.page.stack.currentWidget() is new.page.waiting
    let_in(first, new)
    empty_application.stop_sync()
    empty_application.sync.run(empty_application.actor, NoProgress())
    first.application.sync.run(first.application.actor, NoProgress())
    assert first.application.contact_queries.contact(recorded).contact_id == recorded
    assert not new.page.state.anew.isVisibleTo(new.page)


def test_a_desk_that_was_shut_out_can_go_on_alone(second, empty_application) -> None:
    first, new = second
    recorded = contact(empty_application)
    shut_out(first, new)
    assert not new.page.state.run_button.isVisibleTo(new.page), "one main action, and that one would not help"
    new.press(new.page.state.alone_button)
    assert new.page.state.stay_button.hasFocus()
    assert doubled_mnemonics(new.page) == {}
    new.press(new.page.state.confirm_button)
    assert new.page.stack.currentWidget() is new.page.alone
    assert empty_application.contact_queries.contact(recorded).contact_id == recorded


def test_leaving_asks_first_and_keeps_everything(first, application) -> None:
    contact(application)
    state = first.page.state
    state.leaving.set_open(True)
    first.press(state.leave_button)
    assert state.stay_button.hasFocus()
    assert "noch nicht gesendet" in state.waiting_words.text()
    assert first.page.go_back()
    first.press(state.leave_button)
    state.confirm_button.setFocus()
    first.press(state.confirm_button)
    assert first.page.stack.currentWidget() is first.page.alone
    assert first.page.connect_button.hasFocus()
    assert application.sync.status().state is ConnectionState.NOT_CONNECTED
    assert application.store.sql("SELECT count(*) FROM contact") == [(1,)]


@pytest.mark.parametrize("percent", [100, 200])
def test_words_stay_whole_and_keys_are_single(
    first,
    theme: ThemeController,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    percent: int,
) -> None:
    page = first.page
    theme.use_text_percent(percent)
    for part in page.parts.codes():
        page.show_part(part)
        first.settle()
        if part == "desks":
            page.desks.invite_button.click()
        if part == "state":
            page.state.leaving.set_open(True)
            page.state.leave_button.click()
        settle(page)
        assert cut_off(page) == [], part
        assert unnamed_controls(page) == [], part
        assert doubled_mnemonics(page) == {}, part
