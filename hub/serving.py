"""Running the application with uvicorn."""

from __future__ import annotations

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
