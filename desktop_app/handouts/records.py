"""What goes onto a sheet: frozen, plain, without any table behind it.

Text fields may hold plain text or the HTML of a source; it is made safe where it is set on paper.
An empty field means that nothing is known; it is left out, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PaperName = Literal["A4", "A5"]


@dataclass(frozen=True, slots=True)
class SheetPhone:
    """One telephone number as it is printed."""

    number: str
    extension: str = ""
    note: str = ""
    """For whom or what it is: „Mobil“, „Fax“, „nur vormittags“."""
    voice: bool = True
    """False for fax and other numbers that nobody can speak to: they are printed small and after the others."""


@dataclass(frozen=True, slots=True)
class SheetHours:
    """One line of the table of opening hours."""

    days: str
    times: str


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where the service is given and how to get there."""

    name: str = ""
    address_lines: tuple[str, ...] = ()
    directions: str = ""
    barrier_info: tuple[str, ...] = ()
    hours: tuple[SheetHours, ...] = ()
    """Only if they differ from the hours of the service."""
    phones: tuple[SheetPhone, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One service, as it stands on an info sheet or a Merkzettel."""

    service_id: str
    title: str
    organization: str = ""
    summary: str = ""
    """One sentence; set in bold above the description."""
    description: str = ""
    phones: tuple[SheetPhone, ...] = ()
    places: tuple[SheetPlace, ...] = ()
    hours: tuple[SheetHours, ...] = ()
    costs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    bring_along: tuple[str, ...] = ()
    for_whom: str = ""
    how_to_register: str = ""
    waiting_time: str = ""
    website: str = ""
    email: str = ""
    last_verified: str = ""
    """„am 3. September 2026, telefonisch“; empty if nobody has checked the record yet."""
    alert: str = ""
    interpretation: str = ""
    """Who interprets for other languages or sign language."""


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """How the sheet is printed."""

    paper: PaperName = "A4"
    font_points: Literal[12, 14, 18] = 14
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Sender:
    """The office that hands out the sheet."""

    office: str
    carrier: str = ""
    address_lines: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    office_hours: str = ""
    """Free text, one line per weekday."""


@dataclass(frozen=True, slots=True)
class BasketSheet:
    """The Merkzettel of one visitor. The note lives only in memory and on paper; it is never stored or logged."""

    entries: tuple[SheetEntry, ...] = ()
    personal_note: str = field(default="", repr=False)
