"""Putting the flat rows together: ids, duplicates, links, and what belongs to which organisation."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from desktop_app.core.translation import tr
from desktop_app.directory.hsds.identity import ORIGINALS, adopt_ids, link_targets
from desktop_app.directory.hsds.schema import object_types
from desktop_app.directory.hsds.source import SourcePackage, SourceRow
from desktop_app.directory.hsds.validation import check_row
from desktop_app.directory.records import Severity

#: In which order the links of a row are asked whose it is.
_OWNER_LINKS = (
    "service_id", "service_at_location_id", "organization_id", "location_id", "contact_id", "phone_id", "program_id",
    "link_id", "resource_id",
)  # fmt: skip
_SHARED_TYPES = frozenset({"taxonomy", "taxonomy_term", "unit", "meta_table_description"})
_LONGEST_CHAIN = 6

KnownIds = Callable[[str, Collection[str]], set[str]]
"""Answers which of these ids of an object type are in the directory already."""


@dataclass(slots=True)
class Bundle:
    """An organisation with all that belongs to it; with an empty id, what belongs to none."""

    organization_id: str
    rows: list[SourceRow] = field(default_factory=list)
    rejected: bool = False

    @property
    def name(self) -> str:
        """The organisation's name for progress and reports."""
        for row in self.rows:
            if row.object_type == "organization":
                return row.values.get("name") or ""
        return ""

    def hashes(self) -> dict[str, dict[str, str]]:
        """Return object type to id to hash of the row."""
        result: dict[str, dict[str, str]] = {}
        for row in self.rows:
            result.setdefault(row.object_type, {})[row.id] = row_hash(row.values, row.extra)
        return result


def row_hash(values: Mapping[str, str | None], extra: Mapping[str, object]) -> str:
    """Return a short hash of what a row says."""
    told = json.dumps([sorted((key, value) for key, value in values.items() if value), extra], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def bundle_fingerprint(hashes: Mapping[str, Mapping[str, str]]) -> str:
    """Return one hash over all rows of a bundle."""
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()


def make_bundles(package: SourcePackage, known_ids: KnownIds) -> list[Bundle]:
    """Check all rows and return them by organisation; what belongs to none comes first."""
    return _BundleMaker(package, known_ids).make()


class _BundleMaker:
    """One pass over a package."""

    def __init__(self, package: SourcePackage, known_ids: KnownIds) -> None:
        self._package = package
        self._findings = package.findings
        self._known_ids = known_ids
        self._rows: dict[str, dict[str, SourceRow]] = {name: {} for name in object_types()}
        self._unusable: set[tuple[str, str]] = set()
        self._known: dict[str, set[str]] = {}

    def make(self) -> list[Bundle]:
        for object_type in object_types():
            self._collect(object_type)
        self._report_made_ids()
        for rows in self._rows.values():
            for row in rows.values():
                if not check_row(row, self._findings):
                    self._unusable.add((row.object_type, row.id))
        self._look_up_links()
        self._give_locations_their_organization()
        homeless = self._homeless_services()
        self._report_broken_links()
        return self._assemble(homeless)

    # One row per id --------------------------------------------------------------------------------

    def _collect(self, object_type: str) -> None:
        collected = self._rows[object_type]
        for row in self._package.rows.get(object_type, ()):
            adopt_ids(row)
            first = collected.setdefault(row.id, row)
            if first is not row:
                self._merge(first, row)

    def _merge(self, first: SourceRow, other: SourceRow) -> None:
        """Join what comes twice: parts of one truth in a document, a mistake in a table."""
        conflicts = [
            column
            for column, value in other.values.items()
            if value and first.values.get(column) and first.values[column] != value
        ]
        if self._package.nested:
            for column, value in other.values.items():
                if not first.values.get(column):
                    first.values[column] = value
            first.extra = other.extra | first.extra
        elif not conflicts and first.values == other.values:
            self._findings.add(
                Severity.NOTE,
                file=other.file,
                row=other.row,
                field="id",
                value=other.id,
                what=tr("Der Eintrag steht zweimal gleich in der Datei."),
                why=tr("Zuerst in Zeile {row}.", row=first.row),
                action=tr("Einmal übernommen."),
            )
            return
        else:
            conflicts = conflicts or ["id"]
        links = object_types()[first.object_type].links
        for column in conflicts:
            self._findings.add(
                Severity.WARNING,
                file=other.file,
                row=other.row,
                field=column,
                value=other.values.get(column) or "",
                what=tr("Dieselbe Kennung kommt mit verschiedenen Angaben vor."),
                why=(
                    tr("Der Eintrag hängt an mehreren Stellen; HSDS sieht dafür nur ein Feld vor.")
                    if column in links
                    else tr("Zuerst in Zeile {row}. Jede Kennung darf nur einmal vergeben sein.", row=first.row)
                ),
                action=tr("Die erste Angabe gilt."),
            )

    def _report_made_ids(self) -> None:
        foreign: Counter[str] = Counter()
        examples: dict[str, SourceRow] = {}
        for rows in self._rows.values():
            for row in rows.values():
                originals = row.extra.get(ORIGINALS)
                if isinstance(originals, dict) and "id" in originals:
                    foreign[row.file] += 1
                    examples.setdefault(row.file, row)
                if row.made_id:
                    self._findings.add(
                        Severity.WARNING,
                        file=row.file,
                        row=row.row,
                        field="id",
                        what=tr("Das Pflichtfeld „{name}“ ist leer.", name="id"),
                        why=tr("HSDS verlangt einen Wert."),
                        action=tr("Eine feste Kennung aus dem Inhalt gebildet."),
                    )
        for file, count in foreign.items():
            row = examples[file]
            originals = row.extra[ORIGINALS]
            self._findings.add(
                Severity.NOTE,
                file=file,
                row=row.row,
                field="id",
                value=originals["id"] if isinstance(originals, dict) else "",
                what=tr("{count} Kennungen sind keine UUID.", count=count),
                why=tr("HSDS verlangt UUIDs; gezeigt ist die erste andere."),
                action=tr("Feste UUIDs daraus gebildet, die Kennungen der Quelle dazugeschrieben."),
            )

    # Links -----------------------------------------------------------------------------------------

    def _look_up_links(self) -> None:
        """Ask the directory once per type for what the source points to but does not hold."""
        wanted: dict[str, set[str]] = {}
        for rows in self._rows.values():
            for row in rows.values():
                for column, target in link_targets(row).items():
                    linked = row.values[column] or ""
                    if target and linked not in self._rows[target]:
                        wanted.setdefault(target, set()).add(linked)
        self._known = {target: self._known_ids(target, ids) for target, ids in wanted.items()}

    def _exists(self, target: str, record: str) -> bool:
        return record in self._rows[target] or record in self._known.get(target, ())

    def _give_locations_their_organization(self) -> None:
        """A place without organisation belongs to that of the first service given there.

        JSON leaves the column out where CSV has it; both then say the same.
        """
        services = self._rows["service"]
        for link in sorted(self._rows["service_at_location"].values(), key=lambda row: row.id):
            location = self._rows["location"].get(link.values.get("location_id") or "")
            service = services.get(link.values.get("service_id") or "")
            if location is not None and service is not None and not location.values.get("organization_id"):
                location.values["organization_id"] = service.values.get("organization_id")

    def _homeless_services(self) -> set[str]:
        homeless = set()
        for row in self._rows["service"].values():
            organization_id = row.values.get("organization_id") or ""
            if organization_id and self._exists("organization", organization_id):
                continue
            homeless.add(row.id)
            self._findings.add(
                Severity.ERROR,
                file=row.file,
                row=row.row,
                field="organization_id",
                value=organization_id,
                what=tr("Der Träger des Angebots „{name}“ ist unbekannt.", name=row.values.get("name") or ""),
                why=tr("Er steht weder in der Quelle noch im Verzeichnis."),
                action=tr("Das Angebot wurde nicht übernommen."),
            )
        return homeless

    def _report_broken_links(self) -> None:
        for rows in self._rows.values():
            for row in rows.values():
                for column, target in link_targets(row).items():
                    linked = row.values[column] or ""
                    if (row.object_type, column) == ("service", "organization_id"):
                        continue
                    if not (self._exists(target, linked) if target else self._row_of_any_type(linked)):
                        self._findings.add(
                            Severity.WARNING,
                            file=row.file,
                            row=row.row,
                            field=column,
                            value=linked,
                            what=tr("Der Verweis „{column}“ führt ins Leere.", column=column),
                            why=tr("Den Eintrag, auf den er zeigt, gibt es weder in der Quelle noch im Verzeichnis."),
                            action=tr("Unverändert übernommen."),
                        )

    def _row_of_any_type(self, record: str) -> SourceRow | None:
        for rows in self._rows.values():
            if record in rows:
                return rows[record]
        return None

    # Bundles ---------------------------------------------------------------------------------------

    def _assemble(self, homeless: set[str]) -> list[Bundle]:
        bundles = {"": Bundle("")}
        for organization_id in self._rows["organization"]:
            bundles[organization_id] = Bundle(organization_id)
        for rows in self._rows.values():
            for row in rows.values():
                if row.object_type == "service" and row.id in homeless:
                    continue
                owner = self._owner(row)
                bundle = bundles.setdefault(owner, Bundle(owner))
                bundle.rows.append(row)
                bundle.rejected = bundle.rejected or (row.object_type, row.id) in self._unusable
        return [bundle for bundle in bundles.values() if bundle.rows]

    def _owner(self, row: SourceRow) -> str:
        """Return the organisation a row belongs to, or an empty id."""
        current: SourceRow | None = row
        for _ in range(_LONGEST_CHAIN):
            if current is None or current.object_type in _SHARED_TYPES:
                return ""
            if current.object_type == "organization":
                return current.id
            current, owner = self._step_up(current)
            if owner:
                return owner
        return ""

    def _step_up(self, row: SourceRow) -> tuple[SourceRow | None, str]:
        """Follow the first link that leads somewhere; or name an organisation that only the directory knows."""
        targets = link_targets(row)
        for column in _OWNER_LINKS:
            if column not in targets:
                continue
            linked = row.values[column] or ""
            target = targets[column]
            found = self._rows[target].get(linked) if target else self._row_of_any_type(linked)
            if found is not None:
                return found, ""
            if target == "organization" and linked in self._known.get(target, ()):
                return None, linked
        return None, ""
