"""The half-typed new visitor file: kept for a day at most, so that crash and lock lose nothing.

It lies beside the half-typed contact cards, in the same table: what erases those erases it too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from desktop_app.contacts.drafts import NOT_A_CARD
from desktop_app.contacts.tables import ContactDraftTable
from desktop_app.core.actor import Actor
from desktop_app.core.clock import to_text
from desktop_app.storage.store import Store
from desktop_app.visitors.rules import DRAFT_DAYS

_STALE = "SELECT id FROM contact_draft WHERE position = ? AND changed_at < ?"


def draft_id_of(account_id: str) -> str:
    """Return the id of an account's one half-typed file."""
    return f"visitor-file:{account_id}"


class VisitorDrafts:
    """One half-typed visitor file per account, encrypted like everything else.

    Only what was typed after the consent was ticked is handed over; that is the caller's part.
    """

    def __init__(self, store: Store) -> None:
        """Keep drafts in `store`."""
        self._store = store

    def open_draft(self, actor: Actor) -> Mapping[str, object] | None:
        """Return the account's half-typed file; drop those of all accounts whose time is over."""
        self.drop_old(actor)
        content = self._store.scalar(
            ContactDraftTable.select(ContactDraftTable.content).where(
                ContactDraftTable.id == draft_id_of(actor.account_id)
            )
        )
        if content is None:
            return None
        found: dict[str, object] = json.loads(str(content))
        return found

    def keep(self, actor: Actor, content: Mapping[str, object], *, is_known: bool = False) -> bool:
        """Write the present state; it is on disk when this returns.

        A draft that `is_known` was kept before. If it was erased meanwhile, nothing is written and False returned.

        Raises:
            EnvironmentProblem: the disk refuses.
        """
        draft_id = draft_id_of(actor.account_id)
        with self._store.unit_of_work(actor, "keep_draft", None) as unit:
            is_there = bool(unit.sql("SELECT 1 FROM contact_draft WHERE id = ?", (draft_id,)))
            if is_known and not is_there:
                return False
            text = json.dumps(content, ensure_ascii=False)
            if is_there:
                unit.derived(
                    "UPDATE contact_draft SET content = ?, changed_at = ? WHERE id = ?", (text, unit.moment, draft_id)
                )
            else:
                unit.derived(
                    "INSERT INTO contact_draft (id, account_id, position, started_at, content, changed_at) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (draft_id, actor.account_id, NOT_A_CARD, unit.moment, text, unit.moment),
                )
        return True

    def discard(self, actor: Actor) -> None:
        """Drop the account's half-typed file; one that is not there is no error."""
        with self._store.unit_of_work(actor, "discard_draft", None) as unit:
            unit.delete(ContactDraftTable, draft_id_of(actor.account_id))

    def drop_old(self, actor: Actor) -> None:
        """Drop the half-typed files of all accounts whose time is over."""
        limit = to_text(self._store.clock.now() - timedelta(days=DRAFT_DAYS))
        stale = self._store.sql(_STALE, (NOT_A_CARD, limit))
        if stale:
            with self._store.unit_of_work(actor, "discard_draft", None) as unit:
                for (draft_id,) in stale:
                    unit.delete(ContactDraftTable, draft_id)
