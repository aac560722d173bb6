"""The frame around the commands: help, language, errors, exit codes, streams."""

from __future__ import annotations

import argparse
import ast
import json
import re
from pathlib import Path

import pytest

from desktop_app.cli.argparse_texts import german_texts, translated_argparse
from desktop_app.cli.command import CommandEntry, Outcome
from desktop_app.cli.parser import read_command_line
from desktop_app.cli.registry import own_commands
from desktop_app.core.progress import Cancelled
from ui.command_line import extra_commands

COMMANDS = [entry.name for entry in own_commands()]
ALL_COMMANDS = [*COMMANDS, *(entry.name for entry in extra_commands())]
#: Messages of argparse that only a mistake of ours can raise.
FOR_PROGRAMMERS = {
    ".__call__() not defined",
    "'required' is an invalid argument for positionals",
    "mutually exclusive arguments must be optional",
    "%r is not callable",
    "cannot merge actions - two groups are named %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "dest= is required for options like %r",
    "invalid conflict_resolution value: %r",
    "cannot have multiple subparser arguments",
    "conflicting subparser: %s",
    "conflicting subparser alias: %s",
    "conflicting option string: %s",
    "conflicting option strings: %s",
    'argument "-" with mode %r',
    # Python 3.12 and newer; titles and the help of --version are given by us, nothing is deprecated.
    "show program's version number and exit",
    "subcommands",
    "%(prog)s: warning: %(message)s\n",
    "%(heading)s:",
    " (default: %(default)s)",
    "command '%(parser_name)s' is deprecated",
    "option '%(option)s' is deprecated",
    "argument '%(argument_name)s' is deprecated",
}


class Stub:
    """A command whose work is a function."""

    def __init__(self, work):
        self._work = work

    def add_arguments(self, parser):
        """No options."""

    def run(self, session, arguments):
        return self._work()


def stub(work):
    return (CommandEntry("stub", lambda: "Ein Befehl für Tests", lambda: Stub(work)),)


def parser_of(name: str) -> argparse.ArgumentParser:
    """Return the parser of one command as the tool builds it."""
    kept = []
    entry = next(entry for entry in (*own_commands(), *extra_commands()) if entry.name == name)

    class Keeper:
        def add_arguments(self, parser):
            entry.load().add_arguments(parser)
            kept.append(parser)

    with pytest.raises(SystemExit):
        read_command_line([name, "--help"], [CommandEntry(name, entry.summary, Keeper)], "0")
    return kept[0]


# Help ---------------------------------------------------------------------------------------------


def test_the_list_of_commands_is_the_promised_one():
    assert COMMANDS == [
        "init", "import-directory", "search", "show-service", "record", "contacts", "sheet", "statistics",
        "access-request", "retention", "erase", "privacy-documents", "generate", "account",
        "backup", "verify-backup", "restore", "restore-drill", "sync", "bundle", "device", "audit", "self-test",
    ]  # fmt: skip
    assert ALL_COMMANDS[-1] == "demo"


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_every_command_and_every_option_has_help(name, capsys):
    parser = parser_of(name)
    assert "Aufruf: " not in (parser.description or "")
    assert parser.description
    without = [action.dest for action in parser._actions if not (action.help or "").strip()]
    assert without == []
    names = {option for action in parser._actions for option in action.option_strings}
    assert {"--data-dir", "--account", "--password-file", "--lang", "--json", "--help"} <= names
    assert not {option for option in names if not option.isascii()}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_german_and_costs_no_password(new_tool, name):
    answer = new_tool.bare(name, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"Aufruf: quartierslotse {name}")
    for english in ("usage:", "options:", "positional", "show this help"):
        assert english not in answer.out
    assert not new_tool.folder.exists()


def test_the_tool_lists_its_commands_and_exit_codes(new_tool):
    answer = new_tool.bare("--help", extra_commands=extra_commands())
    assert answer.code == 0
    for name in ALL_COMMANDS:
        assert f"\n    {name} " in answer.out
    assert "3 ein Fehler im Programm" in answer.out


def test_the_version(new_tool):
    assert new_tool.bare("--version").out.startswith("Quartierslotse 0.")


def test_every_message_of_argparse_that_a_user_can_meet_is_translated():
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    messages = {
        text.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext"}
        for text in call.args
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    }
    assert messages - FOR_PROGRAMMERS - german_texts().keys() == set()


def test_argparse_gets_its_own_words_back():
    before = (argparse._, argparse.ngettext)
    with translated_argparse("de"):
        assert argparse._("options") == "Optionen"
    assert (argparse._, argparse.ngettext) == before


# Wrong usage --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Es fehlt: BEFEHL"),
        (("suche",), "gibt es hier nicht"),
        (("search",), "Es fehlt: TEXT"),
        (("search", "Pflege", "--limt", "3"), "Diese Angabe gibt es hier nicht: --limt 3"),
        (("search", "Pflege", "--limit"), "hier fehlt ein Wert"),
        (("search", "Pflege", "--limit", "viele"), "eine Zahl von 1 bis 1000"),
        (("search", "Pflege", "--limit", "0"), "eine Zahl von 1 bis 1000"),
        (("search", "Pflege", "--lang", "fr"), "'fr' gibt es hier nicht. Möglich: "),
        (("search", "Pflege", "--json=ja"), "hier ist kein Wert möglich"),
        (("contacts", "--date", "gestern"), "ist kein Tag"),
        (("statistics", "--month", "2026-13"), "ist kein Monat"),
        (("statistics", "--month", "2026-11", "--format", "doc"), "'doc' gibt es hier nicht. Möglich: "),
        (("sheet", "x", "--out", "b.pdf", "--size", "13"), "13 gibt es hier nicht. Möglich: 12, 14, 18"),
        (("sheet", "x", "--out", "b.pdf", "--paper", "A3"), "'A3' gibt es hier nicht. Möglich: "),
        (("record", "--topic", "pflege", "--channel", "Brieftaube"), "phone (Telefon)"),
        (("record", "--topic", "pflege", "--age-band", "jung"), "90_plus (90 und älter)"),
        (("record", "--topic", "pflege", "--result", "pflege=gut"), "met (Geklärt)"),
        (("record", "--topic", "pflege", "--result", "pflege=unmet:keine"), "no_offer (Kein Angebot vorhanden)"),
        (("record", "--topic", "pflege", "--refer", ":named"), "fehlt die Nummer"),
        (("generate",), "Es fehlt: --contacts"),
    ],
)
def test_wrong_usage_is_explained_in_german_and_ends_with_2(new_tool, words, sentence):
    answer = new_tool.bare(*words)
    assert answer.code == 2
    assert answer.out == ""
    assert sentence in answer.err
    assert "Hilfe: quartierslotse" in answer.err
    for english in ("usage:", "error:", "argument ", "required"):
        assert english not in answer.err
    assert not new_tool.folder.exists()


def test_a_password_on_the_command_line_is_refused_and_not_repeated(new_tool):
    for words in (("search", "x", "--password", "geheimes Wort"), ("--password=geheimes Wort", "search", "x")):
        answer = new_tool.bare(*words)
        assert answer.code == 2
        assert "geheim" not in answer.out + answer.err
        assert "--password-file" in answer.err


def test_options_are_never_guessed_from_their_beginning(new_tool):
    assert new_tool.bare("search", "x", "--lim", "3").code == 2
    assert new_tool.bare("--data", "x", "search", "x").code == 2


def test_global_options_stand_before_or_after_the_command(tool):
    where = ("--data-dir", str(tool.folder))
    secret = ("--password-file", str(tool.password_file))
    for words in (
        (*where, *secret, "--json", "search", "Pflege"),
        ("search", "Pflege", *where, *secret, "--json"),
        (*where, "search", *secret, "--json", "Pflege"),
    ):
        answer = tool.bare(*words)
        assert answer.code == 0, answer
        assert answer.data["command"] == "search"


def test_the_later_of_two_global_options_counts(tool):
    answer = tool.bare("--data-dir", "nirgends", "search", "Pflege", "--data-dir", str(tool.folder),
                       "--password-file", str(tool.password_file))  # fmt: skip
    assert answer.code == 0, answer


def test_a_word_that_is_also_a_command_can_be_searched(tool):
    assert tool("search", "record", "init").code == 0


# Problems the user can fix --------------------------------------------------------------------------


def test_nothing_set_up(new_tool):
    answer = new_tool("contacts")
    assert answer.code == 1
    assert "noch nicht eingerichtet" in answer.err
    assert "quartierslotse init" in answer.err
    assert not new_tool.folder.exists()


def test_wrong_password(tool, tmp_path):
    wrong = tmp_path / "falsch.txt"
    wrong.write_text("etwas ganz anderes\n", encoding="utf-8")
    wrong.chmod(0o600)
    answer = tool.bare("contacts", "--data-dir", str(tool.folder), "--password-file", str(wrong))
    assert answer.code == 1
    assert answer.err.startswith("Das Passwort stimmt nicht.")
    assert "etwas ganz anderes" not in answer.err


def test_unknown_account(tool):
    answer = tool("contacts", "--account", "niemand")
    assert answer.code == 1
    assert "Das Konto „niemand“ gibt es hier nicht." in answer.err


def test_no_password_at_all(tool):
    answer = tool.bare("contacts", "--data-dir", str(tool.folder))
    assert answer.code == 1
    assert "QUARTIERSLOTSE_PASSWORD" in answer.err


def test_password_from_the_environment(tool, monkeypatch):
    monkeypatch.setenv("QUARTIERSLOTSE_PASSWORD", tool.PASSWORD)
    monkeypatch.setenv("QUARTIERSLOTSE_DATA_DIR", str(tool.folder))
    assert tool.bare("contacts").code == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\n", "steht in der ersten Zeile nichts"), (b"\xff\xfe\n", "kein Text in UTF-8"), (b"x" * 300_000, "zu groß")],
)
def test_useless_password_files(tool, tmp_path, content, sentence):
    path = tmp_path / "passwort"
    path.write_bytes(content)
    path.chmod(0o600)
    answer = tool.bare("contacts", "--data-dir", str(tool.folder), "--password-file", str(path))
    assert answer.code == 1
    assert sentence in answer.err


def test_missing_password_file(tool, tmp_path):
    answer = tool.bare("contacts", "--data-dir", str(tool.folder), "--password-file", str(tmp_path / "fehlt"))
    assert answer.code == 1
    assert "gibt es nicht" in answer.err


def test_a_password_file_that_others_can_read_is_mentioned(tool, tmp_path):
    path = tmp_path / "offen.txt"
    path.write_text(tool.PASSWORD, encoding="utf-8")
    path.chmod(0o644)
    answer = tool.bare("contacts", "--data-dir", str(tool.folder), "--password-file", str(path))
    assert answer.code == 0
    assert "offen.txt" in answer.err
    assert tool.PASSWORD not in answer.err


def test_a_damaged_database_is_named_and_left_alone(tool):
    database = tool.folder / "quartierslotse.db"
    damaged = b"\0" * 8192
    database.write_bytes(damaged)
    answer = tool("contacts")
    assert answer.code == 1
    assert "beschädigt" in answer.err
    assert database.read_bytes() == damaged


def test_missing_key_slots_are_named(tool):
    (tool.folder / "schluessel.json").unlink()
    answer = tool("contacts")
    assert answer.code == 1
    assert "schluessel.json" in answer.err


def test_errors_are_json_too(tool, new_tool):
    usage = tool.bare("search", "--json")
    assert usage.code == 2
    assert usage.data["ok"] is False
    assert usage.data["error"]["kind"] == "usage"
    problem = new_tool("contacts", "--json")
    assert problem.code == 1
    assert problem.data == {
        "command": "contacts",
        "ok": False,
        "error": {"kind": "user", "message": problem.err.strip(), "field": ""},
    }


# Our own bugs ---------------------------------------------------------------------------------------


def test_a_bug_names_the_log_and_keeps_data_out_of_everything(tool):
    def work():
        try:
            {}["Frau Geheim, Lindenstraße 1"]
        except KeyError as error:
            raise ValueError("Notiz: Frau Geheim") from error

    answer = tool("stub", extra_commands=stub(work))
    log = tool.folder / "protokoll" / "quartierslotse.log"
    assert answer.code == 3
    assert str(log) in answer.err
    assert "Geheim" not in answer.out + answer.err
    written = log.read_text(encoding="utf-8")
    assert "builtins.ValueError" in written
    assert "builtins.KeyError" in written
    assert "test_frame.py" in written
    assert "Geheim" not in written
    assert "Traceback" not in answer.err


def test_a_bug_is_json_too(tool):
    def work():
        raise ZeroDivisionError

    answer = tool("stub", "--json", extra_commands=stub(work))
    assert answer.code == 3
    assert answer.data["error"]["kind"] == "bug"


def test_a_bug_where_no_log_can_be_written_says_so(tmp_path, new_tool):
    new_tool.folder.write_text("Hier ist eine Datei im Weg.", encoding="utf-8")

    def work():
        raise ZeroDivisionError

    answer = new_tool("stub", extra_commands=stub(work))
    assert answer.code == 3
    assert "nicht aufgezeichnet" in answer.err


# Interruption and streams ---------------------------------------------------------------------------


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, Cancelled])
def test_an_interruption_ends_with_130(tool, interruption):
    def work():
        raise interruption

    answer = tool("stub", extra_commands=stub(work))
    assert (answer.code, answer.out, answer.err) == (130, "", "Abgebrochen.\n")


def test_a_closed_pipe_ends_quietly(tool):
    def work():
        raise BrokenPipeError

    answer = tool("stub", extra_commands=stub(work))
    assert (answer.code, answer.err) == (141, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp850", "utf-8"])
def test_no_terminal_is_too_old(tool, encoding):
    def work():
        return Outcome(["„Begegnungscafé“ – Łódź, 20 € … Ö ✓ Привет"], {"text": "„Łódź“"})

    answer = tool("stub", extra_commands=stub(work), encoding=encoding)
    assert answer.code == 0
    assert "Begegnungscaf" in answer.out
    assert "dz" in answer.out or "dź" in answer.out
    as_data = tool("stub", "--json", extra_commands=stub(work), encoding=encoding)
    assert as_data.result == {"text": "„Łódź“"}
    wrong = tool("search", encoding=encoding)
    assert wrong.code == 2
    assert "Aufruf" in wrong.err


def test_ascii_terminals_read_umlauts_as_germans_write_them(tool):
    answer = tool("stub", extra_commands=stub(lambda: Outcome(["Größe – „Öl“ für 5 €…"])), encoding="ascii")
    assert answer.out == 'Groesse - "Oel" fuer 5 EUR...\n'


def test_data_cannot_steer_the_terminal(tool):
    answer = tool("stub", extra_commands=stub(lambda: Outcome(["Name\x1b[2J\x07\x9b31m\u202eböse"])))
    assert answer.out == "Name [2J  31m böse\n"
    text = "Name\x1b[2J\x9b31m\u202eböse"
    as_data = tool("stub", "--json", extra_commands=stub(lambda: Outcome([], {"text": text})))
    assert not {"\x1b", "\x9b", "\u202e"} & set(as_data.out)
    assert as_data.result == {"text": text}


# Language -------------------------------------------------------------------------------------------


def test_the_language_is_chosen_before_anything_is_read(new_tool):
    answer = new_tool.bare("search", "--lang", "en")
    assert answer.code == 2
    assert "usage: quartierslotse search" in answer.err
    assert new_tool.bare("search", "--help", "--lang=en").out.startswith("usage: ")


GERMAN = re.compile(r"[äöüß„]|\b(?:und|oder|nicht|der|die|das|ist|wird|eine?|sonst)\b")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_english_on_request(new_tool, name):
    answer = new_tool.bare(name, "--help", "--lang", "en")
    assert answer.code == 0
    assert [line for line in answer.out.splitlines() if GERMAN.search(line)] == []


def test_answers_and_errors_are_english_on_request(tool):
    def ask(command, *words):
        return tool(command, *words, "--lang", "en")

    assert ask("record", "--topic", "pflege", "--channel", "telephone").out == "Saved at 10:40: Telephone, Pflege\n"
    assert ask("contacts").out.startswith("One contact on 20/11/2026\n")
    assert ask("search", "begegn").out.startswith("One hit\n")
    assert ask("search", "Quantenphysik").out == "There is nothing on “Quantenphysik” in the directory.\n"
    assert "There is no topic “x”" in ask("record", "--topic", "x").err
    assert "is not a month" in ask("statistics", "--month", "13").err
    assert "November 2026" in ask("statistics", "--month", "2026-11").out
    # The same command line is German again without the option: the language belongs to the call.
    assert tool("search", "Quantenphysik").out.startswith("Zu „Quantenphysik“")


def test_json_is_one_object_and_says_which_command(tool):
    answer = tool("contacts", "--json")
    assert json.loads(answer.out).keys() == {"command", "ok", "result"}
