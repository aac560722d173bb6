"""The style sheet of the application: the shipped template filled with palette and scale.

The template is ``resources/styles/application.qss``; ``$name`` is a palette colour, ``$px8`` eight pixels on the
grid, ``$font_body`` a text size. Only plain names are used, so the template stays readable as a style sheet.
"""

from __future__ import annotations

from string import Template

from ui.theme.palette import luminance
from ui.theme.resource_files import resource_file
from ui.theme.scale import BIG_POINTS, BODY_POINTS, HEADING_POINTS, SMALL_POINTS, TITLE_POINTS
from ui.theme.theme import Theme

_LENGTHS = (1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 22, 24, 32, 40, 48)


def style_sheet(theme: Theme) -> str:
    """The finished style sheet. Raises KeyError if the template names something unknown."""
    template = Template(resource_file("styles", "application.qss").read_text(encoding="utf-8"))
    return template.substitute(_values(theme))


def _values(theme: Theme) -> dict[str, str]:
    scale, palette = theme.scale, theme.palette
    values = dict(palette.colours())
    values.update({f"px{length}": f"{scale.px(length)}px" for length in _LENGTHS})
    values.update(
        {
            "font_small": f"{scale.font(SMALL_POINTS)}px",
            "font_body": f"{scale.font(BODY_POINTS)}px",
            "font_heading": f"{scale.font(HEADING_POINTS)}px",
            "font_title": f"{scale.font(TITLE_POINTS)}px",
            "font_big": f"{scale.font(BIG_POINTS)}px",
            "radius": f"{scale.radius}px",
            "radius_card": f"{scale.px(12)}px",
            # a control's target without its own border and margin (3 px above and below)
            "inner": f"{scale.target - 6}px",
            "target": f"{scale.target}px",
            "indicator": f"{scale.with_text(20)}px",
            "indicator_half": f"{scale.with_text(20) // 2 + 2}px",
            "chevron": f"{theme.icon_size(18)}px",
            "scrollbar": f"{scale.px(14)}px",
            "mark_text": _mark("chevron-down", palette.text),
            "mark_up": _mark("chevron-up", palette.text),
            "check_accent": _mark("check", palette.on_accent),
            "dot_accent": _mark("dot", palette.on_accent),
        }
    )
    return values


def _mark(name: str, colour: str) -> str:
    ink = "light" if luminance(colour) > 0.4 else "dark"
    return f'url("{resource_file("styles", "marks", f"{name}-{ink}.svg").as_posix()}")'
