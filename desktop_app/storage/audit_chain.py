"""The chain through the audit log: every entry's hash covers the entry and the hash of the one before.

Changing, removing, inserting or moving an entry breaks the chain at that place. No secret goes into it, so that an office
can check an exported log with any other program; what that means is in decision 0025.
"""

from __future__ import annotations

import hashlib
import json

#: stands where the hash of the entry before the first one would be
FIRST_HASH = "0" * 64
HASH_LETTERS = 64

# One way of writing: no blanks, letters as they are. JSON keeps the borders between the fields apart.
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def entry_hash(
    previous: str, sequence: int, at: str, account_id: str, action: str, subject_kind: str, subject_id: str
) -> str:
    """Return the hash of an entry that follows the one with the hash `previous`, as 64 hexadecimal letters."""
    text = _canonical([previous, sequence, at, account_id, action, subject_kind, subject_id])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
