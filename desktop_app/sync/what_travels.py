"""The allow-list: what may leave this computer, field by field, to which space, and how two changes of it meet.

A table or column that is not named here stays. A test fails when one is named neither as travelling nor as staying, so
that nobody adds a column without having thought about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from desktop_app.contacts.tables import ContactRevisionTable, ContactTable, TallyMarkTable
from desktop_app.directory.tables import HSDS_TABLES, ServiceRemark, ServiceTopic, ServiceVerification
from desktop_app.exchange.tables import PartnerTable
from desktop_app.exchange.tables import ReferralTable as OfficeReferralTable
from desktop_app.security.tables import AccountTable
from desktop_app.settings.tables import OfficeTable, SocialSpaceTable, TopicTable
from desktop_app.storage.tables import Table
from desktop_app.sync.records import SpaceKind
from desktop_app.sync.tables import SyncConflict
from desktop_app.visitors.tables import (
    ConsentTable,
    VisitCardSaltTable,
    VisitCardTable,
    VisitorMergeTable,
    VisitorTable,
)

#: Number of the documents' shape. A document with a higher one is kept and shown, but neither changed nor sent.
DOCUMENT_VERSION = 1


class Rule(StrEnum):
    """What stands when two desks changed a field differently."""

    LATER = "later"  # the later sequence; the other value is kept in the inbox
    DECIDE = "decide"  # what the hub has, until a person decides
    EARLIER_DAY = "earlier_day"  # the end of a consent: the earlier day, until a person decides
    LATEST = "latest"  # moments of bookkeeping: the later moment, not told
    MINOR = "minor"  # order of display: the later sequence, not told
    ONCE = "once"  # written with a new row, never changed after
    MAP = "map"  # a map: entries come and go one by one, their inner fields as fields of their own


class Key(StrEnum):
    """How a row is found by the id of its document."""

    ID = "id"  # by its own id
    CODE = "code"  # by its code: two desks made it before they knew each other
    SINGLE = "single"  # the only row there is
    SERVICE = "service"  # by the service it belongs to
    SERVICE_AND_TOPIC = "service_and_topic"


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of document."""

    name: str
    table: type[Table]
    space: SpaceKind
    fields: Mapping[str, Rule]
    #: columns that do not travel, and why
    stays: Mapping[str, str] = field(default_factory=dict)
    key: Key = Key.ID
    #: field to collection: what has to be there before
    parents: Mapping[str, str] = field(default_factory=dict)
    #: rules of the inner fields of maps
    inner: Mapping[str, Mapping[str, Rule]] = field(default_factory=dict)
    #: an ordinary deletion is not followed: others may hang on it here
    is_never_deleted: bool = False


_ID = "the document's id"
_COUNTED = "counted on each desk, so that an open form notices every change"


def _rules(names: Iterable[str], **special: Rule) -> Mapping[str, Rule]:
    return MappingProxyType({**dict.fromkeys(names, Rule.LATER), **special})


def _columns(table: type[Table], *without: str) -> list[str]:
    return [name for name in table._meta.columns if name not in {"id", *without}]


def _directory() -> Iterable[Collection]:
    for table in HSDS_TABLES.values():
        name = str(table._meta.table_name)
        columns = _columns(table)
        decided = {column: Rule.DECIDE for column in ("status", "withdrawn_at") if column in columns}
        yield Collection(
            name,
            table,
            SpaceKind.DIRECTORY,
            _rules(columns, **decided),
            {"id": _ID},
            parents={"organization_id": "organization"} if name == "service" else {},
            is_never_deleted=name in {"organization", "service"},
        )
    yield Collection(
        "service_verification",
        ServiceVerification,
        SpaceKind.DIRECTORY,
        # The name of whoever asked is nobody else's business: other offices read the name of the office.
        _rules(_columns(ServiceVerification), verified_by=Rule.ONCE),
        {"id": _ID},
        parents={"service_id": "service"},
    )
    yield Collection(
        "service_topic",
        ServiceTopic,
        SpaceKind.DIRECTORY,
        _rules(("service_id", "topic")),
        {
            "id": _ID,
            "suggested": "each desk guesses as a service comes (`guess_topics`); only what people chose travels",
        },
        key=Key.SERVICE_AND_TOPIC,
        parents={"service_id": "service"},
    )


def _office() -> Iterable[Collection]:
    office = SpaceKind.OFFICE
    yield Collection(
        "account",
        AccountTable,
        office,
        _rules(_columns(AccountTable), login_name=Rule.ONCE, role=Rule.DECIDE, disabled_at=Rule.DECIDE),
        {"id": _ID},
        is_never_deleted=True,
    )
    yield Collection(
        "office",
        OfficeTable,
        office,
        _rules(_columns(OfficeTable), legal_profile=Rule.DECIDE),
        {"id": "each desk has its own; nothing refers to it"},
        key=Key.SINGLE,
        is_never_deleted=True,
    )
    yield Collection(
        "social_space",
        SocialSpaceTable,
        office,
        _rules(("name",), position=Rule.MINOR, active=Rule.LATER),
        {"id": _ID},
        is_never_deleted=True,
    )
    yield Collection(
        "topic",
        TopicTable,
        office,
        _rules(("name", "shortcut"), position=Rule.MINOR, active=Rule.LATER),
        {"id": "each desk has its own; documents name the code", "code": _ID},
        key=Key.CODE,
        is_never_deleted=True,
    )
    yield Collection(
        "service_remark",
        ServiceRemark,
        office,
        _rules(("remark",), changed_at=Rule.LATEST),
        {"id": "each desk has its own", "service_id": _ID},
        key=Key.SERVICE,
        parents={"": "service"},
    )
    yield Collection(
        "visitor",
        VisitorTable,
        office,
        _rules(_columns(VisitorTable, "revision"), merged_into=Rule.DECIDE, changed_at=Rule.LATEST),
        {"id": _ID, "revision": _COUNTED},
        parents={"merged_into": "visitor"},
    )
    yield Collection("visit_card_salt", VisitCardSaltTable, office, _rules(("salt",)), {"id": _ID})
    yield Collection("visit_card", VisitCardTable, office, _rules(_columns(VisitCardTable)), {"id": _ID})
    yield Collection(
        "visitor_consent",
        ConsentTable,
        office,
        _rules(
            _columns(ConsentTable),
            kind=Rule.DECIDE,
            partner=Rule.DECIDE,
            purpose=Rule.DECIDE,
            given_on=Rule.DECIDE,
            form_version=Rule.DECIDE,
            ends_on=Rule.EARLIER_DAY,
            revoked_on=Rule.EARLIER_DAY,
        ),
        {"id": _ID},
        parents={"visitor_id": "visitor"},
    )
    yield Collection(
        "visitor_merge",
        VisitorMergeTable,
        office,
        _rules(_columns(VisitorMergeTable)),
        {"id": _ID},
        parents={"kept_id": "visitor", "merged_id": "visitor"},
    )
    yield Collection(
        "contact",
        ContactTable,
        office,
        _rules(
            _columns(ContactTable, "revision"),
            withdrawn=Rule.DECIDE,
            changed_at=Rule.LATEST,
            needs=Rule.MAP,
            referrals=Rule.MAP,
            note=Rule.LATER,
            link=Rule.DECIDE,
        ),
        {"id": _ID, "revision": _COUNTED},
        inner=MappingProxyType(
            {
                "needs": _rules(("result", "unmet_reason"), position=Rule.MINOR),
                "referrals": _rules(
                    ("mode", "due_on"),
                    id=Rule.ONCE,
                    state=Rule.DECIDE,
                    state_reason=Rule.LATER,
                    state_changed_at=Rule.LATEST,
                    position=Rule.MINOR,
                ),
            }
        ),
        is_never_deleted=True,
    )
    yield Collection(
        "contact_revision",
        ContactRevisionTable,
        office,
        _rules(_columns(ContactRevisionTable, "revision")),
        {"id": _ID, "revision": "numbered on each desk, in the order of what happened"},
        parents={"contact_id": "contact"},
    )
    yield Collection("tally_mark", TallyMarkTable, office, _rules(_columns(TallyMarkTable)), {"id": _ID})
    yield Collection("exchange_partner", PartnerTable, office, _rules(_columns(PartnerTable)), {"id": _ID})
    yield Collection(
        "exchange_referral",
        OfficeReferralTable,
        office,
        # Two states of one are merged by the exchange itself, see `desktop_app.exchange.merging`.
        _rules(_columns(OfficeReferralTable)),
        {"id": _ID},
        parents={"consent_id": "visitor_consent", "visitor_id": "visitor"},
    )
    yield Collection(
        "sync_conflict",
        SyncConflict,
        office,
        # A decision about a decision would never end: the later one stands.
        _rules(
            (),
            **{
                **dict.fromkeys(_columns(SyncConflict), Rule.ONCE),
                **dict.fromkeys(("state", "chosen", "former", "decided_at", "decided_by"), Rule.MINOR),
            },
        ),
        {"id": _ID},
    )


#: Every collection by name, in an order in which parents come first.
COLLECTIONS: Mapping[str, Collection] = MappingProxyType(
    {collection.name: collection for collection in (*_directory(), *_office())}
)

#: Tables whose rows travel inside the documents of another: columns that travel, columns that stay and why.
INSIDE: Mapping[str, tuple[str, frozenset[str], Mapping[str, str]]] = MappingProxyType(
    {
        "need": (
            "contact",
            frozenset({"topic_id", "result", "unmet_reason", "position"}),
            {"id": "made anew on each desk", "contact_id": _ID},
        ),
        "referral": (
            "contact",
            frozenset({"id", "service_id", "mode", "state", "state_reason", "state_changed_at", "due_on", "position"}),
            {"contact_id": _ID},
        ),
        "contact_note": ("contact", frozenset({"text", "written_at"}), {"contact_id": _ID}),
        "contact_visitor": ("contact", frozenset({"visitor_id", "card_id"}), {"contact_id": _ID}),
    }
)

#: Tables of which nothing leaves this computer, and why.
STAYS: Mapping[str, str] = MappingProxyType(
    {
        "outbox": "what others have to be told",
        "erased_record": "travels as the mark on tombstones and fields, not as rows",
        "erasure_journal": "for restores of this desk's backups",
        "audit_entry": "each desk's own log, chained",
        "setting": "of this computer",
        "contact_draft": "half-typed; belongs to whoever types",
        "import_run": "what this desk imported",
        "import_bundle": "what this desk imported",
        "search_entry": "derived",
        "search_word": "derived",
        "visitor_key": "derived",
        "sync_hub": "of this desk",
        "sync_space": "of this desk",
        "sync_shadow": "of this desk",
        "sync_push": "of this desk",
        "sync_parked": "of this desk",
        "sync_device_key": "secret of this desk",
        "sync_office_key": "travels sealed in envelopes only",
        "sync_trusted_device": "what people at this desk compared",
        "sync_membership": "of this desk",
        "sync_admission": "of this desk",
        "sync_key_record": "has its own way to the hub",
        "sync_bundle_desk": "of this desk",
        "sync_bundle_sent": "of this desk",
        "sync_bundle_state": "of this desk; what it says travels with the documents",
        "exchange_office": "read anew from the hub",
        "exchange_wire": "of this desk",
    }
)
