"""What a push wishes, checked: types, limits, signs. One pass, no library, 500 changes in a millisecond."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from desktop_app.sync import protocol
from hub.errors import invalid, too_large
from hub.storage.tables import DELETED, ERASED, PRESENT

_COLLECTION = re.compile(protocol.COLLECTION_PATTERN)
_ID = re.compile(protocol.ID_PATTERN)
_PUSH_ID = re.compile(protocol.PUSH_ID_PATTERN)
_UUID = re.compile(protocol.DEVICE_ID_PATTERN)


class WishedChange(NamedTuple):
    """One change of a push. `state` is PRESENT, DELETED or ERASED."""

    collection: str
    id: str
    base: int
    state: int
    data: str


class WishedPush(NamedTuple):
    """A push whose form is in order."""

    push_id: str
    epoch: str | None
    changes: list[WishedChange]


class WishedOwner(NamedTuple):
    """A record that is to belong to another carrier."""

    collection: str
    id: str
    owner: str


def read_push(body: Any) -> WishedPush:
    """Check the form of a push.

    Raises:
        Refused: 422 for a wrong shape, 413 for too much.
    """
    if type(body) is not dict:
        raise invalid("The body has to be an object.")
    push_id, epoch, changes = body.get("push_id"), body.get("epoch"), body.get("changes")
    if type(push_id) is not str or not _PUSH_ID.fullmatch(push_id):
        raise invalid("push_id has to be 8 to 64 letters, digits, - or _.")
    if epoch is not None and (type(epoch) is not str or len(epoch) > 64):
        raise invalid("epoch has to be a text.")
    return WishedPush(push_id, epoch, [_read_change(change, at) for at, change in enumerate(_list_of(changes))])


def read_hand_over(body: Any) -> list[WishedOwner]:
    """Check the form of a hand-over.

    Raises:
        Refused: 422 for a wrong shape, 413 for too much.
    """
    if type(body) is not dict:
        raise invalid("The body has to be an object.")
    wished = []
    for position, change in enumerate(_list_of(body.get("changes"))):
        if type(change) is not dict:
            raise invalid(f"Change {position} has to be an object.")
        owner = change.get("owner")
        if type(owner) is not str or not _UUID.fullmatch(owner):
            raise invalid(f"Change {position}: owner has to be the id of a carrier.")
        wished.append(WishedOwner(*_read_key(change, position), owner))
    if len({change[:2] for change in wished}) < len(wished):
        raise invalid("A record is named twice.")
    return wished


def _list_of(changes: Any) -> list[Any]:
    if type(changes) is not list:
        raise invalid("changes has to be a list.")
    if len(changes) > protocol.MAX_CHANGES_PER_PUSH:
        raise too_large(f"More than {protocol.MAX_CHANGES_PER_PUSH} changes at once.")
    return changes


def _read_key(change: dict[str, Any], position: int) -> tuple[str, str]:
    collection, record_id = change.get("collection"), change.get("id")
    if type(collection) is not str or not _COLLECTION.fullmatch(collection):
        raise invalid(f"Change {position}: collection has to be 1 to 64 letters, digits or _.")
    if type(record_id) is not str or not _ID.fullmatch(record_id):
        raise invalid(f"Change {position}: id has to be 1 to 128 letters, digits or _.:@-")
    return collection, record_id


def _read_change(change: Any, position: int) -> WishedChange:
    if type(change) is not dict:
        raise invalid(f"Change {position} has to be an object.")
    collection, record_id = _read_key(change, position)
    base, data = change.get("base"), change.get("data")
    # type(), not isinstance(): True is an int for Python, but no sequence number.
    if type(base) is not int or not 0 <= base <= protocol.MAX_SEQ:
        raise invalid(f"Change {position}: base has to be a whole number from 0.")
    deleted, erased = change.get("deleted", False), change.get("erased", False)
    if type(deleted) is not bool or type(erased) is not bool:
        raise invalid(f"Change {position}: deleted and erased have to be true or false.")
    if type(data) is not str:
        raise invalid(f"Change {position}: data has to be a text.")
    if (deleted or erased) and len(data) > protocol.MAX_TOMBSTONE_CHARACTERS:
        raise too_large(
            f"Change {position}: a deleted record carries {protocol.MAX_TOMBSTONE_CHARACTERS} signs at most."
        )
    if len(data) > protocol.MAX_RECORD_BYTES or (
        len(data) * 4 > protocol.MAX_RECORD_BYTES and len(data.encode()) > protocol.MAX_RECORD_BYTES
    ):
        raise too_large(f"Change {position}: data has more than {protocol.MAX_RECORD_BYTES} bytes.")
    if "\0" in data:
        raise invalid(f"Change {position}: data must not hold a NUL sign.")
    return WishedChange(collection, record_id, base, ERASED if erased else DELETED if deleted else PRESENT, data)
