"""Accounts and what a password must be."""

from __future__ import annotations

import peewee
import pytest

from desktop_app.core.errors import InputError, UserError
from desktop_app.security.accounts import (
    NewAccount,
    account_actor,
    checked_account,
    create_account,
    suggested_initials,
)
from desktop_app.security.passwords import check_new_password
from desktop_app.storage.store import Store


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Erika Muster", "EM"), ("erika", "E"), ("Ömer de la Cruz y Vega", "ÖDLC"), ("", ""), ("  4 (Vertretung)", "")],
)
def test_initials_come_from_the_name(name: str, initials: str) -> None:
    assert suggested_initials(name) == initials


def test_an_account_is_trimmed_and_completed() -> None:
    assert checked_account(NewAccount(" erika ", " Erika Muster ", "")) == NewAccount("erika", "Erika Muster", "EM")
    assert checked_account(NewAccount("erika", "", " em ")) == NewAccount("erika", "erika", "em")
    assert checked_account(NewAccount("7", "", "")).initials == "?"
    with pytest.raises(InputError) as caught:
        checked_account(NewAccount("  ", "Erika", "EM"))
    assert caught.value.field == "login_name"


def test_an_account_is_created_and_found(store: Store) -> None:
    created = create_account(store, "a-1", NewAccount("erika", "Erika Muster", "EM"))
    assert account_actor(store, "a-1") == created
    assert store.sql("SELECT account_id, action, subject_kind, subject_id FROM audit_entry") == [
        ("a-1", "create_account", "account", "a-1")
    ]
    with pytest.raises(UserError, match="Konto gibt es in der Datenbank nicht"):
        account_actor(store, "a-2")
    with pytest.raises(peewee.IntegrityError):
        create_account(store, "a-2", NewAccount("erika", "Eine andere", "EA"))


@pytest.mark.parametrize(
    ("password", "login_name"),
    [
        ("Kaffee Wolke Radweg", "erika"),
        ("lemming Kaffee Wolke", "em"),  # short login names stand in good passwords by chance
        ("  mit  Leerzeichen  ", ""),
        ("пароль из слов", "erika"),
    ],
)
def test_good_passwords(password: str, login_name: str) -> None:
    check_new_password(password, login_name)


@pytest.mark.parametrize(
    ("password", "login_name", "sentence"),
    [
        ("", "erika", "zu kurz"),
        ("kurz", "erika", "zu kurz"),
        ("neunlang!", "erika", "zu kurz"),
        ("aaaaaaaaaaaaaaaa", "erika", "zu leicht"),
        ("ababababababab", "erika", "zu leicht"),
        ("erika12345", "erika", "zu leicht"),
        ("ERIKA.MUSTER", "erika.muster", "zu leicht"),
        ("2026erika!!", " Erika ", "zu leicht"),
    ],
)
def test_bad_passwords_say_what_is_good(password: str, login_name: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        check_new_password(password, login_name)
    assert caught.value.field == "password"
    assert "drei Wörter" in caught.value.message
