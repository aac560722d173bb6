"""What was erased, and the tables of sync: hub, spaces, shadows, prepared pushes, parked records, conflicts."""

from peewee import Database

STATEMENTS = (
    """
    CREATE TABLE erased_record (
        id TEXT PRIMARY KEY NOT NULL,
        collection TEXT NOT NULL,
        record_id TEXT NOT NULL,
        field TEXT NOT NULL DEFAULT '',
        times INTEGER NOT NULL DEFAULT 1,
        at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sync_hub (
        id TEXT PRIMARY KEY NOT NULL CHECK (id = 'hub'),
        address TEXT NOT NULL,
        hub_id TEXT NOT NULL,
        carrier_id TEXT NOT NULL DEFAULT '',
        carrier_name TEXT NOT NULL DEFAULT '',
        office_id TEXT NOT NULL DEFAULT '',
        office_name TEXT NOT NULL DEFAULT '',
        role TEXT NOT NULL DEFAULT 'office',
        device_id TEXT NOT NULL,
        device_label TEXT NOT NULL DEFAULT '',
        token TEXT NOT NULL,
        state TEXT NOT NULL,
        counter INTEGER NOT NULL DEFAULT 0,
        told INTEGER NOT NULL DEFAULT 0,
        connected_at TEXT NOT NULL,
        tried_at TEXT,
        finished_at TEXT,
        problem TEXT NOT NULL DEFAULT '',
        paused INTEGER NOT NULL DEFAULT 0,
        recovery_sheet INTEGER NOT NULL DEFAULT 0,
        successor TEXT NOT NULL DEFAULT ''
    )
    """,
    """
    CREATE TABLE sync_space (
        name TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        epoch TEXT NOT NULL DEFAULT '',
        seq INTEGER NOT NULL DEFAULT 0,
        readable INTEGER NOT NULL DEFAULT 1,
        writable INTEGER NOT NULL DEFAULT 1,
        with_office TEXT,
        compare TEXT NOT NULL DEFAULT '-',
        renewed INTEGER NOT NULL DEFAULT 0,
        pulled_at TEXT,
        compared_at TEXT
    )
    """,
    """
    CREATE TABLE sync_shadow (
        id TEXT PRIMARY KEY NOT NULL,
        space TEXT NOT NULL,
        seq INTEGER NOT NULL,
        owner TEXT,
        deleted INTEGER NOT NULL DEFAULT 0,
        document TEXT,
        writers TEXT NOT NULL DEFAULT '{}',
        key_id TEXT NOT NULL DEFAULT ''
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sync_push (
        id TEXT PRIMARY KEY NOT NULL,
        space TEXT NOT NULL,
        body TEXT NOT NULL,
        made_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE sync_parked (
        id TEXT PRIMARY KEY NOT NULL,
        space TEXT NOT NULL,
        document_id TEXT NOT NULL DEFAULT '',
        record TEXT NOT NULL,
        reason TEXT NOT NULL,
        parked_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX sync_parked_document ON sync_parked (document_id)",
    """
    CREATE TABLE sync_conflict (
        id TEXT PRIMARY KEY NOT NULL,
        conflict_id TEXT NOT NULL,
        collection TEXT NOT NULL,
        record_id TEXT NOT NULL,
        field TEXT NOT NULL DEFAULT '',
        kind TEXT NOT NULL,
        mine TEXT,
        theirs TEXT,
        before TEXT,
        stands TEXT NOT NULL,
        device_label TEXT NOT NULL DEFAULT '',
        found_at TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open',
        chosen TEXT,
        former TEXT,
        decided_at TEXT,
        decided_by TEXT
    )
    """,
    "CREATE INDEX sync_conflict_record ON sync_conflict (collection, record_id)",
    "CREATE INDEX sync_conflict_open ON sync_conflict (found_at) WHERE state = 'open'",
    """
    CREATE TABLE sync_device_key (
        id TEXT PRIMARY KEY NOT NULL,
        device_id TEXT NOT NULL,
        private_key TEXT NOT NULL,
        is_current INTEGER NOT NULL,
        made_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE sync_membership (
        id TEXT PRIMARY KEY NOT NULL CHECK (id = 'office'),
        office_id TEXT NOT NULL,
        space TEXT NOT NULL,
        index_key TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE sync_office_key (
        id TEXT PRIMARY KEY NOT NULL,
        secret TEXT NOT NULL,
        office_private_key TEXT NOT NULL,
        generation INTEGER NOT NULL,
        tainted_by TEXT NOT NULL DEFAULT '[]',
        retired_seq INTEGER
    )
    """,
    """
    CREATE TABLE sync_trusted_device (
        id TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        device_id TEXT NOT NULL DEFAULT '',
        label TEXT NOT NULL DEFAULT '',
        admitted_by TEXT NOT NULL DEFAULT '',
        standing INTEGER NOT NULL,
        recovery_secret TEXT NOT NULL DEFAULT ''
    )
    """,
    """
    CREATE TABLE sync_admission (
        id TEXT PRIMARY KEY NOT NULL,
        stage TEXT NOT NULL,
        partner TEXT NOT NULL DEFAULT '',
        own_nonce TEXT NOT NULL DEFAULT '',
        partner_nonce TEXT NOT NULL DEFAULT '',
        commitment TEXT NOT NULL DEFAULT '',
        begun_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE sync_key_record (
        id TEXT PRIMARY KEY NOT NULL,
        is_own INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        is_waiting INTEGER NOT NULL,
        content TEXT NOT NULL DEFAULT '',
        data TEXT NOT NULL
    )
    """,
)

# Whoever erases a record knows nothing of sync, which lies above: its copies there go in the same transaction.
TRIGGERS = tuple(
    f"""
    CREATE TRIGGER erased_{event.lower()} AFTER {event} ON erased_record
    BEGIN
        DELETE FROM sync_push;
        DELETE FROM sync_parked WHERE document_id = NEW.collection || '/' || NEW.record_id AND NEW.field = '';
        DELETE FROM sync_parked WHERE document_id = 'contact/' || CASE NEW.collection
            WHEN 'referral' THEN coalesce((SELECT contact_id FROM referral WHERE id = NEW.record_id), '')
            ELSE NEW.record_id END AND NEW.collection IN ('contact', 'contact_note', 'contact_visitor', 'referral');
        UPDATE sync_shadow SET document = NULL
            WHERE id = NEW.collection || '/' || NEW.record_id AND NEW.field = '';
        UPDATE sync_shadow SET document = json_set(document, '$.f.' || CASE NEW.collection
            WHEN 'contact_note' THEN 'note' WHEN 'contact_visitor' THEN 'link' ELSE NEW.field END, NULL)
            WHERE id = CASE WHEN NEW.collection IN ('contact_note', 'contact_visitor') THEN 'contact'
                ELSE NEW.collection END || '/' || NEW.record_id
            AND document IS NOT NULL AND (NEW.collection IN ('contact_note', 'contact_visitor') OR NEW.field <> '');
        UPDATE sync_shadow SET document = json_set(document, '$.f.referrals."'
            || (SELECT service_id FROM referral WHERE id = NEW.record_id) || '".' || NEW.field, NULL)
            WHERE NEW.collection = 'referral' AND NEW.field <> '' AND document IS NOT NULL
            AND id = (SELECT 'contact/' || contact_id FROM referral WHERE id = NEW.record_id);
        INSERT INTO outbox (collection, record_id, deleted, changed_at)
            SELECT 'sync_conflict', id, 2, NEW.at FROM sync_conflict WHERE {{about}};
        INSERT INTO erased_record (id, collection, record_id, field, times, at)
            SELECT 'sync_conflict/' || id, 'sync_conflict', id, '', 1, NEW.at FROM sync_conflict WHERE {{about}}
            ON CONFLICT (id) DO NOTHING;
        DELETE FROM sync_conflict WHERE {{about}};
    END
    """.replace(
        "{about}",
        """NEW.collection <> 'sync_conflict' AND (
            (collection = NEW.collection AND record_id = NEW.record_id AND NEW.field IN ('', field))
            OR (collection = 'contact' AND record_id = NEW.record_id
                AND ((NEW.collection = 'contact_note' AND field = 'note')
                    OR (NEW.collection = 'contact_visitor' AND field = 'link')))
            OR (NEW.collection = 'referral' AND NEW.field <> '' AND collection = 'contact'
                AND field LIKE 'referrals/%'
                AND record_id = (SELECT contact_id FROM referral WHERE id = NEW.record_id)))""",
    )
    for event in ("INSERT", "UPDATE")
)


def up(migrator: object, db: Database) -> None:
    """Create the tables."""
    for statement in (*STATEMENTS, *TRIGGERS):
        db.execute_sql(statement)
