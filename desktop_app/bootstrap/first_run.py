"""The first run: whether a folder holds an installation, and creating one, so that it is there whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.bootstrap.application import Application, open_with_key
from desktop_app.bootstrap.surroundings import Surroundings
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.ids import IdFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_file, move_durably
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount, checked_account, create_account
from desktop_app.security.key_slots import read_slots
from desktop_app.security.passwords import check_new_password
from desktop_app.settings.records import LegalProfile, Office
from desktop_app.settings.service import SettingsService
from desktop_app.storage.database import MissingDatabase
from desktop_app.storage.opening import create_store


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
    return open_with_key(folder, data_key, account_id, surroundings), recovery_key


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
