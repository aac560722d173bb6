"""Visitor files with consents, merges and search keys; visit cards; the link between contacts and both."""

from peewee import Database

STATEMENTS = (
    """
    CREATE TABLE visitor (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        former_name TEXT NOT NULL DEFAULT '',
        birth_date TEXT,
        birth_year INTEGER,
        phone TEXT NOT NULL DEFAULT '',
        address TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL DEFAULT '',
        remarks TEXT NOT NULL DEFAULT '',
        merged_into TEXT REFERENCES visitor (id) ON DELETE CASCADE,
        account_id TEXT NOT NULL,
        created_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        revision INTEGER NOT NULL DEFAULT 1
    )
    """,
    "CREATE INDEX visitor_merged_into ON visitor (merged_into) WHERE merged_into IS NOT NULL",
    """
    CREATE TABLE visitor_key (
        id TEXT PRIMARY KEY NOT NULL,
        visitor_id TEXT NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        key TEXT NOT NULL
    )
    """,
    "CREATE INDEX visitor_key_key ON visitor_key (kind, key)",
    "CREATE INDEX visitor_key_visitor ON visitor_key (visitor_id)",
    """
    CREATE TABLE visitor_consent (
        id TEXT PRIMARY KEY NOT NULL,
        visitor_id TEXT NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        partner TEXT NOT NULL DEFAULT '',
        purpose TEXT NOT NULL DEFAULT '',
        given_on TEXT NOT NULL,
        form_version TEXT NOT NULL,
        ends_on TEXT,
        revoked_on TEXT,
        account_id TEXT NOT NULL,
        recorded_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX visitor_consent_visitor ON visitor_consent (visitor_id)",
    """
    CREATE TABLE visitor_merge (
        id TEXT PRIMARY KEY NOT NULL,
        kept_id TEXT NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
        merged_id TEXT NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
        moved TEXT NOT NULL,
        account_id TEXT NOT NULL,
        merged_at TEXT NOT NULL,
        undone_at TEXT
    )
    """,
    "CREATE INDEX visitor_merge_kept ON visitor_merge (kept_id)",
    "CREATE INDEX visitor_merge_merged ON visitor_merge (merged_id)",
    """
    CREATE TABLE visit_card (
        id TEXT PRIMARY KEY NOT NULL,
        code_hash TEXT NOT NULL UNIQUE,
        issued_on TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE visit_card_salt (
        id TEXT PRIMARY KEY NOT NULL,
        salt TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE contact_visitor (
        contact_id TEXT PRIMARY KEY NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
        visitor_id TEXT REFERENCES visitor (id) ON DELETE CASCADE,
        card_id TEXT REFERENCES visit_card (id) ON DELETE CASCADE,
        CHECK ((visitor_id IS NULL) <> (card_id IS NULL))
    )
    """,
    "CREATE INDEX contact_visitor_visitor ON contact_visitor (visitor_id) WHERE visitor_id IS NOT NULL",
    "CREATE INDEX contact_visitor_card ON contact_visitor (card_id) WHERE card_id IS NOT NULL",
)


def up(migrator: object, db: Database) -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
