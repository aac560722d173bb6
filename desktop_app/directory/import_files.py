"""Keeping the report of an import: as CSV for a spreadsheet, as JSON for a program."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr
from desktop_app.directory.records import ImportReport

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def report_as_json(report: ImportReport) -> dict[str, Any]:
    """Return a report as plain JSON values."""
    return {
        "source": report.source,
        "kind": report.kind,
        "dry_run": report.dry_run,
        "cancelled": report.cancelled,
        "fingerprint": report.fingerprint,
        "started_at": report.started_at,
        "seconds": round(report.seconds, 3),
        "counts": {object_type: asdict(counts) for object_type, counts in report.counts.items()},
        "problems": [asdict(problem) for problem in report.problems],
        "problems_left_out": report.problems_left_out,
    }


def save_report(report: ImportReport, path: Path) -> None:
    """Write the report to `path`; its ending .csv or .json decides the form.

    Raises:
        UserError: the ending is another one.
        EnvironmentProblem: the file can't be written.
    """
    ending = path.suffix.lower()
    if ending == ".json":
        text = json.dumps(report_as_json(report), ensure_ascii=False, indent=2) + "\n"
        encoding = "utf-8"
    elif ending == ".csv":
        # A mark at the beginning, so that Excel does not take UTF-8 for something else.
        text, encoding = _as_csv(report), "utf-8-sig"
    else:
        raise UserError(tr("Ein Bericht wird als .csv oder .json gespeichert, nicht als „{name}“.", name=path.name))
    try:
        path.write_bytes(text.encode(encoding))
    except OSError as error:
        raise EnvironmentProblem(
            tr("Der Bericht lässt sich nicht nach „{path}“ schreiben. Bitte wählen Sie einen anderen Ort.", path=path)
        ) from error


def _as_csv(report: ImportReport) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(
        [tr("Schwere"), tr("Datei"), tr("Zeile"), tr("Feld"), tr("Wert"), tr("Was"), tr("Warum"), tr("Was getan wurde")]
    )
    severities = {"error": tr("Fehler"), "warning": tr("Warnung"), "note": tr("Hinweis")}
    for problem in report.problems:
        cells = [problem.file, problem.row, problem.field, problem.value, problem.what, problem.why, problem.action]
        writer.writerow([severities[problem.severity], *map(_harmless, cells)])
    return stream.getvalue()


def _harmless(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula; a report is read by people, not read back."""
    text = "" if cell is None else str(cell)
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
