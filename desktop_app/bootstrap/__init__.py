"""The only place that wires the parts together."""

from __future__ import annotations

from desktop_app.bootstrap.application import Application, open_with_key
from desktop_app.bootstrap.first_run import SetUp, is_set_up, set_up
from desktop_app.bootstrap.signing_in import (
    SignInName,
    check_password,
    open_application,
    renew_recovery_key,
    reset_password,
    sign_in_names,
)
from desktop_app.bootstrap.surroundings import Surroundings

__all__ = [
    "Application",
    "SetUp",
    "SignInName",
    "Surroundings",
    "check_password",
    "is_set_up",
    "open_application",
    "open_with_key",
    "renew_recovery_key",
    "reset_password",
    "set_up",
    "sign_in_names",
]
