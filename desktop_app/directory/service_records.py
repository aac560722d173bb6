"""Putting a service together from its tables: a fixed number of reads, however many services."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from desktop_app.core.translation import tr
from desktop_app.directory.hours import hours_rows, unknown_hours
from desktop_app.directory.records import (
    HoursRow,
    OrganizationSummary,
    PhoneRecord,
    PlaceRecord,
    ServiceRecord,
    VerificationRecord,
)
from desktop_app.directory.rules import is_active
from desktop_app.directory.search import verified_sql
from desktop_app.directory.tables import (
    Accessibility,
    Address,
    CostOption,
    DirectoryContact,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceRemark,
    ServiceTopic,
    column_names,
    select_all,
)
from desktop_app.storage.store import Store
from desktop_app.storage.tables import Table

Row = Mapping[str, Any]
RowsBy = Mapping[str, list[Row]]
_HOME_COUNTRIES = frozenset({"", "de", "deu", "deutschland", "germany"})


class ServiceRecordReader:
    """Reads services with everything that hangs on them."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    def read(self, service_ids: Sequence[str]) -> list[ServiceRecord]:
        """Return the services that exist, in the order asked for."""
        services = {row["id"]: row for row in self._rows(Service, "id", service_ids)}
        if not services:
            return []
        parts = _Parts(self, services)
        return [parts.record(services[service_id]) for service_id in service_ids if service_id in services]

    def rows_by(self, table: type[Table], column: str, values: Collection[str]) -> RowsBy:
        """Return the rows of a table by a column that links them."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows(table, column, values):
            found[row[column]].append(row)
        return found

    def verifications(self, service_ids: Sequence[str]) -> dict[str, VerificationRecord]:
        """Return the newest verification of each service that has one."""
        rows = self._store.sql(*verified_sql(service_ids))
        return {service_id: VerificationRecord.from_row(when, how, by) for service_id, when, how, by in rows}

    def today(self) -> date:
        """Return the date on which hours are shown."""
        return self._store.clock.today()

    def _rows(self, table: type[Table], column: str, values: Collection[str]) -> list[Row]:
        if not values:
            return []
        condition = f" WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY rowid"  # noqa: S608 - our own names
        rows = self._store.sql(select_all(table) + condition, (json.dumps(list(values)),))
        names = column_names(table)
        return [dict(zip(names, row, strict=True)) for row in rows]


class _Parts:
    """Everything that hangs on some services."""

    def __init__(self, reader: ServiceRecordReader, services: Mapping[str, Row]) -> None:
        ids = list(services)
        self.today = reader.today()
        organization_ids = {row["organization_id"] for row in services.values()}
        self.organizations = _first(reader.rows_by(Organization, "id", organization_ids))
        self.links = reader.rows_by(ServiceAtLocation, "service_id", ids)
        links = [link for rows in self.links.values() for link in rows]
        link_ids = [link["id"] for link in links]
        location_ids = [link["location_id"] for link in links if link["location_id"]]
        self.locations = _first(reader.rows_by(Location, "id", location_ids))
        self.addresses = reader.rows_by(Address, "location_id", location_ids)
        self.accessibility = reader.rows_by(Accessibility, "location_id", location_ids)
        contacts = reader.rows_by(DirectoryContact, "service_id", ids)
        self.contacts = contacts
        contact_ids = [contact["id"] for rows in contacts.values() for contact in rows]
        self.service_phones = reader.rows_by(Phone, "service_id", ids)
        self.contact_phones = reader.rows_by(Phone, "contact_id", contact_ids)
        self.link_phones = reader.rows_by(Phone, "service_at_location_id", link_ids)
        self.location_phones = reader.rows_by(Phone, "location_id", location_ids)
        self.organization_phones = reader.rows_by(Phone, "organization_id", organization_ids)
        self.service_schedules = reader.rows_by(Schedule, "service_id", ids)
        self.link_schedules = reader.rows_by(Schedule, "service_at_location_id", link_ids)
        self.location_schedules = reader.rows_by(Schedule, "location_id", location_ids)
        self.languages = reader.rows_by(Language, "service_id", ids)
        self.costs = reader.rows_by(CostOption, "service_id", ids)
        self.documents = reader.rows_by(RequiredDocument, "service_id", ids)
        self.topics = reader.rows_by(ServiceTopic, "service_id", ids)
        self.remarks = reader.rows_by(ServiceRemark, "service_id", ids)
        self.verified = reader.verifications(ids)

    def record(self, row: Row) -> ServiceRecord:
        """Return one service."""
        service_id = row["id"]
        organization = self.organizations[row["organization_id"]]
        phones = _phones(self.service_phones.get(service_id, []))
        phones += self._contact_phones(service_id, phones)
        places = tuple(
            self._place(link, phones)
            for link in self.links.get(service_id, [])
            if link["location_id"] in self.locations
        )
        if not phones and not any(place.phones for place in places):
            phones = _phones(self.organization_phones.get(organization["id"], []))
        withdrawn = bool(row["withdrawn_at"] or organization["withdrawn_at"])
        remarks = self.remarks.get(service_id, [])
        return ServiceRecord(
            service_id=service_id,
            name=row["name"],
            alternate_name=row["alternate_name"] or "",
            organization=_organization(organization),
            description=row["description"] or "",
            url=row["url"] or "",
            email=row["email"] or "",
            status=row["status"] or "",
            phones=phones,
            places=places,
            hours=self._hours(service_id, places),
            languages=_distinct(_language(language) for language in self.languages.get(service_id, [])),
            interpretation=row["interpretation_services"] or "",
            costs=_distinct(_cost(cost) for cost in self.costs.get(service_id, [])),
            fees="\n".join(_distinct((row["fees_description"] or "", row["fees"] or ""))),
            eligibility=_eligibility(row),
            required_documents=_distinct(_document(document) for document in self.documents.get(service_id, [])),
            application_process=row["application_process"] or "",
            wait_time=row["wait_time"] or "",
            alert=row["alert"] or "",
            last_verified=self.verified.get(service_id),
            topics=_distinct(topic["topic"] for topic in self.topics.get(service_id, [])),
            internal_remark=remarks[0]["remark"] if remarks else "",
            active=is_active(row["status"], withdrawn=withdrawn),
        )

    def _contact_phones(self, service_id: str, known: tuple[PhoneRecord, ...]) -> tuple[PhoneRecord, ...]:
        """Return numbers of the service's contacts, named by what the contact is there for."""
        numbers = {phone.number for phone in known}
        found: list[PhoneRecord] = []
        for contact in self.contacts.get(service_id, []):
            role = contact["department"] or contact["title"] or contact["name"] or ""
            for phone in _phones(self.contact_phones.get(contact["id"], [])):
                if phone.number not in numbers:
                    numbers.add(phone.number)
                    found.append(PhoneRecord(phone.number, phone.extension, phone.kind, phone.description or role))
        return tuple(found)

    def _place(self, link: Row, service_phones: tuple[PhoneRecord, ...]) -> PlaceRecord:
        location = self.locations[link["location_id"]]
        location_id = location["id"]
        address = _best_address(self.addresses.get(location_id, []))
        phones = _phones([*self.link_phones.get(link["id"], []), *self.location_phones.get(location_id, [])])
        schedules = self.link_schedules.get(link["id"], []) or self.location_schedules.get(location_id, [])
        return PlaceRecord(
            location_id=location_id,
            name=location["name"] or "",
            address_lines=_address_lines(address),
            transportation=location["transportation"] or "",
            accessibility=_distinct(
                ". ".join(part.rstrip(".") for part in (row["description"], row["details"]) if part)
                for row in self.accessibility.get(location_id, [])
            ),
            phones=tuple(phone for phone in phones if phone not in service_phones),
            hours=hours_rows(schedules, self.today),
            postal_code=(address["postal_code"] if address else "") or "",
            city=(address["city"] if address else "") or "",
        )

    def _hours(self, service_id: str, places: tuple[PlaceRecord, ...]) -> tuple[HoursRow, ...]:
        own = hours_rows(self.service_schedules.get(service_id, []), self.today)
        if own:
            return own
        told = {place.hours for place in places if place.hours}
        if len(places) == 1 and told:
            return places[0].hours
        if told:
            return (HoursRow(days="", times=tr("je nach Ort verschieden")),)
        return (unknown_hours(),)


def _first(rows: RowsBy) -> dict[str, Row]:
    return {key: found[0] for key, found in rows.items()}


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _organization(row: Row) -> OrganizationSummary:
    return OrganizationSummary(
        organization_id=row["id"],
        name=row["name"],
        description=row["description"] or "",
        website=row["website"] or "",
        email=row["email"] or "",
    )


def _phones(rows: Iterable[Row]) -> tuple[PhoneRecord, ...]:
    return tuple(
        dict.fromkeys(
            PhoneRecord(row["number"], row["extension"] or "", row["type"] or "", row["description"] or "")
            for row in rows
            if row["number"]
        )
    )


def _best_address(rows: Sequence[Row]) -> Row | None:
    """Return the address one can go to, else the first."""
    return next((row for row in rows if row["address_type"] == "physical"), rows[0] if rows else None)


def _address_lines(address: Row | None) -> tuple[str, ...]:
    if address is None:
        return ()
    town = " ".join(part for part in (address["postal_code"], address["city"]) if part)
    country = address["country"] or ""
    lines = [address["attention"], address["address_1"], address["address_2"], town]
    if country.casefold() not in _HOME_COUNTRIES:
        lines.append(country)
    return _distinct(line or "" for line in lines)


def _language(row: Row) -> str:
    name = row["name"] or row["code"] or ""
    return f"{name} ({row['note']})" if name and row["note"] else name


def _cost(row: Row) -> str:
    amount = _amount(row["amount"] or "", row["currency"] or "")
    return ", ".join(part for part in (row["option"], amount, row["amount_description"]) if part)


def _amount(amount: str, currency: str) -> str:
    if not amount.replace(".", "", 1).isdecimal():
        return amount
    return f"{amount.replace('.', ',')} {'€' if currency.upper() in {'', 'EUR'} else currency.upper()}"


def _document(row: Row) -> str:
    return " – ".join(part for part in (row["document"], row["uri"]) if part)


def _eligibility(row: Row) -> str:
    youngest, oldest = row["minimum_age"], row["maximum_age"]
    ages = ""
    if youngest and oldest:
        ages = tr("Alter: {youngest} bis {oldest} Jahre", youngest=youngest, oldest=oldest)
    elif youngest:
        ages = tr("Alter: ab {youngest} Jahren", youngest=youngest)
    elif oldest:
        ages = tr("Alter: bis {oldest} Jahre", oldest=oldest)
    return "\n".join(part for part in (row["eligibility_description"], ages) if part)
