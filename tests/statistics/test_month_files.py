"""CSV, XLSX and PDF are read back and hold the same numbers as the record."""

from __future__ import annotations

import io
import random
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pypdf
import pytest

from desktop_app.contacts.vocabulary import ReferralMode, ReferralState, Result, TallyKind, UnmetReason
from desktop_app.core.clock import office_zone
from desktop_app.core.months import Month
from desktop_app.documents.csv_text import read_csv
from desktop_app.documents.fonts import FontLibrary
from desktop_app.documents.numbers import german_number
from desktop_app.documents.spreadsheet import sheet_names
from desktop_app.settings.records import SocialSpace, Topic
from desktop_app.statistics.counting import MonthCounts
from desktop_app.statistics.export_csv import month_csv
from desktop_app.statistics.export_xlsx import month_xlsx
from desktop_app.statistics.records import MonthStatistics, TableKey
from desktop_app.statistics.report_pdf import month_pdf, table_chart
from desktop_app.statistics.rules import Names, ServiceName, known_codes, month_tables, month_totals
from desktop_app.statistics.wording import percent_text, sentence

TOPICS = tuple(
    Topic(f"t{number}", name, name, "") for number, name in enumerate(("Pflege", "Wohnen", "=1+1", "Здоровье"))
)
SPACES = (SocialSpace("s0", "Sterkrade; „Mitte“"), SocialSpace("s1", "Osterfeld"))
SERVICES = {
    f"v{number}": ServiceName(f"Angebot {number}", f"o{number // 2}", f"Verein {number // 2} & Söhne e. V.")
    for number in range(30)
}


def counts_of(seed: int, contacts: int) -> MonthCounts:
    chance = random.Random(seed)
    counts = MonthCounts(contacts=contacts, days=min(contacts, 21))
    for _ in range(contacts):
        counts.hours[chance.randrange(6), chance.randrange(8, 18)] += 1
    for column, codes in known_codes(SPACES).items():
        counts.answers[column] = Counter(chance.choices(codes, k=contacts))
    for _ in range(contacts * 2):
        result = chance.choice(list(Result)).value
        reason = (
            chance.choice([*(reason.value for reason in UnmetReason), None]) if result in {"unmet", "partly"} else None
        )
        counts.needs[f"t{chance.randrange(4)}", result, reason] += 1
        key = (
            f"v{chance.randrange(30)}",
            chance.choice(list(ReferralMode)).value,
            chance.choice(list(ReferralState)).value,
        )
        counts.referrals[key] += 1
    counts.tally[TallyKind.VISITOR.value] = contacts * 3
    return counts


def statistics_of(seed: int, contacts: int) -> MonthStatistics:
    counts = counts_of(seed, contacts)
    return MonthStatistics(
        month=Month(2026, 11),
        office_name="Quartiersbüro Musterstadt",
        carrier="Musterträger",
        generated_at=datetime(2026, 12, 1, 9, 5, tzinfo=office_zone()),
        test_data=False,
        totals=month_totals(counts),
        tables=month_tables(counts, Names(TOPICS, SPACES, SERVICES)),
    )


@pytest.fixture(scope="module")
def fonts() -> FontLibrary:
    return FontLibrary(Path(__file__).resolve().parents[2] / "resources" / "fonts")


@pytest.fixture(scope="module", params=[(1, 389), (2, 3), (3, 0), (4, 12_345)], ids=["month", "tiny", "empty", "huge"])
def month(request) -> MonthStatistics:
    return statistics_of(*request.param)


def expected(month: MonthStatistics) -> dict[tuple[str, str, str], int]:
    return {
        (table.key.value, row.label, row.second_label or ""): row.count for table in month.tables for row in table.rows
    }


def pdf_lines(pdf: bytes) -> list[str]:
    lines: list[str] = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        lines += page.extract_text().splitlines()
    return lines


def test_csv_holds_every_number(month):
    header, *rows = read_csv(month_csv(month))
    assert header[3:9] == ["Schlüssel", "Tabelle", "Bezeichnung", "Unterteilung", "Gezählt werden", "Anzahl"]
    assert {row[0] for row in rows} == {"2026-11"}
    found = {(row[3], row[5], row[6]): int(row[8]) for row in rows if row[3] not in {"key_figures", "tally"}}
    assert found == expected(month)
    figures = {row[5]: int(row[8]) for row in rows if row[3] in {"key_figures", "tally"}}
    totals = month.totals
    assert figures == {figure.label: figure.value for figure in (*totals.key_figures, *totals.tally_figures)}


def test_xlsx_holds_every_number_as_a_number(month):
    book = openpyxl.load_workbook(io.BytesIO(month_xlsx(month)))
    names = sheet_names(["Übersicht", *(table.title for table in month.tables)])
    assert tuple(book.sheetnames) == names
    found = {}
    for table, name in zip(month.tables, names[1:], strict=True):
        page = book[name]
        assert page["A1"].value == table.question
        assert page["A2"].value == sentence(table)
        header = [cell.value for cell in page[4]][: len(table.columns)]
        assert header == list(table.columns)
        assert page.freeze_panes == "A5"
        for cells in page.iter_rows(min_row=5, max_row=4 + len(table.rows)):
            labels = [cell.value or "" for cell in cells[: len(table.columns) - 1]]
            number = cells[len(table.columns) - 1]
            assert number.data_type == "n"
            found[table.key.value, labels[0], labels[1] if table.has_second_label else ""] = number.value
        last = page[5 + len(table.rows)]
        assert last[0].value == "Summe"
        assert last[len(table.columns) - 1].value == table.total
    assert found == expected(month)
    overview = {row[0].value: row[1].value for row in book["Übersicht"].iter_rows(min_row=7)}
    assert overview["Kontakte"] == month.totals.contacts
    assert overview["Besuche ohne Gespräch"] == month.totals.tally_visitors


def test_pdf_says_every_number(month, fonts):
    pdf = month_pdf(month, fonts)
    text = " ".join(" ".join(pdf_lines(pdf)).replace("\u00a0", " ").split())
    for figure in (*month.totals.key_figures, *month.totals.tally_figures):
        assert german_number(figure.value) in text
        assert figure.label in text
    position = 0
    for table in month.tables:
        position = text.index(" ".join(table.question.split()), position)
        assert " ".join(sentence(table).replace("\u00a0", " ").split()) in text[position:]
        if table.total == 0:
            continue
        grid = table.has_second_label and table.key is not TableKey.SERVICES
        start = position
        for row in () if grid else table.rows:
            labels = " ".join(part for part in (row.label, row.second_label) if part)
            share = "" if row.open_answer else " " + percent_text(row.count, table.answered).replace("\u00a0", " ")
            line = f"{labels} {german_number(row.count)}{share}"
            start = text.index(line, start)
        if not grid:
            assert f"Summe {german_number(table.total)}" in text[start:]


def test_grids_show_rows_in_order_with_their_sums(fonts):
    month = statistics_of(1, 389)
    text = " ".join(" ".join(pdf_lines(month_pdf(month, fonts))).split())
    for key in (TableKey.TOPIC_RESULTS, TableKey.WEEKDAY_HOURS):
        table = month.table(key)
        columns = list(dict.fromkeys(row.second_label for row in table.rows))
        if key is TableKey.WEEKDAY_HOURS:
            columns.sort(key=lambda label: int(label.split("–")[0]))
        text_of_grid = text[text.index(table.question) :]
        for label in dict.fromkeys(row.label for row in table.rows):
            cells = {row.second_label: row.count for row in table.rows if row.label == label}
            numbers = [cells.get(column, 0) for column in columns]
            assert f"{label} {' '.join(map(str, (*numbers, sum(numbers))))}" in text_of_grid


def test_report_is_a_document_of_the_office(fonts):
    month = replace(statistics_of(1, 389), test_data=True)
    pdf = month_pdf(month, fonts)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "Monatsbericht November 2026"
    assert reader.metadata.author == "Quartiersbüro Musterstadt"
    pages = [page.extract_text() for page in reader.pages]
    assert "Testdaten: Diese Zahlen sind erfunden." in pages[0]
    for number, page in enumerate(pages, start=1):
        assert f"Seite {number} von {len(pages)}" in page
        assert "Testdaten" in page
    assert "Kleine Zahlen sind hier nicht verdeckt" in " ".join(pages[0].split())
    assert {row[9] for row in read_csv(month_csv(month))[1:]} == {"Testdaten"}
    book = openpyxl.load_workbook(io.BytesIO(month_xlsx(month)))
    assert "Testdaten: Diese Zahlen sind erfunden." in [row[0].value for row in book["Übersicht"].iter_rows(max_row=6)]


def test_every_question_with_numbers_has_a_chart(fonts):
    month = statistics_of(1, 389)
    for table in month.tables:
        chart = table_chart(table, fonts, width=400)
        assert chart is not None
        assert chart.width == 400
    empty = statistics_of(3, 0)
    assert all(table_chart(table, fonts, width=400) is None for table in empty.tables)
