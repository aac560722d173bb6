"""Words of the command line turned into values; what is wrong is said in a sentence and ends with code 2."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from desktop_app.core.errors import InputError
from desktop_app.core.months import Month
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.contacts.vocabulary import Fact

Word = TypeVar("Word", bound=StrEnum)
_NOT_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def month(text: str) -> Month:
    """Return a month written `2026-11`."""
    try:
        return Month.parse(text)
    except InputError as error:
        raise ArgumentTypeError(error.message) from error


def day(text: str) -> date:
    """Return a day written `2026-11-22` or `22.11.2026`."""
    match = _GERMAN_DAY.fullmatch(text.strip())
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text.strip())
    except ValueError as error:
        raise ArgumentTypeError(
            tr("„{text}“ ist kein Tag. Bitte schreiben Sie ihn so: 2026-11-22 oder 22.11.2026.", text=text)
        ) from error


def number_from(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers within limits."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = lowest - 1
        if not lowest <= value <= highest:
            raise ArgumentTypeError(
                tr("„{text}“ geht nicht; möglich ist eine Zahl von {lowest} bis {highest}.",
                   text=text, lowest=lowest, highest=highest)
            )  # fmt: skip
        return value

    return read


def word_of(kind: type[Word]) -> Callable[[str], Word]:
    """Return a reader of one closed word list: the code or the German word, whatever its spelling of case and dashes."""

    def read(text: str) -> Word:
        labels = {word.value: str(word.label) for word in kind}  # type: ignore[attr-defined]
        return kind(_code_of(text, labels))

    return read


def code_of(labels: Callable[[], Mapping[str, str]]) -> Callable[[str], str]:
    """Return a reader of the codes or words in `labels`, whatever their spelling of case and dashes."""

    def read(text: str) -> str:
        return _code_of(text, labels())

    return read


def answer_of(fact: Fact) -> Callable[[str], str]:
    """Return a reader of the answers to one optional question."""

    def read(text: str) -> str:
        from desktop_app.contacts.vocabulary import fact_answers, open_answers

        return _code_of(text, {**fact_answers(fact), **open_answers()})

    return read


def same_word(one: str, other: str) -> bool:
    """Tell whether two words are the same but for case, dashes and blanks."""
    return _plain(one) == _plain(other)


def choices_text(labels: Mapping[str, str]) -> str:
    """Return the possible words for help and messages."""
    return ", ".join(f"{code} ({label})" if not same_word(code, label) else code for code, label in labels.items())


def labels_of(kind: type[StrEnum]) -> dict[str, str]:
    """Return code and German word of a closed word list."""
    return {word.value: str(word.label) for word in kind}  # type: ignore[attr-defined]


def _code_of(text: str, labels: Mapping[str, str]) -> str:
    for code, label in labels.items():
        if same_word(text, code) or same_word(text, label):
            return code
    raise ArgumentTypeError(
        tr("„{text}“ gibt es hier nicht. Möglich: {choices}", text=text, choices=choices_text(labels))
    )


def _plain(text: str) -> str:
    return _NOT_LETTER_OR_DIGIT.sub("", text.casefold())
