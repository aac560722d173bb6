"""The table of accounts."""

from __future__ import annotations

from peewee import TextField

from desktop_app.storage.tables import Table


class AccountTable(Table):
    """A person who works at the front desk."""

    id = TextField(primary_key=True)
    login_name = TextField()
    display_name = TextField()
    initials = TextField()
    created_at = TextField()
    role = TextField()
    disabled_at = TextField(null=True)

    class Meta:
        table_name = "account"
