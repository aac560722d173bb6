"""The OpenAPI description: true to the shapes both sides share, and nothing it allows makes a 500."""

from __future__ import annotations

import contextlib
import secrets
import types
import typing
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NotRequired, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from pydantic import BaseModel

from desktop_app.sync import protocol
from hub.http import models
from tests.hub.running import CLIENT, TEST_SETTINGS, Desk, HubThread, change

SHARED = sorted(
    name
    for name, shape in vars(protocol).items()
    if isinstance(shape, type) and typing.is_typeddict(shape) and hasattr(models, name)
)


def spelled(hint: Any) -> Any:
    """Return a type so that TypedDicts and models of the same name are equal."""
    origin = get_origin(hint)
    if origin in {typing.Annotated, NotRequired}:
        return spelled(get_args(hint)[0])
    if origin in {typing.Union, types.UnionType}:
        return frozenset(map(spelled, get_args(hint)))
    if origin is typing.Literal:
        return frozenset(get_args(hint))
    if origin is list:
        return ("list", spelled(get_args(hint)[0]))
    return getattr(hint, "__name__", hint)


def test_no_shape_of_the_wire_is_left_out():
    assert {
        name for name, shape in vars(protocol).items() if isinstance(shape, type) and typing.is_typeddict(shape)
    } - set(SHARED) == {"PositionsAnswer"}, "PullAnswer describes both"


@pytest.mark.parametrize("name", SHARED)
def test_the_description_has_the_fields_of_the_wire(name: str):
    shape, model = getattr(protocol, name), getattr(models, name)
    wire = {field: spelled(hint) for field, hint in get_type_hints(shape, include_extras=True).items()}
    described = {field: spelled(hint) for field, hint in get_type_hints(model, include_extras=True).items()}
    described.pop("model_config", None)
    optional = {
        field for field, hint in get_type_hints(shape, include_extras=True).items() if get_origin(hint) is NotRequired
    }
    assert set(wire) == set(described)
    for field, hint in wire.items():
        if field in optional:  # left out on the wire, null in the model
            assert described[field] == frozenset({hint, "NoneType"}), field
        elif (name, field) == ("PullAnswer", "records"):
            assert described[field] == frozenset({("list", "Record"), ("list", "Position")})
        else:
            assert described[field] == hint, field


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("described")
    hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{folder}/hub.db"))
    yield hub.desk(hub.add_office("AWO", "Nippes"))
    hub.close()


def test_answers_have_the_shape_that_is_described(desk: Desk):
    other = desk.hub.desk(desk.hub.add_office("Caritas", "Mülheim"))
    town = desk.hub.desk(desk.hub.add_office("Stadt", "Stadt", "coordination"))
    carrier = desk.ask("GET", protocol.ME).json["carrier"]["id"]
    desk.push("directory", change("a"))
    key = {"public_key": "k" * 44, "replaces": None}
    successor = {"device_id": str(uuid.uuid4()), "token": secrets.token_urlsafe(32), "public_key": "k" * 44}
    wish = {"changes": [{"collection": "r", "id": name, "owner": carrier} for name in ("a", "b")]}
    refused = desk.hub.ask("GET", protocol.ME, headers={protocol.CLIENT_HEADER: "0.0.1"})
    answers: list[tuple[type[BaseModel], Any]] = [
        (models.Me, desk.ask("GET", protocol.ME).json),
        (
            models.EnrolPreview,
            desk.hub.ask("POST", protocol.ENROL_PREVIEW, {"code": desk.hub.code(desk.office_id)}).json,
        ),
        (models.OfficeInfo, other.ask("PUT", protocol.OFFICE_PUBLIC_KEY, key).json),
        (models.OfficeInfo, desk.ask("GET", protocol.OFFICES).json[0]),
        (models.DeviceInfo, desk.ask("GET", protocol.DEVICES).json[0]),
        (models.Invitation, desk.ask("POST", protocol.INVITATIONS, {"label": ""}).json),
        (models.SpaceInfo, desk.ask("POST", protocol.EXCHANGES, {"office_id": other.office_id}).json),
        (models.PushAnswer, desk.push("directory", change("a"), change("b")).json),
        (models.PullAnswer, desk.pull("directory").json),
        (models.DigestAnswer, desk.ask("GET", "/v1/spaces/directory/digest").json),
        (models.HandOverAnswer, town.ask("POST", protocol.HAND_OVER, wish).json),
        (models.Me, other.ask("POST", protocol.SUCCESSOR, successor).json),
        (models.ErrorAnswer, refused.json),
    ]
    for model, answer in answers:
        read = model.model_validate(answer, strict=True, extra="forbid")
        assert read.model_dump(exclude_unset=True) == answer


@pytest.mark.filterwarnings("ignore")  # of its own dependencies
def test_nothing_the_description_allows_makes_a_500(desk: Desk):
    import schemathesis  # takes seconds: only the process that runs this test pays them

    described = schemathesis.openapi.from_url(desk.hub.address + protocol.OPENAPI)
    rules = settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    statuses: list[int] = []

    for result in described.get_all_operations():
        operation = result.ok()
        # Going on under another id ends a desk, so that one is asked by a desk of its own.
        caller = desk.hub.desk(desk.office_id) if operation.path == protocol.SUCCESSOR else desk
        ask = asking(caller, statuses)
        rules(given(operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE))(ask))()
        with contextlib.suppress(Unsatisfiable):  # where nothing is asked, nothing can be asked wrongly
            rules(given(operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))(ask))()
    assert len(statuses) > 100
    assert 200 in statuses
    assert desk.ask("GET", protocol.ME).status == 200


def asking(caller: Desk, statuses: list[int]) -> Callable[[Any], None]:
    """Return what sends a generated request in the name of a desk, to its own space."""
    own = {"space": caller.office_space, "device_id": str(uuid.uuid4())}

    def ask(case: Any) -> None:
        headers = {"Authorization": f"Bearer {caller.token}", protocol.CLIENT_HEADER: CLIENT}
        if case.path_parameters:
            case.path_parameters = {name: own[name] for name in case.path_parameters}
        answer = case.call(headers=headers, timeout=20)
        statuses.append(answer.status_code)
        assert answer.status_code < 500, (case.method, case.path, answer.status_code)

    return ask
