"""The office that screens are tried in."""

from __future__ import annotations

from tests.ui.office import application, office_templates, surroundings

__all__ = ["application", "office_templates", "surroundings"]
