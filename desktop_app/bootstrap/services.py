"""The services over one store, as one actor may use them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from desktop_app.access.guard import guarded
from desktop_app.bootstrap.surroundings import Surroundings
from desktop_app.contacts.drafts import ContactDrafts
from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.service import ContactService
from desktop_app.contacts.tally import TallyService
from desktop_app.core.actor import Actor
from desktop_app.core.permissions import Action, allowed
from desktop_app.directory.queries import DirectoryQueries
from desktop_app.environment.folders import DataFolder, resources_folder
from desktop_app.settings.clock_care import ClockCare
from desktop_app.settings.service import SettingsService
from desktop_app.storage.store import Store

if TYPE_CHECKING:
    from desktop_app.access.accounts import AccountService
    from desktop_app.audit.queries import AuditQueries
    from desktop_app.audit.service import AuditService
    from desktop_app.backup.service import BackupService
    from desktop_app.directory.service import DirectoryService
    from desktop_app.exchange.queries import ExchangeQueries
    from desktop_app.exchange.service import ExchangeService
    from desktop_app.generation.service import ContactGenerator
    from desktop_app.handouts.service import HandoutService
    from desktop_app.privacy.service import PrivacyDocuments
    from desktop_app.retention.service import RetentionService
    from desktop_app.statistics.service import StatisticsService
    from desktop_app.sync.bundle_service import BundleService
    from desktop_app.sync.engine import SyncEngine
    from desktop_app.sync.service import SyncService
    from desktop_app.visitors.cards import VisitCardService
    from desktop_app.visitors.drafts import VisitorDrafts
    from desktop_app.visitors.forms.service import VisitorFormService
    from desktop_app.visitors.merging import MergeService
    from desktop_app.visitors.queries import VisitorQueries
    from desktop_app.visitors.service import VisitorService


class Services:
    """Every service is handed out through `guarded`: what the actor's role forbids raises NotAllowed.

    Services that need heavy libraries are made when they are first asked for.
    """

    def __init__(self, folder: DataFolder, store: Store, actor: Actor, surroundings: Surroundings) -> None:
        """Wire the services over `store` on behalf of `actor`."""
        self.surroundings = surroundings
        self.folder = folder
        self.store = store
        self.actor = actor
        self.clock = store.clock
        self.ids = store.ids
        self.notices = store.notices
        self._engine: SyncEngine | None = None
        contact_queries = ContactQueries(store)
        self.settings = guarded(SettingsService(store), actor)
        self.clock_care = guarded(ClockCare(store), actor)
        self.contact_queries = guarded(contact_queries, actor)
        self.contacts = guarded(ContactService(store, contact_queries), actor)
        self.drafts = guarded(ContactDrafts(store), actor)
        self.tally = guarded(TallyService(store), actor)
        self.directory_queries = guarded(DirectoryQueries(store), actor)

    @cached_property
    def directory(self) -> DirectoryService:
        """Commands on the directory: import, checks with providers."""
        from desktop_app.directory.service import DirectoryService

        return guarded(DirectoryService(self.store), self.actor)

    @cached_property
    def accounts(self) -> AccountService:
        """Who may sign in, and as what."""
        from desktop_app.access.accounts import AccountService

        return guarded(AccountService(self.store, self.surroundings.key_ring(self.folder)), self.actor)

    @cached_property
    def backups(self) -> BackupService:
        """Backups: made, checked, tried."""
        from desktop_app.backup.service import BackupService

        return guarded(BackupService(self.store, self.folder, SettingsService(self.store)), self.actor)

    @cached_property
    def handouts(self) -> HandoutService:
        """Sheets for visitors."""
        from desktop_app.documents.fonts import FontLibrary
        from desktop_app.handouts.service import HandoutService

        return guarded(HandoutService(FontLibrary(resources_folder() / "fonts")), self.actor)

    @cached_property
    def privacy(self) -> PrivacyDocuments:
        """Documents for the data protection officer."""
        from desktop_app.documents.fonts import FontLibrary
        from desktop_app.privacy.service import PrivacyDocuments

        fonts = FontLibrary(resources_folder() / "fonts")
        return guarded(PrivacyDocuments(self.settings, fonts, self.clock), self.actor)

    @cached_property
    def retention(self) -> RetentionService:
        """How long what stays, and erasing."""
        from desktop_app.backup.state import BackupStateFile
        from desktop_app.backup.thinning import BackupPlaces
        from desktop_app.retention.service import RetentionService

        places = BackupPlaces(self.folder, BackupStateFile(self.folder))
        service = RetentionService(
            self.store,
            SettingsService(self.store),
            self.folder.logs,
            places.copies_left,
            sees_people=allowed(self.actor.role, Action.READ_VISITOR_FILES),
        )
        return guarded(service, self.actor)

    @cached_property
    def statistics(self) -> StatisticsService:
        """The month in numbers."""
        from desktop_app.statistics.service import StatisticsService

        return guarded(StatisticsService(self.store, self.settings), self.actor)

    @cached_property
    def generator(self) -> ContactGenerator:
        """Invented contacts, for trying out and measuring."""
        from desktop_app.generation.service import ContactGenerator

        return guarded(ContactGenerator(self.store, self.settings), self.actor)

    @cached_property
    def visitor_queries(self) -> VisitorQueries:
        """Finding visitor files."""
        from desktop_app.visitors.queries import VisitorQueries

        return guarded(VisitorQueries(self.store), self.actor)

    @cached_property
    def visitors(self) -> VisitorService:
        """Visitor files and their consents."""
        from desktop_app.exchange.passing_on import PassingOnReferrals
        from desktop_app.sync.other_values import ValuesThatLost
        from desktop_app.visitors.service import VisitorService

        queries = ContactQueries(self.store)
        service = VisitorService(
            self.store,
            ContactService(self.store, queries),
            queries,
            PassingOnReferrals(self.store),
            ValuesThatLost(self.store),
        )
        return guarded(service, self.actor)

    @cached_property
    def visitor_drafts(self) -> VisitorDrafts:
        """The half-typed new visitor file."""
        from desktop_app.visitors.drafts import VisitorDrafts

        return guarded(VisitorDrafts(self.store), self.actor)

    @cached_property
    def visitor_merges(self) -> MergeService:
        """Two files of one person become one, and two again."""
        from desktop_app.visitors.merging import MergeService

        return guarded(MergeService(self.store), self.actor)

    @cached_property
    def visit_cards(self) -> VisitCardService:
        """Visit cards of anonymous visitors."""
        from desktop_app.visitors.cards import VisitCardService

        contacts = ContactService(self.store, ContactQueries(self.store))
        return guarded(VisitCardService(self.store, contacts), self.actor)

    @cached_property
    def visitor_forms(self) -> VisitorFormService:
        """Paper about visitors."""
        from desktop_app.documents.fonts import FontLibrary
        from desktop_app.visitors.forms.service import VisitorFormService

        return guarded(VisitorFormService(FontLibrary(resources_folder() / "fonts")), self.actor)

    @cached_property
    def exchange(self) -> ExchangeService:
        """Referrals to and from other offices."""
        from desktop_app.exchange.service import ExchangeService

        return guarded(ExchangeService(self.store), self.actor)

    @cached_property
    def exchange_queries(self) -> ExchangeQueries:
        """Lists of referrals to and from other offices."""
        from desktop_app.exchange.queries import ExchangeQueries

        return guarded(ExchangeQueries(self.store), self.actor)

    @cached_property
    def audit_queries(self) -> AuditQueries:
        """Pages of the audit log."""
        from desktop_app.audit.queries import AuditQueries

        return guarded(AuditQueries(self.store), self.actor)

    @cached_property
    def audit(self) -> AuditService:
        """The audit log: checked and handed on."""
        from desktop_app.audit.service import AuditService

        return guarded(AuditService(self.store), self.actor)

    @cached_property
    def sync(self) -> SyncService:
        """The connection to other desks and offices."""
        from desktop_app.documents.fonts import FontLibrary
        from desktop_app.sync.service import SyncService

        def fonts() -> FontLibrary:
            return FontLibrary(resources_folder() / "fonts")

        return guarded(SyncService(self.store, self.actor, self._sync_engine(), fonts), self.actor)

    @cached_property
    def bundles(self) -> BundleService:
        """The exchange with other desks of the office by file."""
        from desktop_app.sync.bundle_service import BundleService

        return guarded(BundleService(self.store, self._sync_engine()), self.actor)

    def _sync_engine(self) -> SyncEngine:
        if self._engine is None:
            from desktop_app.exchange.post import ExchangePost
            from desktop_app.sync.engine import SyncEngine

            self._engine = SyncEngine(self.store, ExchangePost(self.store))
        return self._engine
