from __future__ import annotations

from datetime import date

from desktop_app.directory.records import (
    HoursRow,
    OrganizationSummary,
    PhoneRecord,
    PlaceRecord,
    ServiceRecord,
    VerificationRecord,
)
from desktop_app.handouts.from_directory import sheet_entry
from desktop_app.handouts.records import Sender, SheetHours, SheetOptions, SheetPhone

HOURS = (HoursRow("Montag", "9:00 bis 12:00 Uhr", "nur mit Termin"), HoursRow("", "Sonst nach Vereinbarung"))
RECORD = ServiceRecord(
    service_id="s",
    name="Pflegeberatung",
    organization=OrganizationSummary("o", "AWO", website="https://awo.example", email="info@awo.example"),
    alternate_name="Pflegestützpunkt",
    description="<p>Beratung &amp; Hilfe</p>",
    phones=(
        PhoneRecord("030 1", "5", "voice", "Frau A"),
        PhoneRecord("030 2", kind="fax"),
        PhoneRecord("030 1", "5", "voice"),
        PhoneRecord("0170 3", kind="cell"),
    ),
    places=(
        PlaceRecord("l", "Haus", ("Straße 1", "12345 Ort"), "Bus 5", ("ohne Stufen",), hours=HOURS),
        PlaceRecord("m", "Zweigstelle", hours=(HoursRow("Freitag", "10:00 Uhr"),)),
    ),
    hours=HOURS,
    costs=("kostenlos",),
    fees="kostenlos",
    required_documents=("Ausweis",),
    last_verified=VerificationRecord(date(2026, 9, 3), "telefonisch", "Erika Muster"),
    internal_remark="Chefin ist schwierig",
)


def test_every_printable_field_arrives():
    entry = sheet_entry(RECORD)
    assert entry.title == "Pflegeberatung"
    assert entry.organization == "AWO"
    assert entry.summary == "Auch genannt: Pflegestützpunkt"
    assert entry.phones == (
        SheetPhone("030 1", "5", "Frau A"),
        SheetPhone("030 2", "", "Fax", voice=False),
        SheetPhone("0170 3", "", "Mobil"),
    )
    assert entry.hours == (
        SheetHours("Montag", "9:00 bis 12:00 Uhr (nur mit Termin)"),
        SheetHours("", "Sonst nach Vereinbarung"),
    )
    assert entry.places[0].directions == "Bus 5"
    assert entry.places[0].barrier_info == ("ohne Stufen",)
    assert entry.costs == ("kostenlos",)
    assert entry.website == "https://awo.example"
    assert entry.email == "info@awo.example"


def test_hours_of_a_place_are_printed_only_if_they_differ():
    first, second = sheet_entry(RECORD).places
    assert first.hours == ()
    assert second.hours == (SheetHours("Freitag", "10:00 Uhr"),)


def test_remarks_and_names_of_colleagues_never_reach_paper(handouts, read_text):
    entry = sheet_entry(RECORD)
    assert entry.last_verified == "am 3. September 2026 (telefonisch)"
    text = read_text(handouts.info_sheet([entry], SheetOptions(), Sender("Büro"), today=date(2026, 11, 22)))
    assert "Chefin" not in text
    assert "Erika Muster" not in text
    assert "geprüft am 3. September 2026 (telefonisch)." in text


def test_nothing_known_stays_empty_and_closed_services_say_so():
    bare = ServiceRecord("s", "Treff", OrganizationSummary("o", "Verein"), active=False, alert="Umbau")
    entry = sheet_entry(bare)
    assert entry.last_verified == ""
    assert entry.phones == entry.places == entry.hours == ()
    assert entry.alert == "Dieses Angebot gibt es zurzeit nicht.\nUmbau"
