"""The officer's documents: the right law, nothing claimed that is not there, nothing replaced, readable as PDF."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.clock import FixedClock
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.progress import NoProgress
from desktop_app.documents.fonts import FontLibrary
from desktop_app.environment.folders import resources_folder
from desktop_app.privacy.markdown import Kind, blocks
from desktop_app.privacy.program_parts import PARTS, program_parts
from desktop_app.privacy.service import PrivacyDocuments
from desktop_app.privacy.templates import fill
from desktop_app.retention.records import DataKind
from desktop_app.retention.service import RetentionService
from desktop_app.settings.records import LegalProfile, Office
from desktop_app.settings.service import SettingsService
from desktop_app.storage.store import Store

OTHER_LAWS = {
    LegalProfile.GDPR: ("KDG", "DSG-EKD"),
    LegalProfile.CATHOLIC: ("DSGVO", "DSG-EKD"),
    LegalProfile.PROTESTANT: ("DSGVO", "KDG"),
}
RECORD_LAW = {
    LegalProfile.GDPR: "Art. 30 Abs. 1 DSGVO",
    LegalProfile.CATHOLIC: "§ 31 Abs. 1 KDG",
    LegalProfile.PROTESTANT: "§ 31 Abs. 1 DSG-EKD",
}


@pytest.fixture(scope="module")
def fonts() -> FontLibrary:
    return FontLibrary(resources_folder() / "fonts")


@pytest.fixture
def office(store: Store, actor: Actor) -> Office:
    office = Office(
        store.ids.new_id(), "Quartiersbüro Süd & West", "Träger | gGmbH", LegalProfile.GDPR, "Parkallee 7", "12345", "Musterstadt"
    )  # fmt: skip
    SettingsService(store).create_office(actor, office, ())
    return office


@pytest.fixture
def maker(store: Store, office: Office, clock: FixedClock, fonts: FontLibrary) -> PrivacyDocuments:
    return PrivacyDocuments(SettingsService(store), fonts, clock)


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("profile", list(LegalProfile))
@pytest.mark.parametrize("parts", [frozenset(), PARTS], ids=["bare", "whole"])
def test_every_document_quotes_its_own_law_only(
    store: Store, actor: Actor, office: Office, maker: PrivacyDocuments, profile: LegalProfile, parts: frozenset[str]
) -> None:
    SettingsService(store).change_office(actor, replace(office, legal_profile=profile))
    record, concept, measures = (plain(document.text) for document in maker.documents(parts))
    assert record.startswith("# Verzeichnis von Verarbeitungstätigkeiten")
    assert concept.startswith("# Löschkonzept")
    assert measures.startswith("# Technische und organisatorische Maßnahmen")
    assert RECORD_LAW[profile] in record
    assert "DIN 66398" in concept
    for text in (record, concept, measures):
        assert [law for law in OTHER_LAWS[profile] if re.search(rf"\b(?<!-){law}\b", text)] == []
        assert "{{" not in text
        assert "Quartiersbüro Süd & West" in text
        assert "Träger / gGmbH" in text


def test_nothing_is_claimed_that_the_program_does_not_have(maker: PrivacyDocuments) -> None:
    bare = " ".join(document.text for document in maker.documents(frozenset()))
    whole = " ".join(document.text for document in maker.documents(PARTS))
    for claim in ("Personenakte", "Rollen", "verkettet", "Tägliche Sicherung", "Fälligkeitsliste", "Löschbeleg"):
        assert claim not in bare, claim
        assert claim in whole, claim
    assert "löscht nicht von selbst" in bare
    assert "löscht nicht von selbst" not in whole


def test_the_parts_are_those_that_are_there() -> None:
    parts = program_parts()
    assert parts <= PARTS
    here = Path(__file__).resolve().parents[2] / "desktop_app"
    assert ("visitors" in parts) == (here / "visitors" / "service.py").exists()
    assert ("retention" in parts) == (here / "retention" / "service.py").exists()


def test_every_rule_is_referred_to_and_every_reference_has_a_rule(maker: PrivacyDocuments) -> None:
    for parts in (frozenset(), PARTS):
        record, concept, _measures = maker.documents(parts)
        rules = set(re.findall(r"^### (L\d+)", concept.text, flags=re.MULTILINE))
        mentioned = set(re.findall(r"\bL\d+\b", record.text))
        assert rules == mentioned


def test_the_files_are_written_once_and_read_back(maker: PrivacyDocuments, tmp_path: Path) -> None:
    folder = tmp_path / "neu" / "datenschutz"
    files = maker.write(folder, NoProgress())
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in files)
    assert len(files) == 6
    for pdf in (path for path in files if path.suffix == ".pdf"):
        reader = pypdf.PdfReader(io.BytesIO(pdf.read_bytes()))
        text = plain(" ".join(page.extract_text() for page in reader.pages))
        assert "Quartiersbüro Süd & West" in text
        assert "Seite 1 von" in text
        assert reader.metadata is not None
        assert reader.metadata.title
        markdown = pdf.with_suffix(".md").read_text(encoding="utf-8")
        headings = [block.text for block in blocks(markdown) if block.kind is Kind.HEADING]
        assert [heading for heading in headings if plain(heading) not in text] == []
    before = files[0].read_bytes()
    with pytest.raises(UserError, match="gibt es schon"):
        maker.write(folder, NoProgress())
    assert files[0].read_bytes() == before
    maker.write(folder, NoProgress(), overwrite=True)


def test_one_file_in_the_way_stops_all(maker: PrivacyDocuments, tmp_path: Path) -> None:
    (tmp_path / "massnahmen.md").write_text("meins")
    with pytest.raises(UserError, match=r"massnahmen\.md"):
        maker.write(tmp_path, NoProgress())
    assert [path.name for path in tmp_path.iterdir()] == ["massnahmen.md", "quartierslotse.db"][:1] or not list(
        tmp_path.glob("*.pdf")
    )


def test_a_file_is_no_folder(maker: PrivacyDocuments, tmp_path: Path) -> None:
    file = tmp_path / "datei"
    file.write_text("x")
    with pytest.raises(UserError, match="kein Ordner"):
        maker.write(file, NoProgress())
    with pytest.raises(EnvironmentProblem, match="anlegen"):
        maker.write(file / "darunter", NoProgress())


@pytest.mark.parametrize(
    "template", ["{{fehlt}}", "{{#visitors}}\noffen\n", "{{#unbekannt}}\nx\n{{/unbekannt}}\n", "{{"]
)
def test_a_mistake_in_a_template_is_found(template: str) -> None:
    with pytest.raises(ValueError, match=r"unknown|left open"):
        fill(template, {}, PARTS, PARTS)


def test_what_people_typed_cannot_break_a_table() -> None:
    values = {"office": "A | B\n# C {{date}}"}
    assert fill("| {{office}} |\n", values, (), PARTS) == "| A / B # C {date}} |\n"


def test_a_table_with_a_missing_cell_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="number of cells"):
        list(blocks("| a | b |\n|--|--|\n| c |\n"))


def test_all_laws_know_the_same_terms() -> None:
    terms = json.loads((resources_folder() / "privacy" / "legal_terms.json").read_text(encoding="utf-8"))
    assert {profile.value for profile in LegalProfile} == terms.keys()
    assert len({frozenset(words) for words in terms.values()}) == 1


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert list(tmp_path.rglob("*.unfertig")) == []


def test_the_concept_prints_the_term_that_is_in_force(
    maker: PrivacyDocuments, store: Store, actor: Actor, tmp_path: Path
) -> None:
    def concept() -> str:
        return next(made.text for made in maker.documents(PARTS) if made.name == "loeschkonzept")

    assert "| Regellöschfrist | 6 Monate |" in concept()
    RetentionService(store, SettingsService(store), tmp_path).change_rule(actor, DataKind.NOTES, 3)
    assert "| Regellöschfrist | 3 Monate |" in concept()
    assert "{months}" not in concept()


@pytest.mark.parametrize("profile", list(LegalProfile))
def test_sync_is_described_only_where_it_is(
    store: Store, actor: Actor, office: Office, maker: PrivacyDocuments, profile: LegalProfile
) -> None:
    SettingsService(store).change_office(actor, replace(office, legal_profile=profile))
    without = [plain(document.text) for document in maker.documents(PARTS - {"sync", "exchange"})]
    for text in without:
        for word in ("Abgleich", "Server", "Übergabe"):
            assert word not in text, word
    record, concept, measures = (plain(document.text) for document in maker.documents(PARTS))
    terms = json.loads((resources_folder() / "privacy" / "legal_terms.json").read_text(encoding="utf-8"))[profile.value]
    assert f"Dessen Betreiber ist Auftragsverarbeiter nach {terms['law_processor']}" in record
    assert "lesbar für den Betreiber des Servers" in record
    assert "Übermittlungen an einen eigenen Verantwortlichen" in record
    assert "Eine Löschung wirkt beim nächsten Abgleich" in concept
    for text in (concept, measures):
        assert "aus der Ferne" in text
    assert "acht Wörter" in measures
