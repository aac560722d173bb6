"""The month in words: the same numbers in figures, charts and tables."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from desktop_app.bootstrap import Application
from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.vocabulary import Channel, Result, UnmetReason
from desktop_app.core.clock import FixedClock
from desktop_app.core.months import Month
from desktop_app.statistics.records import Counted, StatisticsRow, StatisticsTable, TableKey
from desktop_app.statistics.service import ExportFormat
from tests.ui.office import CARE_POINT, LUNCH
from ui.statistics.presenter import StatisticsPresenter, table_view

NOVEMBER = Month(2026, 11)


def record(application: Application, clock: FixedClock, day: date, hour: int, entry: ContactEntry) -> None:
    clock.set(datetime.combine(day, time(hour, 10), ZoneInfo("Europe/Berlin")))
    application.contacts.record_contact(application.actor, entry)


@pytest.fixture
def presenter(application: Application) -> StatisticsPresenter:
    return StatisticsPresenter(application)


@pytest.fixture
def busy_month(application: Application, clock: FixedClock) -> None:
    now = clock.now()
    for day, hour, entry in (
        (2, 9, ContactEntry(needs=(NeedEntry("pflege"),), referrals=(ReferralEntry(CARE_POINT),))),
        (2, 10, ContactEntry(channel=Channel.PHONE, needs=(NeedEntry("pflege"), NeedEntry("wohnen")))),
        (3, 14, ContactEntry(needs=(NeedEntry("recht", Result.UNMET, UnmetReason.NO_OFFER),))),
        (4, 9, ContactEntry(needs=(NeedEntry("begegnung"),), referrals=(ReferralEntry(LUNCH),))),
    ):
        record(application, clock, date(2026, 11, day), hour, entry)
    clock.set(now)


@pytest.mark.usefixtures("busy_month")
def test_five_figures_stand_on_top(presenter: StatisticsPresenter) -> None:
    view = presenter.load(NOVEMBER)

    assert view.title == "November 2026"
    assert [number for _label, number in view.figures] == ["4", "5", "2", "1", "3"]
    assert not view.is_empty


@pytest.mark.usefixtures("busy_month")
def test_chart_and_table_agree(presenter: StatisticsPresenter) -> None:
    view = presenter.load(NOVEMBER)

    for table in (*view.main, *view.more):
        numbers = [row[-2] for row in table.cells[:-1]]
        if table.grid is not None:
            assert sum(map(sum, table.grid.counts)) == sum(int(number) for number in numbers)
        else:
            assert [bar.text for bar in table.bars] == numbers[: len(table.bars)]
        assert table.cells == () or sum(int(number) for number in numbers) == int(table.cells[-1][-2])
        assert table.sentence.endswith(".")


@pytest.mark.usefixtures("busy_month")
def test_weekday_by_hour_is_a_grid_in_order(presenter: StatisticsPresenter) -> None:
    view = presenter.load(NOVEMBER)

    grid = next(table.grid for table in view.main if table.key is TableKey.WEEKDAY_HOURS)
    assert grid is not None
    hours = [int(column.split("–")[0]) for column in grid.columns]
    assert hours == sorted(hours)
    monday = grid.rows.index("Montag")
    assert sum(grid.counts[monday]) == 2


def test_long_lists_draw_the_first_bars_and_say_how_many_are_left() -> None:
    rows = tuple(StatisticsRow(f"Partner {number}", None, 50 - number) for number in range(20))
    table = StatisticsTable(
        TableKey.PARTNERS, "Partner", "An wen?", ("Partner", "Weitervermittlungen"), Counted.REFERRALS, rows
    )

    view = table_view(table)

    assert len(view.bars) == 12
    assert view.bars_left_out == 8
    assert len(view.cells) == 21


def test_an_empty_month_says_so(presenter: StatisticsPresenter) -> None:
    view = presenter.load(NOVEMBER)

    assert view.is_empty
    assert view.main[0].is_empty


def test_months_go_back_three_years_and_hold_the_chosen_one(presenter: StatisticsPresenter) -> None:
    months = presenter.months(NOVEMBER)
    assert months[0] == ("2026-11", "November 2026")
    assert len(months) == 36

    assert presenter.months(Month(2019, 4))[-1] == ("2019-04", "April 2019")


def test_the_file_name_holds_month_and_office(presenter: StatisticsPresenter) -> None:
    name = presenter.file_name(NOVEMBER, ExportFormat.XLSX)

    assert name == "Statistik 2026-11 Quartiersbüro Musterstadt.xlsx"
