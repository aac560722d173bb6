"""The entry point of `quartierslotse-hub`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hub.app import create_app
from hub.logs import start_logging
from hub.serving import make_server
from hub.settings import HubSettings


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; for now there is only `serve`."""
    if list(sys.argv[1:] if words is None else words) != ["serve"]:
        return 2
    settings = HubSettings.from_environment()
    start_logging()
    make_server(create_app(settings), settings).run()
    return 0
