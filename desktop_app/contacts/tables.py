"""Tables of contacts, needs, referrals, drafts and the tally."""

from __future__ import annotations

from typing import ClassVar

from peewee import IntegerField, TextField

from desktop_app.storage.tables import Table


class ContactTable(Table):
    """One contact; anonymous. Facts hold a code or one of the three open answers."""

    id = TextField(primary_key=True)
    recorded_at = TextField()
    local_date = TextField()
    local_hour = IntegerField()
    started_at = TextField()
    account_id = TextField()
    channel = TextField()
    depth = TextField()
    for_whom = TextField()
    age_band = TextField()
    gender = TextField()
    social_space = TextField()
    visit_kind = TextField()
    care_level = TextField()
    language = TextField()
    access_route = TextField()
    duration = TextField()
    material = TextField()
    withdrawn = IntegerField()
    revision = IntegerField()
    changed_at = TextField()

    class Meta:
        table_name = "contact"


class NeedTable(Table):
    """One need of a contact; stored beside the contact's other needs."""

    stored_under: ClassVar[str | None] = "contact_id"
    id = TextField(primary_key=True)
    contact_id = TextField()
    topic_id = TextField()
    result = TextField()
    unmet_reason = TextField(null=True)
    position = IntegerField()

    class Meta:
        table_name = "need"


class ReferralTable(Table):
    """One referral of a contact to a service of the directory."""

    id = TextField(primary_key=True)
    contact_id = TextField()
    service_id = TextField()
    mode = TextField()
    state = TextField()
    state_reason = TextField(null=True)
    state_changed_at = TextField()
    due_on = TextField(null=True)
    position = IntegerField()

    class Meta:
        table_name = "referral"


class ContactNoteTable(Table):
    """The confidential note: apart from the statistics row, with its own lifetime."""

    contact_id = TextField(primary_key=True)
    text = TextField()
    written_at = TextField()

    class Meta:
        table_name = "contact_note"


class ContactRevisionTable(Table):
    """What a contact was before it was corrected; never holds the note."""

    id = TextField(primary_key=True)
    contact_id = TextField()
    revision = IntegerField()
    action = TextField()
    account_id = TextField()
    at = TextField()
    snapshot = TextField()

    class Meta:
        table_name = "contact_revision"


class ContactDraftTable(Table):
    """A half-typed contact card, or at position -1 a half-typed visitor file; survives lock, crash and restart."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    account_id = TextField()
    position = IntegerField()
    started_at = TextField()
    content = TextField()
    changed_at = TextField()

    class Meta:
        table_name = "contact_draft"


class TallyMarkTable(Table):
    """One stroke on the tally."""

    id = TextField(primary_key=True)
    kind = TextField()
    local_date = TextField()
    at = TextField()
    account_id = TextField()
    withdrawn = IntegerField()

    class Meta:
        table_name = "tally_mark"
