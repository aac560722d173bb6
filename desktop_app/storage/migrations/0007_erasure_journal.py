"""Which records were erased, by id: what a restored backup must not bring back."""

from peewee import Database

STATEMENTS = (
    """
    CREATE TABLE erasure_journal (
        id TEXT PRIMARY KEY NOT NULL,
        what TEXT NOT NULL,
        record_id TEXT NOT NULL,
        erased_on TEXT NOT NULL
    )
    """,
    # Erasures made before there was this table, as far as the audit log names their records.
    """
    INSERT INTO erasure_journal (id, what, record_id, erased_on)
    SELECT 'protokoll-' || sequence, CASE subject_kind WHEN 'contact' THEN 'note' ELSE 'visitor' END, subject_id,
        substr(at, 1, 10)
    FROM audit_entry WHERE action = 'begin_erasure' AND subject_kind IN ('contact', 'visitor')
    """,
)


def up(migrator: object, db: Database) -> None:
    """Create the table."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
