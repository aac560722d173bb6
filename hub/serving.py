"""Running the application with uvicorn."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from hub.settings import HubSettings

_SHUTDOWN_SECONDS = 10
_KEEP_ALIVE_SECONDS = 75


def make_server(app: FastAPI, settings: HubSettings) -> uvicorn.Server:
    """Return a server that is not running yet. Our own log replaces uvicorn's, which quotes paths."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        ws="none",
        lifespan="on",
    )
    return uvicorn.Server(config)


def run_server(server: uvicorn.Server, listener: socket.socket | None = None) -> bool:
    """Serve until told to stop; return False if it could not listen, which uvicorn answers by leaving the process.

    With a `listener` it serves those who come there.
    """
    hang_up = getattr(signal, "SIGHUP", None)  # uvicorn looks after the other two itself; Windows has none
    former = signal.signal(hang_up, server.handle_exit) if hang_up else None
    try:
        with contextlib.suppress(SystemExit):
            server.run(sockets=None if listener is None else [listener])
    finally:
        if hang_up:
            signal.signal(hang_up, former)
    return bool(server.started)


@contextlib.contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Within the block SIGTERM and a closed terminal raise KeyboardInterrupt, as Ctrl+C does.

    uvicorn stops in order by itself, but then sends the signal once more, to whoever had it before; without this the
    process would end there, and with it everything that was still to be put away.
    """

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    numbers = [
        getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
    ]  # Windows has no SIGHUP
    former = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
