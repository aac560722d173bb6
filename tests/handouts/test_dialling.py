from __future__ import annotations

import pytest

from desktop_app.handouts.dialling import NumberKind, dialable, shown_address, web_address, written_numbers


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("030 500186 23", "03050018623"),
        ("+49 (0) 208 / 12-34", "+492081234"),
        ("0049 (0)30 12", "00493012"),
        ("110", "110"),
        (" 0177/713544 ", "0177713544"),
        ("030 1 oder 030 2", ""),
        ("", ""),
        ("12", ""),
        ("030 123456 789 1234 5678", ""),
        ("030" + "-" * 60 + "1", ""),
        ("Zentrale", ""),
    ],
)
def test_numbers(written, dialled):
    assert dialable(written) == dialled


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("http://www.a.de/B", "http://www.a.de/B"),
        ("www.a.de", "https://www.a.de"),
        ("HTTPS://a.de?x=1", "HTTPS://a.de?x=1"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("a b.de", ""),
        ("info@a.de", ""),
        ("keine", ""),
        ("https://a.de/" + "x" * 300, ""),
        ("", ""),
    ],
)
def test_addresses(written, opened):
    assert web_address(written) == opened


def test_addresses_as_people_read_them():
    assert shown_address(" https://www.a.de/ ") == "www.a.de"


VOICE, MOBILE, FAX = NumberKind.VOICE, NumberKind.MOBILE, NumberKind.FAX


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("030 5162599", [(VOICE, "030 5162599")]),
        ("Telefon: 030 5162599", [(VOICE, "030 5162599")]),
        ("Telefon: 030 9627710, Fax 030 96277150", [(VOICE, "030 9627710"), (FAX, "030 96277150")]),
        ("Telefon: 030 96069999, Mobil: 0175 2992995", [(VOICE, "030 96069999"), (MOBILE, "0175 2992995")]),
        ("030 9721419 oder 0151/ 259 638 51", [(VOICE, "030 9721419"), (VOICE, "0151/ 259 638 51")]),
        ("030 5125119/ 030 5123006", [(VOICE, "030 5125119"), (VOICE, "030 5123006")]),
        ("Tel.: +49 (0)30 12-34; Telefax +49 30 1235", [(VOICE, "+49 (0)30 12-34"), (FAX, "+49 30 1235")]),
        ("030 12 34 oder im Büro fragen", [(VOICE, "030 12 34 oder im Büro fragen")]),
        ("Zentrale", [(VOICE, "Zentrale")]),
        ("", [(VOICE, "")]),
    ],
)
def test_numbers_in_words_are_taken_apart_only_if_all_is_clear(text, numbers):
    assert list(written_numbers(text)) == numbers
