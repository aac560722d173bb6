"""Notices: by type, in the publishing thread, and a listener that fails harms nobody."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest

from desktop_app.core.notices import GatheredNotices, MergeableNotice, NoticeBoard


@dataclass(frozen=True)
class Ringing:
    number: int


@dataclass(frozen=True)
class LoudRinging(Ringing):
    pass


def test_only_listeners_of_that_type_hear_it() -> None:
    board = NoticeBoard()
    plain: list[Ringing] = []
    loud: list[LoudRinging] = []
    board.subscribe(Ringing, plain.append)
    board.subscribe(LoudRinging, loud.append)
    board.publish(Ringing(1))
    board.publish(LoudRinging(2))
    board.publish("nobody listens to this")
    assert plain == [Ringing(1)]
    assert loud == [LoudRinging(2)]


def test_unsubscribing_ends_it_and_may_be_done_twice() -> None:
    board = NoticeBoard()
    heard: list[Ringing] = []
    unsubscribe = board.subscribe(Ringing, heard.append)
    board.publish(Ringing(1))
    unsubscribe()
    unsubscribe()
    board.publish(Ringing(2))
    assert heard == [Ringing(1)]


def test_a_listener_may_unsubscribe_while_it_hears() -> None:
    board = NoticeBoard()
    heard: list[str] = []

    def once(_notice: Ringing) -> None:
        heard.append("once")
        unsubscribe()

    unsubscribe = board.subscribe(Ringing, once)
    board.subscribe(Ringing, lambda _notice: heard.append("always"))
    board.publish(Ringing(1))
    board.publish(Ringing(2))
    assert heard == ["once", "always", "always"]


def test_a_failing_listener_is_logged_without_what_it_quoted(caplog: pytest.LogCaptureFixture) -> None:
    board = NoticeBoard()
    heard: list[Ringing] = []

    def fail(_notice: Ringing) -> None:
        try:
            {}["Frau Vertraulich"]
        except KeyError as error:
            raise ValueError("Frau Vertraulich") from error

    board.subscribe(Ringing, fail)
    board.subscribe(Ringing, heard.append)
    with caplog.at_level(logging.DEBUG):
        board.publish(Ringing(1))
    assert heard == [Ringing(1)]
    assert "Ringing" in caplog.text
    assert "ValueError" in caplog.text
    assert "KeyError" in caplog.text
    assert "in fail" in caplog.text
    assert "Vertraulich" not in caplog.text


@dataclass(frozen=True, slots=True)
class DaysChanged(MergeableNotice):
    days: frozenset[int]

    def merged_with(self, other: DaysChanged) -> DaysChanged:
        return DaysChanged(self.days | other.days)


def test_what_waits_is_told_once_and_those_of_a_kind_as_one() -> None:
    waiting = GatheredNotices()
    assert not waiting
    for notice in (Ringing(1), DaysChanged(frozenset({1})), Ringing(2), Ringing(1), DaysChanged(frozenset({2, 3}))):
        waiting.add(notice)
    assert waiting
    assert waiting.take() == [Ringing(1), DaysChanged(frozenset({1, 2, 3})), Ringing(2)]
    assert not waiting
    assert waiting.take() == []
