"""What lies in the database, in the log and in the figures: no known text, no token, no code, no hour of a visit."""

from __future__ import annotations

import io
import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop_app.sync import protocol
from desktop_app.sync.sealing import OfficeKeys, Place, key_id_of, open_sealed, seal
from hub.logs import LOGGER, JsonLines
from tests.hub.running import Desk, HubThread, Postgres, RunningHub, change

KNOWN = ("Hildegard Brückner", "Pflegegrad 3", "Wohnungsverlust", "2026-11-20")


@contextmanager
def log_of_the_hub() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger(LOGGER)
    logger.addHandler(handler)
    try:
        yield stream
    finally:
        logger.removeHandler(handler)


def seal_and_push(desk: Desk) -> list[str]:
    """Push a contact as a desk does; return all that must not be found anywhere."""
    key = secrets.token_bytes(32)
    keys = OfficeKeys(key_id_of(key), {key_id_of(key): key}, secrets.token_bytes(32))
    plain = json.dumps({"c": "contact", "f": dict(enumerate(KNOWN))}, ensure_ascii=False).encode()
    place = Place(desk.office_space, "r", "7f3c1f6e-0000-4000-8000-000000000001")
    text = seal(keys, place, writer=desk.device_id, counter=1, base=0, version=1, plain=plain)
    assert desk.push(desk.office_space, change(place.record_id, text)).json["applied"]
    (record,) = desk.pull(desk.office_space).json["records"]
    assert open_sealed(keys, place, record["data"])[1] == plain
    return [*KNOWN, desk.token]


def everything_in(running: RunningHub, postgres: Postgres | None, tmp_path: Path) -> bytes:
    """Return every byte the database keeps: all tables and the raw files."""
    if postgres is None:
        return b"".join(path.read_bytes() for path in tmp_path.glob("hub.db*"))
    import psycopg

    parts = []
    with psycopg.connect(running.settings.database, autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(tables) >= 8
        for (table,) in tables:
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
                parts += [bytes(block) for block in copy]
        connection.execute("CHECKPOINT")
        (number,) = (
            connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() or ()
        )
    files = [path for path in (postgres.folder / "base" / str(number)).iterdir() if path.is_file()]
    wal = [path for path in (postgres.folder / "pg_wal").iterdir() if path.is_file()]
    return b"".join([*parts, *(path.read_bytes() for path in [*files, *wal])])


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_no_byte_of_the_database_holds_a_known_text(request: pytest.FixtureRequest, tmp_path: Path, engine: str):
    postgres = request.getfixturevalue("postgres") if engine == "postgresql" else None
    running: RunningHub = request.getfixturevalue("hub" if engine == "sqlite" else "postgres_hub")
    office = running.add_office("AWO", "Nippes")
    code = running.code(office)
    desk = Desk(running, office_id=office)
    running.enrol(desk, code)
    secret_texts = [*seal_and_push(desk), code]
    marker = secrets.token_hex(16)
    desk.push(protocol.DIRECTORY_SPACE, change("marker", marker))

    dump = everything_in(running, postgres, tmp_path)

    assert marker.encode() in dump, "the search would find what is there"
    assert [text for text in secret_texts if text.encode() in dump] == []


def test_the_log_and_the_figures_tell_routes_and_numbers_only(hub: HubThread):
    with log_of_the_hub() as stream:
        office = hub.add_office("AWO", "Nippes")
        code = hub.code(office)
        desk = Desk(hub, office_id=office)
        hub.enrol(desk, code, label="Empfang bei Frau Brückner")
        secret_texts = [
            *seal_and_push(desk),
            code,
            office,
            desk.device_id,
            "AWO",
            "Nippes",
            "Brückner",
            desk.public_key,
        ]
        desk.push(desk.office_space, change("geheim !", "geheim"))
        desk.ask("GET", f"/v1/spaces/{desk.office_space}/pull?since=geheim")
        hub.ask("GET", "/geheim/pfad")
        hub.ask("GET", protocol.ME, token="g" * 43)
        figures = hub.ask("GET", protocol.METRICS).body.decode()
        hub.stop()  # an answer arrives before its line is written

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert {line["event"] for line in lines} == {"request"}
    assert {(line["method"], line["route"], line["status"]) for line in lines} >= {
        ("POST", protocol.ENROL, 200),
        ("POST", protocol.PUSH, 200),
        ("POST", protocol.PUSH, 422),
        ("GET", protocol.PULL, 422),
        ("GET", protocol.ME, 401),
        ("GET", "-", 404),
    }
    for text in [*secret_texts, "geheim", "g" * 43]:
        assert text not in stream.getvalue()
        assert text not in figures
    assert 'quartierslotse_hub_applied_changes_total{kind="office"} 1.0' in figures
    assert 'quartierslotse_hub_pulled_records_total{kind="office"} 1.0' in figures


def test_a_fault_of_ours_is_logged_by_its_place_and_answered_in_shape(hub: HubThread):
    desk = hub.desk(hub.add_office("AWO", "Nippes"))
    with hub.database.session():
        hub.database.sql("ALTER TABLE record RENAME COLUMN state TO geheim")
        hub.database.sql("UPDATE space SET seq = 'geheim'")
    with log_of_the_hub() as stream:
        answer = desk.push(desk.office_space, change("a"))
    assert "geheim" not in answer.body.decode()
    assert set(answer.json) == {"error", "detail"}
    faults = [line for line in map(json.loads, stream.getvalue().splitlines()) if line["event"] == "fault"]
    assert len(faults) == 1
    assert faults[0]["route"] == protocol.PUSH
    assert any("push.py" in place for place in faults[0]["places"])
