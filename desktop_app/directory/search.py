"""Search as you type: beginnings of words, parts of compounds, misspelt words, in this order.

Each stage asks the full-text index for a bounded number of candidates; the next one is only asked while
the list is not full. What is typed reaches the index as folded letters and digits in quotes: it can hold
no query syntax.
"""

from __future__ import annotations

import bisect
import json
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from desktop_app.directory.folding import words
from desktop_app.directory.search_index import LONGEST_WORD, SHORTEST_WORD, filter_word
from desktop_app.storage.store import Store

_MOST_WORDS = 8
_CANDIDATES = 250
_CANDIDATES_OF_ONE_WORD = 60
_WORDS_WITH_TRIGRAMS = 1500
_PART_WORDS = 40
_SIMILAR_WORDS = 8
_SHORT_WORD = 5
"""Up to this length one slip is forgiven, beyond it two."""
_FEW = 5
"""With fewer hits than this, misspelt words are looked for as well."""

_NAME = "{name}"
_MAIN = "{name organization keywords}"
_ALL = "{name organization keywords place description}"

#: Points of a hit by column: whole word, beginning of a word, part of a word, similar word.
_POINTS = (
    (100, 85, 60, 45),  # name
    (50, 42, 30, 22),  # organisation
    (36, 32, 22, 15),  # keywords
    (28, 24, 12, 10),  # place
)
_DESCRIPTION_POINTS = 8
_WHOLE_QUERY_BEGINS_NAME = 40
_WHOLE_QUERY_IN_NAME = 20

_ENTRY_COLUMNS = (
    "number, service_id, service_name, organization_name, place, phone, topics, "
    "folded_name, folded_organization, folded_keywords, folded_place"
)


@dataclass(slots=True)
class Term:
    """One typed word and the words of the index that it may stand for."""

    typed: str
    containing: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()

    def expression(self, *, fuzzy: bool) -> str:
        """Return the term as an FTS5 expression."""
        alternatives = [f'"{self.typed}" *', *(f'"{word}"' for word in self.containing)]
        if fuzzy:
            alternatives.extend(f'"{word}"' for word in self.similar)
        return "(" + " OR ".join(alternatives) + ")"


class Match(NamedTuple):
    """Where a typed word was found best."""

    column: int
    """0 name, 1 organisation, 2 keywords, 3 place, 4 description."""
    candidates: tuple[str, ...]
    """The folded words that may stand there, the surest first."""


@dataclass(slots=True)
class Found:
    """A candidate with its points."""

    number: int
    service_id: str
    service_name: str
    organization_name: str
    place: str
    phone: str
    topics: tuple[str, ...]
    folded: tuple[str, ...]
    """Name, organisation, keywords, place."""
    points: float = 0.0
    some_terms: set[int] = field(default_factory=set)
    """Which typed words are there, if not all of them are."""
    matched: list[Match] = field(default_factory=list)


class ServiceSearch:
    """Finds services; safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        """Search in `store`."""
        self._store = store
        self._vocabulary = _Vocabulary(store)

    def warm_up(self) -> None:
        """Load what the first misspelt word would wait for; meant for an idle moment after the start."""
        self._vocabulary.similar("vorbereitung")

    def find(self, text: str, limit: int, topics: Collection[str] = (), area: str = "") -> list[Found]:
        """Return the best hits; without text, the first services by name."""
        typed = _typed_words(text)
        narrowing = _narrowing(topics, area)
        if not typed:
            # Something was typed, but no letter or digit: nothing can match.
            return [] if text.strip() else self._first_by_name("", narrowing, limit)
        if len(typed) == 1 and len(typed[0]) == 1:
            return self._first_by_name(typed[0], narrowing, limit)
        terms = [Term(word, self._vocabulary.containing(word)) for word in typed]
        found = self._cascade(terms, narrowing, limit)
        query = " ".join(typed)
        for candidate in found.values():
            _rate(candidate, terms, query)
        ranked = sorted(found.values(), key=lambda hit: (-hit.points, len(hit.folded[0]), hit.folded[0], hit.number))
        return ranked[:limit]

    def _cascade(self, terms: Sequence[Term], narrowing: str, limit: int) -> dict[int, Found]:
        found: dict[int, Found] = {}
        # Whole words of the name first: among more candidates than are looked at they must not be missing.
        whole = " AND ".join(f'"{term.typed}"' for term in terms)
        self._ask(f"{_NAME} : ({whole})", narrowing, found, _CANDIDATES_OF_ONE_WORD)
        every = " AND ".join(term.expression(fuzzy=False) for term in terms)
        for scope in (_NAME, _MAIN, _ALL):
            self._ask(f"{scope} : ({every})", narrowing, found)
            if len(found) >= limit:
                return found
        if not found or (len(terms) == 1 and len(found) < _FEW and not _is_whole_word(found, terms[0].typed)):
            self._ask_similar(terms, narrowing, found)
        if not found and len(terms) > 1:
            self._ask_one_by_one(terms, narrowing, found)
        return found

    def _ask_similar(self, terms: Sequence[Term], narrowing: str, found: dict[int, Found]) -> None:
        """Take misspelt words for those they resemble: first those that nothing begins with, then all."""
        unknown = [term for term in terms if not term.containing and not self._vocabulary.begins(term.typed)]
        for suspects in (unknown, terms):
            for term in suspects:
                if not term.similar and not term.typed.isdecimal():
                    term.similar = self._vocabulary.similar(term.typed)
            if any(term.similar for term in suspects):
                every = " AND ".join(term.expression(fuzzy=True) for term in terms)
                self._ask(f"{_ALL} : ({every})", narrowing, found)
            if found:
                return

    def _ask_one_by_one(self, terms: Sequence[Term], narrowing: str, found: dict[int, Found]) -> None:
        """Nothing has all words: take what has some, and remember which."""
        for index, term in enumerate(terms):
            # Words of two letters are no ground to show something.
            if len(term.typed) >= SHORTEST_WORD:
                hits: dict[int, Found] = {}
                for scope in (_NAME, _ALL):
                    if len(hits) < _CANDIDATES_OF_ONE_WORD:
                        self._ask(f"{scope} : {term.expression(fuzzy=True)}", narrowing, hits, _CANDIDATES_OF_ONE_WORD)
                for number, hit in hits.items():
                    found.setdefault(number, hit).some_terms.add(index)

    def _ask(self, expression: str, narrowing: str, found: dict[int, Found], limit: int = _CANDIDATES) -> None:
        """Add at most `limit` services that match."""
        rows = self._store.sql_at_once(
            _ENTRY_COLUMNS.count(",") + 1,
            f"SELECT {_ENTRY_COLUMNS} FROM search_entry WHERE number IN "  # noqa: S608 - constant columns
            "(SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT ?)",
            (expression + narrowing, limit),
        )
        for row in rows:
            if row[0] not in found:
                found[row[0]] = _found(row)

    def _first_by_name(self, beginning: str, narrowing: str, limit: int) -> list[Found]:
        condition = "folded_name >= ? AND folded_name < ?"
        parameters: list[object] = [beginning, beginning + "\U0010ffff"]
        if narrowing:
            condition += " AND number IN (SELECT rowid FROM search_index WHERE search_index MATCH ?)"
            parameters.append(narrowing.removeprefix(" AND "))
        rows = self._store.sql(
            f"SELECT {_ENTRY_COLUMNS} FROM search_entry WHERE {condition} ORDER BY folded_name, number LIMIT ?",  # noqa: S608
            [*parameters, limit],
        )
        return [_found(row) for row in rows]


class _Vocabulary:
    """The words of the index: parts of compounds by trigrams, similar words in memory, loaded when first needed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._newest = 0
        self._by_length: dict[int, list[str]] = {}
        self._sorted: list[str] = []

    def containing(self, part: str) -> tuple[str, ...]:
        """Return words that have `part` inside, not at their beginning."""
        if len(part) < SHORTEST_WORD or not part.isalpha():
            return ()
        rows = self._store.sql_at_once(
            1,
            "SELECT word FROM search_word_parts WHERE search_word_parts MATCH ? LIMIT ?",
            (f'"{part}"', _PART_WORDS * 4),
        )
        inside = [word for (word,) in rows if not word.startswith(part)]
        return tuple(sorted(inside, key=lambda word: (len(word), word))[:_PART_WORDS])

    def begins(self, beginning: str) -> bool:
        """Whether a word begins like this."""
        rows = self._store.sql(
            "SELECT 1 FROM search_word WHERE word >= ? AND word < ? LIMIT 1", (beginning, beginning + "\U0010ffff")
        )
        return bool(rows)

    def similar(self, typed: str) -> tuple[str, ...]:
        """Return words that `typed` may be a slip for, also when only the beginning has been typed."""
        if len(typed) <= SHORTEST_WORD:
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import OSA
        from rapidfuzz.fuzz import partial_ratio

        by_length, ordered = self._refreshed()
        slips = 1 if len(typed) <= _SHORT_WORD else 2
        near = [
            word for length in range(len(typed) - slips, len(typed) + slips + 1) for word in by_length.get(length, ())
        ]
        whole = process.extract(typed, near, scorer=OSA.distance, score_cutoff=slips, limit=_SIMILAR_WORDS)
        result = [word for word, _, _ in whole]
        if len(typed) <= _SHORT_WORD:
            return tuple(result)
        longer = _beginning_alike(ordered, typed)
        heads = [word[: len(typed)] for word in longer]
        begun = process.extract(typed, heads, scorer=OSA.distance, score_cutoff=slips, limit=_SIMILAR_WORDS)
        result.extend(longer[position] for _, _, position in begun)
        if not result:
            longer = self._sharing_trigrams(typed)
            inside = process.extract(typed, longer, scorer=partial_ratio, score_cutoff=78, limit=_SIMILAR_WORDS)
            result.extend(word for word, _, _ in inside)
        return tuple(dict.fromkeys(result))

    def _sharing_trigrams(self, typed: str) -> list[str]:
        """Return longer words with at least one trigram of `typed`."""
        trigrams = {typed[start : start + 3] for start in range(len(typed) - 2)}
        expression = " OR ".join(f'"{trigram}"' for trigram in sorted(trigrams))
        rows = self._store.sql(
            "SELECT word FROM search_word_parts WHERE search_word_parts MATCH ? LIMIT ?",
            (expression, _WORDS_WITH_TRIGRAMS),
        )
        return [word for (word,) in rows if len(word) > len(typed)]

    def _refreshed(self) -> tuple[dict[int, list[str]], list[str]]:
        """Take in the words that have come since the last look; return words by length and all in order."""
        with self._lock:
            rows = self._store.sql(
                "SELECT number, word FROM search_word WHERE number > ? ORDER BY number", (self._newest,)
            )
            if rows:
                by_length = {length: list(known) for length, known in self._by_length.items()}
                for _, word in rows:
                    by_length.setdefault(len(word), []).append(word)
                # Replaced, never changed: another thread may be reading the lists.
                self._by_length = by_length
                self._sorted = sorted(word for known in by_length.values() for word in known)
                self._newest = rows[-1][0]
            return self._by_length, self._sorted


def _beginning_alike(ordered: Sequence[str], typed: str) -> list[str]:
    """Return the words that share the first two letters: few people mistype those."""
    start = bisect.bisect_left(ordered, typed[:2])
    end = bisect.bisect_left(ordered, typed[:2] + "\U0010ffff")
    return [word for word in ordered[start:end] if len(word) > len(typed)]


def _is_whole_word(found: dict[int, Found], typed: str) -> bool:
    """Whether what was typed is a whole word of a name: then it is no slip."""
    return any(f" {typed} " in f" {hit.folded[0]} " for hit in found.values())


def _typed_words(text: str) -> list[str]:
    """Return the words to look for; a single letter only counts when it stands alone."""
    typed = list(dict.fromkeys(word[:LONGEST_WORD] for word in words(text[:400])))[:_MOST_WORDS]
    longer = [word for word in typed if len(word) > 1]
    return longer or typed[:1]


def _narrowing(topics: Collection[str], area: str) -> str:
    """Return the part of the expression that topics and area add."""
    parts = []
    if topics:
        parts.append("{filters} : (" + " OR ".join(f'"{filter_word(topic)}"' for topic in topics) + ")")
    place = [word for word in words(area) if word]
    if place:
        parts.append("{place} : (" + " AND ".join(f'"{word}" *' for word in place[:_MOST_WORDS]) + ")")
    return "".join(f" AND {part}" for part in parts)


def _found(row: Sequence[object]) -> Found:
    number, service_id, service_name, organization_name, place, phone, topics, *folded = row
    return Found(
        number=int(str(number)),
        service_id=str(service_id),
        service_name=str(service_name),
        organization_name=str(organization_name),
        place=str(place),
        phone=str(phone),
        topics=tuple(str(topics).split()),
        folded=tuple(map(str, folded)),
    )


def _rate(hit: Found, terms: Iterable[Term], query: str) -> None:
    """Give points: name before organisation before keywords before place before description."""
    for index, term in enumerate(terms):
        if hit.some_terms and index not in hit.some_terms:
            continue
        points, match = _best_match(hit, term)
        hit.points += points
        hit.matched.append(match)
    name = hit.folded[0]
    if name.startswith(query):
        hit.points += _WHOLE_QUERY_BEGINS_NAME
    elif query in name:
        hit.points += _WHOLE_QUERY_IN_NAME


def _best_match(hit: Found, term: Term) -> tuple[float, Match]:
    for column, (whole, beginning, part, similar) in enumerate(_POINTS):
        text = " " + hit.folded[column] + " "
        if f" {term.typed}" in text:
            return whole if f" {term.typed} " in text else beginning, Match(column, (term.typed,))
        if term.typed in text and len(term.typed) >= SHORTEST_WORD:
            return part, Match(column, (term.typed,))
        for rank, word in enumerate(term.similar):
            if f" {word} " in text:
                return similar - rank, Match(column, (word,))
    return _DESCRIPTION_POINTS, Match(len(_POINTS), (term.typed, *term.similar))


def verified_sql(service_ids: Sequence[str]) -> tuple[str, tuple[str]]:
    """Return the statement for the newest verification of each of these services."""
    statement = (
        "SELECT service_id, verified_on, how, verified_by FROM service_verification AS note "
        "WHERE service_id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM service_verification AS later "
        "WHERE later.service_id = note.service_id AND (later.verified_on, later.id) > (note.verified_on, note.id))"
    )
    return statement, (json.dumps(list(service_ids)),)


class Texts(NamedTuple):
    """The long texts of a service, to show where a word stands."""

    description: str = ""
    alternate_name: str = ""
    eligibility: str = ""


def texts_sql(service_ids: Sequence[str]) -> tuple[str, tuple[str]]:
    """Return the statement for id and `Texts` of each of these services."""
    return (
        (
            "SELECT id, COALESCE(description, ''), COALESCE(alternate_name, ''), COALESCE(eligibility_description, '') "
            "FROM service WHERE id IN (SELECT value FROM json_each(?))"
        ),
        (json.dumps(list(service_ids)),),
    )
