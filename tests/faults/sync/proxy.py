"""A proxy between a desk and the hub that does to requests what networks do: one fault per request, as told.

It runs in threads of the test, answers on a free port of this machine and never sleeps: what has to wait waits for an
event of the test or for the other side to give up.
"""

from __future__ import annotations

import gzip
import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

_HEAD_END = b"\r\n\r\n"
_PATIENCE = 20.0  # of the proxy itself, so that a broken test ends


class Closed(Exception):
    """The other side is gone."""


@dataclass
class Exchange:
    """One request on its way, and what may be done with it."""

    request: bytes
    client: socket.socket
    hub: tuple[str, int]
    number: int  # of the requests seen since the proxy started
    is_open: bool = True

    @property
    def line(self) -> str:
        """Method and path, e.g. "POST /v1/spaces/directory/push"."""
        method, path, _ = self.request.partition(b"\r\n")[0].decode().split(" ")
        return f"{method} {path}"

    def forward(self) -> bytes:
        """Hand the request to the hub; return its whole answer as it came."""
        with socket.create_connection(self.hub, timeout=_PATIENCE) as there:
            there.sendall(self.request)
            answer = read_message(there)
            if answer is None:
                raise Closed
            return answer

    def deliver(self) -> None:
        """Hand the request to the hub and do not wait for what it makes of it."""
        with socket.create_connection(self.hub, timeout=_PATIENCE) as there:
            there.sendall(self.request)

    def answer(self, raw: bytes) -> None:
        """Send bytes to the desk."""
        self.client.sendall(raw)

    def close(self) -> None:
        """Break the connection to the desk, at once."""
        self.is_open = False

    def await_hanging_up(self) -> None:
        """Say nothing until the desk gives up."""
        self.client.settimeout(_PATIENCE)
        with suppress(OSError):
            while self.client.recv(65536):
                pass
        self.is_open = False


Fault = Callable[[Exchange], None]


def no_fault(exchange: Exchange) -> None:
    """Hand on."""
    exchange.answer(exchange.forward())


def lost_before(exchange: Exchange) -> None:
    """The request never reaches the hub."""
    exchange.close()


def lost_after(exchange: Exchange) -> None:
    """The hub has done it; nobody hears of that."""
    exchange.forward()
    exchange.close()


def doubled(exchange: Exchange) -> None:
    """The request arrives twice."""
    exchange.forward()
    exchange.answer(exchange.forward())


def cut_after(count: int) -> Fault:
    """Return the fault of an answer that breaks off after so many bytes."""

    def cut(exchange: Exchange) -> None:
        exchange.answer(exchange.forward()[:count])
        exchange.close()

    return cut


def cut_request(exchange: Exchange) -> None:
    """Half of the request reaches the hub."""
    with socket.create_connection(exchange.hub, timeout=_PATIENCE) as there:
        there.sendall(exchange.request[: len(exchange.request) - 20])
    exchange.close()


def garbled(exchange: Exchange) -> None:
    """The body arrives changed."""
    head, _, body = exchange.forward().partition(_HEAD_END)
    exchange.answer(head + _HEAD_END + bytes(byte ^ 0x15 for byte in body))


def garbled_request(exchange: Exchange) -> None:
    """The hub gets a changed body; what it says of that comes back."""
    whole = exchange.request
    head, _, body = whole.partition(_HEAD_END)
    exchange.request = head + _HEAD_END + bytes(byte ^ 0x15 for byte in body)
    exchange.answer(exchange.forward())


def stalled(exchange: Exchange) -> None:
    """The request arrives, the answer does not."""
    exchange.forward()
    exchange.await_hanging_up()


def says(status: int, body: bytes = b"", content_type: str = "application/json", **headers: str) -> Fault:
    """Return the fault of somebody else answering; the hub hears of nothing."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    raw = "\r\n".join(lines).encode() + _HEAD_END + body
    return lambda exchange: exchange.answer(raw)


def page(status: int, text: str = "<html><body>Willkommen im Gäste-WLAN</body></html>", **headers: str) -> Fault:
    """Return the fault of a web page in place of the hub's answer."""
    return says(status, text.encode(), "text/html; charset=utf-8", **headers)


@dataclass
class Later:
    """A request that arrives long after the desk gave it up: `let_through` is when."""

    _held: list[Exchange] = field(default_factory=list)

    def __call__(self, exchange: Exchange) -> None:
        """Keep it."""
        self._held.append(exchange)
        exchange.close()

    def let_through(self) -> list[bytes]:
        """Hand everything kept to the hub; return its answers, which nobody reads."""
        return [exchange.forward() for exchange in self._held]


@dataclass
class _Rule:
    pattern: str
    fault: Fault
    skip: int
    times: int | None


class FaultyProxy:
    """Listens on this machine and hands requests to `hub`, except where a fault is set."""

    def __init__(self, hub_port: int, wrap: Callable[[socket.socket], socket.socket] | None = None) -> None:
        """Start; `wrap` is what is done to a connection first, such as TLS."""
        self.hub_port = hub_port
        self.seen: list[str] = []
        self._wrap = wrap
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()
        self._clients: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, name="proxy", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def address(self) -> str:
        """What a desk takes for the hub's address."""
        return f"http://127.0.0.1:{self.port}"

    def on(self, pattern: str, fault: Fault, *, skip: int = 0, times: int | None = 1) -> None:
        """Do `fault` to requests whose line matches `pattern`: after `skip` of them, `times` (None: from then on)."""
        with self._lock:
            self._rules.append(_Rule(pattern, fault, skip, times))

    def heal(self) -> None:
        """No faults from now on."""
        with self._lock:
            self._rules.clear()

    def count(self, pattern: str) -> int:
        """Return how many requests matched."""
        return sum(bool(re.search(pattern, line)) for line in self.seen)

    def close(self) -> None:
        """Stop, and break what is open."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        self._thread.join(_PATIENCE)

    # ------------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), name="proxy-client", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError, Closed), client:
            spoken_to = client if self._wrap is None else self._wrap(client)
            with self._lock:
                self._clients.add(spoken_to)
            try:
                with spoken_to:
                    spoken_to.settimeout(_PATIENCE)
                    self._serve_requests(spoken_to)
            finally:
                with self._lock:
                    self._clients.discard(spoken_to)

    def _serve_requests(self, client: socket.socket) -> None:
        while (request := read_message(client)) is not None:
            with self._lock:
                exchange = Exchange(request, client, ("127.0.0.1", self.hub_port), len(self.seen))
                self.seen.append(exchange.line)
                fault = self._fault_for(exchange.line)
            fault(exchange)
            if not exchange.is_open:
                return

    def _fault_for(self, line: str) -> Fault:
        for rule in self._rules:
            if not re.search(rule.pattern, line) or rule.times == 0:
                continue
            if rule.skip:
                rule.skip -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
            return rule.fault
        return no_fault


def body_of(answer: bytes) -> bytes:
    """Return the body of an answer, unpacked."""
    head, _, body = answer.partition(_HEAD_END)
    return gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body


def read_message(source: socket.socket) -> bytes | None:
    """Return a whole request or answer with a Content-Length; None when the other side closed."""
    raw = b""
    while _HEAD_END not in raw:
        part = source.recv(65536)
        if not part:
            return None
        raw += part
    head = raw.partition(_HEAD_END)[0]
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    size = len(head) + len(_HEAD_END) + (int(found[1]) if found else 0)
    parts = [raw]
    have = len(raw)
    while have < size:
        part = source.recv(65536)
        if not part:
            return None
        parts.append(part)
        have += len(part)
    return b"".join(parts)
