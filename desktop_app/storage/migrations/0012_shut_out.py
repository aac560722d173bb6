"""Whether the hub has shut this desk out, apart from the sentence that says so in some language."""

from peewee import Database


def up(migrator: object, db: Database) -> None:
    """Add the column; a desk that is shut out already notes it with its next round."""
    db.execute_sql("ALTER TABLE sync_hub ADD COLUMN shut_out INTEGER NOT NULL DEFAULT 0")
