"""What the page Abgleich can be asked to show; light, for whoever leads there."""

from __future__ import annotations

CONFLICTS_TARGET = "conflicts"
"""The kind of target that shows what is to decide."""
STATE_TARGET = "state"
"""The kind of target that shows how the connection is."""
