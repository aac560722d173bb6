"""Names of months and weekdays, and the sentence that says what a table shows."""

from __future__ import annotations

from desktop_app.core.months import Month
from desktop_app.core.translation import SOURCE_LANGUAGE, current_language, tr, tr_count
from desktop_app.statistics.records import Counted, StatisticsRow, StatisticsTable, TableKey


def month_label(month: Month) -> str:
    """Return the month in words: „November 2026“."""
    names = (
        tr("Januar"),
        tr("Februar"),
        tr("März"),
        tr("April"),
        tr("Mai"),
        tr("Juni"),
        tr("Juli"),
        tr("August"),
        tr("September"),
        tr("Oktober"),
        tr("November"),
        tr("Dezember"),
    )
    return f"{names[month.number - 1]} {month.year}"


def weekday_labels() -> tuple[str, ...]:
    """Return the weekdays, Monday first."""
    return (
        tr("Montag"),
        tr("Dienstag"),
        tr("Mittwoch"),
        tr("Donnerstag"),
        tr("Freitag"),
        tr("Samstag"),
        tr("Sonntag"),
    )


def number_text(number: int) -> str:
    """Return a number with the thousands separator of the current language."""
    text = f"{number:,}"
    return text.replace(",", ".") if current_language() == SOURCE_LANGUAGE else text


def counted_text(counted: Counted, number: int) -> str:
    """Return „1 Kontakt“, „12 Kontakte“ and so on."""
    shown = number_text(number)
    if counted is Counted.CONTACTS:
        return tr_count("{shown} Kontakt", "{shown} Kontakte", number, shown=shown)
    if counted is Counted.NEEDS:
        return tr_count("{shown} Anliegen", "{shown} Anliegen", number, shown=shown)
    return tr_count("{shown} Weitervermittlung", "{shown} Weitervermittlungen", number, shown=shown)


def percent_text(part: int, whole: int) -> str:
    """Return the share as „34 %“ (with a narrow gap); „unter 1 %“ for less than one; "" if there is no whole."""
    if whole == 0:
        return ""
    if 0 < part * 100 < whole:
        return tr("unter 1 %")
    return f"{(part * 200 + whole) // (whole * 2)} %"


def sentence(table: StatisticsTable) -> str:
    """Return one or two plain sentences that say what the table shows, for paper, screen and screen readers."""
    total = table.total
    if total == 0:
        return _nothing(table)
    if table.answered == 0:
        return tr("{count}; dazu liegt keine Angabe vor.", count=counted_text(table.counted, total))
    first, *others = [
        row for row in sorted(table.rows, key=lambda row: -row.count) if row.count and not row.open_answer
    ]
    text = tr(
        "Am häufigsten: {label} ({percent}, {count}).",
        label=_label(table, first),
        percent=percent_text(first.count, table.answered),
        count=counted_text(table.counted, first.count),
    )
    if others:
        text += " " + tr(
            "Danach: {label} ({percent}).",
            label=_label(table, others[0]),
            percent=percent_text(others[0].count, table.answered),
        )
    without = total - table.answered
    if without:
        text += " " + tr(
            "Ohne Angabe: {count} ({percent} von allen); die Anteile davor beziehen sich auf die übrigen.",
            count=counted_text(table.counted, without),
            percent=percent_text(without, total),
        )
    return text


def _label(table: StatisticsTable, row: StatisticsRow) -> str:
    if row.second_label is None:
        return f"„{row.label}“"
    if table.key is TableKey.WEEKDAY_HOURS:
        return f"{row.label}, {row.second_label}"
    if table.key is TableKey.SERVICES and row.second_label:
        return f"„{row.label}“ ({row.second_label})"
    if row.second_label:
        return f"„{row.label}“ – {row.second_label}"
    return f"„{row.label}“"


def _nothing(table: StatisticsTable) -> str:
    if table.key is TableKey.UNMET_REASONS:
        return tr("Kein Anliegen blieb ungeklärt.")
    return {
        Counted.CONTACTS: tr("In diesem Monat wurde kein Kontakt erfasst."),
        Counted.NEEDS: tr("In diesem Monat wurde kein Anliegen erfasst."),
        Counted.REFERRALS: tr("In diesem Monat wurde niemand weitervermittelt."),
    }[table.counted]
