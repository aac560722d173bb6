"""What an import did or would do, in sentences; and its report as a file."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.translation import tr, tr_count
from desktop_app.directory.import_report import report_csv
from desktop_app.directory.records import ImportCounts, ImportReport, Severity
from desktop_app.environment.output_files import write_whole


def headline(report: ImportReport) -> str:
    """What happened, in one sentence."""
    if report.cancelled and report.dry_run:
        return tr("Die Prüfung wurde abgebrochen.")
    if report.cancelled:
        return tr("Abgebrochen. Was bis dahin fertig war, bleibt im Verzeichnis.")
    if not report.changed_anything:
        rejected = any(count.rejected for count in report.counts.values())
        if rejected and not any(count.unchanged for count in report.counts.values()):
            return tr("Nichts davon lässt sich einlesen. Die Tabelle sagt, woran es liegt.")
        return tr("Es gibt nichts Neues: Das Verzeichnis ist schon auf diesem Stand.")
    if report.dry_run:
        return tr("Die Prüfung ist fertig. Noch ist nichts geändert.")
    return tr("Das Verzeichnis ist eingelesen.")


def count_rows(report: ImportReport) -> list[tuple[str, str]]:
    """Kind of record and what became of it, for those a person knows."""
    known = (
        ("organization", tr("Anbieter")),
        ("service", tr("Angebote")),
        ("location", tr("Orte")),
        ("phone", tr("Telefonnummern")),
    )
    return [(label, _count_text(report.count(kind))) for kind, label in known if report.count(kind) != ImportCounts()]


def problem_line(report: ImportReport) -> str:
    """How many findings of which kind."""
    errors, warnings, notes = (len(report.with_severity(severity)) for severity in Severity)
    parts = [
        tr_count("1 Fehler", "{count} Fehler", errors) if errors else "",
        tr_count("1 Warnung", "{count} Warnungen", warnings) if warnings else "",
        tr_count("1 Hinweis", "{count} Hinweise", notes) if notes else "",
        tr("{count} weitere nicht aufgeführt", count=report.problems_left_out) if report.problems_left_out else "",
    ]
    return " · ".join(part for part in parts if part) or tr("Keine Auffälligkeiten.")


def _count_text(count: ImportCounts) -> str:
    parts = [
        tr("{count} neu", count=count.new) if count.new else "",
        tr("{count} geändert", count=count.changed) if count.changed else "",
        tr("{count} unverändert", count=count.unchanged) if count.unchanged else "",
        tr("{count} abgewiesen", count=count.rejected) if count.rejected else "",
        tr("{count} fehlen in der Quelle (bleiben erhalten)", count=count.missing) if count.missing else "",
    ]
    return " · ".join(part for part in parts if part) or "0"


def save_report(report: ImportReport, target: Path) -> Path:
    """Write the findings as CSV (semicolons, as German spreadsheets expect) and return the file.

    Raises:
        UserError: the target is a folder, or its folder does not exist.
        EnvironmentProblem: the folder can't be written.
    """
    chosen = target if target.suffix.lower() == ".csv" else target.with_name(target.name + ".csv")
    write_whole(chosen, report_csv(report), overwrite=chosen == target)
    return chosen
