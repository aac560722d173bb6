"""The month on the command line; what the numbers mean is tested with the statistics."""

from __future__ import annotations

import io
import zipfile

import pytest

MONTH = ("--month", "2026-11")


@pytest.fixture
def month(tool):
    """Three contacts of November."""
    tool("record", "--topic", "pflege", "--refer", tool.CARE)
    tool("record", "--topic", "pflege", "--topic", "wohnen", "--result", "wohnen=unmet:no_offer")
    tool("record", "--topic", "kultur", "--channel", "phone")
    return tool


def test_the_numbers_as_data(month):
    result = month.json("statistics", *MONTH)
    assert result.keys() == {"month", "office", "carrier", "generated_at", "test_data", "totals", "tables", "file"}
    assert (result["month"], result["test_data"], result["file"]) == ("2026-11", False, None)
    assert (result["totals"]["contacts"], result["totals"]["needs"], result["totals"]["referrals"]) == (3, 4, 1)
    channels = result["tables"]["channels"]
    assert channels.keys() == {"title", "counted", "total", "rows"}
    assert channels["total"] == 3
    assert channels["rows"][0].keys() == {"label", "second_label", "count"}


def test_the_numbers_as_people_read_them(month):
    answer = month("statistics", *MONTH)
    assert answer.code == 0
    assert answer.out.startswith("Quartiersbüro Süd, November 2026\n")
    assert "Weitervermittlungen" in answer.out
    assert "Pflegestützpunkt Musterstadt" in answer.out
    assert "Testdaten" not in answer.out


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_the_month_as_a_file(month, tmp_path, kind):
    path = tmp_path / f"monat.{kind}"
    answer = month("statistics", *MONTH, "--format", kind, "--out", str(path))
    assert answer.code == 0
    assert path.name in answer.out
    content = path.read_bytes()
    if kind == "csv":
        assert "Pflege" in content.decode("utf-8-sig")
    elif kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            assert book.testzip() is None
    else:
        assert content.startswith(b"%PDF")
    again = month("statistics", *MONTH, "--out", str(path))
    assert again.code == 1
    assert "gibt es schon" in again.err
    assert path.read_bytes() == content
    assert month("statistics", *MONTH, "--out", str(path), "--force").code == 0


def test_the_kind_of_file_has_to_be_known(month, tmp_path):
    assert month("statistics", *MONTH, "--out", str(tmp_path / "monat.doc")).code == 2
    assert month("statistics", *MONTH, "--format", "csv").code == 2


def test_an_empty_month_is_no_error(tool):
    assert tool.json("statistics", "--month", "2020-01")["totals"]["contacts"] == 0
