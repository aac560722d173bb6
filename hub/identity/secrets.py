"""Tokens and codes. Both are long random texts, so one fast hash without salt is enough; neither is ever stored."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from desktop_app.sync import protocol

_TOKEN = re.compile(protocol.TOKEN_PATTERN)
_CODE = re.compile(r"[A-Z2-7]{26}")
_CODE_BYTES = 16  # 26 signs of base32


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(b"token:" + token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Tell whether this can be a token at all."""
    return _TOKEN.fullmatch(text) is not None


def new_code() -> str:
    """Make an enrolment code."""
    return base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().rstrip("=")


def code_hash(code: str) -> str:
    """Return what is stored of a code, however it was typed."""
    return hashlib.sha256(b"code:" + code.strip().upper().encode()).hexdigest()


def is_code(text: str) -> bool:
    """Tell whether this can be a code at all."""
    return _CODE.fullmatch(text.strip().upper()) is not None
