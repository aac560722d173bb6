"""A contact entry as JSON text: for the history of corrections."""

from __future__ import annotations

import json
from datetime import date

from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.vocabulary import Channel, Depth, Fact, ReferralMode, Result, UnmetReason


def entry_to_text(entry: ContactEntry) -> str:
    """Return the entry as JSON; the confidential note is left out, it has its own lifetime."""
    return json.dumps(
        {
            "channel": entry.channel,
            "depth": entry.depth,
            "needs": [[need.topic_code, need.result, need.unmet_reason] for need in entry.needs],
            "referrals": [
                [referral.service_id, referral.mode, referral.due_on.isoformat() if referral.due_on else None]
                for referral in entry.referrals
            ],
            "facts": {fact.value: code for fact, code in entry.facts.items()},
            "material": entry.material,
        },
        ensure_ascii=False,
    )


def entry_from_text(text: str) -> ContactEntry:
    """Return the entry of a JSON text made by `entry_to_text`."""
    content = json.loads(text)
    return ContactEntry(
        channel=Channel(content["channel"]),
        depth=Depth(content["depth"]),
        needs=tuple(
            NeedEntry(code, Result(result), UnmetReason(reason) if reason else None)
            for code, result, reason in content["needs"]
        ),
        referrals=tuple(
            ReferralEntry(service_id, ReferralMode(mode), date.fromisoformat(due) if due else None)
            for service_id, mode, due in content["referrals"]
        ),
        facts={Fact(name): code for name, code in content["facts"].items()},
        material=content["material"],
    )
