"""What was erased, by id only: read by a restore, so that a backup does not bring it back."""

from __future__ import annotations

from peewee import TextField

from desktop_app.storage.tables import Table


class ErasureJournalTable(Table):
    """A record that was erased. Only ever added to; ids of what is gone say nothing by themselves."""

    local_only = True
    id = TextField(primary_key=True)
    what = TextField()
    record_id = TextField()
    erased_on = TextField()

    class Meta:
        table_name = "erasure_journal"
