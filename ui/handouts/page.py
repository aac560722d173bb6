"""The sheet as a page of the window: the Merkzettel of the visitor in front, or a sheet to print at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop_app.bootstrap import Application
from desktop_app.core.translation import tr
from ui.handouts.panel import HandoutPanel
from ui.handouts.printing import AskForPrinter, ask_with_system_dialog
from ui.handouts.targets import PRINT_SERVICES, SHOW_SERVICES
from ui.shell.basket import Basket
from ui.shell.page import Page, Target
from ui.shell.tasks import TaskRunner
from ui.widgets.badge import Tone


class HandoutPage(Page):
    """Shows what is on the Merkzettel; with a `PRINT_SERVICES` target it prints and goes back to the Empfang."""

    def __init__(
        self,
        application: Application,
        basket: Basket,
        tasks: TaskRunner,
        parent: QWidget | None = None,
        *,
        ask_printer: AskForPrinter = ask_with_system_dialog,
    ) -> None:
        super().__init__(tr("Merkzettel"), "sticky-note", "handouts", parent=parent)
        self._application = application
        self._basket = basket
        self._tasks = tasks
        self._ask_printer = ask_printer
        self._panel: HandoutPanel | None = None
        self._owner: str | None = None
        self._is_for_basket = True
        self._returns_after_print = False
        self._is_done = False
        basket.changed.connect(self._basket_changed)

    @property
    def panel(self) -> HandoutPanel | None:
        """The sheet that is shown; None before the first one."""
        return self._panel

    def main_focus(self) -> QWidget | None:
        """The print button."""
        return self._panel.main_focus() if self._panel is not None else None

    def on_shown(self) -> None:
        """Show the Merkzettel; a target that follows replaces it."""
        self._returns_after_print = False
        self._is_for_basket = True
        self._show([item.service_id for item in self._basket.items()], self._basket.owner)

    def show_target(self, target: Target) -> None:
        """Show a sheet for the named services, or print it at once."""
        if target.kind not in {SHOW_SERVICES, PRINT_SERVICES}:
            return
        self._is_for_basket = False
        if target.kind == SHOW_SERVICES:
            self._show(target.key.split(), None)
            return
        owner, *service_ids = target.key.split()
        # What was typed for this very visitor before the card was saved still belongs on their sheet.
        note = self._panel.personal_note() if self._panel is not None and owner == self._owner else ""
        panel = self._show(service_ids, None, note)
        self._returns_after_print = True
        panel.print_now()

    def _show(self, service_ids: Sequence[str], owner: str | None, note: str = "") -> HandoutPanel:
        """The panel that is there if it is the same visitor's with the same services; a sheet of no card is always new."""
        is_same_visitor = owner is not None and owner == self._owner and not self._is_done
        if self._panel is not None and is_same_visitor and self._panel.service_ids() == tuple(service_ids):
            return self._panel
        self._is_done, self._owner = False, owner
        if self._panel is not None:
            # Another visitor's sheet: the personal note of the former one goes with its panel.
            self.body.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        panel = HandoutPanel(
            self._application, service_ids, note, tasks=self._tasks, ask_printer=self._ask_printer, parent=self
        )
        panel.close_requested.connect(self._leave)
        panel.printed.connect(self._printed)
        panel.said.connect(lambda text, tone: self.say(text, tone=tone))
        self.body.addWidget(panel)
        self._panel = panel
        return panel

    def _basket_changed(self) -> None:
        service_ids = [item.service_id for item in self._basket.items()]
        is_same_visitor = self._basket.owner == self._owner
        if not service_ids or not is_same_visitor:
            self._is_done = True  # the visitor has gone, and the personal note with them
        if self.isVisible() and self._is_for_basket and self._panel is not None:
            if service_ids and is_same_visitor:
                self._panel.show_services(service_ids)
            else:
                self._show(service_ids, self._basket.owner)

    def _printed(self, _service_ids: tuple[str, ...]) -> None:
        self._is_done = True
        if self._returns_after_print:
            self.say(tr("Kontakt gespeichert und Zettel gedruckt."), tone=Tone.SUCCESS)
            self._leave()

    def _leave(self) -> None:
        self.open_requested.emit("reception", None)
