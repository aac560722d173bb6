"""Which desk wrote the value a conflict calls „theirs“, where that is known for certain."""

from peewee import Database


def up(migrator: object, db: Database) -> None:
    """Add the column; of conflicts that are there nobody knows any more."""
    db.execute_sql("ALTER TABLE sync_conflict ADD COLUMN theirs_device TEXT")
