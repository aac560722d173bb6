"""Checks this installation with small real work in every part."""

from __future__ import annotations

import logging
import time
from argparse import Namespace
from dataclasses import dataclass

from desktop_app.cli.command import USER_CAN_FIX, Check, Outcome
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.tracebacks import traceback_without_values
from desktop_app.core.translation import tr

_logger = logging.getLogger("quartierslotse.cli.self_test")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How a check ended."""

    name: str
    passed: bool
    remark: str
    seconds: float


def add_arguments(parser: CommandParser) -> None:
    """Say that there are no further options."""
    parser.epilog = tr("Die Daten des Büros werden nicht berührt; ein Passwort ist nicht nötig.")


def run(session: Session, arguments: Namespace) -> Outcome:  # noqa: ARG001 - every command has this shape
    """Run all checks, also after one has failed."""
    from desktop_app.cli.checks import own_checks

    results = [_result(check) for check in (*own_checks(), *session.extra_checks)]
    passed = all(result.passed for result in results)
    good, bad = tr("in Ordnung"), tr("NICHT OK")
    lines = [
        f"{good if result.passed else bad}  {result.name}" + (f" ({result.remark})" if result.remark else "")
        for result in results
    ]
    lines.append(
        tr("Diese Installation ist vollständig.")
        if passed
        else tr("Diese Installation ist nicht vollständig. Bitte installieren Sie Quartierslotse neu.")
    )
    checks = [
        {"name": result.name, "ok": result.passed, "remark": result.remark, "seconds": round(result.seconds, 3)}
        for result in results
    ]
    return Outcome(lines, {"checks": checks}, 0 if passed else USER_CAN_FIX)


def _result(check: Check) -> CheckResult:
    started = time.perf_counter()
    try:
        remark, passed = check.run(), True
    except QuartierslotseError as error:
        remark, passed = error.message, False
    except Exception as error:  # noqa: BLE001 - whatever is broken in an installation must not hide the other checks
        _logger.error("check failed\n%s", traceback_without_values(error))  # noqa: TRY400
        remark, passed = f"{type(error).__name__}: {error}", False
    return CheckResult(check.name(), passed, remark, time.perf_counter() - started)
