"""The little Markdown the documents are written in: headings, paragraphs, items, tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its text, for headings the level, for tables the rows (the first is the head) and the widths."""

    kind: Kind
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    weights: tuple[float, ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """Take a text apart. A table's widths follow the numbers of dashes below its head."""
    paragraph: list[str] = []
    table: list[str] = []
    for line in [*text.splitlines(), ""]:
        if table and not line.startswith("|"):
            yield _table(table)
            table = []
        if paragraph and (not line.strip() or line.startswith(("#", "- ", "|"))):
            yield Block(Kind.PARAGRAPH, " ".join(paragraph))
            paragraph = []
        if line.startswith("|"):
            table.append(line)
        elif line.startswith("#"):
            marks, _, words = line.partition(" ")
            yield Block(Kind.HEADING, words.strip(), level=len(marks))
        elif line.startswith("- "):
            yield Block(Kind.ITEM, line[2:].strip())
        elif line.strip():
            paragraph.append(line.strip())


def _table(lines: list[str]) -> Block:
    rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]
    dashes = [float(len(cell)) for cell in rows[1]]
    content = (rows[0], *rows[2:])
    if any(len(row) != len(dashes) for row in content):
        raise ValueError(f"a row of the table „{' '.join(rows[0])}“ has another number of cells")
    return Block(Kind.TABLE, rows=content, weights=tuple(length / sum(dashes) for length in dashes))
