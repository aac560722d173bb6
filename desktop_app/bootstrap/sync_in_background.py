"""What brings a connected desk into step by itself while it is open; loaded on connected desks only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.access.records import AccountsChanged
from desktop_app.contacts.records import ContactsChanged, ReferralsChanged, TallyChanged
from desktop_app.directory.records import DirectoryChanged
from desktop_app.exchange.records import ExchangeChanged
from desktop_app.settings.records import OfficeChanged
from desktop_app.sync.schedule import SyncSchedule
from desktop_app.visitors.records import VisitorsChanged

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store
    from desktop_app.sync.engine import SyncEngine

#: Notices after which a round follows soon.
_WAKE_ON = (
    ContactsChanged,
    TallyChanged,
    ReferralsChanged,
    OfficeChanged,
    DirectoryChanged,
    VisitorsChanged,
    AccountsChanged,
    ExchangeChanged,
)


def scheduled_sync(store: Store, engine: SyncEngine, actor: Actor) -> SyncSchedule:
    """Return a schedule of rounds for whoever is signed in; nothing runs before it is started."""
    return SyncSchedule(store, engine, actor, _WAKE_ON)
