"""Who may do what in which space: one table of rules, no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_app.sync.protocol import Role, SpaceKind


@dataclass(frozen=True)
class Caller:
    """The desk that asks, and on whose behalf."""

    device_id: str
    label: str
    office_id: str
    office_name: str
    carrier_id: str
    carrier_name: str
    role: Role
    last_seen_on: str | None = None


@dataclass(frozen=True)
class SpaceRow:
    """A space as far as rights go. In an exchange both offices are named."""

    id: int
    name: str
    kind: SpaceKind
    office_id: str | None
    other_office_id: str | None
    epoch: str
    seq: int
    purged_below: int

    def other_than(self, office_id: str) -> str | None:
        """Return the other office of an exchange, else None."""
        if self.kind != "exchange":
            return None
        return self.other_office_id if self.office_id == office_id else self.office_id


@dataclass(frozen=True)
class Rights:
    """What a caller may do in a space. `prefix`: only ids that begin with it, reading and writing alike."""

    read: bool = False
    write: bool = False
    hand_over: bool = False
    owned: bool = False
    """Records belong to the carrier that made them; nobody else changes them."""
    prefix: str = ""

    @property
    def sees(self) -> bool:
        """Whether the space exists at all for the caller."""
        return self.read or self.write


NOTHING = Rights()
_Case = tuple[SpaceKind, Role]


def rights_in(caller: Caller, space: SpaceRow) -> Rights:
    """Return the rights of a caller in a space; NOTHING where it is nobody's business."""
    belongs = caller.office_id in {space.office_id, space.other_office_id}
    case: tuple[SpaceKind, Literal["office", "coordination"]] = (space.kind, caller.role)
    rules: dict[_Case, Rights] = {
        ("directory", "office"): Rights(read=True, write=True, owned=True),
        ("directory", "coordination"): Rights(read=True, hand_over=True, owned=True),
        ("statistics", "office"): Rights(read=True, write=True, prefix=caller.office_id + ":"),
        ("statistics", "coordination"): Rights(read=True),
        ("office", "office"): Rights(read=belongs, write=belongs),
        ("exchange", "office"): Rights(read=belongs, write=belongs),
    }
    return rules.get(case, NOTHING)
