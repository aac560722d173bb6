"""The open application: the services over one store, and how long they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.access.guard import require
from desktop_app.bootstrap.services import Services
from desktop_app.bootstrap.surroundings import Surroundings
from desktop_app.core.actor import Actor
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.permissions import Action, allowed
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import account_actor
from desktop_app.storage.opening import open_store
from desktop_app.storage.store import Store

if TYPE_CHECKING:
    from desktop_app.backup.records import Backup, Brought, Restored
    from desktop_app.backup.rescue import Rescue
    from desktop_app.core.foreground import Foreground
    from desktop_app.core.progress import Progress
    from desktop_app.sync.schedule import SyncSchedule


class Application(Services):
    """The open application: one store, one signed-in actor, and the services as that actor may use them."""

    def __init__(
        self, folder: DataFolder, store: Store, actor: Actor, surroundings: Surroundings | None = None
    ) -> None:
        """Wire the services over `store` on behalf of `actor`; nothing runs by itself yet."""
        super().__init__(folder, store, actor, surroundings or Surroundings(store.clock, store.ids))
        self._schedule: SyncSchedule | None = None

    @property
    def sync_is_connected(self) -> bool:
        """Whether this desk is connected to a hub; asks one row and imports nothing of sync."""
        return bool(self.store.sql("SELECT 1 FROM sync_hub WHERE state <> 'enrolling'"))

    def start_sync(self) -> None:
        """Bring a connected desk into step by itself from now on; an unconnected one stays as it is."""
        if self._schedule is not None or not self.sync_is_connected:
            return
        from desktop_app.bootstrap.sync_in_background import scheduled_sync

        self._schedule = scheduled_sync(self.store, self._sync_engine(), self.actor)
        self._schedule.start()

    def stop_sync(self) -> None:
        """End that, and the connections to the hub; waits at most a moment for a round that runs."""
        if self._schedule is not None:
            self._schedule.stop()
            self._schedule = None
        if self._engine is not None and not self._engine.is_working:
            self._engine.forget_client()  # it knows the token

    @property
    def has_partner_offices(self) -> bool:
        """Whether this desk is connected to other offices; nothing of the exchange is loaded for the question."""
        return bool(self.store.sql("SELECT 1 FROM exchange_office LIMIT 1"))

    @property
    def foreground(self) -> Foreground:
        """Whom to tell of keys and clicks, so that long work lets the window go first."""
        return self.store.foreground

    @property
    def is_rewriting(self) -> bool:
        """Whether the file is being rewritten after an erasure: whoever writes would wait for a second or two."""
        return self.store.is_rewriting

    def may(self, action: Action) -> bool:
        """Tell whether the signed-in account may do something; the screen hides what it may not."""
        return allowed(self.actor.role, action)

    def account_has_changed(self) -> bool:
        """Whether the account has another role or name than at the sign-in; its services still act by the former.

        Raises:
            UserError: the account was removed.
        """
        return account_actor(self.store, self.actor.account_id) != self.actor

    def require(self, action: Action) -> None:
        """Refuse what the signed-in account may not do, for commands that are not methods of a service.

        Raises:
            NotAllowed: its role lacks the action.
        """
        require(self.actor.role, action)

    def restore_backup(self, backup: Backup, brought: Brought, progress: Progress | None = None) -> Restored:
        """Close, and let a backup that was brought in (`backups.bring_in`) take the database's place.

        Raises:
            NotAllowed: the role may not restore; everything stays open.
            UserError: another program has the database open; this one has closed it.
            EnvironmentProblem: the folder refuses or the backup does not open; the former database has its place.
        """
        from desktop_app.backup.restoring import restore

        self.require(Action.RESTORE_BACKUPS)
        reader = self.store.copy_reader()
        self.close()
        return restore(
            self.folder,
            backup,
            brought,
            reader,
            actor=self.actor,
            clock=self.clock,
            ids=self.ids,
            keep_slots=True,
            progress=progress,
        )

    def rescue(self, data_key: bytes = b"") -> Rescue:
        """Return the ways back from a damaged database; `data_key` while the store knows none (it is locked)."""
        from desktop_app.backup.rescue import Rescue

        key = data_key or self.store.copy_reader().data_key
        return Rescue(self.folder, key, self.actor.account_id, self.actor.display_name, self.clock, self.ids)

    def close(self) -> None:
        """Close the database."""
        self.stop_sync()
        self.store.close()


def open_with_key(folder: DataFolder, data_key: bytes, account_id: str, surroundings: Surroundings) -> Application:
    """Open an installation on behalf of an account, with the data key that its secret gave out.

    Raises:
        UserError: the data is from a newer program, or the account was removed.
        EnvironmentProblem: files are missing or damaged; they are left as they are.
    """
    store = open_store(
        folder.database,
        data_key,
        surroundings.clock,
        surroundings.ids,
        NoticeBoard(),
        backups=folder.backups,
    )
    try:
        return Application(folder, store, account_actor(store, account_id), surroundings)
    except BaseException:
        store.close()
        raise
