"""The import of a directory: read, check, compare, and write one organisation after the other."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

from desktop_app.core.actor import Actor
from desktop_app.core.clock import to_text
from desktop_app.core.progress import Cancelled, NoProgress, Progress
from desktop_app.core.translation import tr
from desktop_app.directory.hsds.bundles import Bundle, make_bundles
from desktop_app.directory.hsds.comparing import Comparison, KnownBundle, Plan, known_bundles, known_ids, record_name
from desktop_app.directory.hsds.reading import read_source
from desktop_app.directory.hsds.source import SourcePackage
from desktop_app.directory.records import DirectoryChanged, ImportCounts, ImportReport, Severity
from desktop_app.directory.search_index import index_services
from desktop_app.directory.tables import HSDS_TABLES, ImportBundle, ImportRun
from desktop_app.directory.topic_guesses import guess_topics
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork

_ACTION = "import_directory"
#: An organisation of the same source that is absent is only reported if at least this share is there:
#: a single service is no list of all.
_LIST_SHARE = 0.5


class DirectoryImporter:
    """Brings a directory in HSDS 3.x into the database."""

    def __init__(self, store: Store) -> None:
        """Import into `store`."""
        self._store = store

    def import_directory(
        self, actor: Actor, path: Path, *, dry_run: bool = False, progress: Progress | None = None
    ) -> ImportReport:
        """Import a folder, a .zip or a .json, or only say what would happen.

        Every organisation with its services is written whole or not at all. A cancelled import keeps
        the organisations that were finished; the report says so.

        Raises:
            UserError: nothing in the source can be read as HSDS.
            EnvironmentProblem: the disk refuses.
        """
        return _ImportJob(self._store, actor, path, dry_run=dry_run, progress=progress or NoProgress()).run()


class _ImportJob:
    """One run of an import."""

    def __init__(self, store: Store, actor: Actor, path: Path, *, dry_run: bool, progress: Progress) -> None:
        self._store = store
        self._actor = actor
        self._path = path
        self._dry_run = dry_run
        self._progress = progress
        self._started_at = to_text(store.clock.now())
        self._begun = time.perf_counter()
        self._counts: dict[str, Counter[str]] = {}
        self._changed_organizations: list[str] = []
        self._changed_services: list[str] = []
        self._cancelled = False

    def run(self) -> ImportReport:
        package: SourcePackage | None = None
        try:
            self._progress.step(0, 0, tr("Die Quelle wird gelesen …"))
            package = read_source(self._path)
            self._progress.step(0, 0, tr("Die Einträge werden geprüft …"))
            bundles = make_bundles(package, lambda object_type, ids: known_ids(self._store, object_type, ids))
            known = known_bundles(self._store)
            source_id = self._source_id(bundles, known)
            is_list = self._report_missing_organizations(package, bundles, known, source_id)
            self._work_through(package, bundles, known, source_id, is_list=is_list)
        except Cancelled:
            self._cancelled = True
        self._record_run(package)
        return self._report(package)

    def _work_through(
        self,
        package: SourcePackage,
        bundles: list[Bundle],
        known: dict[str, KnownBundle],
        source_id: str,
        *,
        is_list: bool,
    ) -> None:
        comparison = Comparison(self._store, package, known)
        for done, bundle in enumerate(bundles):
            self._progress.step(done, len(bundles), bundle.name)
            if bundle.rejected:
                for row in bundle.rows:
                    self._count(row.object_type, "rejected")
                continue
            plan = comparison.plan(bundle)
            if plan.changes_anything and not self._dry_run:
                self._write(plan, source_id)
            self._tally(package, plan, is_list=is_list)
        self._progress.step(len(bundles), len(bundles), tr("Fertig."))

    # Writing ---------------------------------------------------------------------------------------

    def _write(self, plan: Plan, source_id: str) -> None:
        organization_id = plan.bundle.organization_id
        with self._store.unit_of_work(self._actor, _ACTION, ("organization", organization_id)) as unit:
            # In the order of the schema: an organisation before its services.
            for object_type, table in HSDS_TABLES.items():
                unit.insert_many(table, plan.inserts.get(object_type, ()))
            for object_type, record_id, changes in plan.updates:
                unit.update(HSDS_TABLES[object_type], record_id, changes)
            for object_type, record_id, _ in plan.removals:
                unit.delete(HSDS_TABLES[object_type], record_id)
            services = self._services_of(unit, plan)
            guess_topics(unit, services)
            index_services(unit, services)
            bundle_row = {
                "source_id": source_id,
                "fingerprint": plan.fingerprint,
                "row_hashes": json.dumps(plan.row_hashes(), sort_keys=True),
            }
            unit.delete(ImportBundle, organization_id)
            unit.insert(ImportBundle, {"organization_id": organization_id, **bundle_row})
        if organization_id:
            self._changed_organizations.append(organization_id)
        self._changed_services.extend(services)

    @staticmethod
    def _services_of(unit: UnitOfWork, plan: Plan) -> list[str]:
        """Return all services whose line in a result list may read differently now."""
        ids = {row.id for row in plan.bundle.rows if row.object_type == "service"}
        places = [row.id for row in plan.bundle.rows if row.object_type == "location"]
        ids.update(
            service_id
            for (service_id,) in unit.sql(
                "SELECT id FROM service WHERE organization_id = ? UNION SELECT service_id FROM service_at_location "
                "WHERE location_id IN (SELECT value FROM json_each(?)) AND service_id IN (SELECT id FROM service)",
                (plan.bundle.organization_id, json.dumps(places)),
            )
        )
        return sorted(ids)

    def _record_run(self, package: SourcePackage | None) -> None:
        """Note the run and tell the screens, if anything was written."""
        if package is None or not (self._changed_organizations or self._changed_services):
            return
        run_id = self._store.ids.new_id()
        with self._store.unit_of_work(self._actor, _ACTION, ("import_run", run_id)) as unit:
            unit.insert(
                ImportRun,
                {
                    "id": run_id,
                    "source": package.name,
                    "kind": package.kind,
                    "fingerprint": package.fingerprint,
                    "started_at": self._started_at,
                    "finished_at": to_text(self._store.clock.now()),
                    "account_id": self._actor.account_id,
                    "counts": json.dumps(self._counts, sort_keys=True),
                    "problems": len(package.findings.all()) + package.findings.left_out,
                },
            )
            unit.notify(DirectoryChanged(tuple(self._changed_organizations), tuple(self._changed_services)))

    # Telling ---------------------------------------------------------------------------------------

    def _source_id(self, bundles: list[Bundle], known: dict[str, KnownBundle]) -> str:
        """Return the id of the source these organisations came from before, or a new one."""
        before = Counter(
            known[bundle.organization_id].source_id
            for bundle in bundles
            if bundle.organization_id and bundle.organization_id in known
        )
        return before.most_common(1)[0][0] if before else self._store.ids.new_id()

    def _report_missing_organizations(
        self, package: SourcePackage, bundles: list[Bundle], known: dict[str, KnownBundle], source_id: str
    ) -> bool:
        """Report organisations this source had before; return whether it looks like a list of all."""
        present = {bundle.organization_id for bundle in bundles}
        before = {key for key, bundle in known.items() if key and bundle.source_id == source_id}
        if package.partial or not before or len(before & present) < _LIST_SHARE * len(before):
            return False
        for organization_id in sorted(before - present):
            for object_type, record_id in (
                ("organization", organization_id),
                *(("service", service_id) for service_id in known[organization_id].row_hashes.get("service", ())),
            ):
                self._report_missing(package, object_type, record_id)
        return True

    def _report_missing(self, package: SourcePackage, object_type: str, record_id: str) -> None:
        name = record_name(self._store, object_type, record_id)
        self._count(object_type, "missing")
        package.findings.add(
            Severity.NOTE,
            file=package.name,
            field="id",
            value=record_id,
            what=tr("„{name}“ steht nicht mehr in der Quelle.", name=name or record_id),
            why=tr("Ein früherer Import dieser Quelle hat den Eintrag gebracht."),
            action=tr("Nichts gelöscht. Bitte prüfen Sie, ob es das Angebot noch gibt."),
        )

    def _tally(self, package: SourcePackage, plan: Plan, *, is_list: bool) -> None:
        for object_type, rows in plan.inserts.items():
            self._count(object_type, "new", len(rows))
        for object_type, _, _ in plan.updates:
            self._count(object_type, "changed")
        for object_type, count in plan.unchanged.items():
            self._count(object_type, "unchanged", count)
        for object_type, record_id, row in plan.removals:
            self._count(object_type, "removed")
            package.findings.add(
                Severity.NOTE,
                file=package.name,
                field="id",
                value=str(row.get("number") or row.get("description") or row.get("name") or record_id),
                what=tr("Eine Einzelheit steht nicht mehr in der Quelle ({kind}).", kind=object_type),
                why=tr("Die Quelle zählt bei „{name}“ alle auf, diese nicht mehr.", name=plan.bundle.name),
                action=tr("Entfernt."),
            )
        if is_list:
            for object_type, record_id in plan.vanished:
                self._report_missing(package, object_type, record_id)

    def _count(self, object_type: str, what: str, count: int = 1) -> None:
        self._counts.setdefault(object_type, Counter())[what] += count

    def _report(self, package: SourcePackage | None) -> ImportReport:
        order = [object_type for object_type in HSDS_TABLES if object_type in self._counts]
        return ImportReport(
            source=package.name if package else self._path.name,
            kind=package.kind if package else "",
            dry_run=self._dry_run,
            fingerprint=package.fingerprint if package else "",
            started_at=self._started_at,
            seconds=time.perf_counter() - self._begun,
            counts={object_type: ImportCounts(**self._counts[object_type]) for object_type in order},
            problems=package.findings.all() if package else (),
            problems_left_out=package.findings.left_out if package else 0,
            cancelled=self._cancelled,
        )
