"""Test data on the command line; what it looks like is tested with the generator."""

from __future__ import annotations


def test_generated_contacts_are_marked_everywhere(tool):
    result = tool.json("generate", "--contacts", "300", "--months", "2", "--seed", "7")
    assert result.keys() == {"contacts", "needs", "referrals", "first_day", "last_day", "test_data"}
    assert (result["contacts"], result["first_day"], result["last_day"]) == (300, "2026-10-01", "2026-11-19")
    assert result["referrals"] > 0
    figures = tool.json("statistics", "--month", "2026-10")
    assert figures["test_data"] is True
    assert figures["totals"]["contacts"] + tool.json("statistics", "--month", "2026-11")["totals"]["contacts"] == 300
    assert "Testdaten" in tool("statistics", "--month", "2026-10").out


def test_real_contacts_stay_among_themselves(tool):
    tool("record", "--topic", "pflege")
    answer = tool("generate", "--contacts", "5")
    assert answer.code == 1
    assert "echte Kontakte" in answer.err
    assert len(tool.json("contacts")["contacts"]) == 1
    assert tool.json("statistics", "--month", "2026-11")["test_data"] is False


def test_more_test_data_goes_into_a_marked_database(tool):
    assert tool("generate", "--contacts", "20", "--seed", "3").code == 0
    tool("record", "--topic", "pflege")
    assert tool("generate", "--contacts", "20", "--seed", "3").code == 0


def test_a_named_last_month(tool):
    result = tool.json("generate", "--contacts", "10", "--months", "1", "--until", "2026-02")
    assert (result["first_day"], result["last_day"]) == ("2026-02-02", "2026-02-27")
