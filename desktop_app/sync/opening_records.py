"""Opening records of a hub, and refusing what it plays back: an old seal, or one under a key that is out of use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from desktop_app.sync.codec import CannotOpen, Opened, Reading
from desktop_app.sync.what_travels import COLLECTIONS

if TYPE_CHECKING:
    from desktop_app.storage.store import Store
    from desktop_app.sync.protocol import Record
    from desktop_app.sync.shadows import Shadow
    from desktop_app.sync.space_at import SpaceAt

_ORDER = {name: place for place, name in enumerate(COLLECTIONS)}


class RestoredHere(Exception):
    """The hub has records of this very device that it does not know: its database was put back to an earlier state."""


def open_records(
    store: Store, reading: Reading, records: Iterable[Record]
) -> tuple[list[Opened], list[tuple[Record, str]]]:
    """Return what could be opened, what others hang on first, and what could not (yet) with the reason."""
    opened: list[Opened] = []
    closed: list[tuple[Record, str]] = []
    for record in records:
        try:
            opened.append(reading.open(record))
        except CannotOpen as problem:
            closed.append((record, problem.reason))
        store.give_way()
    opened.sort(key=lambda item: _ORDER.get(item.collection, len(_ORDER)))
    return opened, closed


def reason_to_refuse(store: Store, space: SpaceAt, item: Opened, shadow: Shadow | None) -> str:
    """Return why a record is not to be taken although its seal is good: it is an old one, or its key is out of use.

    Raises:
        RestoredHere: nothing may be sealed under this device id any more.
    """
    stamp = item.stamp
    if stamp is None:
        return ""
    if stamp.writer == space.device_id and stamp.counter > space.counter:
        raise RestoredHere
    if shadow is not None and stamp.counter <= shadow.writers.get(stamp.writer, -1):
        return "replayed"
    if (
        space.keys is not None
        and stamp.key_id != space.current_key
        and not space.keys.may_come_under(store, stamp.key_id, item.record["seq"])
    ):
        return "old_key"
    return ""
