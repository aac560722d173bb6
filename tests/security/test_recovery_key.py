"""The printed recovery key: typed by hand, with the mistakes of hands and eyes."""

from __future__ import annotations

import secrets
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import InputError
from desktop_app.security.recovery_key import new_recovery_key, parse_recovery_key

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
keys = st.binary(min_size=20, max_size=20).map(lambda value: new_recovery_key(lambda _count: value))


@given(keys)
def test_what_is_printed_can_be_typed(groups: tuple[str, ...]) -> None:
    assert len(groups) == 9
    assert {len(group) for group in groups} == {4}
    assert set("".join(groups)) <= set(ALPHABET)
    secret = parse_recovery_key(" ".join(groups))
    assert secret == "".join(groups)[:32]
    for typed in ("-".join(groups).lower(), "".join(groups), "\n".join(groups) + "\n", " – ".join(groups)):
        assert parse_recovery_key(typed) == secret


@given(keys)
def test_letters_that_look_like_digits_are_understood(groups: tuple[str, ...]) -> None:
    printed = " ".join(groups)
    for digit, lookalikes in {"0": "Oo", "1": "IiLl"}.items():
        for lookalike in lookalikes:
            assert parse_recovery_key(printed.replace(digit, lookalike)) == parse_recovery_key(printed)


@given(keys, st.integers(0, 35), st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_told_as_a_typing_mistake(groups: tuple[str, ...], place: int, letter: str) -> None:
    letters = "".join(groups)
    typed = letters[:place] + letter + letters[place + 1 :]
    if typed == letters:
        return
    with pytest.raises(InputError, match="Tippfehler") as caught:
        parse_recovery_key(typed)
    assert caught.value.field == "recovery_key"


@given(keys, st.integers(0, 34))
def test_two_swapped_letters_are_told_as_a_typing_mistake(groups: tuple[str, ...], place: int) -> None:
    letters = "".join(groups)
    typed = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    if typed != letters:
        with pytest.raises(InputError, match="Tippfehler"):
            parse_recovery_key(typed)


@pytest.mark.parametrize("typed", ["", "ABCD", "0000 " * 8, "0000 " * 10, "x" * 1000])
def test_a_wrong_length_says_how_many_groups_there_are(typed: str) -> None:
    with pytest.raises(InputError, match="neun Gruppen zu vier Zeichen"):
        parse_recovery_key(typed)


@pytest.mark.parametrize("letter", ["U", "Ä", "ß", "²", "Ж", "٣"])
def test_letters_that_are_never_printed_are_told_as_a_mistake(letter: str) -> None:
    groups = "".join(new_recovery_key())
    with pytest.raises(InputError):
        parse_recovery_key(letter + groups[1:])


def test_new_keys_differ_and_use_all_their_bits() -> None:
    made = {"".join(new_recovery_key()) for _ in range(200)}
    assert len(made) == 200
    for place in range(32):
        assert len({key[place] for key in made}) > 16
    assert not set(string.ascii_lowercase) & set("".join(made))


def test_two_keys_do_not_share_their_secret() -> None:
    value = secrets.token_bytes(20)
    changed = value[:-1] + bytes([value[-1] ^ 1])
    one, other = (parse_recovery_key("".join(new_recovery_key(lambda _n, v=v: v))) for v in (value, changed))
    assert one != other
