"""The only file with colours. Every colour has a declared job; the pairs below are proved by a test.

Use the names, never a hex value, anywhere else::

    active_theme().palette.accent
"""

from __future__ import annotations

from dataclasses import dataclass, fields

TINTS = 9


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Palette:
    """One set of colours, each ``#rrggbb``. Names say the job, not the hue."""

    name: str
    is_dark: bool
    #: the soft ground of the window
    ground: str
    #: cards and fields
    surface: str
    #: menus, dialogs, the command palette
    surface_raised: str
    #: quiet areas inside a card: table heads, hovered rows
    surface_sunken: str
    text: str
    text_muted: str
    #: fields and buttons that need a visible edge (3:1)
    outline: str
    #: decoration only: lines between rows, edge of a card
    divider: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    #: what is chosen, in a list or a tile
    accent_soft: str
    on_accent_soft: str
    #: the ring around the control that has the keyboard
    focus: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    on_danger: str
    #: the part of a result that matched the search
    match: str
    on_match: str
    #: navigation rail
    rail: str
    on_rail: str
    rail_selected: str
    on_rail_selected: str
    rail_focus: str
    #: text and background of a control that cannot be used now
    disabled: str
    on_disabled: str
    #: soft grounds behind topic icons and the ink that is legible on them, in the same order
    tints: tuple[str, ...]
    tint_inks: tuple[str, ...]

    def tint(self, number: int) -> tuple[str, str]:
        """Ground and ink of tint ``number``; numbers beyond the last start again."""
        place = number % len(self.tints)
        return self.tints[place], self.tint_inks[place]

    def colours(self) -> dict[str, str]:
        """Every single colour by its name, for the style sheet."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.type == "str" and field.name != "name"
        }


LIGHT = Palette(
    name="light",
    is_dark=False,
    ground="#eef3f3",
    surface="#ffffff",
    surface_raised="#ffffff",
    surface_sunken="#f4f8f8",
    text="#13252b",
    text_muted="#4a5d64",
    outline="#73868c",
    divider="#d6e1e2",
    accent="#0b6572",
    accent_hover="#095560",
    accent_pressed="#07444d",
    on_accent="#ffffff",
    accent_soft="#d8eef0",
    on_accent_soft="#07444d",
    focus="#c2410c",
    success="#17663a",
    success_soft="#dcf2e4",
    warning="#7d4a00",
    warning_soft="#fdeccb",
    danger="#a8201a",
    danger_soft="#fce4e1",
    on_danger="#ffffff",
    match="#ffe9a3",
    on_match="#13252b",
    rail="#0e3a42",
    on_rail="#d5e8ea",
    rail_selected="#1a5863",
    on_rail_selected="#ffffff",
    rail_focus="#ffc078",
    disabled="#e3eaeb",
    on_disabled="#5a6b71",
    tints=("#d8eef0", "#fde5dc", "#e5e6fa", "#fbe6c5", "#dff1dc", "#f8e0ee", "#dbeafc", "#efe6d8", "#e4ebec"),
    tint_inks=("#07505b", "#8a3212", "#3b3f97", "#704600", "#1f5e22", "#82265f", "#174e8c", "#5d4620", "#37494f"),
)

DARK = Palette(
    name="dark",
    is_dark=True,
    ground="#0e1719",
    surface="#172327",
    surface_raised="#1e2d32",
    surface_sunken="#1b292e",
    text="#e8f0f1",
    text_muted="#a9bbc0",
    outline="#76898f",
    divider="#2b3b40",
    accent="#6cc7d2",
    accent_hover="#86d6df",
    accent_pressed="#a1e2e9",
    on_accent="#06272c",
    accent_soft="#174850",
    on_accent_soft="#d5f1f4",
    focus="#ffb25e",
    success="#7fd69d",
    success_soft="#173c27",
    warning="#f3c26b",
    warning_soft="#40300f",
    danger="#ff9c92",
    danger_soft="#4a1f1c",
    on_danger="#3b0906",
    match="#6b5410",
    on_match="#fff6dc",
    rail="#0a2a30",
    on_rail="#c3dbde",
    rail_selected="#18505a",
    on_rail_selected="#ffffff",
    rail_focus="#ffb25e",
    disabled="#253438",
    on_disabled="#92a3a8",
    tints=("#164048", "#4a2a1e", "#2d2f55", "#43330f", "#1f3c21", "#45213a", "#1b3658", "#3c3222", "#2b3a3f"),
    tint_inks=("#a4e2ea", "#ffc2a8", "#c5c8ff", "#f6d38d", "#aee0ad", "#f7b8de", "#b0d2fb", "#e4cfa6", "#c7d5d9"),
)

HIGH_CONTRAST = Palette(
    name="high_contrast",
    is_dark=True,
    ground="#000000",
    surface="#000000",
    surface_raised="#000000",
    surface_sunken="#000000",
    text="#ffffff",
    text_muted="#ffffff",
    outline="#ffffff",
    divider="#ffffff",
    accent="#7ff0ff",
    accent_hover="#b6f7ff",
    accent_pressed="#ffffff",
    on_accent="#000000",
    accent_soft="#00464f",
    on_accent_soft="#ffffff",
    focus="#ffe100",
    success="#7dff9f",
    success_soft="#00290f",
    warning="#ffd24d",
    warning_soft="#2b2000",
    danger="#ffa8a0",
    danger_soft="#330400",
    on_danger="#000000",
    match="#ffe100",
    on_match="#000000",
    rail="#000000",
    on_rail="#ffffff",
    rail_selected="#00464f",
    on_rail_selected="#ffffff",
    rail_focus="#ffe100",
    disabled="#1c1c1c",
    on_disabled="#c8c8c8",
    tints=("#000000",) * TINTS,
    tint_inks=("#ffffff",) * TINTS,
)

PALETTES = {palette.name: palette for palette in (LIGHT, DARK, HIGH_CONTRAST)}

#: (text, background) pairs that occur on the screen: 4.5:1 or more
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *(
        (ink, ground)
        for ink in ("text", "text_muted")
        for ground in ("ground", "surface", "surface_raised", "surface_sunken")
    ),
    *(("accent", ground) for ground in ("ground", "surface", "surface_raised", "surface_sunken")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_accent_soft", "accent_soft"),
    ("text", "accent_soft"),
    ("text_muted", "accent_soft"),
    ("success", "success_soft"),
    ("success", "surface"),
    ("warning", "warning_soft"),
    ("warning", "surface"),
    ("danger", "danger_soft"),
    ("danger", "surface"),
    ("danger", "ground"),
    ("text", "success_soft"),
    ("text", "warning_soft"),
    ("text", "danger_soft"),
    ("on_danger", "danger"),
    ("on_match", "match"),
    ("on_rail", "rail"),
    ("on_rail_selected", "rail_selected"),
    ("on_disabled", "disabled"),
)

#: (line, background) pairs: edges of controls and the focus ring, 3:1 or more
GRAPHIC_PAIRS: tuple[tuple[str, str], ...] = (
    *(("outline", ground) for ground in ("ground", "surface", "surface_raised", "surface_sunken")),
    *(
        ("focus", ground)
        for ground in (
            "ground",
            "surface",
            "surface_raised",
            "surface_sunken",
            "accent_soft",
            "success_soft",
            "warning_soft",
            "danger_soft",
        )
    ),
    ("rail_focus", "rail"),
    ("rail_focus", "rail_selected"),
)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` after WCAG 2.2, 0 (black) to 1 (white)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours after WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
