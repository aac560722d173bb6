"""How much a source may hold. A directory of a large city needs a hundredth of it."""

from __future__ import annotations

MAXIMUM_BYTES = 128 * 1024 * 1024
"""Of all files together, unpacked; also of an archive itself."""

MAXIMUM_DOCUMENT_BYTES = 64 * 1024 * 1024
"""Of one JSON file: it takes a multiple of that in memory."""

MAXIMUM_FILES = 500
MAXIMUM_ROWS = 1_000_000
MAXIMUM_FIELD_CHARACTERS = 128 * 1024
MAXIMUM_COLUMNS = 500
MAXIMUM_DEPTH = 40
"""Of nested JSON objects."""

MAXIMUM_PROBLEMS = 10_000
"""Findings a report holds; further ones are counted."""

SHOWN_VALUE_CHARACTERS = 200
