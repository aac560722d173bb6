"""What the retention part does, without any widget: rules as rows, erasing beside the window, the receipt as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.environment.output_files import write_whole
from desktop_app.retention.records import DataKind, DueList, ErasureReceipt
from desktop_app.retention.rules import term_text
from desktop_app.retention.wording import backup_sentence, changed_text, clean_sentence, due_text, item_text, item_title
from ui.widgets.badge import BadgeText, Tone
from ui.widgets.search_list import ResultRow

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress


class RetentionPresenter:
    """Reads and does; the methods with ``progress`` belong into a task."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._known: dict[str, DueList] = {}

    @property
    def may_see(self) -> bool:
        """Whether the account may see the rules and what is due."""
        return self._application.may(Action.SEE_RETENTION)

    @property
    def may_change(self) -> bool:
        """Whether the account may change terms."""
        return self._application.may(Action.CHANGE_RETENTION)

    @property
    def may_erase(self) -> bool:
        """Whether the account may erase."""
        return self._application.may(Action.ERASE_CLIENT_DATA)

    def needs_clean_up(self) -> bool:
        """Whether the file is still to be rewritten after an erasure."""
        return self._application.retention.needs_clean_up()

    def rows(self) -> list[ResultRow]:
        """Every kind of data with its term and what is due; what is due comes first."""
        lists = self._application.retention.due_lists()
        self._known = {due.in_force.rule.kind.value: due for due in lists}
        return [self._row(due) for due in sorted(lists, key=lambda due: not due.can_erase)]

    def due(self, key: str) -> DueList | None:
        """The kind that a row stands for."""
        return self._known.get(key)

    def facts(self, due: DueList) -> list[tuple[str, str]]:
        """What is known of a kind, also the look before erasing."""
        rule = due.in_force.rule
        bounds = term_text(due.in_force.months, due.in_force.start)
        if rule.is_editable:
            bounds = tr("{term} (möglich: {least} bis {most} Monate)", term=bounds, least=rule.least_months,
                        most=rule.most_months)  # fmt: skip
        return [
            (tr("Frist"), bounds),
            (tr("Grundlage"), due.in_force.basis),
            (tr("Fällig"), due_text(due) if rule.is_erased_here else tr("wird hier nicht gelöscht")),
        ]

    def due_rows(self, due: DueList) -> list[ResultRow]:
        """What is due of a kind, one by one: whose it is for whoever may see files, else only what and since when."""
        kind, retention = due.in_force.rule.kind, self._application.retention
        items = retention.due_items(kind) if due.can_erase else ()
        held = retention.held_items() if due.held and kind is DataKind.VISITORS else ()
        names = retention.due_names(kind) if self._application.may(Action.READ_VISITOR_FILES) else {}
        return [
            ResultRow(
                f"{item.what} {item.record_id}",
                item_title(item, names.get((item.what, item.record_id), "")),
                item_text(item),
                icon_name="hourglass",
            )
            for item in (*items, *held)
        ]

    def change(self, kind: DataKind, months: str) -> str:
        """Choose a term and say what holds now. Raises InputError."""
        number = int(months) if months.strip().isdecimal() else -1
        self._application.retention.change_rule(self._application.actor, kind, number)
        return changed_text(next(found for found in self._application.retention.rules() if found.rule.kind is kind))

    def erase(self, kind: DataKind, progress: Progress) -> ErasureReceipt:
        """Erase what is due of a kind."""
        try:
            return self._application.retention.erase_due(self._application.actor, kind, progress)
        finally:
            self._application.store.end_thread()

    def clean_up(self, progress: Progress) -> bool:
        """Rewrite the file."""
        try:
            return self._application.retention.clean_up(self._application.actor, progress)
        finally:
            self._application.store.end_thread()

    def receipt_rows(self, receipt: ErasureReceipt) -> list[tuple[str, str]]:
        """What was erased."""
        return [
            *((counted.label, str(counted.count)) for counted in receipt.counts),
            (tr("Datenbank"), clean_sentence(receipt)),
            (tr("Sicherungen"), backup_sentence(receipt)),
        ]

    def receipt_pdf(self, receipt: ErasureReceipt) -> bytes:
        """The receipt as PDF."""
        return self._application.retention.receipt_pdf(receipt)

    def save_receipt(self, receipt: ErasureReceipt, target: Path) -> None:
        """Write the receipt. Raises UserError or EnvironmentProblem."""
        # The dialog has asked whether a file that is there may go.
        write_whole(target, self.receipt_pdf(receipt), overwrite=True)

    @staticmethod
    def _row(due: DueList) -> ResultRow:
        term = term_text(due.in_force.months, due.in_force.start)
        if due.can_erase:
            badges: tuple[BadgeText, ...] = (BadgeText(tr("{count} fällig", count=due.count), Tone.WARNING),)
        elif due.in_force.rule.is_erased_here:
            badges = (BadgeText(tr("nichts fällig"), Tone.NEUTRAL),)
        else:
            badges = ()
        return ResultRow(due.in_force.rule.kind.value, due.in_force.label, term, badges=badges, icon_name="hourglass")
