"""Opening an installation with a password, a one-time code or the printed recovery key."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from desktop_app.bootstrap.application import Application, open_with_key
from desktop_app.bootstrap.surroundings import Surroundings
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_ring import ACCOUNT_KINDS, KeyRing
from desktop_app.security.key_slots import SlotKind, read_slots
from desktop_app.security.one_time_code import is_one_time_code
from desktop_app.security.passwords import check_new_password
from desktop_app.storage.database import DamagedDatabase

_logger = logging.getLogger("quartierslotse.bootstrap")


@dataclass(frozen=True)
class SignInName:
    """An account as the sign-in screen lists it."""

    account_id: str
    login_name: str


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
    application = open_with_key(folder, keys.open_password(slot, password), slot.account_id, surroundings)
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
    application = open_with_key(folder, data_key, account.account_id, surroundings)
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


def _note_wrong_secrets(application: Application, keys: KeyRing, *, with_recovery: bool = False) -> None:
    """Write down how many wrong secrets came before this sign-in: their number, nothing else."""
    account_id = application.actor.account_id
    wrong = keys.unreported(account_id, with_recovery=with_recovery)
    if wrong:
        with application.store.unit_of_work(application.actor, "failed_sign_ins", ("count", str(wrong))):
            pass
        keys.reported(account_id, with_recovery=with_recovery)
