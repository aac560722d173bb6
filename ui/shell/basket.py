"""The Merkzettel of the visitor in front of the desk: lives in memory only, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class BasketItem:
    """One service on the Merkzettel."""

    service_id: str
    title: str
    organization: str = ""


class Basket(QObject):
    """What the visitor will take along, in the order it was picked. ``changed`` comes after every change.

    ``owner`` tells visitors apart who take the same along: what was written for one must never reach another.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[BasketItem] = []
        self._owner = ""

    def __len__(self) -> int:
        return len(self._items)

    @property
    def owner(self) -> str:
        """Whose it is: the id of the card in front, never a name; empty if there is none."""
        return self._owner

    def items(self) -> tuple[BasketItem, ...]:
        """Everything on it."""
        return tuple(self._items)

    def contains(self, service_id: str) -> bool:
        """Whether a service is on it."""
        return any(item.service_id == service_id for item in self._items)

    def add(self, item: BasketItem) -> bool:
        """Put a service on it; ``False`` if it is there already."""
        if self.contains(item.service_id):
            return False
        self._items.append(item)
        self.changed.emit()
        return True

    def remove(self, service_id: str) -> None:
        """Take a service off it."""
        kept = [item for item in self._items if item.service_id != service_id]
        if len(kept) != len(self._items):
            self._items = kept
            self.changed.emit()

    def clear(self) -> tuple[BasketItem, ...]:
        """Empty it; returns what was on it, so that it can be put back with :meth:`replace`."""
        items = self.items()
        self.replace(())
        return items

    def replace(self, items: Iterable[BasketItem], *, owner: str | None = None) -> None:
        """Put exactly ``items`` on it; with ``owner`` another visitor's card came to the front."""
        wanted, whose = list(items), self._owner if owner is None else owner
        if (wanted, whose) != (self._items, self._owner):
            self._items, self._owner = wanted, whose
            self.changed.emit()
