"""The audit log on the command line; what the check finds is tested with the log itself."""

from __future__ import annotations

import json


def test_an_untouched_log_and_its_anchor(tool):
    tool("record", "--topic", "pflege")
    answer = tool("audit", "verify")
    assert answer.code == 0
    assert "in sich unverändert" in answer.out
    assert "Prüfwert nach diesem Stand: " in answer.out
    short = answer.out.split("Stand: ")[1].split()[0]
    tool("record", "--topic", "wohnen")
    later = tool("audit", "verify", "--anchor", short)
    assert later.code == 0
    assert f"Auch der Prüfwert zu Eintrag {short.split('-')[0]} passt." in later.out
    result = tool.json("audit", "verify")
    assert result["whole"] is True
    assert result["breaks"] == 0
    assert (result["first_break"], result["file"]) == (None, None)


def test_an_anchor_that_does_not_fit(tool):
    answer = tool("audit", "verify", "--anchor", "9999-3f2a-91c0-77de-0b1c", "--json")
    assert answer.code == 1
    assert answer.data["result"]["whole"] is False
    assert answer.data["result"]["first_break"]["kind"] == "end_missing"
    answer = tool("audit", "verify", "--anchor", "9999-3f2a-91c0-77de-0b1c")
    assert "Das Ende fehlt" in answer.out
    answer = tool("audit", "verify", "--anchor", "unsinn")
    assert answer.code == 1
    assert "ist kein Prüfwert" in answer.err


def test_the_log_as_a_file(tool, tmp_path):
    path = tmp_path / "protokoll.json"
    result = tool.json("audit", "export", "--out", str(path))
    data = json.loads(path.read_text(encoding="utf-8"))
    assert result["entries"] == len(data["entries"])
    assert result["anchor"] == data["anchor"]
    assert result["file"] == str(path)
    assert tool("audit", "export", "--out", str(path)).code == 1
    assert tool("audit", "export", "--out", str(path), "--force").code == 0
    assert tool("audit", "export", "--out", str(tmp_path / "protokoll.txt")).code == 2
    table = tool("audit", "export", "--out", str(tmp_path / "protokoll.csv"))
    assert table.code == 0
    assert "protokoll.csv" in table.out
    assert "Angemeldet" in (tmp_path / "protokoll.csv").read_text(encoding="utf-8-sig")
    assert tool("audit").code == 2
