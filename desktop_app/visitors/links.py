"""The link between a contact and whose it is; written in the transaction of the contact."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.records import ContactLink
from desktop_app.visitors.tables import ContactLinkTable


def write_link(unit: UnitOfWork, contact_id: str, link: ContactLink | None) -> None:
    """Say whose contact it is; None takes the link away."""
    if link is None:
        unit.delete(ContactLinkTable, contact_id)
        return
    columns = {"visitor_id": link.visitor_id, "card_id": link.card_id}
    if unit.sql("SELECT 1 FROM contact_visitor WHERE contact_id = ?", (contact_id,)):
        unit.update(ContactLinkTable, contact_id, columns)
    else:
        unit.insert(ContactLinkTable, {"contact_id": contact_id, **columns})


def linking(
    link: ContactLink | None, check: Callable[[UnitOfWork, ContactLink], None]
) -> Callable[[UnitOfWork, str], None]:
    """Return what writes the link beside a contact, after `check` has agreed."""

    def write(unit: UnitOfWork, contact_id: str) -> None:
        if link is not None:
            check(unit, link)
        write_link(unit, contact_id, link)

    return write
