"""A hub that dies in the middle of a push: all of it stands or nothing, and the repeat is answered."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable

import pytest
import urllib3

from tests.hub.running import Answer, HubProcess, change

RECORDS = 500


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_push_stands_whole_or_not_at_all_after_kill_9(hub_process: Callable[[str], HubProcess], engine: str):
    hub = hub_process(engine)
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    expected = 0
    # Killed at another moment each time: while the body arrives, while it is written, after the commit.
    for attempt, seconds in enumerate((0.012, 0.03, 0.06)):
        wish = [change(f"{attempt}-{number}", "x" * 4000) for number in range(RECORDS)]
        push_id = str(uuid.uuid4())
        answers: list[Answer] = []

        def send(wish=wish, push_id=push_id, answers=answers) -> None:
            with contextlib.suppress(urllib3.exceptions.HTTPError):  # the answer got lost
                answers.append(desk.push(desk.office_space, *wish, push_id=push_id))

        sender = threading.Thread(target=send)
        sender.start()
        sender.join(seconds)
        hub.kill()
        sender.join()
        hub.start()

        stored = desk.pull(desk.office_space, ids_only="true").json["seq"]
        assert stored in {expected, expected + RECORDS}
        again = desk.push(desk.office_space, *wish, push_id=push_id).json
        assert [entry["seq"] for entry in again["applied"]] == list(range(expected + 1, expected + RECORDS + 1))
        assert again["conflicts"] == []
        assert not answers or answers[0].status != 200 or answers[0].json == again
        expected += RECORDS
    digest = desk.ask("GET", f"/v1/spaces/{desk.office_space}/digest").json
    assert (digest["count"], digest["seq"]) == (expected, expected)


def test_the_database_goes_away_and_comes_back(postgres_hub, postgres):
    desk = postgres_hub.desk(postgres_hub.add_office("AWO", "Nippes"))
    name = postgres_hub.settings.database.partition("?")[0].rsplit("/", 1)[1]
    postgres.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    away = desk.push(desk.office_space, change("a"))
    health = postgres_hub.ask("GET", "/healthz")
    assert (away.status, away.error) == (503, "busy")
    assert int(away.headers["Retry-After"]) > 0
    assert health.status == 503

    postgres.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert desk.push(desk.office_space, change("a")).status == 200
    assert postgres_hub.ask("GET", "/healthz").json["status"] == "ok"
