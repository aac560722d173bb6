from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pypdf
import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from desktop_app.core.errors import UserError
from desktop_app.documents.blocks import Blocks
from desktop_app.documents.dates import german_date, short_date
from desktop_app.documents.page import DocumentInfo, build_pdf
from desktop_app.documents.paper import FontSize, PaperSize, style_set
from desktop_app.documents.render import iterate_page_images, page_count, page_images, page_sizes, png
from desktop_app.documents.shortening import shortened

ALL_STYLES = [(paper, size) for paper in PaperSize for size in FontSize]
INFO = DocumentInfo("Probe äöü", "Quartiersbüro", date(2026, 9, 3), "Quartiersbüro · 0208 1", "03.09.2026")


def make(fonts, paper, size, paragraphs, info=INFO):
    styles = style_set(paper, size)
    blocks = Blocks(fonts, styles)
    return build_pdf([blocks.body(text) for text in paragraphs], styles=styles, fonts=fonts, info=info)


@pytest.mark.parametrize(("paper", "size"), ALL_STYLES)
def test_every_page_counts_itself_and_all_fonts_are_embedded(fonts, paper, size):
    pdf = make(fonts, paper, size, ["Lange Zeile für die Begegnungsstätte. " * 30] * 12 + ["Добрий день"])
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    pages = len(reader.pages)
    assert pages > 1
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Seite {number} von {pages}" in text
        assert "Quartiersbüro · 0208 1" in text
        assert tuple(float(side) for side in page.mediabox[2:]) == pytest.approx((paper.width, paper.height))
        for reference in page["/Resources"]["/Font"].values():
            font = reference.get_object()
            if font["/Subtype"] == "/TrueType":
                assert "/FontFile2" in font["/FontDescriptor"].get_object()
    used = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
        if font.get_object()["/Subtype"] == "/TrueType"
    }
    assert any("Atkinson" in name for name in used)
    assert any("NotoSans" in name for name in used)
    assert "Добрий день" in reader.pages[-1].extract_text()
    assert page_sizes(pdf)[0] == pytest.approx((paper.width, paper.height), abs=0.5)


def test_properties_name_the_office_and_nobody(fonts):
    reader = pypdf.PdfReader(io.BytesIO(make(fonts, PaperSize.A4, FontSize.NORMAL, ["Text"])))
    assert reader.metadata.title == "Probe äöü"
    assert reader.metadata.author == "Quartiersbüro"
    assert reader.metadata["/CreationDate"].startswith("D:20260903")
    assert reader.trailer["/Root"]["/Lang"] == "de-DE"
    assert set(reader.metadata) <= {
        *(
            "/Title",
            "/Author",
            "/Creator",
            "/Producer",
            "/CreationDate",
            "/ModDate",
            "/Keywords",
            "/Subject",
            "/Trapped",
        )
    }


def test_documents_made_at_the_same_time_embed_their_fonts_one_after_the_other(fonts, monkeypatch):
    # ReportLab reads all of them through one position: side by side they would hold each other's letters.
    embed, met = TTFontFile.makeSubset, []
    both = threading.Barrier(2)

    def waiting_for_the_other(font, letters):
        try:
            both.wait(timeout=0.5)
            met.append(font.name)
        except threading.BrokenBarrierError:
            pass  # nobody else came in, as it should be
        return embed(font, letters)

    make(fonts, PaperSize.A4, FontSize.NORMAL, ["Fonts are read"])
    monkeypatch.setattr(TTFontFile, "makeSubset", waiting_for_the_other)
    with ThreadPoolExecutor(2) as pool:
        pdfs = list(pool.map(lambda text: make(fonts, PaperSize.A4, FontSize.NORMAL, [text]), ["Abc", "Defg"]))
    assert met == []
    assert ["Abc" in pypdf.PdfReader(io.BytesIO(pdfs[0])).pages[0].extract_text(), len(pdfs)] == [True, 2]


def test_an_empty_document_is_one_page(fonts):
    assert page_count(make(fonts, PaperSize.A5, FontSize.NORMAL, [""])) <= 1


def test_lines_are_not_longer_than_75_letters(fonts):
    pdf = make(fonts, PaperSize.A4, FontSize.NORMAL, ["Eine ganz gewöhnliche Beschreibung aus dem Verzeichnis. " * 20])
    lines = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines()
    assert max(len(line) for line in lines) <= 80


def test_pictures_of_pages(fonts):
    pdf = make(fonts, PaperSize.A4, FontSize.NORMAL, ["Text " * 4000])
    images = page_images(pdf, 50)
    assert len(images) == page_count(pdf) > 1
    first = images[0]
    assert (first.width, first.height) == pytest.approx((8.27 * 50, 11.69 * 50), abs=2)
    assert len(first.rgba) == first.width * first.height * 4
    assert set(first.rgba[3::4]) == {255}
    assert min(first.rgba) < 60
    assert first.rgba[:3] == b"\xff\xff\xff"
    assert page_images(pdf, 50, pages=[1]) == [images[1]]
    assert next(iterate_page_images(pdf, 50)) == first
    assert png(first).startswith(b"\x89PNG")


def test_colours_keep_their_order_and_grey_is_grey():
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(30, 10))
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, 30, 10, stroke=0, fill=1)
    canvas.save()
    (image,) = page_images(buffer.getvalue(), 72)
    middle = (5 * image.width + 15) * 4
    assert image.rgba[middle : middle + 4] == b"\xff\x00\x00\xff"
    (grey,) = page_images(buffer.getvalue(), 72, grey=True)
    red, green, blue, alpha = grey.rgba[middle : middle + 4]
    assert red == green == blue < 200
    assert alpha == 255


def test_something_else_than_a_pdf_is_a_problem_of_the_user():
    with pytest.raises(UserError, match="PDF"):
        page_count(b"no pdf")


def test_german_dates():
    assert german_date(date(2026, 3, 1)) == "1. März 2026"
    assert short_date(date(2026, 3, 1)) == "01.03.2026"


def test_texts_are_shortened_to_the_room(fonts):
    assert shortened(fonts, "kurz", 10, 500) == "kurz"
    cut = shortened(fonts, "Quartiersbüro " * 30, 10, 200)
    assert cut.endswith("…")
    assert fonts.width(cut, 10) <= 200


def test_tall_rows_and_boxes_break_over_pages(fonts):
    styles = style_set(PaperSize.A5, FontSize.VERY_LARGE)
    blocks = Blocks(fonts, styles)
    words = " ".join(f"Wort{number}" for number in range(900))
    half = styles.text_width / 2
    story = [
        blocks.row(("Montag", words), (half, half)),
        blocks.box([blocks.body(words), blocks.body(words)]),
        blocks.row((words, words), (half, half)),
        *blocks.kept([blocks.body(words), blocks.body("Ende")]),
    ]
    pdf = build_pdf(story, styles=styles, fonts=fonts, info=INFO)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert text.count("Wort899") == 6
    assert "Ende" in text
