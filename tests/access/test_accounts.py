"""Accounts as they are lived with: added, used with a code, reset, removed, brought back."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest

from desktop_app.access.guard import NotAllowed
from desktop_app.access.records import AccountsChanged, AccountState
from desktop_app.bootstrap import Application, Surroundings, open_application, reset_password, sign_in_names
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import EnvironmentProblem, InputError, UserError
from desktop_app.core.permissions import Role
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import SlotKind, WrongSecret, read_slots

KARL = NewAccount("karl", "Karl Beispiel", "")
NEW_PASSWORD = "Laterne Gurke Fahrplan"


def add_karl(erika: Application, password: str, role: Role = Role.FRONT_DESK) -> tuple[str, str]:
    """Return the id and the code of a new account."""
    issued = erika.accounts.add_account(erika.actor, KARL, role, password)
    assert issued.login_name == "karl"
    return issued.account_id, issued.code


def settle_karl(erika: Application, password: str, surroundings: Surroundings, role: Role = Role.FRONT_DESK) -> str:
    """Add Karl and let him set his password; return the account's id."""
    account_id, code = add_karl(erika, password, role)
    reset_password(erika.folder, "karl", code, NEW_PASSWORD, surroundings).close()
    return account_id


def states(application: Application) -> dict[str, tuple[Role, AccountState]]:
    return {
        record.login_name: (record.role, record.state) for record in application.accounts.accounts(with_removed=True)
    }


def test_a_new_account_sets_its_own_password_with_the_code(
    erika: Application, password: str, surroundings: Surroundings, clock: FixedClock
) -> None:
    account_id, code = add_karl(erika, password)
    assert states(erika)["karl"] == (Role.FRONT_DESK, AccountState.WAITING)
    assert [name.login_name for name in sign_in_names(erika.folder)] == ["erika", "karl"]
    with pytest.raises(UserError, match="gibt es einen Einmal-Code"):
        open_application(erika.folder, "karl", code, surroundings)
    karl = reset_password(erika.folder, "KARL", code.lower().replace("-", " "), NEW_PASSWORD, surroundings)
    assert (karl.actor.account_id, karl.actor.role, karl.actor.initials) == (account_id, Role.FRONT_DESK, "KB")
    with pytest.raises(NotAllowed):
        karl.statistics.month(erika.clock.today())  # type: ignore[arg-type]
    karl.close()
    assert states(erika)["karl"] == (Role.FRONT_DESK, AccountState.ACTIVE)
    open_application(erika.folder, "karl", NEW_PASSWORD, surroundings).close()


def test_a_code_opens_once(erika: Application, password: str, surroundings: Surroundings) -> None:
    _, code = add_karl(erika, password)
    reset_password(erika.folder, "karl", code, NEW_PASSWORD, surroundings).close()
    with pytest.raises(WrongSecret, match="keinen Einmal-Code"):
        reset_password(erika.folder, "karl", code, "Fahrrad Nebel Quitte", surroundings)


def test_a_code_that_sets_no_good_password_stays_valid(
    erika: Application, password: str, surroundings: Surroundings
) -> None:
    _, code = add_karl(erika, password)
    with pytest.raises(InputError, match="zu kurz"):
        reset_password(erika.folder, "karl", code, "kurz", surroundings)
    reset_password(erika.folder, "karl", code, NEW_PASSWORD, surroundings).close()


def test_a_code_expires_and_its_end_cannot_be_edited(
    erika: Application, password: str, surroundings: Surroundings, clock: FixedClock
) -> None:
    _, code = add_karl(erika, password)
    clock.advance(timedelta(days=7))
    with pytest.raises(WrongSecret, match="abgelaufen"):
        reset_password(erika.folder, "karl", code, NEW_PASSWORD, surroundings)
    keys = erika.folder.key_slots
    keys.write_text(keys.read_text(encoding="utf-8").replace("2026-11", "2036-11"), encoding="utf-8")
    with pytest.raises(WrongSecret, match="gilt für dieses Konto nicht"):
        reset_password(erika.folder, "karl", code, NEW_PASSWORD, surroundings)


def test_a_mistyped_code_is_told_from_a_wrong_one(
    erika: Application, password: str, surroundings: Surroundings
) -> None:
    _, code = add_karl(erika, password)
    mistyped = ("8" if code[0] != "8" else "9") + code[1:]
    with pytest.raises(InputError, match="Tippfehler") as caught:
        reset_password(erika.folder, "karl", mistyped, NEW_PASSWORD, surroundings)
    assert caught.value.field == "recovery_key"
    with pytest.raises(WrongSecret, match="keinen Einmal-Code"):
        reset_password(erika.folder, "erika", code, NEW_PASSWORD, surroundings)


def test_a_reset_ends_the_old_password_at_once(erika: Application, password: str, surroundings: Surroundings) -> None:
    account_id = settle_karl(erika, password, surroundings)
    issued = erika.accounts.issue_code(erika.actor, account_id, password)
    with pytest.raises(UserError, match="Einmal-Code"):
        open_application(erika.folder, "karl", NEW_PASSWORD, surroundings)
    reset_password(erika.folder, "karl", issued.code, "Fahrrad Nebel Quitte", surroundings).close()
    open_application(erika.folder, "karl", "Fahrrad Nebel Quitte", surroundings).close()


@pytest.mark.parametrize("command", ["add", "reset"])
def test_a_new_slot_needs_the_own_password(
    command: str, erika: Application, password: str, surroundings: Surroundings
) -> None:
    account_id = settle_karl(erika, password, surroundings)
    before = erika.folder.key_slots.read_bytes(), states(erika)
    with pytest.raises(InputError, match="eigenes Passwort") as caught:
        if command == "add":
            erika.accounts.add_account(erika.actor, NewAccount("ada", "Ada", ""), Role.ANALYSIS, "falsch geraten")
        else:
            erika.accounts.issue_code(erika.actor, account_id, "falsch geraten")
    assert caught.value.field == "own_password"
    assert (erika.folder.key_slots.read_bytes(), states(erika)) == before


def test_a_removed_account_opens_nothing_and_can_be_brought_back(
    erika: Application, password: str, surroundings: Surroundings
) -> None:
    account_id = settle_karl(erika, password, surroundings)
    heard: list[object] = []
    erika.notices.subscribe(AccountsChanged, heard.append)
    removed = erika.accounts.remove_account(erika.actor, account_id)
    assert account_id not in erika.folder.key_slots.read_text(encoding="utf-8")
    assert states(erika)["karl"][1] is AccountState.REMOVED
    assert "karl" not in {record.login_name for record in erika.accounts.accounts()}
    with pytest.raises(WrongSecret, match="gibt es hier nicht"):
        open_application(erika.folder, "karl", NEW_PASSWORD, surroundings)
    with pytest.raises(InputError, match="gab es einmal"):
        add_karl(erika, password)
    erika.accounts.restore_account(erika.actor, removed)
    open_application(erika.folder, "karl", NEW_PASSWORD, surroundings).close()
    assert heard == [AccountsChanged(account_id)] * 2
    with pytest.raises(UserError, match="nicht entfernt"):
        erika.accounts.restore_account(erika.actor, removed)


def test_an_old_key_file_does_not_bring_a_removed_account_back(
    erika: Application, password: str, surroundings: Surroundings
) -> None:
    account_id = settle_karl(erika, password, surroundings)
    old = erika.folder.key_slots.read_bytes()
    erika.accounts.remove_account(erika.actor, account_id)
    erika.folder.key_slots.write_bytes(old)
    with pytest.raises(UserError, match="gibt es in der Datenbank nicht"):
        open_application(erika.folder, "karl", NEW_PASSWORD, surroundings)


def test_there_is_always_somebody_left_who_may_do_everything(
    erika: Application, password: str, surroundings: Surroundings, as_role: Callable[[Role], Application]
) -> None:
    with pytest.raises(UserError, match="Ihr eigenes Konto"):
        erika.accounts.remove_account(erika.actor, erika.actor.account_id)
    # Karl may do everything but never used his code: he does not count.
    karl_id, code = add_karl(erika, password, Role.COORDINATION)
    karl_as_actor = next(record for record in erika.accounts.accounts() if record.account_id == karl_id)
    assert karl_as_actor.state is AccountState.WAITING
    karl = reset_password(erika.folder, "karl", code, NEW_PASSWORD, surroundings)
    karl.accounts.change_role(karl.actor, erika.actor.account_id, Role.COUNSELLING)
    with pytest.raises(UserError, match="letzte Konto der Koordination"):
        erika.accounts.remove_account(erika.actor, karl_id)
    with pytest.raises(UserError, match="letzte Konto der Koordination"):
        erika.accounts.change_role(erika.actor, karl_id, Role.ANALYSIS)
    karl.close()


def test_verwaltung_manages_only_accounts_without_client_data(
    erika: Application, password: str, surroundings: Surroundings
) -> None:
    account_id = settle_karl(erika, password, surroundings, Role.ADMINISTRATION)
    karl = open_application(erika.folder, "karl", NEW_PASSWORD, surroundings)
    issued = karl.accounts.add_account(karl.actor, NewAccount("ada", "Ada", ""), Role.ANALYSIS, NEW_PASSWORD)
    karl.accounts.change_role(karl.actor, issued.account_id, Role.ADMINISTRATION)
    for forbidden in (
        lambda: karl.accounts.add_account(karl.actor, NewAccount("x", "X", ""), Role.COORDINATION, NEW_PASSWORD),
        lambda: karl.accounts.change_role(karl.actor, issued.account_id, Role.COUNSELLING),
        lambda: karl.accounts.issue_code(karl.actor, erika.actor.account_id, NEW_PASSWORD),
        lambda: karl.accounts.remove_account(karl.actor, erika.actor.account_id),
    ):
        with pytest.raises(NotAllowed, match="verwaltet nur die Koordination"):
            forbidden()
    with pytest.raises(UserError, match="Ihr eigenes Konto"):
        karl.accounts.change_role(karl.actor, account_id, Role.COORDINATION)
    karl.close()
    assert states(erika) == {
        "erika": (Role.COORDINATION, AccountState.ACTIVE),
        "karl": (Role.ADMINISTRATION, AccountState.ACTIVE),
        "ada": (Role.ADMINISTRATION, AccountState.WAITING),
    }


def test_the_own_password_is_changed_with_the_old_one(
    erika: Application, password: str, surroundings: Surroundings
) -> None:
    with pytest.raises(WrongSecret):
        erika.accounts.change_own_password(erika.actor, "falsch geraten", NEW_PASSWORD)
    with pytest.raises(InputError, match="zu leicht zu erraten"):
        erika.accounts.change_own_password(erika.actor, password, "erika12345")
    before = read_slots(erika.folder.key_slots)
    with pytest.raises(InputError, match="dasselbe wie bisher") as same:
        erika.accounts.change_own_password(erika.actor, password, password)
    assert same.value.field == "password"
    assert read_slots(erika.folder.key_slots) == before
    erika.accounts.change_own_password(erika.actor, password, NEW_PASSWORD)
    with pytest.raises(WrongSecret):
        open_application(erika.folder, "erika", password, surroundings)
    open_application(erika.folder, "erika", NEW_PASSWORD, surroundings).close()
    kinds = sorted(slot.kind for slot in read_slots(erika.folder.key_slots))
    assert kinds == [SlotKind.PASSWORD, SlotKind.RECOVERY]


def test_when_the_key_file_cannot_be_written_the_row_is_not_either(
    erika: Application, password: str, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = settle_karl(erika, password, surroundings)
    before = erika.folder.key_slots.read_bytes()
    blocker = erika.folder.key_slots.with_name(erika.folder.key_slots.name + ".neu")
    blocker.mkdir()
    with pytest.raises(EnvironmentProblem, match="nicht beschreiben"):
        erika.accounts.remove_account(erika.actor, account_id)
    with pytest.raises(EnvironmentProblem, match="nicht beschreiben"):
        erika.accounts.add_account(erika.actor, NewAccount("ada", "Ada", ""), Role.ANALYSIS, password)
    blocker.rmdir()
    assert erika.folder.key_slots.read_bytes() == before
    assert states(erika) == {
        "erika": (Role.COORDINATION, AccountState.ACTIVE),
        "karl": (Role.FRONT_DESK, AccountState.ACTIVE),
    }


def test_every_step_is_in_the_audit_log_without_names_or_codes(
    erika: Application, password: str, surroundings: Surroundings
) -> None:
    account_id, code = add_karl(erika, password)
    reset_password(erika.folder, "karl", code, NEW_PASSWORD, surroundings).close()
    erika.accounts.change_role(erika.actor, account_id, Role.COUNSELLING)
    removed = erika.accounts.remove_account(erika.actor, account_id)
    erika.accounts.restore_account(erika.actor, removed)
    erika.accounts.issue_code(erika.actor, account_id, password)
    rows = erika.store.sql(
        "SELECT account_id, action FROM audit_entry WHERE subject_id = ? ORDER BY sequence", (account_id,)
    )
    erika_id = erika.actor.account_id
    assert rows == [
        (erika_id, "add_account"),
        (account_id, "use_one_time_code"),
        (erika_id, "change_role"),
        (erika_id, "remove_account"),
        (erika_id, "restore_account"),
        (erika_id, "reset_account"),
    ]


def test_the_folder_names_no_code_in_clear(erika: Application, password: str, folder: DataFolder) -> None:
    _, code = add_karl(erika, password)
    for file in folder.root.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert code.encode() not in content
            assert code.replace("-", "").encode() not in content


def test_a_name_that_looks_like_another_is_refused(erika: Application, password: str) -> None:
    add_karl(erika, password)
    for name in ("Karl", "ｋａｒｌ", " KARL "):
        with pytest.raises(InputError, match="gibt es schon") as caught:
            erika.accounts.add_account(erika.actor, NewAccount(name, "Karl Zwei", ""), Role.FRONT_DESK, password)
        assert caught.value.field == "login_name"


def test_a_password_written_otherwise_is_the_same_where_it_opens_the_same(erika: Application, password: str) -> None:
    erika.accounts.change_own_password(erika.actor, password, "Jörg isst Äpfel")
    with pytest.raises(InputError, match="dasselbe wie bisher"):
        erika.accounts.change_own_password(
            erika.actor, "Jörg isst Äpfel", unicodedata.normalize("NFD", "Jörg isst Äpfel")
        )
