"""Key slots: only the right secret opens them, and what was altered is refused."""

from __future__ import annotations

import base64
import dataclasses
import json
import secrets
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.security.key_slots import (
    DerivationCost,
    KeySlot,
    SlotKind,
    WrongSecret,
    open_slot,
    read_slots,
    seal_slot,
    write_slots,
)
from tests.storage.ordinary_rights import read_only, shared_folder

CHEAP = DerivationCost(time_cost=1, memory_kibibytes=64, lanes=1)
PASSWORD = "drei Wörter für heute"


@pytest.fixture
def slot(data_key: bytes) -> KeySlot:
    return sealed(data_key)


def sealed(data_key: bytes, **changes: Any) -> KeySlot:
    wishes: dict[str, Any] = {
        "slot_id": "slot-1",
        "kind": SlotKind.PASSWORD,
        "account_id": "account-1",
        "login_name": "erika",
        "cost": CHEAP,
    }
    return seal_slot(data_key, changes.pop("secret", PASSWORD), **{**wishes, **changes})


def test_the_right_password_gives_the_key(slot: KeySlot, data_key: bytes) -> None:
    assert open_slot(slot, PASSWORD) == data_key


@pytest.mark.parametrize("wrong", ["", "drei Wörter für heut", "Drei Wörter für heute", PASSWORD + " "])
def test_a_wrong_password_says_so_in_german(slot: KeySlot, wrong: str) -> None:
    with pytest.raises(WrongSecret) as caught:
        open_slot(slot, wrong)
    assert isinstance(caught.value, UserError)
    assert caught.value.message.startswith("Das Passwort stimmt nicht.")
    assert "Feststelltaste" in caught.value.message


def test_a_wrong_recovery_key_has_its_own_sentence(data_key: bytes) -> None:
    with pytest.raises(WrongSecret, match="gehört nicht zu diesen Daten"):
        open_slot(sealed(data_key, kind=SlotKind.RECOVERY), "anders")


def test_umlauts_open_however_they_were_typed(data_key: bytes) -> None:
    composed, apart = "M\u00fcller-Stra\u00dfe 5", "Mu\u0308ller-Stra\u00dfe 5"
    assert open_slot(sealed(data_key, secret=composed), apart) == data_key
    assert open_slot(sealed(data_key, secret=apart), composed) == data_key


def test_the_same_password_twice_makes_different_slots(data_key: bytes) -> None:
    one, other = sealed(data_key), sealed(data_key)
    assert one.salt != other.salt
    assert one.nonce != other.nonce
    assert one.sealed_key != other.sealed_key


@pytest.mark.parametrize("changes", [{"account_id": "account-2"}, {"slot_id": "slot-2"}, {"kind": SlotKind.RECOVERY}])
def test_a_slot_moved_elsewhere_is_refused(slot: KeySlot, changes: dict[str, Any]) -> None:
    with pytest.raises(WrongSecret):
        open_slot(dataclasses.replace(slot, **changes), PASSWORD)


@pytest.mark.parametrize("field", ["salt", "nonce", "sealed_key"])
def test_one_flipped_bit_is_refused(slot: KeySlot, field: str) -> None:
    value = bytearray(base64.b64decode(getattr(slot, field)))
    value[-1] ^= 1
    with pytest.raises(WrongSecret):
        open_slot(dataclasses.replace(slot, **{field: base64.b64encode(value).decode()}), PASSWORD)


def test_a_cheaper_derivation_does_not_open_it(slot: KeySlot) -> None:
    weaker = dataclasses.replace(slot, cost=dataclasses.replace(CHEAP, memory_kibibytes=32))
    with pytest.raises(WrongSecret):
        open_slot(weaker, PASSWORD)


def test_the_cost_of_a_new_slot_is_what_argon2_advises() -> None:
    assert DerivationCost() == DerivationCost(time_cost=3, memory_kibibytes=65536, lanes=4)


def test_slots_are_written_and_read_back(tmp_path: Path, data_key: bytes) -> None:
    path = tmp_path / "neu" / "schluessel.json"
    slots = (sealed(data_key), sealed(data_key, kind=SlotKind.RECOVERY, account_id="", login_name=""))
    write_slots(path, slots)
    assert read_slots(path) == slots
    write_slots(path, slots[:1])
    assert read_slots(path) == slots[:1]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_file_holds_neither_key_nor_password(tmp_path: Path, data_key: bytes) -> None:
    path = tmp_path / "schluessel.json"
    write_slots(path, (sealed(data_key),))
    content = path.read_bytes()
    for secret in (data_key, data_key.hex().encode(), base64.b64encode(data_key), PASSWORD.encode()):
        assert secret not in content


def test_a_leftover_of_a_broken_write_does_not_matter(tmp_path: Path, slot: KeySlot) -> None:
    path = tmp_path / "schluessel.json"
    (tmp_path / "schluessel.json.neu").write_text('{"format": 1, "slo', encoding="utf-8")
    write_slots(path, (slot,))
    assert read_slots(path) == (slot,)


def test_a_folder_that_refuses_keeps_the_old_file(data_key: bytes) -> None:
    with shared_folder() as folder:
        path = folder / "schluessel.json"
        slot = sealed(data_key)
        write_slots(path, (slot,))
        with read_only(folder), pytest.raises(EnvironmentProblem, match="lässt sich nicht beschreiben"):
            write_slots(path, ())
        assert read_slots(path) == (slot,)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        read_slots(tmp_path / "schluessel.json")
    assert "„schluessel.json“ fehlt" in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert "Sicherung" in caught.value.message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 400,
        b"\xff\xfe\x00",
        b"kein JSON",
        b"[]",
        b"[" * 100_000,
        b"{}",
        b'{"format": 1}',
        b'{"format": "1", "slots": []}',
        b'{"format": 1, "slots": 5}',
        b'{"format": 1, "slots": [{}]}',
        b'{"format": 1, "slots": ["x"]}',
    ],
)
def test_a_damaged_file_says_so_and_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "schluessel.json"
    path.write_bytes(content)
    with pytest.raises(EnvironmentProblem, match="nicht lesbar oder beschädigt"):
        read_slots(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "changes",
    [
        {"salt": "kein base64!"},
        {"salt": "AAAA"},
        {"salt": 7},
        {"nonce": "AAAA"},
        {"sealed_key": ""},
        {"kind": "hintertür"},
        {"login_name": None},
        {"extra": 1},
        {"cost": {"time_cost": 0, "memory_kibibytes": 64, "lanes": 1}},
        {"cost": {"time_cost": 1, "memory_kibibytes": 10**12, "lanes": 1}},
        {"cost": {"time_cost": 10**9, "memory_kibibytes": 64, "lanes": 1}},
        {"cost": {"time_cost": 1, "memory_kibibytes": 64, "lanes": 10**6}},
        {"cost": {"time_cost": 1, "memory_kibibytes": 64, "lanes": 0}},
        {"cost": {"time_cost": True, "memory_kibibytes": 64.5, "lanes": 1}},
        {"cost": {"time_cost": 1}},
        {"cost": None},
    ],
    ids=str,
)
def test_a_slot_nobody_of_us_wrote_is_damage(tmp_path: Path, slot: KeySlot, changes: dict[str, Any]) -> None:
    path = tmp_path / "schluessel.json"
    write_slots(path, (slot,))
    content = json.loads(path.read_text(encoding="utf-8"))
    content["slots"][0] |= changes
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="beschädigt"):
        read_slots(path)


def test_a_newer_format_is_refused(tmp_path: Path, slot: KeySlot) -> None:
    path = tmp_path / "schluessel.json"
    write_slots(path, (slot,))
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 1', '"format": 2'), encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="neueren Programmversion"):
        read_slots(path)


def test_every_random_byte_is_asked_for(data_key: bytes) -> None:
    asked: list[int] = []

    def random_bytes(count: int) -> bytes:
        asked.append(count)
        return secrets.token_bytes(count)

    sealed(data_key, random_bytes=random_bytes)
    assert asked == [16, 24]
