"""The paper about visitors, read back: law by profile, three separate ticks, the code as text and picture."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.vocabulary import Fact
from desktop_app.documents.fonts import FontLibrary
from desktop_app.documents.render import page_images
from desktop_app.environment.folders import resources_folder
from desktop_app.settings.records import LegalProfile, Office
from desktop_app.visitors.forms.service import VisitorFormService
from desktop_app.visitors.records import ConsentEntry, ConsentKind, VisitorEntry
from desktop_app.visitors.rules import FORM_VERSION
from desktop_app.visitors.visit_code import new_code
from tests.contacts.office import SERVICES
from tests.visitors.office import RECORD, TODAY, Counselling

OFFICE = Office(
    "1", "Quartiersbüro Nord", "Beispielverband e. V.", LegalProfile.GDPR, street="Parkallee 7", city="Musterstadt"
)


@pytest.fixture(scope="module")
def forms() -> VisitorFormService:
    return VisitorFormService(FontLibrary(resources_folder() / "fonts"))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize(
    ("profile", "quoted", "foreign"),
    [
        (LegalProfile.GDPR, ["Art. 6 Abs. 1 Buchst. a", "Art. 9 Abs. 2", "Art. 7 Abs. 3", "Art. 77"], "KDG"),
        (LegalProfile.CATHOLIC, ["§ 6 Abs. 1 Buchst. b", "§ 11 Abs. 2", "§ 8 Abs. 6", "§ 48 KDG"], "DSGVO"),
        (LegalProfile.PROTESTANT, ["§ 6 Nr. 2", "§ 13 Abs. 2 Nr. 1", "§ 11 Abs. 3", "§ 46 DSG-EKD"], "DSGVO"),
    ],
)
def test_the_consent_quotes_the_law_of_the_carrier(
    forms: VisitorFormService, profile: LegalProfile, quoted: list[str], foreign: str
) -> None:
    pdf = forms.consent_form(replace(OFFICE, legal_profile=profile), day=TODAY)
    text = text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1, "what is signed stands on the page with the signature"
    assert [words for words in quoted if words not in text] == []
    assert foreign not in text
    for words in ("Personenakte führen", "Wieder Kontakt aufnehmen", "Angaben weitergeben", "widerrufen", FORM_VERSION):
        assert words in text
    assert "Beispielverband" in text


def test_the_release_names_whom_and_what_for(forms: VisitorFormService) -> None:
    text = text_of(
        forms.secrecy_release(
            OFFICE, day=TODAY, person="Helga Müller", partner="Pflegestützpunkt", purpose="Pflegegrad"
        )
    )
    for words in ("§ 203", "Helga Müller", "Pflegestützpunkt", "Pflegegrad"):
        assert words in text
    assert len(PdfReader(io.BytesIO(forms.secrecy_release(OFFICE, day=TODAY))).pages) == 1


def test_the_card_shows_its_code_and_nobody(forms: VisitorFormService) -> None:
    code = new_code()
    pdf = forms.visit_card(OFFICE, code=code, day=TODAY)
    document = PdfReader(io.BytesIO(pdf))
    assert len(document.pages) == 1
    letters = text_of(pdf).replace(" ", "")
    assert all(group in letters for group in code.split("-"))
    assert code not in repr(document.metadata)
    picture = page_images(pdf, 150)[0]
    seen = zxingcpp.read_barcodes(Image.frombytes("RGBA", (picture.width, picture.height), picture.rgba).convert("L"))
    assert [one.text for one in seen] == [code]


def test_an_access_request_is_answered_with_everything(office: Counselling, forms: VisitorFormService) -> None:
    space = office.desk.settings.social_spaces()[0]
    partner = ConsentEntry(
        ConsentKind.PASS_ON, TODAY, "2026-11", partner="Pflegestützpunkt Mitte", purpose="Begutachtung"
    )
    entry = VisitorEntry(
        "Helga Müller", "Krause", date(1941, 5, 3), None, "0208 123456", "Gasse 4", "Polnisch", "hört schlecht"
    )
    helga = office.files.create_file(office.erika, entry, [RECORD, partner])
    other = office.person("Helga Mueller-Lehmann")
    contact = ContactEntry(
        needs=(NeedEntry("pflege"),),
        referrals=(ReferralEntry(SERVICES[1], due_on=date(2026, 12, 1)),),
        facts={Fact.SOCIAL_SPACE: space.space_id, Fact.CARE_LEVEL: "2"},
        material="Notfallmappe",
        note="Die Tochter ruft an.",
    )
    office.files.record_contact(office.erika, contact, helga)
    withdrawn = office.files.record_contact(office.erika, replace(contact, note="Irrtum mit Brille"), helga)
    office.desk.contacts.withdraw_contact(office.erika, withdrawn)
    stranger = office.person("Anna Fremd")
    office.files.record_contact(office.erika, replace(contact, note="Geheimnis der Anna"), stranger)
    office.merges.merge_files(office.erika, helga, other)
    report = office.files.access_report(office.erika, helga)
    text = text_of(forms.access_answer(OFFICE, report, day=TODAY))
    data = forms.access_data(OFFICE, report, day=TODAY).decode()
    for words in (
        "Helga Müller", "Krause", "Gasse 4", "Polnisch", "hört schlecht", "Helga Mueller-Lehmann", "Pflegestützpunkt Mitte",
        "Begutachtung", "Angebot 2", "Notfallmappe", "Die Tochter ruft an.", "Irrtum mit Brille", space.name,
    ):  # fmt: skip
        assert words in text, words
        assert words in data, words
    for words in ("Anna", "Geheimnis"):
        assert words not in text + data
    content = json.loads(data)
    assert content["person"]["birth_date"] == "1941-05-03"
    assert sorted(contact["withdrawn"] for contact in content["contacts"]) == [False, True]
    assert content["contacts"][0]["referrals"][0]["follow_up_on"] == "2026-12-01"
    assert content["contacts"][0]["facts"]["care_level"] == "2"
    assert "bis zum Widerruf" in text
    former = next(one["former_states"] for one in content["contacts"] if one["former_states"])[0]
    for states in (content["contacts"][0]["needs"], former["needs"]):
        assert (states[0]["topic"], states[0]["topic_code"]) == ("Pflege", "pflege")
