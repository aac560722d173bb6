"""Invented services in any number, for measuring. The words are German, nobody named here exists."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from typing import Any

from desktop_app.core.actor import Actor
from desktop_app.core.progress import NoProgress, Progress
from desktop_app.directory.records import DirectoryChanged
from desktop_app.directory.rules import TOPIC_CODES
from desktop_app.directory.search_index import IndexDocument, Parts, write_documents
from desktop_app.directory.tables import HSDS_TABLES, ServiceTopic
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork, insert_sql

Row = dict[str, Any]
_ORGANIZATIONS_A_UNIT = 400
_MOST_SERVICES = 5

_FIELDS = (
    "Senioren", "Pflege", "Demenz", "Nachbarschafts", "Familien", "Jugend", "Gesundheits", "Wohn", "Sozial", "Kultur",
    "Musik", "Bewegungs", "Sport", "Garten", "Medien", "Computer", "Schulden", "Rechts", "Miet", "Sprach", "Bildungs",
    "Berufs", "Ehrenamts", "Besuchs", "Begleit", "Fahr", "Mittags", "Reparatur", "Hospiz", "Trauer", "Sucht",
    "Selbsthilfe", "Angehörigen", "Behinderten", "Migrations", "Frauen", "Männer", "Kinder", "Kreativ", "Theater",
)  # fmt: skip
_FORMS = (
    "beratung", "treff", "gruppe", "café", "dienst", "kreis", "werkstatt", "hilfe", "zentrum", "initiative", "kurs",
    "sprechstunde", "stelle", "projekt", "club", "frühstück", "nachmittag", "netzwerk", "büro", "begegnung", "training",
    "vermittlung", "betreuung", "stammtisch", "garten", "chor", "abend", "patenschaft", "schule", "lotsen",
)  # fmt: skip
_CARRIERS = (
    "Arbeiterwohlfahrt", "Diakoniestation", "Caritasverband", "Nachbarschaftsverein", "Bürgerverein", "Sozialwerk",
    "Kirchengemeinde", "Volkshochschule", "Stadtteilverein", "Mehrgenerationenhaus", "Bezirksamt", "Stiftung",
)  # fmt: skip
_ACTIVITIES = (
    "Beratung zu Anträgen und Leistungen", "gemeinsames Frühstück mit Vortrag", "Gymnastik im Sitzen",
    "Begleitung zu Arzt und Behörde", "Hausaufgabenhilfe und Nachhilfe", "Singen und Musizieren", "Gedächtnistraining",
    "Hilfe beim Einkauf", "Ausflüge in die Umgebung", "Gesprächskreis für Angehörige", "Internetcafé mit Anleitung",
    "Handarbeit und Basteln", "Spielenachmittag", "Deutschkurs für Anfänger", "Reparatur von Kleingeräten",
    "Mittagstisch", "Sprechstunde nach Vereinbarung", "Kurse zu Smartphone und Tablet", "Tanz für Ältere",
    "Vermittlung von Ehrenamtlichen", "Schuldnerberatung", "Entlastung pflegender Menschen", "Malen und Ausstellungen",
)  # fmt: skip
_BEGINNINGS = (
    "Lin", "Bir", "Ro", "Ah", "Fel", "Wald", "Son", "Brun", "Klos", "Mühl", "Berg", "Tal", "See", "Stein", "Hei", "Gold",
    "Süd", "Nord", "Ost", "West", "Mar", "Frie", "Wil", "Kai", "Her", "Lud", "Al", "Ger", "Kon", "Rei", "Ulm", "Tan",
)  # fmt: skip
_MIDDLES = (
    "den", "ken", "sen", "orn", "der", "hof", "nen", "nen", "ter", "len", "bach", "feld", "brück", "wie", "stett", "ing",
    "mar", "rich", "ders", "mann", "bert", "wig", "her", "ow", "itz", "ens", "ling", "grün",
)  # fmt: skip
_ENDINGS = (
    "au",
    "hausen",
    "dorf",
    "berg",
    "heim",
    "stedt",
    "rode",
    "walde",
    "burg",
    "ingen",
    "feld",
    "see",
    "bach",
    "tal",
)
_STREETS = ("straße", "weg", "allee", "platz", "ring", "gasse", "ufer", "damm")


def synthetic_services(count: int, seed: int) -> Iterator[dict[str, list[Row]]]:
    """Return organisations with together `count` services; each is object type to HSDS rows.

    The same seed gives the same services.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, protects nothing
    left = count
    while left > 0:
        services = min(left, chance.randint(1, _MOST_SERVICES))
        left -= services
        yield _organization(chance, services)


def insert_synthetic_services(
    store: Store, actor: Actor, count: int, seed: int, progress: Progress | None = None
) -> None:
    """Write invented services straight into tables and search index.

    For measuring only: several organisations share a transaction, and nothing goes to the outbox.
    """
    progress = progress or NoProgress()
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, protects nothing
    batch: list[dict[str, list[Row]]] = []
    done = 0
    for organization in synthetic_services(count, seed):
        batch.append(organization)
        done += len(organization["service"])
        if len(batch) == _ORGANIZATIONS_A_UNIT or done == count:
            _write(store, actor, batch, chance)
            batch = []
            progress.step(done, count, "")


def _write(store: Store, actor: Actor, organizations: list[dict[str, list[Row]]], chance: random.Random) -> None:
    with store.unit_of_work(actor, "generate_services", ("directory", "")) as unit:
        for object_type, table in HSDS_TABLES.items():
            rows = [row for organization in organizations for row in organization.get(object_type, ())]
            if rows:
                unit.derived_many(insert_sql(table, tuple(rows[0])), [tuple(row.values()) for row in rows])
        documents = [document for organization in organizations for document in _documents(organization, chance)]
        _write_topics(unit, documents)
        write_documents(unit, documents)
        unit.notify(DirectoryChanged())


def _write_topics(unit: UnitOfWork, documents: list[IndexDocument]) -> None:
    unit.derived_many(
        insert_sql(ServiceTopic, ("id", "service_id", "topic", "suggested")),
        [
            (f"{document.service_id}:{topic}", document.service_id, topic, 1)
            for document in documents
            for topic in document.parts.topics
        ],
    )


def _documents(organization: dict[str, list[Row]], chance: random.Random) -> Iterator[IndexDocument]:
    """Return the services as the index takes them, without reading back what was just made."""
    carrier = organization["organization"][0]["name"]
    for service, location, address, phone in zip(
        organization["service"], organization["location"], organization["address"], organization["phone"], strict=True
    ):
        parts = Parts(
            places=[(location["name"], address["address_1"], f"{address['postal_code']} {address['city']}")],
            phones=[(phone["number"], "voice")],
            topics=chance.sample(TOPIC_CODES, chance.randint(1, 3)),
        )
        yield IndexDocument(service["id"], service["name"], "", service["description"], carrier, parts)


def _organization(chance: random.Random, services: int) -> dict[str, list[Row]]:
    organization_id = _id(chance)
    rows: dict[str, list[Row]] = {
        "organization": [
            {
                "id": organization_id,
                "name": f"{chance.choice(_CARRIERS)} {_place_name(chance)} e. V.",
                "description": f"{chance.choice(_CARRIERS)} mit Angeboten in {_place_name(chance)}",
                "email": f"info@{_place_name(chance).lower().replace('ü', 'ue').replace('ß', 'ss')}.example",
            }
        ],
        "service": [],
        "location": [],
        "address": [],
        "phone": [],
        "service_at_location": [],
    }
    for _ in range(services):
        _add_service(chance, rows, organization_id)
    return rows


def _add_service(chance: random.Random, rows: dict[str, list[Row]], organization_id: str) -> None:
    service_id, location_id = _id(chance), _id(chance)
    town = _place_name(chance)
    rows["service"].append(
        {
            "id": service_id,
            "organization_id": organization_id,
            "name": f"{chance.choice(_FIELDS)}{chance.choice(_FORMS)} {_place_name(chance)}",
            "description": ", ".join(chance.sample(_ACTIVITIES, 4)) + f" in {town}",
            "status": "active",
        }
    )
    rows["location"].append(
        {"id": location_id, "location_type": "physical", "name": f"Haus {town}", "organization_id": organization_id}
    )
    rows["address"].append(
        {
            "id": _id(chance),
            "location_id": location_id,
            "address_1": f"{_place_name(chance)}{chance.choice(_STREETS)} {chance.randint(1, 180)}",
            "city": town,
            "state_province": "Musterland",
            "postal_code": f"{chance.randint(1000, 99999):05}",
            "country": "DE",
            "address_type": "physical",
        }
    )
    rows["phone"].append(
        {
            "id": _id(chance),
            "service_id": service_id,
            "number": f"0{chance.randint(200, 999)} {chance.randint(10000, 9999999)}",
        }
    )
    rows["service_at_location"].append({"id": _id(chance), "service_id": service_id, "location_id": location_id})


def _place_name(chance: random.Random) -> str:
    return chance.choice(_BEGINNINGS) + chance.choice(_MIDDLES) + chance.choice(_ENDINGS)


def _id(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))
