"""The office as the sender of a sheet."""

from __future__ import annotations

from desktop_app.handouts.records import Sender
from desktop_app.settings.records import Office


def sender_of(office: Office) -> Sender:
    """Return what stands at the head of every sheet."""
    return Sender(
        office=office.name,
        carrier=office.carrier,
        address_lines=office.address_lines,
        phone=office.phone,
        email=office.email,
        office_hours=office.office_hours,
    )
