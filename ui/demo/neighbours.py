"""A second office of another carrier: both connect to the trial hub, compare, and hand a person over each way."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from desktop_app.bootstrap import Application, SetUp, Surroundings, set_up
from desktop_app.core.progress import NoProgress
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.output_files import write_whole
from desktop_app.exchange.records import ContentField, OfferEntry
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from ui.demo.entrance import PASSWORD
from ui.demo.trial_hub import TrialHub

_FORM = "2026-11"
_ENOUGH_ROUNDS = 2
_CHEAP = DerivationCost(1, 8, 1)
_FIRST_GROUP = re.compile(r"1\.\s*((?:[0-9A-HJKMNP-TV-Z] ?){4})")


def neighbour_office(folder: Path, surroundings: Surroundings) -> Application:
    """Set up the other office; the caller closes it."""
    application, _groups = set_up(
        DataFolder(folder),
        SetUp(
            office_name="Quartiersbüro Beispielstadt",
            carrier="Beispielträger",
            account=NewAccount("nadja", "Nadja Beispiel", "NB"),
            password=PASSWORD,
        ),
        replace(surroundings, cost=_CHEAP),  # nobody signs in there
    )
    return application


def hand_over(own: Application, neighbour: Application, hub: TrialHub, out: Path) -> str:
    """Connect both offices, compare their numbers, let each offer a person; return which one `own` was offered."""
    office = own.settings.office()
    try:
        _connect(own, hub.code_for(office.carrier, office.name), out)
        _connect(neighbour, hub.example_code)
        _rounds(own, neighbour)
        for one in (own, neighbour):
            (partner,) = one.exchange_queries.partners()
            number = one.exchange_queries.comparison_number(partner.office_id)
            one.exchange.confirm_partner(one.actor, partner.office_id, number)
        _offer(own, VisitorEntry(name="Hedwig Muster", phone="030 5550131"), "Wohnberatung", on=date(2026, 11, 18))
        received = _offer(
            neighbour, VisitorEntry(name="Karl Beispiel", phone="030 5550177"), "Begegnung", on=date(2026, 11, 19)
        )
        _rounds(neighbour, own)
        return received
    finally:
        for one in (own, neighbour):
            one.store.end_thread()


def _connect(application: Application, code: str, out: Path | None = None) -> None:
    sync, actor = application.sync, application.actor
    sync.connect(actor, code, "Empfang", NoProgress())
    sheet = sync.recovery_sheet(actor)
    sync.confirm_recovery(actor, _first_group(sheet))
    if out is not None:
        write_whole(out / "Büro-Schlüssel.pdf", sheet, overwrite=True)


def _first_group(sheet: bytes) -> str:
    """Read the first group off the sheet, as whoever types it does."""
    import pypdfium2

    document = pypdfium2.PdfDocument(sheet)
    try:
        found = _FIRST_GROUP.search(document[0].get_textpage().get_text_range())
    finally:
        document.close()
    return found[1].replace(" ", "") if found is not None else ""


def _rounds(*applications: Application) -> None:
    for _ in range(_ENOUGH_ROUNDS):
        for application in applications:
            application.sync.run(application.actor, NoProgress())


def _offer(application: Application, person: VisitorEntry, purpose: str, *, on: date) -> str:
    """Offer a person to the other office on a consent that names it; return the id of the handover."""
    (partner,) = application.exchange_queries.partners()
    consents = [
        ConsentEntry(ConsentKind.RECORD, on, _FORM),
        ConsentEntry(ConsentKind.PASS_ON, on, _FORM, date(2027, 6, 30), partner.name, purpose),
    ]
    visitor_id = application.visitors.create_file(application.actor, person, consents)
    file = application.visitors.open_file(application.actor, visitor_id)
    consent = next(one for one in file.consents if one.kind is ConsentKind.PASS_ON)
    entry = OfferEntry(partner.office_id, consent.consent_id, frozenset({ContentField.NAME, ContentField.PHONE}))
    return application.exchange.offer(application.actor, visitor_id, entry, application.exchange.preview(file, entry))
