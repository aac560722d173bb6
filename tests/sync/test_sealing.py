"""Sealed records: they open in their own place with their own key and nowhere else, and tell the hub next to nothing."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.sync.sealing import (
    STEP_BYTES,
    KeyId,
    NewerSeal,
    OfficeKeys,
    Place,
    SealBroken,
    Stamp,
    UnknownKey,
    derived_key,
    key_id_in,
    key_id_of,
    open_sealed,
    seal,
    wire_id,
)

KEY, FORMER, INDEX = bytes(range(32)), bytes(range(1, 33)), bytes(range(64, 96))
WRITER = "018f0000-0000-7000-8000-00000000000a"
HEADER = 1 + 16 + 24

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
places = st.builds(Place, texts, texts, texts)
numbers = st.integers(0, 2**63 - 1)
contents = st.binary(max_size=700)


def keys_of(current: bytes, *former: bytes) -> OfficeKeys:
    return OfficeKeys(key_id_of(current), {key_id_of(key): key for key in (current, *former)}, INDEX)


KEYS = keys_of(KEY)
PLACE = Place("office-6f1c2b0e-5d0a-4f8e-9f55-0d7d35b0a001", "r", wire_id(INDEX, "contact", "018f-1"))


def sealed(plain: bytes = b"Frau Petersen, Wohngeld", place: Place = PLACE, keys: OfficeKeys = KEYS) -> str:
    return seal(keys, place, writer=WRITER, counter=7, base=41, version=3, plain=plain)


@given(places, contents, numbers, numbers, st.integers(0, 0xFFFF), st.text(min_size=1, max_size=60))
def test_what_was_sealed_opens(place: Place, plain: bytes, counter: int, base: int, version: int, writer: str) -> None:
    text = seal(KEYS, place, writer=writer, counter=counter, base=base, version=version, plain=plain)
    assert open_sealed(KEYS, place, text) == (Stamp(KEYS.current, writer, counter, base, version), plain)
    assert key_id_in(text) == KEYS.current


@given(contents, st.data())
def test_any_flipped_bit_is_refused(plain: bytes, data: st.DataObject) -> None:
    raw = bytearray(base64.b64decode(sealed(plain)))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises((SealBroken, UnknownKey, NewerSeal)):
        open_sealed(KEYS, PLACE, base64.b64encode(raw).decode())


@given(st.data())
def test_any_changed_letter_of_the_text_is_refused(data: st.DataObject) -> None:
    text = sealed()
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters().filter(lambda other: other != text[place]))
    with pytest.raises((SealBroken, UnknownKey, NewerSeal)):
        open_sealed(KEYS, PLACE, text[:place] + letter + text[place + 1 :])


@given(contents, st.data())
def test_a_record_cut_anywhere_or_with_a_tail_is_refused(plain: bytes, data: st.DataObject) -> None:
    raw = base64.b64decode(sealed(plain))
    cut = raw[: data.draw(st.integers(0, len(raw) - 1))]
    for wrong in (cut, raw + b"\0", raw + bytes(STEP_BYTES)):
        with pytest.raises(SealBroken):
            open_sealed(KEYS, PLACE, base64.b64encode(wrong).decode())


@pytest.mark.parametrize("text", ["", " ", "kein base64", "AAAA", "=", "ä", "QUJD\n", "{}", "A" * 1000, "\0", "🂡"])
def test_what_was_never_sealed_is_refused(text: str) -> None:
    with pytest.raises(SealBroken):
        open_sealed(KEYS, PLACE, text)


@given(places)
def test_a_record_opens_in_its_own_place_only(other: Place) -> None:
    text = sealed()
    if other != PLACE:
        with pytest.raises(SealBroken):
            open_sealed(KEYS, other, text)


@pytest.mark.parametrize("part", ["space", "collection", "record_id"])
def test_each_part_of_the_place_counts(part: str) -> None:
    with pytest.raises(SealBroken):
        open_sealed(KEYS, dataclasses.replace(PLACE, **{part: getattr(PLACE, part) + "x"}), sealed())


def test_letters_moved_from_one_part_of_the_place_to_the_next_are_told() -> None:
    text = sealed(place=Place("office-a", "rb", "c"))
    for other in (Place("office-ar", "b", "c"), Place("office-a", "r", "bc"), Place("office-arb", "", "c")):
        with pytest.raises(SealBroken):
            open_sealed(KEYS, other, text)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(UnknownKey) as caught:
        open_sealed(keys_of(FORMER), PLACE, sealed())
    assert caught.value.key_id == KEYS.current


def test_the_name_of_another_known_key_does_not_open_it() -> None:
    both = keys_of(KEY, FORMER)
    raw = bytearray(base64.b64decode(sealed()))
    raw[1:17] = bytes.fromhex(key_id_of(FORMER))
    with pytest.raises(SealBroken):
        open_sealed(both, PLACE, base64.b64encode(raw).decode())


def test_a_former_key_still_reads_and_no_longer_seals() -> None:
    before, after = keys_of(FORMER), keys_of(KEY, FORMER)
    stamp, plain = open_sealed(after, PLACE, sealed(b"alt", keys=before))
    assert (stamp.key_id, plain) == (key_id_of(FORMER), b"alt")
    assert key_id_in(sealed(keys=after)) == key_id_of(KEY)


def test_a_newer_format_is_told_from_damage() -> None:
    raw = bytearray(base64.b64decode(sealed()))
    raw[0] = 2
    with pytest.raises(NewerSeal) as caught:
        open_sealed(KEYS, PLACE, base64.b64encode(raw).decode())
    assert caught.value.format_number == 2
    raw[0] = 0
    with pytest.raises(SealBroken):
        open_sealed(KEYS, PLACE, base64.b64encode(raw).decode())


@given(st.integers(0, 3000))
def test_padding_hides_the_length(length: int) -> None:
    size = len(base64.b64decode(sealed(bytes(length)))) - HEADER - 16
    assert size % STEP_BYTES == 0
    overhead = 2 + 8 + 8 + 1 + len(WRITER) + 4
    assert size == -(-(length + overhead) // STEP_BYTES) * STEP_BYTES


def test_short_and_empty_contents_look_alike() -> None:
    assert len({len(sealed(bytes(length))) for length in range(197)}) == 1
    assert len(sealed(b"")) <= 1024  # the marker of a deletion has to fit


def test_the_text_shows_nothing_of_content_or_writer() -> None:
    raw = base64.b64decode(sealed(b"Frau Petersen " * 10))
    assert b"Petersen" not in raw
    assert WRITER.encode() not in raw
    assert uuid.UUID(WRITER).bytes not in raw


def test_the_same_content_twice_looks_different() -> None:
    assert len({sealed() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "wrong", [{"counter": -1}, {"counter": 2**63}, {"base": -1}, {"base": 2**63}, {"version": -1}, {"version": 65536}]
)
def test_numbers_out_of_bounds_are_refused_before_anything_is_sealed(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        seal(KEYS, PLACE, **{"writer": WRITER, "counter": 1, "base": 0, "version": 1, "plain": b"", **wrong})


@pytest.mark.parametrize("writer", ["", "x" * 256])
def test_a_writer_needs_an_id(writer: str) -> None:
    with pytest.raises(ValueError, match="writer"):
        seal(KEYS, PLACE, writer=writer, counter=1, base=0, version=1, plain=b"")


@given(st.binary(min_size=STEP_BYTES, max_size=2 * STEP_BYTES))
def test_nonsense_under_a_true_seal_raises_nothing_else(inner: bytes) -> None:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    from desktop_app.sync import sealing

    header, nonce = b"\1" + bytes.fromhex(KEYS.current), bytes(24)
    ciphertext = encrypt(inner, sealing._bound_to(header, PLACE), nonce, derived_key(KEY, "ql-record-1"))
    try:
        stamp, plain = open_sealed(KEYS, PLACE, base64.b64encode(header + nonce + ciphertext).decode())
    except SealBroken:
        return
    assert stamp.writer
    assert len(plain) < len(inner)


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30), texts)
def test_ids_on_the_wire_look_like_random_uuids(collection: str, record_id: str) -> None:
    made = wire_id(INDEX, collection, record_id)
    read = uuid.UUID(made)
    assert str(read) == made
    assert (read.version, read.variant) == (4, uuid.RFC_4122)
    assert made == wire_id(INDEX, collection, record_id)
    assert made != wire_id(KEY, collection, record_id)


def test_ids_on_the_wire_do_not_repeat_and_keep_no_order() -> None:
    local = [f"018f0000-0000-7000-8000-{number:012d}" for number in range(20_000)]
    made = [wire_id(INDEX, collection, record_id) for collection in ("contact", "visitor") for record_id in local]
    assert len(set(made)) == len(made)
    rising = sum(one < other for one, other in itertools.pairwise(made))
    assert 0.48 < rising / len(made) < 0.52


def test_keys_of_a_wrong_shape_are_refused() -> None:
    for wrong in (
        lambda: OfficeKeys(key_id_of(KEY), {}, INDEX),
        lambda: OfficeKeys(key_id_of(KEY), {key_id_of(KEY): KEY}, INDEX[:-1]),
        lambda: OfficeKeys(KeyId("00" * 16), {KeyId("00" * 16): KEY}, INDEX),
        lambda: OfficeKeys(key_id_of(KEY), {key_id_of(KEY): KEY}, INDEX, b"short"),
    ):
        with pytest.raises(ValueError, match="office key"):
            wrong()


def test_keys_do_not_show_themselves_in_a_text() -> None:
    assert repr(KEYS) == f"OfficeKeys(current='{KEYS.current}')"


def test_the_format_stays_what_it_is() -> None:
    """Records sealed today lie on hubs and sticks for years: who changes this needs a new format number."""
    text = seal(
        KEYS,
        Place("office-1", "r", "7f2c1a5e-0b1d-4c3e-8a9f-1234567890ab"),
        writer=WRITER,
        counter=7,
        base=41,
        version=3,
        plain=b"Quartierslotse",
        random_bytes=lambda count: bytes(range(100, 100 + count)),
    )
    assert hashlib.sha256(text.encode()).hexdigest() == GOLDEN_DIGEST
    assert text.startswith(GOLDEN_BEGINNING)
    assert wire_id(INDEX, "contact", "018f0000-0000-7000-8000-000000000001") == GOLDEN_WIRE_ID


GOLDEN_DIGEST = "5e3907852564b6d0ee06557b30ee4785d2c307f53d40e17431db30835be2a45b"
GOLDEN_BEGINNING = "ATQi5Z5+jRe2tKqALR7li+ZkZWZnaGlqa2xtbm9wcXJzdHV2d3h5envMeG3Q+Qv8K/No8ZF2gbZLHeYZDrU3iKakQ5"
GOLDEN_WIRE_ID = "5cb29798-ef12-4063-ab37-9fb3cc198fcc"
