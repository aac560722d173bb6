"""Sync on the command line, with a real hub: connect, run, conflicts, computers, and files for the stick."""

from __future__ import annotations

import io
import re
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app.core.progress import Cancelled
from hub.clock import system_now
from hub.identity.devices import revoke as shut_out_at_hub


class Person(io.StringIO):
    """Somebody at a terminal who types these lines."""

    def __init__(self, *lines: str) -> None:
        super().__init__("".join(f"{line}\n" for line in lines))

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    def type_lines(*lines: str) -> None:
        monkeypatch.setattr(sys, "stdin", Person(*lines))

    return type_lines


def add_contact(tool, *words: str) -> str:
    tool.json("record", "--topic", "pflege", *words)
    return tool.json("contacts")["contacts"][0]["contact_id"]


def change(tool, contact_id: str, **changes: str) -> None:
    with tool.application() as application:
        record = application.contact_queries.contact(contact_id)
        entry = record.entry("")
        values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
        application.contacts.correct_contact(
            application.actor, contact_id, type(entry)(**{**values, **changes}), revision=record.revision
        )


# Connecting -----------------------------------------------------------------------------------------------


def test_what_would_be_shared_is_shown_before_anything_is_sent(tool, town) -> None:
    file = town.code_file()
    answer = tool("sync", "connect", "--name", "Empfang", "--code-file", file)
    assert answer.code == 1
    assert "Quartiersbüro Süd (AWO)" in answer.out
    assert "der erste dieses Büros" in answer.out
    assert "Verzeichnis" in answer.out
    assert "nichts gesendet" in answer.out
    assert tool.json("sync", "status")["status"]["state"] == "not_connected"
    # The code was not used up.
    answer = tool("sync", "connect", "--name", "Empfang", "--code-file", file, "--yes")
    assert answer.code == 0, answer
    assert "sync key-sheet" in answer.out
    status = tool.json("sync", "status")
    assert status["status"]["state"] == "in_step"
    assert status["status"]["needs_key_sheet"] is True
    assert {share["kind"] for share in status["shares"]} == {"directory", "office", "exchange", "statistics"}
    again = tool("sync", "connect", "--name", "Empfang", "--code-file", town.code_file(), "--yes")
    assert (again.code, again.out) == (1, "")
    assert "schon verbunden" in again.err


def test_somebody_at_the_terminal_is_asked(tool, town, typed) -> None:
    code = Path(town.code_file()).read_text(encoding="utf-8").strip()
    typed(code, "nein")
    answer = tool("sync", "connect", "--name", "Empfang")
    assert answer.code == 1
    assert "Anmeldecode:" in answer.err
    assert answer.err.index("Quartiersbüro Süd") < answer.err.index("Verbinden?")
    assert tool.json("sync", "status")["status"]["state"] == "not_connected"
    typed(code, "ja")
    assert tool("sync", "connect", "--name", "Empfang").code == 0
    assert tool.json("sync", "status")["status"]["state"] == "in_step"


def test_the_printed_key_counts_once_it_was_typed_from_paper(connected, tmp_path, monkeypatch) -> None:
    from pypdf import PdfReader

    sheet = tmp_path / "blatt.pdf"

    class Reader(Person):
        """Reads the sheet when asked, the second time right."""

        typed_wrong = True

        def readline(self, *_size: int) -> str:
            if self.typed_wrong:
                self.typed_wrong = False
                return "WRONG\n"
            text = "\n".join(page.extract_text() for page in PdfReader(str(sheet)).pages)
            return re.search(r"^\s*1\.\s*((?:[0-9A-HJKMNP-TV-Z] ?){4})\s*(?:2\.|$)", text, re.MULTILINE)[1] + "\n"

    refused = connected("sync", "key-sheet", "--out", str(sheet))
    assert (refused.code, sheet.exists()) == (1, False)
    assert "Terminal" in refused.err
    monkeypatch.setattr(sys, "stdin", Person("WRONG", "WRONG", "WRONG"))
    assert connected("sync", "key-sheet", "--out", str(sheet)).code == 1
    assert connected.json("sync", "status")["status"]["needs_key_sheet"] is True
    monkeypatch.setattr(sys, "stdin", Reader())
    answer = connected("sync", "key-sheet", "--out", str(sheet), "--force")
    assert answer.code == 0, answer
    assert "nicht die erste Gruppe" in answer.err
    assert connected.json("sync", "status")["status"]["needs_key_sheet"] is False


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("sync",), 2, "Schritt"),
        (("sync", "connect"), 2, "--name"),
        (("sync", "connect", "--name", "Empfang"), 1, "--code-file"),
        (("sync", "run"), 1, "mit keinem Abgleich-Server verbunden"),
        (("sync", "conflicts", "--take", "mine"), 2, "Nummer"),
        (("sync", "conflicts", "abc", "--field", "x"), 2, "--take"),
        (("sync", "conflicts", "abc"), 1, "gibt es nicht"),
        (("sync", "conflicts", "abc", "--take", "mine", "--done"), 2, "--done"),
        (("device", "list"), 1, "mit keinem Abgleich-Server verbunden"),
        (("device", "revoke", "abc"), 2, "--yes"),
        (("bundle", "export", "."), 1, "aufgenommen"),
        (("bundle", "import", "x"), 1, "aufgenommen"),
    ],
)
def test_what_does_not_work_says_why(words, code, sentence, tool, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    answer = tool(*words)
    assert answer.code == code, answer
    assert answer.out == ""
    assert sentence.casefold() in answer.err.casefold()


def test_a_wrong_code_is_named_as_the_field(tool, tmp_path) -> None:
    file = tmp_path / "code.txt"
    file.write_text("Guten Tag", encoding="utf-8")
    answer = tool("sync", "connect", "--json", "--name", "Empfang", "--code-file", str(file), "--yes")
    assert answer.code == 1
    assert answer.data["error"]["kind"] == "input"


# Desks ----------------------------------------------------------------------------------------------------


def test_two_desks_come_into_step_and_one_is_shut_out(connected, second) -> None:
    contact = add_contact(connected)
    assert connected.json("sync", "run")["round"]["sent"] > 0
    assert second.json("sync", "run")["round"]["received"] > 0
    assert second.json("contacts")["contacts"][0]["contact_id"] == contact
    devices = {one["label"]: one for one in connected.json("device", "list")["devices"]}
    assert devices.keys() == {"Empfang", "Beratung"}
    assert devices["Empfang"]["this"]
    assert devices["Beratung"]["admitted"]
    shown = connected("device", "list")
    assert re.search(r"Empfang +dieser Rechner", shown.out)
    own = connected("device", "revoke", "Empfang", "--yes")
    assert own.code == 1
    assert "sich nicht selbst" in own.err
    result = connected.json("device", "revoke", "Beratung", "--yes")
    assert result["revoked"] == devices["Beratung"]["device_id"]
    assert [one["label"] for one in connected.json("device", "list")["devices"]] == ["Empfang"]
    assert len(connected.json("device", "list", "--all")["devices"]) == 2
    assert second("sync", "run").code == 1


def test_a_desk_that_only_the_hub_has_shut_out_is_listed_until_the_office_does_it_too(connected, second, town) -> None:
    desk = next(one for one in connected.json("device", "list")["devices"] if not one["this"])
    shut_out_at_hub(town.hub.database, system_now, desk["device_id"])
    listed = connected.json("device", "list")["devices"]
    (found,) = [one for one in listed if not one["this"]]
    assert found["admitted"]
    assert found["revoked_on"]
    shown = connected("device", "list").out
    assert "nur am Server gesperrt" in shown
    assert f"quartierslotse device revoke {desk['device_id']} --yes" in shown
    connected.json("device", "revoke", desk["device_id"], "--yes")
    assert [one["this"] for one in connected.json("device", "list")["devices"]] == [True]
    assert "nur am Server" not in connected("device", "list", "--all").out


def test_a_conflict_shows_long_values_whole(connected, second) -> None:
    contact = add_contact(connected)
    connected.json("sync", "run")
    second.json("sync", "run")
    long = "Braucht einen Rollator. " * 20
    change(connected, contact, material=f"{long}Am Montag.")
    change(second, contact, material=f"{long}Am Dienstag.")
    connected.json("sync", "run")
    second.json("sync", "run")
    (conflict,) = [one for one in second.json("sync", "conflicts")["conflicts"] if one["what"] == "Kontakt"]
    shown = second("sync", "conflicts", conflict["conflict_id"]).out
    assert f"{long}Am Montag." in shown
    assert f"{long}Am Dienstag." in shown


def test_a_conflict_is_listed_shown_decided_and_taken_back(connected, second) -> None:
    contact = add_contact(connected)
    connected.json("sync", "run")
    second.json("sync", "run")
    change(connected, contact, material="Rollator")
    change(second, contact, material="Lupe")
    connected.json("sync", "run")
    answer = second("sync", "run")
    assert "1 neuer Konflikt" in answer.out
    (conflict,) = [one for one in second.json("sync", "conflicts")["conflicts"] if one["what"] == "Kontakt"]
    (field,) = conflict["fields"]
    assert (field["field"], field["mine"], field["theirs"], field["stands"]) == ("material", "Lupe", "Rollator", "mine")
    number = conflict["conflict_id"]
    shown = second("sync", "conflicts", number)
    assert re.search(r"\* mine +\(hier\): Lupe", shown.out)
    assert re.search(r"theirs \(an „.+“\): Rollator", shown.out), shown.out
    connected.json("sync", "run")
    shown = connected("sync", "conflicts", number)
    assert re.search(r"mine +\(an „Beratung“\): Lupe", shown.out), shown.out
    assert "theirs (hier): Rollator" in shown.out
    decided = second.json("sync", "conflicts", number, "--take", "theirs", "--field", "material")
    assert decided["conflicts"][0]["decided"]
    assert second.json("contacts")["contacts"][0]["material"] == "Rollator"
    assert number not in [one["conflict_id"] for one in second.json("sync", "conflicts")["conflicts"]]
    assert number in [one["conflict_id"] for one in second.json("sync", "conflicts", "--all")["conflicts"]]
    second.json("sync", "conflicts", number, "--undo")
    assert second.json("contacts")["contacts"][0]["material"] == "Lupe"
    wrong = second("sync", "conflicts", number, "--take", "mine", "--field", "nichts")
    assert (wrong.code, wrong.out) == (1, "")
    assert "material" in wrong.err
    assert second.json("sync", "conflicts", number, "--done")["conflicts"][0]["decided"]


# The stick ------------------------------------------------------------------------------------------------


def test_a_stick_carries_a_contact(connected, second, tmp_path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    contact = add_contact(connected)
    answer = connected("bundle", "export", str(stick))
    assert answer.code == 0, answer
    assert "Ausgegeben: alles" in answer.out
    (file,) = stick.iterdir()
    taken = second("bundle", "import", str(stick))
    assert taken.code == 0, taken
    assert "übernommen von: Empfang" in taken.out
    assert second.json("contacts")["contacts"][0]["contact_id"] == contact
    again = second.json("bundle", "import", str(file))
    assert again["taken"]["known"] is True
    assert "schon übernommen" in second("bundle", "import", str(file)).out
    back = second.json("bundle", "export", str(stick))
    assert Path(back["given"]["file"]).exists()
    connected.json("bundle", "import", back["given"]["file"])
    assert connected.json("bundle", "export", str(stick))["given"]["everything"] is False
    assert connected.json("bundle", "export", str(stick), "--everything")["given"]["everything"] is True
    assert "von „Empfang“" in second("bundle", "status").out
    file.write_bytes(file.read_bytes()[:-1])
    broken = second("bundle", "import", str(file))
    assert (broken.code, broken.out) == (1, "")
    assert "nichts geändert" in broken.err


def test_what_a_role_may_not_do_is_refused(connected, tmp_path) -> None:
    from desktop_app.bootstrap import reset_password
    from desktop_app.environment.folders import DataFolder

    code = connected.json("account", "add", "karl", "--role", "front_desk", "--name", "Karl")["code"]
    reset_password(
        DataFolder(connected.folder), "karl", code, "Laterne Gurke Fahrplan", connected.surroundings()
    ).close()
    karl = tmp_path / "karl.txt"
    karl.write_text("Laterne Gurke Fahrplan", encoding="utf-8")
    karl.chmod(0o600)

    def as_karl(*words: str):
        return connected.bare(
            "--data-dir", str(connected.folder), "--account", "karl", "--password-file", str(karl), *words
        )

    assert as_karl("sync", "status").code == 0
    assert as_karl("sync", "run").code == 0
    assert as_karl("bundle", "status").code == 0
    for words in (("device", "list"), ("device", "revoke", "x", "--yes")):
        refused = as_karl(*words)
        assert (refused.code, refused.out) == (1, "")
        assert "Rolle „Empfang“ nicht" in refused.err


def test_a_restore_says_what_comes_back_with_the_next_sync(connected, tmp_path: Path) -> None:
    connected.json("sync", "run")
    connected.json("backup", "--to", str(tmp_path))
    connected.clock.advance(timedelta(hours=1))
    add_contact(connected)
    connected.json("sync", "run")
    add_contact(connected)

    answer = connected("restore", "--dry-run")
    assert "2 Kontakte wurden danach erfasst." in answer.out
    assert "1 davon ist schon abgeglichen und kommt mit dem nächsten Abgleich zurück." in answer.out

    connected.json("restore", "--yes")
    assert connected.json("contacts")["contacts"] == []
    connected.json("sync", "run")
    assert len(connected.json("contacts")["contacts"]) == 1


def test_a_desk_that_was_connected_after_its_backup_gets_nothing_back_by_itself(tool, town, tmp_path: Path) -> None:
    tool.json("backup", "--to", str(tmp_path))
    tool.clock.advance(timedelta(hours=1))
    tool.json("sync", "connect", "--name", "Empfang", "--code-file", town.code_file(), "--yes")
    add_contact(tool)
    tool.json("sync", "run")

    looked = tool.json("restore", "--dry-run")
    assert (looked["lost_contacts"], looked["returning_contacts"]) == (1, 0)


def test_a_first_desk_that_is_stopped_once_it_is_enrolled_has_the_key_of_its_office(tool, town) -> None:
    class StopsAfterEnrolling:
        def step(self, done: int, _total: int, _text: str) -> None:
            if done:
                raise Cancelled

    code = Path(town.code_file()).read_text(encoding="utf-8").strip()
    with tool.application() as application:
        with pytest.raises(Cancelled):
            application.sync.connect(application.actor, code, "Empfang", StopsAfterEnrolling())
        assert application.sync.status().needs_recovery_sheet
        assert application.sync.run(application.actor).is_complete
