"""Hubs for the tests of this folder."""

from __future__ import annotations

from tests.hub.fixtures import any_hub, hub, hub_process, postgres, postgres_hub  # noqa: F401
