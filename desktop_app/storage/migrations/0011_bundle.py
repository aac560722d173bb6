"""What went to other desks of the office by file (USB stick, shared folder), and what came that way."""

from peewee import Database

STATEMENTS = (
    """
    CREATE TABLE sync_bundle_desk (
        id TEXT PRIMARY KEY NOT NULL,
        is_own INTEGER NOT NULL DEFAULT 0,
        label TEXT NOT NULL DEFAULT '',
        number INTEGER NOT NULL DEFAULT 0,
        taken_whole INTEGER NOT NULL DEFAULT 0,
        has_of_ours INTEGER NOT NULL DEFAULT 0,
        at TEXT
    )
    """,
    """
    CREATE TABLE sync_bundle_sent (
        id TEXT PRIMARY KEY NOT NULL,
        number INTEGER NOT NULL,
        digest TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sync_bundle_state (
        id TEXT PRIMARY KEY NOT NULL,
        document_id TEXT NOT NULL,
        lineage TEXT NOT NULL,
        number INTEGER NOT NULL,
        document TEXT,
        vector TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX sync_bundle_state_document ON sync_bundle_state (document_id)",
)

# As with the shadows: what is erased goes from here in the same transaction.
TRIGGERS = tuple(
    f"""
    CREATE TRIGGER erased_{event.lower()}_bundle AFTER {event} ON erased_record
    BEGIN
        UPDATE sync_bundle_state SET document = NULL
            WHERE document_id = CASE NEW.collection
                WHEN 'contact_note' THEN 'contact' WHEN 'contact_visitor' THEN 'contact' WHEN 'referral' THEN 'contact'
                ELSE NEW.collection END || '/' || CASE NEW.collection
                WHEN 'referral' THEN coalesce((SELECT contact_id FROM referral WHERE id = NEW.record_id), '')
                ELSE NEW.record_id END;
    END
    """
    for event in ("INSERT", "UPDATE")
)


def up(migrator: object, db: Database) -> None:
    """Create the tables."""
    for statement in (*STATEMENTS, *TRIGGERS):
        db.execute_sql(statement)
