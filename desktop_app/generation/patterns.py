"""What visitors of a neighbourhood office come with: topics, results, facts and referrals as shares; pure.

The shares follow the order of magnitude that offices report: mostly older women, mostly short advice,
many questions that nobody asked. They are invented, and no figure of a real office is copied.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from desktop_app.contacts.vocabulary import (
    NO_ANSWER,
    NOT_ASKED,
    OUTSIDE_SOCIAL_SPACES,
    UNKNOWN,
    Channel,
    Depth,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    UnmetReason,
)

Shares = Mapping[str, float]

CHANNELS: Shares = {
    Channel.OFFICE: 52, Channel.PHONE: 27, Channel.MAIL: 9, Channel.HOME_VISIT: 5, Channel.OUTREACH: 6, Channel.VIDEO: 1,
}  # fmt: skip
TOPICS: Shares = {
    "pflege": 17, "gesundheit": 11, "wohnen": 10, "finanzen": 12, "begegnung": 11, "freizeit": 8, "hilfsmittel": 5,
    "dienstleistungen": 7, "kultur": 4, "ehrenamt": 4, "soziales": 6, "digitales": 5, "mobilitaet": 4, "recht": 3,
    "bildung": 2, "jugend": 2, "arbeit": 1,
}  # fmt: skip
_SHARE_OF_OTHER_TOPICS = 1.0
RESULTS: Shares = {Result.MET: 68, Result.PARTLY: 11, Result.UNMET: 9, Result.OPEN: 9, Result.UNKNOWN: 3}
#: Where offers are short, a need stays unmet more often.
HARD_RESULTS: Shares = {Result.MET: 46, Result.PARTLY: 17, Result.UNMET: 23, Result.OPEN: 11, Result.UNKNOWN: 3}
HARD_TOPICS = frozenset({"wohnen", "dienstleistungen", "mobilitaet"})
UNMET_REASONS: Shares = {
    UnmetReason.NO_OFFER: 26, UnmetReason.FULL: 27, UnmetReason.NOT_ELIGIBLE: 9, UnmetReason.TOO_EXPENSIVE: 11,
    UnmetReason.ACCESS: 9, UnmetReason.LANGUAGE: 4, UnmetReason.NO_STAFF: 4, UnmetReason.NO_REPLY: 5,
    UnmetReason.NOT_WANTED: 4, UnmetReason.UNKNOWN: 5,
}  # fmt: skip
_REASON_NAMED = 0.85
NEEDS_IN_A_CONTACT: Shares = {"1": 72, "2": 22, "3": 6}
DEPTHS: Shares = {Depth.INFORMATION: 62, Depth.COUNSELLING: 31, Depth.ACCOMPANIMENT: 7}
DURATIONS: Mapping[str, Shares] = {
    Depth.INFORMATION: {"5": 45, "10": 35, "15": 15, "30": 5},
    Depth.COUNSELLING: {"15": 18, "30": 45, "45": 22, "60": 12, "90": 3},
    Depth.ACCOMPANIMENT: {"30": 10, "45": 25, "60": 35, "90": 30},
}
CARE_LEVELS: Shares = {"none": 46, "applied": 10, "1": 10, "2": 17, "3": 11, "4": 4, "5": 2}
FACTS: Mapping[Fact, Shares] = {
    Fact.FOR_WHOM: {"self": 66, "relative": 21, "neighbour": 6, "professional": 7},
    Fact.AGE_BAND: {
        "under_60": 9, "60_64": 10, "65_69": 16, "70_74": 19, "75_79": 18, "80_84": 16, "85_89": 9, "90_plus": 3,
    },
    Fact.GENDER: {"female": 67, "male": 32, "diverse": 1},
    Fact.VISIT_KIND: {"first": 42, "follow_up": 58},
    Fact.LANGUAGE: {
        "de": 80, "tr": 5, "ru": 4, "ar": 3, "pl": 2, "uk": 2, "fa": 1, "en": 1, "fr": 0.5, "vi": 0.5, "other": 1,
    },
    Fact.ACCESS_ROUTE: {
        "own": 30, "family": 22, "doctor": 8, "authority": 11, "partner": 12, "press": 9, "internet": 4, "event": 4,
    },
}  # fmt: skip
#: How often a question is asked at all; of those asked, some do not know and some do not say.
ASKED: Mapping[Fact, float] = {
    Fact.FOR_WHOM: 0.75, Fact.AGE_BAND: 0.66, Fact.GENDER: 0.72, Fact.SOCIAL_SPACE: 0.60, Fact.VISIT_KIND: 0.70,
    Fact.CARE_LEVEL: 0.22, Fact.LANGUAGE: 0.45, Fact.ACCESS_ROUTE: 0.34, Fact.DURATION: 0.68,
}  # fmt: skip
_CARE_LEVEL_ASKED_IN_CARE = 0.75
_DOES_NOT_KNOW = 0.04
_DOES_NOT_SAY = 0.03
REFERRED = 0.44
TWO_REFERRALS = 0.22
REFERRAL_MODES: Shares = {
    ReferralMode.NAMED: 41, ReferralMode.SHEET: 35, ReferralMode.ANNOUNCED: 17, ReferralMode.ACCOMPANIED: 7,
}  # fmt: skip
FRESH_STATES: Shares = {ReferralState.OPEN: 78, ReferralState.CONTACTED: 15, ReferralState.HELP_RECEIVED: 7}
OLD_STATES: Shares = {
    ReferralState.OPEN: 9, ReferralState.CONTACTED: 14, ReferralState.HELP_RECEIVED: 36, ReferralState.DECLINED: 6,
    ReferralState.DID_NOT_GO: 8, ReferralState.NOT_TRACEABLE: 27,
}  # fmt: skip
_DAYS_UNTIL_OLD = 21
_DAYS_UNTIL_DUE = 14
_HAS_DUE_DATE = 0.3
_OUTSIDE_SHARE = 8.0


@dataclass(frozen=True, slots=True)
class PlannedReferral:
    """A referral before it is a row."""

    service_id: str
    mode: str
    state: str
    days_until_change: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """A contact before it is a row; needs are (topic code, result, reason)."""

    channel: str
    depth: str
    facts: Mapping[Fact, str]
    needs: Sequence[tuple[str, str, str | None]]
    referrals: Sequence[PlannedReferral]


class _Lot:
    """Draws codes by their shares."""

    def __init__(self, shares: Shares) -> None:
        self._codes = [str(code) for code in shares]
        self._sums = list(accumulate(shares.values()))
        self._last = len(self._codes) - 1

    def draw(self, random: Random) -> str:
        # Twice as fast as random.choices, which checks its weights every time.
        return self._codes[bisect(self._sums, random.random() * self._sums[-1], 0, self._last)]


class VisitorPatterns:
    """Draws contacts for one office: its topics, its social spaces, the services of its directory."""

    def __init__(
        self,
        random: Random,
        *,
        topic_codes: Sequence[str],
        space_ids: Sequence[str],
        services_by_topic: Mapping[str, Sequence[str]],
    ) -> None:
        """Draw with `random`; the order of the sequences counts."""
        self._random = random
        self._topics = _Lot({code: TOPICS.get(code, _SHARE_OF_OTHER_TOPICS) for code in topic_codes})
        self._topic_count = len(topic_codes)
        self._facts = {fact: _Lot(shares) for fact, shares in FACTS.items()}
        self._facts[Fact.CARE_LEVEL] = _Lot(CARE_LEVELS)
        # The first space is the office's own: most visitors live around it.
        spaces = {space: 60.0 / (2 + rank) for rank, space in enumerate(space_ids)}
        self._facts[Fact.SOCIAL_SPACE] = _Lot({**spaces, OUTSIDE_SOCIAL_SPACES: _OUTSIDE_SHARE})
        # An office without spaces does not ask for them.
        self._asked = ASKED if space_ids else {**ASKED, Fact.SOCIAL_SPACE: 0.0}
        self._durations = {depth: _Lot(shares) for depth, shares in DURATIONS.items()}
        # A few partners get most of the referrals.
        self._services = {
            topic: _Lot({service: 1.0 / (1 + rank) for rank, service in enumerate(self._shuffled(services))})
            for topic, services in services_by_topic.items()
            if services
        }
        self._channels, self._depths, self._needs = _Lot(CHANNELS), _Lot(DEPTHS), _Lot(NEEDS_IN_A_CONTACT)
        self._results, self._hard_results = _Lot(RESULTS), _Lot(HARD_RESULTS)
        self._reasons, self._modes = _Lot(UNMET_REASONS), _Lot(REFERRAL_MODES)
        self._fresh_states, self._old_states = _Lot(FRESH_STATES), _Lot(OLD_STATES)

    def contact(self, day: date, today: date) -> PlannedContact:
        """Return the next contact; referrals of long ago have an outcome."""
        depth = self._depths.draw(self._random)
        topics = self._drawn_topics()
        return PlannedContact(
            channel=self._channels.draw(self._random),
            depth=depth,
            facts=self._drawn_facts(depth, topics),
            needs=[self._need(topic) for topic in topics],
            referrals=self._referrals(topics, day, today),
        )

    def _shuffled(self, services: Sequence[str]) -> list[str]:
        shuffled = list(services)
        self._random.shuffle(shuffled)
        return shuffled

    def _drawn_topics(self) -> list[str]:
        wanted = min(int(self._needs.draw(self._random)), self._topic_count)
        topics: dict[str, None] = {}
        while len(topics) < wanted:
            topics[self._topics.draw(self._random)] = None
        return list(topics)

    def _need(self, topic: str) -> tuple[str, str, str | None]:
        result = (self._hard_results if topic in HARD_TOPICS else self._results).draw(self._random)
        has_reason = result in {Result.UNMET, Result.PARTLY} and self._random.random() < _REASON_NAMED
        return topic, result, self._reasons.draw(self._random) if has_reason else None

    def _drawn_facts(self, depth: str, topics: Sequence[str]) -> dict[Fact, str]:
        facts = {}
        for fact in Fact:
            asked = self._asked[fact]
            if fact is Fact.CARE_LEVEL and "pflege" in topics:
                asked = _CARE_LEVEL_ASKED_IN_CARE
            lot = self._durations[depth] if fact is Fact.DURATION else self._facts[fact]
            facts[fact] = self._answer(lot, asked, always_known=fact is Fact.DURATION)
        return facts

    def _answer(self, lot: _Lot, asked: float, *, always_known: bool) -> str:
        chance = self._random.random()
        if chance >= asked:
            return NOT_ASKED
        if not always_known and chance < asked * _DOES_NOT_KNOW:
            return UNKNOWN
        if not always_known and chance < asked * (_DOES_NOT_KNOW + _DOES_NOT_SAY):
            return NO_ANSWER
        return lot.draw(self._random)

    def _referrals(self, topics: Sequence[str], day: date, today: date) -> list[PlannedReferral]:
        lots = [self._services[topic] for topic in topics if topic in self._services]
        if not lots or self._random.random() >= REFERRED:
            return []
        wanted = 2 if self._random.random() < TWO_REFERRALS else 1
        chosen = dict.fromkeys(self._random.choice(lots).draw(self._random) for _ in range(wanted))
        return [self._referral(service, day, today) for service in chosen]

    def _referral(self, service_id: str, day: date, today: date) -> PlannedReferral:
        old = (today - day).days >= _DAYS_UNTIL_OLD
        state = (self._old_states if old else self._fresh_states).draw(self._random)
        followed_up = state in {ReferralState.OPEN, ReferralState.CONTACTED} and self._random.random() < _HAS_DUE_DATE
        return PlannedReferral(
            service_id=service_id,
            mode=self._modes.draw(self._random),
            state=state,
            days_until_change=0 if state == ReferralState.OPEN else self._random.randrange(1, _DAYS_UNTIL_OLD),
            due_on=day + timedelta(days=_DAYS_UNTIL_DUE) if followed_up else None,
        )
