from __future__ import annotations

from datetime import date

import pytest

from desktop_app.directory.records import (
    HoursRow,
    OrganizationSummary,
    PhoneRecord,
    PlaceRecord,
    ServiceRecord,
    VerificationRecord,
)
from desktop_app.handouts.from_directory import plain_days, plain_times, sheet_entry
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
    interpretation="Gebärdensprache nach Anmeldung",
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
    assert entry.interpretation == "Gebärdensprache nach Anmeldung"
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
    paused = ServiceRecord("s", "Treff", OrganizationSummary("o", "Verein"), status="temporarily closed")
    assert sheet_entry(paused).alert == "Dieses Angebot ist vorübergehend geschlossen."


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Mo–Fr", "Montag bis Freitag"),
        ("Mo, Mi–Fr", "Montag, Mittwoch bis Freitag"),
        ("1. Di, letzter Do im Monat", "1. Dienstag, letzter Donnerstag im Monat"),
        ("Di (alle 2 Wochen)", "Dienstag (alle 2 Wochen)"),
        ("Sommerferien", "Sommerferien"),
        ("", ""),
    ],
)
def test_weekdays_are_written_out(short, full):
    assert plain_days(short) == full


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("9:00–12:30", "9:00 bis 12:30 Uhr"),
        ("ab 14:00", "ab 14:00 Uhr"),
        ("bis 9:00", "bis 9:00 Uhr"),
        ("nach Vereinbarung", "nach Vereinbarung"),
        ("9-12 Uhr", "9-12 Uhr"),
    ],
)
def test_times_are_written_out(short, full):
    assert plain_times(short) == full


def test_hours_known_only_in_words():
    bare = ServiceRecord(
        "s",
        "Treff",
        OrganizationSummary("o", "Verein"),
        hours=(
            HoursRow("", "nach Vereinbarung / bitte erfragen"),
            HoursRow("", "", "nur im Winter"),
            HoursRow("Mo", "", "x"),
        ),
    )
    assert sheet_entry(bare).hours == (
        SheetHours("", "Nach Vereinbarung / bitte erfragen"),
        SheetHours("", "Nur im Winter"),
        SheetHours("Montag", "x"),
    )


def test_several_numbers_in_one_record_are_printed_as_several():
    bare = ServiceRecord(
        "s",
        "Treff",
        OrganizationSummary("o", "Verein"),
        phones=(PhoneRecord("Telefon: 030 9627710, Fax 030 96277150", "3", "voice", "Zentrale"),),
    )
    assert sheet_entry(bare).phones == (
        SheetPhone("030 9627710", "3", "Zentrale"),
        SheetPhone("030 96277150", "", "Fax", voice=False),
    )


@pytest.mark.parametrize(
    ("url", "email", "printed"),
    [
        ("http://a@b.de", "", ("", "a@b.de")),
        ("a@b.de", "a@b.de", ("", "a@b.de")),
        ("a@b.de", "c@b.de", ("", "c@b.de, a@b.de")),
        ("https://b.de/@team", "c@b.de", ("https://b.de/@team", "c@b.de")),
        ("", "", ("", "")),
    ],
)
def test_a_mail_address_in_the_field_of_the_website_is_printed_as_mail(url, email, printed):
    entry = sheet_entry(ServiceRecord("s", "Treff", OrganizationSummary("o", "Verein"), url=url, email=email))
    assert (entry.website, entry.email) == printed
