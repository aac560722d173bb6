"""What an operator does to the whole hub: new epochs after a restore, pruning, counting."""

from __future__ import annotations

import uuid
from typing import Any

import peewee

from hub.storage.database import PUT_BACK, HubDatabase
from hub.storage.tables import DELETED, ERASED, PRESENT, Invitation, PushResult, Record, Space

EPOCH_JUMP = 1_000_000
"""By so much every sequence is ahead after a restore: no number of the lost time is ever given a second time."""


def renew_epochs(database: HubDatabase) -> int:
    """Give every space a new epoch and let its sequence jump; return how many spaces there are."""
    with database.writing():
        spaces = database.rows(Space.select())
        for row in spaces:
            database.run(
                Space.update(epoch=str(uuid.uuid4()), seq=row["seq"] + EPOCH_JUMP).where(Space.id == row["id"])
            )
        # A code of the lost time may have been used; an open one of before may be in anybody's hands.
        database.run(Invitation.delete().where(Invitation.used_by.is_null()))
        database.sql(f"DROP TABLE IF EXISTS {PUT_BACK}")
        return len(spaces)


def prune_deleted(database: HubDatabase, before: str) -> int:
    """Remove tombstones of days before this one; those of erased records stay. Return how many went."""
    with database.session():
        spaces = [row["id"] for row in database.rows(Space.select(Space.id))]
    removed = 0
    for space in spaces:
        with database.writing():
            # The same lock as a push: no desk gets a page of the time between.
            database.locked(Space.select().where(Space.id == space))
            old = (Record.space == space) & (Record.state == DELETED) & (Record.changed_on < before)
            newest = database.first(Record.select(peewee.fn.MAX(Record.seq).alias("seq")).where(old))
            if newest is None or newest["seq"] is None:
                continue
            removed += database.run(Record.delete().where(old))
            database.run(
                Space.update(purged_below=newest["seq"]).where(
                    (Space.id == space) & (Space.purged_below < newest["seq"])
                )
            )
    return removed


def prune_results(database: HubDatabase, before: str) -> int:
    """Forget what became of pushes of days before this one; return how many were forgotten."""
    with database.writing():
        return database.run(PushResult.delete().where(PushResult.made_on < before))


def statistics(database: HubDatabase) -> list[dict[str, Any]]:
    """Count records and bytes of every space."""

    def count(state: int) -> Any:
        return peewee.fn.COALESCE(peewee.fn.SUM(peewee.Case(None, ((Record.state == state, 1),), 0)), 0)

    with database.snapshot():
        return database.rows(
            Space.select(
                Space.name,
                Space.kind,
                Space.seq,
                Space.purged_below,
                count(PRESENT).alias("present"),
                count(DELETED).alias("deleted"),
                count(ERASED).alias("erased"),
                peewee.fn.COALESCE(peewee.fn.SUM(peewee.fn.LENGTH(Record.data)), 0).alias("bytes"),
            )
            .join(Record, peewee.JOIN.LEFT_OUTER)
            .group_by(Space.id, Space.name, Space.kind, Space.seq, Space.purged_below)
            .order_by(Space.id)
        )
