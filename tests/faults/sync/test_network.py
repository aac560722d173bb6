"""Every way in which a network or what stands in it disturbs a round: words, and nothing lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from desktop_app.contacts.vocabulary import Channel
from desktop_app.sync.records import ConnectionState
from tests.faults.sync.proxy import (
    Fault,
    Later,
    body_of,
    cut_after,
    cut_request,
    doubled,
    garbled,
    garbled_request,
    lost_after,
    lost_before,
    page,
    says,
    stalled,
)
from tests.faults.sync.standing import Standing

PUSH = r"^POST /v1/spaces/office-[^/]*/push"
PULL = r"^GET /v1/spaces/office-[^/]*/pull"
ME = r"^GET /v1/me"

BROKEN_OFF = "Die Verbindung ist abgebrochen. Es geht nichts verloren"
NOT_THE_HUB = "Statt des Abgleich-Servers hat etwas anderes geantwortet, meist die Anmeldeseite eines Gäste-WLANs."
BUSY = "Der Abgleich-Server hat gerade viel zu tun."
FAULT = "Im Abgleich-Server ist ein Fehler aufgetreten."
REFUSED = "Der Abgleich-Server erlaubt diesem Büro das nicht. Ihre Änderungen bleiben hier."
UNKNOWN = "Der Abgleich-Server hat den Bereich dieses Büros nicht (mehr)"

OFFLINE_LINE = "1 Änderung wartet, offline"
FAILS_LINE = "1 Änderung wartet; der Abgleich gelingt gerade nicht"


@dataclass(frozen=True)
class Case:
    """A fault and what the user reads: at once, and in the status line from then on."""

    fault: Fault
    words: str
    line: str = OFFLINE_LINE
    state: ConnectionState = ConnectionState.WAITING
    retry_after: float | None = None


def problem(fault: Fault, words: str) -> Case:
    """A fault that a person has to look after: the line is the whole sentence."""
    return Case(fault, words, words, ConnectionState.PROBLEM)


def _error(status: int, code: str, **headers: str) -> Fault:
    return says(status, f'{{"error":"{code}","detail":"No."}}'.encode(), **headers)


CASES = {
    "response lost after commit": Case(lost_after, BROKEN_OFF),
    "request lost": Case(lost_before, BROKEN_OFF),
    "requests cut": Case(cut_request, BROKEN_OFF),
    "cut after 0 bytes": Case(cut_after(0), BROKEN_OFF),
    "cut after 9 bytes": Case(cut_after(9), BROKEN_OFF),
    "cut after 60 bytes": Case(cut_after(60), BROKEN_OFF),
    "cut before the last byte": Case(cut_after(-1), BROKEN_OFF),
    "garbled body": Case(garbled, NOT_THE_HUB, FAILS_LINE),
    "JSON of somebody else": Case(says(200, b'{"status":"login required"}'), NOT_THE_HUB, FAILS_LINE),
    "a list instead": Case(says(200, b"[1,2]"), NOT_THE_HUB, FAILS_LINE),
    "no JSON at all": Case(says(200, b""), NOT_THE_HUB, FAILS_LINE),
    "broken gzip": Case(says(200, b"\x1f\x8b no gzip", Content_Encoding="gzip"), NOT_THE_HUB, FAILS_LINE),
    "captive portal": Case(page(200), NOT_THE_HUB, FAILS_LINE),
    "captive portal that redirects": Case(page(302, Location="http://login.example.org/"), NOT_THE_HUB, FAILS_LINE),
    "captive portal of RFC 6585": Case(page(511), NOT_THE_HUB, FAILS_LINE),
    "401 of a proxy": Case(page(401), NOT_THE_HUB, FAILS_LINE),
    "403": problem(_error(403, "forbidden"), REFUSED),
    "403 of a proxy": Case(page(403), NOT_THE_HUB, FAILS_LINE),
    "404": problem(_error(404, "not_found"), UNKNOWN),
    "404 of a proxy": Case(page(404), NOT_THE_HUB, FAILS_LINE),
    "429": Case(_error(429, "rate_limited", Retry_After="77"), BUSY, FAILS_LINE, retry_after=77),
    "500": Case(_error(500, "internal"), FAULT, FAILS_LINE),
    "502": Case(page(502, "<html>Bad Gateway</html>"), BUSY, FAILS_LINE),
    "503 with Retry-After": Case(page(503, Retry_After="120"), BUSY, FAILS_LINE, retry_after=120),
    "503 with a date": Case(
        page(503, Retry_After="Sun, 22 Nov 2026 09:43:02 GMT", Date="Sun, 22 Nov 2026 09:41:02 GMT"),
        BUSY,
        FAILS_LINE,
        retry_after=120,
    ),
    "503 without sense": Case(page(503, Retry_After="bald"), BUSY, FAILS_LINE),
}


#: All of them while something is sent; while something is fetched one of each kind, for one way leads there.
FETCHING = ("response lost after commit", "cut after 60 bytes", "garbled body", "captive portal", "403", "404", "429")


@pytest.mark.parametrize(("name", "where"), [*((name, PUSH) for name in CASES), *((name, PULL) for name in FETCHING)])
def test_a_round_meets_a_fault_and_the_next_one_ends_it(lasting: Standing, name: str, where: str) -> None:
    case, one, two = CASES[name], lasting.one, lasting.two
    before = one.contacts()
    one.contact(material=f"{name} {where}, eins", note="Vor dem Fehler")
    two.contact(material=f"{name} {where}, zwei")
    two.round()
    lasting.proxy.on(where, case.fault)
    assert one.fails().startswith(case.words)
    assert one.engine.retry_after == case.retry_after
    status = one.sync.status()
    assert status.state is case.state
    assert status.sentence.startswith(case.line), status.sentence
    assert status.waiting_changes == 1
    assert (status.problem or status.trouble).startswith(case.words)
    one.round()
    lasting.settle()
    assert one.sync.status().trouble == ""
    assert one.contacts() == sorted([*before, f"{name} {where}, eins", f"{name} {where}, zwei"])
    assert one.sync.conflicts() == two.sync.conflicts() == ()


@pytest.mark.parametrize("where", [ME, PULL, PUSH], ids=["me", "pull", "push"])
def test_a_stall(standing: Standing, where: str) -> None:
    one = standing.one
    one.be_impatient()
    one.contact(material="A")
    standing.proxy.on(where, stalled)
    assert one.fails().startswith(BROKEN_OFF)
    assert one.sentence() == OFFLINE_LINE
    one.read_seconds = 10.0
    one.engine.forget_client()
    standing.settle()
    assert one.contacts() == ["A"]


def test_a_413_is_answered_with_halves(standing: Standing) -> None:
    """A proxy before the hub may take less than the hub does."""
    one = standing.one
    for number in range(9):
        one.contact(material=f"{number}")
    standing.proxy.on(PUSH, page(413, "<html>Request Entity Too Large</html>"), times=3)
    one.round()
    standing.settle()
    assert one.contacts() == [str(number) for number in range(9)]
    assert standing.proxy.count(PUSH) >= 4


def test_a_413_after_a_lost_answer(standing: Standing) -> None:
    """What was prepared before can be too large as well."""
    one = standing.one
    for number in range(4):
        one.contact(material=f"{number}")
    standing.proxy.on(PUSH, lost_before)
    assert one.fails().startswith(BROKEN_OFF)
    standing.proxy.on(PUSH, page(413))
    one.round()
    standing.settle()
    assert one.contacts() == ["0", "1", "2", "3"]


def test_a_record_that_is_too_large_waits_and_goes_when_it_is_shorter(standing: Standing) -> None:
    one, two = standing.one, standing.two
    one.contact(material="A")
    contact = one.contact(material="B", note="lang")
    standing.proxy.on(PUSH, page(413), times=None)
    one.round()
    sentences = {found.sentence for found in one.sync.parked()}
    assert sentences == {"Ist zu groß für den Abgleich-Server und bleibt nur hier. Bitte kürzen Sie den Text."}
    standing.proxy.heal()
    one.correct(contact, note="kurz")
    one.round()
    two.round()
    assert "B" in two.contacts()
    assert len(one.sync.parked()) == len(sentences) == 1  # A: nobody has shortened it


@pytest.mark.parametrize("where", [PUSH, PULL], ids=["push", "pull"])
def test_a_request_that_arrives_twice(on_both: Standing, where: str) -> None:
    one = on_both.one
    contact = one.contact(material="A")
    on_both.proxy.on(where, doubled, times=None)
    one.round()
    one.correct(contact, channel=Channel.PHONE)
    one.round()
    on_both.settle()
    assert one.contacts() == ["A"]
    assert one.sync.conflicts() == ()


def test_a_lost_answer_and_a_further_edit_are_no_conflict_with_oneself(on_both: Standing) -> None:
    one, two = on_both.one, on_both.two
    contact = one.contact(material="A")
    on_both.settle()
    one.correct(contact, material="B")
    on_both.proxy.on(PUSH, lost_after)
    one.fails()
    one.correct(contact, material="C")
    one.round()
    on_both.settle()
    assert two.contacts() == ["C"]
    assert one.sync.conflicts() == ()
    assert two.sync.conflicts() == ()


def test_a_push_that_arrives_after_a_later_one(on_both: Standing) -> None:
    """The desk gave it up and erased what was in it; then it arrives."""
    one, two = on_both.one, on_both.two
    contact = one.contact(material="A", note="Geheim")
    on_both.settle()
    one.correct(contact, note="Noch geheimer", material="B")
    late = Later()
    on_both.proxy.on(PUSH, late)
    assert one.fails().startswith(BROKEN_OFF)
    with one.store.unit_of_work(one.actor, "erase_note", ("contact", contact)) as unit:
        from desktop_app.retention.erasing import Eraser

        Eraser(one.store).erase(unit, "note", contact)
    one.round()
    (answer,) = late.let_through()
    assert b'"applied":[]' in body_of(answer)
    on_both.settle()
    for desk in (one, two):
        assert desk.contacts() == ["B"]
        assert desk.count("contact_note") == 0
        assert desk.sync.conflicts() == ()


def test_a_push_that_arrives_again_much_later(on_both: Standing) -> None:
    one = on_both.one
    contact = one.contact(material="A")
    late = Later()
    on_both.proxy.on(PUSH, late)
    one.fails()
    one.round()
    one.correct(contact, material="B")
    one.round()
    late.let_through()
    on_both.settle()
    assert one.contacts() == ["B"]
    assert one.sync.conflicts() == ()


def test_a_garbled_request_is_refused_whole(on_both: Standing) -> None:
    one = on_both.one
    one.contact(material="A")
    on_both.proxy.on(PUSH, garbled_request)
    before = on_both.live_records()
    assert one.fails().startswith(FAULT)
    assert on_both.live_records() == before
    on_both.settle()
    assert one.contacts() == ["A"]
