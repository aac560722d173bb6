"""The self-test: it passes here, and it fails when something is missing."""

from __future__ import annotations

import pytest

from desktop_app.cli import checks
from desktop_app.cli.command import Check
from desktop_app.cli.commands import self_test
from desktop_app.core.errors import EnvironmentProblem
from ui.command_line import extra_checks, main


def test_this_installation_is_complete(new_tool):
    result = new_tool.json("self-test")
    assert [check["name"] for check in result["checks"]][:3] == [
        "Mitgelieferte Dateien", "Zeitzone des Büros", "Verschlüsselte Datenbank",
    ]  # fmt: skip
    assert all(check["ok"] for check in result["checks"])
    assert not new_tool.folder.exists()


@pytest.mark.parametrize("check", [*checks.own_checks(), *extra_checks()], ids=lambda check: check.name())
def test_each_check_passes_by_itself(check, qapp):
    assert isinstance(check.run(), str)


def fail():
    raise EnvironmentProblem("Es fehlt eine Datei.")


def crash():
    raise ImportError("no module")


def test_a_failure_is_shown_and_hides_no_other(capsys):
    class Session:
        extra_checks = (Check(lambda: "Eins", fail), Check(lambda: "Zwei", crash), Check(lambda: "Drei", lambda: "gut"))

    outcome = self_test.run(Session(), None)
    assert outcome.code == 1
    assert outcome.lines[-4:] == [
        "NICHT OK  Eins (Es fehlt eine Datei.)",
        "NICHT OK  Zwei (ImportError: no module)",
        "in Ordnung  Drei (gut)",
        "Diese Installation ist nicht vollständig. Bitte installieren Sie Quartierslotse neu.",
    ]


def test_missing_resources_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "resources_folder", lambda: tmp_path)
    with pytest.raises(EnvironmentProblem, match="AtkinsonHyperlegible"):
        checks.check_resources()
    with pytest.raises(EnvironmentProblem):
        checks.check_pdf()


def test_the_installed_entry_adds_the_window(qapp, capsys):
    assert main(["self-test"]) == 0
    assert "Fenster (Qt 6." in capsys.readouterr().out
