"""How good a new password is, in words. What is refused is decided by ``desktop_app.security.passwords``."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.security.passwords import MINIMUM_LENGTH, check_new_password

STEPS = 4
_GOOD_LENGTH = 14
_VERY_GOOD_LENGTH = 20
_MANY_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Strength:
    """``level`` 0 (nothing typed) to 4; ``is_enough`` says whether it will be taken."""

    level: int
    words: str
    is_enough: bool


def password_strength(password: str, login_name: str = "") -> Strength:
    """Judge a password while it is typed: length counts most."""
    if not password:
        return Strength(0, tr("Mindestens {length} Zeichen. Gut sind drei Wörter.", length=MINIMUM_LENGTH), False)
    missing = MINIMUM_LENGTH - len(password)
    if missing > 0:
        return Strength(1, tr("Noch zu kurz: es fehlen {count} Zeichen.", count=missing), False)
    try:
        check_new_password(password, login_name)
    except InputError:
        return Strength(1, tr("Zu leicht zu erraten. Gut sind drei Wörter."), False)
    varied = len(set(password.casefold())) >= _MANY_LETTERS
    if len(password) >= _VERY_GOOD_LENGTH and varied:
        return Strength(4, tr("Sehr gut."), True)
    if len(password) >= _GOOD_LENGTH and varied:
        return Strength(3, tr("Gut."), True)
    return Strength(2, tr("Reicht. Länger wäre besser."), True)
