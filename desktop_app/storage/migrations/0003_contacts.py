"""Contacts with needs and referrals, their notes and history, drafts, and the tally."""

from peewee import Database

STATEMENTS = (
    """
    CREATE TABLE contact (
        id TEXT PRIMARY KEY NOT NULL,
        recorded_at TEXT NOT NULL,
        local_date TEXT NOT NULL,
        local_hour INTEGER NOT NULL,
        started_at TEXT NOT NULL,
        account_id TEXT NOT NULL,
        channel TEXT NOT NULL,
        depth TEXT NOT NULL,
        for_whom TEXT NOT NULL DEFAULT 'not_asked',
        age_band TEXT NOT NULL DEFAULT 'not_asked',
        gender TEXT NOT NULL DEFAULT 'not_asked',
        social_space TEXT NOT NULL DEFAULT 'not_asked',
        visit_kind TEXT NOT NULL DEFAULT 'not_asked',
        care_level TEXT NOT NULL DEFAULT 'not_asked',
        language TEXT NOT NULL DEFAULT 'not_asked',
        access_route TEXT NOT NULL DEFAULT 'not_asked',
        duration TEXT NOT NULL DEFAULT 'not_asked',
        material TEXT NOT NULL DEFAULT '',
        withdrawn INTEGER NOT NULL DEFAULT 0,
        revision INTEGER NOT NULL DEFAULT 1,
        changed_at TEXT NOT NULL
    )
    """,
    "CREATE INDEX contact_local_date ON contact (local_date, local_hour)",
    """
    CREATE TABLE need (
        id TEXT NOT NULL,
        contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
        topic_id TEXT NOT NULL REFERENCES topic (id),
        result TEXT NOT NULL,
        unmet_reason TEXT,
        position INTEGER NOT NULL,
        PRIMARY KEY (contact_id, topic_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE referral (
        id TEXT NOT NULL UNIQUE,
        contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
        service_id TEXT NOT NULL REFERENCES service (id),
        mode TEXT NOT NULL,
        state TEXT NOT NULL,
        state_reason TEXT,
        state_changed_at TEXT NOT NULL,
        due_on TEXT,
        position INTEGER NOT NULL,
        PRIMARY KEY (contact_id, service_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX referral_due ON referral (due_on) WHERE due_on IS NOT NULL",
    """
    CREATE TABLE contact_note (
        contact_id TEXT PRIMARY KEY NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
        text TEXT NOT NULL,
        written_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE contact_revision (
        id TEXT PRIMARY KEY NOT NULL,
        contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
        revision INTEGER NOT NULL,
        action TEXT NOT NULL,
        account_id TEXT NOT NULL,
        at TEXT NOT NULL,
        snapshot TEXT NOT NULL,
        UNIQUE (contact_id, revision)
    )
    """,
    """
    CREATE TABLE contact_draft (
        id TEXT PRIMARY KEY NOT NULL,
        account_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        started_at TEXT NOT NULL,
        content TEXT NOT NULL,
        changed_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE tally_mark (
        id TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        local_date TEXT NOT NULL,
        at TEXT NOT NULL,
        account_id TEXT NOT NULL,
        withdrawn INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX tally_mark_local_date ON tally_mark (local_date, kind)",
)


def up(migrator: object, db: Database) -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
