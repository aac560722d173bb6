"""Histories of three desks of one office, and a plain model that knows which of the texts people wrote may be gone.

Every text is a word of its own. The model looks at a desk before and after each command: a word that stood there when
somebody wrote over it was seen and replaced; every other word has to stand at the end, or to be kept among the conflicts.
What was erased counts lives: a word of an earlier life has to be nowhere, on no desk, on no page of the file.
"""

from __future__ import annotations

import io
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.vocabulary import Channel, ReferralState, TallyKind
from desktop_app.core.errors import UserError
from desktop_app.core.months import Month
from desktop_app.core.permissions import Role
from desktop_app.core.progress import Cancelled
from desktop_app.directory.search_index import index_services
from desktop_app.directory.service import DirectoryService
from desktop_app.directory.tables import Service, ServiceRemark
from desktop_app.security.tables import AccountTable
from desktop_app.statistics.service import StatisticsService
from desktop_app.sync.hub_problems import HubProblem
from desktop_app.sync.records import Choice, Settled
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from hub.cli.main import main
from tests.contacts.office import SERVICES
from tests.faults.sync.proxy import FaultyProxy, cut_after, doubled, garbled, lost_after, lost_before
from tests.faults.sync.standing import StandingDesk
from tests.hub.running import HubThread
from tests.retention.raw_pages import PageReader
from tests.sync.desks import in_step

#: What people do, and what happens to desks; what comes twice is tried twice as often.
STEPS = (
    "record", "record_for_person", "material", "material", "note", "note", "clear_note", "channel", "needs", "withdraw",
    "restore", "refer", "drop_referral", "referral_state", "referral_state", "referral_due",
    "person", "file_name", "file_name", "file_remarks", "consent", "revoke", "undo_revocation", "merge", "undo_merge",
    "card", "forget_card", "erase_person", "erase_person", "erase_note", "erase_note",
    "mark", "withdraw_mark", "office_phone", "space_name", "topic_name", "role", "disable", "service_text",
    "service_remark", "verify", "take_back_check", "decide", "decide", "dismiss", "dismiss_all", "take_back_settled", "undo_decision",
    "round", "round", "round", "round", "round", "broken_round", "broken_round", "cancelled_round", "reopen", "copy",
    "put_back", "leave", "come_back", "hub_copy", "hub_back",
)  # fmt: skip
_CHANNELS = (Channel.PHONE, Channel.MAIL, Channel.HOME_VISIT)
_TOPICS = ("wohnen", "pflege", "gesundheit")
_STATES = (ReferralState.DECLINED, ReferralState.HELP_RECEIVED, ReferralState.CONTACTED)
_FAULTS = (lost_before, lost_after, lost_after, cut_after(60), garbled, doubled)
_REQUESTS = (r"/spaces/office-[^/]*/push", r"/spaces/office-[^/]*/pull", r"/spaces/directory/p", "/v1/me")
_REFERRALS = """
SELECT contact_id || ':' || service_id, coalesce(state_reason, ''), 'referral/' || id || '#state_reason' FROM referral
"""
#: Kind of text: its rows as key, word, and the mark that counts its lives.
_TEXTS = {
    "material": "SELECT id, material, 'contact/' || id || '#material' FROM contact",
    "note": "SELECT contact_id, text, 'contact_note/' || contact_id FROM contact_note",
    "reason": _REFERRALS,
    "name": "SELECT id, name, 'visitor/' || id FROM visitor",
    "remarks": "SELECT id, remarks, 'visitor/' || id FROM visitor",
    "phone": "SELECT 'office', phone, '' FROM office",
    "space": "SELECT id, name, '' FROM social_space",
    "topic": "SELECT code, name, '' FROM topic",
    "service": "SELECT id, coalesce(description, ''), '' FROM service",
    "remark": "SELECT service_id, remark, '' FROM service_remark",
}
_WORD = re.compile("zq[0-9]{7}")
Key = tuple[str, str]


@dataclass(frozen=True)
class Word:
    """A text somebody wrote, in one of the lives of its field."""

    text: str
    life: int
    mark: str


@dataclass
class Seen:
    """What a desk has: texts with their marks, lives, and what statistics count."""

    texts: dict[Key, tuple[str, str]]
    lives: dict[str, int]
    withdrawn: dict[str, int]
    marks: dict[str, int]


@dataclass(frozen=True)
class Event:
    """What one command did to the model: to be taken back when a desk is put back to before it, or to be doubted."""

    number: int
    take_back: Sequence[Callable[[], None]]
    doubt: Sequence[Callable[[], None]]


@dataclass
class At:
    """A desk of the history."""

    desk: StandingDesk
    #: commands the hub is not known to have
    unsent: list[Event] = field(default_factory=list)
    #: up to here a round that broke off may have brought it
    tried: int = 0
    #: a backup: the file, and the newest command in it
    copy: Path | None = None
    copied: int = 0
    is_away: bool = False


@dataclass
class History:
    """One run over an office of its own."""

    hub: HubThread
    proxy: FaultyProxy
    at: list[At]
    folder: Path
    contacts: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    #: words that stand or were lost unseen
    written: dict[Key, list[Word]] = field(default_factory=lambda: defaultdict(list))
    #: every word there ever was
    ever: dict[Key, list[Word]] = field(default_factory=lambda: defaultdict(list))
    #: contact or mark: who set `withdrawn` to what
    withdrawals: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    #: files that were merged: their texts may stand in each other
    mingled: dict[str, set[str]] = field(default_factory=dict)
    #: at the end: how often a field was erased, as the desk has it that knows most
    lives: dict[str, int] = field(default_factory=dict)
    hub_copy_of: tuple[Path, list[str]] | None = None
    #: by desk: what its last decision settled
    settled: dict[str, Settled] = field(default_factory=dict)
    number: int = 0
    words: int = 0

    @property
    def desks(self) -> list[StandingDesk]:
        return [one.desk for one in self.at]

    # Commands --------------------------------------------------------------------------------------

    def do(self, step: str, who: int, which: int) -> None:
        """Do one step; what is not possible there now is refused in words."""
        at = self.at[who]
        if hasattr(self, f"_{step}"):
            getattr(self, f"_{step}")(at, which)
            return
        with self.command(at), suppress(UserError):
            getattr(self, step)(at.desk, which)

    def begin(self) -> None:
        """Something to begin with, known everywhere."""
        at = self.at[0]
        with self.command(at):
            self.person(at.desk, 0)
            self.record(at.desk, 1)
        with self.command(at):
            self.record_for_person(at.desk, 1)
            self.refer(at.desk, 1)
        for one in self.at:
            self._round(one, 0)

    def command(self, at: At) -> _Command:
        return _Command(self, at)

    def word(self) -> str:
        self.words += 1
        return f"zq{self.words:07d}"

    def _pick(self, found: Sequence[str], which: int) -> str:
        if not found:
            raise UserError("")
        return found[which % len(found)]

    def record(self, desk: StandingDesk, which: int) -> None:
        self.contacts.append(desk.contact(material=self.word(), note=self.word() if which % 2 else ""))

    def record_for_person(self, desk: StandingDesk, which: int) -> None:
        entry = ContactEntry(needs=(NeedEntry("pflege"),), note=self.word(), material=self.word())
        person = self._pick(self.people, which)
        self.contacts.append(desk.office.files.record_contact(desk.actor, entry, person))

    def material(self, desk: StandingDesk, which: int) -> None:
        desk.correct(self._pick(self.contacts, which), material=self.word())

    def note(self, desk: StandingDesk, which: int) -> None:
        desk.correct(self._pick(self.contacts, which), note=self.word())

    def clear_note(self, desk: StandingDesk, which: int) -> None:
        desk.correct(self._pick(self.contacts, which), note="")

    def channel(self, desk: StandingDesk, which: int) -> None:
        desk.correct(self._pick(self.contacts, which // 3), channel=_CHANNELS[which % 3])

    def needs(self, desk: StandingDesk, which: int) -> None:
        chosen = tuple(NeedEntry(topic) for topic in _TOPICS[: 1 + which % 3])
        desk.correct(self._pick(self.contacts, which // 3), needs=chosen)

    def withdraw(self, desk: StandingDesk, which: int) -> None:
        desk.office.desk.contacts.withdraw_contact(desk.actor, self._pick(self.contacts, which))

    def restore(self, desk: StandingDesk, which: int) -> None:
        desk.office.desk.contacts.restore_contact(desk.actor, self._pick(self.contacts, which))

    def refer(self, desk: StandingDesk, which: int) -> None:
        contact = self._pick(self.contacts, which // 3)
        there = desk.office.desk.queries.contact(contact).entry().referrals
        service = SERVICES[which % 3]
        if service not in {one.service_id for one in there}:
            desk.correct(contact, referrals=(*there, ReferralEntry(service)))

    def drop_referral(self, desk: StandingDesk, which: int) -> None:
        contact = self._pick(self.contacts, which)
        desk.correct(contact, referrals=desk.office.desk.queries.contact(contact).entry().referrals[1:])

    def _a_referral(self, desk: StandingDesk, which: int) -> str:
        return self._pick(
            [row[0] for row in desk.store.sql("SELECT id FROM referral ORDER BY contact_id, position")], which
        )

    def referral_state(self, desk: StandingDesk, which: int) -> None:
        referral, state = self._a_referral(desk, which // 3), _STATES[which % 3]
        desk.office.desk.contacts.set_referral_state(desk.actor, referral, state, reason=self.word())

    def referral_due(self, desk: StandingDesk, which: int) -> None:
        day = desk.clock.today().replace(day=1 + which)
        desk.office.desk.contacts.set_referral_due(desk.actor, self._a_referral(desk, which // 3), day)

    def person(self, desk: StandingDesk, _which: int) -> None:
        self.people.append(desk.office.person(self.word(), remarks=self.word()))

    def _change_file(self, desk: StandingDesk, which: int, **facts: str) -> None:
        file = desk.office.files.open_file(desk.actor, self._pick(self.people, which))
        entry = VisitorEntry(
            **{name: facts.get(name, getattr(file.entry, name)) for name in ("name", "remarks", "phone")}
        )
        desk.office.files.change_file(desk.actor, file.visitor_id, entry, revision=file.revision)

    def file_name(self, desk: StandingDesk, which: int) -> None:
        self._change_file(desk, which, name=self.word())

    def file_remarks(self, desk: StandingDesk, which: int) -> None:
        self._change_file(desk, which, remarks=self.word())

    def consent(self, desk: StandingDesk, which: int) -> None:
        given = ConsentEntry(ConsentKind.RECORD, desk.clock.today(), "2026-11")
        desk.office.files.add_consent(desk.actor, self._pick(self.people, which), given)

    def _a_consent(self, desk: StandingDesk, which: int) -> str:
        return self._pick([row[0] for row in desk.store.sql("SELECT id FROM visitor_consent ORDER BY id")], which)

    def revoke(self, desk: StandingDesk, which: int) -> None:
        desk.office.files.revoke_consent(desk.actor, self._a_consent(desk, which))

    def undo_revocation(self, desk: StandingDesk, which: int) -> None:
        desk.office.files.undo_revocation(desk.actor, self._a_consent(desk, which))

    def merge(self, desk: StandingDesk, which: int) -> None:
        kept, merged = self._pick(self.people, which), self._pick(self.people, which + 1)
        desk.office.merges.merge_files(desk.actor, kept, merged)
        together = self.mingled.get(kept, {kept}) | self.mingled.get(merged, {merged})
        self.mingled.update(dict.fromkeys(together, together))

    def undo_merge(self, desk: StandingDesk, which: int) -> None:
        merges = [row[0] for row in desk.store.sql("SELECT id FROM visitor_merge WHERE undone_at IS NULL ORDER BY id")]
        desk.office.merges.undo_merge(desk.actor, self._pick(merges, which))

    def card(self, desk: StandingDesk, _which: int) -> None:
        issued = desk.office.cards.issue_card(desk.actor)
        self.cards.append(issued.code)
        entry = ContactEntry(needs=(NeedEntry("pflege"),), material=self.word())
        self.contacts.append(desk.office.cards.record_contact(desk.actor, entry, issued.card_id))

    def forget_card(self, desk: StandingDesk, which: int) -> None:
        desk.office.cards.forget_card(desk.actor, self._pick(self.cards, which))

    def erase_person(self, desk: StandingDesk, which: int) -> None:
        desk.retention.erase_visitor(desk.actor, self._pick(self.people, which))

    def erase_note(self, desk: StandingDesk, which: int) -> None:
        desk.retention.erase_note(desk.actor, self._pick(self.contacts, which))

    def mark(self, desk: StandingDesk, which: int) -> None:
        self.marks.append(desk.office.desk.tally.add_mark(desk.actor, tuple(TallyKind)[which % len(TallyKind)]))

    def withdraw_mark(self, desk: StandingDesk, which: int) -> None:
        mark = self._pick(self.marks, which)
        if not desk.store.sql("SELECT 1 FROM tally_mark WHERE id = ?", (mark,)):
            raise UserError("")
        desk.office.desk.tally.withdraw_mark(desk.actor, mark)

    def office_phone(self, desk: StandingDesk, _which: int) -> None:
        settings = desk.office.desk.settings
        settings.change_office(desk.actor, replace(settings.office(), phone=self.word()))

    def space_name(self, desk: StandingDesk, which: int) -> None:
        spaces = list(desk.office.desk.settings.social_spaces())
        spaces[which % len(spaces)] = replace(spaces[which % len(spaces)], name=self.word())
        desk.office.desk.settings.save_social_spaces(desk.actor, spaces)

    def topic_name(self, desk: StandingDesk, which: int) -> None:
        topics = list(desk.office.desk.settings.topics())
        topics[which % 2] = replace(topics[which % 2], name=self.word())
        desk.office.desk.settings.save_topics(desk.actor, topics)

    def role(self, desk: StandingDesk, which: int) -> None:
        self._change_account(desk, {"role": tuple(Role)[which % len(Role)].value})

    def disable(self, desk: StandingDesk, which: int) -> None:
        self._change_account(desk, {"disabled_at": desk.clock.now().isoformat() if which % 2 else None})

    def _change_account(self, desk: StandingDesk, changes: dict[str, Any]) -> None:
        with desk.store.unit_of_work(desk.actor, "change_role", ("account", "account-karl")) as unit:
            unit.update(AccountTable, "account-karl", changes)

    def service_text(self, desk: StandingDesk, which: int) -> None:
        service = SERVICES[which % 3]
        with desk.store.unit_of_work(desk.actor, "import_directory", ("service", service)) as unit:
            unit.update(Service, service, {"description": self.word()})
            index_services(unit, [service])

    def service_remark(self, desk: StandingDesk, which: int) -> None:
        service = SERVICES[which % 3]
        with desk.store.unit_of_work(desk.actor, "change_remark", ("service", service)) as unit:
            there = unit.sql("SELECT id FROM service_remark WHERE service_id = ?", (service,))
            row = {"remark": self.word(), "changed_at": unit.moment}
            if there:
                unit.update(ServiceRemark, there[0][0], row)
            else:
                unit.insert(ServiceRemark, {"id": desk.store.ids.new_id(), "service_id": service, **row})

    def verify(self, desk: StandingDesk, which: int) -> None:
        DirectoryService(desk.store).confirm_verified(desk.actor, SERVICES[which % 3], "telefonisch")

    def take_back_check(self, desk: StandingDesk, which: int) -> None:
        checks = [row[0] for row in desk.store.sql("SELECT id FROM service_verification ORDER BY id")]
        DirectoryService(desk.store).take_back_verification(desk.actor, self._pick(checks, which))

    def decide(self, desk: StandingDesk, which: int) -> None:
        found = {one.conflict_id: one for one in desk.sync.conflicts()}
        conflict = found[self._pick(sorted(found), which // 3)]
        chosen = conflict.fields[which % len(conflict.fields)]
        self.settled[desk.name] = desk.sync.decide(
            desk.actor, conflict.conflict_id, chosen.name, tuple(Choice)[which % 3]
        )

    def dismiss(self, desk: StandingDesk, which: int) -> None:
        conflict_id = self._pick([one.conflict_id for one in desk.sync.conflicts()], which)
        self.settled[desk.name] = desk.sync.dismiss(desk.actor, conflict_id)

    def dismiss_all(self, desk: StandingDesk, _which: int) -> None:
        waiting = [one.conflict_id for one in desk.sync.conflicts()]
        self.settled[desk.name] = desk.sync.dismiss_all(desk.actor, waiting)

    def take_back_settled(self, desk: StandingDesk, _which: int) -> None:
        desk.sync.take_back(desk.actor, self.settled[self._pick([desk.name] if desk.name in self.settled else [], 0)])

    def undo_decision(self, desk: StandingDesk, which: int) -> None:
        done = [one.conflict_id for one in desk.sync.conflicts(with_decided=True) if one.is_decided]
        desk.sync.undo_decision(desk.actor, self._pick(sorted(done), which))

    # What happens to desks -------------------------------------------------------------------------

    def _round(self, at: At, _which: int) -> None:
        if at.is_away:
            return
        at.desk.round()
        if at.desk.sync.status().waiting_changes == 0:
            at.unsent.clear()

    def _broken_round(self, at: At, which: int) -> None:
        """The network fails in the middle; every other time the program ends there as well."""
        if at.is_away:
            return
        self.proxy.on(_REQUESTS[which % 4], _FAULTS[which % len(_FAULTS)], skip=which // 4)
        with suppress(HubProblem):
            at.desk.round()
        self.proxy.heal()
        at.tried = self.number
        if which % 2:
            at.desk.reopen()

    def _cancelled_round(self, at: At, which: int) -> None:
        """Somebody closes the program in the middle of a round."""
        if at.is_away:
            return
        with suppress(Cancelled):
            at.desk.sync.run(at.desk.actor, _Stop(which))
        at.tried = self.number
        at.desk.reopen()

    def _reopen(self, at: At, _which: int) -> None:
        at.desk.reopen()

    def _copy(self, at: At, _which: int) -> None:
        """Somebody makes a backup of this desk."""
        at.copy = self.folder / f"Sicherung {at.desk.name} {self.number}"
        if not at.copy.exists():
            at.desk.store.write_backup_copy(at.copy)
        at.copied = self.number

    def _put_back(self, at: At, _which: int) -> None:
        """The desk is put back to its backup: what was done there since and did not leave it is gone."""
        if at.copy is None:
            return
        at.desk.close()
        for beside in at.desk.folder.glob("quartierslotse.db*"):
            beside.unlink()
        shutil.copyfile(at.copy, at.desk.path)
        at.desk.open_again()
        for event in reversed([one for one in at.unsent if one.number > at.copied]):
            for step in event.doubt if event.number <= at.tried else event.take_back:
                step()
        at.unsent = [one for one in at.unsent if one.number <= at.copied]

    def _leave(self, at: At, _which: int) -> None:
        """One desk works alone for a while."""
        if not any(one.is_away for one in self.at):
            at.desk.sync.disconnect(at.desk.actor)
            at.is_away, at.copy, self.hub_copy_of = True, None, None

    def _come_back(self, at: At, _which: int) -> None:
        if at.is_away:
            other = next(one for one in self.at if not one.is_away)
            self._round(other, 0)
            at.desk.join(other.desk)
            at.is_away, at.copy, self.hub_copy_of = False, None, None
            # What it did alone meets what others did without knowing what both began with.
            for number, entries in self.withdrawals.items():
                if any(name == at.desk.name for name, _ in entries):
                    self.withdrawals[number].append(("", 0))

    def _hub_copy(self, _at: At, _which: int) -> None:
        """The hub's operator makes a backup."""
        copy = self.folder / "hub-backup.db"
        self._stop_hub()
        shutil.copyfile(self._hub_file(), copy)
        self.hub.start()
        self.hub_copy_of = copy, self._devices()

    def _hub_back(self, _at: At, _which: int) -> None:
        """The hub is put back to its backup; what a desk had sent there meanwhile is only on desks now."""
        if self.hub_copy_of is None or self.hub_copy_of[1] != self._devices():
            return
        self._stop_hub()
        shutil.copyfile(self.hub_copy_of[0], self._hub_file())
        tell_restored(self.hub)
        self.hub.start()
        for one in self.at:
            one.copy = None

    def _devices(self) -> list[str]:
        found = [one.desk.engine.connection for one in self.at]
        return [one.device_id if one else "" for one in found]

    def _stop_hub(self) -> None:
        for desk in self.desks:
            desk.engine.forget_client()
        self.hub.stop()
        self.hub.database.close()

    def _hub_file(self) -> Path:
        return Path(self.hub.settings.database.removeprefix("sqlite:///"))

    # The end ---------------------------------------------------------------------------------------

    def end(self) -> None:
        """Everybody syncs until nothing moves; then look."""
        for at in self.at:
            self._come_back(at, 0)
        in_step(*self.desks, rounds=14)
        seen = look(self.desks[0])
        # What was erased before it ever left its desk the others do not know of.
        for desk in self.desks:
            self.lives.update({mark: max(times, self.lives.get(mark, 0)) for mark, times in look(desk).lives.items()})
        for desk in self.desks:
            assert desk.store.sql("PRAGMA foreign_key_check") == []
            assert desk.store.sql("SELECT reason, document_id FROM sync_parked") == []
            assert desk.store.sql("SELECT count(*) FROM sync_push") == [(0,)]
            assert desk.sync.status().waiting_changes == 0
            self._check_words(desk)
            self._check_files(desk)
        self._check_numbers(seen)

    def _check_words(self, desk: StandingDesk) -> None:
        """No value lost unseen; nothing of what was erased is left."""
        seen = look(desk)
        kept = "".join(map(str, desk.store.sql("SELECT mine, theirs, before, former FROM sync_conflict")))
        for key, words in self.written.items():
            stands, mark = seen.texts.get(key, ("", ""))
            lost = [
                word.text
                for word in words
                if not self._is_over(word, mark)
                and word.text != stands
                # Remarks of files that were merged stand below each other.
                and not all(part in kept for part in _WORD.findall(word.text))
            ]
            assert lost == [], f"a value of {key} lost and is nowhere"
        gone = {
            part
            for key, words in self.ever.items()
            if not (key[0] in {"name", "remarks"} and self._lives_on(seen, key[1]))
            for word in words
            for part in _WORD.findall(word.text)
            if self._is_over(word, seen.texts.get(key, ("", ""))[1])
        }
        left = {
            (table, word)
            for (table,) in desk.store.sql("SELECT name FROM sqlite_master WHERE type = 'table'")
            for row in desk.store.sql(f'SELECT * FROM "{table}"')
            for word in _WORD.findall(str(row))
            if word in gone
        }
        assert left == set(), f"{desk.name}: what was erased is still there: {left}"
        if gone:
            assert desk.retention.rewrite_at_rest(desk.actor)
            reader = PageReader(desk.data_key)
            try:
                on_disk = {found.decode() for found in re.findall(rb"zq[0-9]{7}", reader.everything(desk.path))}
            finally:
                reader.close()
            assert on_disk & gone == set(), "a byte of what was erased is still on the disk"

    def _is_over(self, word: Word, mark: str) -> bool:
        return max(self.lives.get(word.mark, 0), self.lives.get(mark, 0)) > word.life

    def _lives_on(self, seen: Seen, person: str) -> bool:
        """Whether a file that this one was merged with is there: then its words may stand in that one."""
        return any(("name", one) in seen.texts for one in self.mingled.get(person, ()))

    def _check_files(self, desk: StandingDesk) -> None:
        """Every file stands for itself or is in one that does; consents and contacts hang on that one."""
        into = dict(desk.store.sql("SELECT id, merged_into FROM visitor"))
        assert all(target is None or (target in into and into[target] is None) for target in into.values())
        for table in ("visitor_consent", "contact_visitor"):
            linked = {row[0] for row in desk.store.sql(f"SELECT visitor_id FROM {table} WHERE visitor_id IS NOT NULL")}
            assert all(into[one] is None for one in linked)
        for (name,) in desk.store.sql("SELECT name FROM visitor WHERE merged_into IS NULL"):
            assert desk.office.found.search(name), "a file is not found by its name"

    def _check_numbers(self, seen: Seen) -> None:
        """Nothing is counted twice or left out, and every desk counts the same."""
        for wanted, found in ((self.contacts, seen.withdrawn), (self.marks, seen.marks)):
            assert set(wanted) - self.doubtful <= set(found) <= set(wanted), "a record is gone or there twice"
            for number, withdrawn in found.items():
                entries = self.withdrawals.get(number, [])
                if len({name for name, _ in entries}) <= 1:
                    assert withdrawn == (entries[-1][1] if entries else 0)
        desks = self.desks
        months = [
            StatisticsService(desk.store, desk.office.desk.settings).month(Month.of(desk.clock.today()))
            for desk in desks
        ]
        assert months[0].totals.contacts == sum(not withdrawn for withdrawn in seen.withdrawn.values())
        for one in months[1:]:
            assert replace(one, generated_at=months[0].generated_at) == months[0]


class _Command:
    """Watches what a command changes at its desk."""

    def __init__(self, history: History, at: At) -> None:
        self._history, self._at = history, at
        self._undo: list[Callable[[], None]] = []
        self._doubt: list[Callable[[], None]] = []

    def __enter__(self) -> None:
        self._before = look(self._at.desk)
        self._sizes = {kind: len(made) for kind, made in self._made().items()}

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if kind is not None:
            return
        history, before, after = self._history, self._before, look(self._at.desk)
        history.number += 1
        for key in sorted(before.texts.keys() | after.texts.keys()):
            former, (text, mark) = before.texts.get(key, ("", ""))[0], after.texts.get(key, ("", ""))
            if former != text:
                self._note_text(key, former, Word(text, after.lives.get(mark, 0), mark))
        for counted, counted_before in ((after.withdrawn, before.withdrawn), (after.marks, before.marks)):
            for number, withdrawn in counted.items():
                if counted_before.get(number, withdrawn) != withdrawn:
                    self._note_withdrawal(history.withdrawals[number], withdrawn)
        for name, made in self._made().items():
            forget = partial(history.doubtful.update, made[self._sizes[name] :])
            self._undo.append(forget)
            self._doubt.append(forget)
        self._at.unsent.append(Event(history.number, tuple(reversed(self._undo)), tuple(self._doubt)))

    def _made(self) -> dict[str, list[str]]:
        history = self._history
        return {"contacts": history.contacts, "people": history.people, "marks": history.marks}

    def _note_text(self, key: Key, former: str, word: Word) -> None:
        there = self._history.written[key]
        replaced = [one for one in there if one.text == former]
        there[:] = [one for one in there if one.text != former]
        self._undo.append(partial(there.extend, replaced))
        if word.text:
            there.append(word)
            self._history.ever[key].append(word)
            self._undo.append(partial(_remove, there, word))
            self._doubt.append(partial(_remove, there, word))

    def _note_withdrawal(self, entries: list[tuple[str, int]], withdrawn: int) -> None:
        entry = (self._at.desk.name, withdrawn)
        entries.append(entry)
        self._undo.append(partial(_remove, entries, entry))
        self._doubt.append(partial(entries.append, ("", 0)))


def _remove(found: list[Any], one: object) -> None:
    if one in found:
        found.remove(one)


class _Stop:
    """Closes the program at this step of a round."""

    def __init__(self, after: int) -> None:
        self._left = after

    def step(self, _done: int, _total: int, _text: str) -> None:
        self._left -= 1
        if self._left < 0:
            raise Cancelled


def look(desk: StandingDesk) -> Seen:
    """Return what a desk has."""
    sql = desk.store.sql
    texts = {(kind, key): (text or "", mark) for kind, query in _TEXTS.items() for key, text, mark in sql(query)}
    lives = dict(sql("SELECT id, times FROM erased_record"))
    return Seen(
        texts,
        lives,
        dict(sql("SELECT id, withdrawn FROM contact")),
        dict(sql("SELECT id, withdrawn FROM tally_mark")),
    )


def tell_restored(hub: HubThread) -> None:
    """Do what the runbook says after the hub's database was put back."""
    for suffix in ("-wal", "-shm"):
        Path(hub.settings.database.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)
    environment = {"QUARTIERSLOTSE_HUB_DATABASE": hub.settings.database}
    assert main(["restored", "--yes"], environment=environment, out=io.StringIO()) == 0
