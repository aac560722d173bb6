"""What the page „Personen“ does, without widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop_app.bootstrap import Application
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count
from desktop_app.visitors.drafts import draft_id_of
from desktop_app.visitors.records import (
    Consent,
    ConsentEntry,
    ErasureHold,
    Merge,
    VisitorEntry,
    VisitorFile,
    VisitorHit,
)
from desktop_app.visitors.rules import checked_consent
from ui.erasing.presenter import ErasurePresenter
from ui.visitors.wording import day_text, name_of

Undo = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Done:
    """Something was done: what to say and how to take it back."""

    text: str
    undo: Undo | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet in the making: its name on the screen and as a file, and what makes it."""

    title: str
    file_name: str
    make: Callable[[], bytes]


class VisitorsPresenter:
    """Searches, opens and changes visitor files of the open application."""

    def __init__(self, application: Application) -> None:
        """Work on the open application."""
        self._application = application

    def erasure(self, file: VisitorFile) -> ErasurePresenter:
        """Return what asks about erasing a person and does it."""
        return ErasurePresenter.of_visitor(self._application, file.visitor_id, name_of(file.entry))

    def may(self, action: Action) -> bool:
        """Tell whether the signed-in account may do something."""
        return self._application.may(action)

    def today(self) -> date:
        """Return the day."""
        return self._application.clock.today()

    def search(self, text: str) -> tuple[VisitorHit, ...]:
        """Return the files for what was typed."""
        return self._application.visitor_queries.search(text)

    def duplicates(self, entry: VisitorEntry, but: str = "") -> tuple[VisitorHit, ...]:
        """Return files that may be the same person."""
        return self._application.visitor_queries.possible_duplicates(entry, but=but)

    def open(self, visitor_id: str) -> VisitorFile:
        """Return a file; that it was read is written down. Raises UserError."""
        return self._application.visitors.open_file(self._application.actor, visitor_id)

    def create(self, entry: VisitorEntry, consents: Sequence[ConsentEntry]) -> str:
        """Create a file and return its id. Raises InputError."""
        return self._application.visitors.create_file(self._application.actor, entry, consents)

    def draft(self) -> Mapping[str, object] | None:
        """Return the new file that was half typed when the program last ended."""
        if not self.may(Action.CHANGE_VISITOR_FILES):
            return None
        return self._application.visitor_drafts.open_draft(self._application.actor)

    def keep_draft(self, content: Mapping[str, object], *, is_known: bool) -> bool:
        """Put a half-typed file on disk; False if it was erased meanwhile."""
        return self._application.visitor_drafts.keep(self._application.actor, content, is_known=is_known)

    def discard_draft(self) -> None:
        """Drop the half-typed file."""
        self._application.visitor_drafts.discard(self._application.actor)

    def is_draft(self, draft_ids: frozenset[str]) -> bool:
        """Whether the account's half-typed file is among them."""
        return draft_id_of(self._application.actor.account_id) in draft_ids

    def change(self, file: VisitorFile, entry: VisitorEntry) -> Done:
        """Replace what a file says. Raises InputError and UserError."""
        visitors, actor = self._application.visitors, self._application.actor
        visitors.change_file(actor, file.visitor_id, entry, revision=file.revision)

        def undo() -> None:
            visitors.change_file(actor, file.visitor_id, file.entry, revision=file.revision + 1)

        return Done(tr("Personenakte geändert."), undo)

    def add_consents(self, visitor_id: str, consents: Sequence[ConsentEntry]) -> Done:
        """Record further consents, all or none of them. Raises InputError and UserError."""
        for consent in consents:
            checked_consent(consent, self.today())
        for consent in consents:
            self._application.visitors.add_consent(self._application.actor, visitor_id, consent)
        return Done(tr("Einwilligung festgehalten."))

    def revoke(self, consent: Consent) -> Done:
        """Note that a consent was revoked today, on every paper it stands on. Raises UserError."""
        visitors, actor = self._application.visitors, self._application.actor
        revoked = visitors.revoke_consent(actor, consent.consent_id)
        text = tr_count(
            "Widerruf festgehalten: {kind}.",
            "Widerruf festgehalten: {kind}, alle {count} Einwilligungen dazu.",
            len(revoked),
            kind=consent.kind.label,
        )
        return Done(text, lambda: visitors.undo_revocation(actor, *revoked))

    def hold(self, file: VisitorFile, hold: ErasureHold) -> Done:
        """Suspend the erasure of a file. Raises InputError and UserError."""
        visitors, actor = self._application.visitors, self._application.actor
        visitors.hold_erasure(actor, file.visitor_id, hold)
        return Done(
            tr("Die Löschung ist bis {day} ausgesetzt.", day=day_text(hold.until)),
            lambda: visitors.release_erasure(actor, file.visitor_id),
        )

    def release(self, file: VisitorFile) -> Done:
        """Suspend the erasure of a file no longer. Raises UserError."""
        visitors, actor, before = self._application.visitors, self._application.actor, file.hold
        visitors.release_erasure(actor, file.visitor_id)

        def undo() -> None:
            if before is not None:
                visitors.hold_erasure(actor, file.visitor_id, before)

        return Done(tr("Die Aussetzung der Löschung ist aufgehoben."), undo)

    def merge(self, kept: VisitorFile, other: VisitorHit) -> Done:
        """Merge another file into this one. Raises UserError."""
        merges, actor = self._application.visitor_merges, self._application.actor
        merge_id = merges.merge_files(actor, kept.visitor_id, other.visitor_id)
        return Done(tr("Zwei Personenakten zusammengeführt."), lambda: merges.undo_merge(actor, merge_id))

    def undo_merge(self, merge: Merge) -> Done:
        """Take a merge back. Raises UserError."""
        self._application.visitor_merges.undo_merge(self._application.actor, merge.merge_id)
        return Done(tr("Zusammenführen rückgängig gemacht."))

    # Paper ------------------------------------------------------------------------------------------

    def consent_form(self) -> Paper:
        """Return the consent form to sign."""
        application = self._application
        return Paper(
            tr("Einwilligung"),
            tr("Einwilligung.pdf"),
            lambda: application.visitor_forms.consent_form(application.settings.office(), day=self.today()),
        )

    def secrecy_release(self, file: VisitorFile | None = None) -> Paper:
        """Return the release from secrecy, with the name of the person if there is a file."""
        application = self._application
        person = name_of(file.entry) if file else ""
        return Paper(
            tr("Schweigepflichtentbindung"),
            tr("Schweigepflichtentbindung.pdf"),
            lambda: application.visitor_forms.secrecy_release(
                application.settings.office(), day=self.today(), person=person
            ),
        )

    def access_answer(self, file: VisitorFile) -> Paper:
        """Return the answer to an access request; making it is written down."""
        application = self._application

        def make() -> bytes:
            report = application.visitors.access_report(application.actor, file.visitor_id)
            return application.visitor_forms.access_answer(application.settings.office(), report, day=self.today())

        return Paper(tr("Auskunft"), tr("Auskunft.pdf"), make)

    def access_data(self, file: VisitorFile) -> Paper:
        """Return the answer to an access request as data."""
        application = self._application

        def make() -> bytes:
            report = application.visitors.access_report(application.actor, file.visitor_id)
            return application.visitor_forms.access_data(application.settings.office(), report, day=self.today())

        return Paper(tr("Auskunft als Daten"), tr("Auskunft.json"), make)
