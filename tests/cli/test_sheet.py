"""Sheets as files."""

from __future__ import annotations

import pypdfium2
import pytest


def read(path):
    document = pypdfium2.PdfDocument(path.read_bytes())
    texts, sizes = [], []
    for page in document:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_bounded())
        sizes.append(tuple(round(side) for side in page.get_size()))
        text_page.close()
        page.close()
    document.close()
    return "\n".join(texts), sizes


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("a5", (420, 595))])
def test_an_info_sheet(tool, tmp_path, paper, size):
    path = tmp_path / "blatt.pdf"
    result = tool.json("sheet", tool.CAFE, "--paper", paper, "--size", "18", "--out", str(path))
    text, sizes = read(path)
    assert result == {"file": str(path), "pages": len(sizes), "services": [tool.CAFE]}
    assert set(sizes) == {size}
    assert "Begegnungscafé Süd" in text
    assert "030 123451" in text
    assert "Quartiersbüro Süd" in text


def test_several_services_with_a_note_that_is_only_printed(tool, tmp_path):
    note = tmp_path / "notiz.txt"
    note.write_text("Fragen Sie nach Herrn Sonderfall.", encoding="utf-8")
    path = tmp_path / "merkzettel.pdf"
    answer = tool("sheet", tool.CAFE, tool.CARE, tool.CAFE, "--note-file", str(note), "--out", str(path))
    assert answer.code == 0
    assert "merkzettel.pdf" in answer.out
    text, _sizes = read(path)
    assert "Pflegeberatung" in text
    assert "Sonderfall" in text
    stored = b"".join(file.read_bytes() for file in tool.folder.rglob("*") if file.is_file())
    assert b"Sonderfall" not in stored
    assert "Sonderfall" not in answer.out + answer.err


def test_an_unknown_service_leaves_no_file(tool, tmp_path):
    path = tmp_path / "blatt.pdf"
    answer = tool("sheet", tool.CAFE, "gibt-es-nicht", "--out", str(path))
    assert answer.code == 1
    assert "gibt-es-nicht" in answer.err
    assert list(tmp_path.glob("*.pdf")) == []


def test_no_file_is_replaced_unasked(tool, tmp_path):
    path = tmp_path / "blatt.pdf"
    path.write_bytes(b"alt")
    refused = tool("sheet", tool.CAFE, "--out", str(path))
    assert refused.code == 1
    assert "gibt es schon" in refused.err
    assert path.read_bytes() == b"alt"
    assert tool("sheet", tool.CAFE, "--out", str(path), "--force").code == 0
    assert path.read_bytes().startswith(b"%PDF")
    assert tool("sheet", tool.CAFE, "--out", str(tmp_path)).code == 1
    assert tool("sheet", tool.CAFE, "--out", str(tmp_path / "fehlt" / "blatt.pdf")).code == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["blatt.pdf", "daten"]
