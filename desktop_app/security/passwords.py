"""What a password must be before it may guard the data."""

from __future__ import annotations

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

MINIMUM_LENGTH = 10


def check_new_password(password: str, login_name: str = "") -> None:
    """Refuse a password that is too easy to guess.

    Raises:
        InputError: too short, one repeated letter, or the login name.
    """
    if len(password) < MINIMUM_LENGTH:
        raise InputError(
            "password",
            tr(
                "Das Passwort ist zu kurz: mindestens {length} Zeichen. Gut sind drei Wörter, die nicht zusammengehören.",
                length=MINIMUM_LENGTH,
            ),
        )
    if len(set(password)) < 4 or (login_name and login_name.casefold() in password.casefold()):  # noqa: PLR2004
        raise InputError(
            "password",
            tr("Das Passwort ist zu leicht zu erraten. Gut sind drei Wörter, die nicht zusammengehören."),
        )
