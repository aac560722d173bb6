"""Search and record in words, over a real encrypted store."""

from __future__ import annotations

import pytest

from desktop_app.bootstrap import Application
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import UserError
from desktop_app.directory.records import DirectoryChanged
from desktop_app.directory.tables import ServiceRemark, ServiceVerification
from tests.ui.office import CARE_POINT, LUNCH, REPAIRS
from ui.directory.presenter import Checked, DirectoryPresenter, Wish, spans_of


@pytest.fixture
def presenter(application: Application) -> DirectoryPresenter:
    return DirectoryPresenter(application)


def verify(application: Application, service_id: str, day: str) -> None:
    with application.store.unit_of_work(application.actor, "verify", ("service", service_id)) as unit:
        unit.insert(
            ServiceVerification,
            {"id": application.ids.new_id(), "service_id": service_id, "verified_on": day, "how": "telefonisch",
             "verified_by": "Frau Probst"},
        )  # fmt: skip
        unit.notify(DirectoryChanged(service_ids=(service_id,)))


def marked(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start : start + length] for start, length in spans]


def test_the_match_is_marked_in_the_name(presenter: DirectoryPresenter) -> None:
    (row,) = presenter.search(Wish("pflegestuetz")).rows

    assert row.service_id == CARE_POINT
    assert marked(row.title, row.title_spans) == ["Pflegestütz"]
    assert row.detail.startswith("AWO Kreisverband Musterstadt e. V. · Parkallee 7")


def test_a_hit_in_the_description_shows_the_reason_near_the_match(presenter: DirectoryPresenter) -> None:
    (row,) = presenter.search(Wish("gemuese")).rows

    assert row.service_id == LUNCH
    assert row.title_spans == ()
    assert "Gemüse" in marked(row.detail, row.detail_spans)
    assert row.detail.index("Gemüse") < 30


def test_without_a_wish_everything_is_listed(presenter: DirectoryPresenter) -> None:
    results = presenter.search(Wish())

    assert len(results.rows) == 5
    assert results.summary == "5 Angebote"
    assert not results.has_more


def test_nothing_found_is_said(presenter: DirectoryPresenter) -> None:
    assert presenter.search(Wish("xylophonorchester")).summary == "Kein Treffer"


def test_filters_narrow(presenter: DirectoryPresenter, application: Application) -> None:
    verify(application, LUNCH, "2026-09-03")

    assert REPAIRS not in {row.service_id for row in presenter.search(Wish(with_phone=True)).rows}
    assert [row.service_id for row in presenter.search(Wish(checked=Checked.VERIFIED)).rows] == [LUNCH]
    not_verified = presenter.search(Wish(checked=Checked.NOT_VERIFIED))
    assert LUNCH not in {row.service_id for row in not_verified.rows}
    assert not_verified.summary == "4 Treffer"
    assert {row.service_id for row in presenter.search(Wish(topics=frozenset({"pflege"}))).rows} == {CARE_POINT}


def test_what_was_never_checked_or_long_ago_is_due(presenter: DirectoryPresenter, application: Application) -> None:
    verify(application, LUNCH, "2026-09-03")
    verify(application, REPAIRS, "2025-03-10")

    due = {row.service_id for row in presenter.search(Wish(checked=Checked.DUE)).rows}

    assert LUNCH not in due
    assert REPAIRS in due
    assert len(due) == 4


def test_the_record_puts_the_number_to_talk_to_first(presenter: DirectoryPresenter) -> None:
    view = presenter.record(CARE_POINT)

    assert (view.phone, view.phone_caption) == ("030 23125-100", "Telefon – Beratung")
    assert view.more_phones == (("030 23125-109", "Fax"),)


def test_the_record_is_words_and_never_html(presenter: DirectoryPresenter) -> None:
    view = presenter.record(CARE_POINT)

    assert view.summary == "Wir beraten unabhängig zu Pflegegraden und zu Hilfe im Alltag."
    assert "unabhängig" in view.description
    assert "<" not in view.description
    assert view.alert == "Bis 4. Dezember nur telefonisch."
    assert dict(view.facts) == {
        "Auch genannt": "Pflegeberatung, Pflegebüro",
        "Kosten": "kostenlos",
        "Sprachen": "Deutsch, Türkisch",
        "Dolmetschen": "Gebärdensprache nach Anmeldung",
        "Mitbringen": "Versichertenkarte",
        "E-Mail": "mitte@pflege.example.org",
        "Website": "https://pflege.example.org",
    }
    (place,) = view.places
    assert place.title == "Haus am Stadtpark"
    assert place.address == "Parkallee 7\n12345 Musterstadt"
    assert place.directions == "Bus 104 bis Stadtpark"
    assert "Eingang ohne Stufen" in place.accessibility


def test_hours_are_a_week_with_the_rest_as_sentences(presenter: DirectoryPresenter) -> None:
    hours = presenter.record(CARE_POINT).hours

    assert hours.days[1].times == ("9:00–12:00", "14:00–18:00")
    assert hours.days[1].remark == "mit Anmeldung"
    assert hours.days[3].times == ()
    assert hours.sentences == ("1. Sa im Monat 10:00–12:00",)


def test_unknown_hours_are_never_called_closed(presenter: DirectoryPresenter) -> None:
    hours = presenter.record(REPAIRS).hours

    assert hours.days == ()
    assert hours.sentences == ("nach Vereinbarung / bitte erfragen",)


def test_verification_says_when_how_and_when_again(
    presenter: DirectoryPresenter, application: Application, clock: FixedClock
) -> None:
    assert "Noch nicht geprüft" in presenter.record(LUNCH).verification
    verify(application, LUNCH, "2026-09-03")
    verify(application, REPAIRS, "2025-03-10")

    fresh, old = presenter.record(LUNCH), presenter.record(REPAIRS)

    assert fresh.verification == "Geprüft am 03.09.2026 telefonisch von Frau Probst – wieder fällig 09/2027."
    assert not fresh.is_overdue
    assert old.is_overdue
    assert "Prüfung fällig seit 03/2026" in old.verification


def test_an_internal_remark_is_handed_over_apart(presenter: DirectoryPresenter, application: Application) -> None:
    with application.store.unit_of_work(application.actor, "remark", ("service", LUNCH)) as unit:
        row = {"id": LUNCH, "service_id": LUNCH, "remark": "Bitte nach Herrn Ö. fragen", "changed_at": unit.moment}
        unit.insert(ServiceRemark, row)

    view = presenter.record(LUNCH)

    assert view.internal_remark == "Bitte nach Herrn Ö. fragen"
    assert "Herrn" not in view.description + view.summary + str(view.facts)


def test_a_service_that_is_gone_is_a_sentence(presenter: DirectoryPresenter) -> None:
    with pytest.raises(UserError, match="gibt es im Verzeichnis nicht"):
        presenter.record("gibt-es-nicht")


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["strasse"], "Goethestr. 5", ["str."]),
        (["mull"], "Müllabfuhr", ["Müll"]),
        (["a"], "Am Anger", ["A", "A"]),
        (["zz"], "nichts", []),
        ([], "nichts", []),
    ],
)
def test_spans_find_folded_words(words: list[str], text: str, expected: list[str]) -> None:
    assert marked(text, spans_of(words, text)) == expected
