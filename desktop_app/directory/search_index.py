"""Keeping the search index true: called inside the transaction that changes a service."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_app.directory.folding import fold, plain_text
from desktop_app.directory.rules import TOPIC_NAMES, is_active
from desktop_app.storage.unit_of_work import UnitOfWork

SHORTEST_WORD = 3
LONGEST_WORD = 60
_DESCRIPTION_CHARACTERS = 6000

#: The parts of a service: kind, service id, three texts. Ids come as a JSON list, however many there are.
_PARTS_SQL = """
WITH wanted(id) AS (SELECT value FROM json_each(?))
SELECT 'place', link.service_id, COALESCE(location.name, ''),
       TRIM(COALESCE(address.address_1, '') || ' ' || COALESCE(address.address_2, '')),
       TRIM(COALESCE(address.postal_code, '') || ' ' || COALESCE(address.city, '')
            || CASE WHEN address.region > '' THEN ' ' || address.region ELSE '' END)
  FROM wanted JOIN service_at_location AS link ON link.service_id = wanted.id
  JOIN location ON location.id = link.location_id
  LEFT JOIN address ON address.location_id = location.id
 UNION ALL
SELECT 'phone', phone.service_id, COALESCE(phone.number, ''), COALESCE(phone.type, ''), ''
  FROM wanted JOIN phone ON phone.service_id = wanted.id
 UNION ALL
SELECT 'phone', link.service_id, COALESCE(phone.number, ''), COALESCE(phone.type, ''), ''
  FROM wanted JOIN service_at_location AS link ON link.service_id = wanted.id
  JOIN phone ON phone.service_at_location_id = link.id OR phone.location_id = link.location_id
 UNION ALL
SELECT 'topic', service_topic.service_id, service_topic.topic, '', ''
  FROM wanted JOIN service_topic ON service_topic.service_id = wanted.id
 UNION ALL
SELECT 'term', attribute.link_id, COALESCE(taxonomy_term.name, ''), COALESCE(attribute.value, ''), ''
  FROM wanted JOIN attribute ON attribute.link_id = wanted.id
  LEFT JOIN taxonomy_term ON taxonomy_term.id = attribute.taxonomy_term_id
 UNION ALL
SELECT 'term', language.service_id, COALESCE(language.name, ''), '', ''
  FROM wanted JOIN language ON language.service_id = wanted.id
"""

_SERVICES_SQL = """
SELECT service.id, service.name, COALESCE(service.alternate_name, ''), COALESCE(service.description, ''),
       COALESCE(service.eligibility_description, ''), service.status,
       service.withdrawn_at IS NOT NULL OR organization.withdrawn_at IS NOT NULL,
       organization.name, COALESCE(organization.alternate_name, '')
  FROM json_each(?) AS wanted JOIN service ON service.id = wanted.value
  JOIN organization ON organization.id = service.organization_id
"""

_ENTRY_SQL = """
INSERT OR REPLACE INTO search_entry (number, service_id, service_name, organization_name, place, phone, topics,
    folded_name, folded_organization, folded_keywords, folded_place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INDEX_SQL = """
INSERT OR REPLACE INTO search_index (rowid, name, organization, keywords, place, description, filters)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(slots=True)
class Parts:
    """What hangs on a service, as far as search needs it."""

    places: list[tuple[str, str, str]] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A service as it goes into the index."""

    service_id: str
    name: str
    alternate_name: str
    description: str
    organization: str
    parts: Parts

    def place(self) -> str:
        """Return the first place in one line."""
        for name, street, town in self.parts.places:
            line = ", ".join(part for part in (street, town) if part)
            if line or name:
                return line or name
        return ""

    def phone(self) -> str:
        """Return the number to call: the first that is no fax."""
        voices = [number for number, kind in self.parts.phones if number and kind != "fax"]
        return " ".join(voices[0].split()) if voices else ""


def filter_word(topic: str) -> str:
    """Return the index word that stands for a topic."""
    return "thema_" + "".join(
        character for character in topic.casefold() if character.isascii() and character.isalnum()
    )


def index_services(unit: UnitOfWork, service_ids: Collection[str]) -> None:
    """Bring the index up to date for these services; closed and withdrawn ones leave it."""
    if not service_ids:
        return
    wanted = json.dumps(sorted(service_ids))
    parts: dict[str, Parts] = defaultdict(Parts)
    for kind, service_id, first, second, third in unit.sql(_PARTS_SQL, (wanted,)):
        _collect(parts[service_id], kind, first, second, third)
    documents: list[IndexDocument] = []
    gone = set(service_ids)
    for row in unit.sql(_SERVICES_SQL, (wanted,)):
        service_id, name, alternate, description, eligibility, status, withdrawn, organization, organization_alias = row
        if is_active(status, withdrawn=bool(withdrawn)):
            gone.discard(service_id)
            documents.append(
                IndexDocument(
                    service_id,
                    name,
                    f"{alternate} {organization_alias}",
                    f"{description} {eligibility}",
                    organization,
                    parts[service_id],
                )
            )
    _remove(unit, gone)
    write_documents(unit, documents)


def _collect(parts: Parts, kind: str, first: str, second: str, third: str) -> None:
    if kind == "place":
        parts.places.append((first, second, third))
    elif kind == "phone":
        parts.phones.append((first, second))
    elif kind == "topic":
        parts.topics.append(first)
    else:
        parts.terms.extend(text for text in (first, second) if text)


def _remove(unit: UnitOfWork, service_ids: Iterable[str]) -> None:
    numbers = unit.sql(
        "SELECT number FROM search_entry WHERE service_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(service_ids)),),
    )
    unit.derived_many("DELETE FROM search_index WHERE rowid = ?", numbers)
    unit.derived_many("DELETE FROM search_entry WHERE number = ?", numbers)


def write_documents(unit: UnitOfWork, documents: Sequence[IndexDocument]) -> None:
    """Write documents over what the index holds of these services."""
    if not documents:
        return
    numbers: dict[str, int] = dict(
        unit.sql(
            "SELECT service_id, number FROM search_entry WHERE service_id IN (SELECT value FROM json_each(?))",
            (json.dumps([document.service_id for document in documents]),),
        )
    )
    free = _next_number(unit, "search_entry")
    entries: list[tuple[Any, ...]] = []
    texts: list[tuple[Any, ...]] = []
    words: set[str] = set()
    for document in documents:
        number = numbers.get(document.service_id)
        if number is None:
            number, free = free, free + 1
        name, organization = fold(document.name), fold(document.organization)
        keywords, place = fold(_keywords(document)), fold(_places(document))
        description = fold(plain_text(document.description[:_DESCRIPTION_CHARACTERS]))
        filters = " ".join(map(filter_word, document.parts.topics))
        entries.append(
            (
                number, document.service_id, document.name, document.organization, document.place(), document.phone(),
                " ".join(document.parts.topics), name, organization, keywords, place,
            )
        )  # fmt: skip
        texts.append((number, name, organization, keywords, place, description, filters))
        for text in (name, organization, keywords, place, description):
            words.update(text.split())
    unit.derived_many(_ENTRY_SQL, entries)
    unit.derived_many(_INDEX_SQL, texts)
    _learn(unit, words)


def _keywords(document: IndexDocument) -> str:
    numbers = [number for number, _ in document.parts.phones]
    digits = ["".join(filter(str.isdecimal, number)) for number in numbers]
    topics = [TOPIC_NAMES.get(topic, topic) for topic in document.parts.topics]
    return " ".join([document.alternate_name, *topics, *document.parts.terms, *numbers, *digits])


def _places(document: IndexDocument) -> str:
    return " ".join(dict.fromkeys(part for place in document.parts.places for part in place if part))


def _learn(unit: UnitOfWork, words: Iterable[str]) -> None:
    """Add words to the vocabulary that spelling mistakes and parts of compounds are compared with."""
    useful = [word for word in words if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()]
    known = {
        word
        for (word,) in unit.sql(
            "SELECT word FROM search_word WHERE word IN (SELECT value FROM json_each(?))", (json.dumps(useful),)
        )
    }
    number = _next_number(unit, "search_word")
    new = list(enumerate(sorted(set(useful) - known), start=number))
    unit.derived_many("INSERT INTO search_word (number, word) VALUES (?, ?)", new)
    unit.derived_many("INSERT INTO search_word_parts (rowid, word) VALUES (?, ?)", new)


def _next_number(unit: UnitOfWork, table: str) -> int:
    """Return the next number; one that was used is never given again."""
    rows = unit.sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
    return int(rows[0][0]) + 1 if rows else 1
