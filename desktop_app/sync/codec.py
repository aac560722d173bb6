"""Between documents and what lies on the hub: plain in the directory, sealed in the space of an office."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Protocol

from desktop_app.sync.documents import Document, DocumentBroken, canonical, document_from, document_text
from desktop_app.sync.protocol import ID_PATTERN, Record
from desktop_app.sync.sealing import (
    KeyId,
    NewerSeal,
    OfficeKeys,
    Place,
    SealBroken,
    Stamp,
    UnknownKey,
    open_sealed,
    seal,
    wire_id,
)
from desktop_app.sync.what_travels import DOCUMENT_VERSION

RECORDS = "r"  # the one collection in which all records of an office lie
KEY_RECORDS = "k"  # envelopes with keys; not ours


class CannotOpen(Exception):
    """A record that can't be read (yet); `reason` is kept with it."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Opened:
    """A record of the hub after it was opened. A deleted one has no document."""

    record: Record
    collection: str
    record_id: str
    document: Document | None
    stamp: Stamp | None

    @property
    def key(self) -> str:
        """The name of its shadow."""
        return f"{self.collection}/{self.record_id}"


class Reading(Protocol):
    """A way to read records."""

    def open(self, record: Record) -> Opened:
        """Return what a record says.

        Raises:
            CannotOpen: it can't be read (yet).
        """
        ...


class Codec(Reading, Protocol):
    """One space's way to read and write records."""

    def place(self, collection: str, record_id: str) -> tuple[str, str]:
        """Return collection and id on the wire."""
        ...

    def pack(self, document: Document, *, base: int, counter: int) -> str:
        """Return a document as data of a record."""
        ...

    def pack_marker(self, collection: str, record_id: str, *, erased: bool, base: int, counter: int) -> str:
        """Return what a tombstone carries: that this record, and no other, is gone."""
        ...


class PlainCodec:
    """The directory: anybody who may see the space may read it."""

    def place(self, collection: str, record_id: str) -> tuple[str, str]:
        """Return collection and id on the wire; ids of strange sources are replaced by their hash."""
        if re.fullmatch(ID_PATTERN, record_id) and not record_id.startswith("h:"):
            return collection, record_id
        return collection, "h:" + hashlib.sha256(record_id.encode("utf-8", "surrogatepass")).hexdigest()[:48]

    def pack(self, document: Document, *, base: int, counter: int) -> str:  # noqa: ARG002
        """Return the document as text."""
        return document_text(document)

    def pack_marker(self, collection: str, record_id: str, *, erased: bool, base: int, counter: int) -> str:  # noqa: ARG002
        """Return the marker as text."""
        return _marker(collection, record_id, erased=erased)

    def open(self, record: Record) -> Opened:
        """Return what a record says; it has to lie where it belongs."""
        if record["deleted"]:
            collection, record_id = _read_marker(record) if record["data"] else (record["collection"], record["id"])
            document = None
        else:
            try:
                document = document_from(record["data"])
            except DocumentBroken as error:
                raise CannotOpen("broken") from error
            collection, record_id = document.collection, document.record_id
        if self.place(collection, record_id) != (record["collection"], record["id"]):
            raise CannotOpen("misplaced")
        return Opened(record, collection, record_id, document, None)


class SealedCodec:
    """The space of an office: the hub sees neither what a record says nor what kind it is."""

    def __init__(self, keys: OfficeKeys, space: str, device_id: str) -> None:
        """Seal and open with the office's keys."""
        self._keys = keys
        self._space = space
        self._device_id = device_id

    @property
    def current_key(self) -> KeyId:
        """The key that seals."""
        return self._keys.current

    def place(self, collection: str, record_id: str) -> tuple[str, str]:
        """Return collection and id on the wire."""
        return RECORDS, wire_id(self._keys.index_key, collection, record_id)

    def pack(self, document: Document, *, base: int, counter: int) -> str:
        """Return the document sealed."""
        text = document_text(document)
        return self._seal(document.collection, document.record_id, text, base, counter, document.version)

    def pack_marker(self, collection: str, record_id: str, *, erased: bool, base: int, counter: int) -> str:
        """Return the marker sealed: the hub alone can delete nothing."""
        text = _marker(collection, record_id, erased=erased)
        return self._seal(collection, record_id, text, base, counter, DOCUMENT_VERSION)

    def open(self, record: Record) -> Opened:
        """Return what a record says; it has to lie where it belongs."""
        place = Place(self._space, record["collection"], record["id"])
        try:
            stamp, plain = open_sealed(self._keys, place, record["data"])
        except UnknownKey as error:
            raise CannotOpen("key") from error
        except NewerSeal as error:
            raise CannotOpen("newer") from error
        except SealBroken as error:
            raise CannotOpen("unproven" if record["deleted"] else "broken") from error
        text = plain.decode("utf-8", "replace")
        document: Document | None = None
        if record["deleted"]:
            collection, record_id = _read_marker({**record, "data": text})
        else:
            try:
                document = document_from(text)
            except DocumentBroken as error:
                raise CannotOpen("broken") from error
            collection, record_id = document.collection, document.record_id
        if self.place(collection, record_id) != (record["collection"], record["id"]):
            raise CannotOpen("misplaced")
        return Opened(record, collection, record_id, document, stamp)

    def _seal(self, collection: str, record_id: str, text: str, base: int, counter: int, version: int) -> str:
        wire_collection, wire = self.place(collection, record_id)
        return seal(
            self._keys,
            Place(self._space, wire_collection, wire),
            writer=self._device_id,
            counter=counter,
            base=base,
            version=version,
            plain=text.encode(),
        )


def _marker(collection: str, record_id: str, *, erased: bool) -> str:
    return canonical({"v": DOCUMENT_VERSION, "c": collection, "i": record_id, "d": 2 if erased else 1})


def _read_marker(record: Record) -> tuple[str, str]:
    try:
        marker = json.loads(record["data"])
        collection, record_id, kind = marker["c"], marker["i"], marker["d"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CannotOpen("unproven") from error
    # Nobody but a desk may turn a deletion into an erasure, or a live record into either.
    if kind != (2 if record["erased"] else 1) or not isinstance(collection, str) or not isinstance(record_id, str):
        raise CannotOpen("unproven")
    return collection, record_id
