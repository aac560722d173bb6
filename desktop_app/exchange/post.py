"""The exchange's side of a sync round: what goes to the hub, and what came from it. See `mailbox.ExchangeMailbox`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from desktop_app.core.actor import Actor
from desktop_app.exchange.mailbox import ANSWER, OFFER, HubOffice, OfficePair, WireChange, WireRecord
from desktop_app.exchange.records import Direction, ExchangeChanged, OfferState
from desktop_app.exchange.rows import (
    Row,
    answer_columns,
    answer_part,
    by_id,
    content_in,
    content_text,
    fields_code,
    offer_columns,
    offer_part,
    own_wire_key,
    wire_key,
)
from desktop_app.exchange.rules import AnswerPart, after_answer, fields_of, joined_offer, told_answer
from desktop_app.exchange.sealing import NewerSeal, NotForUs, SealBroken, UnknownSender, key_bytes, open_sealed, seal
from desktop_app.exchange.settling import due, remove_content, take_offer, withdraw
from desktop_app.exchange.tables import OfficeTable, PartnerTable, ReferralTable, WireTable
from desktop_app.exchange.wire import (
    BadRecord,
    MovedRecord,
    NewerRecord,
    OfferRecord,
    Parsed,
    Place,
    answer_bytes,
    offer_bytes,
    parsed,
)
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork

#: why a record waits
NO_REFERRAL: Final = "no_referral"
UNKNOWN_KEY: Final = "unknown_key"
NEWER: Final = "newer"
UNREADABLE: Final = "unreadable"
MISPLACED: Final = "misplaced"
#: a fault of whoever brought it, or a newer program; the other reasons end by themselves or are told elsewhere
_UNUSABLE: Final = (UNREADABLE, MISPLACED, NEWER)


class ExchangePost:
    """Seals and opens, keeps what can't be used yet, and never does anything twice."""

    def __init__(self, store: Store) -> None:
        """Work on `store`."""
        self._store = store

    # Offices ----------------------------------------------------------------------------------------

    def know_offices(self, actor: Actor, own_office_id: str, offices: Sequence[HubOffice]) -> None:
        """Take what the hub says about all offices; the same again changes nothing."""
        rows = [
            {
                "id": office.office_id,
                "name": office.name,
                "carrier_id": office.carrier_id,
                "carrier_name": office.carrier_name,
                "public_key": office.public_key,
                "is_own": int(office.office_id == own_office_id),
            }
            for office in sorted(offices, key=lambda one: one.office_id)
        ]
        if self._store.rows(OfficeTable.select().order_by(OfficeTable.id)) != rows:
            self._replace_offices(actor, rows)

    def forget_offices(self, actor: Actor) -> None:
        """Not connected any more: what was exchanged stays, nothing more goes out."""
        self._replace_offices(actor, [])

    def partners(self) -> tuple[str, ...]:
        """Return the offices that something was offered to or that offered something."""
        known = {row[0] for row in self._store.tuples(OfficeTable.select(OfficeTable.id))}
        rows = self._store.tuples(ReferralTable.select(ReferralTable.office_id).distinct())
        return tuple(sorted(known & {row[0] for row in rows}))

    # Incoming ---------------------------------------------------------------------------------------

    def incoming(self, unit: UnitOfWork, with_office: str, pair: OfficePair, records: Sequence[WireRecord]) -> None:
        """Take records of the space with an office; then try again what waited."""
        trusted = self._trusted(with_office)
        for record in sorted(records, key=lambda one: one.seq):
            if record.deleted or record.collection not in {OFFER, ANSWER}:
                continue  # neither office deletes; the hub alone must not
            known = unit.first(
                WireTable.select().where(WireTable.id == wire_key(with_office, record.collection, record.record_id))
            )
            if known is None or record.seq >= known["seq"]:
                self._take(unit, with_office, pair, trusted, record, known)
        for row in self._waiting(unit, with_office):
            self._take(unit, with_office, pair, trusted, _kept(row), row)

    def has_become_usable(self, with_office: str, pair: OfficePair) -> bool:
        """Tell whether a record that waits can be opened now, and belongs to a referral that is here or comes with it."""
        waiting = self._waiting(self._store, with_office)
        trusted = self._trusted(with_office) if waiting else ()
        for row in waiting:
            found, _problem = _opened(pair, with_office, trusted, _kept(row))
            if found is None:
                continue
            referral = self._store.first(ReferralTable.select().where(ReferralTable.id == row["record_id"]))
            if _begins_one(found) if referral is None else _belongs_to(found, referral, with_office):
                return True
        return False

    @staticmethod
    def unusable(unit: UnitOfWork, with_office: str) -> dict[str, str]:
        """Return the records of an office that are damaged, misplaced or of a newer program, each with the reason."""
        rows = unit.rows(
            WireTable.select().where((WireTable.office_id == with_office) & WireTable.problem.in_(_UNUSABLE))
        )
        return {row["id"]: row["problem"] for row in rows}

    @staticmethod
    def _waiting(reader: Store | UnitOfWork, with_office: str) -> list[Row]:
        waiting = WireTable.select().where((WireTable.office_id == with_office) & (WireTable.problem != ""))
        return list(reader.rows(waiting.order_by(WireTable.seq)))

    def _take(
        self,
        unit: UnitOfWork,
        with_office: str,
        pair: OfficePair,
        trusted: Sequence[bytes],
        record: WireRecord,
        known: Row | None,
    ) -> None:
        state = ""
        found, problem = _opened(pair, with_office, trusted, record)
        if found is not None:
            said = found.record
            state = said.part.state.value if isinstance(said, OfferRecord) else said.answer.value
            if not self._apply(unit, with_office, record.record_id, found):
                problem = NO_REFERRAL
        self._remember(unit, with_office, record, known, state, problem)

    def _apply(self, unit: UnitOfWork, with_office: str, record_id: str, found: Parsed) -> bool:
        """Write what a record says; return False when it has to wait for its referral."""
        row = unit.first(ReferralTable.select().where(ReferralTable.id == record_id))
        said = found.record
        if row is None:
            if isinstance(said, OfferRecord) and _begins_one(found):
                self._receive(unit, with_office, record_id, said)
                return True
            return False
        if not _belongs_to(found, row, with_office):
            return False
        if isinstance(said, OfferRecord):
            changed = take_offer(unit, row, joined_offer(offer_part(row), said.part))
        else:
            changed = self._take_answer(unit, row, said, is_own=found.is_own)
        if changed:
            unit.also_subject("exchange_referral", record_id)
        return True

    @staticmethod
    def _take_answer(unit: UnitOfWork, row: Row, said: AnswerPart, *, is_own: bool) -> bool:
        """Write an answer as the hub has it: the first there stands, also against an own one that came second."""
        mine = answer_part(row)
        if mine is not None and not row["content"] and not row["answer_text"]:
            said = replace(said, text="")  # the text was taken away here with the content
        changes: dict[str, Any] = {} if mine == said else answer_columns(said)
        if not is_own:
            closed = after_answer(offer_part(row), said)
            if closed != offer_part(row):
                changes |= offer_columns(closed)
        if changes:
            unit.update(ReferralTable, row["id"], changes)
            unit.notify(ExchangeChanged())
        return bool(changes)

    @staticmethod
    def _receive(unit: UnitOfWork, with_office: str, record_id: str, said: OfferRecord) -> None:
        office = unit.first(OfficeTable.select().where(OfficeTable.id == with_office))
        if said.content is None:
            raise ValueError("an offer that stands has a content")
        unit.insert(
            ReferralTable,
            {
                "id": record_id,
                "direction": Direction.RECEIVED.value,
                "office_id": with_office,
                "office_name": office["name"] if office else "",
                "carrier_name": office["carrier_name"] if office else "",
                "content": content_text(said.content),
                "fields": fields_code(fields_of(said.content)),
                "offered_at": said.offered_at,
                "expires_on": said.expires_on.isoformat(),
                **offer_columns(said.part),
                **answer_columns(None),
            },
        )
        unit.also_subject("exchange_referral", record_id)
        unit.notify(ExchangeChanged())

    def _remember(
        self,
        unit: UnitOfWork,
        with_office: str,
        record: WireRecord,
        known: Row | None,
        state: str,
        problem: str,
    ) -> None:
        columns = {
            "seq": record.seq,
            "state": state or (known["state"] if known else ""),
            "waiting": record.data if problem else "",
            "problem": problem,
        }
        if known is not None:
            if any(known[name] != value for name, value in columns.items()):
                unit.update(WireTable, known["id"], columns)
            if (known["state"], known["problem"]) != (columns["state"], columns["problem"]):
                unit.notify(ExchangeChanged())  # such as: the hub has what was offered here
            return
        unit.insert(
            WireTable,
            {
                "id": wire_key(with_office, record.collection, record.record_id),
                "office_id": with_office,
                "collection": record.collection,
                "record_id": record.record_id,
                **columns,
            },
        )
        unit.notify(ExchangeChanged())

    # Outgoing ---------------------------------------------------------------------------------------

    def outgoing(self, actor: Actor, with_office: str, pair: OfficePair) -> tuple[WireChange, ...]:
        """Return what the hub does not have yet, the oldest first."""
        self.settle(actor)
        rows = self._store.rows(
            ReferralTable.select()
            .where(ReferralTable.office_id == with_office)
            .order_by(ReferralTable.offered_at, ReferralTable.id)
        )
        if not rows:
            return ()
        wire = by_id(self._store.rows(WireTable.select().where(WireTable.office_id == with_office)))
        changes = []
        for row in rows:
            known = wire.get(own_wire_key(row))
            if row["direction"] == Direction.SENT.value:
                plain = self._offer_to_tell(row, known, pair, with_office)
                collection = OFFER
            else:
                plain = self._answer_to_tell(row, known, pair, with_office)
                collection = ANSWER
            key = self._key_for(with_office, has_content=row["offer"] == OfferState.OFFERED.value
                                and collection == OFFER)  # fmt: skip
            if plain is not None and key is not None:
                base = known["seq"] if known else 0
                changes.append(WireChange(collection, row["id"], base, seal(pair.private_keys[0], key, plain)))
        self._note_sending(actor, with_office, changes, wire)
        return tuple(changes)

    def _note_sending(
        self, actor: Actor, with_office: str, changes: Sequence[WireChange], known: Mapping[str, Row]
    ) -> None:
        """Remember what goes out for the first time: from now on somebody may have heard of it, whatever the hub forgets."""
        keys = {wire_key(with_office, change.collection, change.record_id): change for change in changes}
        new = {key: change for key, change in keys.items() if key not in known}
        if not new:
            return
        with self._store.unit_of_work(actor, "sync_noted", None) as unit:
            for key, change in new.items():
                unit.insert(
                    WireTable,
                    {
                        "id": key,
                        "office_id": with_office,
                        "collection": change.collection,
                        "record_id": change.record_id,
                        "seq": 0,
                        "state": "",
                        "waiting": "",
                        "problem": "",
                    },
                )

    def settle(self, actor: Actor) -> int:
        """Withdraw what lost its ground and take away what must not stay; return how many."""
        found = due(self._store)
        for row, cause in found:
            subject = ("exchange_referral", row["id"])
            if cause is not None:
                with self._store.unit_of_work(actor, "withdraw_referral", subject) as unit:
                    withdraw(unit, row, cause)
            else:
                with self._store.unit_of_work(actor, "empty_referral", subject) as unit:
                    remove_content(unit, row["id"])
        return len(found)

    def restarted(self, unit: UnitOfWork, with_office: str) -> None:
        """Forget what the hub had; everything that stands is told again, by the other office too."""
        for row in unit.rows(WireTable.select(WireTable.id).where(WireTable.office_id == with_office)):
            unit.update(WireTable, row["id"], {"seq": 0, "state": "", "waiting": "", "problem": ""})

    def _offer_to_tell(self, row: Row, known: Row | None, pair: OfficePair, receiver: str) -> bytes | None:
        part = offer_part(row)
        if known is not None and known["state"] == part.state.value:
            return None
        if known is None and part.state is not OfferState.OFFERED:
            return None  # taken back before anybody heard of it
        content = content_in(row) if part.state is OfferState.OFFERED else None
        if part.state is OfferState.OFFERED and content is None:
            return None
        offer = OfferRecord(row["offered_at"], date.fromisoformat(row["expires_on"]), part, content)
        return offer_bytes(Place(OFFER, row["id"], pair.office_id, receiver), offer)

    @staticmethod
    def _answer_to_tell(row: Row, known: Row | None, pair: OfficePair, receiver: str) -> bytes | None:
        answer = told_answer(offer_part(row), answer_part(row))
        if answer is None or (known is not None and known["state"]):
            return None
        return answer_bytes(Place(ANSWER, row["id"], pair.office_id, receiver), answer)

    # Keys -------------------------------------------------------------------------------------------

    def _key_for(self, office_id: str, *, has_content: bool) -> bytes | None:
        """Return the key to seal with. What says something about a person goes to a compared key only."""
        office = self._store.first(OfficeTable.select().where(OfficeTable.id == office_id))
        if office is None or not office["public_key"]:
            return None
        compared = self._store.first(PartnerTable.select().where(PartnerTable.id == office_id))
        if has_content and (compared is None or compared["public_key"] != office["public_key"]):
            return None
        try:
            return key_bytes(office["public_key"])
        except SealBroken:
            return None

    def _trusted(self, office_id: str) -> tuple[bytes, ...]:
        """Return the keys of an office that are taken: those compared, or the listed one until one was compared."""
        compared = self._store.first(PartnerTable.select().where(PartnerTable.id == office_id))
        if compared is not None:
            texts = [compared["public_key"], *json.loads(compared["former_keys"])]
        else:
            office = self._store.first(OfficeTable.select().where(OfficeTable.id == office_id))
            texts = [office["public_key"]] if office is not None and office["public_key"] else []
        keys = []
        for text in texts:
            try:
                keys.append(key_bytes(text))
            except SealBroken:
                continue
        return tuple(keys)

    def _replace_offices(self, actor: Actor, rows: Sequence[Mapping[str, object]]) -> None:
        with self._store.unit_of_work(actor, "know_offices", None) as unit:
            for row in unit.rows(OfficeTable.select(OfficeTable.id)):
                unit.delete(OfficeTable, row["id"])
            unit.insert_many(OfficeTable, rows)
            unit.notify(ExchangeChanged())


def _begins_one(found: Parsed) -> bool:
    """Tell whether a record brings a referral that was not here."""
    return isinstance(found.record, OfferRecord) and not found.is_own and found.record.content is not None


def _belongs_to(found: Parsed, row: Row, with_office: str) -> bool:
    """Tell whether a record is about this referral: an own offer and another's answer are about what was sent."""
    is_about_sent = found.is_own == isinstance(found.record, OfferRecord)
    direction = Direction.SENT if is_about_sent else Direction.RECEIVED
    return bool(row["office_id"] == with_office and row["direction"] == direction.value)


def _kept(row: Row) -> WireRecord:
    return WireRecord(row["seq"], row["collection"], row["record_id"], row["waiting"])


def _opened(
    pair: OfficePair, with_office: str, trusted: Sequence[bytes], record: WireRecord
) -> tuple[Parsed | None, str]:
    """Return what a record says, or None and why it can't be used. Newer keys may come: then it is tried again."""
    try:
        plain = open_sealed(pair.private_keys, trusted, record.data)
        return parsed(record.collection, record.record_id, pair.office_id, with_office, plain), ""
    except UnknownSender:
        return None, UNKNOWN_KEY
    except (NewerSeal, NewerRecord):
        return None, NEWER
    except (NotForUs, MovedRecord):
        return None, MISPLACED
    except (SealBroken, BadRecord):
        return None, UNREADABLE
