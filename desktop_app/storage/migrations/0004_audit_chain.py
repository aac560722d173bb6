"""A hash chain through the audit log, and triggers that let it only grow."""

import hashlib
import json

from peewee import Database

_BATCH = 5_000

TRIGGERS = (
    """
    CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON audit_entry
    BEGIN
        SELECT RAISE(ABORT, 'the audit log is never changed');
    END
    """,
    """
    CREATE TRIGGER audit_entry_never_goes BEFORE DELETE ON audit_entry
    BEGIN
        SELECT RAISE(ABORT, 'nothing leaves the audit log');
    END
    """,
)


def up(migrator: object, db: Database) -> None:
    """Chain the entries that are there, then close the log."""
    db.execute_sql("ALTER TABLE audit_entry ADD COLUMN hash TEXT NOT NULL DEFAULT ''")
    previous, last = "0" * 64, -(2**63)
    while True:
        rows = db.execute_sql(
            "SELECT sequence, at, account_id, action, subject_kind, subject_id FROM audit_entry "
            "WHERE sequence > ? ORDER BY sequence LIMIT ?",
            (last, _BATCH),
        ).fetchall()
        if not rows:
            break
        for row in rows:
            text = json.dumps([previous, *row], ensure_ascii=False, separators=(",", ":"))
            previous, last = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), row[0]
            db.execute_sql("UPDATE audit_entry SET hash = ? WHERE sequence = ?", (previous, last))
    for trigger in TRIGGERS:
        db.execute_sql(trigger)
