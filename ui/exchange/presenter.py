"""What the page „Übergaben“ does, without widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.exchange.records import (
    DeclineReason,
    OfferEntry,
    OfferPreview,
    PartnerOffice,
    Referral,
    ReferralDetail,
)
from desktop_app.exchange.rules import reason_label
from desktop_app.visitors.records import (
    Consent,
    ConsentEntry,
    ConsentKind,
    ConsentState,
    VisitorEntry,
    VisitorFile,
    VisitorHit,
)
from ui.widgets.choice import Choice

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application

Undo = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Done:
    """Something was done: what to say, and how to take it back."""

    text: str
    undo: Undo | None = None


class ExchangePresenter:
    """Offers, answers and lists referrals of the open application."""

    def __init__(self, application: Application) -> None:
        """Work on the open application."""
        self._application = application
        self._actor = application.actor

    def may(self, action: Action) -> bool:
        """Tell whether the signed-in account may do something."""
        return self._application.may(action)

    def today(self) -> date:
        """Return the day."""
        return self._application.clock.today()

    def is_connected(self) -> bool:
        """Tell whether this desk knows other offices."""
        return self._application.exchange_queries.is_connected()

    # Lists ------------------------------------------------------------------------------------------

    def sent(self) -> tuple[Referral, ...]:
        """Return what this office offered."""
        return self._application.exchange_queries.sent()

    def received(self) -> tuple[Referral, ...]:
        """Return what other offices offered."""
        return self._application.exchange_queries.received()

    def waiting(self) -> int:
        """Return how many offers wait for an answer here."""
        return self._application.exchange_queries.waiting().received

    def unknown_keys(self) -> tuple[PartnerOffice, ...]:
        """Return the offices that wrote with a key nobody compared yet."""
        wanted = set(self._application.exchange_queries.with_unknown_key())
        return tuple(office for office in self.partners() if office.office_id in wanted)

    def open(self, referral_id: str) -> ReferralDetail:
        """Return a referral with its content; that it was read is written down. Raises UserError."""
        return self._application.exchange.open_referral(self._actor, referral_id)

    # Offices ----------------------------------------------------------------------------------------

    def partners(self) -> tuple[PartnerOffice, ...]:
        """Return the other offices."""
        return self._application.exchange_queries.partners()

    def partner(self, office_id: str) -> PartnerOffice | None:
        """Return one of them, None when it is not connected any more."""
        return next((office for office in self.partners() if office.office_id == office_id), None)

    def comparison_number(self, office_id: str) -> str:
        """Return the number to compare by telephone; empty while one of both keys is missing."""
        return self._application.exchange_queries.comparison_number(office_id)

    def confirm(self, office_id: str, number: str) -> Done:
        """Note that the number is the same on both sides. Raises UserError."""
        self._application.exchange.confirm_partner(self._actor, office_id, number)
        return Done(tr("Vermerkt: Die Zahl stimmt auf beiden Seiten überein."))

    # Offering ---------------------------------------------------------------------------------------

    def file(self, visitor_id: str) -> VisitorFile:
        """Return a file; that it was read is written down. Raises UserError."""
        return self._application.visitors.open_file(self._actor, visitor_id)

    def usable_consents(self, file: VisitorFile, office_id: str) -> tuple[Consent, ...]:
        """Return the consents that allow passing on to an office today."""
        return self._application.exchange_queries.usable_consents(file, office_id)

    def other_consents(self, file: VisitorFile) -> tuple[Consent, ...]:
        """Return the consents in force to pass on, whoever they name."""
        return tuple(
            consent
            for consent in file.consents
            if consent.kind is ConsentKind.PASS_ON and consent.state(file.day) is ConsentState.VALID
        )

    def topics(self) -> list[Choice]:
        """Return the topics of the office."""
        return [Choice(topic.topic_id, topic.name) for topic in self._application.settings.topics() if topic.active]

    def preview(self, file: VisitorFile, entry: OfferEntry) -> OfferPreview:
        """Return exactly what the other office will read. Raises InputError and UserError."""
        return self._application.exchange.preview(file, entry)

    def offer(self, file: VisitorFile, entry: OfferEntry, preview: OfferPreview) -> Done:
        """Offer the person to the other office. Raises InputError and UserError."""
        referral_id = self._application.exchange.offer(self._actor, file.visitor_id, entry, preview)
        return Done(
            tr("Übergabe an „{office}“ angeboten.", office=preview.office.name),
            lambda: self._application.exchange.withdraw(self._actor, referral_id),
        )

    def withdraw(self, referral: Referral) -> Done:
        """Withdraw an own offer. Raises UserError."""
        exchange = self._application.exchange
        exchange.withdraw(self._actor, referral.referral_id)
        return Done(tr("Übergabe zurückgezogen."), lambda: exchange.undo_withdrawal(self._actor, referral.referral_id))

    # Answering --------------------------------------------------------------------------------------

    def accept(self, referral: Referral) -> Done:
        """Accept an offer. Raises UserError."""
        exchange = self._application.exchange
        exchange.accept(self._actor, referral.referral_id)
        return Done(tr("Übergabe angenommen."), lambda: exchange.undo_answer(self._actor, referral.referral_id))

    def decline(self, referral: Referral, reason: DeclineReason, text: str) -> Done:
        """Decline an offer. Raises InputError and UserError."""
        exchange = self._application.exchange
        exchange.decline(self._actor, referral.referral_id, reason, text)
        return Done(tr("Übergabe abgelehnt."), lambda: exchange.undo_answer(self._actor, referral.referral_id))

    def reasons(self) -> list[Choice]:
        """Return the reasons to decline."""
        return [Choice(reason.value, reason_label(reason)) for reason in DeclineReason]

    def remove_content(self, referral: Referral) -> Done:
        """Remove what was passed on, for good. Raises UserError."""
        self._application.exchange.drop_content(self._actor, referral.referral_id)
        return Done(tr("Die Angaben sind hier entfernt."))

    def duplicates(self, entry: VisitorEntry) -> tuple[VisitorHit, ...]:
        """Return files that may be the same person."""
        return self._application.visitor_queries.possible_duplicates(entry)

    def create_file(self, referral: Referral, entry: VisitorEntry, consents: Sequence[ConsentEntry]) -> str:
        """Make a visitor file of an accepted referral; return its id. Raises InputError and UserError."""
        visitor_id = self._application.visitors.create_file(self._actor, entry, consents)
        self.link_file(referral, visitor_id)
        return visitor_id

    def link_file(self, referral: Referral, visitor_id: str) -> None:
        """Note that an accepted referral belongs to a file. Raises UserError."""
        self._application.exchange.link_file(self._actor, referral.referral_id, visitor_id)
