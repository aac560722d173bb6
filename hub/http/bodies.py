"""Reading bodies with limits, and writing answers: JSON both ways, gzip both ways."""

from __future__ import annotations

import zlib
from typing import Any, TypeVar

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, ValidationError

from hub.errors import bad_request, invalid, too_large

_SMALLEST_PACKED = 1024
_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 1  # ciphertext as base64 shrinks by a quarter at any level
Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: Request, limit: int) -> bytes:
    """Take in a body, but never more than `limit` bytes of it, packed or not.

    Raises:
        Refused: 413 as soon as it is too long; 400 for a length that is none.
    """
    announced = request.headers.get("content-length", "")
    if announced and not (announced.isascii() and announced.isdigit()):
        raise bad_request("Content-Length is no number.")
    if len(announced) > 12 or (announced and int(announced) > limit):
        raise too_large(f"The body has more than {limit} bytes.")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise too_large(f"The body has more than {limit} bytes.")
        parts.append(part)
    return b"".join(parts)


def read_json(request: Request, body: bytes, limit: int) -> Any:
    """Unpack and parse a body.

    Raises:
        Refused: 400 for what is no JSON, 413 when it unpacks to more than `limit`.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "gzip":
        body = _unpacked(body, limit)
    elif encoding not in {"identity", ""}:
        raise bad_request("Only gzip is understood as Content-Encoding.")
    try:
        return orjson.loads(body)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise bad_request("The body is no JSON in UTF-8.") from error


def checked(model: type[Model], value: Any) -> dict[str, Any]:
    """Return the fields of a small request.

    Raises:
        Refused: 422; only the names of the fields are in the answer, not what was sent.
    """
    try:
        return model.model_validate(value).model_dump()
    except ValidationError as error:
        names = sorted(
            {".".join(str(part) for part in problem["loc"]) for problem in error.errors(include_input=False)}
        )
        known = [name for name in names if name in model.model_fields]
        raise invalid("Missing or wrong: " + (", ".join(known) or "the body")) from error


def json_answer(request: Request, content: Any, status: int = 200) -> Response:
    """Write an answer, packed when the desk can read that and it is worth it. Runs in a worker thread."""
    body = orjson.dumps(content)
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
    if len(body) >= _SMALLEST_PACKED and _accepts_gzip(request.headers.get("accept-encoding", "")):
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        body = packer.compress(body) + packer.flush()
        headers["Content-Encoding"] = "gzip"
    return Response(body, status, headers, media_type="application/json")


def _unpacked(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        whole = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise bad_request("The body is no whole gzip file.") from error
    if len(whole) > limit:
        raise too_large(f"The body unpacks to more than {limit} bytes.")
    if not unpacker.eof or unpacker.unused_data:
        raise bad_request("The body is no whole gzip file.")
    return whole


def _accepts_gzip(header: str) -> bool:
    for offer in header.lower().split(","):
        name, _, weight = offer.partition(";")
        if name.strip() == "gzip":
            return weight.strip().replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
