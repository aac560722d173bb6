"""What desks and the hub say to each other: shapes, limits, error codes. Version 1.

Standard library only, importable without the rest of the program: the hub uses this module and nothing else of
`desktop_app`. The shapes are those of the JSON on the wire; nothing here checks them, each side does that where it
reads. `data` of a record is a text the hub stores and hands out as it came: it never looks inside.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, NotRequired, TypedDict

PROTOCOL_VERSION: Final = 1

# ---------------------------------------------------------------------------------------------- headers and limits

CLIENT_HEADER: Final = "Quartierslotse-Client"  # the desk's program version, "0.1.0"; with every request
AUTHORIZATION_HEADER: Final = "Authorization"  # "Bearer <token>"

MAX_CHANGES_PER_PUSH: Final = 500
MAX_PUSH_BYTES: Final = 8 * 1024 * 1024  # of the body, unpacked
MAX_RECORD_BYTES: Final = 256 * 1024  # of `data`, as UTF-8
MAX_TOMBSTONE_CHARACTERS: Final = 1024  # of `data` of a deleted record: a sealed marker, never content
MAX_PULL_RECORDS: Final = 2000
MAX_PULL_BYTES: Final = 8 * 1024 * 1024  # about; one record more is handed out rather than none
MAX_SMALL_BODY_BYTES: Final = 64 * 1024  # of every request that is not a push or a hand-over
MAX_COLLECTION_CHARACTERS: Final = 64
MAX_ID_CHARACTERS: Final = 128
MAX_PUSH_ID_CHARACTERS: Final = 64
MAX_LABEL_CHARACTERS: Final = 80
MAX_CODE_CHARACTERS: Final = 64
MAX_SEQ: Final = 2**53 - 1  # what every JSON reader can hold exactly

# For `re.fullmatch`. Collections and ids travel in the clear: letters, digits and a few signs, nothing to escape.
COLLECTION_PATTERN: Final = r"[A-Za-z0-9_]{1,64}"
ID_PATTERN: Final = r"[A-Za-z0-9_.:@-]{1,128}"
PUSH_ID_PATTERN: Final = r"[A-Za-z0-9_-]{8,64}"
DEVICE_ID_PATTERN: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# A token: 32 random bytes, base64url without padding; made by the desk.
TOKEN_PATTERN: Final = r"[A-Za-z0-9_-]{43}"  # noqa: S105
PUBLIC_KEY_PATTERN: Final = r"[A-Za-z0-9_+/=-]{40,128}"  # X25519, base64; the hub only hands it on

# ---------------------------------------------------------------------------------------------- places

HEALTH: Final = "/healthz"
METRICS: Final = "/metrics"
OPENAPI: Final = "/v1/openapi.json"
ENROL: Final = "/v1/enrol"
ENROL_PREVIEW: Final = "/v1/enrol/preview"
ME: Final = "/v1/me"
OFFICES: Final = "/v1/offices"
OFFICE_PUBLIC_KEY: Final = "/v1/office/public_key"
DEVICES: Final = "/v1/devices"
REVOKE: Final = "/v1/devices/{device_id}/revoke"
INVITATIONS: Final = "/v1/devices/invitations"
SUCCESSOR: Final = "/v1/devices/successor"
EXCHANGES: Final = "/v1/exchanges"
PUSH: Final = "/v1/spaces/{space}/push"
PULL: Final = "/v1/spaces/{space}/pull"
DIGEST: Final = "/v1/spaces/{space}/digest"
HAND_OVER: Final = "/v1/spaces/directory/hand-over"

DIRECTORY_SPACE: Final = "directory"
STATISTICS_SPACE: Final = "statistics"
OFFICE_SPACE_PREFIX: Final = "office-"
EXCHANGE_SPACE_PREFIX: Final = "exchange-"

SpaceKind = Literal["directory", "office", "statistics", "exchange"]
Role = Literal["office", "coordination"]
ConflictReason = Literal["changed", "owned", "erased"]

# ---------------------------------------------------------------------------------------------- errors


class ErrorCode(StrEnum):
    """The `error` of an answer that is not 2xx. The comment is the status it comes with."""

    BAD_REQUEST = "bad_request"  # 400: no JSON, no UTF-8, broken gzip, a header that makes no sense
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105  # 401
    REVOKED = "revoked"  # 401
    BAD_CODE = "bad_code"  # 403
    FORBIDDEN = "forbidden"  # 403
    NOT_FOUND = "not_found"  # 404: also what one may not see
    METHOD_NOT_ALLOWED = "method_not_allowed"  # 405
    KEY_CHANGED = "key_changed"  # 409: `replaces` is not the current public key
    DEVICE_TAKEN = "device_taken"  # 409: this device id or token is in use
    EPOCH_CHANGED = "epoch_changed"  # 409: the push names an epoch that is over; pull and compare first
    PUSH_ID_REUSED = "push_id_reused"  # 409: the same push_id came with other changes
    CURSOR_TOO_OLD = "cursor_too_old"  # 410: tombstones above it are purged, pull from 0
    TOO_LARGE = "too_large"  # 413
    INVALID = "invalid"  # 422: JSON of the wrong shape
    CLIENT_TOO_OLD = "client_too_old"  # 426, with `min_client`
    RATE_LIMITED = "rate_limited"  # 429, with Retry-After
    BUSY = "busy"  # 503, with Retry-After: database away or overloaded
    INTERNAL = "internal"  # 500: a fault of the hub


class ErrorAnswer(TypedDict):
    """Body of every answer that is not 2xx."""

    error: str
    detail: str
    min_client: NotRequired[str]


# ---------------------------------------------------------------------------------------------- records


class Change(TypedDict):
    """One wish of a push. `base` is the seq the desk knows, 0 when it believes the record is new."""

    collection: str
    id: str
    base: int
    deleted: bool
    erased: bool
    data: str


class Record(TypedDict):
    """One record as the hub has it. `owner` is a carrier id in the directory, otherwise null."""

    seq: int
    collection: str
    id: str
    deleted: bool
    erased: bool
    owner: str | None
    data: str


class Position(TypedDict):
    """A record of a pull with `ids_only=true`: without its data."""

    seq: int
    collection: str
    id: str
    deleted: bool
    erased: bool
    owner: str | None


class Applied(TypedDict):
    """A change that stands."""

    collection: str
    id: str
    seq: int


class Conflict(TypedDict):
    """A change that was refused, with what stands instead; null when the hub does not know the record."""

    collection: str
    id: str
    reason: ConflictReason
    record: Record | None


class PushRequest(TypedDict):
    """Body of a push; also the body that is sent again, byte for byte, when the answer was lost.

    With `epoch` the hub refuses the push when the bases come from before a restored backup. Always send it.
    """

    push_id: str
    epoch: NotRequired[str]
    changes: list[Change]


class PushAnswer(TypedDict):
    """The answer to a push; the same again for the same push_id. `seq` is that of the space after this push."""

    epoch: str
    seq: int
    applied: list[Applied]
    conflicts: list[Conflict]


class PullAnswer(TypedDict):
    """A page in the order of `seq`. The next cursor is the last record's seq, or `seq` when `more` is false."""

    epoch: str
    seq: int
    purged_below: int
    more: bool
    records: list[Record]


class PositionsAnswer(TypedDict):
    """The answer to a pull with `ids_only=true`."""

    epoch: str
    seq: int
    purged_below: int
    more: bool
    records: list[Position]


class DigestAnswer(TypedDict):
    r"""`digest`: hex SHA-256 over the lines "collection/id/seq\n" of all records, sorted by (collection, id) bytewise."""

    epoch: str
    seq: int
    count: int
    digest: str


class OwnerChange(TypedDict):
    """One record of the directory that goes to another carrier."""

    collection: str
    id: str
    owner: str


class HandOverRequest(TypedDict):
    """Body of a hand-over; coordination only."""

    changes: list[OwnerChange]


class HandOverAnswer(TypedDict):
    """Records that are not there (or erased) come back in `missing`."""

    epoch: str
    seq: int
    applied: list[Applied]
    missing: list[OwnerChange]


# ---------------------------------------------------------------------------------------------- who is who


class Named(TypedDict):
    """A carrier or an office."""

    id: str
    name: str


class DeviceName(TypedDict):
    """The desk that asks."""

    id: str
    label: str


class SpaceInfo(TypedDict):
    """A space this desk may see. `with_office` is the other office of an exchange."""

    name: str
    kind: SpaceKind
    epoch: str
    seq: int
    purged_below: int
    read: bool
    write: bool
    with_office: str | None


class Me(TypedDict):
    """Answer of /v1/me and of /v1/enrol."""

    hub_id: str
    protocol: int
    min_client: str
    carrier: Named
    office: Named
    device: DeviceName
    role: Role
    spaces: list[SpaceInfo]


class EnrolPreview(TypedDict):
    """Whom an enrolment code belongs to; asking does not use it up."""

    hub_id: str
    min_client: str
    carrier: Named
    office: Named
    role: Role
    desks: int  # that the office has had so far, those that were shut out among them
    label: str  # how whoever invited calls the desk; empty when nobody said


class OfficeInfo(TypedDict):
    """One office of the hub; the public key seals exchanges to it."""

    id: str
    name: str
    carrier: Named
    public_key: str | None


class DeviceInfo(TypedDict):
    """One desk of the own office. Days only: the hub keeps no record of who sat where when."""

    id: str
    label: str
    public_key: str
    enrolled_at: str
    last_seen_on: str | None
    revoked_at: str | None


class EnrolRequest(TypedDict):
    """The desk makes its own token, so that a lost answer can be asked for again with the same body."""

    code: str
    device_id: str
    token: str
    public_key: str
    label: str


class PreviewRequest(TypedDict):
    """Body of POST /v1/enrol/preview."""

    code: str


class SuccessorRequest(TypedDict):
    """After a local restore: this desk goes on under a new id; the old one is revoked."""

    device_id: str
    token: str
    public_key: str


class PublicKeyRequest(TypedDict):
    """Body of PUT /v1/office/public_key."""

    public_key: str
    replaces: str | None


class InvitationRequest(TypedDict):
    """An office adds a desk of its own."""

    label: str


class Invitation(TypedDict):
    """The code is shown once; the hub keeps only its hash. `expires_at` is UTC."""

    code: str
    expires_at: str


class ExchangeRequest(TypedDict):
    """Body of POST /v1/exchanges."""

    office_id: str


def version_tuple(text: str) -> tuple[int, ...] | None:
    """Turn "0.1.0" into something that compares, or None when it is no version of ours."""
    parts = text.split(".")
    if not 1 <= len(parts) <= 4 or not all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts):
        return None
    return tuple(int(part) for part in parts)
