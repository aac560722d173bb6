"""A file whose erasure is suspended: why and until when."""

from peewee import Database


def up(migrator: object, db: Database) -> None:
    """Add the columns; nothing is suspended yet."""
    db.execute_sql("ALTER TABLE visitor ADD COLUMN hold_reason TEXT NOT NULL DEFAULT ''")
    db.execute_sql("ALTER TABLE visitor ADD COLUMN hold_until TEXT")
