"""The first run: finished or not there at all, whatever happens in between."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.bootstrap import Application, SetUp, Surroundings, is_set_up, open_application, set_up, sign_in_names
from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.errors import EnvironmentProblem, InputError, UserError
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount
from desktop_app.settings.records import LegalProfile
from tests.storage.ordinary_rights import read_only, shared_folder

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_no_installation(folder: DataFolder) -> None:
    assert not is_set_up(folder)
    folder.root.mkdir(parents=True)
    assert not is_set_up(folder)
    assert list(folder.root.iterdir()) == []


def test_a_first_run_leaves_database_and_keys_and_nothing_else(
    folder: DataFolder, wishes: SetUp, surroundings: Surroundings, password: str
) -> None:
    application, recovery_key = set_up(folder, wishes, surroundings)
    assert len(recovery_key) == 9
    office = application.settings.office()
    assert (office.name, office.carrier, office.legal_profile) == (
        "Quartiersbüro Nord",
        "Beispielverband Musterstadt e. V.",
        LegalProfile.GDPR,
    )
    assert [space.name for space in application.settings.social_spaces()] == ["Nordstadt", "Altstadt"]
    assert len(application.settings.topics()) == 17
    assert (application.actor.display_name, application.actor.initials) == ("Erika Muster", "EM")
    contact_id = application.contacts.record_contact(application.actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    application.close()
    assert sorted(entry.name for entry in folder.root.iterdir()) == ["quartierslotse.db", "schluessel.json"]
    assert is_set_up(folder)
    again = open_application(folder, "", password, surroundings)
    assert again.contact_queries.contact(contact_id).initials == "EM"
    assert [account.login_name for account in sign_in_names(folder)] == ["erika"]
    again.close()


def test_a_second_first_run_is_refused(
    installed: Application, folder: DataFolder, wishes: SetUp, surroundings: Surroundings
) -> None:
    installed.close()
    before = {entry.name: entry.read_bytes() for entry in folder.root.iterdir()}
    with pytest.raises(UserError, match="schon eingerichtet"):
        set_up(folder, wishes, surroundings)
    assert {entry.name: entry.read_bytes() for entry in folder.root.iterdir()} == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"office_name": "  "}, "name"),
        ({"carrier": ""}, "carrier"),
        ({"password": "kurz"}, "password"),
        ({"password": "erika erika"}, "password"),
        ({"account": NewAccount(" ", "Erika", "")}, "login_name"),
    ],
)
def test_a_missing_answer_names_its_field_and_the_run_can_be_repeated(
    folder: DataFolder, wishes: SetUp, surroundings: Surroundings, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as caught:
        set_up(folder, dataclasses.replace(wishes, **changes), surroundings)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert not is_set_up(folder)
    application, _recovery_key = set_up(folder, wishes, surroundings)
    application.close()
    assert sorted(entry.name for entry in folder.root.iterdir()) == ["quartierslotse.db", "schluessel.json"]


def test_a_folder_that_may_not_be_written(wishes: SetUp, surroundings: Surroundings) -> None:
    with shared_folder() as shared, read_only(shared):
        for root in (shared, shared / "daten"):
            with pytest.raises(EnvironmentProblem, match="Ordner"):
                set_up(DataFolder(root), wishes, surroundings)
        assert list(shared.iterdir()) == []


def test_a_folder_that_may_not_be_read(wishes: SetUp, surroundings: Surroundings, password: str) -> None:
    with shared_folder() as shared:
        folder = DataFolder(shared / "daten")
        set_up(folder, wishes, surroundings)[0].close()
        with read_only(shared, mode=0o000):
            for action in (
                lambda: is_set_up(folder),
                lambda: set_up(folder, wishes, surroundings),
                lambda: sign_in_names(folder),
                lambda: open_application(folder, "erika", password, surroundings),
            ):
                with pytest.raises(EnvironmentProblem, match="nicht les"):
                    action()
        open_application(folder, "erika", password, surroundings).close()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path, wishes: SetUp, surroundings: Surroundings) -> None:
    (tmp_path / "daten").write_text("eine Datei", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="lässt sich nicht beschreiben"):
        set_up(DataFolder(tmp_path / "daten"), wishes, surroundings)


def test_keys_without_database_are_an_installation_whose_database_is_gone(
    installed: Application, folder: DataFolder, wishes: SetUp, surroundings: Surroundings, password: str
) -> None:
    installed.close()
    folder.database.unlink()
    keys = folder.key_slots.read_bytes()
    with pytest.raises(EnvironmentProblem, match=r"Datenbank „quartierslotse\.db“ fehlt"):
        is_set_up(folder)
    with pytest.raises(EnvironmentProblem, match="fehlt im Ordner"):
        set_up(folder, wishes, surroundings)
    with pytest.raises(EnvironmentProblem, match="fehlt im Ordner"):
        open_application(folder, "erika", password, surroundings)
    assert {entry.name: entry.read_bytes() for entry in folder.root.iterdir()} == {"schluessel.json": keys}


def test_a_database_without_keys_is_not_written_over(
    installed: Application, folder: DataFolder, wishes: SetUp, surroundings: Surroundings
) -> None:
    installed.close()
    folder.key_slots.unlink()
    before = folder.database.read_bytes()
    for action in (is_set_up, sign_in_names):
        with pytest.raises(EnvironmentProblem, match=r"„schluessel\.json“ fehlt"):
            action(folder)
    with pytest.raises(EnvironmentProblem, match=r"„schluessel\.json“ fehlt"):
        set_up(folder, wishes, surroundings)
    assert {entry.name: entry.read_bytes() for entry in folder.root.iterdir()} == {"quartierslotse.db": before}


def killed_first_runs(root: Path, numbers: list[int]) -> list[str]:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bootstrap.interrupted_set_up", str(root), *map(str, numbers)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
def test_a_first_run_killed_at_any_step_can_be_repeated(
    tmp_path: Path, wishes: SetUp, surroundings: Surroundings, password: str
) -> None:
    """Killed twice each: once at the step, once while it was repeated."""
    steps = int(killed_first_runs(tmp_path / "a", [])[0])
    assert steps > 100
    # Most steps make tables; the dangerous ones are the last: keys, name of the database.
    numbers = sorted({*range(0, steps, steps // 8), *range(steps - 36, steps)})
    lines = killed_first_runs(tmp_path / "b", numbers)[1:]
    assert len([line for line in lines if line.endswith(" 9")]) > len(numbers)
    finished = 0
    for number in numbers:
        folder = DataFolder(tmp_path / "b" / str(number))
        if is_set_up(folder):
            finished += 1
            application = open_application(folder, "erika", password, surroundings)
        else:
            application, _recovery_key = set_up(folder, wishes, surroundings)
        assert application.settings.office().name == wishes.office_name
        assert len(application.settings.topics()) == 17
        assert application.store.sql("PRAGMA integrity_check") == [("ok",)]
        application.close()
        assert sorted(entry.name for entry in folder.root.iterdir()) == ["quartierslotse.db", "schluessel.json"]
    assert 0 < finished < len(numbers)
