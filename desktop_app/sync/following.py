"""What follows from applied records: search index, search keys, numbers of histories, and repairs where two desks crossed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desktop_app.access.records import AccountsChanged
from desktop_app.directory.records import DirectoryChanged
from desktop_app.directory.search_index import index_services
from desktop_app.directory.topic_guesses import guess_topics
from desktop_app.retention.records import RetentionChanged
from desktop_app.settings.records import OfficeChanged
from desktop_app.settings.tables import SettingTable
from desktop_app.visitors.records import VisitorsChanged
from desktop_app.visitors.rows import renew_keys
from desktop_app.visitors.tables import ConsentTable, ContactLinkTable, VisitorTable

if TYPE_CHECKING:
    from desktop_app.core.actor import Actor
    from desktop_app.storage.store import Store
    from desktop_app.storage.unit_of_work import UnitOfWork
    from desktop_app.sync.writing import Writer

_CLEAN_UP = "retention.clean_up"  # read by `RetentionService.needs_clean_up`
_TOPICS_GUESSED = "directory.topics_guessed"
_PIECE = 20  # services in one transaction: nobody who saves meanwhile waits for all of them
_FAR = 1_000_000
_TOUCHED_SERVICES = """
SELECT id FROM service WHERE organization_id IN (SELECT value FROM json_each(?))
UNION SELECT service_id FROM service_at_location
 WHERE location_id IN (SELECT value FROM json_each(?)) AND service_id IN (SELECT id FROM service)
UNION SELECT id FROM service WHERE id IN (SELECT value FROM json_each(?))
"""


def follow_up(store: Store, unit: UnitOfWork, writer: Writer) -> None:
    """Bring everything up to date that hangs on what was written."""
    if writer.services or writer.organizations or writer.places:
        _renew_search(unit, writer)
    for contact_id in sorted(writer.histories):
        _number_history(unit, contact_id)
    if writer.visitors:
        _follow_visitors(store, unit, writer.visitors)
    if writer.touched & {"social_space", "contact"}:
        _join_social_spaces(unit)
    if writer.touched & {"office", "social_space", "topic"}:
        unit.notify(OfficeChanged())
    if "account" in writer.touched:
        unit.notify(AccountsChanged(""))


def note_clean_up(unit: UnitOfWork) -> None:
    """Remember that the file is to be rewritten, for something was erased by another desk."""
    unit.delete(SettingTable, _CLEAN_UP)
    unit.insert(SettingTable, {"name": _CLEAN_UP, "value": "true"})
    unit.notify(RetentionChanged())


def guess_topics_once(store: Store, actor: Actor) -> None:
    """Give topics to services that came here when desks did not guess any for them; done once, later ones get theirs at once."""
    if store.sql("SELECT 1 FROM setting WHERE name = ?", (_TOPICS_GUESSED,)):
        return
    rows = store.sql("SELECT id FROM service WHERE id NOT IN (SELECT service_id FROM service_topic) ORDER BY id")
    services = [row[0] for row in rows]
    for start in range(0, len(services), _PIECE):
        piece = services[start : start + _PIECE]
        with store.unit_of_work(actor, "sync_topics", None, from_outside=True) as unit:
            guess_topics(unit, piece)
            index_services(unit, piece)
            unit.notify(DirectoryChanged((), tuple(piece)))
    with store.unit_of_work(actor, "sync_topics", None) as unit:
        unit.delete(SettingTable, _TOPICS_GUESSED)
        unit.insert(SettingTable, {"name": _TOPICS_GUESSED, "value": "true"})


def _renew_search(unit: UnitOfWork, writer: Writer) -> None:
    wanted = (
        json.dumps(sorted(writer.organizations)),
        json.dumps(sorted(writer.places)),
        json.dumps(sorted(writer.services)),
    )
    services = sorted(row[0] for row in unit.sql(_TOUCHED_SERVICES, wanted))
    guess_topics(unit, writer.described)
    index_services(unit, services)
    unit.notify(DirectoryChanged(tuple(sorted(writer.organizations)), tuple(services)))


def _number_history(unit: UnitOfWork, contact_id: str) -> None:
    """Number the former states of a contact in the order of what happened; each desk counts the same way."""
    rows = unit.sql("SELECT id, revision FROM contact_revision WHERE contact_id = ? ORDER BY at, id", (contact_id,))
    if [row[1] for row in rows] != list(range(1, len(rows) + 1)):
        unit.derived("UPDATE contact_revision SET revision = revision + ? WHERE contact_id = ?", (_FAR, contact_id))
        numbered = [(number, row[0]) for number, row in enumerate(rows, start=1)]
        unit.derived_many("UPDATE contact_revision SET revision = ? WHERE id = ?", numbered)
    unit.derived("UPDATE contact SET revision = max(revision, ?) WHERE id = ?", (len(rows) + 1, contact_id))


def _follow_visitors(store: Store, unit: UnitOfWork, visitor_ids: set[str]) -> None:
    roots = dict.fromkeys(visitor_ids, "")
    for visitor_id in sorted(visitor_ids):
        root = _root(unit, visitor_id)
        if root is None:
            continue
        roots[visitor_id] = root
        if root != visitor_id:
            _move_to_root(unit, visitor_id, root)
    for visitor_id, root in roots.items():
        if root and root != visitor_id:
            unit.derived("DELETE FROM visitor_key WHERE visitor_id = ?", (visitor_id,))
        unit.notify(VisitorsChanged(visitor_id))
    for root in sorted({root for root in roots.values() if root}):
        renew_keys(unit, store.ids, root)


def _root(unit: UnitOfWork, visitor_id: str) -> str | None:
    """Return the file that stands for a file; two desks may have merged the same files either way round."""
    way = [visitor_id]
    while True:
        rows = unit.sql("SELECT merged_into FROM visitor WHERE id = ?", (way[-1],))
        if not rows:
            return None
        target = rows[0][0]
        if target is None:
            return way[-1]
        if target in way:
            root = min(way[way.index(target) :])
            with unit.own_changes():
                unit.update(VisitorTable, root, {"merged_into": None})
            return root
        way.append(target)


def _move_to_root(unit: UnitOfWork, visitor_id: str, root: str) -> None:
    """What another desk still added to a file that had gone into another one belongs to that one."""
    with unit.own_changes():
        if unit.sql("SELECT 1 FROM visitor WHERE id = ? AND merged_into <> ?", (visitor_id, root)):
            unit.update(VisitorTable, visitor_id, {"merged_into": root})
        for (consent_id,) in unit.sql("SELECT id FROM visitor_consent WHERE visitor_id = ?", (visitor_id,)):
            unit.update(ConsentTable, consent_id, {"visitor_id": root})
        for (contact_id,) in unit.sql("SELECT contact_id FROM contact_visitor WHERE visitor_id = ?", (visitor_id,)):
            unit.update(ContactLinkTable, contact_id, {"visitor_id": root})


def _join_social_spaces(unit: UnitOfWork) -> None:
    """Two desks named the same social space before they met: contacts go to the one with the lower id."""
    rows = unit.sql("SELECT id, name FROM social_space ORDER BY id")
    first: dict[str, str] = {}
    for space_id, name in rows:
        kept = first.setdefault(str(name).strip().casefold(), space_id)
        if kept == space_id:
            continue
        with unit.own_changes():
            if unit.sql("SELECT 1 FROM social_space WHERE id = ? AND active = 1", (space_id,)):
                _retire_space(unit, space_id, kept)
            for (contact_id,) in unit.sql("SELECT id FROM contact WHERE social_space = ?", (space_id,)):
                unit.derived("UPDATE contact SET social_space = ? WHERE id = ?", (kept, contact_id))
                unit.tell("contact", contact_id)
        unit.derived(
            "UPDATE contact_revision SET snapshot = replace(snapshot, ?, ?) WHERE instr(snapshot, ?)",
            (space_id, kept, space_id),
        )


def _retire_space(unit: UnitOfWork, space_id: str, kept: str) -> None:
    ((active,),) = unit.sql("SELECT active FROM social_space WHERE id = ?", (kept,))
    unit.derived("UPDATE social_space SET active = 0 WHERE id = ?", (space_id,))
    unit.tell("social_space", space_id)
    if not active:
        unit.derived("UPDATE social_space SET active = 1 WHERE id = ?", (kept,))
        unit.tell("social_space", kept)
