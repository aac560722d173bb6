"""``python -m ui`` starts the application."""

from __future__ import annotations

import sys

# Before Qt on purpose: once PySide6 is loaded it reads the source of every module that follows.
import desktop_app.environment.folders
import desktop_app.security.key_slots  # noqa: F401
from ui.app import main

if __name__ == "__main__":
    sys.exit(main())
