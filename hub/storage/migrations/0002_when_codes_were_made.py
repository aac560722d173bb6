"""An operator who looks through open codes wants to know from when they are; those of before do not say."""


def up(migrator, db):
    db.execute_sql("ALTER TABLE invitation ADD COLUMN made_at TEXT")
