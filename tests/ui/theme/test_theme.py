"""Scale, fonts, icons and the style sheet, on a real application."""

from __future__ import annotations

import re
import sys

import pytest
from PySide6.QtGui import QFontInfo, QImage
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ui.theme.fonts import FAMILY, load_fonts, text_font, with_tabular_figures
from ui.theme.icons import IconSet
from ui.theme.palette import DARK, LIGHT, PALETTES
from ui.theme.resource_files import resource_file
from ui.theme.scale import BODY_POINTS, SMALL_POINTS, Scale, nearest_text_percent, screen_dpi
from ui.theme.stylesheet import style_sheet
from ui.theme.theme import Theme, ThemeController, ThemeMode, active_theme


def test_no_text_is_smaller_than_eleven_points() -> None:
    assert min(BODY_POINTS, SMALL_POINTS) >= 11
    assert Scale().font(SMALL_POINTS) >= round(11 * 96 / 72)


def test_targets_are_at_least_forty_pixels() -> None:
    assert Scale(100).target == 40
    assert Scale(200).target > 60


def test_text_doubles_but_gaps_do_not() -> None:
    large = Scale(200)
    assert large.font(12) == 2 * Scale(100).font(12)
    assert Scale(100).px(8) == 8 < large.px(8) < 16


@pytest.mark.parametrize(("wish", "kept"), [(50, 100), (130, 130), (900, 200)])
def test_text_size_stays_inside_what_is_supported(wish: int, kept: int) -> None:
    assert nearest_text_percent(wish) == kept


def test_macos_counts_as_ninety_six_dpi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert screen_dpi(72.0) == 96.0
    monkeypatch.setattr(sys, "platform", "linux")
    assert screen_dpi(120.0) == 120.0


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_the_style_sheet_is_complete(palette, percent: int) -> None:
    sheet = style_sheet(Theme(palette=palette, scale=Scale(percent)))
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for path in re.findall(r'url\("([^"]+)"\)', sheet):
        assert resource_file(path).is_file()


def test_the_shipped_font_is_used(qapp: QApplication) -> None:
    assert load_fonts()
    assert QFontInfo(text_font(15)).family() == FAMILY
    assert with_tabular_figures(text_font(15)).featureTags()


def test_icons_take_the_colour_and_are_crisp_at_twice_the_size(qapp: QApplication) -> None:
    pixmap = IconSet().pixmap("house", "#ff0000", 24, 2.0)
    assert pixmap.width() == 48
    assert pixmap.devicePixelRatio() == 2.0
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    inked = [image.pixelColor(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() == 255]
    assert len(inked) > 100
    assert {colour.name() for colour in inked} == {"#ff0000"}


def test_every_shipped_icon_can_be_drawn(qapp: QApplication) -> None:
    icons = IconSet()
    names = [path.stem for path in resource_file("icons").glob("*.svg")]
    assert len(names) > 50
    empty = QImage(24, 24, QImage.Format.Format_ARGB32_Premultiplied)
    empty.fill(0)
    assert [name for name in names if icons.pixmap(name, "#123456", 24).toImage() == empty] == []
    assert resource_file("icons", "LICENSE.txt").is_file()


def test_an_unknown_icon_is_our_bug(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        IconSet().pixmap("no-such-icon", "#000000", 24)


def test_the_controller_changes_everything_at_once(qapp: QApplication, qtbot: QtBot, theme: ThemeController) -> None:
    controller = theme
    assert active_theme().palette is LIGHT
    button = QPushButton("Text")
    qtbot.addWidget(button)
    button.show()
    small = button.sizeHint()
    with qtbot.waitSignal(controller.changed):
        controller.use_mode(ThemeMode.DARK)
    assert active_theme().palette is DARK
    assert qapp.palette().window().color().name() == DARK.ground
    controller.use_text_percent(200)
    assert button.sizeHint().height() > small.height()
    assert controller.text_percent == 200
    controller.use_text_percent(100)
    controller.use_mode(ThemeMode.SYSTEM)
    assert active_theme().palette in PALETTES.values()
