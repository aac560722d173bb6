"""Runs rounds, one at a time, and remembers how the last one went; shared by screens, commands and the schedule."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.progress import Cancelled, NoProgress, Progress
from desktop_app.core.tracebacks import traceback_without_values
from desktop_app.core.translation import tr
from desktop_app.sync.connection import HUB, Connection, read_connection
from desktop_app.sync.hub_client import HubClient
from desktop_app.sync.hub_problems import HubProblem, Revoked
from desktop_app.sync.key_post import KeyPost
from desktop_app.sync.office_key_service import OfficeKeyService
from desktop_app.sync.records import RoundResult, SyncChanged
from desktop_app.sync.round import SyncRound
from desktop_app.sync.tables import SyncHub

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.exchange.mailbox import ExchangeMailbox
    from desktop_app.storage.store import Store

_WAIT_SECONDS = 0.3
_logger = logging.getLogger("quartierslotse.sync")


class SyncEngine:
    """The connection of one open database."""

    def __init__(
        self,
        store: Store,
        mailbox: ExchangeMailbox | None = None,
        make_client: Callable[[str, str], HubClient] = HubClient,
    ) -> None:
        """Work on `store`; nothing is asked of any network before the first round."""
        self._store = store
        self.post = KeyPost()
        self.keys = OfficeKeyService(store, self.post)
        self.mailbox = mailbox
        self._make_client = make_client
        self._busy = threading.Lock()
        self._client: HubClient | None = None
        self._round: SyncRound | None = None
        self._known_as: tuple[str, str] = ("", "")
        self.is_working = False
        self.is_offline = False
        #: why the last round did not come to its end, in words; empty when it did
        self.trouble = ""
        self.next_try: datetime | None = None
        #: what the hub wants us to wait before the next try, in seconds
        self.retry_after: float | None = None

    @property
    def connection(self) -> Connection | None:
        """The hub this desk is connected to."""
        return read_connection(self._store)

    def open_client(self, address: str, token: str) -> HubClient:
        """Return a way to a hub.

        Raises:
            Untrusted: the address is not protected.
        """
        return self._make_client(address, token)

    @contextmanager
    def client(self, progress: Progress | None = None) -> Iterator[HubClient]:
        """Lend the way to the hub to one at a time.

        Raises:
            UserError: this desk is not connected.
            Cancelled: the user did not want to wait.
        """
        watching = progress or NoProgress()
        while not self._busy.acquire(timeout=_WAIT_SECONDS):
            watching.step(0, 0, tr("Ein Abgleich läuft schon"))
        try:
            connection = self.connection
            if connection is None:
                raise not_connected()
            client = self._client_of(connection)
            client.while_waiting = (
                None if progress is None else lambda: progress.step(0, 0, tr("Der Abgleich-Server wird gefragt"))
            )
            try:
                yield client
            finally:
                client.while_waiting = None
        finally:
            self._busy.release()

    def enter_office(self, actor: Actor) -> None:
        """Make the office's keys or ask to be let in; what breaks off here the next round goes on with.

        Nobody can stop it: it takes a few requests.

        Raises:
            UserError: this desk is not connected.
            HubProblem: the hub can't be asked or refuses.
        """
        with self.client() as client:
            try:
                self._round_of(actor, client).enter_office()
            except HubProblem as problem:
                self._note_failure(actor, problem)
                raise

    def run(self, actor: Actor, progress: Progress | None = None) -> RoundResult:
        """Do one round; wait for one that runs already.

        Raises:
            UserError: this desk is not connected.
            HubProblem: it did not come to its end; what was done before stays, and the next one goes on.
            Cancelled: the user stopped it.
        """
        with self.client(progress) as client:
            self._set_working(is_working=True)
            self.retry_after = None
            try:
                result = self._round_of(actor, client).run(progress)
            except HubProblem as problem:
                self._note_failure(actor, problem)
                raise
            except EnvironmentProblem as problem:
                # The disk or another program: nothing can be written now, this neither.
                self.is_offline, self.trouble = False, problem.message
                raise
            except (Cancelled, UserError):
                raise
            except Exception as error:
                self.is_offline, self.trouble = False, _own_fault()
                # Not `exception`: the text of an error may quote what somebody typed.
                _logger.error("a round failed\n%s", traceback_without_values(error))  # noqa: TRY400
                raise
            else:
                self.is_offline, self.trouble = False, ""
                self._note(actor, {"tried_at": True, "finished_at": True, "problem": "", "shut_out": 0})
            finally:
                self._set_working(is_working=False)
        return result

    def forget_client(self) -> None:
        """Close the connections: the desk was disconnected, or goes on under another name."""
        if self._client is not None:
            self._client.close()
        self._client = self._round = None

    # ------------------------------------------------------------------------------------------------

    def _client_of(self, connection: Connection) -> HubClient:
        # Another program may have connected this database anew, or gone on under another name.
        known_as = (connection.address, connection.token)
        if self._client is None or self._known_as != known_as:
            self.forget_client()
            self._client = self._make_client(connection.address, connection.token)
            self._known_as = known_as
        return self._client

    def _round_of(self, actor: Actor, client: HubClient) -> SyncRound:
        if self._round is None or self._round.actor != actor:
            self._round = SyncRound(self._store, client, actor, self.post, self.keys, self.mailbox)
        return self._round

    def _set_working(self, *, is_working: bool) -> None:
        self.is_working = is_working
        self._store.notices.publish(SyncChanged())

    def _note_failure(self, actor: Actor, problem: HubProblem) -> None:
        problem.happened_in_round()
        self.is_offline, self.trouble = problem.is_offline, problem.message
        self.retry_after = problem.retry_after
        words = problem.message if problem.needs_person else ""
        self._note(actor, {"tried_at": True, "problem": words, "shut_out": int(isinstance(problem, Revoked))})

    def _note(self, actor: Actor, what: dict[str, object]) -> None:
        with self._store.unit_of_work(actor, "sync_noted", None) as unit:
            changes = {name: unit.moment if value is True else value for name, value in what.items()}
            if read_connection(unit) is not None:
                unit.update(SyncHub, HUB, changes)


def _own_fault() -> str:
    return tr(
        "Der Abgleich ist an einem Fehler in Quartierslotse gescheitert. Ihre Daten sind da, und der Abgleich versucht es wieder. "
        "Bleibt es dabei, melden Sie es bitte der Person, die Quartierslotse betreut."
    )


def not_connected() -> UserError:
    """Return the problem of a desk that works alone."""
    return UserError(tr("Dieser Rechner ist mit keinem Abgleich-Server verbunden."))
