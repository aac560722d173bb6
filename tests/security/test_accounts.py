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
from desktop_app.security.login_names import is_taken
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


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("karl.beispiel-2_b", "karl.beispiel-2_b"),
        ("Jörg  O'Hara", "Jörg O'Hara"),
        ("ｋａｒｌ", "karl"),
        ("Jo\u0308rg", "Jörg"),
        ("Ольга", "Ольга"),
        ("a" * 60, "a" * 60),
        ("karl\n", "karl"),
    ],
)
def test_a_login_name_is_stored_as_it_looks(typed: str, stored: str) -> None:
    assert checked_account(NewAccount(typed, "Karl", "K")).login_name == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("karl\nerika", "darf nur Buchstaben"),
        ("karl\u202ealire", "darf nur Buchstaben"),
        ("kar\u200bl", "darf nur Buchstaben"),
        ("karl\tb", "darf nur Buchstaben"),
        ("karl/erika", "darf nur Buchstaben"),
        ("...", "darf nur Buchstaben"),
        ("a" * 300, "zu lang"),
        ("ﷺ" * 10, "zu lang"),  # one letter that becomes many
    ],
)
def test_a_login_name_that_is_not_what_it_looks_like_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        checked_account(NewAccount(typed, "Karl", "K"))
    assert caught.value.field == "login_name"


@pytest.mark.parametrize(
    ("name", "initials", "field"),
    [("Karl\nErika", "K", "display_name"), ("K\u202earl", "K", "display_name"), ("K" * 101, "K", "display_name"),
     ("Karl", "K\n\u202e", "initials")],
)  # fmt: skip
def test_nothing_unseen_stands_in_a_name(name: str, initials: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_account(NewAccount("karl", name, initials))
    assert caught.value.field == field


@pytest.mark.parametrize("other", ["KARL", "ｋａｒｌ", "Karl ", "karl"])
def test_names_that_look_alike_are_one(other: str) -> None:
    assert is_taken(other, ["erika", "Karl"])


def test_other_names_are_others() -> None:
    assert not is_taken("karla", ["karl"])
    assert is_taken("Strasse", ["straße"])
    assert is_taken("karl  b", ["Karl B"])


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
