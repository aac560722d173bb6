"""The answer to an access request: everything about one person, on paper and as data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop_app.contacts.vocabulary import NOT_ASKED, Fact, answer_label
from desktop_app.core.translation import tr
from desktop_app.visitors.forms.law import LegalWording, legal_wording
from desktop_app.visitors.records import (
    AccessReport,
    Consent,
    ConsentKind,
    ConsentState,
    PassedOn,
    VisitorContact,
    VisitorEntry,
    VisitorFile,
)

if TYPE_CHECKING:
    from reportlab.platypus.flowables import Flowable

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.settings.records import Office
    from desktop_app.visitors.forms.frame import Form

_LABEL_PART = 0.34


def access_answer(fonts: FontLibrary, office: Office, report: AccessReport, *, day: date) -> bytes:
    """Return the answer as a PDF on A4.

    Raises:
        EnvironmentProblem: a font file is missing.
    """
    from desktop_app.documents.dates import german_date
    from desktop_app.visitors.forms.frame import Form

    form = Form.on(fonts, office)
    blocks = form.blocks
    law = legal_wording(office.legal_profile)
    title = tr("Auskunft über Ihre Daten")
    story: list[Flowable] = [
        *form.head(title),
        blocks.body(
            tr(
                "Auf Ihren Antrag geben wir nach {access} Auskunft über alles, was zu Ihrer Person gespeichert ist. "
                "Stand: {day}.",
                access=law.access,
                day=german_date(day),
            )
        ),
        *blocks.heading(tr("Ihre Angaben")),
        *_facts(form, _person(report.file.entry)),
        *_facts(form, _hold(report.file)),
    ]
    for former in report.former_files:
        story += _group(form, tr("Frühere Akte, die mit dieser zusammengeführt wurde"), _person(former))
    story += blocks.heading(tr("Ihre Einwilligungen"))
    for consent in report.file.consents:
        story += _group(form, consent.kind.label, _consent(consent, report.file.day))
    story += blocks.heading(tr("Ihre Kontakte mit dem Büro"))
    if not report.contacts:
        story.append(blocks.body(tr("Es sind keine Kontakte gespeichert.")))
    for contact in report.contacts:
        heading = tr("{day}, {channel}", day=f"{contact.contact.recorded_at:%d.%m.%Y %H:%M}",
                     channel=contact.contact.channel.label)  # fmt: skip
        story += _group(form, heading, _contact(contact, report))
    if report.passed_on:
        story += blocks.heading(tr("Weitergabe an andere Büros"))
        for passed in report.passed_on:
            heading = (
                tr("{day}, an {office}", day=german_date(passed.on), office=_office_text(passed))
                if passed.to_other
                else tr("{day}, von {office}", day=german_date(passed.on), office=_office_text(passed))
            )
            story += _group(form, heading, _passed_on(passed))
    if report.others:
        story += blocks.heading(tr("Was an zwei Rechnern verschieden geschrieben wurde"))
        for other in report.others:
            story += _group(form, f"{other.what}: {other.field}", iter([(tr("Werte"), "\n".join(other.texts))]))
    story += [
        *blocks.heading(tr("Was Sie dazu wissen sollen")),
        *blocks.items(_explanations(office, law, report)),
        blocks.space(0.4),
        form.line(tr("Ort und Datum, Unterschrift für das Büro"), 0.7),
    ]
    return form.pdf(
        story, title, day, tr("Vertraulich. Nur für die Person selbst. Erstellt am {day}.", day=german_date(day))
    )


def access_data(office: Office, report: AccessReport, *, day: date) -> bytes:
    """Return the answer as JSON (UTF-8), for people who take their data elsewhere."""
    file = report.file
    content = {
        "created_on": day.isoformat(),
        "office": {"name": office.name, "carrier": office.carrier, "legal_profile": office.legal_profile.value},
        "person": {"id": file.visitor_id, "file_since": file.created_on.isoformat(), **_entry_data(file.entry)},
        "erasure_held": {"reason": file.hold.reason, "until": file.hold.until.isoformat()} if file.hold else None,
        "former_files": [_entry_data(entry) for entry in report.former_files],
        "consents": [
            {
                "kind": consent.kind.value,
                "state": consent.state(file.day).value,
                "given_on": consent.given_on.isoformat(),
                "form_version": consent.form_version,
                "ends_on": _iso(consent.ends_on),
                "revoked_on": _iso(consent.revoked_on),
                "partner": consent.partner,
                "purpose": consent.purpose,
            }
            for consent in file.consents
        ],
        "contacts": [_contact_data(contact, report.social_spaces, report.topics) for contact in report.contacts],
        "passed_on": [
            {
                "direction": "to" if passed.to_other else "from",
                "office": passed.office,
                "carrier": passed.carrier,
                "on": passed.on.isoformat(),
                "fields": passed.fields,
                "state": passed.state,
                "content": passed.content,
                "answer": passed.answer,
            }
            for passed in report.passed_on
        ],
        "written_differently": [
            {"what": other.what, "field": other.field, "values": list(other.texts)} for other in report.others
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _facts(form: Form, facts: Iterator[tuple[str, str]]) -> list[Flowable]:
    first = form.styles.text_width * _LABEL_PART
    widths = (first, form.styles.text_width - first)
    return [form.blocks.row((label, text), widths, strong=(0,)) for label, text in facts if text]


def _group(form: Form, title: str, facts: Iterator[tuple[str, str]]) -> list[Flowable]:
    """Return facts under a bold line, kept on one page where they fit."""
    lines = [form.blocks.space(0.3), form.blocks.body(title, strong=True), *_facts(form, facts)]
    return form.blocks.kept(lines)


def _person(entry: VisitorEntry) -> Iterator[tuple[str, str]]:
    yield tr("Name"), entry.name
    yield tr("Früherer Name"), entry.former_name
    yield tr("Geboren"), entry.birth_text
    yield tr("Telefon"), entry.phone
    yield tr("Anschrift"), entry.address
    yield tr("Sprache"), entry.language
    yield tr("Bemerkungen"), entry.remarks


def _hold(file: VisitorFile) -> Iterator[tuple[str, str]]:
    if file.hold is not None:
        yield tr("Löschung ausgesetzt bis"), f"{file.hold.until:%d.%m.%Y}"
        yield tr("Löschung ausgesetzt: Grund"), file.hold.reason


def _consent(consent: Consent, day: date) -> Iterator[tuple[str, str]]:
    yield tr("Stand"), consent.state(day).label
    yield tr("Erteilt am"), f"{consent.given_on:%d.%m.%Y}"
    yield tr("Formular"), consent.form_version
    yield tr("Gilt"), tr("bis {day}", day=f"{consent.ends_on:%d.%m.%Y}") if consent.ends_on else tr("bis zum Widerruf")
    yield tr("Widerrufen am"), f"{consent.revoked_on:%d.%m.%Y}" if consent.revoked_on else ""
    yield tr("An"), consent.partner
    yield tr("Wofür"), consent.purpose


def _office_text(passed: PassedOn) -> str:
    return f"{passed.office} ({passed.carrier})" if passed.carrier else passed.office


def _passed_on(passed: PassedOn) -> Iterator[tuple[str, str]]:
    yield tr("Was"), passed.fields
    yield tr("Wortlaut"), passed.content
    yield tr("Stand"), passed.state
    yield tr("Antwort"), passed.answer


def _contact(one: VisitorContact, report: AccessReport) -> Iterator[tuple[str, str]]:
    contact, spaces = one.contact, report.social_spaces
    yield tr("Themen"), "\n".join(f"{need.topic_name}: {need.result.label}" for need in contact.needs)
    yield tr("Stand"), tr("gelöscht, nicht mehr in den Listen") if contact.withdrawn else ""
    yield tr("Tiefe"), contact.depth.label
    for fact in Fact:
        code = contact.facts.get(fact, NOT_ASKED)
        if code != NOT_ASKED:
            yield fact.label, answer_label(fact, code, dict(spaces))
    yield tr("Weitervermittelt an"), "\n".join(
        tr("{service} ({organization}): {state}", service=referral.service_name, organization=referral.organization_name,
           state=", ".join(text for text in (referral.state.label, referral.state_reason) if text))
        for referral in contact.referrals
    )  # fmt: skip
    yield tr("Material"), contact.material
    yield tr("Notiz"), one.note
    for former in one.former:
        before = former.before
        yield tr("Stand bis {day}", day=f"{former.at:%d.%m.%Y %H:%M}"), "\n".join(
            text
            for text in (
                before.channel.label,
                *(f"{report.topics.get(need.topic_code, need.topic_code)}: {need.result.label}" for need in before.needs),
                *(f"{fact.label}: {answer_label(fact, code, dict(spaces))}" for fact, code in before.facts.items()
                  if code != NOT_ASKED),
                before.material,
            )
            if text
        )  # fmt: skip


def _explanations(office: Office, law: LegalWording, report: AccessReport) -> list[str]:
    partners = "; ".join(
        f"{consent.partner} ({consent.purpose})"
        for consent in report.file.consents
        if consent.kind is ConsentKind.PASS_ON and consent.state(report.file.day) is ConsentState.VALID
    )
    return [
        tr("Zweck: Beratung und Begleitung, ohne dass Sie jedes Mal von vorn erzählen müssen."),
        tr("Rechtsgrundlage: Ihre Einwilligung ({consent}; Gesundheit: {sensitive}).", consent=law.consent,
           sensitive=law.sensitive),
        tr("Herkunft: Manches hat uns mit Ihrer Einwilligung ein anderes Büro übergeben, siehe oben. Alles andere haben Sie "
           "selbst im Büro angegeben oder ist dort im Gespräch entstanden.")
        if any(not passed.to_other for passed in report.passed_on)
        else tr("Herkunft: Alles haben Sie selbst im Büro angegeben oder ist dort im Gespräch entstanden."),
        tr("Weitergabe ist erlaubt an: {partners}.", partners=partners)
        if partners
        else tr("Eine Weitergabe an andere haben Sie nicht erlaubt."),
        tr("Gespeichert wird auf verschlüsselten Datenträgern des Büros, bis Sie widerrufen, die Einwilligung endet oder die "
           "Löschfrist des Büros abläuft. Automatische Entscheidungen gibt es nicht."),
        *([tr("Verschlüsselt liegt es auch auf dem Server, über den die Rechner des Büros abgleichen; wer ihn betreibt, kann es "
              "nicht lesen.")] if report.is_synced else []),
        tr("Sie dürfen Berichtigung, Löschung, Einschränkung und eine Kopie verlangen ({rights}), jederzeit widerrufen "
           "({revocation}) und sich beschweren {supervision}.",
           rights=law.rights, revocation=law.revocation, supervision=law.supervision),
        tr("{carrier} ist für Ihre Daten verantwortlich.", carrier=office.carrier),
    ]  # fmt: skip


def _entry_data(entry: VisitorEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "former_name": entry.former_name,
        "birth_date": _iso(entry.birth_date),
        "birth_year": entry.year,
        "phone": entry.phone,
        "address": entry.address,
        "language": entry.language,
        "remarks": entry.remarks,
    }


def _contact_data(one: VisitorContact, spaces: Mapping[str, str], topics: Mapping[str, str]) -> dict[str, Any]:
    contact = one.contact
    return {
        "id": contact.contact_id,
        "recorded_at": contact.recorded_at.isoformat(),
        "withdrawn": contact.withdrawn,
        "channel": contact.channel.value,
        "depth": contact.depth.value,
        "needs": [
            _need_data(need.topic_code, need.topic_name, need.result.value, need.unmet_reason) for need in contact.needs
        ],
        "facts": {
            fact.value: spaces.get(code, code) if fact is Fact.SOCIAL_SPACE else code
            for fact, code in contact.facts.items()
            if code != NOT_ASKED
        },
        "referrals": [
            {
                "service": referral.service_name,
                "organization": referral.organization_name,
                "mode": referral.mode.value,
                "state": referral.state.value,
                "state_reason": referral.state_reason or "",
                "follow_up_on": _iso(referral.due_on),
            }
            for referral in contact.referrals
        ],
        "material": contact.material,
        "note": one.note,
        "former_states": [
            {
                "until": former.at.isoformat(),
                "channel": former.before.channel.value,
                "depth": former.before.depth.value,
                "needs": [
                    _need_data(
                        need.topic_code,
                        topics.get(need.topic_code, need.topic_code),
                        need.result.value,
                        need.unmet_reason,
                    )
                    for need in former.before.needs
                ],
                "facts": {
                    fact.value: spaces.get(code, code) if fact is Fact.SOCIAL_SPACE else code
                    for fact, code in former.before.facts.items()
                    if code != NOT_ASKED
                },
                "referrals": [
                    {"service": referral.service_id, "mode": referral.mode.value, "follow_up_on": _iso(referral.due_on)}
                    for referral in former.before.referrals
                ],
                "material": former.before.material,
            }
            for former in one.former
        ],
    }


def _need_data(code: str, name: str, result: str, unmet_reason: str | None) -> dict[str, Any]:
    """One topic in the same form for what stands and for what stood before."""
    return {"topic": name, "topic_code": code, "result": result, "unmet_reason": unmet_reason}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
