"""Tables, progress and the question for the password."""

from __future__ import annotations

import getpass
import io
import sys

import pytest

from desktop_app.cli.console import ConsoleProgress, table


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_columns_are_aligned_and_numbers_stand_right():
    assert table(("Thema", "Zahl"), [("Pflege", "7"), ("Wohnen und mehr", "1234")], right=frozenset({1})) == [
        "Thema            Zahl",
        "---------------  ----",
        "Pflege              7",
        "Wohnen und mehr  1234",
    ]


def test_a_file_gets_everything_a_narrow_terminal_gets_it_shortened(monkeypatch):
    rows = [("x" * 60, "y" * 10)]
    assert "x" * 60 in table(("A", "B"), rows)[2]
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("COLUMNS", "50")
    lines = table(("A", "B"), rows)
    assert max(len(line) for line in lines) == 50
    assert lines[2] == "x" * 37 + "…" + "  " + "y" * 10


def test_lines_within_a_cell_become_one():
    assert table(("A",), [("eins\n zwei\tdrei",)])[2] == "eins zwei drei"


def test_progress_is_for_terminals_only():
    silent = io.StringIO()
    progress = ConsoleProgress(silent)
    progress.step(1, 2, "Halb")
    progress.clear()
    assert silent.getvalue() == ""


def test_progress_in_one_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    terminal, now = Terminal(), iter([0.0, 10.0, 10.05, 10.06])
    progress = ConsoleProgress(terminal, lambda: next(now))
    for done, text in ((0, "Lesen\x1b[2J"), (1, "Haus am Park"), (2, "zu schnell"), (4, "Fertig")):
        progress.step(done, 4, text)
    progress.clear()
    shown = [part.rstrip() for part in terminal.getvalue().split("\r") if part.strip()]
    assert shown == ["  0 % Lesen [2J", " 25 % Haus am Park", "100 % Fertig"]
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")


@pytest.mark.parametrize("total", [0, 5])
def test_progress_without_a_known_total(total):
    terminal = Terminal()
    ConsoleProgress(terminal).step(0, total, "Die Quelle wird gelesen")
    assert "Die Quelle wird gelesen" in terminal.getvalue()


class Keyboard(io.StringIO):
    """Standard input of a person."""

    def isatty(self):
        return True


def typing(monkeypatch, *answers):
    questions, left = [], list(answers)

    def ask(question, stream=None):
        questions.append(question)
        return left.pop(0)

    monkeypatch.setattr(sys, "stdin", Keyboard())
    monkeypatch.setattr(getpass, "getpass", ask)
    return questions


def test_at_a_terminal_the_password_is_asked_for(tool, monkeypatch):
    questions = typing(monkeypatch, tool.PASSWORD)
    assert tool.bare("contacts", "--data-dir", str(tool.folder)).code == 0
    assert questions == ["Passwort: "]


def test_a_new_password_is_asked_for_twice(new_tool, monkeypatch):
    words = ("init", "--office", "B", "--carrier", "T", "--admin", "anna", "--data-dir", str(new_tool.folder))
    typing(monkeypatch, "drei Worte Regenschirm", "drei Worte Regenschrim")
    answer = new_tool.bare(*words)
    assert answer.code == 1
    assert "verschieden" in answer.err
    questions = typing(monkeypatch, "drei Worte Regenschirm", "drei Worte Regenschirm")
    assert new_tool.bare(*words).code == 0
    assert questions == ["Passwort: ", "Passwort noch einmal: "]
