"""Commands on referrals between offices: offer, withdraw, accept, decline, read with a trail."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from uuid import uuid4

from desktop_app.core.actor import Actor
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.translation import tr
from desktop_app.exchange.mailbox import ANSWER
from desktop_app.exchange.queries import ExchangeQueries, referrals_of
from desktop_app.exchange.records import (
    Answer,
    Cause,
    ContentField,
    DeclineReason,
    Direction,
    ExchangeChanged,
    OfferEntry,
    OfferPreview,
    OfferState,
    Outcome,
    PartnerOffice,
    ReferralContent,
    ReferralDetail,
)
from desktop_app.exchange.rows import (
    Row,
    answer_columns,
    answer_part,
    content_in,
    content_text,
    fields_code,
    offer_columns,
    offer_part,
    own_wire_key,
    partner_of,
)
from desktop_app.exchange.rules import (
    LONGEST_ANSWER,
    LONGEST_MESSAGE,
    AnswerPart,
    OfferPart,
    consent_fact,
    expiry,
    fields_of,
    is_expired,
    outcome,
    usable_consents,
)
from desktop_app.exchange.settling import remove_content, withdraw
from desktop_app.exchange.tables import OfficeTable, PartnerTable, ReferralTable, WireTable
from desktop_app.settings.tables import OfficeTable as OwnOfficeTable
from desktop_app.settings.tables import TopicTable
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork
from desktop_app.visitors.records import Consent, VisitorEntry, VisitorFile
from desktop_app.visitors.rows import consent_of, demand_consent, entry_of
from desktop_app.visitors.tables import ConsentTable

_KIND = "exchange_referral"


class ExchangeService:
    """Offers and answers referrals. Nothing goes to the hub from here: the next round of the sync takes it there."""

    def __init__(self, store: Store) -> None:
        """Write to `store`."""
        self._store = store
        self._queries = ExchangeQueries(store)

    # Offices ----------------------------------------------------------------------------------------

    def confirm_partner(self, actor: Actor, office_id: str, number: str) -> None:
        """Note that the comparison number of an office was compared by telephone; from now on its key is trusted.

        Raises:
            UserError: the office has no key, or another one than the number was for.
        """
        with self._store.unit_of_work(actor, "compare_partner_key", ("office", office_id)) as unit:
            office = unit.first(OfficeTable.select().where(OfficeTable.id == office_id))
            if office is None or not office["public_key"] or self._queries.comparison_number(office_id) != number:
                raise UserError(
                    tr("Der Schlüssel dieses Büros hat sich gerade geändert. Bitte vergleichen Sie die neue Zahl.")
                )
            known = unit.first(PartnerTable.select().where(PartnerTable.id == office_id))
            columns = {
                "public_key": office["public_key"],
                "former_keys": _former_keys(known, office["public_key"]),
                "compared_at": unit.moment,
                "account_id": actor.account_id,
            }
            if known is None:
                unit.insert(PartnerTable, {"id": office_id, **columns})
            else:
                unit.update(PartnerTable, office_id, columns)
            unit.notify(ExchangeChanged())

    # Offering ---------------------------------------------------------------------------------------

    def preview(self, file: VisitorFile, entry: OfferEntry) -> OfferPreview:
        """Return exactly what the other office will read; nothing is stored.

        Raises:
            InputError: a chosen field is empty, or a text is too long.
            UserError: no consent in force allows it.
        """
        office = self._partner(entry.office_id)
        consents = usable_consents(file.consents, office, self._queries.partners(), file.day)
        consent = next((one for one in consents if one.consent_id == entry.consent_id), None)
        if consent is None:
            raise _no_consent(office)
        return OfferPreview(office, self._content(file.entry, entry, consent), expiry(self._store.clock.today()))

    def offer(self, actor: Actor, visitor_id: str, entry: OfferEntry, seen: OfferPreview) -> str:
        """Offer a person to another office, exactly as it was `seen` in the preview; return the referral's id.

        Raises:
            InputError: nothing is chosen to pass on, or a text is too long.
            UserError: no consent in force allows it, the file changed since the preview, the office's key was not
                compared, or the same person waits there already.
        """
        today = self._store.clock.today()
        referral_id = str(uuid4())  # not from `ids`: a UUIDv7 would tell the hub when the person came
        with self._store.unit_of_work(actor, "offer_referral", (_KIND, referral_id)) as unit:
            unit.also_subject("visitor", visitor_id)
            office = self._partner(entry.office_id)
            row = demand_consent(unit, visitor_id, today)
            consents = [
                consent_of(one) for one in unit.rows(ConsentTable.select().where(ConsentTable.visitor_id == visitor_id))
            ]
            usable = usable_consents(consents, office, self._queries.partners(), today)
            consent = next((one for one in usable if one.consent_id == entry.consent_id), None)
            if consent is None:
                raise _no_consent(office)
            content = self._content(entry_of(row), entry, consent)
            if content != seen.content or office.office_id != seen.office.office_id:
                raise UserError(
                    tr("Die Akte wurde inzwischen geändert. Bitte sehen Sie sich die Vorschau noch einmal an.")
                )
            if not office.is_compared:
                raise UserError(
                    tr(
                        "Bitte vergleichen Sie zuerst am Telefon die Zahl mit dem anderen Büro. Es wurde nichts gesendet."
                    )
                )
            self._refuse_second(unit, visitor_id, office)
            unit.insert(
                ReferralTable,
                {
                    "id": referral_id,
                    "direction": Direction.SENT.value,
                    "office_id": office.office_id,
                    "office_name": office.name,
                    "carrier_name": office.carrier,
                    "consent_id": consent.consent_id,
                    "content": content_text(content),
                    "fields": fields_code(fields_of(content)),
                    "offered_at": unit.moment,
                    "expires_on": seen.expires_on.isoformat(),
                    **offer_columns(OfferPart(OfferState.OFFERED)),
                    **answer_columns(None),
                    "account_id": actor.account_id,
                },
            )
            unit.notify(ExchangeChanged())
        return referral_id

    def withdraw(self, actor: Actor, referral_id: str) -> None:
        """Withdraw an own offer, at any time. What the other office has accepted may stay there.

        Raises:
            UserError: there is no such offer, or it is withdrawn already.
        """
        with self._store.unit_of_work(actor, "withdraw_referral", (_KIND, referral_id)) as unit:
            row = _row(unit, referral_id, Direction.SENT)
            if row["offer"] == OfferState.WITHDRAWN.value:
                raise UserError(tr("Diese Übergabe ist schon zurückgezogen."))
            withdraw(unit, row, Cause.BY_HAND)

    def undo_withdrawal(self, actor: Actor, referral_id: str) -> None:
        """Take back a withdrawal by hand that the hub has not heard of.

        Raises:
            UserError: it is told already, or the consent is not in force any more.
        """
        today = self._store.clock.today()
        with self._store.unit_of_work(actor, "undo_withdrawal", (_KIND, referral_id)) as unit:
            row = _row(unit, referral_id, Direction.SENT)
            consent = unit.first(ConsentTable.select().where(ConsentTable.id == row["consent_id"]))
            known = unit.first(WireTable.select().where(WireTable.id == own_wire_key(row)))
            is_told = known is not None and known["state"] == OfferState.WITHDRAWN.value
            if row["cause"] != Cause.BY_HAND.value or not row["content"] or is_told or consent is None:
                raise UserError(tr("Das Zurückziehen ist schon wirksam. Bitte bieten Sie die Übergabe noch einmal an."))
            if is_expired(date.fromisoformat(row["expires_on"]), today):
                raise UserError(tr("Die Frist der Übergabe ist abgelaufen. Bitte bieten Sie sie noch einmal an."))
            state = OfferState.OFFERED if answer_part(row) is None else OfferState.CLOSED
            unit.update(ReferralTable, referral_id, offer_columns(OfferPart(state)))
            unit.notify(ExchangeChanged())

    # Answering --------------------------------------------------------------------------------------

    def open_referral(self, actor: Actor, referral_id: str) -> ReferralDetail:
        """Return a referral with its content; that it was read, by whom and when is written down first.

        Raises:
            UserError: there is no such referral.
        """
        with self._store.unit_of_work(actor, "read_referral", (_KIND, referral_id)) as unit:
            row = _row(unit, referral_id)
            compared = unit.first(PartnerTable.select().where(PartnerTable.id == row["office_id"]))
            office = unit.first(OfficeTable.select().where(OfficeTable.id == row["office_id"]))
            is_compared = office is not None and partner_of(office, compared).is_compared
            return ReferralDetail(referrals_of(self._store, [row])[0], content_in(row), is_compared)

    def accept(self, actor: Actor, referral_id: str) -> None:
        """Accept an offer. No file comes of it by itself: that needs the person's consent here.

        Raises:
            UserError: it is answered, withdrawn or expired.
        """
        self._answer(actor, "accept_referral", referral_id, Answer.ACCEPTED)

    def decline(self, actor: Actor, referral_id: str, reason: DeclineReason, text: str = "") -> None:
        """Decline an offer with a reason; `text` must say nothing about the person.

        Raises:
            InputError: the text is too long.
            UserError: it is answered, withdrawn or expired.
        """
        text = text.strip()
        if len(text) > LONGEST_ANSWER:
            raise InputError("text", tr("Der Text ist zu lang (höchstens {count} Zeichen).", count=LONGEST_ANSWER))
        self._answer(actor, "decline_referral", referral_id, Answer.DECLINED, reason, text)

    def undo_answer(self, actor: Actor, referral_id: str) -> None:
        """Take back an answer that the hub has not heard of.

        Raises:
            UserError: it is told already.
        """
        with self._store.unit_of_work(actor, "undo_answer", (_KIND, referral_id)) as unit:
            row = _row(unit, referral_id, Direction.RECEIVED)
            known = unit.first(WireTable.select().where(WireTable.id == own_wire_key(row)))
            if not row["answer"] or (known is not None and known["collection"] == ANSWER and known["state"]):
                raise UserError(tr("Das andere Büro hat die Antwort schon. Bitte rufen Sie dort an."))
            unit.update(ReferralTable, referral_id, {**answer_columns(None), "account_id": ""})
            unit.notify(ExchangeChanged())

    def link_file(self, actor: Actor, referral_id: str, visitor_id: str) -> None:
        """Note which visitor file came of an accepted referral, for access requests.

        Raises:
            UserError: the referral was not accepted, or the file is gone.
        """
        with self._store.unit_of_work(actor, "link_referral", (_KIND, referral_id)) as unit:
            row = _row(unit, referral_id, Direction.RECEIVED)
            demand_consent(unit, visitor_id, self._store.clock.today())
            if row["answer"] != Answer.ACCEPTED.value:
                raise UserError(tr("Nur eine angenommene Übergabe lässt sich mit einer Akte verbinden."))
            unit.update(ReferralTable, referral_id, {"visitor_id": visitor_id})
            unit.also_subject("visitor", visitor_id)
            unit.notify(ExchangeChanged())

    def drop_content(self, actor: Actor, referral_id: str) -> None:
        """Remove what was passed on before its term ends; the bare fact stays.

        Raises:
            UserError: there is no such referral, it still waits, or nothing is left of it.
        """
        with self._store.unit_of_work(actor, "empty_referral", (_KIND, referral_id)) as unit:
            row = _row(unit, referral_id)
            if outcome(offer_part(row), answer_part(row)) is Outcome.WAITING:
                raise UserError(tr("Diese Übergabe wartet noch auf eine Antwort."))
            if not remove_content(unit, referral_id):
                raise UserError(tr("Von dieser Übergabe sind keine Angaben mehr da."))

    # ------------------------------------------------------------------------------------------------

    def _answer(
        self,
        actor: Actor,
        action: str,
        referral_id: str,
        answer: Answer,
        reason: DeclineReason | None = None,
        text: str = "",
    ) -> None:
        with self._store.unit_of_work(actor, action, (_KIND, referral_id)) as unit:
            row = _row(unit, referral_id, Direction.RECEIVED)
            state = outcome(offer_part(row), answer_part(row))
            if state is not Outcome.WAITING:
                raise UserError(tr("Diese Übergabe ist schon beantwortet oder wurde zurückgezogen."))
            if is_expired(date.fromisoformat(row["expires_on"]), self._store.clock.today()) or not row["content"]:
                raise UserError(tr("Die Frist dieser Übergabe ist abgelaufen. Das anbietende Büro kann sie erneuern."))
            part = AnswerPart(answer, reason, text, unit.moment)
            unit.update(ReferralTable, referral_id, {**answer_columns(part), "account_id": actor.account_id})
            unit.notify(ExchangeChanged())

    def _partner(self, office_id: str) -> PartnerOffice:
        found = next((one for one in self._queries.partners() if one.office_id == office_id), None)
        if found is None:
            raise UserError(tr("Dieses Büro ist zurzeit nicht verbunden. Bitte wählen Sie ein anderes."))
        return found

    def _content(self, person: VisitorEntry, entry: OfferEntry, consent: Consent) -> ReferralContent:
        message = entry.message.strip()
        if len(message) > LONGEST_MESSAGE:
            raise InputError("message", tr("Der Text ist zu lang (höchstens {count} Zeichen).", count=LONGEST_MESSAGE))
        chosen = entry.fields
        office = self._store.first(OwnOfficeTable.select())
        content = ReferralContent(consent_fact(consent), callback=office["phone"][:200] if office else "")
        if ContentField.NAME in chosen:
            content = replace(content, name=person.name or person.former_name)
        if ContentField.PHONE in chosen:
            content = replace(content, phone=person.phone)
        if ContentField.BIRTH_YEAR in chosen:
            content = replace(content, birth_year=person.year)
        if ContentField.TOPIC in chosen:
            topic = self._store.first(TopicTable.select().where(TopicTable.id == entry.topic_id))
            if topic is None:
                raise InputError("topic", tr("Bitte wählen Sie das Thema, um das es geht."))
            content = replace(content, topic_code=topic["code"], topic_name=topic["name"])
        if ContentField.MESSAGE in chosen:
            content = replace(content, message=message)
        missing = chosen - fields_of(content)
        if ContentField.MESSAGE in missing:
            raise InputError("message", tr("Bitte schreiben Sie die Nachricht, oder nehmen Sie das Kreuz weg."))
        if missing:
            raise InputError(
                "fields", tr("Ein angekreuztes Feld ist in der Akte leer. Bitte nehmen Sie das Kreuz weg.")
            )
        if not chosen & {ContentField.NAME, ContentField.PHONE}:
            raise InputError(
                "fields",
                tr("Ohne Name und ohne Telefon kann das andere Büro niemanden erreichen. Bitte kreuzen Sie an."),
            )
        return content

    @staticmethod
    def _refuse_second(unit: UnitOfWork, visitor_id: str, office: PartnerOffice) -> None:
        waiting = unit.sql(
            "SELECT 1 FROM exchange_referral AS referral "
            "JOIN visitor_consent AS consent ON consent.id = referral.consent_id "
            "WHERE consent.visitor_id = ? AND referral.office_id = ? AND referral.offer = 'offered' AND referral.answer = ''",
            (visitor_id, office.office_id),
        )
        if waiting:
            raise UserError(
                tr("Bei „{office}“ wartet schon eine Übergabe dieser Person. Ziehen Sie sie zurück, um sie zu ändern.",
                   office=office.name)
            )  # fmt: skip


def _row(unit: UnitOfWork, referral_id: str, direction: Direction | None = None) -> Row:
    row = unit.first(ReferralTable.select().where(ReferralTable.id == referral_id))
    if row is None or (direction is not None and row["direction"] != direction.value):
        raise UserError(tr("Diese Übergabe gibt es nicht (mehr)."))
    return row


def _former_keys(known: Row | None, current: str) -> str:
    if known is None:
        return "[]"
    former = [known["public_key"], *json.loads(known["former_keys"])]
    return json.dumps([key for key in dict.fromkeys(former) if key != current])


def _no_consent(office: PartnerOffice) -> UserError:
    return UserError(
        tr("Keine gültige Einwilligung dieser Person erlaubt eine Weitergabe an „{office}“. Bitte halten Sie zuerst eine fest, "
           "die dieses Büro oder seinen Träger nennt.", office=office.title)
    )  # fmt: skip
