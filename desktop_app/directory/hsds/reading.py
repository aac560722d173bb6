"""Recognising what a source is and reading all of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr
from desktop_app.directory.hsds.documents import read_document
from desktop_app.directory.hsds.files import SourceFile, SourceFiles, read_files
from desktop_app.directory.hsds.findings import Findings
from desktop_app.directory.hsds.source import SourcePackage
from desktop_app.directory.hsds.tabular import read_tables
from desktop_app.directory.records import Severity

_DESCRIPTION = "datapackage.json"


def read_source(path: Path) -> SourcePackage:
    """Read a folder, archive or document of HSDS.

    Raises:
        UserError: nothing in it can be read as HSDS.
        EnvironmentProblem: the system refuses to read it.
    """
    source = read_files(path)
    tables = _tables(source.files)
    package = SourcePackage(
        name=source.name,
        kind=source.kind,
        fingerprint=source.fingerprint,
        findings=Findings(),
        nested=not tables,
    )
    if tables:
        read_tables(tables, package)
    else:
        _read_documents(source, package)
    if not any(package.rows.values()) and not package.findings.all():
        raise UserError(tr("In „{name}“ steht kein einziger Eintrag. Es wurde nichts geändert.", name=source.name))
    return package


def _tables(files: Sequence[SourceFile]) -> list[SourceFile]:
    """Return the files of the folder that holds the tables, or none."""
    folders: dict[PurePosixPath, int] = {}
    for file in files:
        if file.path.suffix.lower() == ".csv":
            folders[file.path.parent] = folders.get(file.path.parent, 0) + 1
    if not folders:
        return []
    # The folder with most tables; the outer one if two have as many.
    chosen = max(folders, key=lambda folder: (folders[folder], -len(folder.parts)))
    return [file for file in files if file.path.parent == chosen]


def _read_documents(source: SourceFiles, package: SourcePackage) -> None:
    documents = [file for file in source.files if file.path.name.lower() != _DESCRIPTION]
    if not documents:
        raise UserError(
            tr(
                "In „{name}“ liegt weder eine CSV-Datei noch eine JSON-Datei eines Verzeichnisses. Ist es der richtige Ordner?",
                name=source.name,
            )
        )
    if len(documents) == 1:
        read_document(documents[0], package)
        return
    for file in documents:
        try:
            read_document(file, package)
        except UserError as error:
            package.findings.add(
                Severity.WARNING,
                file=file.path.name,
                what=tr("Die Datei ist kein Teil eines Verzeichnisses."),
                why=error.message,
                action=tr("Nicht gelesen."),
            )
