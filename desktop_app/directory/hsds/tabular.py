"""CSV tables of a tabular data package."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from desktop_app.core.translation import tr
from desktop_app.directory.hsds.decoding import decode, storable
from desktop_app.directory.hsds.files import SourceFile
from desktop_app.directory.hsds.findings import Findings
from desktop_app.directory.hsds.limits import MAXIMUM_COLUMNS, MAXIMUM_FIELD_CHARACTERS, MAXIMUM_ROWS
from desktop_app.directory.hsds.schema import ObjectType, object_types
from desktop_app.directory.hsds.source import SourcePackage, SourceRow
from desktop_app.directory.records import Severity

_DELIMITERS = ",;\t|"
_SURPLUS = "surplus_columns"


def read_tables(files: Sequence[SourceFile], package: SourcePackage) -> None:
    """Add the rows of all CSV files whose meaning is known."""
    described = _described_paths(files, package.findings)
    for file in files:
        if file.path.suffix.lower() != ".csv":
            continue
        kind = described.get(file.path) or _kind_by_name(file.path)
        if kind is None:
            package.findings.add(
                Severity.NOTE,
                file=file.path.name,
                what=tr("Diese Datei gehört zu keiner Tabelle von HSDS."),
                why=tr("Weder „datapackage.json“ noch ihr Name sagt, was darin steht."),
                action=tr("Nicht gelesen."),
            )
            continue
        read_table(file, object_types()[kind], package)


def _described_paths(files: Sequence[SourceFile], findings: Findings) -> dict[PurePosixPath, str]:
    """Return which object type each file holds by `datapackage.json`; only files of this source count."""
    description = next((file for file in files if file.path.name.lower() == "datapackage.json"), None)
    if description is None:
        return {}
    try:
        resources = json.loads(decode(description.content, description.path.name, findings))["resources"]
        pairs = [(str(resource["path"]), str(resource["name"])) for resource in resources]
    except (ValueError, KeyError, TypeError, RecursionError):
        findings.add(
            Severity.WARNING,
            file=description.path.name,
            what=tr("Die Beschreibung des Pakets ist nicht lesbar."),
            why=tr("Sie ist kein gültiges JSON oder nennt keine Tabellen."),
            action=tr("Die Tabellen werden an ihren Namen erkannt."),
        )
        return {}
    here = description.path.parent
    return {here / path: name for path, name in pairs if name in object_types()}


def _kind_by_name(path: PurePosixPath) -> str | None:
    stem = path.stem.lower()
    for kind in object_types().values():
        if stem in {kind.name, kind.name + "s", PurePosixPath(kind.file_name).stem}:
            return kind.name
    return None


def read_table(file: SourceFile, kind: ObjectType, package: SourcePackage) -> None:
    """Add the rows of one CSV file."""
    findings = package.findings
    name = file.path.name
    lines = read_csv(file, findings)
    _, header = next(lines, (1, []))
    columns = _column_names(header)
    if not any(columns):
        return
    if "id" not in columns:
        findings.add(
            Severity.WARNING,
            file=name,
            row=1,
            field="id",
            value=", ".join(columns),
            what=tr("Die Spalte „id“ fehlt."),
            why=tr("Ohne sie lässt sich ein Eintrag beim nächsten Einlesen nur an seinem Inhalt wiedererkennen."),
            action=tr("Die Kennungen werden aus dem Inhalt gebildet."),
        )
    _report_missing_columns(columns, kind, name, findings)
    package.listed_types.add(kind.name)
    rows = package.rows.setdefault(kind.name, [])
    for line, cells in lines:
        if len(rows) >= MAXIMUM_ROWS:
            findings.add(
                Severity.ERROR,
                file=name,
                row=line,
                what=tr("Die Datei hat zu viele Zeilen."),
                why=tr("Gelesen werden höchstens {limit}.", limit=MAXIMUM_ROWS),
                action=tr("Der Rest wurde nicht gelesen."),
            )
            return
        rows.append(_source_row(kind, name, line, columns, cells, findings))


def _report_missing_columns(columns: Sequence[str], kind: ObjectType, file: str, findings: Findings) -> None:
    for rule in kind.fields.values():
        if rule.required and rule.name != "id" and rule.name not in columns:
            findings.add(
                Severity.WARNING,
                file=file,
                row=1,
                field=rule.name,
                what=tr("Die Pflichtspalte „{name}“ fehlt.", name=rule.name),
                why=tr("HSDS verlangt sie in dieser Tabelle."),
                action=tr("Die Tabelle wird ohne sie gelesen."),
            )


def _column_names(header: Sequence[str]) -> list[str]:
    """Return the column names, lower case; a repeated name gets a number so that no column is lost."""
    seen: Counter[str] = Counter()
    names = []
    for cell in header[:MAXIMUM_COLUMNS]:
        name = cell.strip().lstrip("\ufeff").lower()
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names


def _source_row(
    kind: ObjectType, file: str, line: int, columns: Sequence[str], cells: Sequence[str], findings: Findings
) -> SourceRow:
    row = SourceRow(kind.name, file, line, {})
    for column, cell in zip(columns, cells, strict=False):
        if column in kind.fields:
            row.values[column] = cell or None
        elif cell:
            row.extra[column] = cell
    surplus = [cell for cell in cells[len(columns) :] if cell]
    if surplus:
        row.extra[_SURPLUS] = surplus
        findings.add(
            Severity.WARNING,
            file=file,
            row=line,
            value=" | ".join(surplus),
            what=tr("Die Zeile hat mehr Felder als die Kopfzeile."),
            why=tr("Meist fehlen Anführungszeichen um einen Text mit Trennzeichen."),
            action=tr("Die überzähligen Felder wurden beiseitegelegt. Bitte prüfen Sie den Eintrag."),
        )
    return row


def read_csv(file: SourceFile, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Return (line where the row begins, cells) of every row that is not blank; the first is the header."""
    text = storable(decode(file.content, file.path.name, findings))
    # The limit belongs to the process; nothing else here reads CSV, and it is the value that Python starts with.
    csv.field_size_limit(MAXIMUM_FIELD_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            findings.add(
                Severity.ERROR,
                file=file.path.name,
                row=line,
                what=tr("Die Zeile ist nicht lesbar."),
                why=tr("Ein Feld ist zu lang; vielleicht fehlt ein schließendes Anführungszeichen."),
                action=tr("Übersprungen bis Zeile {line}.", line=reader.line_num),
            )
            continue
        if any(cells):
            yield line, cells


def _delimiter(text: str) -> str:
    """Return what separates the header's cells: a German Excel writes semicolons."""
    header = text.lstrip("\ufeff\r\n")[:65536]
    # Quoted parts do not count, nor anything after the first line.
    outside = "".join(header.split('"')[::2]).splitlines()[:1]
    counts = {delimiter: outside[0].count(delimiter) if outside else 0 for delimiter in _DELIMITERS}
    return max(counts, key=lambda delimiter: counts[delimiter])
