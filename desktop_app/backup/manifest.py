"""The manifest beside a copy: in clear when and why it was made, sealed what it holds.

Numbers of visitors are nobody's business who finds a stick. The seal is bound to the clear part, so a manifest
that was changed, or moved to another copy, does not open.
"""

from __future__ import annotations

import base64
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_app.backup.records import Backup, BackupReason, Contents, Manifest
from desktop_app.core.clock import from_text, to_text
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr

MANIFEST_NAME = "sicherung.json"
FORMAT = 1
_NONCE_BYTES = 24
_LARGEST = 200_000


class NotOurs(EnvironmentProblem):
    """The backup is of another installation, or its manifest was changed."""


def sealed_manifest(
    *, made_at: datetime, reason: BackupReason, program: str, schema: int, size: int, sha256: str,
    contents: Contents, sealing_key: bytes,
) -> Manifest:  # fmt: skip
    """Return the manifest with its contents sealed."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    bare = Manifest(made_at, reason, program, schema, size, sha256, "")
    inside = json.dumps({"rows": dict(contents.rows), "newest_contact": contents.newest_contact}).encode()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + encrypt(inside, _clear_part(bare), nonce, sealing_key)
    return Manifest(made_at, reason, program, schema, size, sha256, base64.b64encode(sealed).decode("ascii"))


def unsealed(backup: Backup, sealing_key: bytes) -> Contents:
    """Return what the copy held when it was made.

    Raises:
        NotOurs: the seal does not open with this key.
    """
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError

    sealed = base64.b64decode(backup.manifest.sealed)
    try:
        inside = decrypt(sealed[_NONCE_BYTES:], _clear_part(backup.manifest), sealed[:_NONCE_BYTES], sealing_key)
    except (CryptoError, ValueError) as error:
        raise NotOurs(
            tr("Die Sicherung „{name}“ gehört nicht zu diesen Daten, oder jemand hat ihre Beschreibung verändert.",
               name=backup.name)
        ) from error  # fmt: skip
    content = json.loads(inside)
    return Contents(content["rows"], content["newest_contact"])


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into the folder of a backup; on disk when this returns.

    Raises:
        OSError: the disk refuses.
    """
    content = {**_clear(manifest), "sealed": manifest.sealed}
    with (folder / MANIFEST_NAME).open("x", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_backup(folder: Path) -> Backup | None:
    """Return the backup in a folder; None when there is none, or its manifest can't be read."""
    try:
        with (folder / MANIFEST_NAME).open("rb") as file:
            content = json.loads(file.read(_LARGEST))
        if content["format"] > FORMAT:
            return None
        return Backup(folder, _manifest(content))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def backups_in(folder: Path) -> tuple[Backup, ...]:
    """Return the backups in a folder, newest first; none when the folder can't be read."""
    try:
        found = [read_backup(path) for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:
        return ()
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.made_at, reverse=True))


def _clear(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": to_text(manifest.made_at),
        "reason": manifest.reason.value,
        "program": manifest.program,
        "schema": manifest.schema,
        "size": manifest.size,
        "sha256": manifest.sha256,
    }


def _clear_part(manifest: Manifest) -> bytes:
    return json.dumps(_clear(manifest), sort_keys=True).encode()


def _manifest(content: dict[str, Any]) -> Manifest:
    made_at = from_text(content["made_at"])
    if made_at.tzinfo is None or type(content["size"]) is not int or type(content["schema"]) is not int:
        raise ValueError("a value has the wrong form")
    base64.b64decode(content["sealed"], validate=True)
    return Manifest(
        made_at,
        BackupReason(content["reason"]),
        str(content["program"]),
        content["schema"],
        content["size"],
        str(content["sha256"]),
        content["sealed"],
    )
