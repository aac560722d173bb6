"""The tally: one key, one stroke, for what is not worth a contact."""

from __future__ import annotations

from datetime import date

from desktop_app.contacts.records import TallyChanged
from desktop_app.contacts.tables import TallyMarkTable
from desktop_app.contacts.vocabulary import TallyKind
from desktop_app.core.actor import Actor
from desktop_app.storage.store import Store


class TallyService:
    """Adds strokes and takes them back."""

    def __init__(self, store: Store) -> None:
        """Write to `store`."""
        self._store = store

    def add_mark(self, actor: Actor, kind: TallyKind) -> str:
        """Add a stroke to today's tally and return its id."""
        mark_id = self._store.ids.new_id()
        day = self._store.clock.today()
        with self._store.unit_of_work(actor, "add_tally_mark", ("tally_mark", mark_id)) as unit:
            unit.insert(
                TallyMarkTable,
                {
                    "id": mark_id,
                    "kind": kind.value,
                    "local_date": day.isoformat(),
                    "at": unit.moment,
                    "account_id": actor.account_id,
                    "withdrawn": 0,
                },
            )
            unit.notify(TallyChanged(frozenset({day})))
        return mark_id

    def withdraw_mark(self, actor: Actor, mark_id: str) -> None:
        """Take a stroke back.

        Raises:
            UserError: there is no such stroke.
        """
        with self._store.unit_of_work(actor, "withdraw_tally_mark", ("tally_mark", mark_id)) as unit:
            unit.update(TallyMarkTable, mark_id, {"withdrawn": 1})
            ((day,),) = unit.sql("SELECT local_date FROM tally_mark WHERE id = ?", (mark_id,))
            unit.notify(TallyChanged(frozenset({date.fromisoformat(day)})))

    def withdraw_last_mark(self, actor: Actor, kind: TallyKind) -> bool:
        """Take today's last stroke of a kind back; False when there is none."""
        query = (
            TallyMarkTable.select(TallyMarkTable.id)
            .where(
                (TallyMarkTable.kind == kind.value)
                & (TallyMarkTable.local_date == self._store.clock.today().isoformat())
                & (TallyMarkTable.withdrawn == 0)
            )
            .order_by(TallyMarkTable.id.desc())
        )
        row = self._store.first(query)
        if row is None:
            return False
        self.withdraw_mark(actor, row["id"])
        return True
