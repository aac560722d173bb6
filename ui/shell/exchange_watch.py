"""How many handovers of other offices wait, in the navigation; nothing of it while this desk is not connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr_count

if TYPE_CHECKING:
    from ui.shell.context import PageContext
    from ui.shell.main_window import MainWindow

_PAGE = "exchange"
#: a desk that is not connected begins to listen when nobody waits for the window any more
_LATER_MS = 5_000


class ExchangeWatch(QObject):
    """Shows the page in the navigation once the desk is connected, and how many offers wait for an answer there."""

    def __init__(self, window: MainWindow, context: PageContext) -> None:
        super().__init__(window)
        self._window, self._context = window, context
        if not window.rail.is_shown(_PAGE):
            return
        is_connected = context.application.has_partner_offices
        window.rail.set_shown(_PAGE, is_connected)
        if is_connected:
            self.begin()
        else:
            QTimer.singleShot(_LATER_MS, self, self.begin)

    def begin(self) -> None:
        """Look now, and after every change."""
        from desktop_app.exchange.records import ExchangeChanged

        self._context.notices.listen(ExchangeChanged, lambda _notice: self.look(), owner=self)
        self._window.page_shown.connect(lambda _key: self.look())
        self.look()

    def look(self) -> None:
        """Show what waits."""
        application, rail = self._context.application, self._window.rail
        if self._window.is_locked:
            return  # nothing can be read beneath the lock; the next change is soon enough
        is_connected = application.has_partner_offices
        rail.set_shown(_PAGE, is_connected)
        waits = is_connected and application.may(Action.ANSWER_REFERRALS)
        count = application.exchange_queries.waiting().received if waits else 0
        rail.show_count(_PAGE, count, tr_count("eine neue Übergabe", "{count} neue Übergaben", count) if count else "")
