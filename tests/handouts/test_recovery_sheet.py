from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest

from desktop_app.core.errors import UserError
from desktop_app.documents.render import page_images
from desktop_app.security.recovery_key import new_recovery_key, parse_recovery_key


@pytest.fixture
def groups() -> tuple[str, ...]:
    return new_recovery_key(lambda count: bytes(range(count)))


def make(handouts, groups) -> bytes:
    return handouts.recovery_sheet(office="Quartiersbüro", carrier="AWO", groups=groups, created=date(2026, 11, 22))


def test_the_key_is_on_one_page_and_nowhere_else(handouts, groups):
    pdf = make(handouts, groups)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    text = "".join(reader.pages[0].extract_text().split())
    position = 0
    for number, group in enumerate(groups, start=1):
        position = text.index(f"{number}.{group}", position)
    for part in ("Wiederherstellungsblatt", "Tresor", "Unterschrift", "22.November2026", "Quartiersbüro"):
        assert part in text
    properties = repr(reader.metadata)
    assert not any(group in properties for group in groups)


def test_the_code_holds_a_key_that_opens(handouts, groups):
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image

    (image,) = page_images(make(handouts, groups), 150)
    picture = Image.frombytes("RGBA", (image.width, image.height), image.rgba).convert("L")
    (code,) = zxingcpp.read_barcodes(picture)
    assert parse_recovery_key(code.text) == parse_recovery_key(" ".join(groups))


@pytest.mark.parametrize("groups", [(), ("ABCD", " ")])
def test_without_a_key_there_is_no_sheet(handouts, groups):
    with pytest.raises(UserError, match="schlüssel"):
        make(handouts, groups)
