"""Words for what travels: names of records and fields, values as people read them, reasons why something waits."""

from __future__ import annotations

import json
from collections.abc import Mapping

from desktop_app.core.translation import tr
from desktop_app.sync.documents import Reader
from desktop_app.sync.records import ConflictKind, SpaceKind
from desktop_app.sync.value_words import day_text, value_text

_A_PAIR = 2


def collection_label(collection: str) -> str:
    """Return what a kind of record is called."""
    return {
        "organization": tr("Organisation"),
        "service": tr("Angebot"),
        "location": tr("Ort"),
        "phone": tr("Telefonnummer"),
        "address": tr("Anschrift"),
        "schedule": tr("Öffnungszeiten"),
        "cost_option": tr("Kosten"),
        "language": tr("Sprache"),
        "accessibility": tr("Barrierefreiheit"),
        "directory_contact": tr("Ansprechperson"),
        "required_document": tr("Mitzubringen"),
        "url": tr("Internetadresse"),
        "service_verification": tr("Prüfung eines Angebots"),
        "service_topic": tr("Thema eines Angebots"),
        "service_remark": tr("Hinweis zu einem Angebot"),
        "account": tr("Konto"),
        "office": tr("Büro"),
        "social_space": tr("Sozialraum"),
        "topic": tr("Thema"),
        "visitor": tr("Personenakte"),
        "visitor_consent": tr("Einwilligung"),
        "visitor_merge": tr("Zusammengeführte Akten"),
        "visit_card": tr("Besuchskarte"),
        "visit_card_salt": tr("Besuchskarte"),
        "contact": tr("Kontakt"),
        "contact_revision": tr("Früherer Stand eines Kontakts"),
        "tally_mark": tr("Strich"),
        "exchange_partner": tr("Vergleich mit einem anderen Büro"),
        "exchange_referral": tr("Übergabe an ein anderes Büro"),
        "sync_conflict": tr("Konflikt"),
    }.get(collection, tr("Eintrag im Verzeichnis"))


def field_label(reader: Reader, collection: str, field: str) -> str:
    """Return what a field is called, with the topic or the service where a record has several of its kind."""
    if not field:
        return tr("Der ganze Eintrag")
    if collection == "contact" and field.startswith("needs/"):
        code, _, inner = field.removeprefix("needs/").partition("/")
        rows = reader.sql("SELECT name FROM topic WHERE code = ?", (code,))
        whole = tr("Anliegen „{name}“", name=rows[0][0] if rows else code)
        return f"{whole}: {_label(collection, inner)}" if inner else whole
    if collection == "contact" and field.startswith("referrals/"):
        service_id, _, inner = field.removeprefix("referrals/").rpartition("/")
        if not service_id:
            service_id, inner = inner, ""
        rows = reader.sql("SELECT name FROM service WHERE id = ?", (service_id,))
        whole = tr("Weitervermittlung an „{name}“", name=rows[0][0]) if rows else tr("Weitervermittlung")
        return f"{whole}: {_label(collection, inner)}" if inner else whole
    return _label(collection, field)


def _label(collection: str, field: str) -> str:
    labels = _field_labels()
    known = labels.get((collection, field)) or labels.get(("", field))
    return known or tr("Weitere Angabe ({name})", name=field)


def _field_labels() -> Mapping[tuple[str, str], str]:
    return {
        ("", "name"): tr("Name"),
        ("", "alternate_name"): tr("Anderer Name"),
        ("", "description"): tr("Beschreibung"),
        ("", "email"): tr("E-Mail"),
        ("", "url"): tr("Internetadresse"),
        ("", "website"): tr("Internetadresse"),
        ("", "phone"): tr("Telefon"),
        ("", "verified_on"): tr("Geprüft am"),
        ("", "how"): tr("Geprüft wie"),
        ("", "topic"): tr("Thema"),
        ("", "minimum_age"): tr("Mindestalter"),
        ("", "maximum_age"): tr("Höchstalter"),
        ("", "valid_from"): tr("Gilt ab"),
        ("", "valid_to"): tr("Gilt bis"),
        ("", "amount"): tr("Betrag"),
        ("", "application_process"): tr("Anmeldung beim Angebot"),
        ("", "alert"): tr("Wichtiger Hinweis"),
        ("", "transportation"): tr("Anfahrt"),
        ("", "number"): tr("Telefon"),
        ("", "status"): tr("Stand"),
        ("", "withdrawn_at"): tr("Zurückgezogen am"),
        ("", "fees_description"): tr("Kosten"),
        ("", "eligibility_description"): tr("Für wen"),
        ("", "opens_at"): tr("Öffnet um"),
        ("", "closes_at"): tr("Schließt um"),
        ("", "byday"): tr("Wochentage"),
        ("", "address_1"): tr("Straße"),
        ("", "address_2"): tr("Adresszusatz"),
        ("", "postal_code"): tr("Postleitzahl"),
        ("", "city"): tr("Ort"),
        ("", "street"): tr("Straße"),
        ("", "address"): tr("Adresse"),
        ("", "remark"): tr("Hinweis"),
        ("", "remarks"): tr("Bemerkungen"),
        ("", "role"): tr("Rolle"),
        ("", "disabled_at"): tr("Entfernt am"),
        ("", "display_name"): tr("Name"),
        ("", "initials"): tr("Kürzel"),
        ("", "shortcut"): tr("Taste"),
        ("", "active"): tr("Wird benutzt"),
        ("", "carrier"): tr("Träger"),
        ("", "office_hours"): tr("Öffnungszeiten"),
        ("", "legal_profile"): tr("Datenschutzrecht"),
        ("visitor", "former_name"): tr("Früherer Name"),
        ("visitor", "birth_date"): tr("Geburtsdatum"),
        ("visitor", "birth_year"): tr("Geburtsjahr"),
        ("visitor", "hold_reason"): tr("Löschung ausgesetzt: Grund"),
        ("visitor", "hold_until"): tr("Löschung ausgesetzt bis"),
        ("visitor", "merged_into"): tr("Zusammengeführt mit"),
        ("visitor_consent", "revoked_on"): tr("Widerrufen am"),
        ("visitor_consent", "ends_on"): tr("Gilt bis"),
        ("visitor_consent", "given_on"): tr("Erteilt am"),
        ("visitor_consent", "kind"): tr("Wofür"),
        ("visitor_consent", "partner"): tr("An wen"),
        ("visitor_consent", "purpose"): tr("Zweck"),
        ("visitor_consent", "form_version"): tr("Formular"),
        ("contact", "channel"): tr("Weg"),
        ("contact", "depth"): tr("Tiefe"),
        ("contact", "for_whom"): tr("Für wen"),
        ("contact", "age_band"): tr("Altersgruppe"),
        ("contact", "gender"): tr("Geschlecht"),
        ("contact", "social_space"): tr("Sozialraum"),
        ("contact", "visit_kind"): tr("Erst- oder Folgekontakt"),
        ("contact", "care_level"): tr("Pflegegrad"),
        ("", "language"): tr("Sprache"),
        ("contact", "access_route"): tr("Zugangsweg"),
        ("contact", "duration"): tr("Dauer"),
        ("contact", "material"): tr("Material"),
        ("contact", "withdrawn"): tr("Zurückgenommen"),
        ("contact", "note"): tr("Vertrauliche Notiz"),
        ("contact", "link"): tr("Zuordnung zu einer Person"),
        ("contact", "state"): tr("Stand"),
        ("contact", "state_reason"): tr("Grund"),
        ("contact", "mode"): tr("Art"),
        ("contact", "due_on"): tr("Nachfragen am"),
        ("contact", "result"): tr("Ergebnis"),
        ("contact", "unmet_reason"): tr("Warum offen"),
    }


def record_text(reader: Reader, collection: str, record_id: str) -> str:
    """Return by what people know a record."""
    column = {
        "organization": "name",
        "service": "name",
        "location": "name",
        "account": "display_name",
        "social_space": "name",
        "visitor": "name",
    }.get(collection)
    if column:
        rows = reader.sql(f'SELECT "{column}" FROM "{collection}" WHERE id = ?', (record_id,))  # noqa: S608
        return str(rows[0][0] or "") if rows else ""
    if collection == "topic":
        rows = reader.sql("SELECT name FROM topic WHERE code = ?", (record_id,))
        return str(rows[0][0]) if rows else record_id
    if collection == "contact":
        return _contact_text(reader, record_id)
    if collection == "visitor_consent":
        rows = reader.sql(
            "SELECT visitor.name FROM visitor_consent JOIN visitor ON visitor.id = visitor_consent.visitor_id "
            "WHERE visitor_consent.id = ?",
            (record_id,),
        )
        return str(rows[0][0]) if rows else ""
    return _of_service(reader, collection, record_id)


def _contact_text(reader: Reader, contact_id: str) -> str:
    """Return a contact as lists name it: several may be of the same minute."""
    rows = reader.sql(
        "SELECT contact.recorded_at, contact.channel, account.initials FROM contact "
        "LEFT JOIN account ON account.id = contact.account_id WHERE contact.id = ?",
        (contact_id,),
    )
    if not rows:
        return ""
    recorded_at, channel, initials = rows[0]
    topics = reader.sql(
        "SELECT topic.name FROM need JOIN topic ON topic.id = need.topic_id WHERE need.contact_id = ? "
        "ORDER BY need.position, topic.name",
        (contact_id,),
    )
    parts = (
        day_text(recorded_at),
        ", ".join(str(row[0]) for row in topics),
        value_text(reader, "contact", "channel", json.dumps(channel)),
        str(initials or ""),
    )
    return " · ".join(part for part in parts if part)


def _of_service(reader: Reader, collection: str, record_id: str) -> str:
    """Return the service that a detail of the directory belongs to."""
    if collection in {"service_remark", "service_topic"}:
        wanted: str | None = record_id.partition(":")[0]
    elif reader.sql("SELECT 1 FROM pragma_table_info(?) WHERE name = 'service_id'", (collection,)):
        found = reader.sql(f'SELECT service_id FROM "{collection}" WHERE id = ?', (record_id,))  # noqa: S608
        wanted = found[0][0] if found else None
    else:
        wanted = None
    rows = reader.sql("SELECT name FROM service WHERE id = ?", (wanted,)) if wanted else []
    return str(rows[0][0]) if rows else ""


def owner_words(reader: Reader, collection: str, record_id: str) -> tuple[str, str]:
    """Return the other carrier that a record of the directory belongs to, and its office if it has one only."""
    rows = reader.sql(
        "SELECT office.carrier_name, office.name FROM sync_shadow AS shadow JOIN exchange_office AS office "
        "ON office.carrier_id = shadow.owner WHERE shadow.id = ? AND shadow.owner NOT IN (SELECT carrier_id FROM sync_hub)",
        (f"{collection}/{record_id}",),
    )
    if not rows:
        return "", ""
    return str(rows[0][0]), str(rows[0][1]) if len(rows) == 1 else ""


def where_words(
    reader: Reader, kind: ConflictKind, found_by: str, written_by: str | None = None, owner: str = ""
) -> tuple[str, str]:
    """Return where the two values of a conflict were written: at the desk that found it, and elsewhere.

    „Here“ is true at one desk only; everywhere else it is called by its name, and so it is where two have the same.
    `found_by` is the name of the desk that found it, `written_by` the device that wrote the other value, `owner` the other
    carrier the record belongs to, if they are known.
    """
    own = reader.sql("SELECT device_id, device_label FROM sync_hub")
    own_id, own_label = own[0] if own else ("", "")
    desks = dict(reader.sql("SELECT device_id, label FROM sync_trusted_device WHERE kind = 'desk'"))
    is_found_here = not found_by or (
        found_by == own_label and all(device == own_id for device, label in desks.items() if label == own_label)
    )
    mine = tr("hier") if is_found_here else tr("an „{name}“", name=found_by)
    if kind is ConflictKind.NOT_OURS:
        return mine, tr("bei „{name}“", name=owner) if owner else tr("beim anderen Träger")
    is_found_there = not is_found_here and found_by != own_label
    if written_by is None and is_found_there and len(desks) == _A_PAIR and own_id in desks:
        written_by = own_id  # there never was anybody else
    label = desks.get(written_by or "", "")
    if written_by and written_by == own_id:
        theirs = tr("hier")
    elif label and label != found_by:
        theirs = tr("an „{name}“", name=label)
    elif is_found_there and not label:
        theirs = tr("an einem anderen als „{name}“", name=found_by)  # that may be this one
    else:
        theirs = tr("an einem anderen Rechner")
    return mine, theirs


def parked_sentence(reason: str) -> str:
    """Return why a record waits, and what to do."""
    return {
        "parent": tr("Wartet auf einen Eintrag, zu dem es gehört. Das löst sich meist beim nächsten Abgleich."),
        "key": tr("Ist mit einem Schlüssel verschlossen, den dieser Rechner noch nicht bekommen hat."),
        "old_key": tr("Ist mit einem früheren Schlüssel verschlossen und kommt noch einmal mit dem neuen."),
        "newer": tr("Kommt von einer neueren Programmversion. Bitte aktualisieren Sie Quartierslotse."),
        "unusable": tr(
            "Enthält etwas, das diese Programmversion nicht versteht. Bitte aktualisieren Sie Quartierslotse."
        ),
        "too_large": tr("Ist zu groß für den Abgleich-Server und bleibt nur hier. Bitte kürzen Sie den Text."),
        "replayed": tr(
            "Der Abgleich-Server hat einen alten Stand noch einmal geschickt; er wurde nicht übernommen. Bitte melden Sie das der "
            "Person, die den Abgleich-Server betreut."
        ),
        "unproven": tr(
            "Der Abgleich-Server sagt, der Eintrag sei gelöscht, aber kein Rechner hat das bestätigt. Er bleibt. Bitte melden "
            "Sie das der Person, die den Abgleich-Server betreut."
        ),
        "misplaced": tr(
            "Der Eintrag lag an der falschen Stelle und wurde nicht übernommen. Bitte melden Sie das der Person, die den "
            "Abgleich-Server betreut."
        ),
    }.get(
        reason,
        tr(
            "Der Eintrag ist beschädigt angekommen und wurde nicht übernommen. Bitte melden Sie das der Person, die den "
            "Abgleich-Server betreut."
        ),
    )


def space_title(kind: SpaceKind) -> str:
    """Return what a space is called."""
    return {
        SpaceKind.DIRECTORY: tr("Verzeichnis der Angebote"),
        SpaceKind.OFFICE: tr("Daten dieses Büros"),
        SpaceKind.EXCHANGE: tr("Weitervermittlungen zwischen Büros"),
        SpaceKind.STATISTICS: tr("Statistik"),
    }[kind]


def space_sentence(kind: SpaceKind) -> str:
    """Return in one or two sentences what goes there, who reads it, in which form."""
    return {
        SpaceKind.DIRECTORY: tr(
            "Organisationen, Angebote, Orte und Prüfungen. Lesen können es alle Büros am Abgleich-Server; ändern kann jeder Träger "
            "nur seine eigenen Einträge. Das Verzeichnis ist nicht verschlüsselt: Es steht nichts über Besucher darin."
        ),
        SpaceKind.OFFICE: tr(
            "Kontakte, Notizen, Personenakten und Einstellungen. Lesen können es nur die Rechner dieses Büros. Der "
            "Abgleich-Server speichert es verschlüsselt und kann nichts davon lesen."
        ),
        SpaceKind.EXCHANGE: tr(
            "Weitervermittlungen mit Einwilligung an ein anderes Büro. Lesen können sie nur die beiden Büros, verschlüsselt."
        ),
        SpaceKind.STATISTICS: tr(
            "Es wird noch nichts gesendet: Erst müssen Monate abgeschlossen und kleine Zahlen geschützt sein."
        ),
    }[kind]
