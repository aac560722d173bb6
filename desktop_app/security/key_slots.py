"""Key slots: the one random data key, wrapped once per account and once for the printed recovery key.

An account that waits for its first or a new password has a slot for a one-time code instead.

Changing a password wraps anew and never re-encrypts. The file beside the database holds no secret in
clear: per slot the login name (the sign-in screen lists it), the Argon2id parameters, and the data key
sealed with XChaCha20-Poly1305 (RFC 9106, draft-irtf-cfrg-xchacha), bound to its slot.
"""

from __future__ import annotations

import base64
import json
import os
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import move_durably

FORMAT = 1
_SALT_BYTES = 16
_NONCE_BYTES = 24
_KEY_BYTES = 32
_TAG_BYTES = 16


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSWORD = "password"  # noqa: S105 - a kind
    RECOVERY = "recovery"
    ONE_TIME = "one_time"


@dataclass(frozen=True, slots=True)
class DerivationCost:
    """Cost of Argon2id: passes, memory in KiB, lanes. Kept in every slot, so it can rise later."""

    time_cost: int = 3
    memory_kibibytes: int = 64 * 1024
    lanes: int = 4


_HIGHEST_COST = DerivationCost(time_cost=64, memory_kibibytes=2 * 1024 * 1024, lanes=64)


@dataclass(frozen=True, slots=True)
class KeySlot:
    """The data key sealed for one secret. Bytes are base64 text; `expires_at` is UTC text, empty for ever."""

    slot_id: str
    kind: SlotKind
    account_id: str
    login_name: str
    salt: str
    cost: DerivationCost
    nonce: str
    sealed_key: str
    expires_at: str = ""


class WrongSecret(UserError):
    """The password or recovery key opens no slot."""


def seal_slot(
    data_key: bytes,
    secret: str,
    *,
    slot_id: str,
    kind: SlotKind,
    account_id: str,
    login_name: str,
    cost: DerivationCost,
    expires_at: str = "",
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> KeySlot:
    """Return a slot that `secret` opens."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    salt, nonce = random_bytes(_SALT_BYTES), random_bytes(_NONCE_BYTES)
    bound_to = _bound_to(slot_id, kind, account_id, expires_at)
    sealed = encrypt(data_key, bound_to, nonce, derive_key(secret, salt, cost))
    return KeySlot(slot_id, kind, account_id, login_name, _text(salt), cost, _text(nonce), _text(sealed), expires_at)


def open_slot(slot: KeySlot, secret: str) -> bytes:
    """Return the data key.

    Raises:
        WrongSecret: the secret does not open this slot, or the slot was altered.
    """
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError

    sealing_key = derive_key(secret, base64.b64decode(slot.salt), slot.cost)
    try:
        key = decrypt(
            base64.b64decode(slot.sealed_key),
            _bound_to(slot.slot_id, slot.kind, slot.account_id, slot.expires_at),
            base64.b64decode(slot.nonce),
            sealing_key,
        )
    except CryptoError as error:
        raise WrongSecret(_wrong_sentence(slot.kind)) from error
    return bytes(key)


def read_slots(path: Path) -> tuple[KeySlot, ...]:
    """Return the slots of a key file.

    Raises:
        EnvironmentProblem: the file is missing, damaged or of a newer format.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] > FORMAT:
            raise EnvironmentProblem(
                tr("Die Schlüsseldatei „{name}“ ist von einer neueren Programmversion.", name=path.name)
            )
        return tuple(map(_slot_from, content["slots"]))
    except FileNotFoundError as error:
        raise EnvironmentProblem(
            tr(
                "Die Schlüsseldatei „{name}“ fehlt im Ordner „{folder}“. Ohne sie lassen sich die Daten nicht öffnen. Bitte "
                "holen Sie sie aus einer Sicherung des Ordners zurück.",
                name=path.name,
                folder=path.parent,
            )
        ) from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise EnvironmentProblem(
            tr(
                "Die Schlüsseldatei „{name}“ ist nicht lesbar oder beschädigt. Sie wurde nicht verändert. Bitte holen Sie sie "
                "aus einer Sicherung des Ordners zurück.",
                name=path.name,
            )
        ) from error


def write_slots(path: Path, slots: tuple[KeySlot, ...]) -> None:
    """Replace the key file in one step; it is on disk when this returns.

    Raises:
        EnvironmentProblem: the folder can't be written; the old file still stands.
    """
    content = {"format": FORMAT, "slots": [asdict(slot) for slot in slots]}
    unfinished = path.with_name(path.name + ".neu")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        move_durably(unfinished, path)
    except OSError as error:
        raise EnvironmentProblem(
            tr(
                "Der Ordner „{folder}“ lässt sich nicht beschreiben. Bitte prüfen Sie Platz und Rechte.",
                folder=path.parent,
            )
        ) from error


def _slot_from(content: dict[str, Any]) -> KeySlot:
    # Every number has to stand there: the defaults are for new slots and may rise.
    cost = DerivationCost(**{name: content["cost"][name] for name in ("time_cost", "memory_kibibytes", "lanes")})
    slot = KeySlot(**{**content, "kind": SlotKind(content["kind"]), "cost": cost})
    _check_slot(slot)
    return slot


def _check_slot(slot: KeySlot) -> None:
    """Refuse what no program of ours wrote, before it reaches a library that stops at it (or takes all memory).

    Raises:
        ValueError: a text has the wrong length or form, or a cost is out of bounds.
    """
    lengths = {"salt": _SALT_BYTES, "nonce": _NONCE_BYTES, "sealed_key": _KEY_BYTES + _TAG_BYTES}
    for name, length in lengths.items():
        if len(base64.b64decode(getattr(slot, name), validate=True)) != length:
            raise ValueError(f"{name} has the wrong length")
    if not all(isinstance(text, str) for text in (slot.slot_id, slot.account_id, slot.login_name, slot.expires_at)):
        raise ValueError("an id or name is no text")
    cost = slot.cost
    if not all(type(number) is int for number in (cost.time_cost, cost.memory_kibibytes, cost.lanes)):
        raise ValueError("a cost is no whole number")
    if not (
        1 <= cost.time_cost <= _HIGHEST_COST.time_cost
        and 1 <= cost.lanes <= _HIGHEST_COST.lanes
        and 8 * cost.lanes <= cost.memory_kibibytes <= _HIGHEST_COST.memory_kibibytes
    ):
        raise ValueError("a cost is out of bounds")


def same_secret(one: str, other: str) -> bool:
    """Whether two secrets open the same, however they are spelt."""
    return _spelling(one) == _spelling(other)


def derive_key(secret: str, salt: bytes, cost: DerivationCost) -> bytes:
    """Return the key that seals a slot: Argon2id."""
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        _spelling(secret),
        salt,
        cost.time_cost,
        cost.memory_kibibytes,
        cost.lanes,
        _KEY_BYTES,
        Type.ID,
    )


def _spelling(secret: str) -> bytes:
    # One spelling of „ä“: some systems hand over the letter and its dots apart.
    return unicodedata.normalize("NFC", secret).encode("utf-8")


def _bound_to(slot_id: str, kind: SlotKind, account_id: str, expires_at: str) -> bytes:
    end = f"|{expires_at}" if expires_at else ""
    return f"quartierslotse key slot {FORMAT}|{slot_id}|{kind}|{account_id}{end}".encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _wrong_sentence(kind: SlotKind) -> str:
    if kind is SlotKind.RECOVERY:
        return tr(
            "Dieser Wiederherstellungsschlüssel gehört nicht zu diesen Daten. Bitte prüfen Sie das Datum auf dem Blatt."
        )
    if kind is SlotKind.ONE_TIME:
        return tr("Dieser Einmal-Code gilt für dieses Konto nicht. Bitte vergleichen Sie ihn mit dem Zettel.")
    return tr("Das Passwort stimmt nicht. Bitte versuchen Sie es noch einmal; achten Sie auf die Feststelltaste.")
