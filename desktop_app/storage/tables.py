"""The base of all tables and the tables of the write path itself.

Tables are bound to no database: queries are built with them and handed to a `Store`. That keeps one
write path and lets several databases be open in one process.
"""

from __future__ import annotations

from typing import ClassVar

from peewee import AutoField, IntegerField, Model, TextField


class Table(Model):
    """Base of every table."""

    #: Derived or machine-local rows never go to the outbox.
    local_only: ClassVar[bool] = False
    #: The column the rows are sorted by when the database has no index of their ids (decision 0019).
    stored_under: ClassVar[str | None] = None

    class Meta:
        database = None
        legacy_table_names = False


class OutboxEntry(Table):
    """A committed change that other devices have not been told yet.

    Whoever clears what was told leaves the newest row: SQLite counts on from it. AUTOINCREMENT would keep the count
    in a page of its own, written anew with every contact that is saved.
    """

    local_only = True
    sequence = AutoField()
    collection = TextField()
    record_id = TextField()
    deleted = IntegerField()  # 1: deleted, 2: erased, see ErasedRecord
    changed_at = TextField()

    class Meta:
        table_name = "outbox"


class ErasedRecord(Table):
    """What was erased for good: ids only, kept for ever, so that nothing brings it back.

    `field` names a column whose content was erased while its row stayed; empty means the whole row. `times` counts: what
    is written into a field later belongs to its later life. The id is `collection/record_id` or
    `collection/record_id#field`.
    """

    local_only = True
    id = TextField(primary_key=True)
    collection = TextField()
    record_id = TextField()
    field = TextField()
    times = IntegerField()
    at = TextField()

    class Meta:
        table_name = "erased_record"


class AuditEntry(Table):
    """Who did what to which record and when; never any content. `hash` chains it to the entry before."""

    local_only = True
    sequence = AutoField()
    at = TextField()
    account_id = TextField()
    action = TextField()
    subject_kind = TextField()
    subject_id = TextField()
    hash = TextField()

    class Meta:
        table_name = "audit_entry"
