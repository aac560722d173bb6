"""The text of confidential notes. People read them through `ContactService.read_note`, which leaves a trail."""

from __future__ import annotations

from desktop_app.contacts.tables import ContactNoteTable
from desktop_app.storage.store import Store


def note_text(store: Store, contact_id: str) -> str:
    """Return the note of a contact, empty when there is none; whoever shows it writes down that it was read."""
    query = ContactNoteTable.select(ContactNoteTable.text).where(ContactNoteTable.contact_id == contact_id)
    return store.scalar(query) or ""
