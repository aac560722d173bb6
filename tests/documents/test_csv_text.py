from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import UserError
from desktop_app.documents.csv_text import csv_bytes, protected, read_csv, unprotected

CELL = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    st.text("=+-@'\t\r\n ;\",0123456789()|", max_size=10),
)


@given(CELL)
def test_protection_is_undone_exactly(text):
    assert unprotected(protected(text)) == text


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=6))
def test_files_come_back_unchanged(rows):
    assert read_csv(csv_bytes(rows)) == rows


@given(CELL)
def test_nothing_that_a_spreadsheet_runs_is_written(text):
    written = protected(text)
    starts_a_formula = written[:1] in set("=+-@\t\r\n＝＋－＠")
    harmless = set(written[1:]) <= set("0123456789 ()/.,-")
    assert not starts_a_formula or harmless


@pytest.mark.parametrize(
    "text", ["+49 30 123 456", "+49 (0) 208/12-34", "-0203", "-80.19", "-", "030 1", "", "5", "-1,5"]
)
def test_numbers_and_telephones_stay_as_they_are(text):
    assert protected(text) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-cmd|x", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "'=1", "- Punkt", "+49 30 x"]
)
def test_formulas_are_disarmed(text):
    assert protected(text) == f"'{text}"


def test_known_payloads_survive_and_do_not_run(csv_payloads, naughty_strings):
    cells = [text.encode("utf-8", "replace").decode() for text in (*csv_payloads, *naughty_strings)]
    data = csv_bytes([[cell, "x"] for cell in cells])
    assert [row[0] for row in read_csv(data)] == cells
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"):
        assert not row[0].startswith(("=", "@")), row[0]


def test_the_form_that_german_excel_opens():
    data = csv_bytes([["Träger", "Anzahl"], ["AWO; „Haus“", 3], [None, 1.5], [date(2026, 11, 22), True]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig") == 'Träger;Anzahl\r\n"AWO; „Haus“";3\r\n;1,5\r\n2026-11-22;True\r\n'


def test_lone_surrogates_do_not_stop_an_export():
    assert csv_bytes([["a\ud800b"]]).decode("utf-8-sig") == "a?b\r\n"


def test_other_files_are_refused_in_german():
    with pytest.raises(UserError, match="UTF-8"):
        read_csv("Träger".encode("cp1252"))
    with pytest.raises(UserError, match="CSV"):
        read_csv(b'"offen')
