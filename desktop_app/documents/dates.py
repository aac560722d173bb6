"""Dates as German letters write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from datetime import date


def month_name(number: int) -> str:
    """Return the name of a month, 1 to 12."""
    return (
        *(tr("Januar"), tr("Februar"), tr("März"), tr("April"), tr("Mai"), tr("Juni")),
        *(tr("Juli"), tr("August"), tr("September"), tr("Oktober"), tr("November"), tr("Dezember")),
    )[number - 1]


def german_date(day: date) -> str:
    """Return the date as it is written in letters: 3. September 2026."""
    return tr("{day}. {month} {year}", day=day.day, month=month_name(day.month), year=day.year)


def short_date(day: date) -> str:
    """Return the date in digits: 03.09.2026."""
    return tr("{day:02d}.{month:02d}.{year}", day=day.day, month=day.month, year=day.year)
