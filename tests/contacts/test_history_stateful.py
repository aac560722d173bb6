"""Any order of recording, correcting, undoing, withdrawing: the store says what a plain model says."""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from desktop_app.contacts.notes import note_text
from desktop_app.contacts.records import ContactEntry, ContactRecord, NeedEntry, ReferralEntry
from desktop_app.contacts.rules import RESULTS_WITH_REASON
from desktop_app.contacts.vocabulary import (
    NOT_ASKED,
    Channel,
    Depth,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    TallyKind,
    UnmetReason,
    fact_answers,
    open_answers,
)
from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.ids import UuidFactory
from tests.contacts.office import SERVICES, open_front_desk
from tests.fresh_store import fresh_key, fresh_store

TOPICS = ("pflege", "wohnen", "kultur", "recht")
FIRST_DAY = date(2026, 11, 22)
days = st.none() | st.integers(-3, 3).map(lambda by: FIRST_DAY + timedelta(days=by))


@st.composite
def needs(draw: st.DrawFn) -> tuple[NeedEntry, ...]:
    found = []
    for code in draw(st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3, unique=True)):
        result = draw(st.sampled_from(Result))
        reason = draw(st.none() | st.sampled_from(UnmetReason)) if result in RESULTS_WITH_REASON else None
        found.append(NeedEntry(code, result, reason))
    return tuple(found)


@st.composite
def referrals(draw: st.DrawFn) -> tuple[ReferralEntry, ...]:
    chosen = draw(st.lists(st.sampled_from(SERVICES), max_size=3, unique=True))
    return tuple(ReferralEntry(service, draw(st.sampled_from(ReferralMode)), draw(days)) for service in chosen)


@st.composite
def facts(draw: st.DrawFn) -> dict[Fact, str]:
    asked = draw(
        st.lists(st.sampled_from([fact for fact in Fact if fact is not Fact.SOCIAL_SPACE]), unique=True, max_size=3)
    )
    return {fact: draw(st.sampled_from([*open_answers(), *fact_answers(fact)])) for fact in asked}


entries = st.builds(
    ContactEntry,
    channel=st.sampled_from(Channel),
    needs=needs(),
    referrals=referrals(),
    depth=st.sampled_from(Depth),
    facts=facts(),
    material=st.sampled_from(["", " Faltblatt Pflege ", "Stadtplan"]),
    note=st.sampled_from(["", "  ", "Möchte nicht angerufen werden.", " mehr\nals eine Zeile "]),
)


def as_stored(entry: ContactEntry) -> ContactEntry:
    """Return the entry as it comes back: every fact answered, texts trimmed, the note apart."""
    everything = {fact: entry.facts.get(fact, NOT_ASKED) for fact in Fact}
    return dataclasses.replace(entry, facts=everything, material=entry.material.strip(), note="", started_at=None)


@dataclass
class Step:
    """One step of a contact's history."""

    action: str
    initials: str
    before: ContactEntry
    outcomes: dict[str, tuple[str, ReferralState, str | None]]


@dataclass
class Known:
    """What the model knows of one contact."""

    day: date
    entry: ContactEntry
    note: str
    initials: str
    outcomes: dict[str, tuple[str, ReferralState, str | None]]
    withdrawn: bool = False
    history: list[Step] = field(default_factory=list)

    @property
    def revision(self) -> int:
        return len(self.history) + 1

    def keep(self, action: str, actor: Actor) -> None:
        self.history.append(Step(action, actor.initials, self.entry, dict(self.outcomes)))


@dataclass
class Mark:
    """What the model knows of one stroke."""

    day: date
    kind: TallyKind
    withdrawn: bool = False


class FrontDeskModel(RuleBasedStateMachine):
    """The front desk beside a model of it."""

    contact_ids = Bundle("contact_ids")
    marks = Bundle("marks")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
        ids = UuidFactory(self.clock)
        path = Path(self.folder.name) / "quartierslotse.db"
        self.desk = open_front_desk(fresh_store(path, fresh_key(), self.clock, ids))
        self.known: dict[str, Known] = {}
        self.tally: dict[str, Mark] = {}

    def teardown(self) -> None:
        assert self.desk.store.sql("PRAGMA foreign_key_check") == []
        self.desk.store.close()
        self.folder.cleanup()

    def current(self, contact_id: str) -> ContactRecord:
        return self.desk.queries.contact(contact_id)

    def learn_outcomes(self, contact_id: str) -> None:
        """Take over the ids that were made for new referrals; everything else must already be known."""
        known = self.known[contact_id]
        for referral in self.current(contact_id).referrals:
            fresh = (referral.referral_id, ReferralState.OPEN, None)
            known.outcomes.setdefault(referral.service_id, fresh)
        wanted = {referral.service_id for referral in known.entry.referrals}
        known.outcomes = {service: outcome for service, outcome in known.outcomes.items() if service in wanted}

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))

    @rule(target=contact_ids, entry=entries, by_karl=st.booleans())
    def record(self, entry: ContactEntry, by_karl: bool) -> str:
        self.clock.advance(timedelta(milliseconds=1))
        actor = self.desk.karl if by_karl else self.desk.erika
        contact_id = self.desk.contacts.record_contact(actor, entry)
        known = Known(self.clock.today(), as_stored(entry), entry.note.strip(), actor.initials, {})
        self.known[contact_id] = known
        self.learn_outcomes(contact_id)
        latest = self.desk.queries.latest_contact_of(actor.account_id)
        assert latest is not None
        assert latest.contact_id == contact_id
        return contact_id

    @rule(entry=entries, topic=st.sampled_from(["", "fliegen"]))
    def record_what_is_refused(self, entry: ContactEntry, topic: str) -> None:
        before = self.desk.store.sql("SELECT count(*) FROM outbox")
        wrong = dataclasses.replace(entry, needs=(*entry.needs, NeedEntry(topic)))
        with pytest.raises(InputError) as caught:
            self.desk.contacts.record_contact(self.desk.erika, wrong)
        assert caught.value.field == "needs"
        assert self.desk.store.sql("SELECT count(*) FROM outbox") == before

    @rule(contact_id=contact_ids, entry=entries)
    def correct(self, contact_id: str, entry: ContactEntry) -> None:
        known = self.known[contact_id]
        self.desk.contacts.correct_contact(self.desk.karl, contact_id, entry, revision=known.revision)
        former = next((step.outcomes for step in reversed(known.history) if step.action == "correct"), {})
        known.keep("correct", self.desk.karl)
        known.entry, known.note = as_stored(entry), entry.note.strip()
        known.outcomes = {**former, **known.outcomes}
        self.learn_outcomes(contact_id)

    @rule(contact_id=contact_ids, entry=entries, behind=st.integers(-1, 2).filter(bool))
    def correct_an_old_state(self, contact_id: str, entry: ContactEntry, behind: int) -> None:
        known = self.known[contact_id]
        changed_by = known.history[-1].initials if known.history else known.initials
        with pytest.raises(UserError, match=f"von {changed_by} geändert"):
            self.desk.contacts.correct_contact(self.desk.erika, contact_id, entry, revision=known.revision - behind)

    @rule(contact_id=contact_ids)
    def take_back(self, contact_id: str) -> None:
        """Correct back to what the contact was before its last correction, as the screen's „Rückgängig“ does."""
        known = self.known[contact_id]
        step = next((step for step in reversed(known.history) if step.action == "correct"), None)
        if step is not None:
            self.correct(contact_id, dataclasses.replace(step.before, note=known.note))
            assert self.current(contact_id).entry(known.note) == dataclasses.replace(step.before, note=known.note)

    @rule(contact_id=contact_ids, withdrawn=st.booleans())
    def withdraw_or_restore(self, contact_id: str, withdrawn: bool) -> None:
        known = self.known[contact_id]
        command = self.desk.contacts.withdraw_contact if withdrawn else self.desk.contacts.restore_contact
        command(self.desk.erika, contact_id)
        if known.withdrawn != withdrawn:
            known.keep("withdraw" if withdrawn else "restore", self.desk.erika)
            known.withdrawn = withdrawn

    @precondition(lambda self: any(known.outcomes for known in self.known.values()))
    @rule(data=st.data(), state=st.sampled_from(ReferralState), reason=st.none() | st.just("voll"), due=days)
    def follow_up(self, data: st.DataObject, state: ReferralState, reason: str | None, due: date | None) -> None:
        contact_id = data.draw(st.sampled_from(sorted(key for key, known in self.known.items() if known.outcomes)))
        known = self.known[contact_id]
        service = data.draw(st.sampled_from(sorted(known.outcomes)))
        referral_id = known.outcomes[service][0]
        self.desk.contacts.set_referral_state(self.desk.karl, referral_id, state, reason=reason)
        self.desk.contacts.set_referral_due(self.desk.karl, referral_id, due)
        known.outcomes[service] = (referral_id, state, reason)
        changed = tuple(
            dataclasses.replace(entry, due_on=due) if entry.service_id == service else entry
            for entry in known.entry.referrals
        )
        known.entry = dataclasses.replace(known.entry, referrals=changed)

    @rule(target=marks, kind=st.sampled_from(TallyKind))
    def add_mark(self, kind: TallyKind) -> str:
        mark_id = self.desk.tally.add_mark(self.desk.erika, kind)
        self.tally[mark_id] = Mark(self.clock.today(), kind)
        return mark_id

    @rule(mark_id=marks)
    def withdraw_mark(self, mark_id: str) -> None:
        self.desk.tally.withdraw_mark(self.desk.erika, mark_id)
        self.tally[mark_id].withdrawn = True

    @rule(kind=st.sampled_from(TallyKind))
    def withdraw_last_mark(self, kind: TallyKind) -> None:
        wanted = Mark(self.clock.today(), kind)
        last = max((mark_id for mark_id, mark in self.tally.items() if mark == wanted), default=None)
        assert self.desk.tally.withdraw_last_mark(self.desk.erika, kind) == (last is not None)
        if last is not None:
            self.tally[last].withdrawn = True

    @invariant()
    def every_contact_says_what_the_model_says(self) -> None:
        for contact_id, known in self.known.items():
            record = self.current(contact_id)
            assert record.entry() == known.entry
            assert record.revision == known.revision
            assert record.withdrawn == known.withdrawn
            assert record.initials == known.initials
            assert record.recorded_at.date() == known.day
            assert record.has_note == bool(known.note)
            assert note_text(self.desk.store, contact_id) == known.note
            assert {
                referral.service_id: (referral.referral_id, referral.state, referral.state_reason)
                for referral in record.referrals
            } == known.outcomes
            history = self.desk.queries.history(contact_id)
            assert [(step.revision, step.action, step.initials, step.before) for step in history] == [
                (number, step.action, step.initials, step.before) for number, step in enumerate(known.history, start=1)
            ]

    @invariant()
    def the_lists_of_every_day_agree(self) -> None:
        for day in {known.day for known in self.known.values()} | {FIRST_DAY}:
            newest_first = sorted((key for key, known in self.known.items() if known.day == day), reverse=True)
            shown = self.desk.queries.contacts_of_day(day, with_withdrawn=True)
            assert [record.contact_id for record in shown] == newest_first
            shown = self.desk.queries.contacts_of_day(day)
            assert [record.contact_id for record in shown] == [
                contact_id for contact_id in newest_first if not self.known[contact_id].withdrawn
            ]
            counted = self.desk.queries.tally(day).counts
            standing = Counter(mark.kind for mark in self.tally.values() if mark.day == day and not mark.withdrawn)
            assert counted == {kind: standing[kind] for kind in TallyKind}

    @invariant()
    def topics_and_follow_ups_are_counted(self) -> None:
        standing = [known for known in self.known.values() if not known.withdrawn]
        assert self.desk.queries.count_by_topic(FIRST_DAY) == Counter(
            need.topic_code for known in standing for need in known.entry.needs
        )
        due = {
            (known.outcomes[entry.service_id][0], entry.due_on)
            for known in standing
            for entry in known.entry.referrals
            if entry.due_on is not None
            and entry.due_on <= FIRST_DAY
            and known.outcomes[entry.service_id][1] in {ReferralState.OPEN, ReferralState.CONTACTED}
        }
        found = self.desk.queries.due_referrals(FIRST_DAY)
        assert {(referral.referral_id, referral.due_on) for referral in found} == due
        assert [referral.due_on for referral in found] == sorted(
            referral.due_on for referral in found if referral.due_on
        )


FrontDeskModel.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # A found example is shown as it was found: shrinking makes a new encrypted file each time, for minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
TestFrontDesk = FrontDeskModel.TestCase
