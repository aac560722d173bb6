"""The office that erases."""

from __future__ import annotations

from tests.ui.office import application, empty_application, office_templates, surroundings

__all__ = ["application", "empty_application", "office_templates", "surroundings"]
