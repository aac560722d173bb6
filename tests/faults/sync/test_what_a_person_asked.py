"""What a person asked of the hub and did not get: the sentence promises nothing that goes on by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from desktop_app.core.clock import FixedClock
from desktop_app.sync.hub_client import HubClient
from desktop_app.sync.hub_problems import HubProblem, NotTheHub
from desktop_app.sync.records import ConnectionState
from tests.faults.sync.proxy import Exchange, Fault, cut_after, lost_after, lost_before, no_fault, page, says
from tests.faults.sync.standing import Standing, StandingDesk
from tests.faults.sync.syncing_desk import START
from tests.hub.running import free_port
from tests.sync.desks import OfficeDesk

#: What only rounds may say: they are tried again without anybody.
PROMISES = re.compile(r"von selbst|warten hier|bleiben hier|nächste Versuch|versucht es|wird geteilt|abgeglichen wird")
TRY_AGAIN = "versuchen Sie es"
ASK_WHO_CARES = "fragen Sie die Person, die den Abgleich-Server betreut"


def _error(status: int, code: str, more: str = "", **headers: str) -> Fault:
    return says(status, f'{{"error":"{code}","detail":"No."{more}}}'.encode(), **headers)


FAULTS: dict[str, tuple[Fault, str, str]] = {
    "request lost": (lost_before, "Die Verbindung ist abgebrochen, bevor eine Antwort da war.", TRY_AGAIN),
    "response lost": (lost_after, "Die Verbindung ist abgebrochen, bevor eine Antwort da war.", TRY_AGAIN),
    "cut": (cut_after(60), "Die Verbindung ist abgebrochen, bevor eine Antwort da war.", TRY_AGAIN),
    "captive portal": (page(200), "Statt des Abgleich-Servers hat etwas anderes geantwortet", TRY_AGAIN),
    "429": (
        _error(429, "rate_limited", Retry_After="77"),
        "Der Abgleich-Server hat gerade viel zu tun. Bitte versuchen Sie es in 2 Minuten noch einmal.",
        TRY_AGAIN,
    ),
    "503": (page(503), "Der Abgleich-Server hat gerade viel zu tun. Bitte versuchen Sie es in 1 Minute", TRY_AGAIN),
    "500": (_error(500, "internal"), "Im Abgleich-Server ist ein Fehler aufgetreten.", TRY_AGAIN),
    "403": (_error(403, "forbidden"), "Der Abgleich-Server erlaubt diesem Büro das nicht.", ASK_WHO_CARES),
    "404": (_error(404, "not_found"), "Der Abgleich-Server hat nicht (mehr), wonach", ASK_WHO_CARES),
    "413": (_error(413, "too_large"), "Die Anfrage war dem Abgleich-Server zu groß.", ASK_WHO_CARES),
    "426": (
        _error(426, "client_too_old", ',"min_client":"9.0.0"'),
        "Der Abgleich-Server braucht mindestens Version 9.0.0 von Quartierslotse.",
        "aktualisieren",
    ),
}

REQUESTS: dict[str, Callable[[StandingDesk], object]] = {
    "invite": lambda desk: desk.sync.invite(desk.actor, "Küche"),
    "desks": lambda desk: desk.sync.desks(),
    "revoke": lambda desk: desk.sync.revoke(desk.actor, "nobody"),
}


def _sentence(ask: Callable[[], object]) -> str:
    with pytest.raises(HubProblem) as caught:
        ask()
    assert str(caught.value) == caught.value.message
    return caught.value.message


@pytest.mark.parametrize("name", FAULTS)
def test_a_connected_desk_asks_and_gets_nothing(standing: Standing, name: str) -> None:
    fault, begins, advice = FAULTS[name]
    desk = standing.one
    for ask in REQUESTS.values():
        standing.proxy.on("", fault)
        said = _sentence(partial(ask, desk))
        assert said.startswith(begins)
        assert advice in said
        assert not PROMISES.search(said)
        standing.proxy.heal()
    assert desk.sync.status().state is ConnectionState.IN_STEP, "what was asked in vain is no trouble of the rounds"


@pytest.mark.parametrize("name", ["request lost", "captive portal", "429", "426"])
def test_connecting_gets_nothing(standing: Standing, tmp_path: Path, name: str) -> None:
    fault, begins, _advice = FAULTS[name]
    office_id = standing.hub.add_office("Träger Süd", "Büro Süd")
    desk = OfficeDesk("Platz", tmp_path / "Platz", standing.hub, office_id, FixedClock(START), standing.proxy.address)
    try:
        code = desk.code()
        for ask in (lambda: desk.sync.preview(code), lambda: desk.connect(code)):
            standing.proxy.on("", fault)
            said = _sentence(ask)
            assert said.startswith(begins)
            assert not PROMISES.search(said)
            standing.proxy.heal()
        assert desk.sync.status().state is ConnectionState.NOT_CONNECTED
        desk.connect(code)
        assert desk.sync.status().state is ConnectionState.IN_STEP
    finally:
        desk.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "http://127.0.0.1:{free}",
            "Der Abgleich-Server antwortet nicht. Bitte prüfen Sie das Netz und versuchen Sie es noch einmal.",
        ),
        (
            "https://hub.invalid",
            "Die Adresse „hub.invalid“ wurde im Netz nicht gefunden. Bitte prüfen Sie das Netz und versuchen Sie es noch einmal.",
        ),
    ],
    ids=["refused port", "no DNS"],
)
def test_nobody_there(standing: Standing, monkeypatch: pytest.MonkeyPatch, address: str, words: str) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    desk = standing.one
    desk.address = address.format(free=free_port())
    desk.engine.forget_client()
    assert _sentence(lambda: desk.sync.preview(desk.code())) == words
    assert _sentence(lambda: desk.sync.invite(desk.actor, "Küche")) == words


def test_the_round_afterwards_keeps_its_own_sentence(standing: Standing) -> None:
    desk = standing.one
    desk.contact(material="A")
    standing.proxy.on("", _error(429, "rate_limited", Retry_After="77"), times=None)
    assert not PROMISES.search(_sentence(lambda: desk.sync.invite(desk.actor, "Küche")))
    assert desk.fails().endswith("Der Abgleich versucht es von selbst noch einmal.")
    assert desk.sync.status().trouble.endswith("Der Abgleich versucht es von selbst noch einmal.")


def _way(standing: Standing, token: str = "") -> HubClient:
    return HubClient(standing.proxy.address, token, connect_seconds=2, read_seconds=2)


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in {"403", "404", "413", "426"}])
def test_asking_which_hub_answers_fails_as_any_request(standing: Standing, name: str) -> None:
    fault, begins, _advice = FAULTS[name]
    standing.proxy.on("/healthz", fault)
    assert _sentence(_way(standing).hub_id).startswith(begins)
    assert _way(standing).hub_id() == standing.hub.hub_id


@pytest.mark.parametrize("body", [b"{}", b'{"status":"login required"}', b'{"status":"ok","hub_id":null}', b'["ok"]'])
def test_what_says_not_which_hub_it_is_is_none(standing: Standing, body: bytes) -> None:
    standing.proxy.on("/healthz", says(200, body))
    with pytest.raises(NotTheHub):
        _way(standing).hub_id()


def test_which_hub_answers_is_asked_without_a_token(standing: Standing) -> None:
    asked: list[bytes] = []

    def listen(exchange: Exchange) -> None:
        asked.append(exchange.request)
        no_fault(exchange)

    client = _way(standing, "a-token-that-another-hub-must-not-see")
    standing.proxy.on("/healthz", listen)
    assert client.hub_id() == standing.hub.hub_id
    assert asked
    assert b"authorization" not in asked[0].lower()
