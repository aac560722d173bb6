"""The routes: who may call, what is read, which part of the hub does it."""

from __future__ import annotations

from typing import Annotated, Any, cast

import peewee
from fastapi import APIRouter, Depends, Query, Request, Response

from desktop_app.sync import protocol
from hub.errors import busy, forbidden, rate_limited
from hub.http import models
from hub.http.bodies import checked, json_answer, read_json
from hub.http.parts import HubParts, LargeBody, Parts, SignedIn, SmallBody, check_client, network_address, token_of
from hub.identity import devices, offices
from hub.metrics import CONTENT_TYPE
from hub.rights import Caller
from hub.spaces import catalogue
from hub.spaces.changes import read_hand_over, read_push
from hub.spaces.digest import digest
from hub.spaces.hand_over import hand_over
from hub.spaces.pull import pull, pull_positions
from hub.spaces.push import push

open_routes = APIRouter()
desk_routes = APIRouter()
_SMALL = protocol.MAX_SMALL_BODY_BYTES

# Refusals any request of a desk can meet, for the description.
ANY_REFUSAL: dict[int | str, dict[str, Any]] = {
    status: {"model": models.ErrorAnswer, "description": text}
    for status, text in {
        400: "Can't be read",
        401: "Token unknown or revoked",
        403: "Not allowed",
        404: "Not there, or nobody's business",
        409: "Something else came first",
        413: "Too large",
        422: "Wrong shape",
        426: "Client too old",
        429: "Too many requests",
        503: "Database away",
    }.items()
}
GONE: dict[int | str, dict[str, Any]] = {410: {"model": models.ErrorAnswer, "description": "Cursor too old"}}


def _takes(name: str) -> dict[str, Any]:
    """Describe a body that is read by hand."""
    reference = {"$ref": f"#/components/schemas/{name}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": reference}}}}


# ---------------------------------------------------------------------------------------------- open to everybody


@open_routes.get(protocol.HEALTH, summary="Is the hub well?", responses={503: ANY_REFUSAL[503]})
def health(request: Request, parts: Parts) -> Response:
    """Ask the database; 503 when it does not answer. Says which hub it is: a desk it does not know may want to know that."""
    try:
        parts.database.ping()
    except (peewee.PeeweeException, ValueError) as error:
        raise busy() from error
    return json_answer(request, {"status": "ok", "hub_id": parts.hub_id})


@open_routes.get(protocol.METRICS, summary="Figures for Prometheus", response_class=Response)
def metrics(parts: Parts) -> Response:
    """Return counters; the proxy does not hand this path to the outside."""
    return Response(parts.metrics.text(), media_type=CONTENT_TYPE)


@open_routes.post(
    protocol.ENROL,
    summary="Come in with a code",
    response_model=models.Me,
    responses=ANY_REFUSAL,
    openapi_extra=_takes("EnrolRequest"),
)
def enrol(request: Request, parts: Parts, _client: Annotated[None, Depends(check_client)], body: SmallBody) -> Response:
    """Let a desk in; the same request again is answered alike."""
    if wait := parts.enrolments.wait_seconds(network_address(request)):
        raise rate_limited(wait)
    wish = cast("protocol.EnrolRequest", checked(models.EnrolRequest, read_json(request, body, _SMALL)))
    caller = devices.enrol(parts.database, parts.now, wish)
    return json_answer(request, _me(parts, caller))


@open_routes.post(
    protocol.ENROL_PREVIEW,
    summary="Whose code is this?",
    response_model=models.EnrolPreview,
    responses=ANY_REFUSAL,
    openapi_extra=_takes("PreviewRequest"),
)
def preview(
    request: Request, parts: Parts, _client: Annotated[None, Depends(check_client)], body: SmallBody
) -> Response:
    """Name office and carrier before anything is enrolled; the code stays good."""
    if wait := parts.enrolments.wait_seconds(network_address(request)):
        raise rate_limited(wait)
    wish = checked(models.PreviewRequest, read_json(request, body, _SMALL))
    with parts.database.session():
        found = devices.whose_code(parts.database, parts.now, str(wish["code"]))
    answer: protocol.EnrolPreview = {
        "hub_id": parts.hub_id,
        "min_client": parts.settings.min_client,
        "carrier": {"id": found["carrier_id"], "name": found["carrier_name"]},
        "office": {"id": found["office_id"], "name": found["office_name"]},
        "role": found["role"],
        "desks": found["desks"],
        "label": found["label"],
    }
    return json_answer(request, answer)


# ---------------------------------------------------------------------------------------------- desks


@desk_routes.get(protocol.ME, summary="Who am I, what do I see?", response_model=models.Me, responses=ANY_REFUSAL)
def me(request: Request, parts: Parts, caller: SignedIn) -> Response:
    """Describe the desk and its spaces."""
    return json_answer(request, _me(parts, caller))


def _me(parts: HubParts, caller: Caller) -> protocol.Me:
    with parts.database.session():
        spaces = catalogue.spaces_of(parts.database, caller)
    return {
        "hub_id": parts.hub_id,
        "protocol": protocol.PROTOCOL_VERSION,
        "min_client": parts.settings.min_client,
        "carrier": {"id": caller.carrier_id, "name": caller.carrier_name},
        "office": {"id": caller.office_id, "name": caller.office_name},
        "device": {"id": caller.device_id, "label": caller.label},
        "role": caller.role,
        "spaces": spaces,
    }


@desk_routes.get(protocol.OFFICES, summary="All offices", response_model=list[models.OfficeInfo], responses=ANY_REFUSAL)
def list_offices(request: Request, parts: Parts, _caller: SignedIn) -> Response:
    """List the offices of this hub with their public keys."""
    with parts.database.session():
        return json_answer(request, offices.offices(parts.database))


@desk_routes.put(
    protocol.OFFICE_PUBLIC_KEY,
    summary="Replace the own office's public key",
    response_model=models.OfficeInfo,
    responses=ANY_REFUSAL,
    openapi_extra=_takes("PublicKeyRequest"),
)
def put_public_key(request: Request, parts: Parts, caller: SignedIn, body: SmallBody) -> Response:
    """Replace it if it is still the one the desk believes."""
    wish = cast("protocol.PublicKeyRequest", checked(models.PublicKeyRequest, read_json(request, body, _SMALL)))
    if caller.role != "office":
        raise forbidden("Only offices have a public key.")
    return json_answer(request, offices.set_public_key(parts.database, caller, wish))


@desk_routes.get(
    protocol.DEVICES, summary="Desks of the own office", response_model=list[models.DeviceInfo], responses=ANY_REFUSAL
)
def list_devices(request: Request, parts: Parts, caller: SignedIn) -> Response:
    """List them, revoked ones too."""
    with parts.database.session():
        return json_answer(request, devices.devices_of(parts.database, caller.office_id))


@desk_routes.post(
    protocol.INVITATIONS,
    summary="Make a code for a further desk of the own office",
    response_model=models.Invitation,
    responses=ANY_REFUSAL,
    openapi_extra=_takes("InvitationRequest"),
)
def make_invitation(request: Request, parts: Parts, caller: SignedIn, body: SmallBody) -> Response:
    """Make a code; it is shown once."""
    wish = checked(models.InvitationRequest, read_json(request, body, _SMALL))
    with parts.database.writing():
        invitation = devices.invite(parts.database, parts.now, caller.office_id, str(wish["label"]))
    return json_answer(request, invitation)


@desk_routes.post(
    protocol.SUCCESSOR,
    summary="Go on under a new device id",
    response_model=models.Me,
    responses=ANY_REFUSAL,
    openapi_extra=_takes("SuccessorRequest"),
)
def make_successor(
    request: Request, parts: Parts, _client: Annotated[None, Depends(check_client)], body: SmallBody
) -> Response:
    """Put a new device in the place of this one; asked again with the old token, the answer is the same."""
    address = network_address(request)
    if wait := parts.wrong_tokens.wait_seconds(address) or parts.enrolments.wait_seconds(address):
        raise rate_limited(wait)
    token = token_of(request)
    wish = cast("protocol.SuccessorRequest", checked(models.SuccessorRequest, read_json(request, body, _SMALL)))
    caller = devices.succeed(parts.database, parts.now, token, wish)
    return json_answer(request, _me(parts, caller))


@desk_routes.post(
    protocol.REVOKE,
    summary="Shut a desk of the own office out",
    response_model=models.DeviceInfo,
    responses=ANY_REFUSAL,
)
def revoke_device(request: Request, parts: Parts, caller: SignedIn, device_id: str) -> Response:
    """Take its token away at once."""
    return json_answer(request, devices.revoke(parts.database, parts.now, device_id, office_id=caller.office_id))


@desk_routes.post(
    protocol.EXCHANGES,
    summary="The exchange with another office",
    response_model=models.SpaceInfo,
    responses=ANY_REFUSAL,
    openapi_extra=_takes("ExchangeRequest"),
)
def make_exchange(request: Request, parts: Parts, caller: SignedIn, body: SmallBody) -> Response:
    """Return it, made when missing; both sides get the same one."""
    wish = checked(models.ExchangeRequest, read_json(request, body, _SMALL))
    return json_answer(request, catalogue.exchange_with(parts.database, caller, str(wish["office_id"])))


@desk_routes.post(
    protocol.HAND_OVER,
    summary="Give records of the directory to other carriers",
    response_model=models.HandOverAnswer,
    responses=ANY_REFUSAL,
    openapi_extra=_takes("HandOverRequest"),
)
def make_hand_over(request: Request, parts: Parts, caller: SignedIn, body: LargeBody) -> Response:
    """Change owners; coordination only."""
    wished = read_hand_over(read_json(request, body, protocol.MAX_PUSH_BYTES))
    return json_answer(request, hand_over(parts.database, parts.now, caller, wished))


@desk_routes.post(
    protocol.PUSH,
    summary="Send changes",
    response_model=models.PushAnswer,
    responses=ANY_REFUSAL,
    openapi_extra=_takes("PushRequest"),
)
def make_push(request: Request, parts: Parts, caller: SignedIn, space: str, body: LargeBody) -> Response:
    """Apply those whose base still stands; the rest comes back as conflicts."""
    wished = read_push(read_json(request, body, protocol.MAX_PUSH_BYTES))
    answer = push(parts.database, parts.now, caller, space, wished)
    reasons = [str(conflict["reason"]) for conflict in answer["conflicts"]]
    parts.metrics.pushed(_kind(space), len(answer["applied"]), reasons)
    return json_answer(request, answer)


@desk_routes.get(
    protocol.PULL, summary="Fetch changes", response_model=models.PullAnswer, responses={**ANY_REFUSAL, **GONE}
)
def make_pull(
    request: Request,
    parts: Parts,
    caller: SignedIn,
    space: str,
    since: Annotated[int, Query(ge=0, le=protocol.MAX_SEQ)] = 0,
    limit: Annotated[int, Query(ge=1, le=protocol.MAX_PULL_RECORDS)] = protocol.MAX_PULL_RECORDS,
    ids_only: bool = False,
) -> Response:
    """Return the records above `since`, in order."""
    answer: protocol.PullAnswer | protocol.PositionsAnswer
    if ids_only:
        answer = pull_positions(parts.database, caller, space, since, limit)
    else:
        answer = pull(parts.database, caller, space, since, limit)
    parts.metrics.pulled(_kind(space), len(answer["records"]))
    return json_answer(request, answer)


@desk_routes.get(
    protocol.DIGEST, summary="Hash over all records", response_model=models.DigestAnswer, responses=ANY_REFUSAL
)
def make_digest(request: Request, parts: Parts, caller: SignedIn, space: str) -> Response:
    """Return the hash to compare with one's own."""
    return json_answer(request, digest(parts.database, caller, space))


def _kind(space: str) -> str:
    return space.partition("-")[0]
