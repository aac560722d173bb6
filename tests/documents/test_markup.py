from __future__ import annotations

import io

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.platypus import Paragraph

from desktop_app.documents.blocks import Blocks
from desktop_app.documents.markup import BlockKind, Markup, clean, plain_text, single_line
from desktop_app.documents.paper import FontSize, PaperSize, style_set

TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<br>",
        "<ul>",
        "<li>",
        "</ul>",
        "<img src='file:///etc/passwd'>",
        "&amp",
        "&nbsp;",
        "<a href='javascript:x'>",
        "</a>",
        "<h2>",
        "</h2>",
        "<font size=9>",
        "<para>",
        "<script>",
        "<!--",
        "<",
        ">",
        "&",
    ]
)
ANY_TEXT = st.text(st.characters(), max_size=60)
WEB_TEXT = st.lists(st.one_of(TAGS, ANY_TEXT), max_size=12).map("".join)


@pytest.fixture(scope="module")
def blocks(fonts):
    return Blocks(fonts, style_set(PaperSize.A5, FontSize.VERY_LARGE))


@pytest.fixture(scope="module")
def markup(fonts):
    return Markup(fonts)


def lay_out(blocks: Blocks, text: str) -> None:
    width = blocks.styles.text_width
    for flowable in (*blocks.long_text(text), blocks.body(text), blocks.title(text), blocks.small(text)):
        flowable.wrap(width, 10_000)
        if hasattr(flowable, "getPlainText"):
            flowable.getPlainText()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WEB_TEXT)
def test_no_text_stops_a_paragraph(blocks, text):
    lay_out(blocks, text)


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT)
def test_plain_text_is_shown_as_it_is(markup, text):
    shown = Paragraph(markup.plain(text)).getPlainText(identify=True)
    expected = markup._fonts.drawable(single_line(text))
    assert "".join(shown.split()) == "".join(expected.split())


def test_naughty_strings_can_be_printed(blocks, naughty_strings):
    assert len(naughty_strings) == 515
    for text in naughty_strings:
        lay_out(blocks, text)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20_000,
        "<b>" + "y" * 20_000 + "</b>",
        "ж" * 20_000,
        "".join(chr(code) for code in range(0x250)),
        "\ud800 halb \udfff",
        "<b>" * 1_000 + "tief" + "</b>" * 1_000,
        "<ul><li>" * 500 + "tief",
        "\x00\x01\x02",
        "&#0; &#xd800; &#x110000; &unknown; &lt;b&gt;",
    ],
    ids=[
        "long word",
        "long bold word",
        "long Cyrillic word",
        "all of Latin",
        "surrogates",
        "deep",
        "lists",
        "control",
        "entities",
    ],
)
def test_hard_texts(blocks, text):
    lay_out(blocks, text)


def test_long_words_are_broken_inside_the_page(blocks):
    paragraph = blocks.body("Donaudampfschifffahrtsgesellschaft" * 600)
    width, _height = paragraph.wrap(blocks.styles.text_width, 10_000)
    assert width <= blocks.styles.text_width
    assert max(blocks.styles.text_width - line[0] for line in paragraph.blPara.lines) <= blocks.styles.text_width + 0.01


def test_html_of_web_editors_is_reduced(markup):
    blocks = markup.blocks(
        "<h2>Beratung</h2><p>Für <strong>Sie</strong> &amp; Ihn<br>ab 10&nbsp;Uhr</p><ol><li>Eins</li><li><p>Zwei</p></li></ol>"
        "<ul><li>Punkt</li></ul><img src='/etc/passwd'><script>alert(1)</script><p> </p>"
    )
    assert [(block.kind, block.label) for block in blocks] == [
        (BlockKind.HEADING, ""),
        (BlockKind.PARAGRAPH, ""),
        (BlockKind.ITEM, "1."),
        (BlockKind.ITEM, "2."),
        (BlockKind.ITEM, "•"),
    ]
    assert blocks[0].markup == "Beratung"
    assert blocks[1].markup == ('Für <font name="Quartierslotse-Text-Bold">Sie</font> &amp; Ihn<br/>ab 10\u00a0Uhr')


def test_text_with_a_smaller_than_sign_is_not_html(markup):
    (block,) = markup.blocks("Kinder < 3 Jahre & Eltern > 60, a<b")
    assert block.markup == "Kinder &lt; 3 Jahre &amp; Eltern &gt; 60, a&lt;b"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<a href="https://www.awo.example/">www.awo.example</a>', "www.awo.example"),
        ('<a href="https://awo.example/hilfe">hier</a>', "hier (https://awo.example/hilfe)"),
        ('<a href="mailto:a@b.example">schreiben</a>', "schreiben (a@b.example)"),
        ('<a href="javascript:alert(1)">klick</a>', "klick"),
        ('<a href="file:///etc/passwd">Datei</a>', "Datei"),
    ],
)
def test_links_keep_text_and_show_a_different_address(html, shown):
    assert plain_text(html) == shown


def test_paragraphs_of_plain_text(markup):
    assert [block.markup for block in markup.blocks("eins\nzwei\r\n\r\n\r\ndrei\n \n\n")] == ["eins<br/>zwei", "drei"]
    assert markup.blocks("  \n ") == ()


def test_cleaning():
    assert clean("a\x00b\tc\x0bd\ud800e\r\nf") == "ab\tc\nde\nf"
    assert clean("u\u0308") == "ü"
    assert single_line(" a \n\t b ") == "a b"


def test_unbreakable_numbers(markup):
    assert markup.unbreakable("030 123 45") == "030\u00a0123\u00a045"


def test_pictures_of_local_files_never_reach_the_document(fonts, blocks, tmp_path):
    from datetime import date

    from desktop_app.documents.page import DocumentInfo, build_pdf

    secret = tmp_path / "geheim.png"
    secret.write_bytes(b"not even a picture")
    pdf = build_pdf(
        [*blocks.long_text(f'<p>Text</p><img src="{secret}">'), blocks.body(f'<img src="{secret}"/>')],
        styles=blocks.styles,
        fonts=fonts,
        info=DocumentInfo("Blatt", "Büro", date(2026, 11, 22), "Büro"),
    )
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert all(not page.images for page in reader.pages)
    assert "<img src=" in reader.pages[0].extract_text()
