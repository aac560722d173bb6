from __future__ import annotations

import pytest

from desktop_app.handouts.dialling import dialable, shown_address, web_address


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
