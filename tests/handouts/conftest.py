from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest

from desktop_app.documents.fonts import FontLibrary
from desktop_app.handouts.records import Sender, SheetEntry, SheetHours, SheetPhone, SheetPlace
from desktop_app.handouts.service import HandoutService

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def handouts() -> HandoutService:
    return HandoutService(FontLibrary(ROOT / "resources" / "fonts"))


@pytest.fixture(scope="session")
def read_text():
    """All text of a PDF, white space as single blanks."""

    def read(pdf: bytes) -> str:
        return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)

    return read


@pytest.fixture(scope="session")
def sender() -> Sender:
    return Sender(
        office="Quartiersbüro Sterkrade",
        carrier="AWO Kreisverband Musterstadt e. V.",
        address_lines=("Steinbrinkstraße 188", "46145 Musterstadt"),
        phone="0208 123 45 67",
        email="sterkrade@quartier.example",
        office_hours="Montag und Donnerstag 9:00 bis 12:00 Uhr\nDienstag 14:00 bis 16:00 Uhr",
    )


@pytest.fixture(scope="session")
def full_entry() -> SheetEntry:
    return SheetEntry(
        service_id="s1",
        title="Pflegestützpunkt Sterkrade – Beratung rund um Pflege und Hilfe zu Hause",
        organization="Stadt Musterstadt, Fachbereich Soziales",
        summary="Kostenlose Beratung, wenn Sie Hilfe oder Pflege brauchen.",
        description="<p>Hier erfahren Sie, welche <b>Leistungen der Pflegekasse</b> Sie bekommen &amp; wer hilft.</p>"
        "<ul><li>Antrag auf Pflegegrad</li><li>Umbau der Wohnung</li></ul>",
        phones=(
            SheetPhone("0208 825-4567", "12", "Frau Demir, vormittags"),
            SheetPhone("0208 825-4599"),
            SheetPhone("0208 825-4500", note="Fax", voice=False),
        ),
        places=(
            SheetPlace(
                "Technisches Rathaus",
                ("Bahnhofstraße 66", "46145 Musterstadt"),
                "Bus 953 bis Haltestelle „Sterkrade Bahnhof“, dann 5 Minuten zu Fuß.",
                ("Eingang ohne Stufen", "Aufzug mit 95 cm breiter Tür"),
            ),
        ),
        hours=(
            SheetHours("Montag", "8:30 bis 12:00 Uhr und 14:00 bis 16:00 Uhr"),
            SheetHours("Donnerstag", "14:00 bis 18:00 Uhr (nur mit Termin)"),
            SheetHours("Freitag", "geschlossen"),
        ),
        costs=("Die Beratung ist kostenlos.",),
        languages=("Deutsch", "Türkisch"),
        interpretation="Gebärdensprache, bitte eine Woche vorher sagen.",
        bring_along=("Ausweis", "Schreiben der Pflegekasse"),
        for_whom="Für alle, die Pflege brauchen, und ihre Angehörigen.",
        how_to_register="Rufen Sie an und lassen Sie sich einen Termin geben.",
        waiting_time="etwa zwei Wochen",
        website="https://www.pflege.example/beratung",
        email="pflege@musterstadt.example",
        last_verified="am 3. September 2026 (telefonisch)",
        alert="Vom 21. Dezember bis 3. Januar geschlossen.",
    )
