"""Merging two changes of one document against what both began with. Pure: no clock, no database.

Every value that does not stand is named in the result, except the order of display and moments of bookkeeping. What was
erased stays erased: a field's content belongs to one life of the field, and the later life stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop_app.sync.documents import Document
from desktop_app.sync.what_travels import Collection, Rule

_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that does not stand, or waits for a person. Absent entries of a map are None."""

    field: str
    before: Any
    mine: Any
    theirs: Any
    mine_stands: bool
    is_open: bool
    #: one side took an entry of a map away that the other changed
    is_removal: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome."""

    document: Document
    lost: tuple[Lost, ...]


def merge(collection: Collection, base: Document | None, mine: Document, theirs: Document) -> Merged:
    """Return what stands. `theirs` is what the hub has; `base` None: the two were made without knowing each other.

    Without a base, what the hub has stands, for others have it already.
    """
    job = _Merge(collection, base, mine, theirs)
    return job.run()


def surely_shared(collection: Collection, known: Document, theirs: Document) -> Document:
    """Return what of a state we know is what both began with, where it is open what `theirs` rests on.

    A value that is the same there was not changed there, as far as anybody can tell; about every other one nothing is said.
    """
    fields: dict[str, Any] = {}
    for name, there in theirs.fields.items():
        here = known.fields.get(name)
        if collection.fields.get(name) is Rule.MAP:
            fields[name] = {key: entry for key, entry in (here or {}).items() if (there or {}).get(key) == entry}
        else:
            fields[name] = here if here == there and name in known.fields else _MISSING
    return replace(known, fields=fields)


def differences(base: Document | None, mine: Document, theirs: Document) -> list[Lost]:
    """Return the fields in which this desk changed a record of another carrier; theirs stand."""
    before = base.fields if base else {}
    return [
        Lost(name, before.get(name), value, theirs.fields.get(name), mine_stands=False, is_open=False)
        for name, value in mine.fields.items()
        if value != theirs.fields.get(name) and (base is None or value != before.get(name))
    ]


class _Merge:
    """One merge."""

    def __init__(self, collection: Collection, base: Document | None, mine: Document, theirs: Document) -> None:
        self._collection = collection
        self._base = base
        self._mine = mine
        self._theirs = theirs
        self._lost: list[Lost] = []

    def run(self) -> Merged:
        base = self._base.fields if self._base else None
        fields: dict[str, Any] = {}
        for name in {**self._theirs.fields, **self._mine.fields}:
            rule = self._collection.fields.get(name, Rule.LATER)
            before = _MISSING if base is None else base.get(name)
            mine, theirs = self._mine.fields.get(name), self._theirs.fields.get(name)
            if rule is Rule.MAP:
                inner = self._collection.inner.get(name, {})
                fields[name] = self._merge_map(name, inner, {} if before is _MISSING else before, mine, theirs)
            else:
                fields[name] = self._merge_value(name, rule, before, mine, theirs)
        names = {*self._mine.erased, *self._theirs.erased}
        erased = {name: max(self._times(self._mine, name), self._times(self._theirs, name)) for name in names}
        version = max(self._mine.version, self._theirs.version)
        merged = replace(self._theirs, fields=fields, erased=erased, version=version)
        return Merged(merged, tuple(self._lost))

    @staticmethod
    def _times(document: Document, name: str) -> int:
        return document.erased.get(name, 0)

    def _merge_map(
        self, name: str, rules: Mapping[str, Rule], base: Any, mine: Any, theirs: Any
    ) -> dict[str, dict[str, Any]]:
        base, mine, theirs = base or {}, mine or {}, theirs or {}
        knows_base = self._base is not None
        found: dict[str, dict[str, Any]] = {}
        for key in {**theirs, **mine}:
            before, own, other = base.get(key), mine.get(key), theirs.get(key)
            path = f"{name}/{key}"
            if own is not None and other is not None:
                found[key] = {
                    inner: self._merge_value(
                        f"{path}/{inner}",
                        rules.get(inner, Rule.LATER),
                        (before or {}).get(inner) if knows_base and before is not None else _MISSING,
                        own.get(inner),
                        other.get(inner),
                    )
                    for inner in {**other, **own}
                }
            elif before is None:
                found[key] = own if own is not None else other
            else:
                self._keep_or_remove(path, rules, before, own, other, found, key)
        return found

    def _keep_or_remove(
        self,
        path: str,
        rules: Mapping[str, Rule],
        before: dict[str, Any],
        own: dict[str, Any] | None,
        other: dict[str, Any] | None,
        found: dict[str, dict[str, Any]],
        key: str,
    ) -> None:
        """One side took the entry away: that stands unless the other side changed it."""
        left = own if own is not None else other
        silent = {inner for inner, rule in rules.items() if rule in {Rule.MINOR, Rule.LATEST, Rule.ONCE}}
        weighty = [inner for inner in {**before, **(left or {})} if inner not in silent]
        if left is None or all(left.get(inner) == before.get(inner) for inner in weighty):
            return
        found[key] = left
        self._lost.append(Lost(path, before, own, other, own is not None, is_open=False, is_removal=True))

    def _merge_value(self, path: str, rule: Rule, before: Any, mine: Any, theirs: Any) -> Any:
        my_life, their_life = self._times(self._mine, path), self._times(self._theirs, path)
        if my_life != their_life:
            return mine if my_life > their_life else theirs
        if mine == theirs:
            return mine
        if before is not _MISSING and my_life != (self._times(self._base, path) if self._base else 0):
            before = None  # both erased it; what one of them wrote since is an ordinary change
        if rule is Rule.ONCE or before == mine:
            return theirs
        if before is not _MISSING and before == theirs:
            return mine
        return self._contested(path, rule, before, mine, theirs)

    def _contested(self, path: str, rule: Rule, before: Any, mine: Any, theirs: Any) -> Any:
        if rule is Rule.LATEST:
            return _extreme(max, mine, theirs)
        if rule is Rule.MINOR:
            return theirs if before is _MISSING else mine
        is_open = rule in {Rule.DECIDE, Rule.EARLIER_DAY}
        if rule is Rule.EARLIER_DAY:
            mine_stands = _extreme(min, mine, theirs) == mine
        else:
            mine_stands = rule is Rule.LATER and before is not _MISSING
        shown = None if before is _MISSING else before
        self._lost.append(Lost(path, shown, mine, theirs, mine_stands, is_open))
        return mine if mine_stands else theirs


def _extreme(choose: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return choose(str(one), str(other)) if type(one) is not type(other) else choose(one, other)
