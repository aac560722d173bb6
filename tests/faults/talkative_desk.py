"""A day at the front desk that types known words everywhere. Run with the data folder.

It says `open` while everything is still open and in use, goes on when it reads a line, and says `closed` at the end.
Its root logger writes everything it hears, down to DEBUG, to its error output.
"""

from __future__ import annotations

import dataclasses
import logging
import sys
from pathlib import Path

from desktop_app.bootstrap import Application, SetUp, Surroundings, open_application, set_up
from desktop_app.contacts.records import ContactEntry, ContactsChanged, NeedEntry
from desktop_app.core.clock import SystemClock
from desktop_app.core.errors import InputError
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.environment.logs import start_logging
from desktop_app.security.accounts import NewAccount
from desktop_app.security.key_slots import DerivationCost, WrongSecret
from desktop_app.storage.backup_copy import write_backup_copy
from desktop_app.storage.database import EncryptedDatabase
from desktop_app.visitors.erasing import erase_file
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry

#: One word for each way in; no two share a part, none occurs anywhere else.
WORDS = {
    "note": "Quittenmarmelade",
    "corrected note": "Rhabarberkompott",
    "removed note": "Stachelbeertorte",
    "draft": "Zwetschgendatschi",
    "discarded draft": "Hollerbluetensirup",
    "material": "Mirabellenlikoer",
    "bulk": "Preiselbeerstrauch",
    "refused": "Johannisbeergelee",
    "listener": "Brombeerhecke",
    "password": "Sanddornwein Wolke Radweg",
    "visitor": "Moosbeerensaft",
    "former name of a visitor": "Kornelkirsche",
    "remark on a visitor": "Hagebuttentee",
    "partner": "Vogelbeerschnaps",
    "purpose": "Berberitzenreis",
    "erased visitor": "Aroniastrudel",
    "searched name": "Felsenbirnenmus",
    "mistyped password": "Schlehenlikoer Wolke Radweg",
}
SIMPLE = ContactEntry(needs=(NeedEntry("pflege"),))


def work(application: Application) -> None:
    """Type every word once where it belongs."""
    contacts, drafts, actor = application.contacts, application.drafts, application.actor
    now = application.clock.now()

    def fail(_notice: ContactsChanged) -> None:
        raise KeyError(WORDS["listener"])

    unsubscribe = application.notices.subscribe(ContactsChanged, fail)
    entry = dataclasses.replace(SIMPLE, note=f"Frau {WORDS['note']}", material=WORDS["material"])
    first = contacts.record_contact(actor, entry)
    unsubscribe()
    corrected = dataclasses.replace(entry, note=WORDS["corrected note"])
    contacts.correct_contact(actor, first, corrected, revision=1)
    second = contacts.record_contact(actor, dataclasses.replace(SIMPLE, note=WORDS["removed note"] * 200))
    contacts.correct_contact(actor, second, SIMPLE, revision=1)
    drafts.keep(actor, "draft-1", 0, now, {"note": WORDS["draft"]})
    for length in range(40):
        drafts.keep(actor, "draft-2", 1, now, {"note": WORDS["discarded draft"] * length})
    drafts.discard(actor, "draft-2")
    try:
        contacts.record_contact(actor, ContactEntry(needs=(NeedEntry(WORDS["refused"]),), note=WORDS["refused"]))
    except InputError:
        logging.getLogger("quartierslotse.test").info("refused as it should be")
    keep_visitor_files(application)
    with application.store.unit_of_work(actor, "fill", None) as unit:
        rows = [
            (f"draft-{number}", "x", number, "", f"{number * 7919 % 30011} {WORDS['bulk']}" * 4, "")
            for number in range(3, 30_000)
        ]
        unit.derived_many("INSERT INTO contact_draft VALUES (?, ?, ?, ?, ?, ?)", rows)


def keep_visitor_files(application: Application) -> None:
    """Keep, change, merge, search and erase files of people with known words."""
    visitors, actor, day = application.visitors, application.actor, application.clock.today()
    record = ConsentEntry(ConsentKind.RECORD, day, "1")
    pass_on = ConsentEntry(ConsentKind.PASS_ON, day, "1", partner=WORDS["partner"], purpose=WORDS["purpose"])
    names = VisitorEntry(name=WORDS["visitor"], former_name=WORDS["former name of a visitor"])
    kept = visitors.create_file(actor, names, [record, pass_on])
    remarks = dataclasses.replace(names, remarks=WORDS["remark on a visitor"])
    visitors.change_file(actor, kept, remarks, revision=1)
    visitors.record_contact(actor, SIMPLE, kept)
    erased = visitors.create_file(actor, VisitorEntry(name=WORDS["erased visitor"]), [record])
    merges = application.visitor_merges
    merges.undo_merge(actor, merges.merge_files(actor, kept, erased))
    application.visitor_queries.search(WORDS["searched name"])
    report = visitors.access_report(actor, kept)
    application.visitor_forms.access_answer(application.settings.office(), report, day=day)
    with application.store.unit_of_work(actor, "erase_visitor", ("visitor", erased)) as unit:
        erase_file(unit, erased)


def main(root: Path) -> None:
    """Set up, work, and stay open in the middle of a large sort until told to go on."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    folder = DataFolder(root)
    start_logging(folder, level=logging.DEBUG)
    clock = SystemClock()
    surroundings = Surroundings(clock, UuidFactory(clock), DerivationCost(1, 64, 1))
    wishes = SetUp("Quartiersbüro Nord", "Beispielverband", NewAccount("erika", "Erika", ""), WORDS["password"])
    application, _recovery_key = set_up(folder, wishes, surroundings)
    application.close()
    try:
        open_application(folder, "erika", WORDS["mistyped password"], surroundings)
    except WrongSecret:
        logging.getLogger("quartierslotse.test").info("mistyped as it should be")
    application = open_application(folder, "erika", WORDS["password"], surroundings)
    work(application)
    database = EncryptedDatabase(folder.database, _key(application))
    write_backup_copy(database, folder.backups / "kopie.db")
    # A cache too small for the sort, and a sort and a temporary table that are still in use while the test looks.
    database.execute_sql("PRAGMA cache_size = -100")
    database.execute_sql("CREATE TEMPORARY TABLE copied AS SELECT * FROM contact_draft")
    database.execute_sql("CREATE INDEX copied_content ON copied (content)")
    rows = database.execute_sql("SELECT content, id FROM contact_draft ORDER BY content DESC, id")
    rows.fetchone()
    print("open", flush=True)
    sys.stdin.readline()
    rows.close()
    database.close_all()
    application.close()
    print("closed", flush=True)


def _key(application: Application) -> bytes:
    database = application.store._database  # the test needs a second connection with a cache of its own
    return bytes.fromhex(database.connect_params["passphrase"][2:-1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
