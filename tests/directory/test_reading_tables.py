"""Tables from other programs, in good and bad shape."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.directory.hsds.files import SourceFile
from desktop_app.directory.hsds.findings import Findings
from desktop_app.directory.hsds.reading import read_source
from desktop_app.directory.hsds.tabular import read_csv
from desktop_app.directory.records import Severity


def read(content: bytes) -> tuple[list[list[str]], Findings]:
    findings = Findings()
    return [cells for _, cells in read_csv(SourceFile(PurePosixPath("a.csv"), content), findings)], findings


# The expected file of location_coordinates does not belong to its table, in the collection itself.
CASES = [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf", "quotes_and_newlines",
    "simple", "simple_crlf", "utf8",
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_csv_spectrum(case: str, sources: Any) -> None:
    content = (sources.spectrum / "csvs" / f"{case}.csv").read_bytes()
    if case.endswith("_crlf"):
        # Line ends are what version control likes to change.
        content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    (header, *rows), findings = read(content)
    expected = json.loads((sources.spectrum / "json" / f"{case}.json").read_text(encoding="utf-8"))
    assert [dict(zip(header, row, strict=True)) for row in rows] == expected
    assert findings.all() == ()


def test_bytes_that_are_no_utf8_are_read_and_reported(sources: Any) -> None:
    rows, findings = read((sources.spectrum / "csvs" / "location_coordinates.csv").read_bytes())
    assert [len(row) for row in rows] == [4, 4]
    # The file has the replacement character in it already, as valid UTF-8.
    assert findings.all() == ()
    rows, findings = read("name\nMüller".encode("cp1252"))
    assert rows == [["name"], ["Müller"]]
    assert [problem.severity for problem in findings.all()] == [Severity.WARNING]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f'id{delimiter}"na{delimiter}me"\r\n1{delimiter}"Grün; a, b"\r\n'
    rows, _ = read(text.encode(encoding))
    assert rows == [["id", f"na{delimiter}me"], ["1", "Grün; a, b"]]


@given(st.binary(max_size=3000))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    read(content)


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path, sources: Any, directory: Any) -> None:
    tables = sources.one_service()
    tables["services"].insert(
        0, {**tables["services"][0], "id": sources.SERVICE[:-1] + "7", "description": "a\nb\n\nc"}
    )
    tables["services"][1]["email"] = "keine Adresse"
    report = directory.load(sources.write_tables(tmp_path / "in", tables))
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.field, problem.value) == ("services.csv", 6, "email", "keine Adresse")
    assert problem.severity is Severity.WARNING
    assert problem.what
    assert problem.why
    assert problem.action


def test_an_endless_field_is_skipped_and_the_rest_read() -> None:
    rows, findings = read(b"id,name\n1," + b"x" * 200_000 + b"\n2,short\n")
    assert rows[0] == ["id", "name"]
    assert rows[-1] == ["2", "short"]
    assert findings.all()[0].row == 2
    assert findings.all()[0].severity is Severity.ERROR


def test_an_open_quote_does_not_swallow_memory() -> None:
    _, findings = read(b'id,name\n1,"' + b"never closed\n" * 200_000)
    assert len(findings.all()) >= 1


def test_nul_is_left_out() -> None:
    rows, _ = read(b"id,name\n1,a\0b\n")
    assert rows[1] == ["1", "ab"]


def test_surplus_and_missing_cells(tmp_path: Path, sources: Any, directory: Any) -> None:
    folder = sources.write_tables(tmp_path / "in", sources.one_service())
    organizations = folder / "organizations.csv"
    header, _ = organizations.read_text(encoding="utf-8").splitlines()
    organizations.write_text(f"{header}\n{sources.ORGANIZATION},Haus, Hof,und Garten,x,y\n", encoding="utf-8")
    report = directory.load(folder)
    assert report.count("organization").new == 1
    assert any(problem.value == "x | y" for problem in report.problems)
    ((extra,),) = directory.store.sql("SELECT extra FROM organization")
    assert json.loads(extra) == {"surplus_columns": ["x", "y"]}


def test_unknown_columns_are_kept(tmp_path: Path, sources: Any, directory: Any) -> None:
    tables = sources.one_service()
    tables["services"][0]["x-barrierefrei"] = "teilweise"
    directory.load(sources.write_tables(tmp_path / "in", tables))
    ((extra,),) = directory.store.sql("SELECT extra FROM service")
    assert json.loads(extra) == {"x-barrierefrei": "teilweise"}


def test_a_table_without_ids_is_recognised_again(tmp_path: Path, sources: Any, directory: Any) -> None:
    tables = sources.one_service()
    for phone in tables["phones"]:
        del phone["id"]
    folder = sources.write_tables(tmp_path / "in", tables)
    report = directory.load(folder)
    assert any(problem.field == "id" and problem.file == "phones.csv" for problem in report.problems)
    assert not directory.load(folder).changed_anything
    assert directory.count_of("phone") == 1


def test_missing_required_column_is_said_once(tmp_path: Path, sources: Any, directory: Any) -> None:
    tables = sources.two_organizations()
    for service in tables["services"]:
        del service["status"]
    report = directory.load(sources.write_tables(tmp_path / "in", tables))
    assert next(problem.row for problem in report.problems if problem.field == "status") == 1
    assert directory.store.sql("SELECT DISTINCT status FROM service") == [("active",)]


def test_files_named_by_the_description(tmp_path: Path, sources: Any, directory: Any) -> None:
    folder = sources.write_tables(tmp_path / "in", sources.one_service())
    (folder / "organizations.csv").rename(folder / "traeger.csv")
    package = {
        "resources": [{"name": "organization", "path": "traeger.csv"}, {"name": "phone", "path": "../../phones.csv"}]
    }
    sources.write_json(folder / "datapackage.json", package)
    report = directory.load(folder)
    assert report.count("organization").new == 1
    assert report.count("phone").new == 1


def test_a_broken_description_does_not_stop_the_import(tmp_path: Path, sources: Any, directory: Any) -> None:
    folder = sources.write_tables(tmp_path / "in", sources.one_service())
    (folder / "datapackage.json").write_text("{nope", encoding="utf-8")
    report = directory.load(folder)
    assert report.count("service").new == 1
    assert any(problem.file == "datapackage.json" for problem in report.problems)


def test_a_german_excel_export(tmp_path: Path, sources: Any, directory: Any) -> None:
    folder = sources.write_tables(tmp_path / "in", sources.one_service(), delimiter=";", encoding="cp1252")
    report = directory.load(folder)
    assert report.count("service").new == 1
    assert directory.queries.service(sources.SERVICE).name == "Seniorenfrühstück"
    assert {problem.file for problem in report.problems} == {"services.csv"}


def test_reading_keeps_what_it_does_not_understand(tmp_path: Path, sources: Any) -> None:
    folder = sources.write_tables(tmp_path / "in", sources.one_service())
    (folder / "notizen.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    package = read_source(folder)
    assert [problem.file for problem in package.findings.all()] == ["notizen.csv"]
