"""Setting up an office."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

OFFICE = ("--office", "Quartiersbüro Nord", "--carrier", "Caritas", "--admin", "anna")


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path.read_bytes())
    texts = []
    for page in document:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_bounded())
        text_page.close()
        page.close()
    document.close()
    return "\n".join(texts)


def test_everything_given_is_stored(new_tool):
    result = new_tool.json(
        "init", *OFFICE, "--admin-name", "Anna Beispiel", "--legal-profile", "kdg", "--social-space", "Mitte",
        "--social-space", "Ost", "--street", "Lindenstraße 1", "--postal-code", "12345", "--city", "Musterstadt",
        "--phone", "030 1", "--email", "nord@example.org", "--website", "https://example.org", "--office-hours", "Mo 9-12",
    )  # fmt: skip
    assert result.keys() == {"data_dir", "office", "carrier", "account", "services", "recovery_sheet", "recovery_key"}
    assert result["office"] == "Quartiersbüro Nord"
    assert result["services"] == 0
    with new_tool.application() as application:
        office = application.settings.office()
        assert (office.legal_profile.value, office.street, office.office_hours) == ("kdg", "Lindenstraße 1", "Mo 9-12")
        assert [space.name for space in application.settings.social_spaces()] == ["Mitte", "Ost"]
        assert (application.actor.display_name, application.actor.initials) == ("Anna Beispiel", "AB")


def test_the_recovery_key_is_shown_once_and_opens_the_data(new_tool):
    from desktop_app.bootstrap import reset_password
    from desktop_app.environment.folders import DataFolder

    answer = new_tool("init", *OFFICE)
    assert answer.code == 0
    assert answer.err == ""
    shown = "".join(line for line in answer.out.splitlines() if line.startswith("    "))
    reset_password(DataFolder(new_tool.folder), "anna", shown, "ganz neue Worte", new_tool.surroundings()).close()
    assert new_tool("contacts").code == 1


def test_the_recovery_key_goes_to_paper_instead_of_the_screen(new_tool, tmp_path):
    sheet = tmp_path / "blatt.pdf"
    answer = new_tool("init", *OFFICE, "--recovery-sheet", str(sheet))
    assert answer.code == 0
    assert "Tresor" in answer.out
    paper = text_of(sheet)
    assert "Wiederherstellungsblatt" in paper
    # Each character of the key is set by itself, so that the eye can count them.
    groups = ["".join(group.split()) for group in re.findall(r"(?<!\d)[1-9]\.\s*((?:[0-9A-Z]\s*){4})", paper)]
    assert len(groups) == 9
    assert not any(group in answer.out for group in groups)


def test_an_existing_sheet_stops_before_anything_is_set_up(new_tool, tmp_path):
    sheet = tmp_path / "blatt.pdf"
    sheet.write_bytes(b"alt")
    answer = new_tool("init", *OFFICE, "--recovery-sheet", str(sheet))
    assert answer.code == 1
    assert "gibt es schon" in answer.err
    assert sheet.read_bytes() == b"alt"
    assert not new_tool.folder.exists()
    assert new_tool("init", *OFFICE, "--recovery-sheet", str(sheet), "--force").code == 0
    assert sheet.read_bytes().startswith(b"%PDF")


def test_a_second_time_changes_nothing(tool):
    before = (tool.folder / "schluessel.json").read_bytes()
    answer = tool("init", *OFFICE)
    assert answer.code == 1
    assert "schon eingerichtet" in answer.err
    assert (tool.folder / "schluessel.json").read_bytes() == before


def test_a_weak_password_is_refused(new_tool, tmp_path):
    weak = tmp_path / "schwach"
    weak.write_text("kurz", encoding="utf-8")
    weak.chmod(0o600)
    answer = new_tool.bare("init", *OFFICE, "--data-dir", str(new_tool.folder), "--password-file", str(weak))
    assert answer.code == 1
    assert "zu kurz" in answer.err
    assert not (new_tool.folder / "quartierslotse.db").exists()


@pytest.mark.parametrize(("option", "sentence"), [("--office", "Namen des Büros"), ("--carrier", "Träger")])
def test_empty_names_are_refused(new_tool, option, sentence):
    words = dict(zip(OFFICE[::2], OFFICE[1::2], strict=True)) | {option: "  "}
    answer = new_tool("init", *(part for pair in words.items() for part in pair))
    assert answer.code == 1
    assert sentence in answer.err
    assert new_tool("init", *OFFICE).code == 0


def test_the_sample_directory_is_imported(new_tool):
    result = new_tool.json("init", *OFFICE, "--sample")
    assert result["services"] > 300
    assert new_tool.json("search", "Pflege")["hits"]
