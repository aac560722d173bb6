from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest

from desktop_app.core.errors import UserError
from desktop_app.documents.fonts import FontLibrary
from desktop_app.documents.render import page_images
from desktop_app.environment.folders import resources_folder
from desktop_app.sync.office_key_sheet import office_key_sheet
from desktop_app.sync.office_recovery import new_office_recovery, parse_office_recovery

GROUPS = new_office_recovery(lambda count: bytes(range(count)))


def make(groups: tuple[str, ...] = GROUPS) -> bytes:
    fonts = FontLibrary(resources_folder() / "fonts")
    return office_key_sheet(fonts, office="Quartiersbüro", carrier="AWO", groups=groups, created=date(2026, 11, 22))


def test_the_key_is_on_one_page_and_nowhere_else() -> None:
    pdf = make()
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    text = "".join(reader.pages[0].extract_text().split())
    position = 0
    for number, group in enumerate(GROUPS, start=1):
        position = text.index(f"{number}.{group}", position)
    for part in ("Büro-SchlüsselfürdenAbgleich", "Tresor", "Unterschrift", "22.November2026", "Quartiersbüro"):
        assert part in text
    assert not any(group in repr(reader.metadata) for group in GROUPS)


def test_the_code_on_the_sheet_opens() -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image

    (image,) = page_images(make(), 150)
    picture = Image.frombytes("RGBA", (image.width, image.height), image.rgba).convert("L")
    (code,) = zxingcpp.read_barcodes(picture)
    assert parse_office_recovery(code.text) == parse_office_recovery(" ".join(GROUPS))


@pytest.mark.parametrize("groups", [(), ("ABCD", " ")])
def test_without_a_key_there_is_no_sheet(groups: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match="Schlüssel"):
        make(groups)
