"""Over a damaged database nobody can do what their role forbids while it is whole; the printed key opens every way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.access.guard import NotAllowed
from desktop_app.backup.records import Backup
from desktop_app.backup.rescue import Rescue, open_rescue
from desktop_app.bootstrap import SetUp, Surroundings, open_application, reset_password, set_up
from desktop_app.core.errors import InputError
from desktop_app.core.permissions import Action, Role, allowed
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import WrongSecret
from tests.backup.conftest import PASSWORD, record


@dataclass(frozen=True)
class House:
    """An office with an account of every role, a backup, and a database that lost a page."""

    folder: DataFolder
    surroundings: Surroundings
    recovery_key: str
    backup: Backup

    def enter(self, name: str = "", *, recovery_key: str = "") -> Rescue:
        return open_rescue(
            self.folder, name, PASSWORD, self.surroundings.clock, self.surroundings.ids, recovery_key=recovery_key
        )

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.root.iterdir() if path.is_file()}


@pytest.fixture
def house(folder: DataFolder, surroundings: Surroundings) -> House:
    wishes = SetUp("Büro Nord", "AWO", NewAccount("erika", "Erika Muster", "EM"), PASSWORD)
    application, recovery_key = set_up(folder, wishes, surroundings)
    record(application, 3)
    for role in Role:
        issued = application.accounts.add_account(
            application.actor, NewAccount(role.value, role.value, ""), role, PASSWORD
        )
        reset_password(folder, role.value, issued.code, PASSWORD, surroundings).close()
    backup = application.backups.make()
    application.close()
    break_header(folder.database)
    return House(folder, surroundings, "-".join(recovery_key), backup)


def break_header(database: Path) -> None:
    """Nothing of it can be read any more."""
    database.write_bytes(bytes(4096) + database.read_bytes()[4096:])


@pytest.mark.parametrize("role", Role)
def test_only_who_may_restore_gets_on(house: House, role: Role) -> None:
    rescue = house.enter(role.value)
    if allowed(role, Action.RESTORE_BACKUPS):
        assert rescue.preview(house.backup).lost_contacts == 0
        rescue.restore(house.backup)
        open_application(house.folder, role.value, PASSWORD, house.surroundings).close()
        return
    before = house.files()
    for forbidden in (lambda: rescue.preview(house.backup), lambda: rescue.restore(house.backup)):
        with pytest.raises(NotAllowed, match="Das darf die Rolle"):
            forbidden()
    assert house.files() == before


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.COORDINATION])
def test_salvaging_asks_for_the_role_in_what_was_salvaged(house: House, role: Role) -> None:
    whole = bytearray(house.backup.database.read_bytes())
    whole[len(whole) // 8192 * 4096 + 9] ^= 1
    house.folder.database.write_bytes(whole)
    before = house.files()
    rescue = house.enter(role.value)
    if role is Role.COORDINATION:
        assert rescue.salvage().contents.rows["account"] == len(Role) + 1
        return
    with pytest.raises(NotAllowed):
        rescue.salvage()
    assert house.files() == before


def test_where_nothing_tells_the_role_only_the_printed_key_helps(house: House, tmp_path: Path) -> None:
    house.backup.folder.rename(tmp_path / "weg")
    with pytest.raises(NotAllowed, match="Wiederherstellungsblatt"):
        house.enter("erika").check_allowed()


def test_the_printed_key_opens_every_way(house: House) -> None:
    rescue = house.enter("front_desk", recovery_key=house.recovery_key)
    assert rescue.newest_good() == house.backup
    rescue.restore(house.backup)
    again = open_application(house.folder, "erika", PASSWORD, house.surroundings)
    found = again.store.sql("SELECT account_id FROM audit_entry WHERE action = 'restore_backup'")
    front_desk = again.store.sql("SELECT id FROM account WHERE login_name = 'front_desk'")
    again.close()
    assert found == front_desk


def test_a_wrong_printed_key_opens_nothing(house: House) -> None:
    groups = house.recovery_key.split("-")
    with pytest.raises(InputError):
        house.enter(recovery_key="-".join([*groups[:-1], groups[0]]))
    with pytest.raises(WrongSecret):
        from desktop_app.security.recovery_key import new_recovery_key

        house.enter(recovery_key="-".join(new_recovery_key()))


def test_an_account_that_was_removed_may_nothing(house: House, tmp_path: Path) -> None:
    """Its slot may come back with an old backup; what the database says last counts."""
    house.folder.database.write_bytes(house.backup.database.read_bytes())
    old_slots = house.folder.key_slots.read_bytes()
    application = open_application(house.folder, "erika", PASSWORD, house.surroundings)
    account = next(one for one in application.accounts.accounts() if one.login_name == "coordination")
    application.accounts.remove_account(application.actor, account.account_id)
    application.close()
    house.folder.key_slots.write_bytes(old_slots)
    with pytest.raises(NotAllowed):
        house.enter("coordination").check_allowed()
