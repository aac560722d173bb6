"""Plays the demo: sets up the fictional office, records its month by key presses, leaves pictures and papers."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.bootstrap import Application, Surroundings
from desktop_app.core.clock import FixedClock, office_zone
from desktop_app.core.errors import EnvironmentProblem, QuartierslotseError
from desktop_app.core.ids import UuidFactory
from desktop_app.core.months import Month
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder
from ui.demo.report import Report
from ui.demo.story import SCENES, TALLY

if TYPE_CHECKING:
    from ui.demo.stage import Stage

MONTH = Month(2026, 11)
_INFO_SHEET_SEARCH = "pflege"
_FORMATS = ("csv", "xlsx", "pdf")


def run(out: Path) -> int:
    """Play the demo into the folder `out`; return the exit code (0 all there, 1 the surroundings refused)."""
    # The demo is a film, not a window: it must look the same with and without a screen.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        out.mkdir(parents=True, exist_ok=True)
        _say(tr("Vorführung: Quartiersbüro Musterstadt-Mitte, November 2026"))
        with tempfile.TemporaryDirectory(prefix="quartierslotse-demo-") as scratch:
            _play(out, Path(scratch))
    except QuartierslotseError as error:
        _say(error.message, to_errors=True)
        return 1
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = tr("In den Ordner „{folder}“ kann nicht geschrieben werden: {reason}", folder=out, reason=reason)
        _say(problem, to_errors=True)
        return 1
    _say(tr("Fertig. Bilder, Blätter und Auswertungen liegen in: {folder}", folder=out.resolve()))
    return 0


def _say(text: str, *, to_errors: bool = False) -> None:
    print(text, file=sys.stderr if to_errors else sys.stdout, flush=True)


def _play(out: Path, scratch: Path) -> None:
    report, folder = Report(), DataFolder(scratch / "daten")
    clock = FixedClock(datetime(2026, 11, 2, 8, 55, tzinfo=office_zone()))
    with report.step(tr("Qt und das Programm laden")):
        from ui.demo.camera import make_camera
        from ui.demo.entrance import set_up_by_keys, show_sign_in
        from ui.demo.stage import Stage

        camera = make_camera(out)
    surroundings = Surroundings(clock, UuidFactory(clock))
    with report.step(tr("Büro mit der Tastatur einrichten, Beispielverzeichnis einlesen: Bilder")) as remarks:
        application = set_up_by_keys(folder, surroundings, out, camera)
        counts = application.directory_queries.count()
        sizes = {"organizations": counts.organizations, "services": counts.services}
        remarks.append(tr("{organizations} Anbieter, {services} Angebote", **sizes))
    try:
        with report.step(tr("Anmeldung: Bilder")):
            show_sign_in(folder, camera)
        with report.step(tr("Fenster öffnen")):
            stage = Stage(application, surroundings, clock, MONTH, camera)
        try:
            _record_month(stage, report)
            with ExitStack() as others:
                handover = _meet_others(others, stage, report, scratch, out)
                _show_screens(stage, report, handover)
        finally:
            stage.close()
        _write_papers(application, out, report)
    finally:
        application.close()
    report.write(out / "REPORT.md", _head(camera.taken))


def _record_month(stage: Stage, report: Report) -> None:
    strokes = dict(TALLY)
    presses = 0
    with report.step(tr("Dreißig Kontakte mit der Tastatur erfassen")) as remarks:
        for scene in SCENES:
            stage.go_to(scene.day, scene.time)
            if scene.day in strokes:
                stage.hands.play(strokes.pop(scene.day))
            before = _contact_count(stage.application)
            presses += stage.hands.play(scene.keys)
            if _contact_count(stage.application) != before + 1:
                raise EnvironmentProblem(tr("Die Szene „{about}“ wurde nicht gespeichert.", about=scene.about))
        mean = f"{presses / len(SCENES):.1f}".replace(".", ",")
        remarks.append(tr("{presses} Tasten, im Mittel {mean} je Kontakt", presses=presses, mean=mean))


def _meet_others(others: ExitStack, stage: Stage, report: Report, scratch: Path, out: Path) -> str:
    """Connect the office to another one, as long as `others` is open; return what it was offered, "" where no hub can run."""
    from ui.demo.neighbours import hand_over, neighbour_office
    from ui.demo.trial_hub import trial_hub

    stage.go_to(20, "11:00")
    with report.step(tr("Zwei Büros über einen Abgleich-Server verbinden, je eine Übergabe")) as remarks:
        hub = others.enter_context(trial_hub(scratch / "hub"))
        if hub is None:
            remarks.append(tr("nicht gezeigt: Auf diesem Rechner ist kein Abgleich-Server eingerichtet"))
            return ""
        neighbour = neighbour_office(scratch / "nachbar", stage.surroundings)
        others.callback(neighbour.close)
        # Beside the window: one that stands still for long takes it for the sleep of the computer and locks.
        return stage.beside(lambda: hand_over(stage.application, neighbour, hub, out))


def _contact_count(application: Application) -> int:
    first, last = MONTH.first_day.toordinal(), application.clock.today().toordinal()
    days = (date.fromordinal(number) for number in range(first, last + 1))
    return sum(len(application.contact_queries.contacts_of_day(day)) for day in days)


def _show_screens(stage: Stage, report: Report, handover: str) -> None:
    from ui.pages import DIRECTORY, RECEPTION

    window, camera, hands = stage.window, stage.camera, stage.hands
    stage.go_to(20, "11:05")
    window.open_page(RECEPTION)
    hands.play("2 8 tab right ctrl+f 'pflege'")
    hands.settle()
    hands.play("enter ctrl+f 'wohn'")
    hands.settle()
    hands.play("enter esc")
    window.open_page(DIRECTORY)
    hands.settle()
    hands.play("'pflege'")
    hands.settle()
    hands.play("down")
    for look in camera.looks(window):
        with report.step(tr("Alle Bildschirme, {look}: Bilder", look=look)):
            window.open_page(RECEPTION)
            camera.take(window, f"20-empfang-karte-{look}")
            hands.play("ctrl+f 'haus'")
            hands.settle()
            camera.take(window, f"21-empfang-suche-{look}")
            hands.play("esc esc ctrl+n")
            camera.take(window, f"22-empfang-neu-{look}")
            hands.play("f1")
            hands.settle()
            camera.take(window, f"23-hilfe-{look}")
            hands.play("esc ctrl+k 'pflege'")
            hands.settle()
            camera.take(window, f"24-suche-ueberall-{look}")
            hands.play("esc esc ctrl+tab")
            for number, (name, show) in enumerate(_other_screens(stage, handover), start=1):
                show()
                hands.settle()
                camera.take(window, f"{30 + number}-{name}-{look}")
            hands.play("ctrl+l")
            hands.settle()
            camera.take(window, f"90-gesperrt-{look}")
            stage.unlock()


def _other_screens(stage: Stage, handover: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield every screen but Empfang with its name and what shows it; the parts of some one by one."""
    from ui.administration.page import AdministrationPage
    from ui.exchange.page import REFERRAL_TARGET
    from ui.pages import ADMINISTRATION, EXCHANGE, RECEPTION, SYNC, page_entries
    from ui.shell.page import Target
    from ui.sync.page import SyncPage

    window = stage.window
    for entry in page_entries():
        if entry.key == RECEPTION:
            continue
        yield _file_name(entry.title), partial(window.open_page, entry.key)
        page = window.page(ADMINISTRATION)
        if entry.key == ADMINISTRATION and isinstance(page, AdministrationPage):
            for code in page.parts.codes()[1:]:
                part = page.parts.button(code).accessibleName()
                yield _file_name(f"{entry.title} {part}"), partial(page.show_part, code)
            page.show_part(page.parts.codes()[0])
        if entry.key == EXCHANGE and handover:
            target = Target(REFERRAL_TARGET, handover)
            yield _file_name(f"{entry.title} erhalten"), partial(window.open_page, EXCHANGE, target)
            window.page(EXCHANGE).go_back()
        page = window.page(SYNC)
        if entry.key == SYNC and handover and isinstance(page, SyncPage):
            yield _file_name(f"{entry.title} Rechner"), partial(page.show_part, "desks")
            page.show_part("state")


def _file_name(title: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split())


def _write_papers(application: Application, out: Path, report: Report) -> None:
    from desktop_app.environment.output_files import write_whole
    from desktop_app.handouts.from_directory import sheet_entry
    from desktop_app.handouts.from_office import sender_of
    from desktop_app.handouts.records import SheetOptions

    office = application.settings.office()
    queries = application.directory_queries
    with report.step(tr("Infoblatt, A4, 14 Punkt")):
        (hit,) = queries.search(_INFO_SHEET_SEARCH, limit=1)
        pdf = application.handouts.info_sheet(
            [sheet_entry(queries.service(hit.service_id))],
            SheetOptions("A4", 14),
            sender_of(office),
            today=application.clock.today(),
        )
        write_whole(out / "infoblatt.pdf", pdf, overwrite=True)
    with report.step(tr("Merkzettel mit drei Angeboten, A5, 12 Punkt")):
        hits = [queries.search(word, limit=1)[0] for word in ("pflege", "nachbar", "kultur")]
        pdf = application.handouts.info_sheet(
            [sheet_entry(queries.service(hit.service_id)) for hit in hits],
            SheetOptions("A5", 12),
            sender_of(office),
            today=application.clock.today(),
            personal_note=tr("Bitte zuerst anrufen. Wir sehen uns am Dienstag."),
        )
        write_whole(out / "merkzettel.pdf", pdf, overwrite=True)
    for name in _FORMATS:
        with report.step(tr("Monat als {format}", format=name.upper())):
            target = out / f"statistik-{MONTH}.{name}"
            application.statistics.export(application.actor, MONTH, name, target, overwrite=True)


def _head(pictures: int) -> str:
    lines = [
        "# " + tr("Vorführung von Quartierslotse"),
        "",
        tr(
            "Fiktives Büro „Quartiersbüro Musterstadt-Mitte“, {contacts} Kontakte, mit der Tastatur im echten Fenster "
            "erfasst (ohne Bildschirm). {pictures} Bilder: jeder Bildschirm bei 100 und 200 Prozent, hell und dunkel.",
            contacts=len(SCENES),
            pictures=pictures,
        ),
        "",
        tr(
            "Das Passwort und der Wiederherstellungsschlüssel gehören zu Daten, die mit der Vorführung gelöscht wurden."
        ),
    ]
    return "\n".join(lines)
