"""The tool as its own process, as people and scripts start it: real streams, real signals, full cost of the password."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "drei Worte Regenschirm"


class Shell:
    """Starts the tool in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))},
            "PYTHONPATH": str(ROOT),
            "QUARTIERSLOTSE_PASSWORD": PASSWORD,
            "QUARTIERSLOTSE_DATA_DIR": str(folder / "Daten für Süd"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONUTF8": "1",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-W", "error", "-m", "ui.command_line", *words]

    def run(self, *words: str, code: int = 0, **changes: str) -> str:
        answer = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env={**self.environment, **changes},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
        assert answer.returncode == code, answer
        assert "Traceback" not in answer.stderr
        return answer.stdout if code == 0 else answer.stderr

    def start(self, *words: str) -> subprocess.Popen:
        # Whoever runs the tests in the background ignores Ctrl+C, and a program inherits that.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return subprocess.Popen(
                self.command(*words),
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        finally:
            signal.signal(signal.SIGINT, before)


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path)


def test_a_day_from_setting_up_to_the_month(shell, directory_file):
    shell.run("init", "--office", "Quartiersbüro Süd", "--carrier", "AWO", "--admin", "erika",
              "--recovery-sheet", "wiederherstellung.pdf")  # fmt: skip
    assert "eingelesen" in shell.run("import-directory", str(directory_file))
    hits = json.loads(shell.run("search", "begegnungscafe", "--json"))["result"]["hits"]
    service = hits[0]["service_id"]
    assert "Begegnungscafé Süd" in shell.run("show-service", service)
    shell.run("record", "--topic", "begegnung", "--channel", "phone", "--refer", f"{service}:sheet")
    contacts = json.loads(shell.run("contacts", "--json"))["result"]
    assert contacts["contacts"][0]["referrals"][0]["service_id"] == service
    shell.run("sheet", service, "--out", "blatt.pdf")
    for kind in ("csv", "xlsx", "pdf"):
        shell.run("statistics", "--month", contacts["date"][:7], "--format", kind, "--out", f"monat.{kind}")
    assert {path.name for path in shell.folder.iterdir()} == {
        "Daten für Süd", "wiederherstellung.pdf", "blatt.pdf", "monat.csv", "monat.xlsx", "monat.pdf",
    }  # fmt: skip
    assert "stimmt nicht" in shell.run("contacts", code=1, QUARTIERSLOTSE_PASSWORD="etwas anderes")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process waits for")
def test_secrets_are_in_no_list_of_processes_and_an_interrupted_contact_is_not_saved(shell):
    shell.run("init", "--office", "B", "--carrier", "T", "--admin", "erika")
    note = "Frau Geheim braucht Hilfe."
    for interrupted in (True, False):
        # Waiting for the note on standard input, the process stands still long enough to be looked at.
        process = shell.start("record", "--topic", "pflege", "--note-file", "-")
        try:
            wait_until_it_reads(process)
            words = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            assert b"record" in words
            assert PASSWORD.encode() not in words
            if interrupted:
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)
                assert (process.returncode, out, err) == (130, b"", b"Abgebrochen.\n")
            else:
                out, err = process.communicate(note.encode(), timeout=60)
                assert process.returncode == 0, err
                assert b"Geheim" not in out + err
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
    contacts = json.loads(shell.run("contacts", "--json"))["result"]["contacts"]
    assert [contact["has_note"] for contact in contacts] == [True]
    stored = b"".join(path.read_bytes() for path in shell.folder.rglob("*") if path.is_file())
    assert b"Geheim" not in stored
    assert PASSWORD.encode() not in stored


def wait_until_it_reads(process: subprocess.Popen) -> None:
    """Return once the process waits for its input: a signal during start-up would meet Python itself."""
    while process.poll() is None:
        try:
            call = Path(f"/proc/{process.pid}/syscall").read_text(encoding="ascii")
        except PermissionError:
            pytest.skip("this system does not tell what a process waits for")
        # read(0, ...) is system call 0 on x86-64 and 63 on arm64, its first argument the descriptor.
        number, *arguments = call.split()
        if number in {"0", "63"} and arguments[0] == "0x0":
            return
        os.sched_yield()


def test_a_reader_that_goes_away_is_no_error(shell):
    process = shell.start("record", "--help")
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert err == b""
    assert process.returncode in {0, 141}


def test_a_pipe_closed_before_the_output_ends_with_141(shell):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        answer = subprocess.run(
            shell.command("--help"), env=shell.environment, stdout=writing, stderr=subprocess.PIPE, timeout=60
        )
    finally:
        os.close(writing)
    assert (answer.returncode, answer.stderr) == (141, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_old_terminal(shell, encoding):
    out = subprocess.run(
        shell.command("--help"),
        env={**shell.environment, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=60,
    )
    assert out.returncode == 0, out
    assert "ein Büro einrichten" in out.stdout.decode(encoding) or b"ein Buero einrichten" in out.stdout


def test_the_tool_starts_quickly_and_loads_nothing_it_does_not_need(shell):
    script = (
        "import sys; from ui.command_line import main; code = main(['--help']);"
        "heavy = {'peewee', 'sqlcipher3', 'reportlab', 'PySide6', 'nacl', 'argon2', 'xlsxwriter', 'rapidfuzz'};"
        "sys.exit(sorted(heavy & set(sys.modules)) or code)"
    )
    answer = subprocess.run([sys.executable, "-c", script], env=shell.environment, capture_output=True, timeout=60)
    assert (answer.returncode, answer.stderr) == (0, b"")
