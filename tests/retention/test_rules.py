"""The terms: one declaration, bounds, calendar months; the same numbers in the deletion concept and for backups."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.backup.rules import LONGEST_DAYS
from desktop_app.core.errors import InputError
from desktop_app.core.permissions import Action, Role, allowed
from desktop_app.retention.records import DataKind
from desktop_app.retention.rules import BACKUP_REACH_DAYS, RULES, basis_text, cutoff, due_day, kind_label, start_text
from desktop_app.settings.records import LegalProfile


def test_every_kind_has_a_rule_within_its_own_bounds_and_words():
    assert set(RULES) == set(DataKind)
    for kind, rule in RULES.items():
        assert rule.least_months <= rule.default_months <= rule.most_months
        assert kind_label(kind)
        assert start_text(kind)
        assert len({basis_text(kind, profile) for profile in LegalProfile}) == 3


def test_the_reach_of_backups_is_what_thins_them():
    assert BACKUP_REACH_DAYS == LONGEST_DAYS


@pytest.mark.parametrize(
    ("today", "months", "day"),
    [
        (date(2026, 11, 22), 6, date(2026, 5, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(2026, 11, 22), 120, date(2016, 11, 22)),
    ],
)
def test_so_many_calendar_months_back(today, months, day):
    assert cutoff(today, months) == day


def test_a_term_is_changed_within_bounds_only(keeping):
    def months(kind):
        return next(found.months for found in keeping.retention.rules() if found.rule.kind is kind)

    assert months(DataKind.NOTES) == 6
    keeping.retention.change_rule(keeping.erika, DataKind.NOTES, 3)
    assert months(DataKind.NOTES) == 3
    for wrong in (0, 37, -1):
        with pytest.raises(InputError, match="zwischen 1 und 36 Monaten"):
            keeping.retention.change_rule(keeping.erika, DataKind.NOTES, wrong)
    with pytest.raises(InputError, match="fest"):
        keeping.retention.change_rule(keeping.erika, DataKind.AUDIT, 12)
    assert months(DataKind.NOTES) == 3
    assert keeping.audit()[-1] == ("change_retention", "retention", "notes")
    for nonsense in ("tausend", 400, None):
        keeping.counselling.desk.settings.set_value(keeping.erika, "retention.notes", nonsense)
        assert months(DataKind.NOTES) == 6


def test_who_may_see_change_and_erase():
    may = {role: {action for action in Action if allowed(role, action)} for role in Role}
    erasing = {role for role in Role if Action.ERASE_CLIENT_DATA in may[role]}
    assert erasing == {Role.COORDINATION}
    assert {role for role in Role if Action.SEE_RETENTION in may[role]} == {Role.COORDINATION, Role.ADMINISTRATION}


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 120))
def test_the_day_on_which_something_is_due_agrees_with_the_rule(since, months):
    day = due_day(since, months)
    assert since < cutoff(day, months)
    assert not since < cutoff(day - timedelta(days=1), months)
