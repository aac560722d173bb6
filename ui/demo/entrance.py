"""The first run and the sign-in of the demo: the real wizard sets up the fictional office, played by keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop_app.bootstrap import Application, Surroundings, sign_in_names
from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr
from desktop_app.environment.folders import DataFolder
from ui.demo.camera import Camera
from ui.demo.hands import Hands
from ui.setup.presenter import Step
from ui.setup.wizard import SetUpWizard
from ui.shell.tasks import TaskRunner
from ui.sign_in.page import SignInPage

PASSWORD = "Apfel Lampe Fahrrad"  # noqa: S105 - a fictional office, deleted when the demo ends

_OFFICE = (
    "'Quartiersbüro Musterstadt-Mitte' enter 'Musterträger e. V.' tab tab space tab 'Lindenweg 3' tab '12345' "
    "tab 'Musterstadt' tab '030 23125 100' tab 'quartier@example.org' tab 'Montag bis Freitag 9 bis 12 Uhr'"
)
_SPACES = "'Mitte' enter 'Nord' enter 'Südviertel'"
_ACCOUNT = f"'Erika Muster' tab tab tab '{PASSWORD}' tab tab '{PASSWORD}'"


def set_up_by_keys(folder: DataFolder, surroundings: Surroundings, out: Path, camera: Camera) -> Application:
    """Play the first run, leave pictures of every step and the recovery sheet in `out`, return the open office.

    Raises:
        EnvironmentProblem: the wizard did not come to its end.
    """
    finished: list[Application] = []
    tasks = TaskRunner()
    wizard = SetUpWizard(folder, surroundings, tasks, file_question=lambda _parent, name: out / name.replace(" ", "-"))
    wizard.finished.connect(finished.append)
    camera.theme.dress(wizard)
    hands = Hands(wizard, tasks)
    wizard.show()
    wizard.activateWindow()
    hands.settle()
    for step, before, after in (
        (Step.OFFICE, (_OFFICE,), ("alt+w",)),
        (Step.SPACES, (_SPACES,), ("alt+w",)),
        (Step.ACCOUNT, (_ACCOUNT,), ("enter",)),
        (Step.RECOVERY, ("alt+p", "space"), ("alt+w",)),
        (Step.DIRECTORY, ("alt+b",), ("alt+e", "alt+w")),
        (Step.DONE, (), ("alt+e",)),
    ):
        if wizard.step is not step:
            raise EnvironmentProblem(tr("Die Einrichtung blieb beim Schritt {number} stehen.", number=wizard.step + 1))
        for keys in before:
            hands.play(keys)
            hands.settle()
        _picture(camera, wizard, f"{10 + step}-einrichtung")
        for keys in after:
            hands.play(keys)
            hands.settle()
    wizard.close()
    wizard.deleteLater()
    if not finished:
        raise EnvironmentProblem(tr("Die Einrichtung kam nicht zu ihrem Ende."))
    return finished[0]


def show_sign_in(folder: DataFolder, camera: Camera) -> None:
    """Leave pictures of the sign-in page."""
    page = SignInPage([name.login_name for name in sign_in_names(folder)])
    camera.theme.dress(page)
    page.show()
    _picture(camera, page, "19-anmeldung")
    page.close()
    page.deleteLater()


def _picture(camera: Camera, window: QWidget, name: str) -> None:
    for look in camera.looks(window):
        camera.take(window, f"{name}-{look}")
