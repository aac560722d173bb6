"""Saving a contact, all rows and durable, against one bare commit of SQLCipher on the same disk."""

from __future__ import annotations

import secrets
from pathlib import Path

from desktop_app.contacts.queries import ContactQueries
from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.service import ContactService
from desktop_app.contacts.vocabulary import Fact
from desktop_app.core.months import Month
from desktop_app.storage.database import EncryptedDatabase
from tests.benchmarks.measuring import Figure, Wishes, alternate, median, spread
from tests.benchmarks.scratch_data import ACTOR, fill_month, fill_partners, new_store

_ROW = "x" * 250  # about what a contact's own row holds


class _BareCommit:
    """One row into one table of a SQLCipher file with the same pragmas, committed."""

    def __init__(self, path: Path, rows_before: int) -> None:
        self._database = EncryptedDatabase(path, secrets.token_bytes(32))
        self._database.connect()
        self._connection = self._database.connection()
        self._connection.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO plain (text) VALUES (?)", [(_ROW,)] * rows_before)
        self._connection.execute("COMMIT")

    def __call__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO plain (text) VALUES (?)", (_ROW,))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._database.close_all()


def measure(wishes: Wishes) -> list[Figure]:
    """Measure the anonymous contact with one topic, and one with a referral, facts and a note."""
    folder = wishes.folder("saving")
    before = 200 if wishes.quick else 5_000
    runs = 25 if wishes.quick else 200
    store = new_store(folder)
    services = fill_partners(store)
    # The month before: ids rise with time, so what an office adds comes after what it has.
    fill_month(store, Month.of(store.clock.today()).previous(), before)
    contacts = ContactService(store, ContactQueries(store))
    bare = _BareCommit(folder / "bare.db", before)
    small = ContactEntry(needs=(NeedEntry("pflege"),))
    full = ContactEntry(
        needs=(NeedEntry("pflege"), NeedEntry("wohnen")),
        referrals=(ReferralEntry(services[0]),),
        facts={Fact.AGE_BAND: "80_84", Fact.GENDER: "female", Fact.VISIT_KIND: "first"},
        note="Möchte nächste Woche noch einmal kommen.",
    )
    figures = []
    try:
        for key, title, entry in (
            ("save", "Kontakt speichern (ein Thema)", small),
            ("save_full", "Kontakt speichern (zwei Themen, Weitervermittlung, Notiz)", full),
        ):
            ours, peer = alternate(lambda entry=entry: contacts.record_contact(ACTOR, entry), bare, runs, warm_up=5)
            figures.append(
                Figure(
                    key,
                    title,
                    "ms",
                    median(ours) * 1000,
                    limit=2.5,
                    peer=median(peer) * 1000,
                    peer_title="ein bloßer SQLCipher-Commit mit einer Zeile, gleiche Einstellungen, gleicher Datenträger",
                    runs=runs,
                    details={"ours_ms": spread(ours), "peer_ms": spread(peer), "rows_before": before},
                )
            )
    finally:
        bare.close()
        store.close()
    return figures
