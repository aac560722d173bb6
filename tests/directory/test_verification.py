"""A check with the provider is noted by people only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import InputError, UserError
from desktop_app.directory.records import DirectoryChanged
from desktop_app.directory.service import DirectoryService

TODAY = date(2026, 11, 22)


@pytest.fixture
def service(directory: Any, sources: Any, tmp_path: Path) -> DirectoryService:
    directory.load(sources.write_tables(tmp_path / "in", sources.one_service()))
    return DirectoryService(directory.store)


def test_a_check_is_noted_with_day_way_and_person(service: Any, directory: Any, sources: Any, actor: Any) -> None:
    heard: list[DirectoryChanged] = []
    directory.store.notices.subscribe(DirectoryChanged, heard.append)
    service.confirm_verified(actor, sources.SERVICE, "  telefonisch ")
    verified = directory.queries.service(sources.SERVICE).last_verified
    assert (verified.verified_on, verified.how, verified.by) == (TODAY, "telefonisch", "Erika Muster")
    assert heard == [DirectoryChanged(service_ids=(sources.SERVICE,))]


def test_the_newest_day_counts_and_can_be_taken_back(service: Any, directory: Any, sources: Any, actor: Any) -> None:
    service.confirm_verified(actor, sources.SERVICE, "Prüfbogen", TODAY - timedelta(days=30))
    newest = service.confirm_verified(actor, sources.SERVICE, "vor Ort", TODAY)
    assert directory.queries.service(sources.SERVICE).last_verified.how == "vor Ort"
    service.take_back_verification(actor, newest)
    service.take_back_verification(actor, newest)
    assert directory.queries.service(sources.SERVICE).last_verified.how == "Prüfbogen"


def test_of_two_on_one_day_the_later_note_counts(service: Any, directory: Any, sources: Any, actor: Any) -> None:
    for how in ("telefonisch", "vor Ort", "per E-Mail"):
        service.confirm_verified(actor, sources.SERVICE, how)
    assert directory.queries.service(sources.SERVICE).last_verified.how == "per E-Mail"


@pytest.mark.parametrize("how", ["", "  \n", "x" * 201])
def test_without_a_way_nothing_is_noted(how: str, service: Any, directory: Any, sources: Any, actor: Any) -> None:
    with pytest.raises(InputError) as caught:
        service.confirm_verified(actor, sources.SERVICE, how)
    assert caught.value.field == "how"
    assert directory.count_of("service_verification") == 0


def test_not_in_the_future_and_not_for_nothing(service: Any, sources: Any, actor: Any) -> None:
    with pytest.raises(InputError):
        service.confirm_verified(actor, sources.SERVICE, "telefonisch", TODAY + timedelta(days=1))
    with pytest.raises(UserError):
        service.confirm_verified(actor, "nope", "telefonisch")
