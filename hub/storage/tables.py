"""The tables of the hub. Bound to no database, as in the desktop: `HubDatabase` runs the queries."""

from __future__ import annotations

import peewee

PRESENT, DELETED, ERASED = 0, 1, 2


class HubTable(peewee.Model):
    """Base of all tables."""

    class Meta:
        database = None
        legacy_table_names = False


class Hub(HubTable):
    """One row: which hub this is."""

    id = peewee.TextField(primary_key=True)
    created_at = peewee.TextField()


class Carrier(HubTable):
    """An organisation that runs offices."""

    id = peewee.TextField(primary_key=True)
    name = peewee.TextField(unique=True)


class Office(HubTable):
    """One office; `role` is "office" or "coordination"."""

    id = peewee.TextField(primary_key=True)
    carrier = peewee.ForeignKeyField(Carrier)
    name = peewee.TextField(unique=True)
    role = peewee.TextField()
    public_key = peewee.TextField(null=True)


class Device(HubTable):
    """One desk of an office. Of its token only the hash is kept."""

    id = peewee.TextField(primary_key=True)
    office = peewee.ForeignKeyField(Office, index=True)
    label = peewee.TextField()
    token_hash = peewee.TextField(unique=True)
    public_key = peewee.TextField()
    enrolled_at = peewee.TextField()
    last_seen_on = peewee.TextField(null=True)
    revoked_at = peewee.TextField(null=True)
    replaced_by = peewee.TextField(null=True)


class Invitation(HubTable):
    """A code with which one desk comes in, once."""

    code_hash = peewee.TextField(primary_key=True)
    office = peewee.ForeignKeyField(Office)
    label = peewee.TextField()
    expires_at = peewee.TextField()
    used_by = peewee.TextField(null=True)
    made_at = peewee.TextField(null=True)


class Space(HubTable):
    """A sequence of its own, with its own rights. `office` and `other_office` are ordered in an exchange."""

    id = peewee.BigAutoField()
    name = peewee.TextField(unique=True)
    kind = peewee.TextField()
    office = peewee.ForeignKeyField(Office, null=True)
    other_office = peewee.ForeignKeyField(Office, null=True)
    epoch = peewee.TextField()
    seq = peewee.BigIntegerField()
    purged_below = peewee.BigIntegerField()

    class Meta:
        indexes = ((("office", "other_office"), True),)


class Record(HubTable):
    """The current version of a record; there are no former ones. `state` is PRESENT, DELETED or ERASED."""

    space = peewee.ForeignKeyField(Space)
    collection = peewee.TextField()
    id = peewee.TextField()
    seq = peewee.BigIntegerField()
    state = peewee.SmallIntegerField()
    owner = peewee.TextField(null=True)
    data = peewee.TextField()
    changed_on = peewee.TextField()

    class Meta:
        primary_key = peewee.CompositeKey("space", "collection", "id")
        indexes = ((("space", "seq"), True),)


class PushResult(HubTable):
    """What became of a push: one number a change, no content. A repeat under the same id gets the same outcome."""

    space = peewee.ForeignKeyField(Space)
    office = peewee.ForeignKeyField(Office)
    push_id = peewee.TextField()
    content_hash = peewee.TextField()
    seq = peewee.BigIntegerField()
    outcomes = peewee.TextField()
    made_on = peewee.TextField()

    class Meta:
        primary_key = peewee.CompositeKey("space", "office", "push_id")


TABLES: tuple[type[HubTable], ...] = (Hub, Carrier, Office, Device, Invitation, Space, Record, PushResult)
