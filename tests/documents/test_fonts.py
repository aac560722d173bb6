from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.documents.fonts import (
    MISSING_CHARACTER,
    TEXT_BOLD,
    TEXT_REGULAR,
    WIDE_BOLD,
    WIDE_REGULAR,
    FontLibrary,
    Run,
)


def test_german_and_turkish_text_stays_in_the_legible_font(fonts):
    text = "Größe, Straße, „Grüße“ – für Ğülşen İyi, Łódź"
    assert fonts.runs(text) == (Run(TEXT_REGULAR, text),)
    assert fonts.runs(text, bold=True) == (Run(TEXT_BOLD, text),)


def test_cyrillic_and_greek_come_from_the_wide_font_character_by_character(fonts):
    assert fonts.runs("Tee: Добрий день!") == (
        Run(TEXT_REGULAR, "Tee: "),
        Run(WIDE_REGULAR, "Добрий день"),
        Run(TEXT_REGULAR, "!"),
    )
    assert fonts.runs("ж", bold=True) == (Run(WIDE_BOLD, "ж"),)
    assert [run.font for run in fonts.runs("Ω α")][-1] == WIDE_REGULAR


def test_characters_nobody_can_draw_are_marked_and_invisible_ones_vanish(fonts):
    assert fonts.drawable("a\u200bb\u00adc\u202ed\x07") == "abcd"
    assert fonts.drawable("Herz 💛") == f"Herz {MISSING_CHARACTER}"
    assert fonts.drawable("1\u202f000\u2011") == "1\u00a0000-"
    assert all(fonts.covers(run.font, character) for run in fonts.runs("a💛ب语") for character in run.text)


def test_width_is_the_sum_of_the_runs(fonts):
    assert fonts.width("", 12) == 0
    assert fonts.width("Tee день", 12) == pytest.approx(fonts.width("Tee ", 12) + fonts.width("день", 12))
    assert fonts.width("Tee", 12, bold=True) > fonts.width("Tee", 12)


def test_a_missing_font_file_is_named_in_german(tmp_path):
    library = FontLibrary(tmp_path)
    with pytest.raises(EnvironmentProblem, match=r"AtkinsonHyperlegibleNext_400Regular\.ttf"):
        library.runs("Tee")
    (tmp_path / "AtkinsonHyperlegibleNext_400Regular.ttf").write_bytes(b"no font at all")
    with pytest.raises(EnvironmentProblem, match="beschädigt"):
        FontLibrary(tmp_path).ready()


def test_importing_the_services_does_not_load_heavy_libraries():
    code = (
        "import sys, desktop_app.handouts.service, desktop_app.handouts.from_directory, desktop_app.documents.fonts,"
        " desktop_app.documents.render, desktop_app.documents.spreadsheet, desktop_app.documents.markup,"
        " desktop_app.handouts.recovery_sheet;"
        "print([m for m in ('reportlab', 'xlsxwriter', 'pypdfium2', 'nh3', 'segno', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
