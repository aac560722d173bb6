"""What the operator of a hub decides: environment variables, read once at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.sync import protocol

PREFIX = "QUARTIERSLOTSE_HUB_"


class SettingsError(Exception):
    """A setting makes no sense; the message is a German sentence for the operator."""


@dataclass(frozen=True)
class HubSettings:
    """Every setting with its default. Rates of 0 mean: not limited."""

    database: str = "sqlite:///quartierslotse-hub.db"
    """`postgresql://…`, or `sqlite:///` and a path."""
    address: str = ""
    """How desks reach this hub, for enrolment codes: https://hub.example.org."""
    host: str = "127.0.0.1"
    port: int = 8440
    connections: int = 16
    """To the database; as many requests are worked on at a time."""
    min_client: str = "0.1.0"
    requests_per_minute: int = 1200
    """Of one desk."""
    enrolments_per_minute: int = 10
    """Of one network address; wrong tokens share the same patience, six times as long."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Addresses whose X-Forwarded-For is believed."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> HubSettings:
        """Read QUARTIERSLOTSE_HUB_DATABASE and so on.

        Raises:
            SettingsError: a number is none, or a file with a secret can't be read.
        """
        given = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for name, default in vars(cls()).items():
            text = _setting(given, PREFIX + name.upper())
            if text is not None:
                values[name] = _number(name, text) if isinstance(default, int) else text
        return cls(**values).checked()

    def checked(self) -> HubSettings:
        """Return itself.

        Raises:
            SettingsError: a value is out of its range.
        """
        if protocol.version_tuple(self.min_client) is None:
            raise SettingsError(f"„{self.min_client}“ ist keine Versionsnummer ({PREFIX}MIN_CLIENT).")
        if not self.database.startswith(("postgresql://", "postgres://", "sqlite:///")):
            raise SettingsError(
                f"Die Datenbank muss mit „postgresql://“ oder „sqlite:///“ beginnen ({PREFIX}DATABASE)."
            )
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"{self.port} ist kein Anschluss (0 bis 65535).")
        if self.connections < 1:
            raise SettingsError(f"Mindestens eine Verbindung zur Datenbank ist nötig ({PREFIX}CONNECTIONS).")
        return self


def _setting(given: Mapping[str, str], name: str) -> str | None:
    # NAME_FILE: container platforms hand secrets over as files.
    path = given.get(name + "_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"Die Datei „{path}“ ({name}_FILE) lässt sich nicht lesen.") from error
    return given.get(name) or None


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"„{text}“ ist keine Zahl ({PREFIX}{name.upper()}).")
    return int(text)
