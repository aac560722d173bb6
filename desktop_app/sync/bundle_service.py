"""Exchange between the desks of an office by file, for a desk without a network: USB stick or shared folder."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.clock import from_text, to_text
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.environment.durable_files import flush_folder
from desktop_app.sync import key_rows
from desktop_app.sync.applying import Outcome
from desktop_app.sync.bundle_causes import drop_known_to_hub
from desktop_app.sync.bundle_desks import BundleDesk, ensured_own_desk, keep_desk, own_desk, read_desks
from desktop_app.sync.bundle_export import Gatherer
from desktop_app.sync.bundle_file import SUFFIX, BundleRefused, check_size, opened_lines, other_office, sealed_pieces
from desktop_app.sync.bundle_import import Importer
from desktop_app.sync.bundle_lines import BundleRecord, Heading, end_line, read_lines
from desktop_app.sync.bundle_records import BundleDeskStatus, BundleGiven, BundleStatus, BundleTaken
from desktop_app.sync.codec import PlainCodec, SealedCodec
from desktop_app.sync.connection import CONNECTED, Connection, Space, read_connection, read_spaces
from desktop_app.sync.following import guess_topics_once
from desktop_app.sync.membership import MemberKind, Standing
from desktop_app.sync.records import SpaceKind, SyncChanged
from desktop_app.sync.space_at import SpaceAt

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.core.permissions import Role
    from desktop_app.storage.store import Store
    from desktop_app.sync.engine import SyncEngine
    from desktop_app.sync.sealing import OfficeKeys

_KINDS = (SpaceKind.DIRECTORY, SpaceKind.OFFICE)
_MOST_NAMES = 1000
_logger = logging.getLogger("quartierslotse.sync")


class BundleService:
    """Gives out and takes over files. The hub is not asked; what is between it and this desk stays true."""

    def __init__(self, store: Store, engine: SyncEngine) -> None:
        """Work on `store`, never beside a round of `engine`."""
        self._store = store
        self._engine = engine

    def status(self) -> BundleStatus:
        """Return how it stands; reads a few rows."""
        desks = read_desks(self._store)
        own = next((desk for desk in desks if desk.is_own), None)
        others = [
            BundleDeskStatus(desk.label, from_text(desk.at))
            for desk in sorted(desks, key=lambda desk: desk.at or "", reverse=True)
            if not desk.is_own and desk.at and desk.number
        ]
        given = from_text(own.at) if own is not None and own.at else None
        connection = read_connection(self._store)
        is_possible = connection is not None and connection.state == CONNECTED
        return BundleStatus(is_possible, "" if is_possible else _not_a_member().message, given, tuple(others))

    # Giving out -------------------------------------------------------------------------------------

    def export(
        self, actor: Actor, folder: Path, progress: Progress | None = None, *, everything: bool = False
    ) -> BundleGiven:
        """Write what the other desks lack into a file in `folder`; `everything`: also what they are known to have.

        Raises:
            UserError: this desk belongs to no office yet, or there is no such folder.
            EnvironmentProblem: the folder refuses (full, write-protected, pulled); no file is left.
            Cancelled: through `progress`; no file is left.
        """
        progress = progress or NoProgress()
        if not folder.is_dir():
            raise UserError(
                tr(
                    "Den Ordner „{folder}“ gibt es nicht. Bitte prüfen Sie, ob der Stick eingesteckt ist.",
                    folder=folder,
                )
            )
        self._member()
        with self._engine.client(progress):
            connection, keys = self._member()
            heading, gatherer = self._begin(actor, connection, progress, everything=everything)

            def lines() -> Iterator[str]:
                yield heading.line()
                yield from gatherer.lines()
                yield end_line(gatherer.count)

            path, size = self._write(folder, heading.lineage, sealed_pieces(keys, lines()))
            with self._store.unit_of_work(actor, "export_bundle", ("bundle", heading.lineage)) as unit:
                keep_desk(unit, replace(ensured_own_desk(unit), at=unit.moment))
                unit.notify(SyncChanged())
        return BundleGiven(path, gatherer.count, heading.since == 0, size)

    def _begin(
        self, actor: Actor, connection: Connection, progress: Progress, *, everything: bool
    ) -> tuple[Heading, Gatherer]:
        with self._store.unit_of_work(actor, "bundle_gathered", None) as unit:
            own = ensured_own_desk(unit)
            drop_known_to_hub(unit)
            others = [desk for desk in read_desks(unit) if not desk.is_own]
            spaces = {space.kind: space.epoch for space in read_spaces(unit) if space.kind in _KINDS}
            now = self._store.clock.now()
            highest = max((desk.has_of_ours for desk in others), default=0)
            # Of a database that was put back the numbers go on all the same: they are no smaller than the moment.
            number = max(own.number + 1, highest + 1, int(now.timestamp()))
            if highest > own.number:
                # It was put back: what the others have of ours we no longer know.
                others = [replace(desk, has_of_ours=0) for desk in others]
                for desk in others:
                    keep_desk(unit, desk)
            # Taken before anything is written: a file stands there although its desk was killed before it could note that.
            keep_desk(unit, replace(own, number=number))
        since = 0
        if not everything and 0 < self._count_other_desks() <= len(others):
            since = min(desk.has_of_ours for desk in others)
        heading = Heading(
            connection.hub_id,
            connection.office_id,
            own.lineage,
            connection.device_label,
            number,
            since,
            {desk.lineage: desk.taken_whole for desk in others if desk.taken_whole},
            spaces,
            to_text(now),
        )
        gatherer = Gatherer(self._store, actor, own.lineage, number, since, connection.carrier_id, progress)
        return heading, gatherer

    def _count_other_desks(self) -> int:
        state, own = key_rows.load_state(self._store), key_rows.own_keys(self._store)
        members = state.members.values() if state is not None else ()
        return sum(
            1
            for member in members
            if member.kind is MemberKind.DESK
            and member.standing is Standing.TRUSTED
            and (own is None or member.public_key != own.public_key)
        )

    def _write(self, folder: Path, lineage: str, pieces: Iterator[bytes]) -> tuple[Path, int]:
        own = hashlib.sha256(lineage.encode()).hexdigest()[:8]
        unfinished = folder / f".abgleich-{own}-{secrets.token_hex(4)}.unfertig"
        try:
            for rest in folder.glob(f".abgleich-{own}-*.unfertig"):  # we were killed, or the stick was pulled
                rest.unlink(missing_ok=True)
            with unfinished.open("xb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            path = self._given_name(folder, unfinished)
            flush_folder(folder)
        except OSError as error:
            raise _writing_problem(folder, error) from error
        finally:
            with suppress(OSError):  # the stick was pulled
                unfinished.unlink(missing_ok=True)
        return path, size

    def _given_name(self, folder: Path, unfinished: Path) -> Path:
        day = self._store.clock.today().isoformat()
        for number in range(1, _MOST_NAMES):
            ending = f" ({number})" if number > 1 else ""
            path = folder / f"Abgleich {day}{ending}{SUFFIX}"
            if path.exists():
                continue
            unfinished.rename(path)
            return path
        raise FileExistsError(errno.EEXIST, "too many files of this day")

    # Taking over ------------------------------------------------------------------------------------

    def take_over(self, actor: Actor, source: Path, progress: Progress | None = None) -> BundleTaken:
        """Take over a file, or the newest file of each other desk in a folder. Doing so twice changes nothing.

        Raises:
            BundleRefused: the file is none of ours, damaged, older than one that was taken over, or can't be opened here;
                nothing was changed.
            UserError: this desk belongs to no office yet, or there is no file.
            EnvironmentProblem: the file can't be read; nothing was changed.
            Cancelled: through `progress`; what was taken over stays, the rest comes when it is done again.
        """
        progress = progress or NoProgress()
        self._member()
        with self._engine.client(progress):
            connection, keys = self._member()
            found = self._newest(connection, keys, source, progress)
            guess_topics_once(self._store, actor)
            taken = [self._take(actor, connection, keys, heading, records, progress) for heading, records in found]
        self._store.notices.publish(SyncChanged())
        return BundleTaken(
            labels=tuple(heading.label for heading, _ in found),
            made_at=max((from_text(heading.made_at) for heading, _ in found), default=None),
            received=sum(one.received for one in taken if one is not None),
            new_conflicts=sum(one.conflicts for one in taken if one is not None),
            left_out=sum(one.parked for one in taken if one is not None),
            is_known=all(one is None for one in taken),
        )

    def _newest(
        self, connection: Connection, keys: OfficeKeys, source: Path, progress: Progress
    ) -> list[tuple[Heading, list[BundleRecord]]]:
        """Return what is to be taken over; several desks may have laid their files into one folder."""
        if not source.is_dir():
            heading, records = self._open(connection, keys, source, progress)
            self._check_age(heading)
            return [(heading, records)]
        paths = sorted(path for path in source.glob(f"*{SUFFIX}") if not path.name.startswith("."))
        newest: dict[str, tuple[Heading, list[BundleRecord]]] = {}
        problem: BundleRefused | None = None
        for path in paths:
            try:
                heading, records = self._open(connection, keys, path, progress)
                known = newest.get(heading.lineage)
                if known is None or known[0].number < heading.number:
                    self._check_age(heading)
                    newest[heading.lineage] = (heading, records)
            except BundleRefused as error:
                problem = problem or error
        if not newest:
            raise problem or UserError(
                tr(
                    "In diesem Ordner liegt keine Abgleich-Datei. Sie heißt „Abgleich …“ und endet auf „.qlabgleich“; "
                    "ausgegeben wird sie am anderen Rechner unter Abgleich."
                )
            )
        return list(newest.values())

    def _open(
        self, connection: Connection, keys: OfficeKeys, path: Path, progress: Progress
    ) -> tuple[Heading, list[BundleRecord]]:
        try:
            check_size(path.stat().st_size)
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise UserError(
                tr("Die Datei „{name}“ gibt es nicht. Bitte prüfen Sie, ob der Stick eingesteckt ist.", name=path.name)
            ) from error
        except OSError as error:
            raise EnvironmentProblem(
                tr(
                    "Die Datei „{name}“ lässt sich nicht lesen. Bitte prüfen Sie, ob der Stick eingesteckt ist. Es wurde "
                    "nichts geändert.",
                    name=path.name,
                )
            ) from error
        heading, records = read_lines(opened_lines(keys, content, progress))
        if (heading.hub_id, heading.office_id) != (connection.hub_id, connection.office_id):
            raise other_office()
        own = own_desk(self._store)
        if own is not None and heading.lineage == own.lineage:
            raise BundleRefused(
                tr(
                    "Diese Abgleich-Datei hat dieser Rechner selbst ausgegeben. Sie ist für die anderen Rechner Ihres Büros. "
                    "Es wurde nichts geändert."
                )
            )
        return heading, records

    def _check_age(self, heading: Heading) -> None:
        known = self._desk_of(heading)
        if heading.number < known.number:
            raise BundleRefused(
                tr(
                    "Diese Abgleich-Datei ist älter als eine, die hier schon übernommen wurde. Es wurde nichts geändert; Sie "
                    "können sie löschen."
                )
            )
        if heading.number > known.number and heading.since > known.taken_whole:
            raise BundleRefused(
                tr(
                    "Diese Abgleich-Datei baut auf einer früheren auf, die hier fehlt. Bitte geben Sie am anderen Rechner "
                    "noch einmal eine aus, mit „Alles ausgeben“. Es wurde nichts geändert."
                )
            )

    def _desk_of(self, heading: Heading) -> BundleDesk:
        known = {desk.lineage: desk for desk in read_desks(self._store)}
        return known.get(heading.lineage) or BundleDesk(
            heading.lineage, is_own=False, label="", number=0, taken_whole=0, has_of_ours=0, at=None
        )

    def _take(
        self, actor: Actor, connection: Connection, keys: OfficeKeys, heading: Heading,
        records: Sequence[BundleRecord], progress: Progress,
    ) -> Outcome | None:  # fmt: skip
        desk = self._desk_of(heading)
        if heading.number == desk.taken_whole:
            return None
        with self._store.unit_of_work(actor, "bundle_taken", None) as unit:
            own = ensured_own_desk(unit)
            drop_known_to_hub(unit)
        importer = Importer(self._store, actor, heading, own.lineage, progress, Outcome())
        importer.take(records, self._spaces(connection, keys, actor.role))
        with self._store.unit_of_work(actor, "import_bundle", ("bundle", heading.lineage)) as unit:
            keep_desk(
                unit,
                replace(
                    desk,
                    label=heading.label,
                    number=heading.number,
                    taken_whole=heading.number if not importer.outcome.parked else desk.taken_whole,
                    has_of_ours=heading.has_taken.get(own.lineage, 0),
                    at=unit.moment,
                ),
            )
            unit.notify(SyncChanged())
        return importer.outcome

    # ------------------------------------------------------------------------------------------------

    def _member(self) -> tuple[Connection, OfficeKeys]:
        connection, keys = read_connection(self._store), self._engine.post.office_keys(self._store)
        if connection is None or keys is None or connection.state != CONNECTED:
            raise _not_a_member()
        if connection.is_shut_out:
            # Nobody could open what it gives out, and it can't open what the others do.
            raise UserError(connection.problem)
        return connection, keys

    def _spaces(self, connection: Connection, keys: OfficeKeys, role: Role) -> list[tuple[Space, SpaceAt]]:
        found = []
        for space in read_spaces(self._store):
            if space.kind in _KINDS:
                is_office = space.kind is SpaceKind.OFFICE
                codec = SealedCodec(keys, space.name, connection.device_id) if is_office else PlainCodec()
                at = SpaceAt(
                    name=space.name,
                    kind=space.kind,
                    codec=codec,
                    device_id=connection.device_id,
                    device_label=connection.device_label,
                    carrier_id=connection.carrier_id,
                    counter=connection.counter,
                    current_key=keys.current if is_office else None,
                    role=role,
                )
                found.append((space, at))
        return found


def _not_a_member() -> UserError:
    return UserError(
        tr(
            "Der Austausch über einen Stick geht zwischen Rechnern, die schon einmal verbunden und in Ihr Büro aufgenommen "
            "waren. Bitte verbinden Sie diesen Rechner zuerst mit dem Abgleich-Server."
        )
    )


def _writing_problem(folder: Path, error: OSError) -> EnvironmentProblem:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return EnvironmentProblem(
            tr(
                "Es wurde nichts ausgegeben: Auf „{folder}“ ist kein Platz mehr. Bitte schaffen Sie dort Platz oder nehmen Sie "
                "einen anderen Stick.",
                folder=folder,
            )
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return EnvironmentProblem(
            tr(
                "Es wurde nichts ausgegeben: Auf „{folder}“ darf nicht geschrieben werden. Bitte prüfen Sie den Schreibschutz "
                "des Sticks oder wählen Sie einen anderen Ordner.",
                folder=folder,
            )
        )
    return EnvironmentProblem(
        tr(
            "Es wurde nichts ausgegeben: „{folder}“ ist nicht mehr erreichbar. Bitte prüfen Sie, ob der Stick eingesteckt ist, "
            "und versuchen Sie es noch einmal.",
            folder=folder,
        )
    )
