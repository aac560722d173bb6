"""What every route has at hand: the parts of this hub, who calls, the body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from desktop_app.sync import protocol
from desktop_app.sync.protocol import ErrorCode
from hub.clock import Now
from hub.errors import Refused, bad_request, rate_limited, unknown_token
from hub.http.bodies import read_body
from hub.identity.devices import mark_seen, who_calls
from hub.limits import RateLimit
from hub.metrics import Metrics
from hub.rights import Caller
from hub.settings import HubSettings
from hub.storage.database import HubDatabase


@dataclass(frozen=True)
class HubParts:
    """One running hub. Routes get it from the application, nothing is global."""

    settings: HubSettings
    database: HubDatabase
    now: Now
    metrics: Metrics
    hub_id: str
    per_device: RateLimit
    enrolments: RateLimit
    """Tries with a code, per network address."""
    wrong_tokens: RateLimit
    """Tries with a token nobody has, per network address."""


async def parts_of(request: Request) -> HubParts:
    """Return the parts of the hub that answers this request. Asynchronous: a thread would cost more than it does."""
    parts: HubParts = request.app.state.parts
    return parts


Parts = Annotated[HubParts, Depends(parts_of)]


async def check_client(request: Request, parts: Parts) -> None:
    """Refuse desks that are too old to be understood.

    Raises:
        Refused: 426, or 400 when the header is missing or makes no sense.
    """
    text = request.headers.get(protocol.CLIENT_HEADER)
    version = protocol.version_tuple(text) if text else None
    if version is None:
        raise bad_request(f"The header {protocol.CLIENT_HEADER} has to name the version of the desk.")
    if version < (protocol.version_tuple(parts.settings.min_client) or ()):
        raise Refused(
            426,
            ErrorCode.CLIENT_TOO_OLD,
            "This version of the desk is too old for the hub.",
            headers={"Upgrade": "quartierslotse"},
            extra={"min_client": parts.settings.min_client},
        )


def network_address(request: Request) -> str:
    """Return where the request comes from; behind a proxy uvicorn has put the real address there."""
    return request.client.host if request.client else ""


def token_of(request: Request) -> str:
    """Return the bearer token.

    Raises:
        Refused: 401, there is none.
    """
    scheme, _, token = request.headers.get(protocol.AUTHORIZATION_HEADER, "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unknown_token()
    return token.strip()


def signed_in(request: Request, parts: Parts, _client: Annotated[None, Depends(check_client)]) -> Caller:
    """Return the desk that calls.

    Raises:
        Refused: 401, or 429 for too many requests, of this desk or of wrong tokens from this address.
    """
    address = network_address(request)
    if wait := parts.wrong_tokens.wait_seconds(address, take=False):
        raise rate_limited(wait)
    try:
        with parts.database.session():
            caller = who_calls(parts.database, token_of(request))
            mark_seen(parts.database, parts.now, caller)
    except Refused as refusal:
        if refusal.code == ErrorCode.UNKNOWN_TOKEN:
            parts.wrong_tokens.wait_seconds(address)
        raise
    if wait := parts.per_device.wait_seconds(caller.device_id):
        raise rate_limited(wait)
    return caller


SignedIn = Annotated[Caller, Depends(signed_in)]


def body_up_to(limit: int) -> Callable[[Request], Awaitable[bytes]]:
    """Return a dependency that takes in the body. Put it behind SignedIn: nothing is read of who may not come in."""

    async def body(request: Request) -> bytes:
        return await read_body(request, limit)

    return body


SmallBody = Annotated[bytes, Depends(body_up_to(protocol.MAX_SMALL_BODY_BYTES))]
LargeBody = Annotated[bytes, Depends(body_up_to(protocol.MAX_PUSH_BYTES))]
