"""The English catalogue: every sentence of desktop_app is in it, with the same values, and the compiled file is the same."""

from __future__ import annotations

import ast
import gettext
import io
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "locale" / "en" / "LC_MESSAGES"
KEYWORDS = {"tr": None, "tr_count": (1, 2)}
PERCENT = re.compile(r"%(?:\([a-z_]+\))?[sr]")
#: German letters and quotation marks, and words that no English sentence has.
GERMAN = re.compile(r"[äöüÄÖÜß„]|\b(?:und|oder|nicht|der|die|das|ist|wird|Bitte)\b")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return read_po(io.BytesIO((FOLDER / "quartierslotse.po").read_bytes()), locale="en")


def calls(path: Path) -> Iterator[object]:
    """Yield the message ids of a source file as Python reads it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            count = 2 if node.func.id == "tr_count" else 1
            texts = tuple(text.value if isinstance(text, ast.Constant) else None for text in node.args[:count])
            yield texts if count == 2 else texts[0]


@pytest.fixture(scope="module")
def sentences() -> dict[object, str]:
    """Every message id in the source with the file it stands in."""
    paths = [*sorted((ROOT / "desktop_app").rglob("*.py")), ROOT / "ui" / "command_line.py"]
    return {message: path.relative_to(ROOT).as_posix() for path in paths for message in calls(path)}


def pairs(catalogue):
    """Return (German, English) of all texts, singular and plural by themselves."""
    for message in catalogue:
        if message.id:
            if isinstance(message.id, tuple):
                yield from zip(message.id, message.string, strict=True)
            else:
                yield message.id, message.string


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_sentences_are_written_so_that_the_extraction_finds_them(sentences):
    found = {message for _, _, message, *_ in extract_from_dir(ROOT / "desktop_app", keywords=KEYWORDS)}
    found |= {
        message for _, message, *_ in extract_from_file("python", ROOT / "ui" / "command_line.py", keywords=KEYWORDS)
    }
    # A variable instead of a text, or a call within an f-string, is not found.
    assert {message: where for message, where in sentences.items() if message not in found} == {}


def test_every_sentence_has_an_english_text(catalogue, sentences):
    assert len(sentences) > 500
    missing = {
        message: where
        for message, where in sentences.items()
        if (entry := catalogue.get(message)) is None
        or not (all(entry.string) if isinstance(entry.string, tuple) else entry.string)
        or entry.fuzzy
    }
    assert missing == {}


def test_no_text_is_left_over(catalogue, sentences):
    assert {message.id for message in catalogue if message.id} - sentences.keys() == set()


def test_values_stand_in_both_languages(catalogue):
    for german, english in pairs(catalogue):
        if PERCENT.search(german):
            assert sorted(PERCENT.findall(german)) == sorted(PERCENT.findall(english)), german
        elif fields(german) != fields(english):
            # A singular may say „ein Kontakt“ for „{count} contact“.
            assert fields(german) ^ fields(english) == {"count"}, german


def test_english_texts_are_english(catalogue):
    wrong = [english for _, english in pairs(catalogue) if GERMAN.search(english)]
    assert wrong == []


def test_blanks_at_the_ends_are_kept(catalogue):
    for german, english in pairs(catalogue):
        assert german[:1].isspace() == english[:1].isspace(), german
        assert german[-1:].isspace() == english[-1:].isspace(), german
        assert german.count("\n") == english.count("\n"), german


def test_the_compiled_file_is_the_written_one(catalogue):
    compiled = read_mo(io.BytesIO((FOLDER / "quartierslotse.mo").read_bytes()))
    texts = {
        (message.id if isinstance(message.id, str) else tuple(message.id)): (
            message.string if isinstance(message.string, str) else tuple(message.string)
        )
        for message in compiled
        if message.id
    }
    assert texts == {message.id: message.string for message in catalogue if message.id}


def test_the_program_reads_it():
    translation = gettext.translation("quartierslotse", str(FOLDER.parents[1]), languages=["en"])
    assert translation.gettext("Kontakte") == "Contacts"
    assert translation.ngettext("Ein Treffer", "{count} Treffer", 3) == "{count} hits"
