"""What the commands on sync have in common: shapes of `--json` and lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.clock import office_zone
from desktop_app.core.translation import tr_count

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from desktop_app.sync.records import Conflict, ConnectionPreview, Desk, RoundResult, Share, SyncStatus

Data = dict[str, object]


def when(moment: datetime | None) -> str:
    """Return a moment for people; nothing for none."""
    return f"{moment.astimezone(office_zone()):%d.%m.%Y %H:%M}" if moment is not None else ""


def status_data(status: SyncStatus) -> Data:
    """Return how the connection stands."""
    return {
        "state": status.state.value,
        "sentence": status.sentence,
        "last_success": _moment(status.last_success),
        "waiting_changes": status.waiting_changes,
        "open_conflicts": status.open_conflicts,
        "parked_records": status.parked_records,
        "problem": status.problem,
        "paused": status.is_paused,
        "offline": status.is_offline,
        "needs_key_sheet": status.needs_recovery_sheet,
    }


def share_data(share: Share) -> Data:
    """Return what is shared with whom."""
    return {
        "kind": share.kind.value,
        "title": share.title,
        "sentence": share.sentence,
        "with_whom": list(share.with_whom),
        "records": share.records,
        "waiting": share.waiting,
    }


def share_lines(shares: Iterable[Share]) -> list[str]:
    """Return what is shared with whom, for people."""
    lines = []
    for share in shares:
        count = tr_count("{count} Eintrag", "{count} Einträge", share.records)
        lines.append(f"{share.title}: {', '.join(share.with_whom)} ({count})")
        lines.append(f"    {share.sentence}")
    return lines


def preview_data(preview: ConnectionPreview) -> Data:
    """Return what connecting would mean."""
    return {
        "address": preview.hub_address,
        "carrier": preview.carrier,
        "office": preview.office,
        "first_desk": preview.is_first_desk,
        "coordination": preview.is_coordination,
        "other_office": preview.other_office,
        "shares": [share_data(share) for share in preview.shares],
    }


def round_data(result: RoundResult) -> Data:
    """Return what a round did."""
    return {
        "received": result.received,
        "sent": result.sent,
        "new_conflicts": result.new_conflicts,
        "parked": result.parked,
        "complete": result.is_complete,
    }


def conflict_data(conflict: Conflict) -> Data:
    """Return a conflict with its fields."""
    return {
        "conflict_id": conflict.conflict_id,
        "kind": conflict.kind.value,
        "what": conflict.what,
        "record": conflict.record,
        "found_at": conflict.happened_at.isoformat(timespec="seconds"),
        "found_by": conflict.found_by,
        "owner": conflict.owner,
        "decided": conflict.is_decided,
        "fields": [
            {
                "field": field.name,
                "label": field.label,
                "before": field.before,
                "mine": field.mine,
                "theirs": field.theirs,
                "stands": field.stands.value,
                "open": field.is_open,
            }
            for field in conflict.fields
        ],
    }


def desk_data(desk: Desk) -> Data:
    """Return a desk of the office."""
    return {
        "device_id": desk.device_id,
        "label": desk.label,
        "this": desk.is_this,
        "admitted": desk.is_admitted,
        "enrolled_on": desk.enrolled_on.isoformat() if desk.enrolled_on else None,
        "last_seen_on": desk.last_seen_on.isoformat() if desk.last_seen_on else None,
        "revoked_on": desk.revoked_on.isoformat() if desk.revoked_on else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None
