"""Signing in, and getting back in with the printed recovery key."""

from __future__ import annotations

import dataclasses

import pytest

from desktop_app.bootstrap import (
    Application,
    SetUp,
    Surroundings,
    open_application,
    renew_recovery_key,
    reset_password,
    set_up,
    sign_in_names,
)
from desktop_app.core.errors import EnvironmentProblem, InputError, UserError
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount, create_account
from desktop_app.security.key_slots import SlotKind, WrongSecret, open_slot, read_slots, seal_slot, write_slots
from desktop_app.security.recovery_key import new_recovery_key, parse_recovery_key
from desktop_app.storage.opening import newest_schema

NEW_PASSWORD = "Laterne Gurke Fahrplan"


@pytest.fixture
def recovery_key(folder: DataFolder, wishes: SetUp, surroundings: Surroundings) -> tuple[str, ...]:
    application, groups = set_up(folder, wishes, surroundings)
    application.close()
    return groups


def add_account(folder: DataFolder, surroundings: Surroundings, password: str, login_name: str, new: str) -> None:
    """Give a second person a slot and an account, as the screen for accounts will."""
    application = open_application(folder, "erika", password, surroundings)
    slots = read_slots(folder.key_slots)
    account_id = surroundings.ids.new_id()
    create_account(application.store, account_id, NewAccount(login_name, login_name.title(), "XY"))
    slot = seal_slot(
        open_slot(slots[0], password),
        new,
        slot_id=surroundings.ids.new_id(),
        kind=SlotKind.PASSWORD,
        account_id=account_id,
        login_name=login_name,
        cost=surroundings.cost,
    )
    write_slots(folder.key_slots, (*slots, slot))
    application.close()


def test_the_login_name_forgives_capitals_and_blanks(
    installed: Application, folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    for login_name in ("erika", " Erika ", "ERIKA", ""):
        application = open_application(folder, login_name, password, surroundings)
        assert application.actor == installed.actor
        application.close()


def test_a_wrong_password_or_name_says_so(
    installed: Application, folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    with pytest.raises(WrongSecret, match="Das Passwort stimmt nicht"):
        open_application(folder, "erika", password.upper(), surroundings)
    with pytest.raises(WrongSecret, match="„karl“ gibt es hier nicht"):
        open_application(folder, "karl", password, surroundings)


def test_two_accounts_open_with_their_own_password(
    installed: Application, folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    add_account(folder, surroundings, password, "karl", NEW_PASSWORD)
    assert [name.login_name for name in sign_in_names(folder)] == ["erika", "karl"]
    with pytest.raises(UserError, match="mehrere Konten"):
        open_application(folder, "", password, surroundings)
    with pytest.raises(WrongSecret):
        open_application(folder, "karl", password, surroundings)
    application = open_application(folder, "karl", NEW_PASSWORD, surroundings)
    assert application.actor.display_name == "Karl"
    application.close()


def test_the_recovery_key_gives_a_new_password(
    recovery_key: tuple[str, ...], folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    add_account(folder, surroundings, password, "karl", "Brücke Tasse Nebel")
    before = read_slots(folder.key_slots)
    typed = " ".join(recovery_key).lower().replace("0", "o").replace("1", "l")
    application = reset_password(folder, " Erika ", typed, NEW_PASSWORD, surroundings)
    assert application.actor.display_name == "Erika Muster"
    application.close()
    after = read_slots(folder.key_slots)
    assert [slot.kind for slot in after] == [slot.kind for slot in before]
    assert after[1:] == before[1:]
    with pytest.raises(WrongSecret):
        open_application(folder, "erika", password, surroundings)
    open_application(folder, "erika", NEW_PASSWORD, surroundings).close()
    open_application(folder, "karl", "Brücke Tasse Nebel", surroundings).close()
    reset_password(folder, "erika", "".join(recovery_key), "Zweimal geht es auch", surroundings).close()


def test_a_reset_that_fails_changes_nothing(
    recovery_key: tuple[str, ...], folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    before = folder.key_slots.read_bytes()
    right = "".join(recovery_key)
    mistyped = ("2" if right[0] != "2" else "3") + right[1:]
    with pytest.raises(InputError, match="Tippfehler"):
        reset_password(folder, "erika", mistyped, NEW_PASSWORD, surroundings)
    with pytest.raises(InputError, match="neun Gruppen"):
        reset_password(folder, "erika", right[:-4], NEW_PASSWORD, surroundings)
    with pytest.raises(WrongSecret, match="gehört nicht zu diesen Daten"):
        reset_password(folder, "erika", "".join(new_recovery_key()), NEW_PASSWORD, surroundings)
    with pytest.raises(InputError, match="zu kurz"):
        reset_password(folder, "erika", right, "kurz", surroundings)
    with pytest.raises(WrongSecret, match="„karl“ gibt es hier nicht"):
        reset_password(folder, "karl", right, NEW_PASSWORD, surroundings)
    assert folder.key_slots.read_bytes() == before
    open_application(folder, "erika", password, surroundings).close()


def test_a_lost_sheet_can_be_printed_anew(
    recovery_key: tuple[str, ...], folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    with pytest.raises(WrongSecret, match="Das Passwort stimmt nicht"):
        renew_recovery_key(folder, "erika", "falsch", surroundings)
    with pytest.raises(WrongSecret, match="„karl“ gibt es hier nicht"):
        renew_recovery_key(folder, "karl", password, surroundings)
    renewed = renew_recovery_key(folder, "Erika", password, surroundings)
    with pytest.raises(WrongSecret, match="gehört nicht zu diesen Daten"):
        reset_password(folder, "erika", "".join(recovery_key), NEW_PASSWORD, surroundings)
    open_application(folder, "erika", password, surroundings).close()
    reset_password(folder, "erika", "".join(renewed), NEW_PASSWORD, surroundings).close()


def test_the_recovery_key_is_kept_nowhere(recovery_key: tuple[str, ...], folder: DataFolder) -> None:
    texts = {"".join(recovery_key), " ".join(recovery_key), parse_recovery_key("".join(recovery_key))}
    for path in folder.root.rglob("*"):
        content = path.read_bytes()
        assert not [text for text in texts if text.encode() in content]


def test_a_slot_moved_to_another_account_opens_nothing(
    installed: Application, folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    """Somebody who can write the folder gives Karl's account the slot he knows the password of."""
    add_account(folder, surroundings, password, "karl", NEW_PASSWORD)
    erika, recovery, karl = read_slots(folder.key_slots)
    moved = dataclasses.replace(karl, account_id=erika.account_id, login_name=erika.login_name)
    write_slots(folder.key_slots, (moved, recovery))
    with pytest.raises(WrongSecret):
        open_application(folder, "erika", NEW_PASSWORD, surroundings)


def test_data_of_a_newer_program_is_refused(
    installed: Application, folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    installed.store.sql(f"PRAGMA user_version = {newest_schema() + 1}")
    installed.close()
    before = folder.database.read_bytes()
    with pytest.raises(UserError, match="neueren Version"):
        open_application(folder, "erika", password, surroundings)
    assert folder.database.read_bytes() == before


def test_an_account_that_is_gone_from_the_database(
    installed: Application, folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    installed.store.sql("DELETE FROM account")
    installed.close()
    with pytest.raises(UserError, match="Konto gibt es in der Datenbank nicht"):
        open_application(folder, "erika", password, surroundings)


def test_two_windows_on_one_folder_see_each_other(
    installed: Application, folder: DataFolder, surroundings: Surroundings, password: str
) -> None:
    other = open_application(folder, "erika", password, surroundings)
    installed.settings.set_value(installed.actor, "theme", "dark")
    assert other.settings.value("theme", "light") == "dark"
    other.close()


def test_services_are_made_when_asked_for_and_once(installed: Application) -> None:
    assert installed.directory is installed.directory
    assert installed.handouts is installed.handouts
    assert installed.statistics is installed.statistics


def test_a_missing_key_file(folder: DataFolder, surroundings: Surroundings) -> None:
    with pytest.raises(EnvironmentProblem, match="fehlt im Ordner"):
        open_application(folder, "erika", "x", surroundings)
