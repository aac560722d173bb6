from __future__ import annotations

import io

import pytest
import segno
from reportlab.pdfgen.canvas import Canvas

from desktop_app.documents.qr import LONGEST_CONTENT, QrCode, dark_runs
from desktop_app.documents.render import page_images

CONTENTS = [
    "tel:+4920812345",
    "https://www.awo-oberhausen.example/beratung?ort=Sterkrade&größe=1",
    "7GQ4-M2PX-9HRT",
    "x" * 300,
]


def rendered(content: str, side: float = 80.0, dots_per_inch: float = 200):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(side, side))
    QrCode(content, side).drawOn(canvas, 0, 0)
    canvas.save()
    return page_images(buffer.getvalue(), dots_per_inch)[0]


@pytest.mark.parametrize("content", CONTENTS)
def test_every_module_is_where_the_code_wants_it(content):
    matrix = [list(row) for row in segno.make_qr(content, error="m", boost_error=False).matrix]
    image = rendered(content, dots_per_inch=400)
    modules = len(matrix) + 8
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            x = int((column + 4.5) * image.width / modules)
            y = int((row + 4.5) * image.height / modules)
            assert (image.rgba[(y * image.width + x) * 4] < 128) == bool(dark), (row, column)


@pytest.mark.parametrize("content", CONTENTS)
def test_a_camera_reads_the_printed_code(content):
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image

    image = rendered(content)
    picture = Image.frombytes("RGBA", (image.width, image.height), image.rgba).convert("L")
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == content


def test_the_code_is_one_path():
    modules, runs = dark_runs("tel:123")
    assert modules == 21
    assert sum(length for _row, _column, length in runs) > 100
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    QrCode("tel:123", 60).drawOn(canvas, 0, 0)
    canvas.save()
    assert buffer.getvalue().count(b" f*") + buffer.getvalue().count(b" f\n") <= 1


@pytest.mark.parametrize("content", ["", "x" * (LONGEST_CONTENT + 1)])
def test_contents_that_paper_cannot_hold(content):
    with pytest.raises(ValueError, match="300"):
        QrCode(content, 50)
