"""Every declared pair of colours is legible, in every palette."""

from __future__ import annotations

import re

import pytest

from ui.theme.palette import GRAPHIC_PAIRS, LIGHT, PALETTES, TEXT_PAIRS, Palette, contrast, luminance

ALL = pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert luminance("#ffffff") == pytest.approx(1)


@ALL
def test_words_reach_four_and_a_half_to_one(palette: Palette) -> None:
    weak = {
        (ink, ground): round(contrast(getattr(palette, ink), getattr(palette, ground)), 2)
        for ink, ground in TEXT_PAIRS
        if contrast(getattr(palette, ink), getattr(palette, ground)) < 4.5
    }
    assert weak == {}


@ALL
def test_edges_and_focus_reach_three_to_one(palette: Palette) -> None:
    weak = {
        (line, ground): round(contrast(getattr(palette, line), getattr(palette, ground)), 2)
        for line, ground in GRAPHIC_PAIRS
        if contrast(getattr(palette, line), getattr(palette, ground)) < 3
    }
    assert weak == {}


@ALL
def test_inks_are_legible_on_their_tints(palette: Palette) -> None:
    assert len(palette.tints) == len(palette.tint_inks)
    assert [pair for pair in zip(palette.tints, palette.tint_inks, strict=True) if contrast(*pair) < 4.5] == []


@ALL
def test_every_colour_is_a_hex_value(palette: Palette) -> None:
    values = [*palette.colours().values(), *palette.tints, *palette.tint_inks]
    assert all(re.fullmatch(r"#[0-9a-f]{6}", value) for value in values)


def test_every_colour_of_words_is_in_a_pair() -> None:
    """A new ink without a declared ground would escape the test above."""
    inks = {name for name in LIGHT.colours() if name.startswith(("text", "on_")) or name in {"accent", "success"}}
    assert inks - {ink for ink, _ground in TEXT_PAIRS} == set()


def test_tints_start_again_after_the_last() -> None:
    assert LIGHT.tint(0) == LIGHT.tint(len(LIGHT.tints))
