"""Looks at the clock of this computer when the data is opened, and keeps what people said about it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from desktop_app.core.actor import Actor
from desktop_app.core.clock import CorrectedClock, from_text
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.translation import tr
from desktop_app.environment.clock_check import ClockState, ClockVerdict, judge_clock
from desktop_app.settings.tables import SettingTable
from desktop_app.storage.store import Store

_CONFIRMED: Final = "clock.confirmed_up_to"
_LAST_ENTRIES: Final = 500


class ClockCare:
    """Judges the clock by the newest record; the person at the desk decides what is right.

    Work never waits for it: contacts can be recorded with a doubtful clock, but the window says so all the time.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def verdict(self) -> ClockVerdict:
        """Judge the clock now, by what was written since somebody last said that the clock is right."""
        confirmed = self._confirmed()
        newest = self._store.sql(
            "SELECT max(at) FROM (SELECT at FROM audit_entry WHERE sequence > ? ORDER BY sequence DESC LIMIT ?)",
            (confirmed or 0, _LAST_ENTRIES),
        )[0][0]
        verdict = judge_clock(self._store.clock.now(), from_text(str(newest)) if newest else None)
        if confirmed is not None and verdict.state is ClockState.FAR_AHEAD:
            return ClockVerdict(ClockState.PLAUSIBLE, verdict.now, verdict.known_past)
        return verdict

    def sentence(self, verdict: ClockVerdict) -> str:
        """Return what the window says about a doubtful clock; empty for one that can be right."""
        if not verdict.is_doubtful:
            return ""
        clock = self._store.clock
        day = clock.local_now().strftime("%d.%m.%Y")
        known = verdict.known_past.astimezone(clock.local_now().tzinfo).strftime("%d.%m.%Y")
        if verdict.state is ClockState.FAR_AHEAD:
            return tr(
                "Die Uhr dieses Rechners zeigt den {day}. Das kann kaum stimmen. Kontakte bekommen dieses Datum.",
                day=day,
            )
        if verdict.state is ClockState.BEFORE_PROGRAM:
            return tr(
                "Die Uhr dieses Rechners zeigt den {day}, dieses Programm ist aber jünger. Kontakte bekommen sonst ein falsches "
                "Datum.",
                day=day,
            )
        return tr(
            "Die Uhr dieses Rechners zeigt den {day}, es gibt aber schon Daten vom {known}. Kontakte bekommen sonst ein "
            "falsches Datum.",
            day=day,
            known=known,
        )

    def confirm(self, actor: Actor) -> None:
        """Keep that the clock is right and the newest records were wrong; later ones are judged again."""
        newest = self._store.sql("SELECT coalesce(max(sequence), 0) FROM audit_entry")[0][0]
        with self._store.unit_of_work(actor, "confirm_clock", ("setting", _CONFIRMED)) as unit:
            unit.delete(SettingTable, _CONFIRMED)
            unit.insert(SettingTable, {"name": _CONFIRMED, "value": json.dumps(newest)})

    def put_right(self, actor: Actor, text: str) -> None:
        """Go on from a local day and time until the program ends; the computer's own clock stays as it is.

        `text` is `TT.MM.JJJJ HH:MM`. The next start asks again if the computer's clock is still wrong.

        Raises:
            InputError: the text is no day and time, or lies before the newest record.
            UserError: this program runs with a clock that can't be put right.
        """
        clock = self._store.clock
        if not isinstance(clock, CorrectedClock):
            raise UserError(tr("Hier lässt sich die Uhr nicht richtigstellen. Bitte stellen Sie die Uhr des Rechners."))
        try:
            moment = datetime.strptime(text.strip(), "%d.%m.%Y %H:%M").replace(tzinfo=clock.local_now().tzinfo)
        except ValueError as error:
            raise InputError("moment", tr("Bitte geben Sie Tag und Uhrzeit so ein: 22.11.2026 10:40")) from error
        if judge_clock(moment, self.verdict().known_past).is_doubtful:
            raise InputError(
                "moment", tr("Das liegt vor Daten, die es schon gibt. Bitte prüfen Sie Tag, Monat und Jahr.")
            )
        clock.put_right(moment)
        with self._store.unit_of_work(actor, "put_clock_right", ("setting", _CONFIRMED)):
            pass

    def _confirmed(self) -> int | None:
        text = self._store.scalar(SettingTable.select(SettingTable.value).where(SettingTable.name == _CONFIRMED))
        return int(json.loads(str(text))) if text is not None else None
