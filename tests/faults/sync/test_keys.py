"""Keys: a change of the office key while a desk works without network, and hubs that show what nobody sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.core.translation import use_language
from desktop_app.sync.hub_problems import Revoked
from desktop_app.sync.key_post import COLLECTION as KEY_RECORDS
from tests.faults.sync.proxy import lost_after, lost_before
from tests.faults.sync.standing import Standing
from tests.sync.desks import OfficeDesk, in_step

PUSH = r"^POST /v1/spaces/office-[^/]*/push"
SHUT_OUT = "Dieser Rechner wurde vom Abgleich ausgeschlossen. Ihre Daten hier bleiben, wie sie sind;"
NextDesk = Callable[[Standing, str], OfficeDesk]


@pytest.fixture
def third(standing: Standing, tmp_path: Path) -> OfficeDesk:
    """A third desk of the office, in step."""
    return add_desk(standing, tmp_path)


def add_desk(standing: Standing, folder: Path) -> OfficeDesk:
    desk = OfficeDesk("Küche", folder / "Küche", standing.hub, standing.one.office_id, standing.two.clock)
    desk.join(standing.two)
    standing.more.append(desk)
    in_step(standing.one, standing.two, desk)
    for conflict in desk.sync.conflicts():
        desk.sync.dismiss(desk.actor, conflict.conflict_id)
    in_step(standing.one, standing.two, desk)
    return desk


@pytest.mark.parametrize("when", ["nothing sent", "answer lost", "request lost"])
def test_a_key_change_during_an_offline_edit(standing: Standing, third: OfficeDesk, when: str) -> None:
    one, two = standing.one, standing.two
    contact = one.contact(material="vorher")
    in_step(one, two, third)
    one.correct(contact, material="ohne Netz")
    one.contact(material="neu ohne Netz")
    if when != "nothing sent":
        standing.proxy.on(PUSH, lost_after if when == "answer lost" else lost_before)
        one.fails()
    standing.more.remove(third)
    two.sync.revoke(two.actor, third.engine.connection.device_id)
    two.contact(material="unter dem neuen Schlüssel")
    two.round()
    standing.settle()
    third.close()
    assert one.contacts() == two.contacts() == ["neu ohne Netz", "ohne Netz", "unter dem neuen Schlüssel"]
    assert one.sync.conflicts() == two.sync.conflicts() == ()
    current = one.engine.post.office_keys(one.store)
    assert current is not None
    sealed_with = one.store.sql("SELECT DISTINCT key_id FROM sync_shadow WHERE space LIKE 'office-%' AND deleted = 0 "
                                "AND id NOT LIKE 'wire:%'")  # fmt: skip
    assert sealed_with == [(current.current,)], "not everything was sealed anew"


def test_a_desk_that_is_shut_out_in_the_middle_of_a_round(standing: Standing) -> None:
    one, two = standing.one, standing.two
    one.contact(material="A")
    device = one.engine.connection.device_id

    def revoke_then_hand_on(exchange) -> None:
        two.engine.open_client(standing.hub.address, two.engine.connection.token).revoke(device)
        exchange.answer(exchange.forward())

    standing.proxy.on(PUSH, revoke_then_hand_on)
    with pytest.raises(Revoked, match="vom Abgleich ausgeschlossen"):
        one.round()
    assert one.sync.status().problem.startswith(SHUT_OUT)
    assert one.sentence().startswith(SHUT_OUT)
    with use_language("en"):  # whatever words it was told in
        assert one.sync.status().is_shut_out
    assert one.contacts() == ["A"]
    two.round()
    assert two.contacts() == []
    # It comes back with a new code, and so does what it had.
    one.sync.disconnect(one.actor)
    one.address = ""
    one.join(two)
    standing.settle()
    assert two.contacts() == ["A"]
    assert KEY_RECORDS == "k"
