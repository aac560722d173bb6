"""What was done to the log past the program, with the key and without the triggers, is found."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.audit.records import Anchor, BreakKind, ChainReport
from desktop_app.audit.service import AuditService
from desktop_app.audit.verifying import ChainWalk
from desktop_app.audit.wording import report_sentences
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import InputError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.notices import NoticeBoard
from desktop_app.core.progress import Cancelled
from desktop_app.storage.audit_chain import FIRST_HASH, entry_hash
from desktop_app.storage.opening import open_store
from desktop_app.storage.store import Store

Tamper = Callable[[], AbstractContextManager[Any]]
Add = Callable[..., None]
COLUMNS = "sequence, at, account_id, action, subject_kind, subject_id, hash"


def found(report: ChainReport) -> tuple[BreakKind, int, int]:
    assert report.first_break is not None
    return report.first_break.kind, report.first_break.sequence, report.breaks


def rewrite_from(connection: Any, start: int) -> None:
    """Compute the chain anew from an entry on: what somebody with the key and the program's text can do."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM audit_entry ORDER BY sequence").fetchall()
    previous = FIRST_HASH
    for *entry, kept in rows:
        previous = kept if entry[0] < start else entry_hash(previous, *entry)
        connection.execute("UPDATE audit_entry SET hash = ? WHERE sequence = ?", (previous, entry[0]))


def test_an_untouched_log_is_whole(audit: AuditService, add_entries: Add) -> None:
    assert audit.verify() == ChainReport(0, None, None, 0, None)
    assert report_sentences(audit.verify()) == ("Das Protokoll ist leer.",)
    add_entries(12)
    report = audit.verify()
    assert report.is_whole
    assert report.entries == 12
    assert report.head == audit.anchor()
    sentences = report_sentences(report)
    assert sentences[0] == "Das Protokoll ist in sich unverändert: 12 Einträge, jeder passt zum vorigen."
    assert "nur ein früher notierter Prüfwert" in sentences[1]


@pytest.mark.parametrize("column", ["at", "account_id", "action", "subject_kind", "subject_id", "hash"])
@pytest.mark.parametrize("place", [1, 6, 12])
def test_a_changed_field_is_found(
    audit: AuditService, add_entries: Add, tamper: Tamper, column: str, place: int
) -> None:
    add_entries(12)
    with tamper() as connection:
        connection.execute(f"UPDATE audit_entry SET {column} = 'anders' WHERE sequence = ?", (place,))
    kind, sequence, _ = found(audit.verify())
    assert (kind, sequence) == (BreakKind.CHANGED, place)
    first, *_, last = report_sentences(audit.verify())
    assert first.startswith(f"Eintrag {place} (")
    assert "passt nicht zu seiner Prüfsumme" in first
    assert "Datenschutzbeauftragten" in last


def test_what_is_no_text_is_found_and_stops_nothing(
    store: Store, actor: Actor, audit: AuditService, add_entries: Add, tamper: Tamper, tmp_path: Path
) -> None:
    add_entries(3)
    with tamper() as connection:
        connection.execute("UPDATE audit_entry SET action = x'ff00', hash = x'01' WHERE sequence = 3")
    assert found(audit.verify())[:2] == (BreakKind.CHANGED, 3)
    add_entries(1)
    # The program goes on from the hash it remembers, so the false one shows twice.
    assert found(audit.verify()) == (BreakKind.CHANGED, 3, 2)
    for kind in ("csv", "json"):
        audit.export(actor, kind, tmp_path / f"protokoll.{kind}")


def test_a_changed_entry_with_a_matching_hash_is_found_at_the_next(
    audit: AuditService, add_entries: Add, tamper: Tamper
) -> None:
    add_entries(12)
    with tamper() as connection:
        (previous,) = connection.execute("SELECT hash FROM audit_entry WHERE sequence = 5").fetchone()
        entry = connection.execute(f"SELECT {COLUMNS} FROM audit_entry WHERE sequence = 6").fetchone()[:-1]
        entry = (*entry[:2], "jemand anders", *entry[3:])
        connection.execute(
            "UPDATE audit_entry SET account_id = ?, hash = ? WHERE sequence = 6",
            (entry[2], entry_hash(previous, *entry)),
        )
    assert found(audit.verify()) == (BreakKind.CHANGED, 7, 1)
    assert "oder Eintrag 6 davor" in report_sentences(audit.verify())[0]


def test_entries_taken_out_of_the_middle_are_found(audit: AuditService, add_entries: Add, tamper: Tamper) -> None:
    add_entries(12)
    with tamper() as connection:
        connection.execute("DELETE FROM audit_entry WHERE sequence IN (4, 5)")
    assert found(audit.verify()) == (BreakKind.MISSING, 6, 1)
    assert report_sentences(audit.verify())[0] == (
        "Zwischen Eintrag 3 und Eintrag 6 (22.11.2026, 10:46 Uhr) fehlen Einträge."
    )


def test_entries_taken_out_and_numbers_closed_are_found(audit: AuditService, add_entries: Add, tamper: Tamper) -> None:
    add_entries(12)
    with tamper() as connection:
        connection.execute("DELETE FROM audit_entry WHERE sequence = 4")
        connection.execute("UPDATE audit_entry SET sequence = sequence - 1 WHERE sequence > 4")
    assert found(audit.verify())[:2] == (BreakKind.CHANGED, 4)


def test_a_missing_beginning_is_found(audit: AuditService, add_entries: Add, tamper: Tamper) -> None:
    add_entries(12)
    with tamper() as connection:
        connection.execute("DELETE FROM audit_entry WHERE sequence < 5")
    assert found(audit.verify()) == (BreakKind.BEGINS_LATE, 5, 1)
    assert report_sentences(audit.verify())[0] == "Das Protokoll beginnt mit Eintrag 5 statt mit Eintrag 1."


def test_an_entry_before_the_first_is_found(audit: AuditService, add_entries: Add, tamper: Tamper) -> None:
    add_entries(3)
    with tamper() as connection:
        connection.execute(
            f"INSERT INTO audit_entry ({COLUMNS}) SELECT 0, at, account_id, action, subject_kind, 'x', hash "
            "FROM audit_entry WHERE sequence = 1"
        )
    assert found(audit.verify())[:2] == (BreakKind.BEGINS_LATE, 0)


def test_two_entries_changing_places_are_found(audit: AuditService, add_entries: Add, tamper: Tamper) -> None:
    add_entries(12)
    with tamper() as connection:
        connection.execute("UPDATE audit_entry SET sequence = -1 WHERE sequence = 5")
        connection.execute("UPDATE audit_entry SET sequence = 5 WHERE sequence = 6")
        connection.execute("UPDATE audit_entry SET sequence = 6 WHERE sequence = -1")
    assert found(audit.verify())[:2] == (BreakKind.CHANGED, 5)


def test_an_inserted_entry_is_found(audit: AuditService, add_entries: Add, tamper: Tamper) -> None:
    add_entries(12)
    with tamper() as connection:
        for number in range(12, 6, -1):
            connection.execute("UPDATE audit_entry SET sequence = sequence + 1 WHERE sequence = ?", (number,))
        connection.execute(
            f"INSERT INTO audit_entry ({COLUMNS}) SELECT 7, at, 'erfunden', action, subject_kind, subject_id, hash "
            "FROM audit_entry WHERE sequence = 6"
        )
    assert found(audit.verify())[:2] == (BreakKind.CHANGED, 7)


def test_an_entry_put_at_the_end_is_found(audit: AuditService, add_entries: Add, tamper: Tamper) -> None:
    add_entries(3)
    with tamper() as connection:
        connection.execute(
            f"INSERT INTO audit_entry ({COLUMNS}) SELECT 4, at, 'erfunden', action, subject_kind, subject_id, hash "
            "FROM audit_entry WHERE sequence = 3"
        )
    assert found(audit.verify()) == (BreakKind.CHANGED, 4, 1)


# ------------------------------------------------------------------------------------ with an anchor


def test_a_cut_end_is_found_with_an_anchor_only(
    store: Store, audit: AuditService, add_entries: Add, tamper: Tamper
) -> None:
    add_entries(12)
    anchor = audit.anchor()
    assert anchor is not None
    with tamper() as connection:
        connection.execute("DELETE FROM audit_entry WHERE sequence > 9")
    assert audit.verify().is_whole  # the program says that it can't know
    report = audit.verify(anchor=anchor)
    assert found(report) == (BreakKind.END_MISSING, 12, 1)
    sentences = report_sentences(report)
    assert sentences[0] == "Der Prüfwert gehört zu Eintrag 12, das Protokoll endet aber mit Eintrag 9: Das Ende fehlt."
    assert "„Sicherung eingespielt“" in sentences[1]
    store.audit_head = None  # the program is started anew
    add_entries(10)
    assert audit.verify().is_whole
    assert found(audit.verify(anchor=anchor)) == (BreakKind.REWRITTEN, 12, 1)


def test_an_end_cut_off_beside_the_running_program_shows_without_an_anchor(
    audit: AuditService, add_entries: Add, tamper: Tamper
) -> None:
    add_entries(12)
    with tamper() as connection:
        connection.execute("DELETE FROM audit_entry WHERE sequence > 9")
    add_entries(1)
    assert found(audit.verify()) == (BreakKind.MISSING, 13, 1)


def test_a_chain_computed_anew_is_found_with_an_anchor_only(
    audit: AuditService, add_entries: Add, tamper: Tamper
) -> None:
    add_entries(12)
    anchor = audit.anchor()
    assert anchor is not None
    with tamper() as connection:
        connection.execute("UPDATE audit_entry SET account_id = 'jemand anders' WHERE sequence = 3")
        rewrite_from(connection, 3)
    assert audit.verify().is_whole  # honest about it: see decision 0025
    assert found(audit.verify(anchor=anchor)) == (BreakKind.REWRITTEN, 12, 1)
    assert "ersetzt oder neu berechnet" in report_sentences(audit.verify(anchor=anchor))[0]


def test_an_emptied_log_does_not_fit_its_anchor(audit: AuditService, add_entries: Add, tamper: Tamper) -> None:
    add_entries(2)
    anchor = audit.anchor()
    with tamper() as connection:
        connection.execute("DELETE FROM audit_entry")
    assert found(audit.verify(anchor=anchor)) == (BreakKind.END_MISSING, 2, 1)


def test_an_older_anchor_fits_a_log_that_went_on(audit: AuditService, add_entries: Add) -> None:
    add_entries(5)
    anchor = audit.anchor()
    assert anchor is not None
    add_entries(5)
    for written in (anchor.text, anchor.short, anchor.short.upper().replace("-", " "), f"5: {anchor.hash[:20]}"):
        report = audit.verify(anchor=Anchor.parse(written))
        assert report.is_whole, written
        assert report_sentences(report)[1] == "Auch der Prüfwert zu Eintrag 5 passt."
    other = Anchor.parse(f"5-{'0' * 16}")
    assert found(audit.verify(anchor=other)) == (BreakKind.REWRITTEN, 5, 1)


@pytest.mark.parametrize("text", ["", "5", "abc", "5-abcd", "-3f2a91c077de0b1c", f"5-{'a' * 65}", "5-3f2a91c077de0b1g"])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="ist kein Prüfwert"):
        Anchor.parse(text)


# ------------------------------------------------------------------------------------ any tampering


@st.composite
def tampered(draw: st.DrawFn) -> tuple[list[list[object]], list[list[object]]]:
    """A log, and the same after something was done to it that really changed it."""
    size = draw(st.integers(1, 12))
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    rows: list[list[object]] = []
    previous = FIRST_HASH
    for sequence in range(1, size + 1):
        fields = [draw(text) for _ in range(5)]
        previous = entry_hash(previous, sequence, *fields)
        rows.append([sequence, *fields, previous])
    other = [list(row) for row in rows]
    for _ in range(draw(st.integers(1, 3))):
        if not other:
            break
        place = draw(st.integers(0, len(other) - 1))
        match draw(st.sampled_from(["change", "delete", "insert", "swap", "copy"])):
            case "change":
                column = draw(st.integers(1, 6))
                other[place][column] = draw(text)
            case "delete":
                del other[place]
            case "insert":
                other.insert(place, [0, *(draw(text) for _ in range(5)), draw(st.sampled_from(rows))[6]])
            case "swap":
                second = draw(st.integers(0, len(other) - 1))
                other[place], other[second] = other[second], other[place]
            case _:
                other.insert(place, list(draw(st.sampled_from(rows))))
    if draw(st.booleans()):
        for number, row in enumerate(other, start=1):
            row[0] = number  # and the numbers tidied up
    other.sort(key=lambda row: int(str(row[0])))
    return rows, other


@settings(max_examples=500, deadline=None)
@given(tampered())
def test_whatever_is_done_is_found(logs: tuple[list[list[object]], list[list[object]]]) -> None:
    rows, other = logs
    anchor = Anchor(len(rows), str(rows[-1][6]))
    walk = ChainWalk(anchor)
    for row in rows:
        walk.take(row)
    assert walk.report().is_whole
    walk, alone = ChainWalk(anchor), ChainWalk()
    for row in other:
        walk.take(row)
        alone.take(row)
    assert walk.report().is_whole is (other == rows)
    # Without an anchor nothing but a cut end passes.
    assert alone.report().is_whole is (other == rows[: len(other)])
    assert report_sentences(walk.report())


# ------------------------------------------------------------------------------------ size, stopping, copies


class Steps:
    """Counts steps; stops at the one asked for."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.seen: list[tuple[int, int]] = []
        self._stop_at = stop_at

    def step(self, done: int, total: int, text: str) -> None:
        assert text == "Das Protokoll wird geprüft"
        self.seen.append((done, total))
        if len(self.seen) == self._stop_at:
            raise Cancelled


def test_a_hundred_thousand_entries_with_progress_and_a_way_to_stop(
    store: Store, actor: Actor, audit: AuditService, tamper: Tamper
) -> None:
    def rows() -> Any:
        previous = FIRST_HASH
        for sequence in range(1, 100_001):
            entry = (
                sequence,
                "2026-11-22T09:40:00.000Z",
                actor.account_id,
                "record_contact",
                "contact",
                f"{sequence:036d}",
            )
            previous = entry_hash(previous, *entry)
            yield (*entry, previous)

    with store.unit_of_work(actor, "fill", None) as unit:
        unit.derived_many(f"INSERT INTO audit_entry ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
    steps = Steps()
    report = audit.verify(steps)
    assert (report.is_whole, report.entries) == (True, 100_000)
    assert "100.000 Einträge" in report_sentences(report)[0]
    assert steps.seen[0] == (0, 100_000)
    assert steps.seen[-1] == (100_000, 100_000)
    assert len(steps.seen) > 40
    stopping = Steps(stop_at=5)
    with pytest.raises(Cancelled):
        audit.verify(stopping)
    assert len(stopping.seen) == 5
    with tamper() as connection:
        connection.execute("UPDATE audit_entry SET account_id = 'x' WHERE sequence = 77777")
    assert found(audit.verify()) == (BreakKind.CHANGED, 77_777, 1)


def test_a_copy_keeps_the_chain_and_goes_on(
    store: Store, actor: Actor, audit: AuditService, add_entries: Add, data_key: bytes, clock: FixedClock,
    ids: UuidFactory, tmp_path: Path,
) -> None:  # fmt: skip
    add_entries(5)
    at_backup = audit.anchor()
    store.write_backup_copy(tmp_path / "sicherung.db")
    add_entries(3)
    later = audit.anchor()
    restored = open_store(tmp_path / "sicherung.db", data_key, clock, ids, NoticeBoard(), backups=tmp_path)
    with contextlib.closing(restored):
        clock.advance(timedelta(hours=1))
        with restored.unit_of_work(actor, "restore_backup", ("backup", "sicherung.db")):
            pass
        again = AuditService(restored)
        assert again.verify(anchor=at_backup).is_whole
        assert again.verify().entries == 6
        # The end that the restore took away shows, and the log says what happened.
        assert found(again.verify(anchor=later)) == (BreakKind.END_MISSING, 8, 1)


# ------------------------------------------------------------------------------------ export


def test_an_exported_log_can_be_checked_by_anybody(
    store: Store, actor: Actor, audit: AuditService, add_entries: Add, tmp_path: Path
) -> None:
    import hashlib

    add_entries(4)
    path = tmp_path / "protokoll.json"
    made = audit.export(actor, "json", path)
    data = json.loads(path.read_text(encoding="utf-8"))
    assert made.entries == len(data["entries"]) == 5
    assert data["entries"][-1]["action"] == "export_audit"
    previous = "0" * 64
    for entry in data["entries"]:
        fields = [entry[name] for name in ("sequence", "at", "account_id", "action", "subject_kind", "subject_id")]
        text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
        previous = hashlib.sha256(text.encode()).hexdigest()
        assert entry["hash"] == previous
    assert data["anchor"] == f"5-{previous}" == made.anchor.text
    assert audit.verify(anchor=Anchor.parse(data["anchor"])).is_whole
    assert "64 zeros" in data["rule"]
    assert store.sql("SELECT count(*) FROM audit_entry") == [(5,)]


def test_the_log_as_a_table(actor: Actor, audit: AuditService, add_entries: Add, tmp_path: Path) -> None:
    from desktop_app.documents.csv_text import read_csv

    add_entries(2)
    audit.export(actor, "csv", tmp_path / "protokoll.csv")
    header, *rows = read_csv((tmp_path / "protokoll.csv").read_bytes())
    assert header[:4] == ["Nummer", "Zeitpunkt (UTC)", "Person", "Was"]
    assert [row[3] for row in rows] == ["Kontakt erfasst", "Kontakt erfasst", "Protokoll als Datei gespeichert"]
    assert all(len(row[-1]) == 64 for row in rows)


def test_an_export_in_an_unknown_format_is_refused_and_leaves_no_trail(
    actor: Actor, audit: AuditService, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="csv und json"):
        audit.export(actor, "xml", tmp_path / "protokoll.xml")
    assert audit.anchor() is None
