"""A desk that the hub's operator has shut out: the office's key is as before until somebody of the office locks it, too."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.core.progress import NoProgress
from desktop_app.sync.key_rows import load_state
from desktop_app.sync.records import Desk
from hub.clock import system_now
from hub.identity import devices
from tests.ui.office import settle
from tests.ui.sync.conftest import Screen, Town
from ui.sync.desks_part import DeskRow
from ui.sync.wording import desk_badge, keeps_the_key


def lock_at_hub(town: Town, first: Screen) -> str:
    """Shut the second desk out, as the operator of the hub does; its id."""
    desk = next(desk for desk in first.application.sync.desks() if not desk.is_this)
    devices.revoke(town.hub.database, system_now, desk.device_id)
    return desk.device_id


def key_of(screen: Screen) -> bytes:
    """The office's key at one of its desks."""
    state = load_state(screen.application.store)
    assert state is not None
    return state.current.secret


def row_of(screen: Screen, device_id: str) -> DeskRow:
    return next(row for row in screen.page.desks.rows if row.desk.device_id == device_id)


def test_the_office_can_lock_it_completely(second: tuple[Screen, Screen], town: Town) -> None:
    first, _new = second
    sync = first.application.sync
    device_id = lock_at_hub(town, first)
    first.page.show_part("desks")
    first.settle()
    desks = first.page.desks
    assert desks.rows[0].desk.device_id == device_id, "what asks for something stands first"
    row = row_of(first, device_id)
    assert "Am Server gesperrt, hat aber noch den Büro-Schlüssel." in "\n".join(first.words())
    assert row.revoke_button is not None
    assert row.revoke_button.accessibleName() == "Beratungszimmer ganz sperren"
    before = key_of(first)
    first.press(row.revoke_button)
    assert desks.keep_button.hasFocus()
    first.press(desks.confirm_button)
    assert first.said[-1].text == "„Beratungszimmer“ ist gesperrt."
    row = row_of(first, device_id)
    assert row.revoke_button is None
    assert not row.desk.is_admitted
    assert "Büro-Schlüssel." not in "\n".join(text for text in first.words() if text.startswith("Am Server gesperrt"))
    assert key_of(first) != before, "the office has a new key"
    sync.run(first.application.actor, NoProgress())
    assert not next(desk for desk in sync.desks() if desk.device_id == device_id).is_admitted


def test_the_state_says_so_and_leads_there(second: tuple[Screen, Screen], town: Town) -> None:
    first, _new = second
    state = first.page.state
    first.page.on_shown()
    first.settle()
    assert not state.locked.isVisibleTo(first.page)
    device_id = lock_at_hub(town, first)
    first.page.show_part("state")
    first.settle()
    assert state.locked.isVisibleTo(first.page)
    assert state.locked.words.text().startswith("„Beratungszimmer“ ist am Server gesperrt, hat aber noch den Büro-Schl")
    first.press(state.locked.button)
    assert first.page.part.currentWidget() is first.page.desks
    assert first.page.parts.button("desks").hasFocus()
    town.hub.stop()
    try:
        first.page.show_part("state")
        first.settle()
        assert state.locked.isVisibleTo(first.page), "without a net it says what it knew"
    finally:
        town.hub.start()
    first.application.sync.revoke(first.application.actor, device_id)
    first.page.show_part("state")
    first.settle()
    assert not state.locked.isVisibleTo(first.page)


@pytest.mark.parametrize("percent", [100, 200])
def test_its_row_is_whole(second: tuple[Screen, Screen], town: Town, theme, cut_off, percent: int) -> None:
    first, _new = second
    lock_at_hub(town, first)
    theme.use_text_percent(percent)
    first.page.resize(860, 640)
    first.page.show_part("desks")
    first.settle()
    settle(first.page)
    assert cut_off(first.page) == []


def test_only_a_desk_that_is_locked_and_still_a_member_keeps_the_key() -> None:
    day = date(2026, 11, 22)
    kept = Desk("1", "Laptop", False, True, day, day, day)
    assert keeps_the_key(kept)
    badge = desk_badge(kept)
    assert badge is not None
    assert badge.text == "nur am Server gesperrt"
    assert not keeps_the_key(Desk("1", "Laptop", False, False, day, day, day))
    assert not keeps_the_key(Desk("1", "Laptop", False, True, day, day, None))
