"""Whether the recovery sheet that is valid now was printed or saved; without it a lost password loses the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application

SHEET_KEPT_SETTING = "recovery_sheet_kept"
RECOVERY_TARGET = "recovery_sheet"
"""The kind of target with which the administration asks for a new sheet."""


@dataclass(frozen=True, slots=True)
class SheetKept:
    """Notice: the recovery sheet that is valid now was printed or saved."""


def is_sheet_kept(application: Application) -> bool:
    """Whether the sheet was kept. An office that was set up elsewhere (the command line) has dealt with its own."""
    return application.settings.value(SHEET_KEPT_SETTING, True) is not False


def note_sheet(application: Application, *, kept: bool) -> None:
    """Remember it for the next start."""
    application.settings.set_value(application.actor, SHEET_KEPT_SETTING, kept)
    if kept:
        application.notices.publish(SheetKept())
