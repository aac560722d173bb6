"""Commands on the directory. A check with the provider is an act of its own: never an edit, never an import."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from desktop_app.core.actor import Actor
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.directory.records import DirectoryChanged, ImportReport
from desktop_app.directory.tables import Service, ServiceVerification
from desktop_app.storage.store import Store

_LONGEST_HOW = 200


class DirectoryService:
    """Brings in directories of others and records what people find out about services."""

    def __init__(self, store: Store) -> None:
        """Work on `store`."""
        self._store = store

    def import_directory(
        self, actor: Actor, path: Path, *, dry_run: bool = False, progress: Progress | None = None
    ) -> ImportReport:
        """Import a folder, a .zip or a .json in HSDS 3.x, see `hsds.importer.DirectoryImporter`."""
        # Loaded here: an import is seldom, and its readers are many.
        from desktop_app.directory.hsds.importer import DirectoryImporter

        return DirectoryImporter(self._store).import_directory(actor, path, dry_run=dry_run, progress=progress)

    def confirm_verified(self, actor: Actor, service_id: str, how: str, verified_on: date | None = None) -> str:
        """Note that a service was checked with its provider, today or on an earlier day; return the note's id.

        `how` is a word or two: „telefonisch“, „per E-Mail“, „vor Ort“, „Prüfbogen“.

        Raises:
            InputError: `how` is empty or too long, or the day lies in the future.
            UserError: there is no such service.
        """
        way = " ".join(how.split())
        today = self._store.clock.today()
        day = verified_on or today
        if not way or len(way) > _LONGEST_HOW:
            raise InputError(
                "how", tr("Bitte sagen Sie mit wenigen Worten, wie geprüft wurde, zum Beispiel „telefonisch“.")
            )
        if day > today:
            raise InputError("verified_on", tr("Der Tag der Prüfung liegt in der Zukunft. Bitte prüfen Sie das Datum."))
        verification_id = self._store.ids.new_id()
        with self._store.unit_of_work(actor, "verify_service", ("service", service_id)) as unit:
            if unit.first(Service.select(Service.id).where(Service.id == service_id)) is None:
                raise UserError(tr("Dieses Angebot gibt es im Verzeichnis nicht mehr."))
            unit.insert(
                ServiceVerification,
                {
                    "id": verification_id,
                    "service_id": service_id,
                    "verified_on": day.isoformat(),
                    "how": way,
                    "verified_by": actor.display_name,
                },
            )
            unit.notify(DirectoryChanged(service_ids=(service_id,)))
        return verification_id

    def take_back_verification(self, actor: Actor, verification_id: str) -> None:
        """Undo `confirm_verified`; one that is gone already is no error."""
        row = self._store.first(ServiceVerification.select().where(ServiceVerification.id == verification_id))
        if row is None:
            return
        with self._store.unit_of_work(actor, "take_back_verification", ("service", row["service_id"])) as unit:
            unit.delete(ServiceVerification, verification_id)
            unit.notify(DirectoryChanged(service_ids=(row["service_id"],)))
