"""Where the shipped files of the surface lie (fonts, icons, style sheet, help)."""

from __future__ import annotations

from pathlib import Path

from desktop_app.environment.folders import resources_folder

RESOURCES = resources_folder()


def resource_file(*parts: str) -> Path:
    """The path of a shipped file; the same below a source tree and inside a frozen program."""
    return RESOURCES.joinpath(*parts)
