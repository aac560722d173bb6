"""What an import says, and its report as a file."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.directory.records import ImportCounts, ImportProblem, ImportReport, Severity
from ui.directory.columns import ProblemModel, in_full
from ui.directory.import_wording import count_rows, headline, problem_line, save_report

PROBLEM = ImportProblem(
    file="services.csv", row=7, field="email", value="=cmd()", what="Keine E-Mail-Adresse", why="Das @ fehlt.",
    action="Unverändert übernommen", severity=Severity.WARNING,
)  # fmt: skip
REPORT = ImportReport(
    source="/anderswo/verzeichnis.zip", kind="zip", dry_run=True, fingerprint="0", started_at="", seconds=0.1,
    counts={"organization": ImportCounts(new=3), "service": ImportCounts(changed=1, missing=2), "url": ImportCounts(new=1)},
    problems=(PROBLEM,),
)  # fmt: skip


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (REPORT, "Die Prüfung ist fertig. Noch ist nichts geändert."),
        (replace(REPORT, dry_run=False), "Das Verzeichnis ist eingelesen."),
        (
            replace(REPORT, dry_run=False, cancelled=True),
            "Abgebrochen. Was bis dahin fertig war, bleibt im Verzeichnis.",
        ),
        (replace(REPORT, cancelled=True), "Die Prüfung wurde abgebrochen."),
        (replace(REPORT, counts={"service": ImportCounts(unchanged=4)}), "Es gibt nichts Neues: "),
        (replace(REPORT, counts={"service": ImportCounts(rejected=4)}), "Nichts davon lässt sich einlesen."),
    ],
)
def test_the_headline_says_what_happened(report: ImportReport, sentence: str) -> None:
    assert headline(report).startswith(sentence)


def test_counts_name_what_people_know() -> None:
    assert count_rows(REPORT) == [
        ("Anbieter", "3 neu"),
        ("Angebote", "1 geändert · 2 fehlen in der Quelle (bleiben erhalten)"),
    ]


def test_findings_are_counted_by_gravity() -> None:
    assert problem_line(REPORT) == "1 Warnung"
    assert problem_line(replace(REPORT, problems=())) == "Keine Auffälligkeiten."
    assert problem_line(replace(REPORT, problems_left_out=12)) == "1 Warnung · 12 weitere nicht aufgeführt"


def test_the_gravest_finding_comes_first() -> None:
    model = ProblemModel()
    grave = replace(PROBLEM, severity=Severity.ERROR, row=None, what="Kein Name")
    model.set_problems([PROBLEM, grave])

    assert [model.problem_at(row) for row in range(model.rowCount())] == [grave, PROBLEM]
    assert model.data(model.index(0, 0)) == "Fehler"
    assert model.data(model.index(1, 1)) == "services.csv, Zeile 7"
    assert in_full(PROBLEM).splitlines()[0] == "services.csv, Zeile 7: Keine E-Mail-Adresse"


def test_the_report_is_a_table_in_which_nothing_is_a_formula(tmp_path: Path) -> None:
    saved = save_report(REPORT, tmp_path / "bericht")

    assert saved.name == "bericht.csv"
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == ["Schwere", "Datei", "Zeile", "Feld", "Wert", "Befund", "Warum", "Was getan wurde"]
    assert rows[1][4] == "'=cmd()"


def test_a_report_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises((UserError, EnvironmentProblem)):
        save_report(REPORT, tmp_path / "gibt" / "es" / "nicht.csv")
