"""Takes a visitor file out of the database, inside the unit of work of whoever erases it."""

from __future__ import annotations

from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.records import VisitorsChanged
from desktop_app.visitors.rows import file_row
from desktop_app.visitors.tables import ConsentTable, ContactLinkTable, VisitorMergeTable, VisitorTable


def erase_file(unit: UnitOfWork, visitor_id: str) -> tuple[str, ...]:
    """Delete a file with everything about it and the files merged into it; return the ids of its contacts.

    The contacts stay as anonymous rows; their notes are the caller's to erase.

    Raises:
        UserError: there is no such file.
    """
    file_row(unit, visitor_id)
    former = unit.rows(VisitorTable.select(VisitorTable.id).where(VisitorTable.merged_into == visitor_id))
    contacts: list[str] = []
    for one in (*(row["id"] for row in former), visitor_id):
        links = unit.rows(
            ContactLinkTable.select(ContactLinkTable.contact_id).where(ContactLinkTable.visitor_id == one)
        )
        for row in links:
            unit.delete(ContactLinkTable, row["contact_id"], erased=True)
            contacts.append(row["contact_id"])
        for table, mine in (
            (ConsentTable, ConsentTable.visitor_id == one),
            (VisitorMergeTable, (VisitorMergeTable.kept_id == one) | (VisitorMergeTable.merged_id == one)),
        ):
            for row in unit.rows(table.select(table.id).where(mine)):
                unit.delete(table, row["id"], erased=True)
        unit.derived("DELETE FROM visitor_key WHERE visitor_id = ?", (one,))
        unit.delete(VisitorTable, one, erased=True)
    unit.notify(VisitorsChanged(visitor_id))
    return tuple(contacts)
