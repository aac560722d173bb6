"""The inbox of conflicts in the hands of the front desk: nothing of visitors' files and confidential notes, not even a number."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.contacts.vocabulary import Channel
from desktop_app.core.permissions import Role
from desktop_app.core.progress import NoProgress
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry

SECRETS = ("Frieda", "Frida", "Schulden", "Kündigung")
KINDS = ("Vertrauliche Notiz", "Personenakte")


def sync(*screens) -> None:
    for screen in screens:
        screen.application.sync.run(screen.application.actor, NoProgress())


def change(screen, person: str, contact: str, name: str, note: str, channel: Channel) -> None:
    """Change a file, and a contact's note together with its channel."""
    application = screen.application
    actor, files = application.actor, application.visitors
    files.change_file(actor, person, VisitorEntry(name=name), revision=files.open_file(actor, person).revision)
    record = application.contact_queries.contact(contact)
    entry = replace(record.entry(""), note=note, channel=channel)
    application.contacts.correct_contact(actor, contact, entry, revision=record.revision)


def texts(page: QWidget) -> str:
    """Every word on the page, shown or not, and what a screen reader would say."""
    widgets = page.findChildren(QWidget)
    words = [widget.text() for widget in widgets if callable(getattr(widget, "text", None))]
    return "\n".join([*words, *(widget.accessibleName() for widget in widgets)])


def test_the_front_desk_sees_neither_files_nor_notes(second, screen_of) -> None:
    first, new = second
    actor = first.application.actor
    consent = ConsentEntry(ConsentKind.RECORD, first.application.clock.today(), "2026-11")
    person = first.application.visitors.create_file(actor, VisitorEntry(name="Frieda Fiktiv"), [consent])
    entry = ContactEntry(needs=(NeedEntry("pflege"),))
    contact = first.application.contacts.record_contact(actor, entry)
    sync(first, new, first)
    change(first, person, contact, "Frieda Neu", "Hat Schulden", Channel.PHONE)
    change(new, person, contact, "Frida Neu", "Hat die Kündigung", Channel.MAIL)
    sync(first, new, first)
    for screen in (first, new):
        page = screen.page
        page.show_part("conflicts")
        assert page.conflicts.rows.row_count() == 2
        whole = screen.application
        front = screen_of(Application(whole.folder, whole.store, replace(whole.actor, role=Role.FRONT_DESK)))
        front.page.show_part("conflicts")
        part = front.page.conflicts
        assert part.rows.row_count() == 1
        part.rows.set_current_key(part.rows.row_at(0).key)
        assert [field.name for field in part.view.conflict.fields] == ["channel"]
        assert front.application.sync.status().open_conflicts == 1
        listed = repr([part.rows.row_at(row) for row in range(part.rows.row_count())])
        assert not [secret for secret in SECRETS if secret in texts(front.page) + listed]
        assert not [kind for kind in KINDS if kind in texts(part) + listed]
        front.press(part.view.keep_button)
        assert part.rows.row_count() == 0
        page.conflicts.load()
        assert page.conflicts.rows.row_count() == 2, "the rest waits for who may read it"
        front.application.sync.undo_decision(front.application.actor, conflict_of(screen))


def conflict_of(screen) -> str:
    """The conflict of the contact, for who may read all of it."""
    found = screen.application.sync.conflicts(with_decided=True)
    return next(one.conflict_id for one in found if any(field.name == "channel" for field in one.fields))
