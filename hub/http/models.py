"""The bodies of small requests, checked by Pydantic, and the shapes of answers for the OpenAPI description.

The fields are those of `desktop_app.sync.protocol`; a test compares the two. Pushes and hand-overs are checked in
`hub.spaces.changes`: half a thousand records a request are no work for a general library.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from desktop_app.sync import protocol

Label = Annotated[str, Field(max_length=protocol.MAX_LABEL_CHARACTERS, pattern=r"^[^\x00-\x1f\x7f]*$")]
DeviceId = Annotated[str, Field(pattern=f"^{protocol.DEVICE_ID_PATTERN}$")]
Token = Annotated[str, Field(pattern=f"^{protocol.TOKEN_PATTERN}$")]
PublicKey = Annotated[str, Field(pattern=f"^{protocol.PUBLIC_KEY_PATTERN}$")]
Seq = Annotated[int, Field(ge=0, le=protocol.MAX_SEQ)]


class Body(BaseModel):
    """A request. Unknown fields are left aside: a newer desk may send more."""

    model_config = ConfigDict(strict=True, extra="ignore")


class EnrolRequest(Body):
    """See protocol.EnrolRequest."""

    code: Annotated[str, Field(max_length=protocol.MAX_CODE_CHARACTERS)]
    device_id: DeviceId
    token: Token
    public_key: PublicKey
    label: Label


class PreviewRequest(Body):
    """See protocol.PreviewRequest."""

    code: Annotated[str, Field(max_length=protocol.MAX_CODE_CHARACTERS)]


class SuccessorRequest(Body):
    """See protocol.SuccessorRequest."""

    device_id: DeviceId
    token: Token
    public_key: PublicKey


class PublicKeyRequest(Body):
    """See protocol.PublicKeyRequest."""

    public_key: PublicKey
    replaces: PublicKey | None


class InvitationRequest(Body):
    """See protocol.InvitationRequest."""

    label: Label


class ExchangeRequest(Body):
    """See protocol.ExchangeRequest."""

    office_id: DeviceId


class Change(Body):
    """See protocol.Change."""

    collection: Annotated[str, Field(pattern=f"^{protocol.COLLECTION_PATTERN}$")]
    id: Annotated[str, Field(pattern=f"^{protocol.ID_PATTERN}$")]
    base: Seq
    deleted: bool = False
    erased: bool = False
    data: str


class PushRequest(Body):
    """See protocol.PushRequest."""

    push_id: Annotated[str, Field(pattern=f"^{protocol.PUSH_ID_PATTERN}$")]
    epoch: str | None = None
    changes: Annotated[list[Change], Field(max_length=protocol.MAX_CHANGES_PER_PUSH)]


class OwnerChange(Body):
    """See protocol.OwnerChange."""

    collection: Annotated[str, Field(pattern=f"^{protocol.COLLECTION_PATTERN}$")]
    id: Annotated[str, Field(pattern=f"^{protocol.ID_PATTERN}$")]
    owner: DeviceId


class HandOverRequest(Body):
    """See protocol.HandOverRequest."""

    changes: Annotated[list[OwnerChange], Field(max_length=protocol.MAX_CHANGES_PER_PUSH)]


# ---------------------------------------------------------------------------------------------- answers


class ErrorAnswer(BaseModel):
    """See protocol.ErrorAnswer."""

    error: str
    detail: str
    min_client: str | None = None


class Named(BaseModel):
    """See protocol.Named."""

    id: str
    name: str


class DeviceName(BaseModel):
    """See protocol.DeviceName."""

    id: str
    label: str


class SpaceInfo(BaseModel):
    """See protocol.SpaceInfo."""

    name: str
    kind: Literal["directory", "office", "statistics", "exchange"]
    epoch: str
    seq: int
    purged_below: int
    read: bool
    write: bool
    with_office: str | None


class Me(BaseModel):
    """See protocol.Me."""

    hub_id: str
    protocol: int
    min_client: str
    carrier: Named
    office: Named
    device: DeviceName
    role: Literal["office", "coordination"]
    spaces: list[SpaceInfo]


class EnrolPreview(BaseModel):
    """See protocol.EnrolPreview."""

    hub_id: str
    min_client: str
    carrier: Named
    office: Named
    role: Literal["office", "coordination"]
    desks: int
    label: str


class OfficeInfo(BaseModel):
    """See protocol.OfficeInfo."""

    id: str
    name: str
    carrier: Named
    public_key: str | None


class DeviceInfo(BaseModel):
    """See protocol.DeviceInfo."""

    id: str
    label: str
    public_key: str
    enrolled_at: str
    last_seen_on: str | None
    revoked_at: str | None


class Invitation(BaseModel):
    """See protocol.Invitation."""

    code: str
    expires_at: str


class Record(BaseModel):
    """See protocol.Record."""

    seq: int
    collection: str
    id: str
    deleted: bool
    erased: bool
    owner: str | None
    data: str


class Position(BaseModel):
    """See protocol.Position."""

    seq: int
    collection: str
    id: str
    deleted: bool
    erased: bool
    owner: str | None


class Applied(BaseModel):
    """See protocol.Applied."""

    collection: str
    id: str
    seq: int


class Conflict(BaseModel):
    """See protocol.Conflict."""

    collection: str
    id: str
    reason: Literal["changed", "owned", "erased"]
    record: Record | None


class PushAnswer(BaseModel):
    """See protocol.PushAnswer."""

    epoch: str
    seq: int
    applied: list[Applied]
    conflicts: list[Conflict]


class PullAnswer(BaseModel):
    """See protocol.PullAnswer; with `ids_only` the records are positions, without `data`."""

    epoch: str
    seq: int
    purged_below: int
    more: bool
    records: list[Record] | list[Position]


class DigestAnswer(BaseModel):
    """See protocol.DigestAnswer."""

    epoch: str
    seq: int
    count: int
    digest: str


class HandOverAnswer(BaseModel):
    """See protocol.HandOverAnswer."""

    epoch: str
    seq: int
    applied: list[Applied]
    missing: list[OwnerChange]
