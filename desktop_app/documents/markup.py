"""The one place where text from data becomes ReportLab's mini markup.

A ReportLab `Paragraph` reads its text as XML: an unescaped "&" or a stray tag from a web editor stops the whole
document, and an `<img>` would pull in local files. So nothing outside this module writes angle brackets, and
nothing reaches a paragraph that did not pass through here.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desktop_app.documents.fonts import FontLibrary

_TAGS: Final = frozenset(
    {
        *("p", "br", "div", "b", "strong", "i", "em", "ul", "ol", "li", "a"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "blockquote"),
    }
)
_BLOCK_TAGS: Final = frozenset({"p", "div", "ul", "ol", "table", "tr", "blockquote"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ADDRESS_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})

# Text is taken as HTML only if it holds a tag or an entity that web editors write: "Kinder < 3 Jahre" is plain.
_LOOKS_LIKE_HTML: Final = re.compile(
    r"</?(?:p|br|div|span|b|strong|i|em|u|ul|ol|li|a|h[1-6]|img|table|tbody|thead|tr|td|th|font|blockquote|script"
    r"|style|iframe|hr|pre|code|sup|sub)(?:\s[^<>]*)?/?>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d?);|<!--",
    re.IGNORECASE,
)
_SPACES: Final = re.compile(r"[ \t\r\n\f\v]+")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


class BlockKind(Enum):
    """What a piece of a longer text is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading line or list item, ready for a ReportLab paragraph."""

    kind: BlockKind
    markup: str
    label: str = ""
    """For items: the number with its dot, or a bullet."""


def clean(text: str) -> str:
    """Return text that every output format can hold: composed characters, no control characters, no surrogates.

    Line breaks and tabs stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    text = unicodedata.normalize("NFC", text.replace("\u2029", "\n").replace("\x0b", "\n").replace("\x0c", "\n"))
    return "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
    )


def single_line(text: str) -> str:
    """Return cleaned text with every run of white space as one blank."""
    return _SPACES.sub(" ", clean(text)).strip()


def plain_text(text: str) -> str:
    """Return what a reader sees of plain text or HTML, without any mark-up, lines kept."""
    if not _LOOKS_LIKE_HTML.search(text):
        return clean(text).strip()
    lines: list[str] = []
    for piece in _pieces(text):
        words = "".join(words for words, _bold in piece.words)
        lines.append(f"{piece.label} {words}" if piece.kind is BlockKind.ITEM else words)
    return "\n".join(lines)


class Markup:
    """Makes mini markup in which every piece of text has a font that can draw it."""

    def __init__(self, fonts: FontLibrary) -> None:
        self._fonts = fonts

    def plain(self, text: str, *, bold: bool = False) -> str:
        """Return markup for plain text. Line breaks are kept, no tag in the text has any effect."""
        text = _BLANK_LINES.sub("\n\n", clean(text)).strip()
        return self._words(text, bold=bold, base_bold=bold)

    def line(self, text: str, *, bold: bool = False) -> str:
        """Return markup for a name, a number or another text of one line."""
        return self._words(single_line(text), bold=bold, base_bold=bold)

    def unbreakable(self, text: str, *, bold: bool = False) -> str:
        """Return markup for a text that is not to be broken at its blanks, such as a telephone number."""
        return self._words(single_line(text).replace(" ", "\u00a0"), bold=bold, base_bold=bold)

    def blocks(self, text: str) -> tuple[Block, ...]:
        """Return the paragraphs of a longer text from data, which may be plain or the HTML of a web editor.

        Of HTML only paragraphs, line breaks, bold, lists and headings are kept; links keep their text and, if
        it is not the same, show their address; pictures and everything else are dropped.
        """
        if not _LOOKS_LIKE_HTML.search(text):
            paragraphs = re.split(r"\n[ \t]*\n", clean(text))
            return tuple(
                Block(BlockKind.PARAGRAPH, self.plain(paragraph)) for paragraph in paragraphs if paragraph.strip()
            )
        return tuple(
            Block(
                piece.kind,
                "".join(self._words(words, bold=bold or heading, base_bold=heading) for words, bold in piece.words),
                piece.label,
            )
            for piece in _pieces(text)
            for heading in (piece.kind is BlockKind.HEADING,)
        )

    def _words(self, text: str, *, bold: bool, base_bold: bool) -> str:
        if not text:
            return ""
        marked: list[str] = []
        base = self._fonts.base(bold=base_bold)
        for run in self._fonts.runs(text, bold=bold):
            escaped = html.escape(run.text, quote=False).replace("\n", "<br/>")
            marked.append(escaped if run.font == base else f'<font name="{run.font}">{escaped}</font>')
        return "".join(marked)


@dataclass(slots=True)
class _Piece:
    kind: BlockKind
    label: str = ""
    words: list[tuple[str, bool]] = field(default_factory=list)


def _pieces(text: str) -> list[_Piece]:
    import nh3

    reduced = nh3.clean(
        clean(text),
        tags=set(_TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(_ADDRESS_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
    reader = _PieceReader()
    reader.feed(reduced)
    reader.close()
    return reader.finished()


class _PieceReader(HTMLParser):
    """Reads well-formed, reduced HTML into a flat list of pieces."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[_Piece] = []
        self._piece = _Piece(BlockKind.PARAGRAPH)
        self._bold = 0
        self._counters: list[int | None] = []
        self._links: list[tuple[str, int]] = []

    def finished(self) -> list[_Piece]:
        """Return the pieces that hold text."""
        self._begin(BlockKind.PARAGRAPH)
        return self._done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._piece.words.append(("\n", False))
        elif tag in {"b", "strong", "th"}:
            self._bold += 1
        elif tag in _HEADINGS:
            self._begin(BlockKind.HEADING)
        elif tag == "li":
            self._begin(BlockKind.ITEM, self._next_label())
        elif tag in _BLOCK_TAGS:
            if tag in {"ul", "ol"}:
                self._counters.append(0 if tag == "ol" else None)
            # The paragraph that editors put inside a list item belongs to the item.
            if not (self._piece.kind is BlockKind.ITEM and not self._piece.words):
                self._begin(BlockKind.PARAGRAPH)
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._piece.words)))
        elif tag == "td":
            self._piece.words.append((" ", False))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"b", "strong", "th"}:
            self._bold = max(0, self._bold - 1)
        elif tag in {"ul", "ol"}:
            if self._counters:
                self._counters.pop()
            self._begin(BlockKind.PARAGRAPH)
        elif tag in _HEADINGS or tag == "li" or tag in _BLOCK_TAGS:
            self._begin(BlockKind.PARAGRAPH)
        elif tag == "a" and self._links:
            self._show_address(*self._links.pop())

    def handle_data(self, data: str) -> None:
        words = _SPACES.sub(" ", data)
        if words:
            self._piece.words.append((words, self._bold > 0))

    def _next_label(self) -> str:
        if self._counters and self._counters[-1] is not None:
            self._counters[-1] += 1
            return f"{self._counters[-1]}."
        return "•"

    def _show_address(self, address: str, first_word: int) -> None:
        seen = "".join(words for words, _bold in self._piece.words[first_word:])
        shown = address.removeprefix("mailto:").removeprefix("tel:")
        bare = re.sub(r"^https?://(www\.)?", "", shown).rstrip("/")
        if bare and bare.casefold() not in seen.casefold():
            self._piece.words.append((f" ({shown})", False))

    def _begin(self, kind: BlockKind, label: str = "") -> None:
        words = _trimmed(self._piece.words)
        if words:
            self._done.append(_Piece(self._piece.kind, self._piece.label, words))
        self._piece = _Piece(kind, label)


def _trimmed(words: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Join neighbours of the same weight and drop blanks and breaks that would show as gaps."""
    joined: list[tuple[str, bool]] = []
    for text, bold in words:
        if joined and (joined[-1][1] == bold or not text.strip()):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, bold))
    tidied = [(_BLANK_LINES.sub("\n\n", re.sub(r" *\n *", "\n", text)), bold) for text, bold in joined]
    while tidied and not tidied[0][0].strip():
        tidied.pop(0)
    while tidied and not tidied[-1][0].strip():
        tidied.pop()
    if tidied:
        tidied[0] = (tidied[0][0].lstrip(), tidied[0][1])
        tidied[-1] = (tidied[-1][0].rstrip(), tidied[-1][1])
    return tidied
