"""The application: made from its parts, nothing at import, nothing global."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
import peewee
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from playhouse.pool import MaxConnectionsExceeded
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import hub
from desktop_app.sync import protocol
from desktop_app.sync.protocol import ErrorCode
from hub.clock import Now, system_now
from hub.errors import Refused, busy, invalid
from hub.http import models
from hub.http.bodies import json_answer
from hub.http.parts import HubParts
from hub.http.routes import desk_routes, open_routes
from hub.identity.offices import hub_id
from hub.limits import RateLimit
from hub.logs import log_fault, log_request
from hub.metrics import Metrics
from hub.settings import HubSettings
from hub.storage.database import HubDatabase

_UNKNOWN_ROUTE = "-"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def create_app(settings: HubSettings, *, now: Now = system_now) -> FastAPI:
    """Make a hub on the prepared database of `settings`.

    Raises:
        NotPrepared: the database was not prepared by this version (`quartierslotse-hub init`).
    """
    database = HubDatabase(settings.database, connections=settings.connections)
    try:
        database.check_schema()
        with database.session():
            identity = hub_id(database)
    except BaseException:
        database.close()
        raise
    parts = HubParts(
        settings=settings,
        database=database,
        now=now,
        metrics=Metrics(),
        hub_id=identity,
        per_device=RateLimit(settings.requests_per_minute),
        enrolments=RateLimit(settings.enrolments_per_minute),
        wrong_tokens=RateLimit(settings.enrolments_per_minute * 6),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # As many requests at work as there are connections: none of them waits for another inside the pool.
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.connections
        yield
        database.close()

    app = FastAPI(
        title="Quartierslotse Hub",
        version=hub.__version__,
        openapi_url=protocol.OPENAPI,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.parts = parts
    app.include_router(open_routes)
    app.include_router(desk_routes)
    _describe(app)
    _answer_errors(app)
    app.add_middleware(Observed, metrics=parts.metrics)
    return app


def _describe(app: FastAPI) -> None:
    """Put the bodies that are read by hand and the headers into the OpenAPI description."""
    bodies: list[type[BaseModel]] = [
        models.EnrolRequest,
        models.PreviewRequest,
        models.PublicKeyRequest,
        models.InvitationRequest,
        models.SuccessorRequest,
        models.ExchangeRequest,
        models.PushRequest,
        models.HandOverRequest,
    ]

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
            _refs, definitions = models_json_schema(
                [(model, "validation") for model in bodies], ref_template="#/components/schemas/{model}"
            )
            components = schema.setdefault("components", {})
            components.setdefault("schemas", {}).update(definitions["$defs"])
            components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            signed_in = {route.path for route in desk_routes.routes if hasattr(route, "path")}
            for path, methods in schema["paths"].items():
                for operation in methods.values():
                    if path in signed_in or path in {protocol.ENROL, protocol.ENROL_PREVIEW}:
                        operation.setdefault("parameters", []).append(_client_header())
                    if path in signed_in:
                        operation["security"] = [{"token": []}]
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _client_header() -> dict[str, Any]:
    return {
        "name": protocol.CLIENT_HEADER,
        "in": "header",
        "required": True,
        "schema": {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,6}){0,3}$"},
    }


def _answer_errors(app: FastAPI) -> None:
    """Turn everything that goes wrong into the one shape of error answers."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)  # noqa: S101 - registered for nothing else
        response = json_answer(request, {"error": error.code, "detail": error.detail, **error.extra}, error.status)
        response.headers.update(error.headers)
        return response

    async def wrong_parameters(request: Request, _error: Exception) -> Response:
        return await refused(request, invalid("A parameter of the address is out of its range."))

    async def plain(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        code = ErrorCode.METHOD_NOT_ALLOWED if status == 405 else ErrorCode.NOT_FOUND
        headers = dict(getattr(error, "headers", None) or {})
        return await refused(request, Refused(status, code, "There is nothing here.", headers=headers))

    async def away(request: Request, error: Exception) -> Response:
        log_fault(_route_of(request.scope), error)
        return await refused(request, busy())

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, wrong_parameters)
    app.add_exception_handler(HTTPException, plain)
    for kind in (peewee.OperationalError, peewee.InterfaceError, MaxConnectionsExceeded):
        app.add_exception_handler(kind, away)


def _route_of(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", _UNKNOWN_ROUTE))


class Observed:
    """Counts and logs every answer, and answers for faults of ours, so that nothing leaves in another shape."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap the application."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, received, sent = 0, 0, 0

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def counted_send(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, counted_receive, counted_send)
        except Exception as error:  # noqa: BLE001 - the one place where faults of ours end
            log_fault(_route_of(scope), error)
            self._metrics.fault()
            if not status:
                answer = {"error": ErrorCode.INTERNAL, "detail": "A fault of the hub; it was logged."}
                await json_answer(Request(scope), answer, 500)(scope, receive, counted_send)
        seconds = time.perf_counter() - started
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.request(method, _route_of(scope), status, seconds)
        log_request(method, _route_of(scope), status, seconds * 1000, received, sent)
