"""The findings of an import as a file that a spreadsheet opens."""

from __future__ import annotations

from desktop_app.core.translation import tr
from desktop_app.directory.records import ImportReport, Severity
from desktop_app.documents.csv_text import csv_bytes


def severity_label(severity: Severity) -> str:
    """Return the word for how grave a finding is."""
    return {
        Severity.ERROR: tr("Fehler"),
        Severity.WARNING: tr("Warnung"),
        Severity.NOTE: tr("Hinweis"),
    }[severity]


def report_csv(report: ImportReport) -> bytes:
    """Return one row per finding, below a row of headings; values that a spreadsheet would run are protected."""
    headings = (
        tr("Schwere"), tr("Datei"), tr("Zeile"), tr("Feld"), tr("Wert"), tr("Befund"), tr("Warum"), tr("Was getan wurde"),
    )  # fmt: skip
    rows = (
        (
            severity_label(problem.severity),
            problem.file,
            problem.row,
            problem.field,
            problem.value,
            problem.what,
            problem.why,
            problem.action,
        )
        for problem in report.problems
    )
    return csv_bytes([headings, *rows])
