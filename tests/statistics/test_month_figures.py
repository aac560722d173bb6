"""The counted month against a plain count of the contacts, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry, ContactRecord, NeedEntry, ReferralEntry
from desktop_app.contacts.service import ContactService
from desktop_app.contacts.vocabulary import (
    NOT_ASKED,
    Channel,
    Fact,
    Result,
    TallyKind,
    UnmetReason,
    answer_label,
)
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.months import Month
from desktop_app.core.progress import Cancelled
from desktop_app.core.translation import tr
from desktop_app.settings.service import SettingsService
from desktop_app.statistics.records import Counted, MonthStatistics, TableKey
from desktop_app.statistics.service import StatisticsService
from desktop_app.statistics.wording import month_label, percent_text, sentence, weekday_labels
from desktop_app.storage.store import Store

OCTOBER = Month(2026, 10)
FACT_TABLES = {
    TableKey.AGE_BANDS: Fact.AGE_BAND,
    TableKey.SOCIAL_SPACES: Fact.SOCIAL_SPACE,
    TableKey.VISIT_KINDS: Fact.VISIT_KIND,
    TableKey.FOR_WHOM: Fact.FOR_WHOM,
    TableKey.GENDERS: Fact.GENDER,
    TableKey.CARE_LEVELS: Fact.CARE_LEVEL,
    TableKey.LANGUAGES: Fact.LANGUAGE,
    TableKey.ACCESS_ROUTES: Fact.ACCESS_ROUTE,
    TableKey.DURATIONS: Fact.DURATION,
}


def found(month: MonthStatistics, key: TableKey) -> Counter[object]:
    """Return the rows of a table that count anything, by label or by both labels."""
    return Counter(
        {
            row.label if row.second_label is None else (row.label, row.second_label): row.count
            for row in month.table(key).rows
            if row.count
        }
    )


def contacts_of(store: Store, month: Month) -> list[ContactRecord]:
    """Return every contact of the month that was not withdrawn, read one day after the other."""
    queries = ContactQueries(store)
    days = [month.first_day + timedelta(days=offset) for offset in range(month.last_day.day)]
    return [record for day in days for record in queries.contacts_of_day(day)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_table_equals_a_plain_count(
    seed: int,
    store: Store,
    settings: SettingsService,
    statistics: StatisticsService,
    record_at_random: Callable[[int, int], None],
) -> None:
    record_at_random(seed, 150)
    month = statistics.month(OCTOBER)
    records = contacts_of(store, OCTOBER)
    needs = [need for record in records for need in record.needs]
    referrals = [referral for record in records for referral in record.referrals]
    unmet = [need for need in needs if need.result in {Result.UNMET, Result.PARTLY}]
    spaces = {space.space_id: space.name for space in settings.social_spaces()}

    assert 0 < len(records) < 150
    assert found(month, TableKey.TOPICS) == Counter(need.topic_name for need in needs)
    assert found(month, TableKey.CHANNELS) == Counter(record.channel.label for record in records)
    assert found(month, TableKey.DEPTHS) == Counter(record.depth.label for record in records)
    for key, fact in FACT_TABLES.items():
        plain = Counter(answer_label(fact, record.facts[fact], spaces) for record in records)
        assert found(month, key) == plain, key
    assert found(month, TableKey.WEEKDAYS) == Counter(
        weekday_labels()[record.recorded_at.weekday()] for record in records
    )
    assert found(month, TableKey.WEEKDAY_HOURS) == Counter(
        (weekday_labels()[record.recorded_at.weekday()], f"{record.recorded_at.hour}–{record.recorded_at.hour + 1} Uhr")
        for record in records
    )
    assert found(month, TableKey.RESULTS) == Counter(need.result.label for need in needs)
    assert found(month, TableKey.TOPIC_RESULTS) == Counter((need.topic_name, need.result.label) for need in needs)
    assert found(month, TableKey.UNMET_REASONS) == Counter(
        need.unmet_reason.label if need.unmet_reason else tr("kein Grund angegeben") for need in unmet
    )
    assert found(month, TableKey.PARTNERS) == Counter(referral.organization_name for referral in referrals)
    assert found(month, TableKey.SERVICES) == Counter(
        (referral.service_name, referral.organization_name) for referral in referrals
    )
    assert found(month, TableKey.REFERRAL_MODES) == Counter(referral.mode.label for referral in referrals)
    assert found(month, TableKey.REFERRAL_STATES) == Counter(referral.state.label for referral in referrals)

    marks = store.sql("SELECT kind, local_date FROM tally_mark WHERE withdrawn = 0 AND local_date LIKE '2026-10-%'")
    totals = month.totals
    assert (totals.contacts, totals.needs, totals.referrals) == (len(records), len(needs), len(referrals))
    assert totals.unmet_needs == len(unmet)
    assert totals.days == len({record.recorded_at.date().isoformat() for record in records} | {day for _, day in marks})
    tally = Counter(kind for kind, _ in marks)
    assert [figure.value for figure in totals.tally_figures] == [tally[kind.value] for kind in TallyKind]


def test_tables_agree_with_the_totals(
    statistics: StatisticsService, record_at_random: Callable[[int, int], None]
) -> None:
    record_at_random(9, 80)
    month = statistics.month(OCTOBER)
    totals = {
        Counted.CONTACTS: month.totals.contacts,
        Counted.NEEDS: month.totals.needs,
        Counted.REFERRALS: month.totals.referrals,
    }
    assert {table.key for table in month.tables} == set(TableKey)
    for table in month.tables:
        expected = month.totals.unmet_needs if table.key is TableKey.UNMET_REASONS else totals[table.counted]
        assert table.total == expected, table.key
        assert len(table.columns) == 2 + (table.rows[0].second_label is not None)
        assert table.columns[-1] == table.counted.label
        assert sentence(table).endswith((".", "!"))


def test_an_empty_month_has_its_closed_lists_and_says_so(statistics: StatisticsService) -> None:
    month = statistics.month(Month(2020, 2))
    assert month.totals.contacts == 0
    assert len(month.table(TableKey.CHANNELS).rows) == len(Channel)
    assert len(month.table(TableKey.WEEKDAYS).rows) == 7
    assert month.table(TableKey.PARTNERS).rows == ()
    assert sentence(month.table(TableKey.CHANNELS)) == "In diesem Monat wurde kein Kontakt erfasst."
    assert sentence(month.table(TableKey.UNMET_REASONS)) == "Kein Anliegen blieb ungeklärt."
    assert sentence(month.table(TableKey.PARTNERS)) == "In diesem Monat wurde niemand weitervermittelt."


def test_only_the_local_month_counts(
    clock: FixedClock, actor: Actor, contacts: ContactService, statistics: StatisticsService
) -> None:
    entry = ContactEntry(needs=(NeedEntry("pflege"),))
    for moment in (
        datetime(2026, 9, 30, 21, 59, tzinfo=UTC),  # still September in Berlin
        datetime(2026, 9, 30, 22, 0, tzinfo=UTC),
        datetime(2026, 10, 31, 22, 59, tzinfo=UTC),  # winter time by now
        datetime(2026, 10, 31, 23, 0, tzinfo=UTC),  # November
    ):
        clock.set(moment)
        contacts.record_contact(actor, entry)
    month = statistics.month(OCTOBER)
    assert month.totals.contacts == 2
    assert found(month, TableKey.WEEKDAY_HOURS) == {("Donnerstag", "0–1 Uhr"): 1, ("Samstag", "23–24 Uhr"): 1}


def test_inactive_topics_and_spaces_keep_their_names(
    clock: FixedClock,
    actor: Actor,
    settings: SettingsService,
    contacts: ContactService,
    statistics: StatisticsService,
) -> None:
    clock.set(datetime(2026, 10, 5, 9, tzinfo=UTC))
    nord = next(space for space in settings.social_spaces() if space.name == "Nord")
    contacts.record_contact(actor, ContactEntry(needs=(NeedEntry("kultur"),), facts={Fact.SOCIAL_SPACE: nord.space_id}))
    settings.save_topics(
        actor, [replace(topic, active=topic.code not in {"kultur", "recht"}) for topic in settings.topics()]
    )
    settings.save_social_spaces(actor, [space for space in settings.social_spaces() if space.name != "Nord"])
    month = statistics.month(OCTOBER)
    topics = [row.label for row in month.table(TableKey.TOPICS).rows]
    assert "Kultur" in topics
    assert "Recht" not in topics, "an inactive topic that did not come up is left out"
    assert found(month, TableKey.SOCIAL_SPACES) == {"Nord": 1}


def test_a_code_this_program_does_not_know_is_still_counted(
    store: Store, clock: FixedClock, actor: Actor, contacts: ContactService, statistics: StatisticsService
) -> None:
    clock.set(datetime(2026, 10, 5, 9, tzinfo=UTC))
    known = contacts.record_contact(actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    contacts.record_contact(actor, ContactEntry(needs=(NeedEntry("pflege"),)))
    with store.unit_of_work(actor, "come_from_a_newer_program", ("contact", known)) as unit:
        unit.derived("UPDATE contact SET language = 'eo', channel = 'pigeon' WHERE id = ?", (known,))
    month = statistics.month(OCTOBER)
    assert found(month, TableKey.LANGUAGES) == {"eo": 1, "nicht gefragt": 1}
    assert found(month, TableKey.CHANNELS) == {"pigeon": 1, "Im Büro": 1}


def test_not_asked_is_counted_and_kept_out_of_the_shares(
    clock: FixedClock, actor: Actor, contacts: ContactService, statistics: StatisticsService
) -> None:
    clock.set(datetime(2026, 10, 5, 9, tzinfo=UTC))
    for answer in ("80_84", "80_84", "90_plus", NOT_ASKED):
        contacts.record_contact(actor, ContactEntry(needs=(NeedEntry("pflege"),), facts={Fact.AGE_BAND: answer}))
    table = statistics.month(OCTOBER).table(TableKey.AGE_BANDS)
    assert (table.total, table.answered) == (4, 3)
    assert [row.label for row in table.rows if row.open_answer] == ["nicht gefragt", "weiß nicht", "keine Angabe"]
    assert sentence(table) == (
        "Am häufigsten: „80–84“ (67 %, 2 Kontakte). Danach: „90 und älter“ (33 %). "
        "Ohne Angabe: 1 Kontakt (25 % von allen); die Anteile davor beziehen sich auf die übrigen."
    )


def test_partners_of_the_same_name_stay_apart(
    store: Store,
    clock: FixedClock,
    actor: Actor,
    contacts: ContactService,
    service_ids: list[str],
    statistics: StatisticsService,
) -> None:
    clock.set(datetime(2026, 10, 5, 9, tzinfo=UTC))
    with store.unit_of_work(actor, "rename", ("organization", "all")) as unit:
        unit.derived("UPDATE organization SET name = 'Gleicher Name'")
    for service_id in service_ids:
        contacts.record_contact(
            actor, ContactEntry(needs=(NeedEntry("pflege"),), referrals=(ReferralEntry(service_id),))
        )
    rows = statistics.month(OCTOBER).table(TableKey.PARTNERS).rows
    assert [(row.label, row.count) for row in rows] == [("Gleicher Name", 3), ("Gleicher Name", 2)]


def test_reason_only_of_unmet_needs(
    clock: FixedClock, actor: Actor, contacts: ContactService, statistics: StatisticsService
) -> None:
    clock.set(datetime(2026, 10, 5, 9, tzinfo=UTC))
    contacts.record_contact(
        actor,
        ContactEntry(
            needs=(
                NeedEntry("pflege", Result.UNMET, UnmetReason.FULL),
                NeedEntry("wohnen", Result.PARTLY),
                NeedEntry("kultur"),
            )
        ),
    )
    month = statistics.month(OCTOBER)
    assert found(month, TableKey.UNMET_REASONS) == {"Voll oder Warteliste": 1, "kein Grund angegeben": 1}
    assert month.totals.unmet_needs == 2


def test_test_data_is_marked(actor: Actor, settings: SettingsService, statistics: StatisticsService) -> None:
    assert not statistics.month(OCTOBER).test_data
    settings.set_value(actor, "test_data", value=True)
    assert statistics.month(OCTOBER).test_data


def test_counting_can_be_cancelled_and_leaves_no_file(
    statistics: StatisticsService, actor: Actor, target: Path
) -> None:
    class Impatient:
        def step(self, done: int, total: int, text: str) -> None:
            if done > 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        statistics.export(actor, OCTOBER, "csv", target / "monat.csv", Impatient())
    assert list(target.iterdir()) == []
    assert statistics.month(OCTOBER).totals.contacts == 0, "the snapshot was given back"


def test_export_refuses_unknown_formats_and_existing_files(
    statistics: StatisticsService, actor: Actor, target: Path
) -> None:
    with pytest.raises(InputError, match="docx"):
        statistics.export(actor, OCTOBER, "docx", target / "monat.docx")
    existing = target / "monat.csv"
    existing.write_text("wichtig", encoding="utf-8")
    with pytest.raises(UserError, match=r"monat\.csv"):
        statistics.export(actor, OCTOBER, "csv", existing)
    assert existing.read_text(encoding="utf-8") == "wichtig"


def test_words_of_months_and_shares() -> None:
    assert month_label(OCTOBER) == "Oktober 2026"
    assert [percent_text(*pair) for pair in ((1, 2), (1, 3), (2, 3), (1, 200), (0, 5), (0, 0), (5, 5))] == [
        "50 %", "33 %", "67 %", "unter 1 %", "0 %", "", "100 %",
    ]  # fmt: skip
