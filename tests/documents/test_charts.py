from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pypdf
import pytest
from reportlab.graphics import renderPDF

from desktop_app.documents.charts import Bar, chart_image, chart_svg, horizontal_bars, vertical_bars
from desktop_app.documents.numbers import german_number, german_percent

TOPICS = [
    Bar("Gesundheit", 1234),
    Bar("Pflege und Hilfsmittel für Menschen mit Einschränkungen", 12),
    Bar("Здоровье <b>&", 0),
]


def text_of(drawing) -> str:
    buffer = io.BytesIO()
    renderPDF.drawToFile(drawing, buffer)
    return pypdf.PdfReader(io.BytesIO(buffer.getvalue())).pages[0].extract_text().replace("\n", " ")


def test_every_bar_has_label_and_value(fonts):
    text = text_of(horizontal_bars(TOPICS, fonts, width=400))
    assert all(part in text for part in ("Gesundheit", "1.234", "Pflege und", "12", "Здоровье", "<b>&"))
    text = text_of(vertical_bars([Bar("Mo", 3), Bar("Di", 0)], fonts, width=300, height=150))
    assert all(part in text for part in ("Mo", "3", "Di", "0"))


def bar_widths(drawing):
    from reportlab.graphics.shapes import Rect

    return [shape for shape in drawing.contents if isinstance(shape, Rect)]


def test_lengths_are_proportional_and_stay_inside(fonts):
    bars = [Bar("a", 100), Bar("b", 50), Bar("c", 25), Bar("d", 0)]
    drawn = bar_widths(horizontal_bars(bars, fonts, width=400))
    assert [bar.width / drawn[0].width for bar in drawn] == pytest.approx([1, 0.5, 0.25])
    assert all(bar.x + bar.width < 400 for bar in drawn)
    standing = bar_widths(vertical_bars(bars, fonts, width=400, height=200))
    assert [bar.height / standing[0].height for bar in standing] == pytest.approx([1, 0.5, 0.25])
    assert all(bar.y + bar.height < 200 for bar in standing)


@pytest.mark.parametrize("bars", [[], [Bar("", 0)], [Bar("x" * 500, 10**9)]])
def test_extreme_data(fonts, bars):
    assert chart_image(horizontal_bars(bars, fonts, width=300), 72).width >= 299
    assert chart_image(vertical_bars(bars, fonts, width=300, height=120), 72).height >= 119


def test_charts_as_svg_and_picture(fonts):
    drawing = horizontal_bars(TOPICS, fonts, width=400)
    svg = chart_svg(drawing)
    root = ET.fromstring(svg[svg.index("<svg") :])  # noqa: S314 our own output
    assert root.tag.endswith("svg")
    assert "Atkinson Hyperlegible Next" in svg
    assert "Quartierslotse-Text" not in svg
    image = chart_image(drawing, 144)
    assert image.width == pytest.approx(800, abs=2)


def test_german_numbers():
    assert [german_number(value) for value in (0, 999, 1000, 1234567)] == ["0", "999", "1.000", "1.234.567"]
    assert german_number(1234.5, 1) == "1.234,5"
    assert [german_percent(1, 3), german_percent(1, 500), german_percent(0, 5), german_percent(1, 0)] == [
        "33\u00a0%",
        "< 1\u00a0%",
        "0\u00a0%",
        "–",
    ]
