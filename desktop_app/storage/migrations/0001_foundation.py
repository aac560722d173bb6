"""The write path, accounts and what the office is."""

from peewee import Database

STATEMENTS = (
    """
    CREATE TABLE outbox (
        sequence INTEGER PRIMARY KEY,
        collection TEXT NOT NULL,
        record_id TEXT NOT NULL,
        deleted INTEGER NOT NULL,
        changed_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE audit_entry (
        sequence INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        account_id TEXT NOT NULL,
        action TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_id TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE account (
        id TEXT PRIMARY KEY NOT NULL,
        login_name TEXT NOT NULL UNIQUE,
        display_name TEXT NOT NULL,
        initials TEXT NOT NULL,
        created_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE office (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        carrier TEXT NOT NULL,
        legal_profile TEXT NOT NULL,
        street TEXT NOT NULL DEFAULT '',
        postal_code TEXT NOT NULL DEFAULT '',
        city TEXT NOT NULL DEFAULT '',
        phone TEXT NOT NULL DEFAULT '',
        email TEXT NOT NULL DEFAULT '',
        website TEXT NOT NULL DEFAULT '',
        office_hours TEXT NOT NULL DEFAULT ''
    )
    """,
    """
    CREATE TABLE social_space (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        active INTEGER NOT NULL DEFAULT 1
    )
    """,
    """
    CREATE TABLE topic (
        id TEXT PRIMARY KEY NOT NULL,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        shortcut TEXT NOT NULL,
        position INTEGER NOT NULL,
        active INTEGER NOT NULL DEFAULT 1
    )
    """,
    """
    CREATE TABLE setting (
        name TEXT PRIMARY KEY NOT NULL,
        value TEXT NOT NULL
    )
    """,
)


def up(migrator: object, db: Database) -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
