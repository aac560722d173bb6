"""Searches the directory."""

from __future__ import annotations

from argparse import Namespace

from desktop_app.cli.command import Outcome
from desktop_app.cli.console import table
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.cli.shapes import hit_data
from desktop_app.cli.topics import find_topic
from desktop_app.cli.values import number_from
from desktop_app.core.translation import tr, tr_count

_DEFAULT_LIMIT = 20


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument("text", metavar="TEXT", nargs="+", help=tr("wonach gesucht wird; Wortanfänge genügen"))
    parser.add_argument(
        "--limit",
        type=number_from(1, 1000),
        default=_DEFAULT_LIMIT,
        metavar=tr("ZAHL"),
        help=tr("höchstens so viele Treffer (sonst {number})", number=_DEFAULT_LIMIT),
    )
    parser.add_argument(
        "--topic",
        action="append",
        default=[],
        metavar=tr("THEMA"),
        help=tr("nur Angebote zu diesem Thema: Kürzel, Name oder Taste (mehrmals möglich)"),
    )
    parser.add_argument(
        "--area", default="", metavar=tr("ORT"), help=tr("nur Angebote mit dieser Postleitzahl, Stadt oder Straße")
    )


def run(session: Session, arguments: Namespace) -> Outcome:
    """Search."""
    text = " ".join(arguments.text)
    with session.application() as application:
        topics = [find_topic(application.settings.topics(with_inactive=True), word).code for word in arguments.topic]
        hits = application.directory_queries.search(text, arguments.limit, topics, arguments.area)
    result = {"text": text, "hits": [hit_data(hit) for hit in hits]}
    if not hits:
        return Outcome([tr("Zu „{text}“ steht nichts im Verzeichnis.", text=text)], result)
    headers = (tr("Angebot"), tr("Anbieter"), tr("Ort"), tr("Telefon"), tr("Nummer des Eintrags"))
    rows = [(hit.service_name, hit.organization_name, hit.place, hit.phone, hit.service_id) for hit in hits]
    return Outcome([tr_count("Ein Treffer", "{count} Treffer", len(hits)), "", *table(headers, rows)], result)
