"""What the part „Konten“ does, without widgets. Deriving keys takes a moment, so it runs beside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from desktop_app.access.records import AccountRecord, AccountState, IssuedCode
from desktop_app.access.wording import role_explanation, role_label, state_label
from desktop_app.core.clock import office_zone
from desktop_app.core.permissions import Role, may_manage
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.security.accounts import NewAccount
from ui.administration.presenter import Done
from ui.widgets.choice import Choice

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.tasks import TaskRunner

Result = TypeVar("Result")
Failed = Callable[[Exception], None]


class AccountsPresenter:
    """Lists, adds, changes, resets and removes accounts for whoever is signed in."""

    def __init__(self, application: Application, tasks: TaskRunner) -> None:
        self._application, self._tasks = application, tasks
        self._accounts = application.accounts
        self.is_busy = False

    def accounts(self) -> tuple[AccountRecord, ...]:
        """Everybody who can sign in or is about to."""
        return self._accounts.accounts()

    def roles(self) -> list[Choice]:
        """The roles that may be given, the commonest first."""
        own = self._application.actor.role
        return [
            Choice(role.value, f"{role_label(role)} – {role_explanation(role)}")
            for role in Role
            if may_manage(own, role)
        ]

    def is_own(self, record: AccountRecord) -> bool:
        """Whether it is the account that is signed in."""
        return record.account_id == self._application.actor.account_id

    def may_manage(self, record: AccountRecord) -> bool:
        """Whether role, code and removal can be offered."""
        return not self.is_own(record) and may_manage(self._application.actor.role, record.role)

    def facts(self, record: AccountRecord) -> str:
        """Login name, role and state in one line."""
        parts = [record.login_name, role_label(record.role), state_label(record.state)]
        if self.is_own(record):
            parts.append(tr("das sind Sie"))
        if record.state is AccountState.WAITING and record.code_until is not None:
            parts.append(tr("gilt bis {day}", day=f"{record.code_until.astimezone(office_zone()):%d.%m.%Y %H:%M}"))
        return " · ".join(parts)

    def code_explanation(self, issued: IssuedCode) -> str:
        """What to do with a one-time code."""
        until = issued.valid_until.astimezone(office_zone())
        return tr(
            "Bitte geben Sie diesen Code an „{name}“ weiter. Beim Anmelden „Neues Passwort setzen“ wählen und ihn dort "
            "eingeben. Er öffnet einmal, gilt bis {day} und wird nirgends aufbewahrt.",
            name=issued.login_name,
            day=f"{until:%d.%m.%Y %H:%M}",
        )

    def add(
        self, account: NewAccount, role: str, own_password: str, *, done: Callable[[IssuedCode], None], failed: Failed
    ) -> None:
        """Add an account; ``done`` gets its one-time code."""
        actor = self._application.actor
        self._run(lambda: self._accounts.add_account(actor, account, Role(role), own_password), done, failed)

    def reset(
        self, record: AccountRecord, own_password: str, *, done: Callable[[IssuedCode], None], failed: Failed
    ) -> None:
        """End an account's password; ``done`` gets a one-time code for a new one."""
        actor = self._application.actor
        self._run(lambda: self._accounts.issue_code(actor, record.account_id, own_password), done, failed)

    def change_role(self, record: AccountRecord, role: str) -> Done:
        """Give another role. Raises UserError."""
        actor = self._application.actor
        self._accounts.change_role(actor, record.account_id, Role(role))
        return Done(
            tr("{name}: {role}, ab der nächsten Anmeldung.", name=record.display_name, role=role_label(Role(role))),
            lambda: self._accounts.change_role(actor, record.account_id, record.role),
        )

    def remove(self, record: AccountRecord) -> Done:
        """Take an account's way in away. Raises UserError."""
        actor = self._application.actor
        removed = self._accounts.remove_account(actor, record.account_id)
        return Done(
            tr("Konto von {name} entfernt. Was es erfasst hat, bleibt.", name=record.display_name),
            lambda: self._accounts.restore_account(actor, removed),
        )

    def _run(self, work: Callable[[], Result], done: Callable[[Result], None], failed: Failed) -> None:
        if self.is_busy:
            return
        self.is_busy = True

        def do(_progress: Progress) -> Result:
            try:
                return work()
            finally:
                self._application.store.end_thread()

        def succeed(result: Result) -> None:
            self.is_busy = False
            done(result)

        def refuse(error: Exception) -> None:
            self.is_busy = False
            failed(error)

        self._tasks.run(do, on_done=succeed, on_error=refuse)
