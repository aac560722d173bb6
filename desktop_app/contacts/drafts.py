"""Half-typed contact cards: kept on every change, so that lock, crash and restart lose nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from desktop_app.contacts.records import ContactDraft
from desktop_app.contacts.tables import ContactDraftTable
from desktop_app.core.actor import Actor
from desktop_app.core.clock import from_text, office_zone, to_text
from desktop_app.storage.store import Store

#: the position of a draft that is no contact card (a half-typed visitor file)
NOT_A_CARD = -1
_KEEP_KNOWN = "UPDATE contact_draft SET position = ?, content = ?, changed_at = ? WHERE id = ?"
_KEEP = """
INSERT INTO contact_draft (id, account_id, position, started_at, content, changed_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    position = excluded.position, content = excluded.content, changed_at = excluded.changed_at
"""


class ContactDrafts:
    """The open contact cards of an account, encrypted like everything else."""

    def __init__(self, store: Store) -> None:
        """Keep drafts in `store`."""
        self._store = store

    def open_drafts(self, actor: Actor) -> tuple[ContactDraft, ...]:
        """Return the account's drafts in the order of their tabs."""
        query = (
            ContactDraftTable.select()
            .where(ContactDraftTable.account_id == actor.account_id, ContactDraftTable.position != NOT_A_CARD)
            .order_by(ContactDraftTable.position, ContactDraftTable.id)
        )
        return tuple(
            ContactDraft(
                draft_id=row["id"],
                position=row["position"],
                started_at=from_text(row["started_at"]).astimezone(office_zone()),
                content=json.loads(row["content"]),
            )
            for row in self._store.rows(query)
        )

    def keep(
        self,
        actor: Actor,
        draft_id: str,
        position: int,
        started_at: datetime,
        content: Mapping[str, object],
        *,
        is_known: bool = False,
    ) -> bool:
        """Write the present state of a card; it is on disk when this returns.

        A draft that `is_known` was kept before. If it was erased meanwhile, nothing is written and False returned: what an
        erasure took out must not come back from an open card.

        Raises:
            EnvironmentProblem: the disk refuses.
        """
        text = json.dumps(content, ensure_ascii=False)
        with self._store.unit_of_work(actor, "keep_draft", None) as unit:
            if is_known and not unit.sql("SELECT 1 FROM contact_draft WHERE id = ?", (draft_id,)):
                return False
            if is_known:
                unit.derived(_KEEP_KNOWN, (position, text, unit.moment, draft_id))
            else:
                unit.derived(_KEEP, (draft_id, actor.account_id, position, to_text(started_at), text, unit.moment))
        return True

    def discard(self, actor: Actor, draft_id: str) -> None:
        """Drop a draft; one that is not there is no error."""
        with self._store.unit_of_work(actor, "discard_draft", None) as unit:
            unit.delete(ContactDraftTable, draft_id)
