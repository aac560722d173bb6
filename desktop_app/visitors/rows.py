"""Visitor files and consents between rows of the database and records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.ids import IdFactory
from desktop_app.core.translation import tr
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.records import Consent, ConsentEntry, ConsentKind, ErasureHold, VisitorEntry
from desktop_app.visitors.rules import may_keep_file, search_keys
from desktop_app.visitors.tables import ConsentTable, VisitorTable

_INSERT_KEY = "INSERT INTO visitor_key (id, visitor_id, kind, key) VALUES (?, ?, ?, ?)"


def entry_columns(entry: VisitorEntry) -> dict[str, object]:
    """Return the columns of an entry."""
    return {
        "name": entry.name,
        "former_name": entry.former_name,
        "birth_date": entry.birth_date.isoformat() if entry.birth_date else None,
        "birth_year": entry.year,
        "phone": entry.phone,
        "address": entry.address,
        "language": entry.language,
        "remarks": entry.remarks,
    }


def entry_of(row: Mapping[str, Any]) -> VisitorEntry:
    """Return the entry of a row."""
    return VisitorEntry(
        name=row["name"],
        former_name=row["former_name"],
        birth_date=_day(row["birth_date"]),
        birth_year=row["birth_year"],
        phone=row["phone"],
        address=row["address"],
        language=row["language"],
        remarks=row["remarks"],
    )


def consent_columns(entry: ConsentEntry) -> dict[str, object]:
    """Return the columns of a consent."""
    return {
        "kind": entry.kind.value,
        "partner": entry.partner,
        "purpose": entry.purpose,
        "given_on": entry.given_on.isoformat(),
        "form_version": entry.form_version,
        "ends_on": entry.ends_on.isoformat() if entry.ends_on else None,
    }


def consent_of(row: Mapping[str, Any], initials: str = "?") -> Consent:
    """Return the consent of a row."""
    return Consent(
        consent_id=row["id"],
        kind=ConsentKind(row["kind"]),
        given_on=date.fromisoformat(row["given_on"]),
        form_version=row["form_version"],
        ends_on=_day(row["ends_on"]),
        partner=row["partner"],
        purpose=row["purpose"],
        revoked_on=_day(row["revoked_on"]),
        initials=initials,
    )


def hold_of(row: Mapping[str, Any], day: date) -> ErasureHold | None:
    """Return the suspension of the erasure that is in force on a day."""
    until = _day(row["hold_until"])
    return ErasureHold(row["hold_reason"], until) if row["hold_reason"] and until is not None and until >= day else None


def file_row(unit: UnitOfWork, visitor_id: str) -> dict[str, Any]:
    """Return the row of a file that stands for itself.

    Raises:
        UserError: there is no such file, or it was merged into another.
    """
    row = unit.first(VisitorTable.select().where(VisitorTable.id == visitor_id))
    if row is None or row["merged_into"] is not None:
        raise no_such_file()
    return row


def no_such_file() -> UserError:
    """Return the problem of a file that is not there: the same whether it never was, was merged or erased."""
    return UserError(tr("Diese Personenakte gibt es nicht (mehr)."))


def demand_consent(unit: UnitOfWork, visitor_id: str, today: date) -> dict[str, Any]:
    """Return the row of a file that may be kept.

    Raises:
        UserError: there is no such file, or no valid consent to keep it.
    """
    row = file_row(unit, visitor_id)
    consents = unit.rows(ConsentTable.select().where(ConsentTable.visitor_id == visitor_id))
    if not may_keep_file(map(consent_of, consents), today):
        raise UserError(
            tr(
                "Für diese Personenakte gibt es keine gültige Einwilligung mehr. Sie darf nicht weitergeführt werden und "
                "ist zu löschen, oder die Person willigt neu ein."
            )
        )
    return row


def renew_keys(unit: UnitOfWork, ids: IdFactory, visitor_id: str) -> None:
    """Write anew what a file is found by: its own words and those of files merged into it."""
    rows = unit.rows(
        VisitorTable.select().where((VisitorTable.id == visitor_id) | (VisitorTable.merged_into == visitor_id))
    )
    unit.derived("DELETE FROM visitor_key WHERE visitor_id = ?", (visitor_id,))
    keys = sorted(search_keys(map(entry_of, rows)))
    unit.derived_many(_INSERT_KEY, [(ids.new_id(), visitor_id, kind, key) for kind, key in keys])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
