"""Decrypts a SQLCipher file page by page, past SQLite: free pages, slack and the write-ahead log are seen too.

SQLCipher 4: AES-256-CBC, 4096 bytes a page, at its end 16 bytes of IV and 64 of HMAC; the first page begins with the salt.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path

import pytest

PAGE, IV, RESERVED, SALT = 4096, 16, 80, 16
WAL_HEADER, FRAME_HEADER = 32, 24


def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("crypto")
    if name is None:
        pytest.skip("libcrypto is not on this computer")
    library = ctypes.CDLL(name)
    for function in ("EVP_CIPHER_CTX_new", "EVP_aes_256_cbc"):
        getattr(library, function).restype = ctypes.c_void_p
    return library


class PageReader:
    """Decrypts pages with the raw data key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._library = _library()
        self._context = ctypes.c_void_p(self._library.EVP_CIPHER_CTX_new())
        self._cipher = ctypes.c_void_p(self._library.EVP_aes_256_cbc())

    def close(self) -> None:
        self._library.EVP_CIPHER_CTX_free(self._context)

    def page(self, content: bytes, number: int) -> bytes:
        """Return one page of a file in clear; the first has the number 0."""
        return self._page(content[number * PAGE : (number + 1) * PAGE], first=number == 0)

    def everything(self, database: Path) -> bytes:
        """Return every page of the file and every frame of its log, free or not, in clear."""
        content = database.read_bytes()
        assert len(content) % PAGE == 0
        pages = [self._page(content[start : start + PAGE], first=start == 0) for start in range(0, len(content), PAGE)]
        log = database.with_name(database.name + "-wal")
        frames = log.read_bytes() if log.exists() else b""
        for start in range(WAL_HEADER, len(frames), FRAME_HEADER + PAGE):
            number = int.from_bytes(frames[start : start + 4], "big")
            page = frames[start + FRAME_HEADER : start + FRAME_HEADER + PAGE]
            if len(page) == PAGE:
                pages.append(self._page(page, first=number == 1))
        assert any(b"CREATE TABLE" in page for page in pages), "the pages were not decrypted"
        return b"".join(pages)

    def _page(self, page: bytes, *, first: bool) -> bytes:
        body = page[SALT if first else 0 : PAGE - RESERVED]
        iv = page[PAGE - RESERVED : PAGE - RESERVED + IV]
        out, length = ctypes.create_string_buffer(len(body) + IV), ctypes.c_int(0)
        library = self._library
        library.EVP_DecryptInit_ex(self._context, self._cipher, None, self._key, iv)
        library.EVP_CIPHER_CTX_set_padding(self._context, 0)
        library.EVP_DecryptUpdate(self._context, out, ctypes.byref(length), body, len(body))
        return out.raw[: length.value]
