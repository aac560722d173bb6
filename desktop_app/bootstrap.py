"""The only place that wires the parts together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.access.guard import guarded, require
from desktop_app.contacts.drafts import ContactDrafts
from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.service import ContactService
from desktop_app.contacts.tally import TallyService
from desktop_app.core.actor import Actor
from desktop_app.core.clock import Clock, CorrectedClock, SystemClock
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.ids import IdFactory, UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.permissions import Action, allowed
from desktop_app.core.translation import tr
from desktop_app.directory.queries import DirectoryQueries
from desktop_app.environment.durable_files import flush_file, move_durably
from desktop_app.environment.folders import DataFolder, resources_folder
from desktop_app.security.accounts import NewAccount, account_actor, checked_account, create_account
from desktop_app.security.key_ring import ACCOUNT_KINDS, KeyRing
from desktop_app.security.key_slots import DerivationCost, SlotKind, read_slots
from desktop_app.security.one_time_code import is_one_time_code
from desktop_app.security.passwords import check_new_password
from desktop_app.security.throttle import Attempts
from desktop_app.settings.clock_care import ClockCare
from desktop_app.settings.records import LegalProfile, Office
from desktop_app.settings.service import SettingsService
from desktop_app.storage.database import DamagedDatabase, MissingDatabase
from desktop_app.storage.opening import create_store, open_store
from desktop_app.storage.store import Store

if TYPE_CHECKING:
    from desktop_app.access.accounts import AccountService
    from desktop_app.audit.queries import AuditQueries
    from desktop_app.audit.service import AuditService
    from desktop_app.backup.records import Backup, Brought, Restored
    from desktop_app.backup.service import BackupService
    from desktop_app.core.foreground import Foreground
    from desktop_app.core.progress import Progress
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
    from desktop_app.sync.schedule import SyncSchedule
    from desktop_app.sync.service import SyncService
    from desktop_app.visitors.cards import VisitCardService
    from desktop_app.visitors.drafts import VisitorDrafts
    from desktop_app.visitors.forms.service import VisitorFormService
    from desktop_app.visitors.merging import MergeService
    from desktop_app.visitors.queries import VisitorQueries
    from desktop_app.visitors.service import VisitorService

_logger = logging.getLogger("quartierslotse.bootstrap")


@dataclass(frozen=True)
class Surroundings:
    """What is handed in from outside: clock, ids, cost of deriving a key (None: measured when a slot is made)."""

    clock: Clock
    ids: IdFactory
    cost: DerivationCost | None = None
    monotonic: Callable[[], float] = time.monotonic

    @classmethod
    def of_this_computer(cls) -> Surroundings:
        """Return the real clock, random ids and a cost that fits this computer."""
        clock = CorrectedClock(SystemClock())
        return cls(clock, UuidFactory(clock))

    def key_ring(self, folder: DataFolder) -> KeyRing:
        """Return the key file of an installation."""
        attempts = Attempts(folder.attempts, self.clock, self.monotonic)
        return KeyRing(folder.key_slots, attempts, self.clock, self.ids, self._new_cost)

    def _new_cost(self) -> DerivationCost:
        if self.cost is not None:
            return self.cost
        from desktop_app.security.derivation import measured_cost

        return measured_cost()


@dataclass(frozen=True)
class SetUp:
    """What the first run asks for."""

    office_name: str
    carrier: str
    account: NewAccount
    password: str
    legal_profile: LegalProfile = LegalProfile.GDPR
    social_spaces: Sequence[str] = ()
    street: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    office_hours: str = ""


@dataclass(frozen=True)
class SignInName:
    """An account as the sign-in screen lists it."""

    account_id: str
    login_name: str


class Application:
    """The open application: one store, one signed-in actor, and the services as that actor may use them.

    Every service is handed out through `guarded`: what the actor's role forbids raises NotAllowed. Services that need
    heavy libraries are made when they are first asked for.
    """

    def __init__(
        self, folder: DataFolder, store: Store, actor: Actor, surroundings: Surroundings | None = None
    ) -> None:
        """Wire the services over `store` on behalf of `actor`."""
        self.surroundings = surroundings or Surroundings(store.clock, store.ids)
        self.folder = folder
        self.store = store
        self.actor = actor
        self.clock = store.clock
        self.ids = store.ids
        self.notices = store.notices
        self._engine: SyncEngine | None = None
        self._schedule: SyncSchedule | None = None
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
        from desktop_app.retention.service import RetentionService

        return guarded(RetentionService(self.store, SettingsService(self.store), self.folder.logs), self.actor)

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

    @property
    def sync_is_connected(self) -> bool:
        """Whether this desk is connected to a hub; asks one row and imports nothing of sync."""
        return bool(self.store.sql("SELECT 1 FROM sync_hub WHERE state <> 'enrolling'"))

    def start_sync(self) -> None:
        """Bring a connected desk into step by itself from now on; an unconnected one stays as it is."""
        if self._schedule is not None or not self.sync_is_connected:
            return
        from desktop_app.access.records import AccountsChanged
        from desktop_app.contacts.records import ContactsChanged, ReferralsChanged, TallyChanged
        from desktop_app.directory.records import DirectoryChanged
        from desktop_app.exchange.records import ExchangeChanged
        from desktop_app.settings.records import OfficeChanged
        from desktop_app.sync.schedule import SyncSchedule
        from desktop_app.visitors.records import VisitorsChanged

        wake_on = (
            ContactsChanged,
            TallyChanged,
            ReferralsChanged,
            OfficeChanged,
            DirectoryChanged,
            VisitorsChanged,
            AccountsChanged,
            ExchangeChanged,
        )
        self._schedule = SyncSchedule(self.store, self._sync_engine(), self.actor, wake_on)
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

    def close(self) -> None:
        """Close the database."""
        self.stop_sync()
        self.store.close()


def is_set_up(folder: DataFolder) -> bool:
    """Tell whether the folder holds an installation; a first run that did not finish is none.

    Raises:
        MissingDatabase: the database is gone, or all but the trace of its backups; nothing is created in its place.
        EnvironmentProblem: the key slots are gone, or the folder can't be read.
    """
    try:
        database, slots = folder.database.exists(), folder.key_slots.exists()
    except OSError as error:
        raise EnvironmentProblem(
            tr(
                "Der Ordner „{folder}“ lässt sich nicht lesen. Bitte prüfen Sie den Datenträger und Ihre Rechte.",
                folder=folder.root,
            )
        ) from error
    if database and not slots:
        read_slots(folder.key_slots)
    if slots and not database and not folder.unfinished_database.exists():
        raise MissingDatabase(
            tr(
                "Die Datenbank „{name}“ fehlt im Ordner „{folder}“, die Schlüssel dazu sind aber da. Bitte prüfen Sie, ob das "
                "Laufwerk verbunden ist, oder spielen Sie eine Sicherung ein.",
                name=folder.database.name,
                folder=folder.root,
            )
        )
    if not database and not slots and not folder.unfinished_database.exists() and _was_set_up(folder):
        raise MissingDatabase(
            tr(
                "Im Ordner „{folder}“ war Quartierslotse eingerichtet: Die Sicherungen sind noch vermerkt, aber Datenbank und "
                "Schlüssel fehlen. Es wird nichts Neues angelegt. Bitte prüfen Sie, ob das Laufwerk verbunden ist, oder "
                "stecken Sie den Stick mit den Sicherungen ein und spielen Sie die neueste ein.",
                folder=folder.root,
            )
        )
    return database


def _was_set_up(folder: DataFolder) -> bool:
    from desktop_app.backup.state import STATE_NAME

    return (folder.root / STATE_NAME).exists()


def set_up(folder: DataFolder, wishes: SetUp, surroundings: Surroundings) -> tuple[Application, tuple[str, ...]]:
    """Create an installation; return it opened, and the groups of its recovery key to print.

    The database gets its name only when all of it is there, so a first run that breaks off can be repeated.

    Raises:
        InputError: a field is missing or the password is too weak.
        UserError: the folder already holds an installation.
        EnvironmentProblem: the folder can't be written.
    """
    import secrets

    if is_set_up(folder):
        raise UserError(
            tr(
                "Im Ordner „{folder}“ ist Quartierslotse schon eingerichtet. Es wurde nichts verändert.",
                folder=folder.root,
            )
        )
    account = checked_account(wishes.account)
    check_new_password(wishes.password, account.login_name)
    _clear_unfinished(folder)
    data_key = secrets.token_bytes(32)
    account_id = surroundings.ids.new_id()
    store = create_store(folder.unfinished_database, data_key, surroundings.clock, surroundings.ids, NoticeBoard())
    try:
        actor = create_account(store, account_id, account)
        SettingsService(store).create_office(actor, _office(wishes, surroundings.ids), wishes.social_spaces)
    finally:
        store.close()
    keys = surroundings.key_ring(folder)
    recovery, recovery_key = keys.sealed_recovery(data_key)
    keys.replace((keys.sealed(data_key, wishes.password, account_id, account.login_name), recovery))
    _finish_database(folder)
    return _open(folder, data_key, account_id, surroundings), recovery_key


def sign_in_names(folder: DataFolder) -> tuple[SignInName, ...]:
    """Return the accounts that can sign in, if need be with a one-time code.

    Raises:
        EnvironmentProblem: the key slots can't be read.
    """
    return tuple(
        SignInName(slot.account_id, slot.login_name)
        for slot in read_slots(folder.key_slots)
        if slot.kind in ACCOUNT_KINDS
    )


def open_application(folder: DataFolder, login_name: str, password: str, surroundings: Surroundings) -> Application:
    """Open an installation with an account's password. An empty login name means the only account.

    Raises:
        WrongSecret: the password does not fit, or there is no such account.
        TooManyAttempts: wrong too often.
        UserError: the data is from a newer program, the login name is needed, or a new password is due.
        EnvironmentProblem: files are missing or damaged; they are left as they are.
    """
    keys = surroundings.key_ring(folder)
    slot = keys.named(login_name)
    application = _open(folder, keys.open_password(slot, password), slot.account_id, surroundings)
    try:
        _note_wrong_secrets(application, keys)
        with application.store.unit_of_work(application.actor, "sign_in", ("account", slot.account_id)):
            pass
    except EnvironmentProblem as problem:
        if isinstance(problem, DamagedDatabase):
            application.close()
            raise
        # A full disk must not shut people out. What needs a trail, reading a note for one, refuses by itself.
        _logger.warning("the sign-in could not be written down")
    except BaseException:
        application.close()
        raise
    return application


def check_password(folder: DataFolder, account_id: str, password: str, surroundings: Surroundings) -> bytes:
    """Check the password of whoever is signed in, for the lock; return the data key, which was let go of meanwhile.

    Raises:
        WrongSecret: the password does not fit.
        TooManyAttempts: wrong too often.
        UserError: the account was removed meanwhile, or a new password is due.
    """
    keys = surroundings.key_ring(folder)
    return keys.open_password(keys.of_account(account_id), password)


def reset_password(
    folder: DataFolder, login_name: str, key_or_code: str, new_password: str, surroundings: Surroundings
) -> Application:
    """Give an account a new password with the printed recovery key or its one-time code, and open the installation.

    Raises:
        InputError: the key or code has a typing mistake, or the new password is too weak.
        WrongSecret: the key belongs to other data, the code is another or has expired, or there is no such account.
        TooManyAttempts: wrong too often.
        EnvironmentProblem: files are missing, damaged or can't be written.
    """
    keys = surroundings.key_ring(folder)
    account = keys.named(login_name)
    check_new_password(new_password, account.login_name)
    with_code = is_one_time_code(key_or_code)
    data_key = keys.open_code(account, key_or_code) if with_code else keys.open_recovery(key_or_code)
    renewed = keys.sealed(data_key, new_password, account.account_id, account.login_name)
    # First the database: a key slot for an account that was removed there must not come to be.
    application = _open(folder, data_key, account.account_id, surroundings)
    try:
        action = "use_one_time_code" if with_code else "use_recovery_key"
        with application.store.unit_of_work(application.actor, action, ("account", account.account_id)):
            keys.replace(keys.with_account(renewed))
        _note_wrong_secrets(application, keys, with_recovery=not with_code)
    except BaseException:
        application.close()
        raise
    return application


def renew_recovery_key(
    folder: DataFolder, login_name: str, password: str, surroundings: Surroundings
) -> tuple[str, ...]:
    """Return the groups of a new recovery key to print; the former one opens nothing any more.

    For a lost sheet, or a first run that ended before the sheet was printed.

    Raises:
        WrongSecret: the password does not fit, or there is no such account.
        TooManyAttempts: wrong too often.
        EnvironmentProblem: the key slots are missing, damaged or can't be written.
    """
    keys = surroundings.key_ring(folder)
    recovery, groups = keys.sealed_recovery(keys.open_password(keys.named(login_name), password))
    keys.replace((*(slot for slot in keys.slots() if slot.kind is not SlotKind.RECOVERY), recovery))
    return groups


def _open(folder: DataFolder, data_key: bytes, account_id: str, surroundings: Surroundings) -> Application:
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


def _note_wrong_secrets(application: Application, keys: KeyRing, *, with_recovery: bool = False) -> None:
    """Write down how many wrong secrets came before this sign-in: their number, nothing else."""
    account_id = application.actor.account_id
    wrong = keys.unreported(account_id, with_recovery=with_recovery)
    if wrong:
        with application.store.unit_of_work(application.actor, "failed_sign_ins", ("count", str(wrong))):
            pass
        keys.reported(account_id, with_recovery=with_recovery)


def _office(wishes: SetUp, ids: IdFactory) -> Office:
    return Office(
        office_id=ids.new_id(),
        name=wishes.office_name,
        carrier=wishes.carrier,
        legal_profile=wishes.legal_profile,
        street=wishes.street,
        postal_code=wishes.postal_code,
        city=wishes.city,
        phone=wishes.phone,
        email=wishes.email,
        website=wishes.website,
        office_hours=wishes.office_hours,
    )


def _finish_database(folder: DataFolder) -> None:
    if Path(f"{folder.unfinished_database}-wal").exists():
        raise _folder_problem(folder)  # closing writes everything into the database itself, unless the disk refuses
    try:
        flush_file(folder.unfinished_database)
        move_durably(folder.unfinished_database, folder.database)
    except OSError as error:
        raise _folder_problem(folder) from error


def _clear_unfinished(folder: DataFolder) -> None:
    """Remove what a first run left that broke off; an installation has been ruled out before."""
    leftovers = [
        # The keys first: keys without any database would look like an installation whose database was lost.
        folder.key_slots,
        *(Path(f"{folder.unfinished_database}{suffix}") for suffix in ("", "-wal", "-shm")),
    ]
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
    except OSError as error:
        raise _folder_problem(folder) from error


def _folder_problem(folder: DataFolder) -> EnvironmentProblem:
    return EnvironmentProblem(
        tr(
            "Der Ordner „{folder}“ lässt sich nicht beschreiben. Bitte prüfen Sie Platz und Rechte.",
            folder=folder.root,
        )
    )
