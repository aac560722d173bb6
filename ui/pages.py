"""Which pages the window has, and what one asks of another. A page's code is loaded when it is first shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from desktop_app.bootstrap import Application
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from ui.shell.command_palette import PaletteEntry
from ui.shell.context import PageContext, PageEntry
from ui.shell.page import Page, Target

RECEPTION, DIRECTORY, VISITORS, STATISTICS, ADMINISTRATION, AUDIT, HANDOUTS, SYNC, ACCOUNT = (
    "reception",
    "directory",
    "visitors",
    "statistics",
    "administration",
    "audit",
    "handouts",
    "sync",
    "account",
)
EXCHANGE = "exchange"
_PALETTE_HITS = 8


def page_entries() -> tuple[PageEntry, ...]:
    """Return the pages in the order of the navigation."""
    return (
        PageEntry(RECEPTION, tr("Empfang"), "house", _reception, needs=Action.RECORD_CONTACTS),
        PageEntry(DIRECTORY, tr("Verzeichnis"), "book-open", _directory, needs=Action.SEE_DIRECTORY),
        PageEntry(VISITORS, tr("Personen"), "users-round", _visitors, needs=Action.FIND_VISITORS),
        PageEntry(STATISTICS, tr("Statistik"), "chart-column", _statistics, needs=Action.SEE_STATISTICS),
        PageEntry(ADMINISTRATION, tr("Verwaltung"), "settings", _administration, needs=Action.CHANGE_OFFICE),
        PageEntry(EXCHANGE, tr("Übergaben"), "handshake", _exchange, needs=Action.OFFER_REFERRALS),
        PageEntry(AUDIT, tr("Protokoll"), "history", _audit, in_rail=False, needs=Action.READ_AUDIT),
        PageEntry(HANDOUTS, tr("Merkzettel"), "sticky-note", _handouts, in_rail=False, needs=Action.MAKE_HANDOUTS),
        # Not in the rail: most desks need it once, and the line at the foot leads there.
        PageEntry(SYNC, tr("Abgleich"), "refresh-cw", _sync, in_rail=False, needs=Action.SEE_SYNC),
        PageEntry(ACCOUNT, tr("Mein Konto und Rechte"), "user-round", _account, in_rail=False),
    )


def allowed_entries(application: Application) -> tuple[PageEntry, ...]:
    """Return the pages that the signed-in account may use, in the order of the navigation."""
    return tuple(entry for entry in page_entries() if entry.needs is None or application.may(entry.needs))


def service_entries(
    application: Application, open_page: Callable[[str, Target], object]
) -> Callable[[str], Sequence[PaletteEntry]]:
    """Return what finds services for the command palette (Ctrl+K)."""

    def show(service_id: str) -> None:
        open_page(DIRECTORY, Target("service", service_id))

    def find(text: str) -> Sequence[PaletteEntry]:
        if not text.strip() or not application.may(Action.SEE_DIRECTORY):
            return []
        return [
            PaletteEntry(
                f"service:{hit.service_id}",
                hit.service_name,
                hit.organization_name,
                "book-open",
                partial(show, hit.service_id),
            )
            for hit in application.directory_queries.search(text, limit=_PALETTE_HITS)
        ]

    return find


def _reception(context: PageContext) -> Page:
    from ui.handouts.targets import print_target
    from ui.reception.page import ReceptionPage

    page = ReceptionPage(context.application, context.notices, context.basket, tasks=context.tasks)
    page.sheet_requested.connect(lambda owner, ids: page.open_requested.emit(HANDOUTS, print_target(owner, ids)))
    return page


def _directory(context: PageContext) -> Page:
    from ui.directory.page import DirectoryPage

    return DirectoryPage(context.application, context.notices, context.basket, tasks=context.tasks)


def _visitors(context: PageContext) -> Page:
    from ui.visitors.page import VisitorsPage

    return VisitorsPage(context.application, context.notices, tasks=context.tasks)


def _statistics(context: PageContext) -> Page:
    from ui.statistics.page import StatisticsPage

    return StatisticsPage(context.application, context.notices, tasks=context.tasks)


def _administration(context: PageContext) -> Page:
    from ui.administration.page import AdministrationPage

    return AdministrationPage(context.application, context.notices, tasks=context.tasks)


def _exchange(context: PageContext) -> Page:
    from ui.exchange.page import ExchangePage

    return ExchangePage(context.application, context.notices)


def _audit(context: PageContext) -> Page:
    from ui.audit.page import AuditPage

    return AuditPage(context.application, tasks=context.tasks)


def _handouts(context: PageContext) -> Page:
    from ui.handouts.page import HandoutPage

    return HandoutPage(context.application, context.basket, context.tasks)


def _sync(context: PageContext) -> Page:
    from ui.sync.page import SyncPage

    return SyncPage(context.application, context.notices, tasks=context.tasks)


def _account(context: PageContext) -> Page:
    from ui.account.page import AccountPage

    return AccountPage(context.application, context.preferences, tasks=context.tasks)
