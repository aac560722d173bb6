"""Records at the hub that no desk of the office sealed so, or that a newer or an older program wrote."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_app.sync.codec import RECORDS, SealedCodec
from desktop_app.sync.documents import Document, document_text, read_documents
from desktop_app.sync.sealing import Place, key_id_of, open_sealed, seal
from desktop_app.sync.what_travels import DOCUMENT_VERSION
from hub.storage.tables import DELETED, ERASED, Record, Space
from tests.faults.sync.standing import Backup, Standing, StandingDesk
from tests.sync.desks import in_step

PUSH = r"^POST /v1/spaces/office-[^/]*/push"
DAMAGED = "Der Eintrag ist beschädigt angekommen und wurde nicht übernommen."
MISPLACED = "Der Eintrag lag an der falschen Stelle und wurde nicht übernommen."
REPLAYED = "Der Abgleich-Server hat einen alten Stand noch einmal geschickt; er wurde nicht übernommen."
UNPROVEN = "Der Abgleich-Server sagt, der Eintrag sei gelöscht, aber kein Rechner hat das bestätigt. Er bleibt."
NO_KEY = "Ist mit einem Schlüssel verschlossen, den dieser Rechner noch nicht bekommen hat."
NEWER = "Kommt von einer neueren Programmversion. Bitte aktualisieren Sie Quartierslotse."


class AtTheHub:
    """What lies at the hub, changed in its database by hand."""

    def __init__(self, standing: Standing) -> None:
        self._hub, self._desk = standing.hub, standing.two

    def codec(self) -> SealedCodec:
        """Return what seals as a desk of the office that this test plays."""
        keys = self._desk.engine.post.office_keys(self._desk.store)
        assert keys is not None
        return SealedCodec(keys, self._desk.engine.connection.office_space, str(uuid.UUID(int=7)))

    def name(self, contact_id: str) -> str:
        return self.codec().place("contact", contact_id)[1]

    def data(self, name: str) -> str:
        with self._hub.database.session():
            return str(self._hub.database.rows(Record.select().where(Record.id == name))[0]["data"])

    def state(self, name: str) -> int:
        with self._hub.database.session():
            return int(self._hub.database.rows(Record.select().where(Record.id == name))[0]["state"])

    def put(self, name: str, **columns: Any) -> None:
        """Change a record so that every desk gets it with its next pull."""
        database = self._hub.database
        with database.writing():
            (record,) = database.rows(Record.select().where(Record.id == name))
            (space,) = database.rows(Space.select().where(Space.id == record["space"]))
            seq = space["seq"] + 1
            database.run(Record.update(seq=seq, **columns).where(Record.id == name))
            database.run(Space.update(seq=seq).where(Space.id == record["space"]))

    def add(self, beside: str, name: str, data: str) -> None:
        """Add a record to the space of another one."""
        database = self._hub.database
        with database.writing():
            (record,) = database.rows(Record.select().where(Record.id == beside))
            database.run(Record.insert(**{**record, "id": name, "seq": -1}))
        self.put(name, data=data)

    def seal_strangely(self, name: str) -> str:
        """Return a text sealed with a key that no desk has."""
        codec = self.codec()
        strange = {key_id_of(bytes(32)): bytes(32)}
        keys = replace(codec._keys, keys={**codec._keys.keys, **strange}, current=next(iter(strange)))
        place = Place(codec._space, RECORDS, name)
        return seal(keys, place, writer=codec._device_id, counter=1, base=0, version=1, plain=b"{}")

    def seal_document(self, document: Document, base: int, counter: int = 1) -> str:
        return self.codec().pack(document, base=base, counter=counter)


def _flip(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]


Tamper = Callable[[AtTheHub, str, str], None]


def _flipped(hub: AtTheHub, name: str, _old: str) -> None:
    hub.put(name, data=_flip(hub.data(name)))


def _cut(hub: AtTheHub, name: str, _old: str) -> None:
    hub.put(name, data=hub.data(name)[:-40])


def _emptied(hub: AtTheHub, name: str, _old: str) -> None:
    hub.put(name, data="")


def _wrong_key(hub: AtTheHub, name: str, _old: str) -> None:
    hub.put(name, data=hub.seal_strangely(name))


def _replayed(hub: AtTheHub, name: str, old: str) -> None:
    hub.put(name, data=old)


def _deleted(hub: AtTheHub, name: str, _old: str) -> None:
    hub.put(name, data="", state=DELETED)


TAMPERED = {
    "flipped bit": (_flipped, DAMAGED),
    "cut text": (_cut, DAMAGED),
    "empty text": (_emptied, DAMAGED),
    "wrong key": (_wrong_key, NO_KEY),
    "old ciphertext replayed": (_replayed, REPLAYED),
    "deleted by the hub": (_deleted, UNPROVEN),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_nobody_sealed_so_is_told_and_changes_nothing(standing: Standing, tmp_path: Path, name: str) -> None:
    tamper, sentence = TAMPERED[name]
    one, two = standing.one, standing.two
    contact = one.contact(material="alt", note="Notiz")
    standing.settle()
    at_the_hub = AtTheHub(standing)
    record = at_the_hub.name(contact)
    old = at_the_hub.data(record)
    one.correct(contact, material="neu")
    standing.settle()
    before, backup = one.state(), Backup(standing, tmp_path)
    tamper(at_the_hub, record, old)
    for desk in (one, two):
        desk.round()
        assert [found.sentence[: len(sentence)] for found in desk.sync.parked()] == [sentence]
        assert desk.state() == before
        assert desk.sync.conflicts() == ()
    # Whoever goes on with the record keeps what was written, and a round ends.
    one.correct(contact, material="weiter")
    pushes = standing.proxy.count(PUSH)
    one.round()
    assert standing.proxy.count(PUSH) - pushes <= 3
    assert one.contacts() == ["weiter"]
    assert one.sync.status().parked_records == 1
    # The hub is put right.
    backup.put_back()
    standing.settle()
    assert two.contacts() == ["weiter"]


def test_a_ciphertext_moved_to_another_id(standing: Standing, tmp_path: Path) -> None:
    one, two = standing.one, standing.two
    contacts = [one.contact(material="A"), one.contact(material="B")]
    standing.settle()
    before, backup, at_the_hub = one.state(), Backup(standing, tmp_path), AtTheHub(standing)
    first, second = (at_the_hub.name(contact) for contact in contacts)
    texts = at_the_hub.data(first), at_the_hub.data(second)
    at_the_hub.put(first, data=texts[1])
    at_the_hub.put(second, data=texts[0])
    for desk in (one, two):
        desk.round()
        # The seal says where it belongs: elsewhere it does not even open.
        assert [found.sentence[: len(DAMAGED)] for found in desk.sync.parked()] == [DAMAGED] * 2
        assert desk.state() == before
    backup.put_back()
    standing.settle()


def test_a_document_under_the_name_of_another(standing: Standing) -> None:
    """Even a desk of the office can not put one contact in the place of another."""
    one, two = standing.one, standing.two
    contacts = [one.contact(material="A"), one.contact(material="B")]
    standing.settle()
    before, at_the_hub = one.state(), AtTheHub(standing)
    codec = at_the_hub.codec()
    name, other = at_the_hub.name(contacts[0]), _document(one, contacts[1])
    place = Place(codec._space, RECORDS, name)
    plain = document_text(other).encode()
    at_the_hub.put(
        name, data=seal(codec._keys, place, writer=codec._device_id, counter=9, base=0, version=1, plain=plain)
    )
    for desk in (one, two):
        desk.round()
        assert [found.sentence[: len(MISPLACED)] for found in desk.sync.parked()] == [MISPLACED]
        assert desk.state() == before


# ---------------------------------------------------------------------------------------------- old and new programs


def _document(desk: StandingDesk, contact_id: str) -> Document:
    return read_documents(desk.store, "contact", [contact_id])[contact_id]


def _seq(desk: StandingDesk, contact_id: str) -> int:
    return int(desk.store.sql("SELECT seq FROM sync_shadow WHERE id = ?", (f"contact/{contact_id}",))[0][0])


def test_what_a_newer_program_wrote_beside_survives_a_round_trip(standing: Standing) -> None:
    one, two = standing.one, standing.two
    contact = one.contact(material="alt", service="service-1")
    standing.settle()
    at_the_hub, document = AtTheHub(standing), _document(one, contact)
    fields = json.loads(json.dumps(document.fields))
    fields["mood"] = {"kind": "of the year 2030"}
    fields["referrals"]["service-1"]["channel_of_2030"] = "brieftaube"
    newer = replace(document, fields={**fields, "material": "vom neuen Programm"}, more={"x": [1, 2]})
    at_the_hub.put(at_the_hub.name(contact), data=at_the_hub.seal_document(newer, _seq(one, contact)))
    in_step(one, two)
    assert one.contacts() == ["vom neuen Programm"]
    one.correct(contact, material="vom alten Programm")
    two.correct(contact, note="und noch eins")
    standing.settle()
    codec = at_the_hub.codec()
    name = at_the_hub.name(contact)
    _, plain = open_sealed(codec._keys, Place(codec._space, RECORDS, name), at_the_hub.data(name))
    found = json.loads(plain)
    assert found["f"]["material"] == "vom alten Programm"
    assert found["f"]["note"]["text"] == "und noch eins"
    assert found["f"]["mood"] == {"kind": "of the year 2030"}
    assert found["f"]["referrals"]["service-1"]["channel_of_2030"] == "brieftaube"
    assert found["x"] == [1, 2]


def test_a_record_of_a_newer_schema_is_kept_and_shown_and_not_sent(standing: Standing) -> None:
    one, two = standing.one, standing.two
    contact = one.contact(material="alt")
    standing.settle()
    at_the_hub = AtTheHub(standing)
    newer = replace(_document(one, contact), version=DOCUMENT_VERSION + 1, fields={"everything": "else"})
    data = at_the_hub.seal_document(newer, _seq(one, contact))
    at_the_hub.put(at_the_hub.name(contact), data=data)
    for desk in (one, two):
        desk.round()
        assert [found.sentence for found in desk.sync.parked()] == [NEWER]
    one.correct(contact, material="hier weiter")
    other = one.contact(material="ein anderer")
    one.round()
    two.round()
    assert at_the_hub.data(at_the_hub.name(contact)) == data
    assert one.contacts() == ["ein anderer", "hier weiter"]
    assert two.office.desk.queries.contact(other).material == "ein anderer"
    # After the update the program knows it: here the newer one writes what this one understands.
    again = replace(_document(two, contact), fields={**_document(two, contact).fields, "material": "verstanden"})
    at_the_hub.put(at_the_hub.name(contact), data=at_the_hub.seal_document(again, _seq(two, contact), counter=2))
    standing.settle()
    assert one.contacts() == two.contacts()
    kept = {field.mine for found in one.sync.conflicts() for field in found.fields}
    assert "hier weiter" in {*one.contacts(), *kept}


def test_a_record_that_only_a_newer_program_knows_waits_for_the_update(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never seen here before: it is told of, survives everything untouched, and is there with the program that knows it."""
    one = standing.one
    model = one.contact(material="Vorbild")
    standing.settle()
    at_the_hub, contact = AtTheHub(standing), one.store.ids.new_id()
    newer = replace(_document(one, model), record_id=contact, version=DOCUMENT_VERSION + 1)
    newer = replace(newer, fields={**newer.fields, "material": "von 2030", "mood": "good"})
    data = at_the_hub.seal_document(newer, 0)
    at_the_hub.add(at_the_hub.name(model), at_the_hub.name(contact), data)
    for _ in range(2):
        in_step(one, standing.two)
        assert one.contacts() == standing.two.contacts() == ["Vorbild"]
        assert [found.sentence for found in one.sync.parked()] == [NEWER]
        assert at_the_hub.data(at_the_hub.name(contact)) == data
        one.reopen()
    monkeypatch.setattr("desktop_app.sync.documents.DOCUMENT_VERSION", DOCUMENT_VERSION + 1)
    standing.settle()
    assert one.contacts() == standing.two.contacts() == ["Vorbild", "von 2030"]
    one.correct(contact, material="weiter")
    standing.settle()
    _, plain = open_sealed(
        at_the_hub.codec()._keys,
        Place(at_the_hub.codec()._space, RECORDS, at_the_hub.name(contact)),
        at_the_hub.data(at_the_hub.name(contact)),
    )
    found = json.loads(plain)
    assert (found["v"], found["f"]["material"], found["f"]["mood"]) == (DOCUMENT_VERSION + 1, "weiter", "good")


def test_an_erasure_goes_out_although_a_newer_program_wrote_the_record(standing: Standing) -> None:
    """What is to be erased needs no understanding: it must not wait for an update."""
    one, two = standing.one, standing.two
    person = one.office.person("Frieda Fiktiv")
    standing.settle()
    at_the_hub = AtTheHub(standing)
    name = at_the_hub.codec().place("visitor", person)[1]
    document = read_documents(one.store, "visitor", [person])[person]
    seq = int(one.store.sql("SELECT seq FROM sync_shadow WHERE id = ?", (f"visitor/{person}",))[0][0])
    newer = replace(document, version=DOCUMENT_VERSION + 1)
    at_the_hub.put(name, data=at_the_hub.seal_document(newer, seq))
    for desk in (one, two):
        desk.round()
        assert [found.sentence for found in desk.sync.parked()] == [NEWER]
    one.retention.erase_visitor(one.actor, person)
    standing.settle()
    for desk in (one, two):
        assert desk.store.sql("SELECT name FROM visitor") == []
    assert at_the_hub.state(name) == ERASED


def test_a_record_that_an_older_program_made_lacks_fields(standing: Standing) -> None:
    one, two = standing.one, standing.two
    model = one.contact(material="Vorbild")
    standing.settle()
    at_the_hub, contact = AtTheHub(standing), one.store.ids.new_id()
    unknown_then = {"duration", "link", "note", "care_level"}
    fields = {name: value for name, value in _document(one, model).fields.items() if name not in unknown_then}
    older = Document("contact", contact, {**fields, "material": "vom alten Programm"})
    at_the_hub.add(at_the_hub.name(model), at_the_hub.name(contact), at_the_hub.seal_document(older, 0))
    standing.settle()
    assert one.contacts() == two.contacts() == ["Vorbild", "vom alten Programm"]
    assert one.sync.conflicts() == ()
    two.correct(contact, material="und weiter")
    standing.settle()
    assert one.contacts() == ["Vorbild", "und weiter"]
