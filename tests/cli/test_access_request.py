"""Access requests from the command line."""

from __future__ import annotations

import json
from datetime import date

import pytest

from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry


@pytest.fixture
def helga(tool) -> str:
    """A file in the office."""
    with tool.application() as application:
        consent = ConsentEntry(ConsentKind.RECORD, date(2026, 11, 20), "2026-11")
        application.visitors.create_file(
            application.actor, VisitorEntry(name="Helga Meyer", birth_year=1941), [consent]
        )
        return application.visitors.create_file(application.actor, VisitorEntry(name="Helga Müller"), [consent])


def test_everything_about_one_person(tool, tmp_path, helga):
    path = tmp_path / "auskunft.pdf"
    result = tool.json("access-request", helga, "--out", str(path))
    assert result == {"found": [], "pdf": str(path), "json": str(path.with_suffix(".json")), "contacts": 0}
    assert path.read_bytes().startswith(b"%PDF")
    content = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert content["person"]["name"] == "Helga Müller"
    refused = tool("access-request", helga, "--out", str(path))
    assert refused.code == 1
    with tool.application() as application:
        trail = application.store.sql("SELECT action FROM audit_entry WHERE subject_id = ?", (helga,))
    assert ("answer_access_request",) in trail


def test_a_name_finds_the_number_and_stands_in_no_command(tool, tmp_path, helga):
    name = tmp_path / "name.txt"
    name.write_text("helga\n", encoding="utf-8")
    name.chmod(0o600)
    found = tool.json("access-request", "--name-file", str(name))["found"]
    assert [one["name"] for one in found] == ["Helga Meyer", "Helga Müller"]
    name.write_text("Mueller Helga\n", encoding="utf-8")
    path = tmp_path / "auskunft.pdf"
    assert tool.json("access-request", "--name-file", str(name), "--out", str(path))["pdf"] == str(path)


@pytest.mark.parametrize("words", [[], ["nummer"], ["nummer", "--out", "x.json"]])
def test_what_is_missing_is_said(tool, helga, words):
    answer = tool("access-request", *words)
    assert answer.code == 1
    assert "Bitte nennen Sie" in answer.err


def test_an_unknown_number_leaves_no_file(tool, tmp_path, helga):
    answer = tool("access-request", "gibt-es-nicht", "--out", str(tmp_path / "auskunft.pdf"))
    assert answer.code == 1
    assert "gibt es nicht" in answer.err
    assert list(tmp_path.glob("auskunft*")) == []
