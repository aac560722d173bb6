"""What an account may do, and since when it may do nothing any more."""

from peewee import Database

STATEMENTS = (
    # Until now there was one account, the one of the first run; it has to be able to do everything.
    "ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'coordination'",
    "ALTER TABLE account ADD COLUMN disabled_at TEXT",
)


def up(migrator: object, db: Database) -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
