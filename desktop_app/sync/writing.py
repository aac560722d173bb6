"""Writing a document into rows: inside the transaction of a page, after it was merged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from desktop_app.contacts.records import ContactsChanged, ReferralsChanged, TallyChanged
from desktop_app.contacts.tables import ContactNoteTable, NeedTable, ReferralTable
from desktop_app.contacts.vocabulary import (
    Channel,
    Depth,
    ReferralMode,
    ReferralState,
    Result,
    TallyKind,
    UnmetReason,
)
from desktop_app.core.clock import from_text
from desktop_app.core.permissions import Role
from desktop_app.exchange.records import ExchangeChanged
from desktop_app.settings.records import LegalProfile
from desktop_app.sync.documents import Document, row_of
from desktop_app.sync.records import SpaceKind
from desktop_app.sync.what_travels import COLLECTIONS, Collection, Key, Rule
from desktop_app.visitors.records import ConsentKind
from desktop_app.visitors.tables import ContactLinkTable

if TYPE_CHECKING:
    from desktop_app.core.ids import IdFactory
    from desktop_app.storage.unit_of_work import UnitOfWork

_FREE_LOGIN_TRIES = 1000


class UnusableDocument(Exception):
    """A value no version of this program would have written, or only a newer one."""


def _day_or_none(value: Any) -> None:
    if value is not None:
        date.fromisoformat(value)


def _code_or_none(codes: type[UnmetReason]) -> Callable[[Any], object]:
    return lambda value: None if value is None else codes(value)


#: What reading a row would stumble over. One wrong word must not close a whole day.
_CHECKS: Mapping[str, Mapping[str, Callable[[Any], object]]] = {
    "account": {"role": Role},
    "office": {"legal_profile": LegalProfile},
    "visitor": {"birth_date": _day_or_none, "hold_until": _day_or_none, "created_at": from_text},
    "visitor_consent": {
        "kind": ConsentKind,
        "given_on": date.fromisoformat,
        "ends_on": _day_or_none,
        "revoked_on": _day_or_none,
    },
    "contact": {
        "recorded_at": from_text,
        "local_date": date.fromisoformat,
        "channel": Channel,
        "depth": Depth,
    },
    "contact.needs": {"result": Result, "unmet_reason": _code_or_none(UnmetReason)},
    "contact.referrals": {"mode": ReferralMode, "state": ReferralState, "due_on": _day_or_none},
    "contact_revision": {"at": from_text},
    "tally_mark": {"kind": TallyKind, "local_date": date.fromisoformat},
    "service_verification": {"verified_on": date.fromisoformat},
}


def check_usable(document: Document) -> None:
    """Refuse what this program can't show.

    Raises:
        UnusableDocument: a value is none of those it knows.
    """
    try:
        _check(document.collection, document.fields)
        for name in COLLECTIONS[document.collection].inner:
            for entry in (document.fields.get(name) or {}).values():
                _check(f"{document.collection}.{name}", entry)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusableDocument(document.collection) from error


def _check(what: str, values: Mapping[str, Any]) -> None:
    for name, check in _CHECKS.get(what, {}).items():
        if name in values:
            check(values[name])


@cache
def _columns(collection: str) -> tuple[tuple[str, bool], ...]:
    """Return the columns that travel, and whether each is written with a new row only."""
    what = COLLECTIONS[collection]
    return tuple(
        (name, rule is Rule.ONCE and collection != "sync_conflict")
        for name, rule in what.fields.items()
        if name in what.table._meta.columns
    )


class Writer:
    """Writes documents into the rows of one transaction and remembers what has to follow."""

    def __init__(self, unit: UnitOfWork, ids: IdFactory) -> None:
        """Write inside `unit`."""
        self._unit = unit
        self._ids = ids
        self._topics: dict[str, str] | None = None
        self.services: set[str] = set()
        #: services that say something else about themselves now, or are new here
        self.described: set[str] = set()
        self.organizations: set[str] = set()
        self.places: set[str] = set()
        self.visitors: set[str] = set()
        self.histories: set[str] = set()
        self.touched: set[str] = set()

    def topic_ids(self) -> Mapping[str, str]:
        """Return the ids of the topics here by code."""
        if self._topics is None:
            self._topics = dict(self._unit.sql("SELECT code, id FROM topic"))
        return self._topics

    def write(self, document: Document, before: Document | None) -> None:
        """Make the rows say what the document says; `before` is what they say now, None when there are none."""
        what = COLLECTIONS[document.collection]
        columns = {
            name: document.fields[name]
            for name, is_once in _columns(document.collection)
            if name in document.fields and not (is_once and before is not None)
        }
        if before is None:
            self._insert(what, document, columns)
        else:
            changes = {name: value for name, value in columns.items() if before.fields.get(name) != value}
            if changes:
                self._unit.update(what.table, str(row_of(self._unit, what.name, document.record_id)), changes)
        if document.collection == "contact":
            self._write_parts(document, before)
        self.follow(document, before)

    def delete(self, document: Document) -> None:
        """Delete the rows of a document."""
        what = COLLECTIONS[document.collection]
        row_id = row_of(self._unit, what.name, document.record_id)
        if row_id is not None:
            self._unit.delete(what.table, row_id)
        self.follow(document, document)

    # ------------------------------------------------------------------------------------------------

    def _insert(self, what: Collection, document: Document, columns: dict[str, Any]) -> None:
        unit, record_id = self._unit, document.record_id
        row: dict[str, Any] = {"id": record_id if what.key is Key.ID else self._ids.new_id(), **columns}
        if what.name == "account":
            row["login_name"] = self._free_login_name(str(columns.get("login_name", "")))
        elif what.name == "topic":
            row["code"] = record_id
            self._topics = None
        elif what.name == "service_remark":
            row["service_id"] = record_id
        elif what.name == "service_topic":
            guessed = unit.sql(
                "SELECT id FROM service_topic WHERE service_id = ? AND topic = ?",
                (row["service_id"], row["topic"]),
            )
            if guessed:
                unit.update(what.table, guessed[0][0], {"suggested": 0})
                return
            row["suggested"] = 0
        elif what.name == "contact_revision":
            ((highest,),) = unit.sql(
                "SELECT coalesce(max(revision), 0) FROM contact_revision WHERE contact_id = ?", (row["contact_id"],)
            )
            row["revision"] = highest + 1
        elif what.name in {"visitor", "contact"}:
            row["revision"] = 1
        unit.insert(what.table, row)

    def _free_login_name(self, wanted: str) -> str:
        taken = {str(row[0]).casefold() for row in self._unit.sql("SELECT login_name FROM account")}
        names = (f"{wanted} ({number})" if number > 1 else wanted for number in range(1, _FREE_LOGIN_TRIES))
        return next(name for name in names if name and name.casefold() not in taken)

    def _write_parts(self, document: Document, before: Document | None) -> None:
        unit, contact_id = self._unit, document.record_id
        old = before.fields if before else {}
        new = document.fields
        if new.get("needs") != old.get("needs"):
            self._write_needs(contact_id, new.get("needs") or {}, old.get("needs") or {})
        if new.get("referrals") != old.get("referrals"):
            self._write_referrals(contact_id, new.get("referrals") or {}, old.get("referrals") or {})
        note, link = new.get("note"), new.get("link")
        if note != old.get("note"):
            self._write_part(ContactNoteTable, contact_id, note, had=bool(old.get("note")))
        if link != old.get("link"):
            self._write_part(ContactLinkTable, contact_id, link, had=bool(old.get("link")))
            for part in (link, old.get("link")):
                if part and part.get("visitor_id"):
                    self.visitors.add(part["visitor_id"])
        if before is not None and before.fields != document.fields:
            unit.derived("UPDATE contact SET revision = revision + 1 WHERE id = ?", (contact_id,))

    def _write_part(
        self,
        table: type[ContactNoteTable] | type[ContactLinkTable],
        contact_id: str,
        part: Mapping[str, Any] | None,
        *,
        had: bool,
    ) -> None:
        if part is None:
            self._unit.delete(table, contact_id)
        elif had:
            self._unit.update(table, contact_id, part)
        else:
            self._unit.insert(table, {"contact_id": contact_id, **part})

    def _write_needs(self, contact_id: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
        unit, topics = self._unit, self.topic_ids()
        gone = [topics[code] for code in old if code in topics and new.get(code) != old[code]]
        for topic_id in gone:
            for row in unit.sql("SELECT id FROM need WHERE contact_id = ? AND topic_id = ?", (contact_id, topic_id)):
                unit.delete(NeedTable, row[0], under=contact_id)
        for code, entry in new.items():
            if old.get(code) != entry:
                made = {"id": self._ids.new_id(), "contact_id": contact_id, "topic_id": topics[code]}
                columns = {name: entry.get(name) for name in ("result", "unmet_reason", "position")}
                unit.insert(NeedTable, {**made, **columns})

    def _write_referrals(self, contact_id: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
        unit = self._unit
        names = ("id", "mode", "state", "state_reason", "state_changed_at", "due_on", "position")
        for service_id in old.keys() - new.keys():
            unit.delete(ReferralTable, old[service_id]["id"])
        for service_id, entry in new.items():
            columns = {name: entry.get(name) for name in names}
            known = old.get(service_id)
            if known is None:
                unit.insert(ReferralTable, {"contact_id": contact_id, "service_id": service_id, **columns})
            elif changes := {name: value for name, value in columns.items() if known.get(name) != value}:
                unit.update(ReferralTable, known["id"], changes)
            if known != entry:
                unit.notify(ReferralsChanged(frozenset({str(columns["id"])})))

    def follow(self, document: Document, before: Document | None) -> None:
        """Remember and announce what a change means for what is derived and for screens."""
        self.touched.add(document.collection)
        unit, fields = self._unit, document.fields
        former = before.fields if before else {}
        name = document.collection
        if name == "contact":
            unit.notify(ContactsChanged(frozenset({date.fromisoformat(fields["local_date"])})))
        elif name == "contact_revision":
            self.histories.add(fields["contact_id"])
        elif name == "tally_mark":
            unit.notify(TallyChanged(frozenset({date.fromisoformat(fields["local_date"])})))
        elif name == "visitor":
            self.visitors.update(
                filter(None, (document.record_id, fields.get("merged_into"), former.get("merged_into")))
            )
        elif name in {"exchange_referral", "exchange_partner"}:
            unit.notify(ExchangeChanged())
        elif name in {"visitor_consent", "visitor_merge"}:
            self.visitors.update(
                filter(None, (fields.get(column) for column in ("visitor_id", "kept_id", "merged_id")))
            )
        elif COLLECTIONS[name].space is SpaceKind.DIRECTORY:
            self._follow_directory(document, former)

    def _follow_directory(self, document: Document, former: Mapping[str, Any]) -> None:
        own = {"service": self.services, "organization": self.organizations, "location": self.places}
        if document.collection in own:
            own[document.collection].add(document.record_id)
        if document.collection == "service" and former != document.fields:
            self.described.add(document.record_id)
        for fields in (document.fields, former):
            for column, found in (
                ("service_id", self.services),
                ("link_id", self.services),
                ("location_id", self.places),
            ):
                if isinstance(fields.get(column), str):
                    found.add(fields[column])
