"""What goes wrong on the desk's own computer: disk, locks, clock, a restored backup, a second program on the same file."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app.contacts.vocabulary import Channel
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.progress import Cancelled
from desktop_app.sync.hub_problems import HubProblem, UnknownDesk
from desktop_app.visitors.records import VisitorEntry
from tests.faults.sync.proxy import cut_after, lost_after, lost_before
from tests.faults.sync.standing import Standing, StandingDesk

ROOT = Path(__file__).resolve().parents[3]
PUSH = r"^POST /v1/spaces/office-[^/]*/push"
PULL = r"^GET /v1/spaces/office-[^/]*/pull"


# ---------------------------------------------------------------------------------------------- disk and locks


def _let_grow(desk: StandingDesk, pages: int | None) -> None:
    """Let the file grow by so many pages and no more, as a full disk does; None: without limit."""
    ((count,),) = desk.store.sql("PRAGMA page_count")
    desk.store.sql(f"PRAGMA max_page_count = {2**31 if pages is None else count + pages}")


@pytest.mark.parametrize("pages", [0, 1, 3, 6])
def test_a_full_disk(standing: Standing, pages: int) -> None:
    one, two = standing.one, standing.two
    for number in range(30):
        two.contact(material=f"zwei-{number}", note="x" * 3000)
    one.contact(material="eins")
    two.round()
    _let_grow(one, pages)
    with pytest.raises(EnvironmentProblem, match=r"Der Datenträger ist voll\. Bitte schaffen Sie Platz"):
        one.round()
    status = one.sync.status()
    assert status.sentence == "1 Änderung wartet; der Abgleich gelingt gerade nicht"
    assert "Der Datenträger ist voll" in status.trouble
    assert one.store.sql("PRAGMA integrity_check") == [("ok",)]
    _let_grow(one, None)
    standing.settle()
    assert one.contacts() == sorted(["eins", *(f"zwei-{number}" for number in range(30))])
    assert one.sync.conflicts() == ()


@contextmanager
def _held_by_another(desk: StandingDesk) -> Iterator[None]:
    """Let another process hold the database as it writes."""
    code = (
        "import sys; from pathlib import Path; from desktop_app.storage.database import EncryptedDatabase\n"
        "d = EncryptedDatabase(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])); d.execute_sql('BEGIN IMMEDIATE')\n"
        "print('held', flush=True); sys.stdin.readline(); d.execute_sql('ROLLBACK')"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(desk.path), desk.data_key.hex()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    yield
    other.communicate("\n", timeout=20)


def test_a_locked_database(standing: Standing) -> None:
    one, two = standing.one, standing.two
    two.contact(material="zwei")
    two.round()
    one.contact(material="eins")
    one.store.sql("PRAGMA busy_timeout = 50")
    with (
        _held_by_another(one),
        pytest.raises(EnvironmentProblem, match="Ein anderes Programm schreibt gerade in die Datenbank"),
    ):
        one.round()
    assert one.sentence() == "1 Änderung wartet; der Abgleich gelingt gerade nicht"
    standing.settle()
    assert one.contacts() == ["eins", "zwei"]


# ---------------------------------------------------------------------------------------------- clocks


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_is_ten_years_off(standing: Standing, years: int) -> None:
    one, two = standing.one, standing.two
    before = one.contact(material="vorher", note="Notiz")
    standing.settle()
    right = one.clock.now()
    one.clock.set(right + timedelta(days=3652 * (1 if years > 0 else -1)))
    one.correct(before, material="mit falscher Uhr")
    one.contact(material="neu mit falscher Uhr")
    two.correct(before, channel=Channel.PHONE)
    standing.settle()
    two.correct(before, material="danach mit richtiger Uhr")
    standing.settle()
    one.clock.set(right + timedelta(hours=1))
    one.correct(before, channel=Channel.MAIL)
    standing.settle()
    assert two.contacts() == ["danach mit richtiger Uhr", "neu mit falscher Uhr"]
    assert two.office.desk.queries.contact(before).channel is Channel.MAIL
    assert one.sync.conflicts() == two.sync.conflicts() == ()
    # The weekly comparison is not put off for ten years either.
    pulls = standing.proxy.count("digest")
    one.clock.advance(timedelta(days=8))
    one.round()
    assert standing.proxy.count("digest") == pulls + 2
    standing.settle()


# ---------------------------------------------------------------------------------------------- restored here


def _copy_of(desk: StandingDesk, folder: Path) -> Path:
    """Take a backup as the program does; return it."""
    folder.mkdir()
    desk.store.write_backup_copy(folder / "quartierslotse.db")
    return folder / "quartierslotse.db"


def _opened(desk: StandingDesk, folder: Path) -> StandingDesk:
    clock = FixedClock(desk.clock.now() + timedelta(minutes=5))
    return StandingDesk(desk.name, folder, desk.running, desk.office_id, clock, desk.address, desk.data_key)


@pytest.mark.parametrize("fault", [None, lost_before, lost_after], ids=["smooth", "request lost", "answer lost"])
def test_a_backup_put_back_goes_on_under_a_new_name(standing: Standing, tmp_path: Path, fault) -> None:
    one, two = standing.one, standing.two
    contact = one.contact(material="vor der Sicherung")
    standing.settle()
    copy = _copy_of(one, tmp_path / "backup")
    one.correct(contact, material="nach der Sicherung")
    one.contact(material="neu nach der Sicherung")
    standing.settle()
    former = one.engine.connection.device_id
    one.close()
    standing.one = one = _opened(one, copy.parent)
    one.contact(material="nach dem Zurückspielen")
    one.correct(contact, channel=Channel.PHONE)
    if fault is not None:
        standing.proxy.on("/successor", fault)
        assert one.fails().startswith("Die Verbindung ist abgebrochen")
    standing.settle()
    assert one.engine.connection.device_id != former
    assert two.contacts() == ["nach dem Zurückspielen", "nach der Sicherung", "neu nach der Sicherung"]
    assert two.office.desk.queries.contact(contact).channel is Channel.PHONE
    assert one.sync.conflicts() == ()


def test_a_backup_put_back_after_others_changed_all_that_was_sent_since(standing: Standing, tmp_path: Path) -> None:
    """Nothing at the hub shows any more that this desk had counted further."""
    one, two = standing.one, standing.two
    contact = one.contact(material="vorher")
    standing.settle()
    copy = _copy_of(one, tmp_path / "backup")
    for number in range(4):
        one.correct(contact, material=f"nach der Sicherung {number}")
        one.round()
    standing.settle()
    two.correct(contact, material="von zwei")
    standing.settle()
    one.close()
    standing.one = one = _opened(one, copy.parent)
    one.correct(contact, channel=Channel.PHONE)
    standing.settle()
    assert two.contacts() == ["von zwei"]
    assert two.office.desk.queries.contact(contact).channel is Channel.PHONE


def test_a_file_put_back_after_another_desk_changed_what_was_sent_since(standing: Standing, tmp_path: Path) -> None:
    """A visitor's file keeps no former states: nothing at the hub tells how far this desk had counted."""
    one, two = standing.one, standing.two
    person = one.office.person("Frieda Fiktiv")
    standing.settle()
    copy = _copy_of(one, tmp_path / "backup")

    def change(desk: StandingDesk, **facts: str) -> None:
        entry = desk.office.files.open_file(desk.actor, person)
        names = {"name": entry.entry.name, "phone": entry.entry.phone, "former_name": entry.entry.former_name}
        desk.office.files.change_file(desk.actor, person, VisitorEntry(**{**names, **facts}), revision=entry.revision)

    for number in range(4):
        change(one, phone=f"0208 {number}")
        one.round()
    standing.settle()
    change(two, phone="0208 99")
    standing.settle()
    one.close()
    standing.one = one = _opened(one, copy.parent)
    change(one, former_name="Falsch")
    standing.settle()
    found = two.office.files.open_file(two.actor, person).entry
    assert (found.phone, found.former_name) == ("0208 99", "Falsch")


def test_two_copies_of_one_restored_file(standing: Standing, tmp_path: Path) -> None:
    """One of them goes on, the other is told to connect anew; what both wrote is there in the end."""
    one, two = standing.one, standing.two
    one.contact(material="vorher")
    standing.settle()
    copies = [_copy_of(one, tmp_path / name) for name in ("erste", "zweite")]
    one.contact(material="nach der Sicherung")
    standing.settle()
    one.close()
    first, second = (_opened(one, copy.parent) for copy in copies)
    first.contact(material="erste")
    second.contact(material="zweite")
    first.round()
    with pytest.raises(HubProblem) as told:
        second.round()
    assert "verbinden Sie ihn mit einem neuen Anmeldecode" in told.value.message
    assert second.contacts() == ["vorher", "zweite"]
    second.sync.disconnect(second.actor)
    second.join(two)
    standing.one = first
    standing.more.append(second)
    standing.settle()
    assert two.contacts() == ["erste", "nach der Sicherung", "vorher", "zweite"]
    assert not isinstance(told.value, UnknownDesk)


# ---------------------------------------------------------------------------------------------- two programs, one file


def test_two_programs_on_one_file(standing: Standing) -> None:
    """The tool syncs while the window does, and both record."""
    one, two = standing.one, standing.two
    beside = _opened(one, one.folder)
    failures: list[BaseException] = []
    barrier = threading.Barrier(2, timeout=30)

    def work(desk: StandingDesk, name: str) -> None:
        try:
            for number in range(6):
                desk.contact(material=f"{name}-{number}", note="Notiz")
                barrier.wait()
                desk.round()
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)
            barrier.abort()
        finally:
            desk.engine.forget_client()
            desk.store.end_thread()

    threads = [
        threading.Thread(target=work, args=(desk, name)) for desk, name in ((one, "Fenster"), (beside, "Werkzeug"))
    ]
    for thread in threads:
        thread.start()
    for number in range(3):
        two.contact(material=f"zwei-{number}")
        two.round()
    for thread in threads:
        thread.join(60)
    assert failures == []
    beside.close()
    standing.settle()
    names = [f"{name}-{number}" for name in ("Fenster", "Werkzeug") for number in range(6)]
    assert one.contacts() == sorted([*names, "zwei-0", "zwei-1", "zwei-2"])
    assert one.sync.conflicts() == two.sync.conflicts() == ()
    assert not one.store.sql(
        "SELECT 1 FROM sync_shadow WHERE document IS NULL AND deleted = 0 AND id NOT LIKE 'wire:%'"
    )


def test_another_program_connects_anew_meanwhile(standing: Standing) -> None:
    """The window notices that it has another name now."""
    one = standing.one
    one.round()
    beside = _opened(one, one.folder)
    beside.sync.disconnect(beside.actor)
    beside.address = ""
    beside.join(standing.two)
    beside.close()
    one.address = ""
    one.contact(material="A")
    standing.settle()
    assert standing.two.contacts() == ["A"]


# ---------------------------------------------------------------------------------------------- the first sync


class _StopAt:
    """Somebody presses Cancel when it comes to this."""

    def __init__(self, text: str) -> None:
        self._text = text

    def step(self, done: int, total: int, text: str) -> None:
        if text == self._text:
            raise Cancelled


MANY = 600  # in pages of 15


def test_a_first_sync_that_is_interrupted_twenty_times(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the network and by cancelling; nobody has to begin anew, and what was done is not done again."""
    monkeypatch.setattr("desktop_app.sync.sending.PUSH_RECORDS", MANY // 40)
    monkeypatch.setattr("desktop_app.sync.round.PULL_RECORDS", MANY // 40)
    one, two = standing.one, standing.two
    one.sync.disconnect(one.actor)
    for number in range(0, MANY, 2):
        one.contact(material=f"{number:05}")
        two.contact(material=f"{number + 1:05}")
    two.round()
    with monkeypatch.context() as patch:
        patch.setattr(one, "round", lambda: None)  # the first sync comes now, not while it is let in
        one.join(two)
    interrupt_twenty_times(standing)
    assert one.count("contact") < MANY or standing.live_records() < MANY, "it was over before"
    standing.settle()
    assert one.contacts() == [f"{number:05}" for number in range(MANY)]
    assert two.sync.conflicts() == ()
    pulled_and_pushed = standing.proxy.count(f"{PULL}|{PUSH}")
    assert pulled_and_pushed < 160, "something was fetched or sent again and again"


def interrupt_twenty_times(standing: Standing) -> None:
    one = standing.one
    for number in range(20):
        is_fetching = standing.one.count("contact") < MANY
        if number % 4 == 3:
            with pytest.raises(Cancelled):
                one.sync.run(one.actor, _StopAt("Neues wird übernommen" if is_fetching else "Eigenes wird gesendet"))
        else:
            fault = (lost_before, lost_after, cut_after(200))[number % 3]
            standing.proxy.on(PULL if is_fetching else PUSH, fault, skip=2)
            assert one.fails().startswith("Die Verbindung ist abgebrochen")
            standing.proxy.heal()
