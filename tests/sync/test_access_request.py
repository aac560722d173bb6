"""An access request at a connected desk tells of everything that is kept: former states, values that lost, what was answered."""

from __future__ import annotations

import io
import json

import pypdf

from desktop_app.settings.records import LegalProfile, Office
from desktop_app.sync.other_values import ValuesThatLost
from desktop_app.visitors.forms.service import VisitorFormService
from desktop_app.visitors.service import VisitorService
from tests.retention.office import entry
from tests.sync.desks import Maker, OfficeDesk, fonts, in_step

OFFICE = Office("o", "Quartiersbüro Nord", "Beispielverband e. V.", LegalProfile.GDPR)


def report_of(desk: OfficeDesk, person: str) -> tuple[str, str]:
    """Return the answer as the text of its PDF and as its JSON."""
    queries = desk.office.desk.queries
    files = VisitorService(desk.store, desk.office.desk.contacts, queries, None, ValuesThatLost(desk.store))
    report = files.access_report(desk.actor, person)
    forms = VisitorFormService(fonts())
    day = desk.clock.today()
    pages = pypdf.PdfReader(io.BytesIO(forms.access_answer(OFFICE, report, day=day))).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split()), forms.access_data(
        OFFICE, report, day=day
    ).decode()


def test_everything_that_is_kept_is_told(make_desk: Maker) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    person = one.office.person("Frieda Fiktiv")
    contact = one.office.files.record_contact(one.actor, entry("Erstnotiz", "Erststand"), person)
    in_step(one, two)
    one.correct(contact, material="Einswert", note="Einsnotiz")
    two.correct(contact, material="Zweiwert", note="Zweinotiz")
    in_step(one, two)
    for desk in (one, two):
        text, data = report_of(desk, person)
        for word in ("Erststand", "Einswert", "Zweiwert", "Einsnotiz", "Zweinotiz", "Erstnotiz"):
            assert word in text, (desk.name, word)
            assert word in data, (desk.name, word)
        assert "Pflege: Geklärt Erststand" in text
        assert "Server, über den die Rechner des Büros abgleichen" in text
        assert {"what", "field", "values"} == set(json.loads(data)["written_differently"][0])


def test_other_people_are_not_told_of(make_desk: Maker) -> None:
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    person, other = one.office.person("Frieda Fiktiv"), one.office.person("Gustav Anders")
    contact = one.office.files.record_contact(one.actor, entry("", "Stand"), other)
    in_step(one, two)
    one.correct(contact, material="Einswert")
    two.correct(contact, material="Zweiwert")
    in_step(one, two)
    text, data = report_of(one, person)
    for word in ("Einswert", "Zweiwert", "Gustav"):
        assert word not in text + data


def test_long_texts_are_told_whole(make_desk: Maker) -> None:
    """Three notes are longer than a page; what else is long may differ at its end only."""
    one, two = make_desk("Empfang"), make_desk("Beratung")
    one.connect()
    two.join(one)
    person = one.office.person("Frieda Fiktiv")
    long = "Ruft vormittags an. " * 180
    contact = one.office.files.record_contact(one.actor, entry(f"{long}Anfangswert", ""), person)
    in_step(one, two)
    one.correct(contact, note=f"{long}Einswert", material=f"{long[:400]}Einsmaterial")
    two.correct(contact, note=f"{long}Zweiwert", material=f"{long[:400]}Zweimaterial")
    in_step(one, two)
    text, data = report_of(one, person)
    for word in ("Anfangswert", "Einswert", "Zweiwert", "Einsmaterial", "Zweimaterial"):
        assert word in text
        assert word in data
