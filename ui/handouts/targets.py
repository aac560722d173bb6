"""What the sheet page can be asked to show; kept apart so that asking does not load the page."""

from __future__ import annotations

from collections.abc import Sequence

from ui.shell.page import Target

SHOW_SERVICES = "services"
PRINT_SERVICES = "print"


def print_target(owner: str, service_ids: Sequence[str]) -> Target:
    """Return the target that prints a visitor's sheet at once; the key is the card's id and those of the services."""
    return Target(PRINT_SERVICES, " ".join((owner, *service_ids)))
