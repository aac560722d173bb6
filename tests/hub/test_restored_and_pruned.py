"""A hub that comes back from an older backup, and one that lets go of old tombstones."""

from __future__ import annotations

import io
import shutil
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.upkeep import EPOCH_JUMP, prune_deleted, prune_results
from tests.hub.running import TEST_SETTINGS, Desk, HubThread, Postgres, change


def admin(hub: HubThread, *words: str) -> str:
    """Run the admin tool on the database of a hub."""
    out = io.StringIO()
    environment = {"QUARTIERSLOTSE_HUB_DATABASE": hub.settings.database}
    assert main(words, environment=environment, out=out) == 0
    return out.getvalue()


def put_back(hub: HubThread, postgres: Postgres | None, backup: str | Path) -> None:
    """Put a backup in the place of the database, while the hub stands still."""
    hub.database.close()
    if postgres is None:
        target = hub.settings.database.removeprefix("sqlite:///")
        for suffix in ("-wal", "-shm"):
            Path(target + suffix).unlink(missing_ok=True)
        shutil.copy(backup, target)
    else:
        name = hub.settings.database.partition("?")[0].rsplit("/", 1)[1]
        postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")
        postgres.sql(f"CREATE DATABASE {name} TEMPLATE {backup}")


def take_backup(hub: HubThread, postgres: Postgres | None, tmp_path: Path) -> str | Path:
    hub.stop()
    hub.database.close()
    if postgres is None:
        backup = tmp_path / "backup.db"
        shutil.copy(hub.settings.database.removeprefix("sqlite:///"), backup)
        result: str | Path = backup
    else:
        name = hub.settings.database.partition("?")[0].rsplit("/", 1)[1]
        result = f"backup_{name}"
        postgres.sql(f"CREATE DATABASE {result} TEMPLATE {name}")
    hub.start()
    return result


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_after_a_restore_no_old_number_means_something_new(request: pytest.FixtureRequest, tmp_path: Path, engine: str):
    postgres = request.getfixturevalue("postgres") if engine == "postgresql" else None
    hub: HubThread = request.getfixturevalue("hub" if engine == "sqlite" else "postgres_hub")
    office = hub.add_office("AWO", "Nippes")
    one, two = hub.desk(office), hub.desk(office)
    space = one.office_space
    one.push(space, *(change(f"r{number}", "old") for number in range(5)))
    backup = take_backup(hub, postgres, tmp_path)
    lost_id = str(uuid.uuid4())
    lost = one.push(space, change("r0", "lost", base=1), change("new", "lost"), push_id=lost_id).json
    old_epoch = lost["epoch"]

    hub.stop()
    put_back(hub, postgres, backup)
    admin(hub, "restored", "--yes")
    hub.start()

    page = two.pull(space).json
    assert page["epoch"] != old_epoch
    assert (page["seq"], len(page["records"])) == (5 + EPOCH_JUMP, 5)
    assert two.ask("GET", "/v1/me").json["spaces"][-1]["epoch"] == page["epoch"]
    # Somebody writes into the new time; the base of the lost time must not fit by chance.
    two.push(space, change("r0", "other", base=1), epoch=page["epoch"])
    late = one.push(space, change("r0", "lost again", base=6), epoch=old_epoch)
    assert (late.status, late.error) == (409, "epoch_changed")
    blind = one.push(space, change("r0", "lost again", base=6)).json
    assert blind["conflicts"][0]["record"]["data"] == "other"
    # The lost push comes again as it was, without an epoch: it is not known any more and is judged anew.
    again = one.push(space, change("r0", "lost", base=1), change("new", "lost"), push_id=lost_id).json
    assert [entry["id"] for entry in again["applied"]] == ["new"]
    assert [entry["id"] for entry in again["conflicts"]] == ["r0"]


def test_restoring_shuts_open_codes(hub: HubThread):
    code = hub.code(hub.add_office("AWO", "Nippes"))
    admin(hub, "restored", "--yes")
    assert hub.enrol(Desk(hub), code).error == "bad_code"


@pytest.mark.parametrize("engine", ["hub", "postgres_hub"])
def test_old_tombstones_go_and_erased_ones_stay(request: pytest.FixtureRequest, engine: str):
    hub: HubThread = request.getfixturevalue(engine)
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    space = desk.office_space
    desk.push(space, *(change(name) for name in ("stays", "deleted", "erased")))
    desk.push(space, change("deleted", "", base=2, deleted=True), change("erased", "", erased=True))
    desk.push(space, change("later"))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")

    assert prune_deleted(hub.database, "2026-01-01") == 0
    assert prune_deleted(hub.database, tomorrow) == 1
    assert prune_deleted(hub.database, tomorrow) == 0

    page = desk.pull(space).json
    assert page["purged_below"] == 4
    assert [record["id"] for record in page["records"]] == ["stays", "erased", "later"]
    assert [desk.pull(space, since).status for since in (0, 3, 4, 6)] == [200, 410, 200, 200]
    assert desk.pull(space, 3).error == "cursor_too_old"
    assert desk.push(space, change("erased", "back", base=5)).json["conflicts"][0]["reason"] == "erased"
    assert desk.push(space, change("deleted", "back", base=4)).json["conflicts"][0]["record"] is None
    assert desk.push(space, change("deleted", "back")).json["applied"]


def test_old_results_of_pushes_are_forgotten(tmp_path: Path):
    moment = datetime(2026, 1, 10, tzinfo=UTC)
    hub = HubThread(replace(TEST_SETTINGS, database=f"sqlite:///{tmp_path}/hub.db"), now=lambda: moment)
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    desk.push(desk.office_space, change("a"), push_id="push-0001")
    moment += timedelta(days=5)
    desk.push(desk.office_space, change("b"), push_id="push-0002")
    assert prune_results(hub.database, "2026-01-12") == 1
    assert desk.push(desk.office_space, change("b"), push_id="push-0002").json["applied"]
    assert desk.push(desk.office_space, change("a"), push_id="push-0001").json["conflicts"]
    hub.close()
