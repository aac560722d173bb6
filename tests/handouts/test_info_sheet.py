from __future__ import annotations

import dataclasses
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import UserError
from desktop_app.documents.render import page_images
from desktop_app.handouts.records import (
    BasketSheet,
    Sender,
    SheetEntry,
    SheetHours,
    SheetOptions,
    SheetPhone,
    SheetPlace,
)

TODAY = date(2026, 11, 22)
ALL_OPTIONS = [SheetOptions(paper, points) for paper in ("A4", "A5") for points in (12, 14, 18)]
SHORT = SheetEntry("s2", "Seniorencafé")


def flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("options", ALL_OPTIONS, ids=lambda options: f"{options.paper}-{options.font_points}")
def test_a_full_sheet_says_everything_at_every_size(handouts, read_text, sender, full_entry, options):
    pdf = handouts.info_sheet([full_entry], options, sender, today=TODAY, personal_note="Am Dienstag anrufen.")
    text = flat(read_text(pdf))
    for part in (
        *(
            "Quartiersbüro Sterkrade",
            "AWO Kreisverband Musterstadt e. V.",
            full_entry.title,
            "0208 825-4567",
            "Durchwahl 12",
        ),
        *("Frau Demir", "0208 825-4599", "Fax: 0208 825-4500", "Leistungen der Pflegekasse", "& wer hilft", "•"),
        *(
            "Öffnungszeiten",
            "Montag",
            "8:30 bis 12:00 Uhr",
            "So kommen Sie hin",
            "Bahnhofstraße 66",
            "Haltestelle „Sterkrade",
        ),
        *(
            "Aufzug mit 95 cm",
            "Bitte mitbringen",
            "Schreiben der Pflegekasse",
            "kostenlos",
            "Deutsch, Türkisch",
            "zwei Wochen",
        ),
        *(
            "www.pflege.example/beratung",
            "pflege@musterstadt.example",
            "geprüft am 3. September 2026",
            "Dezember bis 3. Januar",
        ),
        *("Am Dienstag anrufen.", "Seite 1 von", "22.11.2026", "Steinbrinkstraße 188"),
    ):
        assert flat(part) in text, part


def test_the_number_comes_first_and_is_the_biggest_text(handouts, sender, full_entry):
    pdf = handouts.info_sheet([full_entry], SheetOptions("A4", 14), sender, today=TODAY)
    seen: list[tuple[float, str]] = []

    def visit(text, _matrix, text_matrix, _font, size):
        if text.strip():
            seen.append((size * text_matrix[0], text.strip()))

    pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    order = [text for _size, text in seen]
    number = next(index for index, text in enumerate(order) if "825-4567" in text)
    assert number < next(index for index, text in enumerate(order) if "Kostenlose Beratung" in text)
    assert seen[number][0] == max(size for size, _text in seen)


def test_missing_data_is_left_out_and_said_honestly(handouts, read_text):
    text = read_text(handouts.info_sheet([SHORT], SheetOptions(), Sender("Büro"), today=TODAY))
    assert "Eine Telefonnummer ist nicht bekannt." in text
    assert "noch nicht geprüft" in text
    for heading in (
        "Öffnungszeiten",
        "mitbringen",
        "kommen Sie hin",
        "Was kostet",
        "Internet",
        "E-Mail",
        "Sprachen",
        "Dolmetschen",
        "None",
    ):
        assert heading not in text
    assert "Seite 1 von 1" in text


def test_several_services_make_a_merkzettel_with_an_overview(handouts, read_text, sender, full_entry):
    basket = BasketSheet(
        (full_entry, SHORT, dataclasses.replace(SHORT, title="Mittagstisch")), "Frau K. fragt am Dienstag nach."
    )
    pdf = handouts.info_sheet(basket.entries, SheetOptions(), sender, today=TODAY, personal_note=basket.personal_note)
    text = read_text(pdf)
    assert text.index("Ihr Merkzettel") < text.index("Frau K. fragt") < text.index("Auf einen Blick")
    overview = text[text.index("Auf einen Blick") : text.index("1. Pflegestützpunkt", text.index("ohne Telefon"))]
    assert "0208 825-4567" in flat(overview).replace("0208825-4567", "0208 825-4567")
    assert overview.count("ohne Telefon") == 2
    for number, title in enumerate(("Pflegestützpunkt", "Seniorencafé", "Mittagstisch"), start=1):
        assert f"{number}. {title}" in text
    metadata = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    assert metadata.title == "Merkzettel"
    assert "Frau K." not in repr(metadata)
    assert "Frau K." not in repr(basket)


def test_a_short_service_is_not_torn_apart(handouts, sender):
    entry = SheetEntry(
        "s",
        "Besuchsdienst",
        phones=(SheetPhone("030 1234567"),),
        description="Wir kommen zu Ihnen. " * 8,
        email="a@b.example",
    )
    entries = [
        dataclasses.replace(entry, title=f"Dienst{number}", email=f"m{number}@b.example") for number in range(12)
    ]
    pdf = handouts.info_sheet(entries, SheetOptions("A4", 14), sender, today=TODAY)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    for number in range(12):
        title, last = f"{number + 1}. Dienst{number}\n", f"m{number}@b.example"
        assert [title in page for page in pages].index(True) == [last in page for page in pages].index(True)
    assert len(pages) <= 7


@pytest.mark.parametrize("options", ALL_OPTIONS, ids=lambda options: f"{options.paper}-{options.font_points}")
def test_codes_for_telephone_and_link_can_be_read(handouts, sender, full_entry, options):
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image

    for entries in ([full_entry], [full_entry, SHORT]):
        found = set()
        for image in page_images(handouts.info_sheet(entries, options, sender, today=TODAY), 150, grey=True):
            picture = Image.frombytes("RGBA", (image.width, image.height), image.rgba).convert("L")
            found |= {code.text for code in zxingcpp.read_barcodes(picture)}
        assert found == {"tel:02088254567", "https://www.pflege.example/beratung"}


@pytest.mark.parametrize("options", ALL_OPTIONS, ids=lambda options: f"{options.paper}-{options.font_points}")
def test_nothing_is_drawn_into_the_margins(handouts, sender, full_entry, options):
    long = dataclasses.replace(
        full_entry,
        title="Donaudampfschifffahrtsgesellschaftskapitänsberatungsstelle",
        phones=(SheetPhone("+49 (0) 208 / 825 45 67 - 8910"), SheetPhone("0208 1 oder 0163 2 oder 0170 3 oder 0177 4")),
        website="https://www." + "sehr-lang" * 12 + ".example/" + "pfad/" * 15,
        email="e" * 100 + "@musterstadt.example",
    )
    for image in page_images(handouts.info_sheet([long, full_entry], options, sender, today=TODAY), 72):
        margin = int((20 if options.paper == "A4" else 13) / 25.4 * 72) - 2
        for line in range(image.height):
            row = image.rgba[line * image.width * 4 : (line + 1) * image.width * 4]
            assert set(row[: margin * 4]) | set(row[-margin * 4 :]) <= {255}, line


def test_the_number_of_the_place_is_used_if_the_service_has_none(handouts, read_text, sender):
    entry = SheetEntry(
        "s", "Treff", places=(SheetPlace(phones=(SheetPhone("030 99"),), hours=(SheetHours("Montag", "9 Uhr"),)),)
    )
    text = read_text(handouts.info_sheet([entry], SheetOptions(), sender, today=TODAY))
    assert "030 99" in text
    assert "nicht bekannt" not in text
    assert "Öffnungszeiten" in text
    assert "9 Uhr" in text


def test_unknown_hours_are_a_sentence_not_a_table(handouts, read_text, sender):
    entry = SheetEntry("s", "Treff", hours=(SheetHours("", "Zeiten bitte erfragen"),))
    assert "Zeiten bitte erfragen" in read_text(handouts.info_sheet([entry], SheetOptions(), sender, today=TODAY))


def test_same_input_same_text_and_nothing_kept(handouts, read_text, sender, full_entry):
    first = handouts.info_sheet([full_entry], SheetOptions(), sender, today=TODAY, personal_note="geheim")
    second = handouts.info_sheet([full_entry], SheetOptions(), sender, today=TODAY)
    assert "geheim" in read_text(first)
    assert "geheim" not in read_text(second)


def test_services_without_a_name_are_called_so(handouts, read_text, sender):
    nameless = SheetEntry("s", "<img src=x>")
    for entries in ([nameless], [nameless, nameless]):
        assert "Angebot ohne Namen" in read_text(handouts.info_sheet(entries, SheetOptions(), sender, today=TODAY))


def test_wrong_orders_are_explained(handouts, sender, full_entry):
    with pytest.raises(UserError, match="leer"):
        handouts.info_sheet([], SheetOptions(), sender, today=TODAY)
    with pytest.raises(UserError, match="A4 und A5"):
        handouts.info_sheet([full_entry], SheetOptions("A3", 14), sender, today=TODAY)
    with pytest.raises(UserError, match="12, 14 oder 18"):
        handouts.info_sheet([full_entry], SheetOptions("A4", 13), sender, today=TODAY)


def test_a_black_and_white_printer_loses_nothing(handouts, sender, full_entry):
    pdf = handouts.info_sheet([full_entry], SheetOptions(), sender, today=TODAY)
    for colour, grey in zip(page_images(pdf, 72), page_images(pdf, 72, grey=True), strict=True):
        assert max(abs(a - b) for a, b in zip(colour.rgba[0::4], grey.rgba[0::4], strict=True)) <= 2
        assert colour.rgba[0::4] == colour.rgba[1::4] == colour.rgba[2::4]


ANY = st.text(st.characters(), max_size=40)
TEXT = st.one_of(
    ANY, st.sampled_from(["<b>", "<img src=x>", "&", "x" * 900, "Zeile\n" * 40, "<ul><li>a</ul>", "030 123"])
)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
PHONES = st.lists(st.builds(SheetPhone, TEXT, TEXT, TEXT, st.booleans()), max_size=4).map(tuple)
HOURS = st.lists(st.builds(SheetHours, TEXT, TEXT), max_size=3).map(tuple)
PLACES = st.lists(st.builds(SheetPlace, TEXT, TEXTS, TEXT, TEXTS, HOURS, PHONES), max_size=2).map(tuple)
ENTRIES = st.builds(
    SheetEntry,
    *(
        TEXT,
        TEXT,
        TEXT,
        TEXT,
        TEXT,
        PHONES,
        PLACES,
        HOURS,
        TEXTS,
        TEXTS,
        TEXTS,
        TEXT,
        TEXT,
        TEXT,
        TEXT,
        TEXT,
        TEXT,
        TEXT,
        TEXT,
    ),
)
SENDERS = st.builds(Sender, TEXT, TEXT, TEXTS, TEXT, TEXT, TEXT)


@settings(max_examples=15, deadline=None)
@given(
    entries=st.lists(ENTRIES, min_size=1, max_size=3), sender_=SENDERS, options=st.sampled_from(ALL_OPTIONS), note=TEXT
)
def test_any_data_can_be_printed(handouts, entries, sender_, options, note):
    pdf = handouts.info_sheet(entries, options, sender_, today=TODAY, personal_note=note)
    assert pdf.startswith(b"%PDF")


def test_naughty_strings_everywhere(handouts, sender):
    path = Path(__file__).resolve().parents[1] / "data" / "text" / "blns.json"
    strings = json.loads(path.read_text(encoding="utf-8"))
    for start in range(0, len(strings), 40):
        some = tuple(strings[start : start + 40])
        entry = SheetEntry(
            "s",
            some[0],
            description="\n\n".join(some),
            phones=tuple(SheetPhone(text, text, text) for text in some[:5]),
            hours=tuple(SheetHours(text, text) for text in some),
            bring_along=some,
            website=some[-1],
            email=some[-2],
        )
        assert handouts.info_sheet([entry], SheetOptions("A5", 18), sender, today=TODAY)


def test_sheets_made_at_the_same_time_do_not_mix(handouts, read_text, sender, full_entry):
    entries = [
        dataclasses.replace(full_entry, title=f"Angebot Nummer {number} für Ğül und Жанна") for number in range(12)
    ]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: handouts.info_sheet([one], SheetOptions(), sender, today=TODAY), entries))
    alone = [handouts.info_sheet([entry], SheetOptions(), sender, today=TODAY) for entry in entries]
    assert [read_text(pdf) for pdf in made] == [read_text(pdf) for pdf in alone]
