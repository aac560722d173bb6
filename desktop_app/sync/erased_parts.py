"""What of a document goes with an erasure, and where its fields lie. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop_app.sync.documents import Document
from desktop_app.sync.what_travels import COLLECTIONS

#: What outlives the erasure of what it hangs on, without what tied it there; everything else goes with it.
OUTLIVING = frozenset({"contact", "exchange_referral"})


def without_erased(document: Document, erased: Sequence[tuple[str, str]]) -> Document:
    """Return a document that outlives it without what tied it to these erased records (collection and id)."""
    return (_without if document.collection == "contact" else _unlinked)(document, erased)


def erased_place(document: Document, name: str) -> tuple[str, str, str]:
    """Return table, row id and column of an erased field."""
    if document.collection == "contact":
        if name in {"note", "link"}:
            return {"note": "contact_note", "link": "contact_visitor"}[name], document.record_id, ""
        if name.startswith("referrals/"):
            service_id, _, column = name.removeprefix("referrals/").rpartition("/")
            entry = (document.fields.get("referrals") or {}).get(service_id) or {}
            return "referral", str(entry.get("id", service_id)), column
    return document.collection, document.record_id, name


def _without(contact: Document, erased: Sequence[tuple[str, str]]) -> Document:
    """Return a contact without what tied it to a person, a card or a service that was erased."""
    fields, marks = dict(contact.fields), dict(contact.erased)

    def erase(name: str) -> None:
        marks[name] = marks.get(name, 0) + 1

    kinds = {collection for collection, _ in erased}
    if kinds & {"visitor", "visit_card"}:
        fields["link"] = None
        erase("link")
    if "visitor" in kinds:
        if fields.get("note"):
            fields["note"] = None
            erase("note")
        if fields.get("material"):
            fields["material"] = ""
            erase("material")
        referrals = {key: dict(entry) for key, entry in (fields.get("referrals") or {}).items()}
        for service_id, entry in referrals.items():
            if entry.get("state_reason"):
                entry["state_reason"] = None
                erase(f"referrals/{service_id}/state_reason")
        fields["referrals"] = referrals
    return replace(contact, fields=fields, erased=marks)


def _unlinked(document: Document, erased: Sequence[tuple[str, str]]) -> Document:
    """Return a document without the links to what was erased."""
    parents = COLLECTIONS[document.collection].parents
    fields = {
        name: None if name in parents and (parents[name], value) in erased else value
        for name, value in document.fields.items()
    }
    return replace(document, fields=fields)
