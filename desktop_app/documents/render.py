"""Pages of a PDF as pictures: the same ones for the preview and for the printer, so that both agree."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdfium2 import PdfDocument

_POINTS_PER_INCH: Final = 72.0
# PDFium keeps global state: one thread at a time.
_PDFIUM = threading.Lock()


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page, opaque, four bytes a pixel (red, green, blue, alpha), rows from the top without padding."""

    width: int
    height: int
    rgba: bytes


def page_count(pdf: bytes) -> int:
    """Return the number of pages. Raises UserError if the bytes are not a readable PDF."""
    with _PDFIUM:
        document = _opened(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Return width and height of each page in points."""
    with _PDFIUM:
        document = _opened(pdf)
        try:
            return tuple(document.get_page_size(number) for number in range(len(document)))
        finally:
            document.close()


def page_images(
    pdf: bytes, dots_per_inch: float, *, pages: Sequence[int] | None = None, grey: bool = False
) -> list[PageImage]:
    """Return pictures of all pages, or of those with the given numbers from 0, at this resolution.

    `grey` shows what a black-and-white printer makes of them. Raises UserError if the bytes are not a PDF.
    """
    return list(iterate_page_images(pdf, dots_per_inch, pages=pages, grey=grey))


def iterate_page_images(
    pdf: bytes, dots_per_inch: float, *, pages: Sequence[int] | None = None, grey: bool = False
) -> Iterator[PageImage]:
    """Like `page_images`, one page at a time: a long document at printer resolution fills the memory otherwise."""
    numbers = range(page_count(pdf)) if pages is None else pages
    for number in numbers:
        with _PDFIUM:
            document = _opened(pdf)
            try:
                image = _rendered(document, number, dots_per_inch, grey=grey)
            finally:
                document.close()
        yield image


def png(image: PageImage) -> bytes:
    """Return a picture of a page as a PNG file."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.frombytes("RGBA", (image.width, image.height), image.rgba).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def _opened(pdf: bytes) -> PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as problem:
        raise UserError(
            tr("Diese Datei lässt sich nicht als PDF lesen. Bitte erstellen Sie das Blatt noch einmal.")
        ) from problem


def _rendered(document: PdfDocument, number: int, dots_per_inch: float, *, grey: bool) -> PageImage:
    page = document[number]
    try:
        bitmap = page.render(
            scale=dots_per_inch / _POINTS_PER_INCH,
            grayscale=grey,
            rev_byteorder=True,
            force_bitmap_format=_rgbx(),
            fill_color=(255, 255, 255, 255),
        )
        try:
            width, height, stride = bitmap.width, bitmap.height, bitmap.stride
            pixels = bytearray(bitmap.buffer)
        finally:
            bitmap.close()
    finally:
        page.close()
    row = width * 4
    if stride != row:
        pixels = bytearray(b"".join(pixels[line * stride : line * stride + row] for line in range(height)))
    pixels[3::4] = b"\xff" * (width * height)
    return PageImage(width, height, bytes(pixels))


def _rgbx() -> int:
    import pypdfium2.raw

    return int(pypdfium2.raw.FPDFBitmap_BGRx)
