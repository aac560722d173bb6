"""What is erased and what stays, for a note or a person; without any widget."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count
from desktop_app.documents.dates import german_date
from desktop_app.environment.output_files import write_whole
from desktop_app.retention.wording import backup_sentence, clean_sentence, copies_sentences

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress
    from desktop_app.retention.records import ErasurePreview, ErasureReceipt

Row = tuple[str, str]


class ErasurePresenter:
    """One erasure that is asked for. The method with ``progress`` belongs into a task."""

    def __init__(
        self,
        application: Application,
        title: str,
        preview: Callable[[], ErasurePreview],
        erase: Callable[[Progress], ErasureReceipt],
    ) -> None:
        self.title = title
        self._application, self._preview, self._erase = application, preview, erase

    @classmethod
    def of_note(cls, application: Application, contact_id: str) -> ErasurePresenter:
        """The confidential note of one contact."""
        retention, actor = application.retention, application.actor
        return cls(
            application,
            tr("Notiz endgültig löschen?"),
            lambda: retention.preview_note(contact_id),
            lambda progress: retention.erase_note(actor, contact_id, progress),
        )

    @classmethod
    def of_visitor(cls, application: Application, visitor_id: str, name: str) -> ErasurePresenter:
        """Everything about one person."""
        retention, actor = application.retention, application.actor
        return cls(
            application,
            tr("„{name}“ endgültig löschen?", name=name),
            lambda: retention.preview_visitor(visitor_id),
            lambda progress: retention.erase_visitor(actor, visitor_id, progress),
        )

    def look(self) -> tuple[list[Row], list[Row]]:
        """Return what goes and what stays. Raises UserError."""
        found = self._preview()
        goes = [(counted.label, str(counted.count)) for counted in found.goes]
        contacts = tr_count(
            "1 Kontakt ohne Text und ohne Person", "{count} Kontakte ohne Text und ohne Person", found.contacts
        )
        stays = [
            (tr("Statistik"), contacts if found.contacts else tr("unverändert")),
            (tr("Protokoll"), tr("dass und wann gelöscht wurde und von wem, ohne Inhalt")),
            (
                tr("Sicherungen"),
                tr("verschlüsselt bis spätestens {day}; nach einem Zurückspielen wird wieder gelöscht",
                   day=german_date(found.out_of_backups_by)),
            ),
        ]  # fmt: skip
        stays += [(tr("Kopien"), sentence) for sentence in copies_sentences(found.copies)]
        return goes, stays

    def erase(self, progress: Progress) -> ErasureReceipt:
        """Erase it. Raises UserError or EnvironmentProblem."""
        try:
            return self._erase(progress)
        finally:
            self._application.store.end_thread()

    @staticmethod
    def receipt_rows(receipt: ErasureReceipt) -> list[Row]:
        """Return what was erased."""
        return [
            *((counted.label, str(counted.count)) for counted in receipt.counts),
            (tr("Datenbank"), clean_sentence(receipt)),
            (tr("Sicherungen"), backup_sentence(receipt)),
        ]

    def receipt_pdf(self, receipt: ErasureReceipt) -> bytes:
        """Return the receipt as PDF. Raises EnvironmentProblem."""
        return self._application.retention.receipt_pdf(receipt)

    def save_receipt(self, receipt: ErasureReceipt, target: Path) -> None:
        """Write the receipt. Raises UserError or EnvironmentProblem."""
        # The dialog has asked whether a file that is there may go.
        write_whole(target, self.receipt_pdf(receipt), overwrite=True)


def may_erase(application: Application) -> bool:
    """Tell whether the signed-in account may erase what is known of visitors."""
    return application.may(Action.ERASE_CLIENT_DATA)
