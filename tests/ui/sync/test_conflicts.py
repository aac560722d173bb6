"""Conflicts that two real desks made: shown to who may read them, decided by one press, taken back by another."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.vocabulary import Channel, ReferralState
from desktop_app.core.progress import NoProgress
from desktop_app.sync.records import Choice
from tests.ui.office import CARE_POINT, settle
from ui.sync.wording import is_open


def sync(*screens) -> None:
    for screen in screens:
        screen.application.sync.run(screen.application.actor, NoProgress())


def rename(screen, phone: str) -> None:
    settings = screen.application.settings
    settings.change_office(screen.application.actor, replace(settings.office(), phone=phone))


def change_mail(screen, email: str) -> None:
    settings = screen.application.settings
    settings.change_office(screen.application.actor, replace(settings.office(), email=email))


def twice_changed(first, new) -> str:
    """Both desks change the channel and the material of a contact; they know nothing of each other yet."""
    entry = ContactEntry(needs=(NeedEntry("pflege"),))
    contact = first.application.contacts.record_contact(first.application.actor, entry)
    sync(first, new)
    for screen, channel, material in ((first, Channel.PHONE, "Lupe"), (new, Channel.MAIL, "Rollator")):
        application = screen.application
        record = application.contact_queries.contact(contact)
        changed = replace(record.entry(""), channel=channel, material=material)
        application.contacts.correct_contact(application.actor, contact, changed, revision=record.revision)
    return contact


def take_another(screen, name: str) -> None:
    """Press the first button that lets another value of a field hold."""
    cells = screen.page.conflicts.view.cells
    screen.press(next(cell.button for (field, _), cell in cells.items() if field == name and cell.button is not None))


def clash(first, new) -> None:
    """Both desks change the office's phone number without knowing of each other; `new` hears of it."""
    sync(first, new, first)
    rename(first, "0208 111")
    rename(new, "0208 222")
    sync(first, new, first)


def test_both_values_stand_beside_each_other_and_one_press_takes_the_other(second) -> None:
    first, new = second
    clash(first, new)
    holder = (
        new
        if any("Telefon" in str(c.fields) or "phone" in str(c.fields) for c in new.application.sync.conflicts())
        else first
    )
    page = holder.page
    page.show_part("conflicts")
    conflict = next(c for c in holder.application.sync.conflicts() if any(f.name == "phone" for f in c.fields))
    page.conflicts.rows.set_current_key(conflict.conflict_id)
    field = next(f for f in conflict.fields if f.name == "phone")
    assert {field.mine, field.theirs} == {"0208 111", "0208 222"}
    before = holder.application.settings.office().phone
    other = Choice.MINE if field.stands is Choice.THEIRS else Choice.THEIRS
    holder.press(page.conflicts.view.cells["phone", other].button)
    assert {before, holder.application.settings.office().phone} == {"0208 111", "0208 222"}
    undo = holder.said[-1].undo
    assert undo is not None
    undo()
    assert holder.application.settings.office().phone == before
    page.conflicts.load()
    assert conflict.conflict_id in [page.conflicts.rows.row_at(i).key for i in range(page.conflicts.rows.row_count())]


def test_all_are_put_away_by_one_press_and_come_back_by_one(second) -> None:
    first, new = second
    clash(first, new)
    change_mail(first, "empfang@example.org")
    change_mail(new, "beratung@example.org")
    sync(first, new, first)
    holder = new if new.application.sync.conflicts() else first
    waiting = [conflict.conflict_id for conflict in holder.application.sync.conflicts()]
    assert len(waiting) == 2
    part = holder.page.conflicts
    holder.page.show_part("conflicts")
    office = holder.application.settings.office()
    holder.press(part.dismiss_all_button)
    assert holder.said[-1].text == "2 Konflikte abgelegt: Es bleibt, wie es ist."
    assert holder.application.sync.conflicts() == ()
    assert part.empty.isVisibleTo(holder.page)
    assert not part.dismiss_all_button.isVisibleTo(holder.page)
    assert holder.application.settings.office() == office
    holder.said[-1].undo()
    assert [conflict.conflict_id for conflict in holder.application.sync.conflicts()] == waiting
    assert part.rows.row_count() == 2
    assert holder.said[-1].text == "Rückgängig gemacht."


def test_what_can_not_be_taken_back_is_said_on_the_page(second) -> None:
    first, new = second
    clash(first, new)
    holder = new if new.application.sync.conflicts() else first
    holder.page.show_part("conflicts")
    holder.press(holder.page.conflicts.view.keep_button)
    undo = holder.said[-1].undo
    undo()
    undo()
    assert holder.page.problem.isVisibleTo(holder.page)


def test_what_was_decided_before_all_were_put_away_is_decided_when_they_come_back(second) -> None:
    first, new = second
    contact = twice_changed(first, new)
    clash(first, new)
    holder = new if new.application.sync.conflicts() else first
    part = holder.page.conflicts
    holder.page.show_part("conflicts")
    partly = next(one for one in holder.application.sync.conflicts() if len(one.fields) == 2)
    part.rows.set_current_key(partly.conflict_id)
    take_another(holder, "channel")
    before = holder.application.sync.conflicts()
    channel = holder.application.contact_queries.contact(contact).channel
    holder.press(part.dismiss_all_button)
    holder.said[-1].undo()
    assert holder.application.sync.conflicts() == before
    assert holder.application.contact_queries.contact(contact).channel is channel


def test_the_second_decision_is_taken_back_without_the_first(second) -> None:
    first, new = second
    contact = twice_changed(first, new)
    sync(first, new, first)
    holder = new if new.application.sync.conflicts() else first
    holder.page.show_part("conflicts")
    take_another(holder, "channel")
    before = holder.application.contact_queries.contact(contact)
    take_another(holder, "material")
    assert holder.application.contact_queries.contact(contact).material != before.material
    holder.said[-1].undo()
    after = holder.application.contact_queries.contact(contact)
    assert (after.channel, after.material) == (before.channel, before.material)
    assert len(holder.application.sync.conflicts()) == 1


def test_what_is_done_is_read_when_it_is_unfolded_and_can_be_opened_again(second) -> None:
    first, new = second
    clash(first, new)
    holder = new if new.application.sync.conflicts() else first
    part = holder.page.conflicts
    holder.page.show_part("conflicts")
    (conflict,) = holder.application.sync.conflicts()
    assert not part.done_fold.isVisibleTo(holder.page)
    holder.press(part.view.keep_button)
    assert part.done_fold.button.text() == "1 erledigter Konflikt"
    assert part.done_list.row_count() == 0
    holder.press(part.done_fold.button)
    assert part.done_list.row_at(0).key == conflict.conflict_id
    part.done_list.set_current_key(conflict.conflict_id)
    holder.press(part.view.reopen_button)
    assert [one.conflict_id for one in holder.application.sync.conflicts()] == [conflict.conflict_id]
    assert part.rows.row_count() == 1
    assert not part.done_fold.isVisibleTo(holder.page)


def test_what_needs_a_decision_is_not_put_away(second, cut_off) -> None:
    first, new = second
    contact = first.application.contacts.record_contact(
        first.application.actor, ContactEntry(needs=(NeedEntry("pflege"),), referrals=(ReferralEntry(CARE_POINT),))
    )
    clash(first, new)
    change_mail(first, "empfang@example.org")
    change_mail(new, "beratung@example.org")
    for screen, state in ((first, ReferralState.HELP_RECEIVED), (new, ReferralState.DID_NOT_GO)):
        (referral,) = screen.application.contact_queries.contact(contact).referrals
        screen.application.contacts.set_referral_state(screen.application.actor, referral.referral_id, state)
    sync(first, new, first)
    holder = new if new.application.sync.conflicts() else first
    assert sum(is_open(conflict) for conflict in holder.application.sync.conflicts()) == 1
    part = holder.page.conflicts
    holder.page.show_part("conflicts")
    assert part.left_words.isVisibleTo(holder.page)
    settle(holder.page)
    assert cut_off(holder.page) == []
    holder.press(part.dismiss_all_button)
    (left,) = holder.application.sync.conflicts()
    assert is_open(left)
    assert part.view.conflict == left
    assert not part.dismiss_all_button.isVisibleTo(holder.page)


def test_one_alone_needs_no_button_for_all(second) -> None:
    first, new = second
    clash(first, new)
    holder = new if new.application.sync.conflicts() else first
    holder.page.show_part("conflicts")
    assert holder.page.conflicts.rows.row_count() == 1
    assert not holder.page.conflicts.dismiss_all_button.isVisibleTo(holder.page)


def test_the_keyboard_goes_from_the_list_to_the_values_and_on(second) -> None:
    first, new = second
    clash(first, new)
    holder = new if new.application.sync.conflicts() else first
    holder.page.show_part("conflicts")
    part = holder.page.conflicts
    holder.take_keyboard()
    part.focus_list()
    count = part.rows.row_count()
    holder.qtbot.keyClick(part.rows, Qt.Key.Key_Return)
    assert part.view.isAncestorOf(holder.page.focusWidget())
    part.view.keep_button.click()
    holder.settle()
    assert part.rows.row_count() == count - 1
