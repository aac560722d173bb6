"""The recovery sheet: it must be printed or saved before the first run goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal

from desktop_app.core.errors import QuartierslotseError
from desktop_app.core.translation import tr
from ui.setup.form_steps import SetUpStep
from ui.setup.presenter import SetUpPresenter
from ui.setup.sheet_keeper import AskForFile, PrintSheet, SheetKeeper, ask_for_pdf, print_with_system


class RecoveryStep(SetUpStep):
    """Print or save, then tick that it lies safe. ``ready_changed`` says whether one may go on."""

    ready_changed = Signal(bool)

    def __init__(
        self,
        presenter: SetUpPresenter,
        *,
        file_question: AskForFile = ask_for_pdf,
        print_sheet: PrintSheet = print_with_system,
    ) -> None:
        super().__init__(
            presenter,
            tr("Das Wiederherstellungsblatt"),
            tr("Wenn das Passwort verloren geht, öffnet nur dieses Blatt die Daten. Ohne beides sind sie verloren – es gibt "
               "keinen anderen Weg."),
        )  # fmt: skip
        self.keeper = SheetKeeper(file_question=file_question, print_sheet=print_sheet)
        self.keeper.kept.connect(presenter.sheet_was_kept)
        self.keeper.ready_changed.connect(self.ready_changed)
        self.card.body.addWidget(self.keeper)

    @property
    def is_ready(self) -> bool:
        """Whether the sheet is kept and lies safe."""
        return self.keeper.is_ready

    def enter(self) -> None:
        if not self.keeper.has_sheet:
            self.keeper.wait()
            self.presenter.make_sheet(done=self.keeper.show_sheet, failed=self._not_made)
        self.ready_changed.emit(self.is_ready)

    def leave(self) -> bool:
        if not self.is_ready:
            return False
        self.presenter.forget_key()
        self.keeper.forget()
        return True

    def _not_made(self, error: Exception) -> None:
        if not isinstance(error, QuartierslotseError):
            raise error
        self.keeper.show_problem(error.message)
