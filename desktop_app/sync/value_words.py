"""Values of fields as people read them, for the inbox of conflicts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from desktop_app.access.wording import role_label
from desktop_app.contacts.vocabulary import (
    Channel,
    Depth,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    TallyKind,
    UnmetReason,
    answer_label,
)
from desktop_app.core.clock import from_text, office_zone
from desktop_app.core.permissions import Role
from desktop_app.core.translation import tr
from desktop_app.settings.records import LegalProfile
from desktop_app.sync.documents import Reader
from desktop_app.visitors.records import ConsentKind

_FACTS = frozenset(fact.value for fact in Fact)
#: by what a whole entry is known, the telling fields first
_TELLING = ("name", "result", "unmet_reason", "mode", "state", "number", "remark", "verified_on", "text")


def value_text(reader: Reader, collection: str, field: str, text: str | None) -> str:
    """Return a value as people read it, whole; empty when there is none. A code nobody knows (any more) is shown as it is."""
    return _shown(reader, collection, field.rpartition("/")[2], json.loads(text) if text else None)


def day_text(value: object) -> str:
    """Return a day or a moment as people read it; empty for anything else."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).strftime("%d.%m.%Y")
        except ValueError:
            pass
        try:
            return from_text(value).astimezone(office_zone()).strftime("%d.%m.%Y, %H:%M")
        except ValueError:
            pass
    return ""


def _shown(reader: Reader, collection: str, name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        return _entry(reader, collection, name, value)
    if name in {"active", "withdrawn"}:
        return tr("ja") if value else tr("nein")
    named = _words(collection, name)
    if named is not None:
        try:
            return named(value)
        except ValueError:
            return str(value)
    return _by_reference(reader, collection, name, value) or day_text(value) or str(value)


def _words(collection: str, name: str) -> Callable[[Any], str] | None:
    """Return how the codes of a field are told, None where it has none."""
    if collection == "contact" and name in _FACTS and name != Fact.SOCIAL_SPACE:
        return lambda code: answer_label(Fact(name), str(code))
    told: Mapping[tuple[str, str], Callable[[Any], str]] = {
        ("contact", "channel"): lambda code: Channel(code).label,
        ("contact", "depth"): lambda code: Depth(code).label,
        ("contact", "result"): lambda code: Result(code).label,
        ("contact", "unmet_reason"): lambda code: UnmetReason(code).label,
        ("contact", "mode"): lambda code: ReferralMode(code).label,
        ("contact", "state"): lambda code: ReferralState(code).label,
        ("tally_mark", "kind"): lambda code: TallyKind(code).label,
        ("visitor_consent", "kind"): lambda code: ConsentKind(code).label,
        ("account", "role"): lambda code: role_label(Role(code)),
        ("office", "legal_profile"): lambda code: LegalProfile(code).label,
        ("service", "status"): _service_status,
        ("schedule", "byday"): _weekdays,
    }
    return told.get((collection, name))


def _by_reference(reader: Reader, collection: str, name: str, value: Any) -> str:
    """Return the name of what a field points at; empty where it points at nothing or what it pointed at has no name."""
    where = {
        "social_space": ("social_space", "id", "name"),
        "service_id": ("service", "id", "name"),
        "organization_id": ("organization", "id", "name"),
        "location_id": ("location", "id", "name"),
        "account_id": ("account", "id", "display_name"),
        "topic": ("topic", "code", "name"),
    }.get(name)
    if name in {"merged_into", "visitor_id", "kept_id", "merged_id"}:
        rows = reader.sql("SELECT name FROM visitor WHERE id = ?", (value,))
        return str(rows[0][0]) if rows else tr("gelöscht")
    if where is None:
        return ""
    table, key, column = where
    rows = reader.sql(f'SELECT "{column}" FROM "{table}" WHERE "{key}" = ?', (value,))  # noqa: S608 - our own names
    if rows:
        return str(rows[0][0] or "")
    return answer_label(Fact.SOCIAL_SPACE, str(value)) if (collection, name) == ("contact", "social_space") else ""


def _entry(reader: Reader, collection: str, name: str, value: Mapping[str, Any]) -> str:
    if name == "note":
        return str(value.get("text", ""))
    if name == "link":
        return _shown(reader, collection, "visitor_id", value.get("visitor_id")) or tr("Besuchskarte")
    told = [_shown(reader, collection, part, value.get(part)) for part in _TELLING]
    return ", ".join(word for word in told if word) or tr("vorhanden")


def _service_status(code: Any) -> str:
    return {
        "active": tr("besteht"),
        "inactive": tr("ruht"),
        "defunct": tr("eingestellt"),
        "temporarily closed": tr("vorübergehend geschlossen"),
    }.get(str(code), str(code))


def _weekdays(codes: Any) -> str:
    days = {"MO": "Mo", "TU": "Di", "WE": "Mi", "TH": "Do", "FR": "Fr", "SA": "Sa", "SU": "So"}
    return ", ".join(days.get(part.strip().upper(), part.strip()) for part in str(codes).split(","))
