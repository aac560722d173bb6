"""Reads of the directory: search, one service in full, counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr
from desktop_app.directory.hit_reasons import explain
from desktop_app.directory.records import DirectoryCounts, ServiceHit, ServiceRecord, VerificationRecord
from desktop_app.directory.search import ServiceSearch, Texts, texts_sql, verified_sql
from desktop_app.directory.service_records import ServiceRecordReader
from desktop_app.storage.store import Store

_DEFAULT_LIMIT = 20


class DirectoryQueries:
    """What screens, paper and the command line read; safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store
        self._search = ServiceSearch(store)
        self._records = ServiceRecordReader(store)

    def warm_up(self) -> None:
        """Load what the first search would wait for (about 50 ms); meant for an idle moment after the start."""
        self._search.warm_up()

    def search(
        self, text: str, limit: int = _DEFAULT_LIMIT, topics: Collection[str] = (), area: str = ""
    ) -> list[ServiceHit]:
        """Return the services that fit what was typed, the best first.

        Without text, the first services by name. `topics` are codes of which one must fit; `area` is a
        postal code, town, district or street that the place must have.
        """
        found = self._search.find(text, limit, topics, area)
        if not found:
            return []
        ids = [hit.service_id for hit in found]
        verified = {
            service_id: VerificationRecord.from_row(verified_on, how, by)
            for service_id, verified_on, how, by in self._store.sql_at_once(4, *verified_sql(ids))
        }
        texts = (
            {row[0]: Texts(*row[1:]) for row in self._store.sql_at_once(4, *texts_sql(ids))} if found[0].matched else {}
        )
        return [explain(hit, texts.get(hit.service_id, Texts()), verified.get(hit.service_id)) for hit in found]

    def service(self, service_id: str) -> ServiceRecord:
        """Return one service in full.

        Raises:
            UserError: there is no such service.
        """
        records = self._records.read([service_id])
        if not records:
            raise UserError(
                tr(
                    "Das Angebot „{service_id}“ gibt es im Verzeichnis nicht. Bitte suchen Sie es über seinen Namen.",
                    service_id=service_id,
                )
            )
        return records[0]

    def services_by_ids(self, service_ids: Sequence[str]) -> list[ServiceRecord]:
        """Return these services in full, in this order; ids that are unknown are left out."""
        return self._records.read(service_ids)

    def count(self) -> DirectoryCounts:
        """Return how many organisations and services the directory has, without withdrawn ones."""
        organizations, services = self._store.sql(
            "SELECT (SELECT count(*) FROM organization WHERE withdrawn_at IS NULL), "
            "(SELECT count(*) FROM service WHERE withdrawn_at IS NULL)"
        )[0]
        return DirectoryCounts(organizations=organizations, services=services)
