"""What leaves a trail: reading, signing in, wrong passwords, files that leave the program. Never any content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.bootstrap import Application, SetUp, Surroundings, check_password, open_application, set_up
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost, WrongSecret

PASSWORD = "Kaffee Wolke Radweg"
NOTE = "Streit mit dem Sohn wegen der Wohnung"


@pytest.fixture
def surroundings(clock: FixedClock, ids: UuidFactory) -> Surroundings:
    return Surroundings(clock, ids, DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1))


@pytest.fixture
def recovery_key(folder: DataFolder, surroundings: Surroundings) -> str:
    wishes = SetUp("Quartiersbüro Nord", "Beispielverband", NewAccount("erika", "Erika Muster", "EM"), PASSWORD)
    application, groups = set_up(folder, wishes, surroundings)
    application.close()
    return "".join(groups)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "daten")


@pytest.fixture
def open_office(
    folder: DataFolder, recovery_key: str, surroundings: Surroundings
) -> Iterator[Callable[[], Application]]:
    opened: list[Application] = []

    def sign_in(password: str = PASSWORD) -> Application:
        opened.append(open_application(folder, "erika", password, surroundings))
        return opened[-1]

    yield sign_in
    for application in opened:
        application.close()


@pytest.fixture
def office(open_office: Callable[[], Application]) -> Application:
    return open_office()


def trail(application: Application, since: int = 0) -> list[tuple[str, str, str]]:
    return application.store.sql(
        "SELECT action, subject_kind, subject_id FROM audit_entry WHERE sequence > ? ORDER BY sequence", (since,)
    )


def length(application: Application) -> int:
    return int(application.store.sql("SELECT count(*) FROM audit_entry")[0][0])


def test_reading_a_note_leaves_a_trail_and_reading_nothing_leaves_none(office: Application) -> None:
    with_note = office.contacts.record_contact(office.actor, ContactEntry(needs=(NeedEntry("pflege"),), note=NOTE))
    without = office.contacts.record_contact(office.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    before = length(office)
    office.contact_queries.contact(with_note)
    office.contact_queries.contacts_of_day(office.clock.today())
    assert trail(office, before) == []
    assert office.contacts.read_note(office.actor, without) == ""
    assert office.contacts.read_note(office.actor, "gibt es nicht") == ""
    assert trail(office, before) == []
    assert office.contacts.read_note(office.actor, with_note) == NOTE
    assert trail(office, before) == [("read_note", "contact", with_note)]
    assert NOTE not in repr(office.store.sql("SELECT * FROM audit_entry"))


def test_a_note_whose_reading_cannot_be_written_down_stays_closed(office: Application) -> None:
    contact_id = office.contacts.record_contact(office.actor, ContactEntry(needs=(NeedEntry("pflege"),), note=NOTE))
    office.store.execute("PRAGMA query_only = 1")
    with pytest.raises(EnvironmentProblem):
        office.contacts.read_note(office.actor, contact_id)
    office.store.execute("PRAGMA query_only = 0")


def test_signing_in_leaves_a_trail(open_office: Callable[..., Application]) -> None:
    first = open_office()
    before = length(first)
    second = open_office()
    assert trail(second, before) == [("sign_in", "account", second.actor.account_id)]


def test_wrong_passwords_are_counted_at_the_next_sign_in(
    open_office: Callable[..., Application], folder: DataFolder, surroundings: Surroundings
) -> None:
    office = open_office()
    before = length(office)
    for _ in range(2):
        with pytest.raises(WrongSecret):
            open_office("falsches Passwort hier")
    with pytest.raises(WrongSecret):  # at the lock screen; unlocking must not hide it
        check_password(folder, office.actor.account_id, "geraten und falsch", surroundings)
    check_password(folder, office.actor.account_id, PASSWORD, surroundings)
    assert trail(office, before) == []
    again = open_office()
    signed_in = ("sign_in", "account", office.actor.account_id)
    assert trail(again, before) == [("failed_sign_ins", "count", "3"), signed_in]
    assert trail(open_office(), before)[2:] == [signed_in]
    assert "falsch" not in repr(again.store.sql("SELECT * FROM audit_entry"))


def test_wrong_recovery_keys_are_counted_when_the_right_one_is_used(
    folder: DataFolder, recovery_key: str, surroundings: Surroundings
) -> None:
    from desktop_app.bootstrap import reset_password
    from desktop_app.security.recovery_key import new_recovery_key

    with pytest.raises(WrongSecret):
        reset_password(folder, "erika", "".join(new_recovery_key()), "Laterne Gurke Fahrplan", surroundings)
    application = reset_password(folder, "erika", recovery_key, "Laterne Gurke Fahrplan", surroundings)
    assert [row[0] for row in trail(application)][-2:] == ["use_recovery_key", "failed_sign_ins"]
    assert trail(application)[-1][2] == "1"
    application.close()


def test_a_database_that_takes_no_writing_still_opens(
    open_office: Callable[..., Application], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from desktop_app.storage.database import EncryptedDatabase

    connect = EncryptedDatabase._connect

    def only_reading(database: EncryptedDatabase) -> object:
        connection = connect(database)
        connection.execute("PRAGMA query_only = 1")
        return connection

    monkeypatch.setattr(EncryptedDatabase, "_connect", only_reading)
    office = open_office()
    assert office.settings.office().name == "Quartiersbüro Nord"
    assert "could not be written down" in caplog.text


def test_numbers_that_leave_the_program_leave_a_trail(office: Application, tmp_path: Path) -> None:
    before = length(office)
    office.statistics.month(Month(2026, 11))
    assert trail(office, before) == []
    office.statistics.export(office.actor, Month(2026, 11), "csv", tmp_path / "monat.csv")
    assert trail(office, before) == [("export_statistics", "month", "2026-11")]
    office.audit.export(office.actor, "json", tmp_path / "protokoll.json")
    assert trail(office, before)[1:] == [("export_audit", "audit", "")]
    assert office.audit.verify().is_whole
