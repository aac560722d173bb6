"""Hubs that are not as they were: put back to an earlier state, empty, another one, killed, too new, or shut to this desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.contacts.vocabulary import Channel
from desktop_app.sync.hub_problems import HubFault, ProgramTooOld, UnknownDesk, WrongHub
from desktop_app.sync.records import ConnectionState
from hub.storage.tables import Record, Space
from tests.faults.sync.proxy import FaultyProxy
from tests.faults.sync.standing import Backup, Standing
from tests.hub.running import TEST_SETTINGS, HubProcess, HubThread
from tests.sync.desks import in_step

PUSH = r"^POST /v1/spaces/office-[^/]*/push"
PULL = r"^GET /v1/spaces/office-[^/]*/pull"


@pytest.mark.parametrize(
    ("engine", "writes"),
    [("sqlite", "none"), ("sqlite", "by the other desk"), ("sqlite", "by both"), ("postgresql", "by both")],
)
def test_a_hub_from_an_older_backup(
    make_standing: Callable[..., Standing], tmp_path: Path, engine: str, writes: str
) -> None:
    """Without new writes, with writes of a desk that heard first, with writes of both to the same record."""
    standing = make_standing(engine)
    one, two = standing.one, standing.two
    old = one.contact(material="vor der Sicherung")
    gone = one.contact(material="wird zurückgenommen")
    in_step(one, two)
    backup = Backup(standing, tmp_path)
    one.correct(old, material="nach der Sicherung", note="Notiz")
    one.contact(material="neu nach der Sicherung")
    two.contact(material="auch neu")
    two.correct(gone, material="wirklich zurückgenommen")
    in_step(one, two)
    backup.put_back()
    if writes != "none":
        two.correct(old, channel=Channel.PHONE)
        two.contact(material="in der neuen Zeit")
    if writes == "by both":
        one.correct(old, channel=Channel.MAIL, material="zuletzt")
    two.round()
    standing.settle()
    # Of a text that only one of them has changed since both know it, nothing is in doubt.
    newest = "zuletzt" if writes == "by both" else "nach der Sicherung"
    expected = ["auch neu", newest, "neu nach der Sicherung", "wirklich zurückgenommen"]
    expected += ["in der neuen Zeit"] if writes != "none" else []
    assert one.contacts() == sorted(expected)
    # Nobody can tell whether what was written since rests on the lost time: what differs is kept to choose from, and no more.
    channel = one.office.desk.queries.contact(old).channel
    assert channel is (Channel.OFFICE if writes == "none" else Channel.PHONE)
    kept = {
        "none": [],
        "by the other desk": [("channel", "Im Büro", "Telefon")],
        "by both": [("channel", "Brief, E-Mail", "Telefon")],
    }[writes]
    for desk in (one, two):
        found = [(field.name, field.mine, field.theirs) for one_of in desk.sync.conflicts() for field in one_of.fields]
        assert found == kept


def test_a_hub_put_back_without_the_runbook(standing: Standing, tmp_path: Path) -> None:
    """Its numbers go back: whoever has read further compares everything."""
    one, two = standing.one, standing.two
    old = one.contact(material="vorher")
    in_step(one, two)
    backup = Backup(standing, tmp_path)
    one.correct(old, material="nachher")
    one.contact(material="neu")
    in_step(one, two)
    backup.put_back(runbook=False)
    standing.settle()
    assert one.contacts() == ["nachher", "neu"]
    assert one.sync.conflicts() == ()


def test_a_hub_put_back_in_the_middle_of_a_push(standing: Standing, tmp_path: Path) -> None:
    one = standing.one
    backup = Backup(standing, tmp_path)
    one.contact(material="A")

    def put_back(exchange) -> None:
        backup.put_back()
        exchange.answer(exchange.forward())

    standing.proxy.on(PUSH, put_back)
    one.round()
    standing.settle()
    assert one.contacts() == ["A"]


def test_an_empty_hub(on_both: Standing) -> None:
    """Every record is gone; nothing here goes because of that, and everything goes there again."""
    one, two = on_both.one, on_both.two
    one.contact(material="A", note="Notiz")
    on_both.settle()
    before, state = on_both.live_records(), one.state()
    with on_both.hub.database.writing():
        on_both.hub.database.run(Record.delete())
        on_both.hub.database.run(Space.update(seq=0))
    on_both.settle()
    assert one.state() == two.state() == state
    assert on_both.live_records() == before
    assert one.sync.conflicts() == ()


def test_two_hubs_that_answer_in_turn(standing: Standing) -> None:
    one = standing.one
    one.contact(material="A")
    epochs = iter(range(100))

    def other_epoch(exchange) -> None:
        standing.new_epoch(f"00000000-0000-4000-8000-{next(epochs):012}")
        exchange.answer(exchange.forward())

    standing.proxy.on(PULL, other_epoch, times=None)
    with pytest.raises(HubFault, match="Im Abgleich-Server ist ein Fehler aufgetreten"):
        one.round()
    standing.settle()
    assert one.contacts() == ["A"]


def test_a_wrong_hub(standing: Standing, tmp_path: Path) -> None:
    """Another one has taken the address, or the old one was set up anew: nothing is sent, nothing taken."""
    one = standing.one
    one.contact(material="A")
    folder = tmp_path / "other"
    folder.mkdir()
    other = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    wrong = FaultyProxy(other.port)
    one.address = wrong.address
    one.engine.forget_client()
    with pytest.raises(WrongHub, match=r"antwortet ein anderer Abgleich-Server. Es wurde nichts gesendet"):
        one.round()
    assert one.sync.status().state is ConnectionState.PROBLEM
    assert wrong.seen == ["GET /v1/me", "GET /healthz"]
    one.address = standing.proxy.address
    one.engine.forget_client()
    standing.settle()
    assert one.contacts() == ["A"]
    wrong.close()
    other.close()


def test_a_hub_that_does_not_know_this_desk(standing: Standing) -> None:
    from hub.storage.tables import Device

    one = standing.one
    one.contact(material="A")
    with standing.hub.database.writing():
        standing.hub.database.run(Device.delete().where(Device.id == one.engine.connection.device_id))
    with pytest.raises(UnknownDesk, match="kennt diesen Rechner nicht"):
        one.round()
    one.sync.disconnect(one.actor)
    one.address = ""
    one.join(standing.two)
    standing.settle()
    assert standing.two.contacts() == ["A"]


def test_a_hub_that_wants_a_newer_program(standing: Standing) -> None:
    one, hub = standing.one, standing.hub
    one.contact(material="A")
    hub.stop()
    former, hub.settings = hub.settings, replace(hub.settings, min_client="99.0")
    hub.start()
    with pytest.raises(
        ProgramTooOld, match=r"mindestens Version 99.0 von Quartierslotse. Arbeiten können Sie hier weiter"
    ):
        one.round()
    assert one.sync.status().state is ConnectionState.PROBLEM
    one.contact(material="B")
    hub.stop()
    hub.settings = former
    hub.start()
    standing.settle()
    assert one.contacts() == ["A", "B"]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_hub_that_is_killed_in_the_middle_of_a_push(make_standing: Callable[..., Standing], engine: str) -> None:
    """Killed before the request, while it is written, after its commit: the desk repeats it, and it stands once."""
    standing = make_standing(engine, HubProcess)
    one, hub = standing.one, standing.hub
    assert isinstance(hub, HubProcess)
    expected: list[str] = []
    for number in range(3) if engine == "sqlite" else (1,):
        expected += [f"{number}-{one_of}" for one_of in range(3)]
        for material in expected[-3:]:
            one.contact(material=material, note="x" * 2000)

        def kill(exchange, number: int = number) -> None:
            if number == 0:
                hub.kill()
            elif number == 1:
                exchange.deliver()
                hub.kill()
            else:
                exchange.forward()
                hub.kill()
            exchange.close()

        standing.proxy.on(PUSH, kill)
        assert one.fails().startswith("Die Verbindung ist abgebrochen.")
        assert one.sentence() == "3 Änderungen warten, offline"
        hub.start()
        one.round()
    standing.settle()
    assert one.contacts() == sorted(expected)
    assert one.sync.conflicts() == ()
