"""From bytes to text, and what may not be in a text."""

from __future__ import annotations

import codecs
import re

from desktop_app.core.translation import tr
from desktop_app.directory.hsds.findings import Findings
from desktop_app.directory.records import Severity

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# NUL ends strings in some readers; a lone surrogate is half a character and can't be stored.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def decode(content: bytes, file: str, findings: Findings) -> str:
    """Return the text of a file: UTF-8 with or without mark, UTF-16 with mark, else Windows-1252 with a finding."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.add(
            Severity.WARNING,
            file=file,
            value=repr(content[error.start : error.start + 8]),
            what=tr("Die Datei ist nicht in UTF-8 geschrieben."),
            why=tr("Vermutlich wurde sie mit einem älteren Excel gespeichert."),
            action=tr("Als Windows-1252 gelesen. Bitte prüfen Sie die Umlaute."),
        )
        return content.decode("cp1252", errors="replace")


def storable(text: str) -> str:
    """Return `text` without NUL and with U+FFFD for half characters; nothing else is changed."""
    if _UNSTORABLE.search(text) is None:
        return text
    return _UNSTORABLE.sub(lambda found: "" if found.group() == "\0" else "\ufffd", text)
