"""What the first run asks and does, without widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from pathlib import Path

from desktop_app.bootstrap import Application, SetUp, Surroundings, set_up
from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr
from desktop_app.directory.records import ImportReport
from desktop_app.environment.folders import DataFolder
from desktop_app.security.accounts import NewAccount, checked_account, suggested_initials
from desktop_app.security.passwords import check_new_password
from desktop_app.settings.records import LegalProfile
from ui.setup.kept_sheet import note_sheet
from ui.shell.tasks import TaskRunner

LONGEST_NAME = 120


class Step(IntEnum):
    """The steps in their order."""

    OFFICE = 0
    SPACES = 1
    ACCOUNT = 2
    RECOVERY = 3
    DIRECTORY = 4
    DONE = 5


@dataclass(slots=True)
class Answers:
    """What was typed so far; nothing is written before the account step is left."""

    office_name: str = ""
    carrier: str = ""
    legal_profile: LegalProfile = LegalProfile.GDPR
    street: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    office_hours: str = ""
    social_spaces: list[str] = field(default_factory=list)
    display_name: str = ""
    login_name: str = ""
    initials: str = ""
    password: str = field(default="", repr=False)


def step_name(step: Step) -> str:
    """The words for a step in the list on the left."""
    return {
        Step.OFFICE: tr("Büro und Träger"),
        Step.SPACES: tr("Sozialräume"),
        Step.ACCOUNT: tr("Ihr Konto"),
        Step.RECOVERY: tr("Wiederherstellung"),
        Step.DIRECTORY: tr("Verzeichnis"),
        Step.DONE: tr("Fertig"),
    }[step]


def suggested_login_name(display_name: str) -> str:
    """A login name for a display name: „Erika Müller“ gives erika.mueller."""
    plain = display_name.strip().lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, letters)
    words = ["".join(letter for letter in word if letter.isalnum() or letter == "-") for word in plain.split()]
    words = [word for word in words if word]
    return ".".join([words[0], words[-1]] if len(words) > 1 else words)


class SetUpPresenter:
    """Checks the answers, creates the installation once, and fills the directory."""

    def __init__(self, folder: DataFolder, surroundings: Surroundings, tasks: TaskRunner) -> None:
        self._folder, self._surroundings, self._tasks = folder, surroundings, tasks
        self.answers = Answers()
        self.application: Application | None = None
        self.recovery_key: tuple[str, ...] = ()
        self.is_busy = False

    # -- checking ------------------------------------------------------------------------------------

    def office_problems(self) -> dict[str, str]:
        """What is missing on the first step, by field."""
        problems = {}
        if not self.answers.office_name.strip():
            problems["office_name"] = tr("Bitte geben Sie den Namen des Büros ein.")
        if not self.answers.carrier.strip():
            problems["carrier"] = tr("Bitte geben Sie den Träger ein.")
        for name in ("office_name", "carrier"):
            if len(getattr(self.answers, name)) > LONGEST_NAME:
                problems[name] = tr("Der Name ist zu lang (höchstens {count} Zeichen).", count=LONGEST_NAME)
        return problems

    def use_spaces(self, names: Sequence[str]) -> str:
        """Take the Sozialräume; a sentence if one stands twice (then they are not taken)."""
        cleaned = [" ".join(name.split()) for name in names if name.strip()]
        seen: set[str] = set()
        for name in cleaned:
            if len(name) > LONGEST_NAME:
                return tr(
                    "Der Name „{name}…“ ist zu lang (höchstens {count} Zeichen).", name=name[:30], count=LONGEST_NAME
                )
            if name.casefold() in seen:
                return tr("„{name}“ steht zweimal in der Liste.", name=name)
            seen.add(name.casefold())
        self.answers.social_spaces = cleaned
        return ""

    def account_problems(self) -> dict[str, str]:
        """What is missing at the account, by field."""
        problems = {}
        if not self.answers.display_name.strip():
            problems["display_name"] = tr("Bitte geben Sie Ihren Namen ein.")
        try:
            checked_account(NewAccount(self.answers.login_name, self.answers.display_name, self.answers.initials))
        except InputError as problem:
            problems.setdefault(problem.field, problem.message)
        try:
            check_new_password(self.answers.password, self.answers.login_name)
        except InputError as problem:
            problems["password"] = problem.message
        return problems

    def suggested_initials(self) -> str:
        """Initials for the name."""
        return suggested_initials(self.answers.display_name)

    # -- doing ---------------------------------------------------------------------------------------

    @property
    def is_created(self) -> bool:
        """Whether the installation exists; then the steps before it can't be changed here any more."""
        return self.application is not None

    def create(self, *, done: Callable[[], None], failed: Callable[[str, str], None]) -> None:
        """Create the installation beside the window. ``failed(sentence, field)`` leaves everything as it was."""
        if self.is_busy or self.is_created:
            return
        self.is_busy = True
        wishes = self._wishes()

        def work(_progress: Progress) -> tuple[Application, tuple[str, ...]]:
            application, groups = set_up(self._folder, wishes, self._surroundings)
            note_sheet(application, kept=False)
            application.store.end_thread()
            return application, groups

        def created(result: tuple[Application, tuple[str, ...]]) -> None:
            self.is_busy = False
            self.application, self.recovery_key = result
            self.answers.password = ""
            done()

        def refused(error: Exception) -> None:
            self.is_busy = False
            if isinstance(error, QuartierslotseError):
                failed(error.message, error.field if isinstance(error, InputError) else "")
                return
            raise error

        self._tasks.run(work, on_done=created, on_error=refused)

    def make_sheet(self, *, done: Callable[[bytes], None], failed: Callable[[Exception], None]) -> None:
        """Make the recovery sheet as PDF beside the window."""
        application = self._created()
        office = application.settings.office()
        today: date = application.clock.today()
        self._tasks.run(
            lambda _progress: application.handouts.recovery_sheet(
                office=office.name, carrier=office.carrier, groups=self.recovery_key, created=today
            ),
            on_done=done,
            on_error=failed,
        )

    def sheet_was_kept(self) -> None:
        """The sheet was printed or saved: the next start need not ask for it."""
        note_sheet(self._created(), kept=True)

    def import_directory(self, path: Path, *, dry_run: bool, progress: Progress) -> ImportReport:
        """Read a directory in; runs in a background thread."""
        application = self._created()
        try:
            return application.directory.import_directory(application.actor, path, dry_run=dry_run, progress=progress)
        finally:
            application.store.end_thread()

    def forget_key(self) -> None:
        """The sheet lies safe: the key is no longer held in memory."""
        self.recovery_key = ()

    def _created(self) -> Application:
        if self.application is None:
            raise RuntimeError("nothing has been created yet")
        return self.application

    def _wishes(self) -> SetUp:
        answers = self.answers
        return SetUp(
            office_name=answers.office_name.strip(),
            carrier=answers.carrier.strip(),
            account=NewAccount(answers.login_name, answers.display_name, answers.initials),
            password=answers.password,
            legal_profile=answers.legal_profile,
            social_spaces=tuple(answers.social_spaces),
            street=answers.street.strip(),
            postal_code=answers.postal_code.strip(),
            city=answers.city.strip(),
            phone=answers.phone.strip(),
            email=answers.email.strip(),
            office_hours=answers.office_hours.strip(),
        )
