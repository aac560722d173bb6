"""A contact entry as JSON text: for the history of corrections."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry, ReferralRecord
from desktop_app.contacts.vocabulary import Channel, Depth, Fact, ReferralMode, ReferralState, Result, UnmetReason


def entry_to_text(entry: ContactEntry, referrals: Sequence[ReferralRecord] = (), *, life: int = 0) -> str:
    """Return the entry as JSON; the confidential note is left out, it has its own lifetime.

    What became of the `referrals` goes along, so that undoing a removal does not forget it; and how often the texts had been
    erased (`life`), so that a former state that comes late from another computer is known to be of before.
    """
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
            "outcomes": {
                referral.service_id: [referral.referral_id, referral.state, referral.state_reason]
                for referral in referrals
            },
            **({"life": life} if life else {}),
        },
        ensure_ascii=False,
    )


def life_from_text(text: str) -> int:
    """Return how often the texts had been erased when this former state was kept; 0 for what can't be read."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return 0
    life = content.get("life", 0) if isinstance(content, dict) else 0
    return life if isinstance(life, int) else 0


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


def outcomes_from_text(text: str) -> Mapping[str, tuple[str, ReferralState, str | None]]:
    """Return what had become of the referrals, by service: id of the referral, state, reason."""
    return {
        service_id: (referral_id, ReferralState(state), reason)
        for service_id, (referral_id, state, reason) in json.loads(text)["outcomes"].items()
    }
