"""Which parts this program has: a document must not promise what is not in it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

_MODULES: Final = {
    "access": ("desktop_app.access.accounts", "desktop_app.security.throttle"),
    "audit": ("desktop_app.audit", "desktop_app.storage.audit_chain"),
    "backup": ("desktop_app.backup.service",),
    "exchange": ("desktop_app.exchange.service",),
    "retention": ("desktop_app.retention.service",),
    "sync": ("desktop_app.sync.service",),
    "visitors": ("desktop_app.visitors.service",),
}
PARTS: Final = frozenset(_MODULES)


def program_parts() -> frozenset[str]:
    """Return the parts that are there, without loading them."""
    return frozenset(part for part, modules in _MODULES.items() if all(_is_there(module) for module in modules))


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package above is missing
        return False
