"""Tables of visitor files, their consents, merges, visit cards, and the link to contacts."""

from __future__ import annotations

from typing import ClassVar

from peewee import IntegerField, TextField

from desktop_app.storage.tables import Table


class VisitorTable(Table):
    """One visitor file. A file that was merged into another points at it and is shown no more."""

    id = TextField(primary_key=True)
    name = TextField()
    former_name = TextField()
    birth_date = TextField(null=True)
    birth_year = IntegerField(null=True)
    phone = TextField()
    address = TextField()
    language = TextField()
    remarks = TextField()
    merged_into = TextField(null=True)
    account_id = TextField()
    created_at = TextField()
    changed_at = TextField()
    revision = IntegerField()
    hold_reason = TextField(default="")
    hold_until = TextField(null=True)

    class Meta:
        table_name = "visitor"


class VisitorKeyTable(Table):
    """What a file is found by: folded words, sounds, digits of the telephone number. Derived."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    visitor_id = TextField()
    kind = TextField()
    key = TextField()

    class Meta:
        table_name = "visitor_key"


class ConsentTable(Table):
    """One consent of a visitor: to what, since when, until when, on which form."""

    id = TextField(primary_key=True)
    visitor_id = TextField()
    kind = TextField()
    partner = TextField()
    purpose = TextField()
    given_on = TextField()
    form_version = TextField()
    ends_on = TextField(null=True)
    revoked_on = TextField(null=True)
    account_id = TextField()
    recorded_at = TextField()

    class Meta:
        table_name = "visitor_consent"


class VisitorMergeTable(Table):
    """What a merge moved and changed, so that it can be taken back."""

    id = TextField(primary_key=True)
    kept_id = TextField()
    merged_id = TextField()
    moved = TextField()
    account_id = TextField()
    merged_at = TextField()
    undone_at = TextField(null=True)

    class Meta:
        table_name = "visitor_merge"


class VisitCardTable(Table):
    """One visit card; its code is known to its holder only."""

    id = TextField(primary_key=True)
    code_hash = TextField()
    issued_on = TextField()

    class Meta:
        table_name = "visit_card"


class VisitCardSaltTable(Table):
    """The office's random salt for the codes of visit cards."""

    id = TextField(primary_key=True)
    salt = TextField()

    class Meta:
        table_name = "visit_card_salt"


class ContactLinkTable(Table):
    """Whose contact it was: a file or a visit card. Apart, so that the statistics row stays anonymous."""

    contact_id = TextField(primary_key=True)
    visitor_id = TextField(null=True)
    card_id = TextField(null=True)

    class Meta:
        table_name = "contact_visitor"
