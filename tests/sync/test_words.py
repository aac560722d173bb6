"""The words that two screens show: hard to mistake on the telephone, different as soon as one bit differs."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from desktop_app.core.errors import InputError
from desktop_app.environment.folders import resources_folder
from desktop_app.sync.words import WORD_COUNT, comparison_of, is_same_payload, word_list
from desktop_app.visitors.sound import sound_code

pytestmark = pytest.mark.usefixtures("dear_words")

OFFICE, ONE, OTHER = "0192a3b4-0000-7000-8000-000000000001", b"a" * 32 + b"n" * 32, b"b" * 32 + b"m" * 32
slow = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_there_are_256_plain_words() -> None:
    words = word_list()
    assert len(words) == len(set(words)) == 256
    assert list(words) == sorted(words)
    assert all(word.isascii() and word.isalpha() and word.istitle() and 4 <= len(word) <= 9 for word in words)


def test_four_letters_tell_which_word_it_is() -> None:
    assert len({word[:4].lower() for word in word_list()}) == 256


def test_no_two_words_are_written_or_sound_alike() -> None:
    close = [pair for pair in itertools.combinations(map(str.lower, word_list()), 2) if Levenshtein.distance(*pair) < 3]
    assert close == []
    assert len({sound_code(word) for word in word_list()}) == 256


def test_the_order_of_the_words_never_changes() -> None:
    """Programs of different age compare words: another order would make them differ for no reason."""
    assert hashlib.sha256("\n".join(word_list()).encode()).hexdigest() == LIST_DIGEST


def test_the_list_says_under_which_licence_it_is() -> None:
    assert "CC0 1.0" in (resources_folder() / "words" / "LICENSE.txt").read_text(encoding="utf-8")


def test_both_sides_show_the_same_words() -> None:
    mine, theirs = comparison_of(OFFICE, (ONE, OTHER)), comparison_of(OFFICE, (OTHER, ONE))
    assert mine == theirs
    assert len(mine.words) == WORD_COUNT
    assert set(mine.words) <= set(word_list())
    assert is_same_payload(theirs.payload, mine)
    assert is_same_payload(theirs.payload.lower() + "\n", mine)


@slow
@given(st.integers(0, 511), st.booleans())
def test_one_bit_more_or_less_changes_words_and_code(bit: int, first: bool) -> None:
    changed = bytearray(ONE if first else OTHER)
    changed[bit // 8] ^= 1 << bit % 8
    mine = comparison_of(OFFICE, (ONE, OTHER))
    theirs = comparison_of(OFFICE, (bytes(changed), OTHER) if first else (ONE, bytes(changed)))
    assert sum(one != other for one, other in zip(mine.words, theirs.words, strict=True)) >= 5
    assert not is_same_payload(theirs.payload, mine)


def test_another_office_or_another_cut_between_the_parts_shows_other_words() -> None:
    mine = comparison_of(OFFICE, (ONE, OTHER))
    for context, parties in (
        (OFFICE + "x", (ONE, OTHER)),
        (OFFICE, (ONE + OTHER[:1], OTHER[1:])),
        (OFFICE, (ONE + OTHER,)),
        (OFFICE, (ONE, OTHER, b"")),
    ):
        assert comparison_of(context, parties).words != mine.words


@pytest.mark.parametrize("scanned", ["", "QL1-ABCDE", "https://abgleich.example", "QLW1-ABC", "QLW1-" + "U" * 26])
def test_another_code_is_told(scanned: str) -> None:
    with pytest.raises(InputError, match="neben den acht Wörtern"):
        is_same_payload(scanned, comparison_of(OFFICE, (ONE, OTHER)))


def test_the_words_stay_what_they_are() -> None:
    found = comparison_of(OFFICE, (ONE, OTHER))
    assert " ".join(found.words) == GOLDEN_WORDS
    assert found.payload == GOLDEN_PAYLOAD


LIST_DIGEST = "0c3ef7d1f8e51c2821234c8927ac7f5becacf1a3737ff5abd63f3787c8a717e6"
GOLDEN_WORDS = "Qualle Brot Welle Winter Motor Knopf Mond Kirsche"
GOLDEN_PAYLOAD = "QLW1-N8DF1WW0BNZ5GP5NEZQ3E5ENP3"
