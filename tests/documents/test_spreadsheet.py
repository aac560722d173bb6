from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.documents.spreadsheet import Column, ColumnKind, SheetContent, sheet_names, workbook_bytes

CREATED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def read(sheets):
    data = workbook_bytes(sheets, title="Monat", author="Quartiersbüro", created=CREATED)
    return openpyxl.load_workbook(io.BytesIO(data))


def test_cells_are_typed_and_the_header_stays_in_view():
    sheet = SheetContent(
        "Themen",
        (Column("Thema"), Column("Anzahl", ColumnKind.WHOLE_NUMBER), Column("Seit", ColumnKind.DATE)),
        (("Pflege", 1234, date(2026, 11, 1)), ("Wohnen", 0, None)),
        heading=("Kontakte nach Thema", "November 2026"),
        total=("Summe", 1234, None),
    )
    book = read([sheet])
    page = book["Themen"]
    assert page["A1"].value == "Kontakte nach Thema"
    assert [cell.value for cell in page[4]] == ["Thema", "Anzahl", "Seit"]
    assert all(cell.font.bold and cell.fill.fgColor.rgb.endswith("DDE5EA") for cell in page[4])
    assert page["B5"].value == 1234
    assert page["B5"].data_type == "n"
    assert page["B5"].number_format == "#,##0"
    assert page["C5"].value.date() == date(2026, 11, 1)
    assert page["C5"].number_format == "dd.mm.yyyy"
    assert page["B6"].value == 0
    assert page["A7"].value == "Summe"
    assert page["A7"].font.bold
    assert page.freeze_panes == "A5"
    assert page.auto_filter.ref == "A4:C6"
    assert page.column_dimensions["A"].width >= 8
    assert book.properties.creator == "Quartiersbüro"
    assert book.properties.title == "Monat"


def test_text_is_never_a_formula_a_link_or_a_number(csv_payloads, naughty_strings):
    texts = [
        *csv_payloads,
        *naughty_strings,
        "=1+1",
        "{=SUM(A1)}",
        "https://x.example",
        "007",
        "internal:Blatt!A1",
        "\x01\x1b",
    ]
    page = read([SheetContent("T", (Column("Text"),), tuple((text,) for text in texts))])["T"]
    for row, text in enumerate(texts, start=2):
        cell = page.cell(row, 1)
        assert cell.data_type in {"s", "n"}
        assert cell.data_type == "s" or cell.value is None
        assert cell.hyperlink is None
        if text and text.isprintable() and "_x" not in text:
            assert cell.value == text


def test_over_long_texts_are_cut_visibly():
    page = read([SheetContent("T", (Column("Text"),), (("x" * 40_000,),))])["T"]
    assert page["A2"].value.endswith("x…")
    assert len(page["A2"].value) == 32_767


def test_an_empty_table_is_a_sheet_with_a_header():
    page = read([SheetContent("Leer", (Column("A"), Column("B", ColumnKind.WHOLE_NUMBER)), ())])["Leer"]
    assert [cell.value for cell in page[1]] == ["A", "B"]


def test_names_of_sheets():
    assert sheet_names(["Themen/Kanäle", "Themen Kanäle", "", "History", "x" * 40, "x" * 40, "'A'"]) == (
        "Themen Kanäle",
        "Themen Kanäle (2)",
        "Tabelle 3",
        "Tabelle 4",
        "x" * 31,
        "x" * 27 + " (2)",
        "A",
    )


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_any_name_makes_a_valid_sheet(names):
    made = sheet_names(names)
    assert len({name.casefold() for name in made}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in made)


def test_workbooks_with_any_sheet_name_open_again():
    book = read([SheetContent(name, (Column("A"),), ()) for name in ("a'b", "Größe & <Maß>", "🙂")])
    assert len(book.sheetnames) == 3
