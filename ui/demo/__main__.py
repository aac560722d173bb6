"""`python -m ui.demo --out DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from desktop_app.core.translation import tr
from ui.demo.performance import run


def main() -> int:
    """Play the demo; exit code 0 when everything is there."""
    parser = argparse.ArgumentParser(prog="quartierslotse demo", description=tr("Geführte Vorführung"))
    parser.add_argument("--out", type=Path, default=Path("demo-ausgabe"), metavar="DIR")
    return run(parser.parse_args().out)


if __name__ == "__main__":
    sys.exit(main())
