"""The own account, without widgets. Deriving keys takes a moment, so it runs beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.access.wording import action_label, role_explanation, role_label
from desktop_app.core.permissions import Action, Role, allowed
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from ui.shell.tasks import TaskRunner

LOCK_MINUTES = (2, 5, 10, 15, 30)


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role in plain words: what it may and may not do."""

    title: str
    explanation: str
    may: tuple[str, ...]
    may_not: tuple[str, ...]
    is_own: bool


class AccountPresenter:
    """Changes the own password and explains the rights of every role."""

    def __init__(self, application: Application, tasks: TaskRunner) -> None:
        self._application, self._tasks = application, tasks
        self.is_busy = False

    def who(self) -> str:
        """Who is signed in, and as what."""
        actor = self._application.actor
        return tr("{name}, Rolle {role}", name=actor.display_name, role=role_label(actor.role))

    def roles(self) -> list[RoleView]:
        """Every role, the own one first."""
        own = self._application.actor.role
        return [
            RoleView(
                tr("{role} (Ihre Rolle)", role=role_label(role)) if role is own else role_label(role),
                role_explanation(role),
                tuple(action_label(action) for action in Action if allowed(role, action)),
                tuple(action_label(action) for action in Action if not allowed(role, action)),
                role is own,
            )
            for role in sorted(Role, key=lambda role: role is not own)
        ]

    def change_password(
        self, old: str, new: str, *, done: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:
        """Change the own password; ``failed`` leaves the old one valid."""
        if self.is_busy:
            return
        self.is_busy = True
        application = self._application

        def work(_progress: Progress) -> None:
            try:
                application.accounts.change_own_password(application.actor, old, new)
            finally:
                application.store.end_thread()

        def changed(_nothing: None) -> None:
            self.is_busy = False
            done()

        def refused(error: Exception) -> None:
            self.is_busy = False
            failed(error)

        self._tasks.run(work, on_done=changed, on_error=refused)
