"""Manages accounts: list, add, remove, change the role, reset with a one-time code."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from desktop_app.cli.command import Outcome
from desktop_app.cli.console import table
from desktop_app.cli.parser import CommandParser, add_global_options
from desktop_app.cli.session import Session
from desktop_app.cli.values import choices_text, code_of
from desktop_app.core.clock import office_zone
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Role
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.access.records import AccountRecord, IssuedCode
    from desktop_app.bootstrap import Application

Step = Callable[[Session, "Application", Namespace], Outcome]


def add_arguments(parser: CommandParser) -> None:
    """Declare the steps and their options."""
    steps = parser.add_subparsers(dest="step", metavar=tr("SCHRITT"), title=tr("Schritte"), required=True,
                                  help=tr("was zu tun ist; Hilfe dazu: quartierslotse account SCHRITT --help"))  # fmt: skip
    listing = steps.add_parser("list", help=tr("alle Konten zeigen"))
    listing.add_argument("--all", action="store_true", help=tr("auch entfernte"))
    add = steps.add_parser("add", help=tr("ein Konto anlegen und seinen Einmal-Code zeigen"))
    _name(add)
    add.add_argument("--role", type=_role, required=True, metavar=tr("ROLLE"), help=_roles_help())
    add.add_argument("--name", default="", metavar="NAME", help=tr("Vor- und Nachname"))
    add.add_argument("--initials", default="", metavar=tr("KÜRZEL"), help=tr("Kürzel, sonst aus dem Namen"))
    _name(steps.add_parser("remove", help=tr("ein Konto entfernen; was es erfasst hat, bleibt")))
    role = steps.add_parser("role", help=tr("einem Konto eine andere Rolle geben"))
    _name(role)
    role.add_argument("role", type=_role, metavar=tr("ROLLE"), help=_roles_help())
    _name(steps.add_parser("reset", help=tr("das Passwort eines Kontos ungültig machen und einen Einmal-Code zeigen")))
    for step in steps.choices.values():
        add_global_options(step)


def run(session: Session, arguments: Namespace) -> Outcome:
    """Do one step."""
    steps: dict[str, Step] = {"list": _list, "add": _add, "remove": _remove, "role": _change_role, "reset": _reset}
    with session.application() as application:
        return steps[arguments.step](session, application, arguments)


def _list(_session: Session, application: Application, arguments: Namespace) -> Outcome:
    records = application.accounts.accounts(with_removed=arguments.all)
    headers = (tr("Anmeldename"), tr("Name"), tr("Kürzel"), tr("Rolle"), tr("Stand"))
    return Outcome(table(headers, [_row(record) for record in records]), _result(records))


def _add(session: Session, application: Application, arguments: Namespace) -> Outcome:
    from desktop_app.security.accounts import NewAccount

    account = NewAccount(arguments.login_name, arguments.name, arguments.initials)
    issued = application.accounts.add_account(application.actor, account, arguments.role, session.password())
    return _with_code(application, issued, tr("Das Konto „{name}“ ist angelegt.", name=issued.login_name))


def _reset(session: Session, application: Application, arguments: Namespace) -> Outcome:
    record = _named(application, arguments.login_name)
    issued = application.accounts.issue_code(application.actor, record.account_id, session.password())
    return _with_code(application, issued, tr("Das Passwort von „{name}“ gilt nicht mehr.", name=issued.login_name))


def _remove(_session: Session, application: Application, arguments: Namespace) -> Outcome:
    record = _named(application, arguments.login_name)
    application.accounts.remove_account(application.actor, record.account_id)
    return _done(application, record, tr("Das Konto „{name}“ ist entfernt.", name=record.login_name))


def _change_role(_session: Session, application: Application, arguments: Namespace) -> Outcome:
    from desktop_app.access.wording import role_label

    record = _named(application, arguments.login_name)
    application.accounts.change_role(application.actor, record.account_id, arguments.role)
    sentence = tr(
        "„{name}“ hat jetzt die Rolle „{role}“. Sie gilt ab der nächsten Anmeldung.",
        name=record.login_name,
        role=role_label(arguments.role),
    )
    return _done(application, record, sentence)


def _with_code(application: Application, issued: IssuedCode, sentence: str) -> Outcome:
    until = issued.valid_until.astimezone(office_zone())
    lines = [
        sentence,
        "",
        tr("Einmal-Code (er wird nur dieses eine Mal gezeigt):"),
        "",
        f"    {issued.code}",
        "",
        tr(
            "Er gilt bis {day} und nur einmal: beim Anmelden „Neues Passwort setzen“ wählen und den Code dort eingeben.",
            day=f"{until:%d.%m.%Y %H:%M}",
        ),
    ]
    records = [record for record in application.accounts.accounts() if record.account_id == issued.account_id]
    return Outcome(lines, _result(records, code=issued.code))


def _done(application: Application, before: AccountRecord, sentence: str) -> Outcome:
    records = application.accounts.accounts(with_removed=True)
    return Outcome([sentence], _result([record for record in records if record.account_id == before.account_id]))


def _result(records: Sequence[AccountRecord], *, code: str | None = None) -> dict[str, object]:
    accounts = [
        {
            "account_id": record.account_id,
            "login_name": record.login_name,
            "display_name": record.display_name,
            "initials": record.initials,
            "role": record.role.value,
            "state": record.state.value,
            "code_until": record.code_until.isoformat() if record.code_until else None,
        }
        for record in records
    ]
    return {"accounts": accounts, "code": code}


def _row(record: AccountRecord) -> tuple[str, ...]:
    from desktop_app.access.wording import role_label, state_label

    return (record.login_name, record.display_name, record.initials, role_label(record.role), state_label(record.state))


def _named(application: Application, login_name: str) -> AccountRecord:
    for record in application.accounts.accounts():
        if record.login_name.casefold() == login_name.strip().casefold():
            return record
    raise UserError(tr("Das Konto „{name}“ gibt es hier nicht.", name=login_name))


def _name(parser: ArgumentParser) -> None:
    parser.add_argument("login_name", metavar=tr("ANMELDENAME"), help=tr("Anmeldename des Kontos"))


def _role(text: str) -> Role:
    return Role(code_of(_role_labels)(text))


def _role_labels() -> dict[str, str]:
    from desktop_app.access.wording import role_label

    return {role.value: role_label(role) for role in Role}


def _roles_help() -> str:
    return tr("Rolle: {choices}", choices=choices_text(_role_labels()))
