"""Retention and erasure on the command line; what is left on the disk is tested with the service itself."""

from __future__ import annotations

from datetime import timedelta


def test_the_list_changes_nothing_and_says_what_is_due(tool):
    tool("record", "--topic", "pflege", "--note-file", str(_note(tool)))
    rules = {rule["kind"]: rule for rule in tool.json("retention", "list")["rules"]}
    assert (rules["notes"]["total"], rules["notes"]["due"], rules["notes"]["months"]) == (1, 0, 6)
    assert rules["audit"]["erased_here"] is False
    assert "nichts fällig" in tool("retention", "list").out


def test_a_term_is_changed_within_its_bounds(tool):
    rules = {rule["kind"]: rule for rule in tool.json("retention", "change", "notes", "3")["rules"]}
    assert rules["notes"]["months"] == 3
    refused = tool("retention", "change", "notes", "99")
    assert refused.code == 1
    assert "zwischen 1 und 36 Monaten" in refused.err
    assert tool("retention").code == 2


def test_erasing_asks_for_a_yes_and_leaves_a_receipt(tool, tmp_path):
    tool("record", "--topic", "pflege", "--note-file", str(_note(tool)))
    tool.clock.advance(timedelta(days=200))
    target = tmp_path / "quittung.pdf"
    refused = tool("erase", "due", "notes", "--receipt", str(target))
    assert refused.code == 2
    assert not target.exists()
    result = tool.json("erase", "due", "notes", "--receipt", str(target), "--yes")
    assert result["erased"] == [{"what": "Vertrauliche Notizen", "count": 1}]
    assert result["clean"] is True
    assert target.read_bytes().startswith(b"%PDF")
    again = tool("erase", "due", "notes", "--receipt", str(target), "--yes")
    assert again.code == 1
    assert "nicht überschrieben" in again.err or "gibt es schon" in again.err
    nothing = tool("erase", "due", "notes", "--receipt", str(tmp_path / "zwei.pdf"), "--yes")
    assert nothing.code == 1
    assert "nichts fällig" in nothing.err
    assert tool("audit", "verify").code == 0


def test_a_note_of_one_contact(tool, tmp_path):
    contact = tool.json("record", "--topic", "pflege", "--note-file", str(_note(tool)))["contact_id"]
    answer = tool("erase", "note", contact, "--receipt", str(tmp_path / "q.pdf"), "--yes")
    assert answer.code == 0
    assert "neu geschrieben" in answer.out
    assert tool("erase", "note", contact, "--receipt", str(tmp_path / "r.pdf"), "--yes").code == 1
    assert tool("erase", "visitor", "unbekannt", "--receipt", str(tmp_path / "s.pdf"), "--yes").code == 1
    assert tool.json("erase", "clean-up")["clean"] is True


def _note(tool):
    path = tool.password_file.with_name("notiz.txt")
    path.write_text("Möchte nicht angerufen werden.", encoding="utf-8")
    return path


def test_what_lies_beside_the_database_is_listed_and_deleted_by_its_name(tool, tmp_path):
    aside = tool.folder / "quartierslotse.vor-rueckspielung-20261122-104000.db"
    aside.write_bytes(b"x" * 100)
    listed = tool.json("retention", "list")
    assert [(one["name"], one["size"], one["gone_by"]) for one in listed["set_aside"]] == [
        (aside.name, 100, "2027-11-23")
    ]
    assert (
        "Datenbank vor einer Rückspielung, vom 22. November 2026, 1 MB, geht spätestens am 23. November 2027"
        in tool("retention", "list").out
    )
    tool("record", "--topic", "pflege", "--note-file", str(_note(tool)))
    tool.clock.advance(timedelta(days=200))
    answer = tool("erase", "due", "notes", "--receipt", str(tmp_path / "q.pdf"), "--yes")
    assert "eine beiseitegelegte Datenbank, in der es noch stehen kann" in answer.out
    assert "23. November 2027" in answer.out
    assert tool("retention", "delete-copy", aside.name).code == 2
    assert aside.exists()
    assert tool("retention", "delete-copy", "quartierslotse.db", "--yes").code == 1
    assert tool.json("retention", "delete-copy", aside.name, "--yes")["set_aside"] == []
    assert not aside.exists()


def test_a_former_stick_that_is_away_is_named_and_can_be_forgotten(tool, tmp_path):
    first, second = tmp_path / "A", tmp_path / "B"
    for stick in (first, second):
        stick.mkdir()
        tool("backup", "--to", str(stick))
    (former,) = tool.json("retention", "list")["former_folders"]
    assert (former["folder"], former["reachable"], former["backups"]) == (str(first), True, 1)
    first.rename(tmp_path / "weg")
    assert "nicht da: was dort liegt, bleibt" in tool("retention", "list").out
    tool("record", "--topic", "pflege", "--note-file", str(_note(tool)))
    tool.clock.advance(timedelta(days=200))
    answer = tool("erase", "due", "notes", "--receipt", str(tmp_path / "q.pdf"), "--yes")
    assert f"gehen nicht von selbst: „{first}“" in answer.out
    assert tool.json("retention", "forget-folder", str(first))["former_folders"] == []


def test_a_dry_run_names_what_is_due_and_changes_nothing(tool, tmp_path):
    tool("record", "--topic", "pflege", "--note-file", str(_note(tool)))
    assert "Es ist nichts fällig" in tool("erase", "due", "notes", "--dry-run").out
    tool.clock.advance(timedelta(days=200))
    answer = tool("erase", "due", "notes", "--dry-run")
    assert answer.out == "Vertrauliche Notiz, fällig seit 21. Mai 2027: die Frist begann am 20. November 2026\n"
    (item,) = tool.json("erase", "due", "notes", "--dry-run")["due"]
    assert (item["what"], item["name"], item["due_on"]) == ("note", "", "2027-05-21")
    assert tool.json("retention", "list")["rules"][0]["due"] == 1
    without = tool("erase", "due", "notes", "--yes")
    assert without.code == 2
    assert "--receipt" in without.err


def test_the_list_says_how_long_and_a_change_says_what_holds_now(tool):
    listed = tool("retention", "list").out
    assert "notes     Vertrauliche Notizen: 6 Monate ab der letzten Bearbeitung des Kontakts; nichts fällig" in listed
    assert "audit     Protokoll der Vorgänge: 120 Monate ab dem Eintrag" in listed
    changed = tool("retention", "change", "notes", "3").out
    assert changed.startswith("„Vertrauliche Notizen“: ab jetzt 3 Monate ab der letzten Bearbeitung des Kontakts.\n")
    assert "Vertrauliche Notizen: 3 Monate ab" in changed


def test_what_is_not_erased_on_command_is_refused_with_its_term(tool, tmp_path):
    for kind, words in (
        ("audit", "Frist: 120 Monate ab dem Eintrag; vorher"),
        ("backups", "Frist: 12 Monate ab der Sicherung"),
    ):
        refused = tool("erase", "due", kind, "--receipt", str(tmp_path / "q.pdf"), "--yes")
        assert refused.code == 1
        assert words in refused.err
