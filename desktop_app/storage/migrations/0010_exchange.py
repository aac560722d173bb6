"""Consented referrals to and from other offices, whose keys were compared, which offices there are, what the hub has."""

from peewee import Database

STATEMENTS = (
    """
    CREATE TABLE exchange_referral (
        id TEXT PRIMARY KEY NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('sent', 'received')),
        office_id TEXT NOT NULL,
        office_name TEXT NOT NULL DEFAULT '',
        carrier_name TEXT NOT NULL DEFAULT '',
        consent_id TEXT REFERENCES visitor_consent (id) ON DELETE SET NULL,
        visitor_id TEXT REFERENCES visitor (id) ON DELETE SET NULL,
        content TEXT NOT NULL DEFAULT '',
        fields TEXT NOT NULL DEFAULT '',
        offered_at TEXT NOT NULL,
        expires_on TEXT NOT NULL,
        offer TEXT NOT NULL DEFAULT 'offered',
        cause TEXT NOT NULL DEFAULT '',
        after_acceptance INTEGER NOT NULL DEFAULT 0,
        withdrawn_at TEXT,
        answer TEXT NOT NULL DEFAULT '',
        answer_reason TEXT NOT NULL DEFAULT '',
        answer_text TEXT NOT NULL DEFAULT '',
        answered_at TEXT,
        account_id TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX exchange_referral_consent ON exchange_referral (consent_id) WHERE consent_id IS NOT NULL",
    "CREATE INDEX exchange_referral_visitor ON exchange_referral (visitor_id) WHERE visitor_id IS NOT NULL",
    """
    CREATE TABLE exchange_partner (
        id TEXT PRIMARY KEY NOT NULL,
        public_key TEXT NOT NULL,
        former_keys TEXT NOT NULL DEFAULT '[]',
        compared_at TEXT NOT NULL,
        account_id TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE exchange_office (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        carrier_id TEXT NOT NULL,
        carrier_name TEXT NOT NULL,
        public_key TEXT,
        is_own INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE exchange_wire (
        id TEXT PRIMARY KEY NOT NULL,
        office_id TEXT NOT NULL,
        collection TEXT NOT NULL,
        record_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT '',
        waiting TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX exchange_wire_record ON exchange_wire (record_id)",
)


def up(migrator: object, db: Database) -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
