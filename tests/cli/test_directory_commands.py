"""Import, search, one service."""

from __future__ import annotations

import json

from desktop_app.documents.csv_text import read_csv


def changed_copy(directory_file, path, change):
    content = json.loads(directory_file.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_an_import_tells_what_became_of_every_kind(new_tool, directory_file):
    new_tool("init", "--office", "B", "--carrier", "T", "--admin", "anna")
    result = new_tool.json("import-directory", str(directory_file))
    assert result.keys() == {
        "source", "kind", "dry_run", "fingerprint", "started_at", "seconds", "cancelled", "changed_anything", "counts",
        "problems", "problems_left_out",
    }  # fmt: skip
    assert (result["kind"], result["dry_run"], result["changed_anything"]) == ("json", False, True)
    assert result["counts"]["service"] == {
        "new": 3, "changed": 0, "unchanged": 0, "removed": 0, "rejected": 0, "missing": 0, "total": 3,
    }  # fmt: skip
    again = new_tool("import-directory", str(directory_file))
    assert again.code == 0
    assert "nichts Neues" in again.out


def test_a_dry_run_changes_nothing(tool, directory_file, tmp_path):
    path = changed_copy(
        directory_file, tmp_path / "neu.json", lambda content: content[0]["services"][0].update(name="Café Morgenrot")
    )
    answer = tool("import-directory", str(path), "--dry-run")
    assert answer.code == 0
    assert "Es wurde nichts geändert" in answer.out
    assert tool.json("search", "Morgenrot")["hits"] == []
    assert tool("import-directory", str(path)).code == 0
    assert [hit["name"] for hit in tool.json("search", "Morgenrot")["hits"]] == ["Café Morgenrot"]


def test_findings_go_to_a_file(tool, directory_file, tmp_path):
    path = changed_copy(
        directory_file, tmp_path / "neu.json", lambda content: content[0]["services"][0].update(email="=keine adresse")
    )
    report = tmp_path / "bericht.csv"
    answer = tool("import-directory", str(path), "--report", str(report))
    assert answer.code == 0
    assert "bericht.csv" in answer.out
    assert "email" in answer.out
    rows = read_csv(report.read_bytes())
    assert rows[0] == ["Schwere", "Datei", "Zeile", "Feld", "Wert", "Befund", "Warum", "Was getan wurde"]
    assert [row[3:5] for row in rows[1:] if row[3] == "email"] == [["email", "=keine adresse"]]
    before = report.read_bytes()
    refused = tool("import-directory", str(path), "--report", str(report))
    assert refused.code == 1
    assert report.read_bytes() == before
    as_json = tmp_path / "bericht.json"
    result = tool.json("import-directory", str(path), "--dry-run", "--report", str(as_json))
    saved = json.loads(as_json.read_text(encoding="utf-8"))
    assert saved["problems"] == result["problems"]
    assert saved["problems"][0].keys() == {"severity", "file", "row", "field", "value", "what", "why", "action"}


def test_something_else_than_a_directory(tool, tmp_path):
    path = tmp_path / "brief.json"
    path.write_text("Sehr geehrte Damen und Herren", encoding="utf-8")
    answer = tool("import-directory", str(path))
    assert answer.code == 1
    assert "brief.json" in answer.err
    missing = tool("import-directory", str(tmp_path / "fehlt.zip"))
    assert missing.code == 1
    assert "fehlt.zip" in missing.err


def test_search_finds_spellings_and_beginnings(tool):
    for words in (("Begegnungscafe",), ("begegn",), ("Begegnungscafé", "Süd"), ("Begegnungscafe Sued",)):
        hits = tool.json("search", *words)["hits"]
        assert hits[0]["service_id"] == tool.CAFE, words
    hit = hits[0]
    assert hit.keys() == {"service_id", "name", "organization", "place", "phone", "topics", "last_verified", "reason"}
    assert hit["phone"] == "030 123451"


def test_search_as_people_read_it(tool):
    answer = tool("search", "Pflegeberatung")
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "Ein Treffer"
    assert tool.CARE in answer.out
    assert "Pflegestützpunkt Musterstadt" in answer.out


def test_search_is_narrowed_and_limited(tool):
    assert len(tool.json("search", "Musterstadt", "--limit", "2")["hits"]) == 2
    for word in ("pflege", "Pflege", "2"):
        assert {hit["service_id"] for hit in tool.json("search", "Musterstadt", "--topic", word)["hits"]} == {tool.CARE}
    unknown = tool("search", "Musterstadt", "--topic", "Raumfahrt")
    assert unknown.code == 1
    assert "„Raumfahrt“" in unknown.err
    assert "pflege (2)" in unknown.err


def test_nothing_found_is_no_error(tool):
    answer = tool("search", "Quantenphysik")
    assert (answer.code, answer.out) == (0, "Zu „Quantenphysik“ steht nichts im Verzeichnis.\n")


def test_a_service_in_full(tool):
    answer = tool("show-service", tool.CAFE)
    assert answer.code == 0
    for part in ("Begegnungscafé Süd", "Nachbarschaftshaus Müllerstraße", "030 123451", "Lindenstraße 1", "noch nie"):
        assert part in answer.out
    result = tool.json("show-service", tool.CAFE)
    assert result["places"][0]["city"] == "Musterstadt"
    assert "internal_remark" not in result
    assert result.keys() >= {
        "service_id",
        "name",
        "organization",
        "phones",
        "places",
        "hours",
        "last_verified",
        "active",
    }


def test_an_unknown_service(tool):
    answer = tool("show-service", "gibt-es-nicht")
    assert answer.code == 1
    assert "gibt-es-nicht" in answer.err


def reasons(tool):
    return [one["reason"] for one in tool.json("backup", "--list")["backups"]]


def renamed_cafe(directory_file, tmp_path):
    return changed_copy(
        directory_file, tmp_path / "neu.json", lambda content: content[0]["services"][0].update(name="Café Morgenrot")
    )


def test_the_first_import_needs_no_backup(new_tool, directory_file):
    new_tool("init", "--office", "B", "--carrier", "T", "--admin", "anna")
    new_tool.json("import-directory", str(directory_file))
    assert reasons(new_tool) == []


def test_a_directory_that_is_there_is_backed_up_before_it_changes(tool, directory_file, tmp_path):
    path = renamed_cafe(directory_file, tmp_path)
    tool.json("import-directory", str(path), "--dry-run")
    assert reasons(tool) == []
    answer = tool("import-directory", str(path))
    assert answer.code == 0
    assert "Vorher gesichert: „sicherung-2026-11-20-104000“" in answer.out
    assert reasons(tool) == ["before_import"]
    assert [one["ok"] for one in tool.json("verify-backup", "--all")["checked"]] == [True]


def test_without_a_backup_the_import_goes_on_and_says_so(tool, directory_file, tmp_path):
    (tool.folder / "sicherungen").write_bytes(b"in the way")
    answer = tool("import-directory", str(renamed_cafe(directory_file, tmp_path)))
    assert answer.code == 0
    assert "Hinweis: Es wird ohne Sicherung eingelesen. Keine Sicherung:" in answer.err
    assert "ist eingelesen" in answer.out
    assert len(tool.json("search", "Morgenrot")["hits"]) == 1
