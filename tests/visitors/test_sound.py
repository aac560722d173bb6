"""Kölner Phonetik, with the examples that it is usually shown with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.visitors.sound import sound_code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Wikipedia", "3412"),
        ("Breschnew", "17863"),
        ("Müller-Lüdenscheidt", "65752682"),
        ("Müller", "657"),
        ("Mueller", "657"),
        ("Miller", "657"),
        ("Meyer", "67"),
        ("Mayr", "67"),
        ("Maier", "67"),
        ("Schmidt", "862"),
        ("Schmitt", "862"),
        ("Düsseldorf", "285273"),
        ("Philipp", "351"),
        ("Xaver", "4837"),
        ("Max", "648"),
        ("Hexe", "048"),
        ("Claas", "458"),
        ("Klaas", "458"),
        ("Chlor", "457"),
        ("Cäsar", "487"),
        ("Zacher", "847"),
        ("Scharf", "873"),
        ("Ascona", "086"),
        ("Ratz", "78"),
        ("Weiß", "38"),
        ("Weiss", "38"),
        ("Aïcha", "04"),
        ("Otto", "02"),
        ("H", ""),
        ("", ""),
        ("Ирина", ""),
        ("12", ""),
    ],
)
def test_the_code(word: str, code: str) -> None:
    assert sound_code(word) == code


@given(st.text(max_size=40))
def test_any_text_has_a_code_of_digits_without_repeats(text: str) -> None:
    code = sound_code(text)
    assert set(code) <= set("012345678")
    assert "0" not in code[1:]
    assert code == sound_code(text.lower()) == sound_code(text.upper()) or not text.isascii()
