"""What a person is told, what goes with her, and what stays: access requests, erasure, retention."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pypdf
import pytest

from desktop_app.documents.fonts import FontLibrary
from desktop_app.environment.folders import resources_folder
from desktop_app.exchange.records import Cause, DeclineReason, Outcome
from desktop_app.retention.records import DataKind
from desktop_app.retention.service import RetentionService
from desktop_app.visitors.forms.service import VisitorFormService
from desktop_app.visitors.records import VisitorEntry
from tests.exchange.two_offices import TODAY, Desk, Pair


def keeping(desk: Desk) -> RetentionService:
    logs = desk.store.path.parent / f"protokoll-{desk.office_id}"
    logs.mkdir(exist_ok=True)
    return RetentionService(desk.store, desk.counselling.desk.settings, logs)


def test_an_access_request_says_what_went_to_whom_and_when(pair: Pair) -> None:
    person = pair.north.person()
    pair.north.offer(person)
    pair.rounds()
    office = pair.north.counselling.desk.settings.office()
    forms = VisitorFormService(FontLibrary(resources_folder() / "fonts"))
    report = pair.north.files.access_report(pair.north.erika, person)
    text = " ".join(
        page.extract_text()
        for page in pypdf.PdfReader(io.BytesIO(forms.access_answer(office, report, day=TODAY))).pages
    )
    assert "Weitergabe an andere Büros" in text
    assert "an Quartiersbüro Süd (Caritas Musterstadt)" in text
    assert "Name, Telefon, Geburtsjahr, Thema des Anliegens, Nachricht" in text.replace("\n", " ")
    assert json.loads(forms.access_data(office, report, day=TODAY))["passed_on"] == [
        {
            "direction": "to",
            "office": "Quartiersbüro Süd",
            "carrier": "Caritas Musterstadt",
            "on": "2026-11-22",
            "fields": "Name, Telefon, Geburtsjahr, Thema des Anliegens, Nachricht",
            "state": "wartet auf Antwort",
            "content": "Name: Hedwig Vertraulich\nTelefon: 0208 776655\nGeburtsjahr: 1941\n"
            "Thema des Anliegens: Pflege\nNachricht: Braucht Hilfe",
            "answer": "",
        }
    ]
    assert "Nachricht: Braucht Hilfe" in text.replace("\n", " ")


def test_a_person_without_any_referral_reads_nothing_of_it(pair: Pair) -> None:
    person = pair.north.person()
    assert pair.north.files.access_report(pair.north.erika, person).passed_on == ()


def test_files_that_were_merged_answer_for_both(pair: Pair) -> None:
    person, other = (
        pair.north.person(),
        pair.north.person(VisitorEntry(name="Hedwig Vertraulich-Alt", phone="1", birth_year=1941)),
    )
    pair.north.offer(other)
    pair.north.counselling.merges.merge_files(pair.north.erika, person, other)
    assert len(pair.north.files.access_report(pair.north.erika, person).passed_on) == 1


def test_the_receiver_tells_where_a_file_came_from(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.south.service.accept(pair.south.erika, referral_id)
    mine, other = pair.south.person(VisitorEntry(name="Neu")), pair.south.person(VisitorEntry(name="Alt"))
    pair.south.service.link_file(pair.south.erika, referral_id, other)
    pair.south.counselling.merges.merge_files(pair.south.erika, mine, other)
    passed = pair.south.files.access_report(pair.south.erika, mine).passed_on
    assert [(one.to_other, one.office) for one in passed] == [(False, "Quartiersbüro Nord")]


@pytest.mark.parametrize("answered", [False, True])
def test_erasing_the_person_withdraws_and_leaves_no_tie(pair: Pair, answered: bool) -> None:
    person = pair.north.person()
    referral_id = pair.north.offer(person)
    pair.rounds()
    if answered:
        pair.south.service.decline(pair.south.erika, referral_id, DeclineReason.OTHER, "Text")
        pair.rounds()
    receipt = keeping(pair.north).erase_visitor(pair.north.erika, person)
    assert "Angaben in Übergaben" in [count.label for count in receipt.counts]
    row = pair.north.store.sql("SELECT consent_id, visitor_id, content, answer_text FROM exchange_referral")
    assert row == [(None, None, "", "")]
    pair.rounds()
    for desk in (pair.north, pair.south):
        found = desk.referral(referral_id)
        assert (found.outcome, found.cause, found.has_content) == (Outcome.WITHDRAWN, Cause.ERASED, False)


def test_erasing_a_file_that_came_of_a_referral_empties_it(pair: Pair) -> None:
    referral_id = pair.north.offer(pair.north.person())
    pair.rounds()
    pair.south.service.accept(pair.south.erika, referral_id)
    person = pair.south.person(VisitorEntry(name="Hedwig"))
    pair.south.service.link_file(pair.south.erika, referral_id, person)
    keeping(pair.south).erase_visitor(pair.south.erika, person)
    assert pair.south.store.sql("SELECT visitor_id, content FROM exchange_referral") == [(None, "")]
    pair.rounds()
    assert pair.north.referral(referral_id).outcome is Outcome.ACCEPTED


def test_answered_referrals_are_emptied_after_their_term(pair: Pair) -> None:
    done, waits = (
        pair.north.offer(pair.north.person()),
        pair.north.offer(pair.north.person(VisitorEntry(name="Wartet", phone="1", birth_year=1950))),
    )
    pair.rounds()
    pair.south.service.decline(pair.south.erika, done, DeclineReason.OTHER, "Frau H. ist bekannt")
    pair.rounds()
    for desk in (pair.north, pair.south):
        due = {one.in_force.rule.kind: one for one in keeping(desk).due_lists()}[DataKind.PASSED_ON]
        assert (due.count, due.total) == (0, 1)
    pair.clock.advance(timedelta(days=32))
    for desk in (pair.north, pair.south):
        receipt = keeping(desk).erase_due(desk.erika, DataKind.PASSED_ON)
        assert receipt.total == 1
        found = desk.referral(done)
        assert (found.outcome, found.reason, found.answer_text, found.has_content) == (
            Outcome.DECLINED,
            DeclineReason.OTHER,
            "",
            False,
        )
    pair.rounds()
    for desk in (pair.north, pair.south):
        assert desk.referral(done).answer_text == ""
        assert desk.referral(waits).outcome is Outcome.WITHDRAWN  # nobody answered
