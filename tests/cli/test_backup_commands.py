"""Backups by command line: made, listed, checked, tried, restored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app.environment.folders import DataFolder
from desktop_app.environment.single_instance import take_window_lock


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "Stick"
    place.mkdir()
    return place


def contacts(tool) -> int:
    with tool.application() as application:
        return int(application.store.sql("SELECT count(*) FROM contact")[0][0])


def spoil(file: Path) -> None:
    """One bit in the middle is another."""
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)


def test_a_backup_is_made_listed_and_checked(tool, stick):
    made = tool.json("backup", "--to", str(stick))
    assert made["chosen"] is True
    assert made["made"]["reason"] == "by_hand"
    assert [one["name"] for one in tool.json("backup", "--list")["backups"]] == [made["made"]["name"]]
    assert tool.json("backup", "--due")["made"] is None
    checked = tool.json("verify-backup", "--all")["checked"]
    assert [one["ok"] for one in checked] == [True]
    assert checked[0]["rows"]["service"] == 3


def test_words_for_people(tool, stick):
    answer = tool("backup", "--to", str(stick))
    assert answer.code == 0
    assert "Gesichert und geprüft: „sicherung-2026-11-20-104000“" in answer.out
    assert "in Ordnung: geöffnet und gezählt" in tool("verify-backup").out
    assert "lässt sich zurückspielen" in tool("restore-drill").out


def test_a_damaged_backup_ends_with_one(tool, stick):
    folder = Path(tool.json("backup", "--to", str(stick))["made"]["folder"])
    (folder / "quartierslotse.db").write_bytes(b"x" * 9000)
    answer = tool("verify-backup", "--json")
    assert answer.code == 1
    assert answer.data["result"]["checked"][0]["ok"] is False
    assert tool("restore-drill", "--json").data["result"]["ok"] is False
    assert tool("restore", "--yes").code == 1


def test_a_restore_shows_what_would_be_lost_then_does_it(tool, stick):
    tool.json("backup", "--to", str(stick))
    tool.clock.advance(timedelta(hours=1))
    tool.json("record", "--topic", "pflege")
    tool.clock.advance(timedelta(hours=1))
    looked = tool.json("restore", "--dry-run")
    assert looked["restored"] is False
    assert looked["lost_contacts"] == 1
    assert contacts(tool) == 1
    name = looked["backup"]["name"]
    done = tool.json("restore", name, "--yes")
    assert done["restored"] is True
    assert Path(done["set_aside"]).is_file()
    assert contacts(tool) == 0
    newest = tool.json("backup", "--list")["backups"][0]
    assert newest["reason"] == "before_restore"
    tool.json("restore", newest["name"], "--yes")
    assert contacts(tool) == 1


def test_a_new_computer_needs_only_the_folder_of_the_backup_and_the_password(tool, new_tool, stick):
    tool.json("record", "--topic", "pflege")
    folder = tool.json("backup", "--to", str(stick))["made"]["folder"]
    answer = new_tool("restore", folder, "--yes")
    assert answer.code == 0, answer
    assert "Es gelten wieder die Passwörter vom Tag der Sicherung." in answer.out
    assert contacts(new_tool) == 1


def test_over_a_damaged_database(tool, stick):
    tool.json("record", "--topic", "pflege")
    tool.json("backup", "--to", str(stick))
    database = tool.folder / "quartierslotse.db"
    damaged = bytes(500) + database.read_bytes()[500:]
    database.write_bytes(damaged)
    assert tool("contacts").code == 1
    done = tool.json("restore", "--yes")
    assert Path(done["set_aside"]).read_bytes() == damaged
    assert contacts(tool) == 1


def test_without_a_name_the_newest_good_one_is_taken(tool, stick):
    tool.json("record", "--topic", "pflege")
    older = tool.json("backup", "--to", str(stick))["made"]
    tool.clock.advance(timedelta(hours=1))
    tool.json("record", "--topic", "pflege")
    newest = tool.json("backup")["made"]
    spoil(Path(newest["folder"]) / "quartierslotse.db")
    tool.clock.advance(timedelta(hours=1))
    answer = tool("restore", "--dry-run")
    assert answer.code == 0
    assert f"Die Sicherung „{newest['name']}“ ist nicht in Ordnung; genommen wird eine ältere." in answer.out
    assert f"Sicherung „{older['name']}“ vom" in answer.out
    assert tool.json("restore", "--dry-run")["passed_over"] == [newest["name"]]
    named = tool("restore", newest["name"], "--yes")
    assert named.code == 1, "who names one gets that one or none"
    assert "beschädigt" in named.err
    assert tool.json("restore", "--yes")["backup"]["name"] == older["name"]
    assert contacts(tool) == 1


def test_without_a_name_and_over_a_damaged_database(tool, stick):
    tool.json("record", "--topic", "pflege")
    older = tool.json("backup", "--to", str(stick))["made"]
    tool.clock.advance(timedelta(hours=1))
    spoil(Path(tool.json("backup")["made"]["folder"]) / "quartierslotse.db")
    database = tool.folder / "quartierslotse.db"
    database.write_bytes(bytes(500) + database.read_bytes()[500:])
    answer = tool("restore", "--yes")
    assert answer.code == 0
    assert "ist nicht in Ordnung; genommen wird eine ältere." in answer.out
    assert f"Sicherung „{older['name']}“ vom" in answer.out
    assert contacts(tool) == 1


def test_a_backup_of_a_wrong_clock_does_not_come_first(tool, stick):
    tool.clock.advance(timedelta(days=400))
    wrong = tool.json("backup", "--to", str(stick))["made"]
    tool.clock.advance(timedelta(days=-400))

    def result(*words: str):
        return tool(*words, "--json").result  # beside it, on standard error, the doubt about the clock

    result("record", "--topic", "pflege")
    right = result("backup")["made"]
    assert result("restore", "--dry-run")["backup"]["name"] == right["name"]
    assert result("restore-drill")["backup"]["name"] == right["name"]
    assert result("verify-backup")["checked"][0]["name"] == right["name"]
    (tool.folder / "quartierslotse.db").unlink()
    assert result("restore", "--dry-run")["backup"]["name"] == right["name"]
    assert result("restore", wrong["name"], "--dry-run")["backup"]["name"] == wrong["name"]


def test_none_is_good(tool, stick):
    spoil(Path(tool.json("backup", "--to", str(stick))["made"]["folder"]) / "quartierslotse.db")
    answer = tool("restore", "--dry-run")
    assert answer.code == 1
    assert "Es wurde keine gute Sicherung gefunden." in answer.err


@pytest.mark.parametrize("words", [("restore", "--yes"), ("restore", "--salvage", "--yes")])
def test_not_beneath_a_window_that_is_locked(tool, stick, words):
    """A locked window has the database closed, and comes back to it."""
    tool.json("backup", "--to", str(stick))
    window = take_window_lock(DataFolder(tool.folder), tool.clock.now())
    before = sorted(path.name for path in tool.folder.iterdir())
    try:
        answer = tool(*words)
        assert tool("restore", "--dry-run").code == 0
    finally:
        window.release()
    assert answer.code == 1
    assert "Bitte schließen Sie das Fenster" in answer.err
    assert sorted(path.name for path in tool.folder.iterdir()) == before
    assert len(tool.json("backup", "--list")["backups"]) == 1
    assert tool(*words).code == 0


def test_a_refused_restore_leaves_nothing(tool, stick):
    tool.json("backup", "--to", str(stick))
    with tool.application():
        answer = tool("restore", "--yes")
    assert answer.code == 1
    assert "Es wurde nichts verändert." in answer.err
    assert list(tool.folder.glob("*rueckspielung*")) == []


@pytest.mark.parametrize("words", [("restore",), ("restore", "--salvage")])
def test_where_nobody_can_be_asked_it_wants_a_yes(tool, stick, words):
    tool.json("backup", "--to", str(stick))
    before = {path.name: path.read_bytes() for path in tool.folder.glob("quartierslotse.*")}
    answer = tool(*words)
    assert answer.code == 2
    assert "Bitte bestätigen Sie mit --yes" in answer.err
    assert {path.name: path.read_bytes() for path in tool.folder.glob("quartierslotse.*")} == before


@pytest.mark.parametrize("has_keys", [False, True])
@pytest.mark.parametrize("words", [("restore",), ("restore", "--salvage")])
def test_at_a_terminal_it_asks(tool, stick, words, has_keys, monkeypatch):
    from desktop_app.cli.commands import restore

    tool.json("record", "--topic", "pflege")
    tool.json("backup", "--to", str(stick))
    tool.clock.advance(timedelta(hours=1))
    if not has_keys:
        (tool.folder / "schluessel.json").rename(tool.folder / "weg.json")
    asked = []
    answers = iter([False, True])
    monkeypatch.setattr(restore, "can_ask", lambda: True)
    monkeypatch.setattr(restore, "agrees", lambda question: asked.append(question) or next(answers))
    refused = tool(*words)
    assert refused.code == 1
    assert "Es wurde nichts geändert." in refused.out
    assert len(asked) == 1
    assert list(tool.folder.glob("quartierslotse.*-2*.db")) == [], "nothing was set aside"
    if "--salvage" not in words:
        assert "Neuester Kontakt" in refused.err, "what is asked about stands before the question"
    agreed = tool(*words)
    assert agreed.code == 0
    assert len(asked) == 2


def test_looking_first_does_not_go_with_salvaging(tool):
    before = (tool.folder / "quartierslotse.db").read_bytes()
    assert tool("restore", "--salvage", "--dry-run").code == 2
    assert (tool.folder / "quartierslotse.db").read_bytes() == before


def test_what_was_whole_is_not_called_damaged(tool):
    tool.json("record", "--topic", "pflege")
    answer = tool("restore", "--salvage", "--yes")
    assert answer.code == 0
    assert "Die bisherige Datenbank liegt unverändert daneben" in answer.out
    assert "beschädigt" not in answer.out


def test_salvage(tool):
    tool.json("record", "--topic", "pflege")
    done = tool.json("restore", "--salvage", "--yes")
    assert done["salvaged"]["contact"] == 1
    assert done["whole"] is True
    assert contacts(tool) == 1


@pytest.mark.parametrize("command", [("verify-backup",), ("restore", "--yes"), ("restore-drill",)])
def test_without_a_backup_there_is_a_sentence(tool, command):
    answer = tool(*command)
    assert answer.code == 1
    assert "Sicherung" in answer.err
    assert "gibt es nicht" in tool(*command, "nirgends").err


@pytest.mark.parametrize(
    "command", [("verify-backup",), ("restore", "--yes"), ("restore-drill",), ("restore", "x", "--yes")]
)
@pytest.mark.parametrize("has_database", [True, False])
def test_without_the_stick_no_command_says_that_there_are_no_backups(tool, stick, command, has_database):
    tool.json("backup", "--to", str(stick))
    stick.rename(stick.with_name("weg"))
    if not has_database:
        (tool.folder / "quartierslotse.db").unlink()
    answer = tool(*command)
    assert answer.code == 1
    if has_database or command[0] == "restore":
        assert f"Der Ordner der Sicherungen „{stick}“ ist nicht da." in answer.err


def test_the_list_without_the_stick(tool, stick):
    tool.json("backup", "--to", str(stick))
    stick.rename(stick.with_name("weg"))
    stick.mkdir()  # an empty place where a stick was
    answer = tool("backup", "--list")
    assert answer.code == 0
    assert f"Der Ordner der Sicherungen „{stick}“ ist nicht da." in answer.out
    assert "Sicherungen sind da" not in answer.out


def test_a_rescue_from_beside_the_data_says_that_the_stick_is_missing(tool, stick):
    tool.json("backup")
    tool.clock.advance(timedelta(hours=1))
    tool.json("backup", "--to", str(stick))
    stick.rename(stick.with_name("weg"))
    (tool.folder / "quartierslotse.db").unlink()
    answer = tool("restore", "--yes")
    assert answer.code == 0
    assert f"Der Ordner der Sicherungen „{stick}“ ist nicht da." in answer.out


def test_a_place_that_takes_no_backups(tool, tmp_path):
    file = tmp_path / "Brief.txt"
    file.write_text("x")
    answer = tool("backup", "--to", str(file))
    assert answer.code == 1
    assert f"„{file}“ ist kein Ordner." in answer.err
    if Path("/proc/version").exists():
        answer = tool("backup", "--to", "/proc")
        assert answer.code == 1
        assert "In den Ordner „/proc“" in answer.err
        assert "nicht mehr erreichbar" not in answer.err


def _without(keys: Path) -> None:
    keys.unlink()


def _broken(keys: Path) -> None:
    keys.write_text(keys.read_text(encoding="utf-8")[:100], encoding="utf-8")


@pytest.mark.parametrize("lose", [_without, _broken])
def test_lost_keys_come_back_with_a_backup(tool, stick, lose):
    tool.json("record", "--topic", "pflege")
    tool.json("backup", "--to", str(stick))
    tool.clock.advance(timedelta(hours=1))
    tool.json("record", "--topic", "pflege")
    lose(tool.folder / "schluessel.json")
    assert tool("contacts").code == 1
    looked = tool("restore", "--dry-run")
    assert looked.code == 0
    assert "Mit --salvage kommt sie allein zurück" in looked.out
    assert "1 Kontakt wurde danach erfasst." in looked.out
    assert tool("restore", "--yes").code == 0
    assert contacts(tool) == 1
    aside = list(tool.folder.glob("schluessel.vor-rueckspielung-*.json"))
    assert len(aside) == (lose is _broken), "what was there is set aside"


@pytest.mark.parametrize("lose", [_without, _broken])
def test_lost_keys_come_back_alone(tool, stick, lose):
    tool.json("backup", "--to", str(stick))
    tool.clock.advance(timedelta(hours=1))
    tool.json("record", "--topic", "pflege")
    lose(tool.folder / "schluessel.json")
    answer = tool("restore", "--salvage", "--yes")
    assert answer.code == 0
    assert "Die Datenbank ist in Ordnung; nur die Schlüsseldatei fehlt oder ist beschädigt." in answer.out
    assert list(tool.folder.glob("quartierslotse.beschaedigt-*")) == []
    assert contacts(tool) == 1, "nothing of today is lost"
    assert tool("audit", "verify").code == 0


def test_lost_keys_and_a_damaged_database(tool, stick):
    tool.json("record", "--topic", "pflege")
    tool.json("backup", "--to", str(stick))
    (tool.folder / "schluessel.json").unlink()
    spoil(tool.folder / "quartierslotse.db")
    answer = tool("restore", "--salvage", "--yes")
    assert answer.code == 0
    assert len(list(tool.folder.glob("quartierslotse.beschaedigt-*.db"))) == 1
    assert tool("contacts").code == 0


def test_keys_of_a_newer_program_are_not_lost(tool, stick):
    tool.json("backup", "--to", str(stick))
    keys = tool.folder / "schluessel.json"
    keys.write_text('{"format": 99, "slots": []}', encoding="utf-8")
    answer = tool("restore", "--yes")
    assert answer.code == 1
    assert "neueren Programmversion" in answer.err


def test_nothing_to_salvage(tool):
    (tool.folder / "quartierslotse.db").unlink()
    answer = tool("restore", "--salvage", "--yes")
    assert answer.code == 1
    assert "Dort gibt es nichts zu retten." in answer.err


def test_over_nothing_but_a_journal_nothing_is_said_to_lie_beside(tool, stick):
    tool.json("backup", "--to", str(stick))
    database = tool.folder / "quartierslotse.db"
    database.unlink()
    journal = tool.folder / "quartierslotse.db-wal"
    journal.write_bytes(b"x" * 100)
    answer = tool("restore", "--yes")
    assert answer.code == 0
    assert "liegt daneben" not in answer.out
    assert database.is_file()
    assert [path.read_bytes() for path in tool.folder.glob("*vor-rueckspielung*-wal")] == [b"x" * 100]


def test_a_folder_that_is_gone(tool, stick):
    tool.json("backup", "--to", str(stick))
    stick.rename(stick.with_name("weg"))
    answer = tool("backup")
    assert answer.code == 1
    assert "Bitte stecken Sie den Datenträger ein" in answer.err
