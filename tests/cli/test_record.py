"""Recording contacts and looking at a day."""

from __future__ import annotations

from datetime import timedelta

import pytest


def test_one_topic_is_enough(tool):
    answer = tool("record", "--topic", "pflege")
    assert answer.code == 0
    assert answer.out == "Gespeichert um 10:40: Im Büro, Pflege\n"


@pytest.mark.parametrize("word", ["finanzen", "Finanzen & Behörden", "finanzen und behörden", "f", "F"])
def test_a_topic_by_code_name_or_key(tool, word):
    if word == "finanzen und behörden":
        assert tool("record", "--topic", word).code == 1
    else:
        assert tool.json("record", "--topic", word)["needs"][0]["topic"] == "finanzen"


def test_everything_at_once(tool, tmp_path):
    note = tmp_path / "notiz.txt"
    note.write_text("Frau Geheim braucht Hilfe.\n", encoding="utf-8")
    result = tool.json(
        "record", "--topic", "pflege", "--topic", "8", "--channel", "Telefon", "--depth", "counselling",
        "--result", "pflege=unmet:full", "--result", "wohnen=Noch offen", "--refer", f"{tool.CARE}:sheet:2026-12-01",
        "--refer", tool.CAFE, "--material", "Faltblatt", "--note-file", str(note), "--for-whom", "relative",
        "--age-band", "80–84", "--gender", "weiblich", "--social-space", "ost & west", "--visit-kind", "first",
        "--care-level", "Pflegegrad 2", "--language", "tr", "--access-route", "doctor", "--duration", "30",
    )  # fmt: skip
    assert result.keys() == {
        "contact_id", "recorded_at", "channel", "depth", "needs", "referrals", "facts", "material", "has_note", "initials",
        "revision",
    }  # fmt: skip
    assert result["recorded_at"] == "2026-11-20T10:40:00+01:00"
    assert (result["channel"], result["depth"], result["material"], result["has_note"]) == (
        "phone", "counselling", "Faltblatt", True,
    )  # fmt: skip
    assert result["needs"] == [
        {"topic": "pflege", "result": "unmet", "unmet_reason": "full"},
        {"topic": "wohnen", "result": "open", "unmet_reason": None},
    ]
    assert [(ref["service_id"], ref["mode"], ref["due_on"]) for ref in result["referrals"]] == [
        (tool.CARE, "sheet", "2026-12-01"),
        (tool.CAFE, "named", None),
    ]
    with tool.application() as application:
        spaces = {space.name: space.space_id for space in application.settings.social_spaces()}
        assert application.contacts.read_note(application.actor, result["contact_id"]) == "Frau Geheim braucht Hilfe."
    assert result["facts"] == {
        "for_whom": "relative", "age_band": "80_84", "gender": "female", "social_space": spaces["Ost & West"],
        "visit_kind": "first", "care_level": "2", "language": "tr", "access_route": "doctor", "duration": "30",
    }  # fmt: skip


def test_facts_that_are_not_named_are_not_asked(tool):
    facts = tool.json("record", "--topic", "pflege", "--gender", "keine Angabe", "--social-space", "outside")["facts"]
    assert facts.pop("gender") == "no_answer"
    assert facts.pop("social_space") == "outside"
    assert set(facts.values()) == {"not_asked"}


def test_a_single_topic_needs_no_name_in_its_result(tool):
    assert tool.json("record", "--topic", "pflege", "--result", "partly:no_offer")["needs"] == [
        {"topic": "pflege", "result": "partly", "unmet_reason": "no_offer"}
    ]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--topic", "Raumfahrt"), 1, "Das Thema „Raumfahrt“ gibt es nicht. Möglich: gesundheit (1)"),
        (("--topic", "pflege", "--topic", "2"), 1, "Ein Thema ist doppelt gewählt."),
        (("--topic", "pflege", "--refer", "gibt-es-nicht"), 1, "steht nicht (mehr) im Verzeichnis"),
        (("--topic", "pflege", "--social-space", "Mond"), 1, "Möglich: Mitte, Ost & West, outside"),
        (("--topic", "pflege", "--result", "met:full"), 1, "Ein Grund gehört nur zu"),
        (("--topic", "pflege", "--result", "wohnen=met"), 1, "Das Thema „wohnen“ gibt es nicht. Möglich: pflege"),
        (("--topic", "pflege", "--topic", "wohnen", "--result", "met"), 2, "braucht jedes Ergebnis sein Thema"),
        (("--topic", "pflege", "--result", "met", "--result", "open"), 2, "zwei Ergebnisse"),
        (("--topic", "pflege", "--note-file", "fehlt.txt"), 1, "gibt es nicht"),
        (("--topic", "pflege", "--material", "x" * 501), 1, "zu lang"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_saved(tool, words, code, sentence):
    answer = tool("record", *words)
    assert answer.code == code
    assert sentence in answer.err
    assert tool.json("contacts")["contacts"] == []


def test_the_day_newest_first(tool):
    tool("record", "--topic", "pflege", "--refer", f"{tool.CARE}:announced")
    tool.clock.advance(timedelta(minutes=25))
    tool("record", "--topic", "wohnen", "--channel", "phone", "--result", "open")
    result = tool.json("contacts", "--date", "20.11.2026")
    assert result.keys() == {"date", "contacts", "tally"}
    assert [contact["needs"][0]["topic"] for contact in result["contacts"]] == ["wohnen", "pflege"]
    assert result["tally"] == {"visitor": 0, "call": 0, "leaflet": 0}
    answer = tool("contacts")
    lines = answer.out.splitlines()
    assert lines[0] == "2 Kontakte am 20.11.2026"
    assert lines[4].split("  ")[0] == "11:05"
    assert "Pflegeberatung" in lines[5]
    assert "EM" in lines[5]
    assert tool("contacts", "--date", "2026-11-19").out == "0 Kontakte am 19.11.2026\n"


def test_a_day_with_strokes(tool):
    from desktop_app.contacts.vocabulary import TallyKind

    with tool.application() as application:
        application.tally.add_mark(application.actor, TallyKind.CALL)
    assert "Strichliste: Kurzer Anruf: 1" in tool("contacts").out


def test_notes_never_leave_by_the_command_line(tool, tmp_path):
    note = tmp_path / "notiz.txt"
    note.write_text("Frau Geheim braucht Hilfe.", encoding="utf-8")
    answers = [
        tool("record", "--topic", "pflege", "--note-file", str(note)),
        tool("contacts"),
        tool("contacts", "--json"),
        tool("statistics", "--month", "2026-11", "--json"),
    ]
    for answer in answers:
        assert answer.code == 0, answer
        assert "Geheim" not in answer.out + answer.err
    logs = "".join(path.read_text(encoding="utf-8") for path in (tool.folder / "protokoll").glob("*"))
    assert "Geheim" not in logs
    assert tool.PASSWORD not in logs


def test_a_wrong_clock_is_told_and_the_contact_is_recorded(tool):
    tool.json("record", "--topic", "pflege")
    tool.clock.advance(timedelta(days=-9))
    answer = tool("record", "--topic", "pflege")
    assert answer.code == 0
    assert "Die Uhr dieses Rechners zeigt den 11.11.2026" in answer.err
    assert "Daten vom 20.11.2026" in answer.err
