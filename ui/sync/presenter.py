"""What the page Abgleich does, without any widget. Methods with ``progress`` belong into a task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count
from desktop_app.sync.records import (
    Choice,
    Conflict,
    ConflictField,
    ConnectionPreview,
    ConnectionState,
    Desk,
    Invitation,
    ParkedRecord,
    RoundResult,
    Settled,
    Share,
    SpaceKind,
    SyncStatus,
)
from ui.sync.wording import is_open, keeps_the_key, short_value, value_of

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.progress import Progress
    from desktop_app.sync.bundle_records import BundleGiven, BundleStatus, BundleTaken
    from ui.sync.facade import SyncApplication

Result = TypeVar("Result")

#: a first sync takes several rounds; more than these would mean that it does not come to an end
_MOST_ROUNDS = 1_000


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, for the foot of the window, and how to take it back."""

    text: str
    undo: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class WaitingDesk:
    """A desk that wants in, and the words both screens must show; none yet, or why there are none."""

    desk: Desk
    words: tuple[str, ...]
    problem: str = ""


def with_statistics(shares: tuple[Share, ...]) -> tuple[Share, ...]:
    """The shares and, if it is not among them, the space into which nothing is sent yet: people ask for it."""
    if any(share.kind is SpaceKind.STATISTICS for share in shares):
        return shares
    sentence = tr(
        "Hier wird noch nichts gesendet: Erst müssen Monate abgeschlossen und kleine Zahlen sicher verborgen werden können."
    )
    return (*shares, Share(SpaceKind.STATISTICS, tr("Statistik für die Koordination"), sentence, (), 0))


@dataclass(frozen=True, slots=True)
class DeskView:
    """The desks of the office at one moment."""

    desks: tuple[Desk, ...]
    waiting: tuple[WaitingDesk, ...]


class SyncPresenter:
    """Reads and does, as the signed-in account may."""

    def __init__(self, application: SyncApplication) -> None:
        self._application = application

    # Rights and time

    @property
    def may_manage(self) -> bool:
        """Whether the account may connect, let desks in and shut them out."""
        return self._application.may(Action.MANAGE_SYNC)

    @property
    def may_decide(self) -> bool:
        """Whether the account may look at conflicts and decide them."""
        return self._application.may(Action.DECIDE_CONFLICTS)

    def now(self) -> datetime:
        """This moment."""
        return self._application.clock.now()

    def today(self) -> date:
        """This day."""
        return self._application.clock.today()

    # Reading what lies here

    def status(self) -> SyncStatus:
        """How the connection stands."""
        return self._application.sync.status()

    def shares(self) -> tuple[Share, ...]:
        """What is shared with whom."""
        return with_statistics(self._application.sync.shares())

    def parked(self) -> tuple[ParkedRecord, ...]:
        """What came and can't be used yet."""
        return self._application.sync.parked()

    def conflicts(self, *, with_decided: bool) -> tuple[tuple[Conflict, ...], tuple[Conflict, ...]]:
        """The conflicts nobody has looked at, and those that are done if they are wanted; the latest first."""
        if not self.may_decide:
            return (), ()
        every = self._application.sync.conflicts(with_decided=with_decided)
        ordered = sorted(every, key=lambda conflict: conflict.happened_at, reverse=True)
        waiting = [conflict for conflict in ordered if not conflict.is_decided]
        waiting.sort(key=lambda conflict: not is_open(conflict))
        return tuple(waiting), tuple(conflict for conflict in ordered if conflict.is_decided)

    def count_decided(self) -> int:
        """How many conflicts are done."""
        return self._application.sync.count_decided() if self.may_decide else 0

    # Connecting

    def preview(self, code: str, progress: Progress) -> ConnectionPreview:
        """What connecting with this code would mean. Raises UserError."""
        progress.step(0, 0, tr("Der Server wird gefragt, wer er ist …"))
        return self._in_thread(lambda: self._application.sync.preview(code))

    def begun_with(self, code: str) -> str:
        """The name under which connecting with this code broke off; empty if it is a new one. Raises InputError."""
        return self._application.sync.begun_with(code)

    def connect(self, code: str, label: str, progress: Progress) -> RoundResult | None:
        """Connect this desk and, unless another desk has to let it in, bring it into step."""

        def work() -> RoundResult | None:
            self._application.sync.connect(self._application.actor, code, label, progress)
            if self.status().state is ConnectionState.WAITING_FOR_ADMISSION:
                return None
            return self._rounds(progress)

        return self._in_thread(work)

    def run(self, progress: Progress) -> RoundResult:
        """Bring this desk into step now. Raises UserError, EnvironmentProblem, Cancelled."""
        return self._in_thread(lambda: self._rounds(progress))

    def recover(self, groups: str, progress: Progress) -> RoundResult:
        """Take the office's keys from the printed sheet, and come into step."""

        def work() -> RoundResult:
            self._application.sync.recover(self._application.actor, groups, progress)
            return self._rounds(progress)

        return self._in_thread(work)

    def recovery_sheet(self, _progress: Progress) -> bytes:
        """The sheet of the office as a PDF."""
        return self._in_thread(lambda: self._application.sync.recovery_sheet(self._application.actor))

    def confirm_recovery(self, first_group: str) -> None:
        """The sheet was printed and can be read. Raises UserError when the group is another."""
        self._application.sync.confirm_recovery(self._application.actor, first_group)

    def look_at_door(self, progress: Progress) -> tuple[str, ...]:
        """Ask whether this desk is let in; return its words, none as long as no other desk has taken it up."""

        def work() -> tuple[str, ...]:
            self._application.sync.run(self._application.actor, progress)
            if self.status().state is not ConnectionState.WAITING_FOR_ADMISSION:
                return ()
            return self._application.sync.admission_words()

        return self._in_thread(work)

    def confirm_admission(self, progress: Progress) -> RoundResult | None:
        """The words are the same; take the keys if the other desk has let this one in already."""

        def work() -> RoundResult | None:
            self._application.sync.confirm_admission(self._application.actor)
            result = self._application.sync.run(self._application.actor, progress)
            if self.status().state is ConnectionState.WAITING_FOR_ADMISSION:
                return None
            return result if result.is_complete else self._rounds(progress)

        return self._in_thread(work)

    # Going on, or not

    def pause(self) -> Done:
        """Send and fetch nothing until further notice."""
        self._application.sync.pause(self._application.actor)
        return Done(
            tr("Der Abgleich ruht. Änderungen bleiben vorgemerkt."),
            lambda: self._application.sync.resume(self._application.actor),
        )

    def resume(self) -> Done:
        """Go on."""
        self._application.sync.resume(self._application.actor)
        return Done(tr("Der Abgleich geht weiter."))

    def disconnect(self, _progress: Progress) -> None:
        """Leave the hub; everything here stays."""
        self._in_thread(lambda: self._application.sync.disconnect(self._application.actor))

    # Desks of the office

    def desks(self, progress: Progress, *, anew: bool = False) -> DeskView:
        """The desks as the hub knows them, and who waits at the door; ``anew`` fetches and sends before."""

        def work() -> DeskView:
            sync = self._application.sync
            if anew:
                sync.run(self._application.actor, progress)
            waiting = tuple(self._at_the_door(desk) for desk in sync.waiting_desks())
            doors = {one.desk.device_id for one in waiting}
            return DeskView(tuple(desk for desk in sync.desks() if desk.device_id not in doors), waiting)

        return self._in_thread(work)

    def locked_at_hub_only(self, _progress: Progress) -> tuple[str, ...]:
        """The names of the desks that the hub has shut out, but that still have the office's key."""
        desks = self._in_thread(self._application.sync.desks)
        return tuple(desk.label for desk in desks if keeps_the_key(desk))

    def _at_the_door(self, desk: Desk) -> WaitingDesk:
        try:
            return WaitingDesk(desk, self._application.sync.words_of(desk.device_id))
        except UserError as problem:
            return WaitingDesk(desk, (), problem.message)

    def invite(self, label: str, _progress: Progress) -> Invitation:
        """A code for a further desk of the office."""
        return self._in_thread(lambda: self._application.sync.invite(self._application.actor, label))

    def admit(self, device_id: str, _progress: Progress) -> None:
        """Let a desk in, after the words were compared."""
        self._in_thread(lambda: self._application.sync.admit(self._application.actor, device_id))

    def revoke(self, device_id: str, progress: Progress) -> None:
        """Shut a desk out."""
        self._in_thread(lambda: self._application.sync.revoke(self._application.actor, device_id, progress))

    # By stick

    def bundle_status(self) -> BundleStatus:
        """When files were last given out and taken over."""
        return self._application.bundles.status()

    def give_out(self, folder: Path, progress: Progress, *, everything: bool) -> BundleGiven:
        """Write a file for the other desks of the office."""
        bundles, actor = self._application.bundles, self._application.actor
        return self._in_thread(lambda: bundles.export(actor, folder, progress, everything=everything))

    def take_over(self, source: Path, progress: Progress) -> BundleTaken:
        """Take over a file, or the newest ones of a folder."""
        return self._in_thread(lambda: self._application.bundles.take_over(self._application.actor, source, progress))

    # Conflicts

    def decide(self, conflict: Conflict, field: ConflictField, choice: Choice) -> Done:
        """Let one value of a field hold; one action brings the former back."""
        settled = self._application.sync.decide(self._application.actor, conflict.conflict_id, field.name, choice)
        value = short_value(value_of(field, choice))
        return Done(tr("„{field}“ ist jetzt: {value}", field=field.label, value=value), self._undo(settled))

    def dismiss(self, conflict: Conflict) -> Done:
        """Leave it as it stands."""
        settled = self._application.sync.dismiss(self._application.actor, conflict.conflict_id)
        return Done(tr("Erledigt: Es bleibt, wie es ist."), self._undo(settled))

    def dismiss_all(self, conflicts: Sequence[Conflict]) -> Done:
        """Leave all of them as they stand; one action brings all of them back."""
        conflict_ids = [conflict.conflict_id for conflict in conflicts]
        settled = self._application.sync.dismiss_all(self._application.actor, conflict_ids)
        told = tr_count("{count} Konflikt abgelegt: Es bleibt, wie es ist.",
                        "{count} Konflikte abgelegt: Es bleibt, wie es ist.", len(settled.conflict_ids))  # fmt: skip
        return Done(told, self._undo(settled))

    def reopen(self, conflict: Conflict) -> Done:
        """Take all decisions on a conflict back."""
        self._application.sync.undo_decision(self._application.actor, conflict.conflict_id)
        return Done(tr("Entscheidung zurückgenommen."))

    def _undo(self, settled: Settled) -> Callable[[], None] | None:
        if not settled.fields:
            return None  # somebody else was quicker
        return lambda: self._application.sync.take_back(self._application.actor, settled)

    # Inside

    def _rounds(self, progress: Progress) -> RoundResult:
        """Rounds until nothing more has to follow; what all of them did together."""
        received = sent = clashes = parked = 0
        for _ in range(_MOST_ROUNDS):
            result = self._application.sync.run(self._application.actor, progress)
            received, sent = received + result.received, sent + result.sent
            clashes, parked = clashes + result.new_conflicts, result.parked
            if result.is_complete:
                break
        return RoundResult(received, sent, clashes, parked, is_complete=result.is_complete)

    def _in_thread(self, work: Callable[[], Result]) -> Result:
        try:
            return work()
        finally:
            self._application.store.end_thread()
