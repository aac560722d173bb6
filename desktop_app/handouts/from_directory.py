"""Turns a record of the directory into what is printed. Internal remarks are left behind here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from desktop_app.core.translation import tr
from desktop_app.documents.dates import german_date
from desktop_app.documents.markup import plain_text, single_line
from desktop_app.handouts.dialling import NumberKind, shown_address, written_numbers
from desktop_app.handouts.records import SheetEntry, SheetHours, SheetPhone, SheetPlace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_app.directory.records import HoursRow, PhoneRecord, PlaceRecord, ServiceRecord, VerificationRecord

_CLOCK: Final = r"\d{1,2}:\d{2}"
_PAUSED: Final = "temporarily closed"
_NOT_FOR_TALKING: Final = frozenset({"fax", "text", "pager"})


def sheet_entry(record: ServiceRecord) -> SheetEntry:
    """Return the printable part of a service record."""
    hours = _hours(record.hours)
    costs = [*record.costs, record.fees]
    website, email = _written_addresses(record)
    return SheetEntry(
        service_id=record.service_id,
        title=record.name,
        organization=record.organization.name,
        summary=_other_name(record),
        description=record.description,
        phones=_phones(record.phones),
        places=tuple(_place(place, hours) for place in record.places),
        hours=hours,
        costs=tuple(dict.fromkeys(text for text in costs if text.strip())),
        languages=record.languages,
        interpretation=record.interpretation,
        bring_along=record.required_documents,
        for_whom=record.eligibility,
        how_to_register=record.application_process,
        waiting_time=record.wait_time,
        website=website,
        email=email,
        last_verified=_verified(record.last_verified),
        alert=_alert(record),
    )


def _written_addresses(record: ServiceRecord) -> tuple[str, str]:
    """Website and e-mail; a mail address that stands in the field of the website is printed as one."""
    website = record.url or record.organization.website
    email = record.email or record.organization.email
    address = shown_address(website)
    if "@" not in address or "/" in address:
        return website, email
    return "", address if email in {"", address} else f"{email}, {address}"


def _other_name(record: ServiceRecord) -> str:
    name = single_line(plain_text(record.alternate_name))
    return tr("Auch genannt: {name}", name=name) if name and name != single_line(record.name) else ""


def _phones(phones: Iterable[PhoneRecord]) -> tuple[SheetPhone, ...]:
    seen: dict[tuple[str, str], SheetPhone] = {}
    for phone in phones:
        for printed in _written(phone):
            seen.setdefault((single_line(printed.number), printed.extension), printed)
    return tuple(seen.values())


def _written(phone: PhoneRecord) -> list[SheetPhone]:
    """One record may hold several numbers in words; its description and extension belong to the first."""
    kind = phone.kind.strip().casefold()
    names = {"fax": tr("Fax"), "cell": tr("Mobil"), "text": tr("SMS"), "textphone": tr("Schreibtelefon")}
    found: list[SheetPhone] = []
    for position, (written_kind, number) in enumerate(written_numbers(phone.number)):
        note = single_line(plain_text(phone.description)) if position == 0 else ""
        own = {NumberKind.FAX: "fax", NumberKind.MOBILE: "cell"}.get(written_kind, kind)
        extension = phone.extension if position == 0 else ""
        found.append(SheetPhone(number, extension, note or names.get(own, ""), voice=own not in _NOT_FOR_TALKING))
    return found


def _hours(rows: Iterable[HoursRow]) -> tuple[SheetHours, ...]:
    return tuple(_hours_row(row) for row in rows if row.days.strip() or row.times.strip() or row.note.strip())


def _hours_row(row: HoursRow) -> SheetHours:
    days, times, note = plain_days(row.days.strip()), plain_times(row.times.strip()), row.note.strip()
    if times and note:
        times = tr("{times} ({note})", times=times, note=note)
    times = times or note
    return SheetHours(days, times) if days else SheetHours("", times[:1].upper() + times[1:])


def plain_days(days: str) -> str:
    """Return short names of weekdays in full: „Mo–Fr“ as „Montag bis Freitag“."""
    full = {
        tr("Mo"): tr("Montag"),
        tr("Di"): tr("Dienstag"),
        tr("Mi"): tr("Mittwoch"),
        tr("Do"): tr("Donnerstag"),
        tr("Fr"): tr("Freitag"),
        tr("Sa"): tr("Samstag"),
        tr("So"): tr("Sonntag"),
    }
    name = "|".join(map(re.escape, full))
    days = re.sub(
        rf"\b({name})\s*[–-]\s*({name})\b", lambda found: tr("{first} bis {last}", first=found[1], last=found[2]), days
    )
    return re.sub(rf"\b({name})\b", lambda found: full[found[1]], days)


def plain_times(times: str) -> str:
    """Return times of day as they are read out: „9:00–12:00“ as „9:00 bis 12:00 Uhr“."""
    span = re.fullmatch(rf"({_CLOCK})\s*[–-]\s*({_CLOCK})", times)
    if span:
        return tr("{opens} bis {closes} Uhr", opens=span[1], closes=span[2])
    return tr("{times} Uhr", times=times) if re.fullmatch(rf"(?:ab|bis) {_CLOCK}", times) else times


def _place(place: PlaceRecord, service_hours: tuple[SheetHours, ...]) -> SheetPlace:
    hours = _hours(place.hours)
    return SheetPlace(
        name=place.name,
        address_lines=place.address_lines,
        directions=place.transportation,
        barrier_info=place.accessibility,
        hours=() if hours == service_hours else hours,
        phones=_phones(place.phones),
    )


def _verified(verification: VerificationRecord | None) -> str:
    """When and how; who confirmed it stays in the office."""
    if verification is None:
        return ""
    day = german_date(verification.verified_on)
    how = single_line(verification.how)
    return tr("am {date} ({how})", date=day, how=how) if how else tr("am {date}", date=day)


def _alert(record: ServiceRecord) -> str:
    """What the record warns of; a service that is closed says so before anything else."""
    if not record.active:
        closed = tr("Dieses Angebot gibt es zurzeit nicht.")
    elif single_line(record.status).casefold() == _PAUSED:
        closed = tr("Dieses Angebot ist vorübergehend geschlossen.")
    else:
        return record.alert
    return f"{closed}\n{plain_text(record.alert)}".strip()
