"""What was wrong with a sign-in, and at which field."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT_FIELD, PASSWORD_FIELD, RECOVERY_FIELD = "login_name", "password", "recovery_key"


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence and the field it belongs to (empty: the whole form)."""

    sentence: str
    field: str = ""
