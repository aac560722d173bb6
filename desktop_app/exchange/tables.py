"""Tables of referrals between offices."""

from __future__ import annotations

from typing import ClassVar

from peewee import IntegerField, TextField

from desktop_app.storage.tables import Table


class ReferralTable(Table):
    """One referral to or from another office; an ordinary document for the desks of the own office.

    What comes from the wire is written here as it stands there, moments too: two desks that hear the same write the
    same. `content` only ever goes from a text to nothing; `fields` says what it held, by name only.
    """

    id = TextField(primary_key=True)
    direction = TextField()
    office_id = TextField()
    office_name = TextField()
    carrier_name = TextField()
    consent_id = TextField(null=True)
    visitor_id = TextField(null=True)
    content = TextField()
    fields = TextField()
    offered_at = TextField()
    expires_on = TextField()
    offer = TextField()
    cause = TextField()
    after_acceptance = IntegerField()
    withdrawn_at = TextField(null=True)
    answer = TextField()
    answer_reason = TextField()
    answer_text = TextField()
    answered_at = TextField(null=True)
    account_id = TextField()

    class Meta:
        table_name = "exchange_referral"


class PartnerTable(Table):
    """An office whose key was compared by telephone; its id is that of the office at the hub."""

    id = TextField(primary_key=True)
    public_key = TextField()
    former_keys = TextField()
    compared_at = TextField()
    account_id = TextField()

    class Meta:
        table_name = "exchange_partner"


class OfficeTable(Table):
    """An office as the hub last listed it. Without any row this desk is not connected."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    name = TextField()
    carrier_id = TextField()
    carrier_name = TextField()
    public_key = TextField(null=True)
    is_own = IntegerField()

    class Meta:
        table_name = "exchange_office"


class WireTable(Table):
    """What this desk knows the hub to have: sequence number and state of each record.

    `waiting` keeps the sealed text of a record that can't be used yet, `problem` says why.
    """

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    office_id = TextField()
    collection = TextField()
    record_id = TextField()
    seq = IntegerField()
    state = TextField()
    waiting = TextField()
    problem = TextField()

    class Meta:
        table_name = "exchange_wire"
