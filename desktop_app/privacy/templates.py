"""Fills a template: `{{name}}` is a value, `{{#part}} … {{/part}}` stays only with that part, `{{^part}} …` without."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_BLOCK = re.compile(r"^\{\{([#^])(\w+)\}\}\n(.*?)^\{\{/\2\}\}\n", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"\{\{([#^])(\w+)\}\}([^\n]*?)\{\{/\2\}\}")
_VALUE = re.compile(r"\{\{(\w+)\}\}")
_MARK = re.compile(r"\{\{[#^/]?\w*\}?\}?")
_HELD = re.compile(r"(Art\.|§§?|Abs\.|Nr\.|Buchst\.) ")


def fill(template: str, values: Mapping[str, str], parts: Collection[str], known_parts: Collection[str]) -> str:
    """Return the text with its values; a number never loses its paragraph sign at the end of a line.

    Raises:
        ValueError: a name or part is not known, or a mark is left open: a mistake in the template.
    """

    def choose(match: re.Match[str]) -> str:
        sign, part, content = match.groups()
        if part not in known_parts:
            raise ValueError(f"unknown part {part}")
        return content if (part in parts) == (sign == "#") else ""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise ValueError(f"unknown value {match[1]}")
        return _one_line(values[match[1]]) if match[1] not in _OF_MANY_LINES else values[match[1]]

    text = _INLINE.sub(choose, _BLOCK.sub(choose, template))
    if _MARK.search(_VALUE.sub("", text)):
        raise ValueError("a mark in the template is left open")
    return _HELD.sub("\\1\u00a0", _VALUE.sub(value, text))


_OF_MANY_LINES = frozenset({"retention_rules", "retention_classes"})


def _one_line(text: str) -> str:
    """Keep what people typed from ending a row or a line."""
    return " ".join(text.replace("|", "/").replace("{{", "{").split())
