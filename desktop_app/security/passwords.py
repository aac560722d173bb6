"""What a password must be before it may guard the data."""

from __future__ import annotations

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

MINIMUM_LENGTH = 10
_LEAST_LETTERS = 4
_LEAST_BESIDE_NAME = 8


def check_new_password(password: str, login_name: str = "") -> None:
    """Refuse a password that is too easy to guess.

    Raises:
        InputError: too short, hardly any different letters, or little more than the login name.
    """
    if len(password) < MINIMUM_LENGTH:
        raise InputError(
            "password",
            tr(
                "Das Passwort ist zu kurz: mindestens {length} Zeichen. Gut sind drei Wörter, die nicht zusammengehören.",
                length=MINIMUM_LENGTH,
            ),
        )
    if len(set(password)) < _LEAST_LETTERS or _is_mostly(login_name, password):
        raise InputError(
            "password",
            tr("Das Passwort ist zu leicht zu erraten. Gut sind drei Wörter, die nicht zusammengehören."),
        )


def _is_mostly(login_name: str, password: str) -> bool:
    # Short login names („em“) stand in many good passwords by chance: what is left without the name counts.
    name, text = login_name.strip().casefold(), password.casefold()
    return bool(name) and name in text and len(text.replace(name, "")) < _LEAST_BESIDE_NAME
