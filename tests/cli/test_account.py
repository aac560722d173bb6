"""Accounts on the command line."""

from __future__ import annotations

import re

import pytest

from desktop_app.bootstrap import reset_password
from desktop_app.environment.folders import DataFolder

NEW_PASSWORD = "Laterne Gurke Fahrplan"


def accounts(tool, *words):
    answer = tool.json("account", "list", "--account", "erika", *words)
    return {account["login_name"]: account for account in answer["accounts"]}


def test_an_account_from_the_first_day_to_the_last(tool, tmp_path):
    answer = tool("account", "add", "karl", "--role", "Empfang", "--name", "Karl Beispiel")
    assert (answer.code, answer.err) == (0, "")
    code = re.search(r"^    ([0-9A-Z-]{19})$", answer.out, re.MULTILINE)[1]
    assert "nur dieses eine Mal" in answer.out
    assert accounts(tool)["karl"]["state"] == "waiting"

    folder = DataFolder(tool.folder)
    reset_password(folder, "karl", code, NEW_PASSWORD, tool.surroundings()).close()
    karl = tmp_path / "karl.txt"
    karl.write_text(NEW_PASSWORD, encoding="utf-8")
    karl.chmod(0o600)

    def as_karl(*words):
        return tool.bare("--data-dir", str(tool.folder), "--account", "karl", "--password-file", str(karl), *words)

    assert as_karl("record", "--topic", "pflege").code == 0
    refused = as_karl("statistics", "--month", "2026-11")
    assert (refused.code, refused.out) == (1, "")
    assert "Rolle „Empfang“ nicht" in refused.err
    for words in (["account", "list"], ["generate", "--contacts", "3"]):
        assert as_karl(*words).code == 1

    tool_for = ("--account", "erika")
    assert tool("account", *tool_for, "role", "karl", "Beratung").code == 0
    assert as_karl("statistics", "--month", "2026-11").code == 0
    result = tool.json("account", *tool_for, "reset", "KARL")
    assert result["accounts"][0]["state"] == "waiting"
    assert result["code"]
    assert "Einmal-Code" in as_karl("contacts").err
    removed = tool.json("account", *tool_for, "remove", "karl")
    assert (removed["accounts"][0]["state"], removed["code"]) == ("removed", None)
    assert accounts(tool).keys() == {"erika"}
    assert accounts(tool, "--all")["karl"]["role"] == "counselling"


def test_the_table_shows_names_roles_and_states(tool):
    tool.json("account", "add", "ada", "--role", "analysis", "--name", "Ada Zahl")
    answer = tool("account", "--account", "erika", "list")
    assert re.search(r"ada +Ada Zahl +AZ +Auswertung +wartet auf den Einmal-Code", answer.out)
    assert re.search(r"erika +Erika Muster +EM +Koordination +aktiv", answer.out)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((), 2, "Schritt"),
        (("add", "karl"), 2, "--role"),
        (("add", "karl", "--role", "König"), 2, "„König“ gibt es hier nicht"),
        (("add", "erika", "--role", "analysis"), 1, "gibt es schon"),
        (("remove", "erika"), 1, "Ihr eigenes Konto"),
        (("role", "erika", "analysis"), 1, "Ihr eigenes Konto"),
        (("reset", "niemand"), 1, "„niemand“ gibt es hier nicht"),
    ],
)
def test_what_does_not_work_says_why(words, code, sentence, tool):
    answer = tool("account", *words)
    assert answer.code == code
    assert answer.out == ""
    assert sentence.casefold() in answer.err.casefold()


def test_guessing_is_slowed_down(tool, tmp_path):
    wrong = tmp_path / "falsch.txt"
    wrong.write_text("ganz falsch geraten", encoding="utf-8")
    wrong.chmod(0o600)
    words = ("contacts", "--data-dir", str(tool.folder), "--password-file", str(wrong))
    for _ in range(5):
        assert "stimmt nicht" in tool.bare(*words).err
    assert "5 Sekunden" in tool.bare(*words).err
    assert "zu oft falsch" in tool("contacts").err


def test_who_may_not_read_notes_is_not_told_that_there_is_one(tool, tmp_path):
    code = tool.json("account", "add", "karl", "--role", "front_desk", "--name", "Karl Beispiel")["code"]
    reset_password(DataFolder(tool.folder), "karl", code, NEW_PASSWORD, tool.surroundings()).close()
    karl, note = tmp_path / "karl.txt", tmp_path / "notiz.txt"
    karl.write_text(NEW_PASSWORD, encoding="utf-8")
    karl.chmod(0o600)
    note.write_text("Hat Schulden", encoding="utf-8")
    tool.json("record", "--account", "erika", "--topic", "pflege", "--note-file", str(note))

    def told(*words):
        return [contact["has_note"] for contact in tool.json("contacts", *words)["contacts"]]

    assert told("--account", "erika") == [True]
    as_karl = ("--data-dir", str(tool.folder), "--account", "karl", "--password-file", str(karl))
    answer = tool.bare(*as_karl, "contacts", "--json")
    assert [contact["has_note"] for contact in answer.result["contacts"]] == [None]


def test_with_several_accounts_the_option_to_name_one_is_named(tool):
    tool.json("account", "add", "karl", "--role", "front_desk", "--name", "Karl Beispiel")
    answer = tool("contacts")
    assert answer.code == 1
    assert "mehrere Konten" in answer.err
    assert "--account" in answer.err
