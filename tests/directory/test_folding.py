"""Both sides of a search meet in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.directory.folding import fold, fold_with_positions, plain_text, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("MÜLLER", "muller"),
        ("Straße", "Strasse"),
        ("Gensinger Str. 58", "Gensinger Straße 58"),
        ("Dolgenseestr. 3", "dolgenseestrasse 3"),
        ("Cafe\u0301", "Café"),
        ("Jugend-Club", "Jugend Club"),
        ("Größe", "groesse"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_words_stay_different() -> None:
    assert fold("Brücke") != fold("Lücke")


@pytest.mark.parametrize("whole", ["Steuererklärung", "Müllerstraße", "Neue Nachbarn", "Köln", "Fußpflege", "Behörde"])
def test_every_beginning_of_a_word_folds_to_a_beginning(whole: str) -> None:
    for length in range(1, len(whole) + 1):
        assert fold(whole).startswith(fold(whole[:length]))


@given(st.text())
def test_positions_lead_to_the_same_words(text: str) -> None:
    folded, positions = fold_with_positions(text)
    assert folded.split() == words(text)
    assert len(positions) == len(folded) + 1
    assert positions == sorted(positions)
    assert positions[-1] == len(text)


@given(st.text())
def test_folding_leaves_letters_and_digits_only(text: str) -> None:
    folded = fold(text)
    assert folded == folded.strip()
    assert all(character.isalnum() or character == " " for character in folded)


def test_html_of_a_web_editor_reads_as_text() -> None:
    assert plain_text("<p>Rat &amp; Hilfe</p><br/>täglich").split() == ["Rat", "&", "Hilfe", "täglich"]
    assert plain_text("5 < 6") == "5 < 6"
