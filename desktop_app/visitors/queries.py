"""Reads on visitor files. What opens a whole file is a command (`VisitorService.open_file`): reading leaves a trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from peewee import JOIN

from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactRecord
from desktop_app.core.clock import from_text, office_zone
from desktop_app.directory.folding import words
from desktop_app.security.tables import AccountTable
from desktop_app.storage.store import Store
from desktop_app.visitors.records import (
    Consent,
    ContactLink,
    Merge,
    VisitorEntry,
    VisitorFile,
    VisitorHit,
)
from desktop_app.visitors.rows import consent_of, entry_of, hold_of, no_such_file
from desktop_app.visitors.rules import (
    PHONE,
    SHORTEST_QUERY,
    SOUND,
    WORD,
    may_be_same,
    may_keep_file,
    name_sounds,
    phone_digits,
    query_sound,
)
from desktop_app.visitors.tables import ConsentTable, ContactLinkTable, VisitorKeyTable, VisitorMergeTable, VisitorTable

_BEGINS = "SELECT visitor_id, key FROM visitor_key WHERE kind = ? AND key >= ? AND key < ?"
_HIGHEST = "\U0010ffff"
_CONTACTS = """
SELECT contact.id FROM contact_visitor
JOIN contact ON contact.id = contact_visitor.contact_id
WHERE contact_visitor.visitor_id = ? AND contact.withdrawn <= ?
ORDER BY contact.recorded_at DESC, contact.id DESC
"""
_MOST_DUPLICATES = 5


class VisitorQueries:
    """Finding visitor files."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    def search(self, text: str, *, limit: int = 20) -> tuple[VisitorHit, ...]:
        """Return files in which every typed word begins a name, sounds like one, or begins the telephone number.

        What is spelled as typed comes before what only sounds so. A text of one character finds nothing.
        """
        typed = words(text)
        digits = phone_digits(text)
        if len("".join(typed)) < SHORTEST_QUERY:
            return ()
        by_phone = self._beginning(PHONE, digits) if digits and not any(map(str.isalpha, text)) else set()
        spelled: set[str] | None = None
        sounding: set[str] | None = None
        for word in typed:
            begins = self._beginning(WORD, word)
            either = begins | self._sounding(query_sound(word))
            spelled = begins if spelled is None else spelled & begins
            sounding = either if sounding is None else sounding & either
        exact = (spelled or set()) | by_phone
        return self._hits(exact, (sounding or set()) - exact, limit)

    def possible_duplicates(self, entry: VisitorEntry, *, but: str = "") -> tuple[VisitorHit, ...]:
        """Return files that may be the same person: same number, or same sound and a similar year of birth."""
        found: set[str] = set()
        for sound in name_sounds(f"{entry.name} {entry.former_name}"):
            found |= self._sounding(sound)
        digits = phone_digits(entry.phone)
        if digits:
            found |= self._beginning(PHONE, digits)
        rows = self._store.rows(VisitorTable.select().where(VisitorTable.id.in_(sorted(found - {but}))))
        same = {row["id"] for row in rows if row["merged_into"] is None and may_be_same(entry, entry_of(row))}
        return self._hits(same, set(), _MOST_DUPLICATES)

    def hit(self, visitor_id: str) -> VisitorHit:
        """Return one file as a hit, to name it on a contact card.

        Raises:
            UserError: there is no such file.
        """
        hits = self._hits({visitor_id}, set(), 1)
        if not hits:
            raise no_such_file()
        return hits[0]

    def link_of(self, contact_id: str) -> ContactLink | None:
        """Return whose contact it is, None when it belongs to nobody known."""
        row = self._store.first(ContactLinkTable.select().where(ContactLinkTable.contact_id == contact_id))
        return ContactLink(row["visitor_id"], row["card_id"]) if row else None

    def without_consent(self) -> tuple[str, ...]:
        """Return the ids of files without a valid consent to keep them: they are to be erased."""
        today = self._store.clock.today()
        consents = self._consents()
        rows = self._store.tuples(VisitorTable.select(VisitorTable.id).where(VisitorTable.merged_into.is_null()))
        return tuple(sorted(row[0] for row in rows if not may_keep_file(consents.get(row[0], ()), today)))

    def _beginning(self, kind: str, start: str) -> set[str]:
        return {row[0] for row in self._store.sql(_BEGINS, (kind, start, start + _HIGHEST))}

    def _sounding(self, sound: str) -> set[str]:
        if not sound:
            return set()
        query = VisitorKeyTable.select(VisitorKeyTable.visitor_id).where(
            (VisitorKeyTable.kind == SOUND) & (VisitorKeyTable.key == sound)
        )
        return {row[0] for row in self._store.tuples(query)}

    def _hits(self, exact: set[str], sounding: set[str], limit: int) -> tuple[VisitorHit, ...]:
        wanted = sorted(exact | sounding)
        rows = self._store.rows(
            VisitorTable.select().where(VisitorTable.id.in_(wanted) & VisitorTable.merged_into.is_null())
        )
        today = self._store.clock.today()
        consents = self._consents(wanted)
        hits = [
            VisitorHit(
                visitor_id=row["id"],
                name=row["name"],
                former_name=row["former_name"],
                birth_text=entry_of(row).birth_text,
                by_sound=row["id"] in sounding,
                has_consent=may_keep_file(consents.get(row["id"], ()), today),
            )
            for row in rows
        ]
        hits.sort(key=lambda hit: (hit.by_sound, words(hit.name or hit.former_name), hit.visitor_id))
        return tuple(hits[:limit])

    def _consents(self, visitor_ids: Iterable[str] | None = None) -> dict[str, list[Consent]]:
        query = ConsentTable.select()
        if visitor_ids is not None:
            query = query.where(ConsentTable.visitor_id.in_(list(visitor_ids)))
        found: dict[str, list[Consent]] = defaultdict(list)
        for row in self._store.rows(query):
            found[row["visitor_id"]].append(consent_of(row))
        return found


class VisitorFileReader:
    """Puts a whole file together. Only `VisitorService` has one, and writes down that it was read."""

    def __init__(self, store: Store, contacts: ContactQueries) -> None:
        """Read from `store`."""
        self._store = store
        self._contacts = contacts

    def file(self, visitor_id: str) -> VisitorFile:
        """Return a file.

        Raises:
            UserError: there is no such file.
        """
        row = self._store.first(VisitorTable.select().where(VisitorTable.id == visitor_id))
        if row is None or row["merged_into"] is not None:
            raise no_such_file()
        initials = dict(self._store.tuples(AccountTable.select(AccountTable.id, AccountTable.initials)))
        consents = self._store.rows(
            ConsentTable.select()
            .where(ConsentTable.visitor_id == visitor_id)
            .order_by(ConsentTable.given_on.desc(), ConsentTable.id.desc())
        )
        return VisitorFile(
            visitor_id=visitor_id,
            entry=entry_of(row),
            consents=tuple(consent_of(consent, initials.get(consent["account_id"], "?")) for consent in consents),
            contacts=self.contacts(visitor_id),
            merges=self._merges(visitor_id, initials),
            created_on=_local_day(row["created_at"]),
            revision=row["revision"],
            day=self._store.clock.today(),
            hold=hold_of(row, self._store.clock.today()),
        )

    def contacts(self, visitor_id: str, *, with_withdrawn: bool = False) -> tuple[ContactRecord, ...]:
        """Return the contacts of a file, newest first."""
        rows = self._store.sql(_CONTACTS, (visitor_id, int(with_withdrawn)))
        return tuple(self._contacts.contact(row[0]) for row in rows)

    def former_files(self, visitor_id: str) -> tuple[VisitorEntry, ...]:
        """Return the files that were merged into this one."""
        query = VisitorTable.select().where(VisitorTable.merged_into == visitor_id).order_by(VisitorTable.id)
        return tuple(map(entry_of, self._store.rows(query)))

    def _merges(self, visitor_id: str, initials: dict[str, str]) -> tuple[Merge, ...]:
        query: Any = (
            VisitorMergeTable.select(
                VisitorMergeTable.id,
                VisitorMergeTable.merged_at,
                VisitorMergeTable.account_id,
                VisitorTable.name,
                VisitorTable.former_name,
                VisitorTable.phone,
            )
            .join(VisitorTable, JOIN.INNER, on=(VisitorTable.id == VisitorMergeTable.merged_id))
            .where((VisitorMergeTable.kept_id == visitor_id) & VisitorMergeTable.undone_at.is_null())
            .order_by(VisitorMergeTable.merged_at.desc(), VisitorMergeTable.id.desc())
        )
        return tuple(
            Merge(
                merge_id=row["id"],
                merged_name=row["name"] or row["former_name"] or row["phone"],
                merged_on=_local_day(row["merged_at"]),
                initials=initials.get(row["account_id"], "?"),
            )
            for row in self._store.rows(query)
        )


def _local_day(moment: str) -> date:
    return from_text(moment).astimezone(office_zone()).date()
