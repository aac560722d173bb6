"""Texts for people: German is the source language, other languages come as gettext catalogues.

The language belongs to the running context (thread, command), not to the process, so that a sheet in
another language can be made beside a German screen.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

SOURCE_LANGUAGE = "de"
_DOMAIN = "quartierslotse"
_LOCALE_DIRECTORY = Path(__file__).resolve().parents[2] / "resources" / "locale"
_language: ContextVar[str] = ContextVar("quartierslotse_language", default=SOURCE_LANGUAGE)


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(_DOMAIN, str(_LOCALE_DIRECTORY), languages=[language], fallback=True)


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Answer `tr` in `language` (`de`, `en`) within the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def current_language() -> str:
    """Return the language `tr` answers in here."""
    return _language.get()


def tr(text: str, /, **values: object) -> str:
    """Return `text` in the current language with `{names}` filled in."""
    language = _language.get()
    if language != SOURCE_LANGUAGE:
        text = _catalogue(language).gettext(text)
    return text.format(**values) if values else text


def tr_count(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Return the form that fits `count`; `{count}` may stand in the text."""
    language = _language.get()
    if language == SOURCE_LANGUAGE:
        text = singular if count == 1 else plural
    else:
        text = _catalogue(language).ngettext(singular, plural, count)
    return text.format(count=count, **values)
