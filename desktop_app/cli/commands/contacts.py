"""Shows the contacts of a day."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from desktop_app.cli.command import Outcome
from desktop_app.cli.console import table
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.cli.shapes import contact_data
from desktop_app.cli.values import day
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count

if TYPE_CHECKING:
    from desktop_app.contacts.records import ContactRecord


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--date", type=day, metavar=tr("TAG"), help=tr("der Tag, zum Beispiel 2026-11-22 (sonst heute)")
    )


def run(session: Session, arguments: Namespace) -> Outcome:
    """Show, the newest first; notes stay in the database."""
    from desktop_app.documents.dates import short_date

    with session.application() as application:
        shown = arguments.date or application.clock.today()
        records = application.contact_queries.contacts_of_day(shown)
        tally = application.contact_queries.tally(shown)
        tells_notes = application.may(Action.READ_NOTES)
    strokes = {kind.value: count for kind, count in tally.counts.items()}
    contacts = [contact_data(record, tells_notes=tells_notes) for record in records]
    result = {"date": shown.isoformat(), "contacts": contacts, "tally": strokes}
    date_text = short_date(shown)
    lines = [tr_count("Ein Kontakt am {date}", "{count} Kontakte am {date}", len(records), date=date_text)]
    if records:
        headers = (tr("Zeit"), tr("Kanal"), tr("Themen"), tr("Ergebnis"), tr("Weitervermittelt an"), tr("Kürzel"))
        lines += ["", *table(headers, [_row(record) for record in records])]
    if any(strokes.values()):
        counted = ", ".join(f"{kind.label}: {count}" for kind, count in tally.counts.items() if count)
        lines += ["", tr("Strichliste: {counted}", counted=counted)]
    return Outcome(lines, result)


def _row(record: ContactRecord) -> tuple[str, ...]:
    return (
        f"{record.recorded_at:%H:%M}",
        record.channel.label,
        ", ".join(need.topic_name for need in record.needs),
        ", ".join(dict.fromkeys(need.result.label for need in record.needs)),
        ", ".join(referral.service_name for referral in record.referrals),
        record.initials,
    )
