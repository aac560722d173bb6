"""What this desk has of the records of a page and of what they hang on, read ahead in a few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from desktop_app.sync.documents import Document, existing_ids, read_keys
from desktop_app.sync.erasure_marks import erased_keys
from desktop_app.sync.what_travels import COLLECTIONS

if TYPE_CHECKING:
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.codec import Opened


class OwnRecords:
    """The page's records as they stand here; whoever writes one says so."""

    def __init__(self, unit: UnitOfWork) -> None:
        """Read inside `unit`."""
        self._unit = unit
        self._page: list[str] = []
        self._page_parents: list[str] = []
        self._there: dict[str, set[str]] = defaultdict(set)
        #: by their keys, like `erased`
        self.documents: dict[str, Document] = {}
        #: what was erased here for good
        self.erased: set[str] = set()

    def read(self, opened: Sequence[Opened]) -> None:
        """Read what stands here of a page."""
        parents: dict[str, set[str]] = defaultdict(set)
        for item in opened:
            if item.document is not None and not item.document.is_newer:
                for collection, record_id in parents_of(item.document):
                    parents[collection].add(record_id)
        for collection, names in parents.items():
            self._there[collection] |= existing_ids(self._unit, collection, names)
        self._page = [item.key for item in opened]
        self._page_parents = [f"{collection}/{name}" for collection, names in parents.items() for name in names]
        self.read_again()

    def read_again(self) -> None:
        """Read the documents anew, once an erasure took more than one of them."""
        self.documents = read_keys(self._unit, self._page)
        self.erased = erased_keys(self._unit, [*self._page, *self._page_parents])

    def put(self, item: Opened, document: Document) -> None:
        """Say what a record is here from now on."""
        self.documents[item.key] = document
        self._there[item.collection].add(item.record_id)

    def missing_and_erased_parents(self, document: Document) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return what a document hangs on and is not here (yet), and what of it was erased: collection and id."""
        parents = parents_of(document)
        erased = [parent for parent in parents if "/".join(parent) in self.erased]
        missing = [parent for parent in parents if parent not in erased and parent[1] not in self._there[parent[0]]]
        return missing, erased


def parents_of(document: Document) -> list[tuple[str, str]]:
    """Return what has to be there before a document can be stored: collection and document id."""
    fields = document.fields
    found = [
        (collection, document.record_id if not name else fields.get(name))
        for name, collection in COLLECTIONS[document.collection].parents.items()
    ]
    if document.collection == "contact":
        link: Mapping[str, Any] = fields.get("link") or {}
        found += [("visitor", link.get("visitor_id")), ("visit_card", link.get("card_id"))]
        found += [("service", service_id) for service_id in fields.get("referrals") or {}]
        found += [("topic", code) for code in fields.get("needs") or {}]
    return [(collection, record_id) for collection, record_id in found if isinstance(record_id, str)]
