"""No way to the hub, or one that is not protected: nobody there, no name, TLS that does not fit."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.sync.hub_client import HubClient
from desktop_app.sync.hub_problems import Untrusted
from desktop_app.sync.records import ConnectionState
from tests.faults.sync.proxy import FaultyProxy
from tests.faults.sync.standing import Standing
from tests.hub.running import free_port

CERTIFICATE = Path(__file__).with_name("self_signed.pem")
NOT_SAFE = "Die Verbindung zu „localhost“ ist nicht sicher: Das Zertifikat passt nicht. Es wurde nichts gesendet."
BROKEN_OFF = "Die Verbindung ist abgebrochen. Es geht nichts verloren"
NOT_THE_HUB = "Statt des Abgleich-Servers hat etwas anderes geantwortet, meist die Anmeldeseite eines Gäste-WLANs."


@pytest.fixture(autouse=True)
def _no_proxy_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def _protected(client: socket.socket) -> socket.socket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context.wrap_socket(client, server_side=True)


def _hangs_up(client: socket.socket) -> socket.socket:
    client.recv(10)
    raise OSError


def _speaks_in_the_clear(client: socket.socket) -> socket.socket:
    client.recv(65536)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    return client


WAYS: dict[str, tuple[Callable[[socket.socket], socket.socket], str, ConnectionState]] = {
    "a certificate nobody signed": (_protected, NOT_SAFE, ConnectionState.PROBLEM),
    "hung up while TLS begins": (_hangs_up, BROKEN_OFF, ConnectionState.WAITING),
    "a page in the clear": (_speaks_in_the_clear, NOT_THE_HUB, ConnectionState.WAITING),
}


@pytest.fixture
def protected(standing: Standing) -> Iterator[Callable[[Callable[[socket.socket], socket.socket]], FaultyProxy]]:
    made: list[FaultyProxy] = []

    def make(wrap: Callable[[socket.socket], socket.socket]) -> FaultyProxy:
        made.append(FaultyProxy(standing.hub.port, wrap))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


@pytest.mark.parametrize("name", WAYS)
def test_tls_that_does_not_come_about(standing: Standing, protected, name: str) -> None:
    wrap, words, state = WAYS[name]
    one, proxy = standing.one, protected(wrap)
    one.contact(material="A")
    one.address = f"https://localhost:{proxy.port}"
    one.engine.forget_client()
    assert one.fails().startswith(words)
    assert one.sync.status().state is state
    assert proxy.seen == [], "something was sent"
    _go_on(standing)


def test_tls_that_is_trusted_works(standing: Standing, protected, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same certificate, once the computer trusts it: so the refusal above is about trust and nothing else."""
    monkeypatch.setattr("desktop_app.sync.hub_client._system_context", _trusting)
    one, proxy = standing.one, protected(_protected)
    one.contact(material="A")
    one.address = f"https://localhost:{proxy.port}"
    one.engine.forget_client()
    one.round()
    standing.settle()
    assert standing.two.contacts() == ["A"]


def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:{free}", "Keine Verbindung. Ihre Änderungen warten hier und gehen von selbst hinaus"),
        ("https://hub.invalid", "Die Adresse „hub.invalid“ wurde im Netz nicht gefunden. Ihre Änderungen warten hier;"),
    ],
    ids=["refused port", "no DNS"],
)
def test_nobody_there(standing: Standing, address: str, words: str) -> None:
    one = standing.one
    one.contact(material="A")
    one.address = address.format(free=free_port())
    one.engine.forget_client()
    assert one.fails().startswith(words)
    assert one.sentence() == "1 Änderung wartet, offline"
    assert one.sync.status().trouble.startswith(words)
    _go_on(standing)


def test_an_address_in_the_clear_is_never_asked() -> None:
    with pytest.raises(Untrusted, match=r"beginnt nicht mit „https“. Ungeschützt wird nichts gesendet"):
        HubClient("http://hub.example.org", "token")


def _go_on(standing: Standing) -> None:
    one = standing.one
    one.address = standing.proxy.address
    one.engine.forget_client()
    standing.settle()
    assert one.contacts() == ["A"]
