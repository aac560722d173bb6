"""A hub was restored; one desk has met it since, the other not yet, and both exchange files: nothing lost, nothing doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.contacts.vocabulary import Channel
from desktop_app.sync.bundle_records import BundleTaken
from desktop_app.sync.bundle_service import BundleService
from tests.faults.sync.standing import Backup, Standing, StandingDesk
from tests.sync.desks import in_step


def carry(giving: StandingDesk, taking: StandingDesk, folder: Path) -> BundleTaken:
    """Give out at one desk and take over at the other."""
    given = BundleService(giving.store, giving.engine).export(giving.actor, folder)
    return BundleService(taking.store, taking.engine).take_over(taking.actor, given.path)


@pytest.mark.parametrize("is_new_the_first", [True, False], ids=["new hub gives first", "old hub gives first"])
@pytest.mark.parametrize("writes", ["none", "of different fields", "of the same field"])
def test_one_desk_has_met_the_restored_hub(
    standing: Standing, tmp_path: Path, writes: str, is_new_the_first: bool
) -> None:
    one, two = standing.one, standing.two
    old = one.contact(material="vor der Sicherung")
    untouched = one.contact(material="immer gleich")
    in_step(one, two)
    backup = Backup(standing, tmp_path)
    one.correct(old, material="nach der Sicherung", note="Notiz")
    one.contact(material="neu nach der Sicherung")
    in_step(one, two)
    backup.put_back()
    two.round()
    assert two.contacts() == one.contacts()
    if writes != "none":
        one.correct(old, channel=Channel.PHONE)
        two.correct(old, **({"material": "zuletzt"} if writes == "of different fields" else {"channel": Channel.MAIL}))
        one.contact(material="eins, noch nicht verbunden")
        two.contact(material="zwei, wieder verbunden")
    stick = tmp_path / "stick"
    stick.mkdir()
    for _ in range(2):
        order = ((two, one), (one, two)) if is_new_the_first else ((one, two), (two, one))
        for giving, taking in order:
            assert carry(giving, taking, stick).left_out == 0
    assert one.state() == two.state()
    contacts = one.contacts()
    assert len(contacts) == len(set(contacts)) == (3 if writes == "none" else 5)
    standing.settle()
    assert one.contacts() == two.contacts() == contacts
    for desk in (one, two):
        assert desk.office.desk.queries.contact(untouched).material == "immer gleich"
        assert desk.office.desk.queries.contact(old).has_note
        record = desk.office.desk.queries.contact(old)
        shown = {
            (field.name, frozenset((field.mine, field.theirs))) for one in desk.sync.conflicts() for field in one.fields
        }
        if writes == "none":
            assert shown == set()
        elif writes == "of different fields":
            # Both values are there: they stand, or can be chosen.
            kept = {record.channel.value, record.material, *(value for _, both in shown for value in both)}
            assert {"phone", "zuletzt"} <= kept or {"Telefon", "zuletzt"} <= kept, (record, shown)
        else:
            assert shown == {("channel", frozenset({"Telefon", "Brief, E-Mail"}))}
            assert record.channel in {Channel.PHONE, Channel.MAIL}
        assert len(desk.sync.conflicts()) <= 1
