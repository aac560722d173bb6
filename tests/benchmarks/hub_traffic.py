"""Pushing to and pulling from a hub over HTTP, against bare PostgreSQL: 100 rows a commit, one plain SELECT a page."""

from __future__ import annotations

import itertools
import json
import secrets
import uuid
from dataclasses import replace
from typing import Any

from desktop_app.sync.sending import PUSH_RECORDS
from tests.benchmarks.measuring import Figure, Wishes, alternate, median, spread
from tests.hub.running import TEST_SETTINGS, Desk, HubProcess, Postgres

_BYTES = 950  # of a record's data: a contact with its needs, sealed and padded, as base64
_COMMIT = 100  # rows a commit of the bare peer
_PAGE = 2000
_PUSH_SHARE = 0.35
_PULL_MS_PER_1000 = 40.0  # 25,000 records a second


class _BarePostgres:
    """One table with a key, no service before it."""

    def __init__(self, url: str) -> None:
        import psycopg

        self._connection = psycopg.connect(url)
        self._connection.execute(
            "CREATE TABLE plain (id text PRIMARY KEY, seq bigint NOT NULL UNIQUE, data text NOT NULL)"
        )
        self._connection.commit()
        self._numbers = itertools.count(1)

    def insert(self, rows: int) -> None:
        """Insert so many rows, 100 a commit."""
        for _ in range(rows // _COMMIT):
            values = [(str(uuid.uuid4()), next(self._numbers), _data()) for _ in range(_COMMIT)]
            with self._connection.cursor() as cursor:
                cursor.executemany("INSERT INTO plain (id, seq, data) VALUES (%s, %s, %s)", values)
            self._connection.commit()

    def page(self) -> None:
        """Read a page."""
        rows = self._connection.execute("SELECT seq, id, data FROM plain WHERE seq > 0 ORDER BY seq LIMIT %s", (_PAGE,))
        assert len(rows.fetchall()) == _PAGE
        self._connection.rollback()

    def close(self) -> None:
        self._connection.close()


def _data() -> str:
    return secrets.token_hex(_BYTES // 2)


def _push(desk: Desk, records: int, size: int) -> None:
    for _ in range(records // size):
        changes = [
            {"collection": "r", "id": str(uuid.uuid4()), "base": 0, "deleted": False, "erased": False, "data": _data()}
            for _ in range(size)
        ]
        answer = desk.push(desk.office_space, *changes)
        assert len(answer.json["applied"]) == size


def _pull(desk: Desk) -> None:
    answer: Any = desk.pull(desk.office_space, limit=_PAGE)
    assert len(json.loads(answer.body)["records"]) == _PAGE


def measure(wishes: Wishes) -> list[Figure]:
    """Measure pushes of 100 and 500 records, of as many as a desk sends at once, and pages of 2,000."""
    folder = wishes.folder("hub")
    runs = 5 if wishes.quick else 25
    server = Postgres(folder / "data", durable=True)
    bare = _BarePostgres(server.url("postgres"))
    hub = HubProcess(replace(TEST_SETTINGS, database=server.new_database()))
    figures = []
    try:
        desk = hub.desk(hub.add_office("Träger", "Büro"))
        for size in (100, PUSH_RECORDS, 500):
            ours, peer = alternate(
                lambda size=size: _push(desk, 1000, size), lambda: bare.insert(1000), runs, warm_up=3
            )
            figures.append(
                Figure(
                    f"hub_push_{size}",
                    f"1.000 Datensätze an den Hub, {size} je Sendung",
                    "ms",
                    median(ours) * 1000,
                    limit=round(1 / _PUSH_SHARE, 2),
                    peer=median(peer) * 1000,
                    peer_title="bloßes PostgreSQL über psycopg, 100 Zeilen je Commit, gleicher Server, gleicher Datenträger",
                    runs=runs,
                    details={
                        "ours_ms": spread(ours),
                        "peer_ms": spread(peer),
                        "ours_per_second": round(1000 / median(ours)),
                        "peer_per_second": round(1000 / median(peer)),
                    },
                )
            )
        ours, peer = alternate(lambda: _pull(desk), bare.page, runs, warm_up=3)
        figures.append(
            Figure(
                "hub_pull",
                "1.000 Datensätze vom Hub holen (Seiten zu 2.000)",
                "ms",
                median(ours) * 1000 * 1000 / _PAGE,
                limit=_PULL_MS_PER_1000,
                limit_is_ratio=False,
                peer=median(peer) * 1000 * 1000 / _PAGE,
                peer_title="ein SELECT derselben Zeilen über psycopg",
                runs=runs,
                details={
                    "ours_ms_a_page": spread(ours),
                    "peer_ms_a_page": spread(peer),
                    "ours_per_second": round(_PAGE / median(ours)),
                    "peer_per_second": round(_PAGE / median(peer)),
                },
            )
        )
    finally:
        hub.close()
        bare.close()
        server.close()
    return figures
