"""Tables of the office and its choices."""

from __future__ import annotations

from typing import ClassVar

from peewee import IntegerField, TextField

from desktop_app.storage.tables import Table


class OfficeTable(Table):
    """The one office this database belongs to."""

    id = TextField(primary_key=True)
    name = TextField()
    carrier = TextField()
    legal_profile = TextField()
    street = TextField()
    postal_code = TextField()
    city = TextField()
    phone = TextField()
    email = TextField()
    website = TextField()
    office_hours = TextField()

    class Meta:
        table_name = "office"


class SocialSpaceTable(Table):
    """A social space the office serves."""

    id = TextField(primary_key=True)
    name = TextField()
    position = IntegerField()
    active = IntegerField()

    class Meta:
        table_name = "social_space"


class TopicTable(Table):
    """A topic a need can have."""

    id = TextField(primary_key=True)
    code = TextField()
    name = TextField()
    shortcut = TextField()
    position = IntegerField()
    active = IntegerField()

    class Meta:
        table_name = "topic"


class SettingTable(Table):
    """A declared setting that differs from its default; belongs to this computer."""

    local_only: ClassVar[bool] = True
    name = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "setting"
