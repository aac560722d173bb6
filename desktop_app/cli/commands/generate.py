"""Fills a database with invented contacts and marks it."""

from __future__ import annotations

from argparse import Namespace

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.cli.values import month, number_from
from desktop_app.core.translation import tr
from desktop_app.generation.records import MOST_CONTACTS, MOST_MONTHS, GenerationWishes

_LARGEST_SEED = 2**63


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--contacts",
        type=number_from(1, MOST_CONTACTS),
        required=True,
        metavar=tr("ZAHL"),
        help=tr("wie viele Kontakte"),
    )
    parser.add_argument(
        "--months",
        type=number_from(1, MOST_MONTHS),
        default=12,
        metavar=tr("ZAHL"),
        help=tr("über wie viele Monate (sonst 12)"),
    )
    parser.add_argument(
        "--seed",
        type=number_from(0, _LARGEST_SEED),
        default=1,
        metavar=tr("ZAHL"),
        help=tr("Anfangszahl: dieselbe ergibt dieselben Kontakte (sonst 1)"),
    )
    parser.add_argument(
        "--until", type=month, metavar=tr("MONAT"), help=tr("der letzte Monat (sonst bis zum letzten Werktag)")
    )


def run(session: Session, arguments: Namespace) -> Outcome:
    """Generate."""
    from desktop_app.documents.dates import short_date

    wishes = GenerationWishes(arguments.contacts, arguments.months, arguments.seed, arguments.until)
    with session.application() as application, session.progress() as progress:
        report = application.generator.generate(application.actor, wishes, progress)
    lines = [
        tr(
            "{contacts} erfundene Kontakte vom {first} bis {last} sind geschrieben, mit {needs} Anliegen und {referrals} "
            "Weitervermittlungen.",
            contacts=report.contacts,
            needs=report.needs,
            referrals=report.referrals,
            first=short_date(report.first_day),
            last=short_date(report.last_day),
        ),
        tr("Die Datenbank ist als Testdatenbank gekennzeichnet."),
    ]
    result = {
        "contacts": report.contacts,
        "needs": report.needs,
        "referrals": report.referrals,
        "first_day": report.first_day.isoformat(),
        "last_day": report.last_day.isoformat(),
        "test_data": True,
    }
    return Outcome(lines, result)
