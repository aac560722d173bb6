"""Shows one service in full."""

from __future__ import annotations

import textwrap
from argparse import Namespace
from collections.abc import Iterable

from desktop_app.cli.command import Outcome
from desktop_app.cli.console import terminal_width
from desktop_app.cli.parser import CommandParser
from desktop_app.cli.session import Session
from desktop_app.cli.shapes import service_data
from desktop_app.core.translation import tr
from desktop_app.directory.records import HoursRow, PhoneRecord, PlaceRecord, ServiceRecord

_LABEL_WIDTH = 18
_WIDEST_TEXT = 100


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument("service_id", metavar=tr("NUMMER"), help=tr("Nummer des Eintrags, wie „search“ sie zeigt"))


def run(session: Session, arguments: Namespace) -> Outcome:
    """Show."""
    with session.application() as application:
        record = application.directory_queries.service(arguments.service_id)
        names = {topic.code: topic.name for topic in application.settings.topics(with_inactive=True)}
    return Outcome(_lines(record, names), service_data(record))


def _lines(record: ServiceRecord, topic_names: dict[str, str]) -> list[str]:
    from desktop_app.documents.dates import short_date
    from desktop_app.documents.markup import plain_text

    verified = record.last_verified
    fields = [
        (tr("Anbieter"), [record.organization.name]),
        (tr("Auch genannt"), [record.alternate_name]),
        (tr("Achtung"), [plain_text(record.alert)]),
        (tr("Stand"), [] if record.active else [tr("Dieses Angebot gibt es zurzeit nicht.")]),
        (tr("Themen"), [", ".join(topic_names.get(code, code) for code in record.topics)]),
        (tr("Telefon"), _phones(record.phones)),
        (tr("E-Mail"), [record.email or record.organization.email]),
        (tr("Internet"), [record.url or record.organization.website]),
        (tr("Zeiten"), _hours(record.hours)),
        *((tr("Ort"), _place(place, record.hours)) for place in record.places),
        (tr("Für wen"), [plain_text(record.eligibility)]),
        (tr("Kosten"), [plain_text(text) for text in (*record.costs, record.fees)]),
        (tr("Sprachen"), [", ".join(record.languages)]),
        (tr("Dolmetschen"), [plain_text(record.interpretation)]),
        (tr("Mitbringen"), [plain_text(text) for text in record.required_documents]),
        (tr("Anmeldung"), [plain_text(record.application_process)]),
        (tr("Wartezeit"), [plain_text(record.wait_time)]),
        (tr("Beschreibung"), [plain_text(record.description)]),
        (tr("Zuletzt geprüft"), [f"{short_date(verified.verified_on)} {verified.how}" if verified else tr("noch nie")]),
        (tr("Nur intern"), [record.internal_remark]),
        (tr("Nummer"), [record.service_id]),
    ]
    lines = [record.name, "=" * min(len(record.name), _WIDEST_TEXT)]
    for label, texts in fields:
        lines += _field(label, texts)
    return lines


def _field(label: str, texts: Iterable[str]) -> list[str]:
    width = min(terminal_width(), _LABEL_WIDTH + _WIDEST_TEXT) - _LABEL_WIDTH
    wrapped = [
        part
        for text in texts
        for line in text.splitlines()
        if line.strip()
        for part in textwrap.wrap(line.strip(), width, break_on_hyphens=False)
    ]
    heads = [f"{label}:", *[""] * len(wrapped)]
    return [f"{head:<{_LABEL_WIDTH}}{part}" for head, part in zip(heads, wrapped, strict=False)]


def _phones(phones: Iterable[PhoneRecord]) -> list[str]:
    found = []
    for phone in phones:
        extension = tr("Durchwahl {number}", number=phone.extension) if phone.extension else ""
        note = f"({phone.description})" if phone.description else ""
        found.append(" ".join(part for part in (phone.number, extension, note) if part))
    return found


def _hours(rows: Iterable[HoursRow]) -> list[str]:
    return [
        " ".join(part for part in (row.days, row.times, f"({row.note})" if row.note else "") if part) for row in rows
    ]


def _place(place: PlaceRecord, service_hours: tuple[HoursRow, ...]) -> list[str]:
    from desktop_app.documents.markup import plain_text

    hours = () if place.hours == service_hours else place.hours
    return [
        place.name,
        *place.address_lines,
        plain_text(place.transportation),
        *(plain_text(text) for text in place.accessibility),
        *_phones(place.phones),
        *_hours(hours),
    ]
