#!/usr/bin/env python3
"""Startet Quartierslotse: richtet beim ersten Mal die Umgebung ein und ruft dann das Programm auf.

Only the standard library is used here, and only syntax that Python 3.7 can read, so that an old Python gets a sentence
instead of a syntax error. The second start must cost almost nothing: one look at a marker file, then the program.
Design and reasons: docs/decisions/0015-start-script.md.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Quartierslotse braucht Python 3.11 oder neuer. Dieses hier ist Python {}.{}.\n"
        "Bitte installieren Sie ein neueres Python und starten Sie noch einmal.".format(*sys.version_info[:2])
    )

import contextlib
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
LOCKS = {"runtime": "runtime.lock", "hub": "hub.lock", "development": "development.lock"}
DEMO_FOLDER = "demo-ausgabe"
HUB_FOLDER = "hub-probe"

HELP = """\
Quartierslotse

  python3 start.py              das Programm (ohne Bildschirm: die Vorführung)
  python3 start.py demo         die Vorführung; Bilder und Dateien landen in „demo-ausgabe“
  python3 start.py hub          ein Hub zum Ausprobieren auf diesem Rechner; er sagt, womit sich ein Platz verbindet
  python3 start.py BEFEHL ...   das Werkzeug für die Kommandozeile, zum Beispiel: start.py search Pflege

Für die Entwicklung:
  python3 start.py test         die Tests (weitere Angaben gehen an pytest)
  python3 start.py check        alle Prüfungen: Stil, Typen, Schichten, Tests (--no-tests: ohne die Tests)
  python3 start.py bench        die Messungen

Beim ersten Start entsteht daneben der Ordner „.venv“ mit allem, was das Programm braucht.
"""


class StartError(Exception):
    """Something the person in front of the machine can put right; the message says how."""


class SystemLibrary(NamedTuple):
    """A shared library that Qt loads, and the Debian packages that may bring it, the newest name first."""

    soname: str
    packages: tuple[str, ...]
    needed_offscreen: bool


# Found on a bare Debian 12. Debian 13 and Ubuntu 24.04 renamed some packages to …t64.
SYSTEM_LIBRARIES = (
    SystemLibrary("libglib-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0"), True),
    SystemLibrary("libGL.so.1", ("libgl1",), True),
    SystemLibrary("libEGL.so.1", ("libegl1",), True),
    SystemLibrary("libdbus-1.so.3", ("libdbus-1-3",), True),
    SystemLibrary("libfontconfig.so.1", ("libfontconfig1",), True),
    SystemLibrary("libxkbcommon.so.0", ("libxkbcommon0",), True),
    SystemLibrary("libxcb-cursor.so.0", ("libxcb-cursor0",), False),
    SystemLibrary("libxcb-icccm.so.4", ("libxcb-icccm4",), False),
    SystemLibrary("libxcb-keysyms.so.1", ("libxcb-keysyms1",), False),
    SystemLibrary("libxcb-shape.so.0", ("libxcb-shape0",), False),
    SystemLibrary("libxcb-xkb.so.1", ("libxcb-xkb1",), False),
    SystemLibrary("libxkbcommon-x11.so.0", ("libxkbcommon-x11-0",), False),
    SystemLibrary("libwayland-cursor.so.0", ("libwayland-cursor0",), False),
    SystemLibrary("libwayland-egl.so.1", ("libwayland-egl1",), False),
    SystemLibrary("libcups.so.2", ("libcups2t64", "libcups2"), False),
)


def say(text: str = "") -> None:
    """Print one line at once, also when the output goes into a file."""
    print(text, flush=True)


# ------------------------------------------------------------------------------------------------ the environment


class Environment:
    """The folder `.venv` beside this file and the marker in it that says what was installed completely."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.marker = self.folder / "quartierslotse.json"
        self.python = self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def lock_file(self, kind: str) -> Path:
        """Return the lock of this kind; `kind` is "runtime", "hub" or "development"."""
        return self.root / "requirements" / LOCKS[kind]

    def lock_hash(self, kind: str) -> str:
        """Return the fingerprint of a lock.

        Raises:
            StartError: the file is missing, the copy of the project is incomplete.
        """
        try:
            return hashlib.sha256(self.lock_file(kind).read_bytes()).hexdigest()
        except FileNotFoundError as error:
            raise StartError(
                f"Die Datei {self.lock_file(kind)} fehlt. Die Kopie des Programms ist unvollständig: bitte neu holen."
            ) from error

    def identity(self) -> list[str]:
        """Return what makes an environment unusable when it changes: the Python, the machine, the place.

        The patch level of Python is left out on purpose: a system update must not force an office to be online.
        """
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return [version, sys.implementation.name, sys.platform, platform.machine(), str(self.folder)]

    def read_marker(self) -> dict[str, object]:
        """Return the marker, or an empty one if it is missing, damaged or of another Python, machine or place."""
        try:
            state = json.loads(self.marker.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(state, dict) or state.get("identity") != self.identity() or not self.python.exists():
            return {}
        return state

    def write_marker(self, state: Mapping[str, object]) -> None:
        """Write the marker in one step: it is there completely or not at all."""
        draft = self.marker.with_suffix(".neu")
        draft.write_text(json.dumps({**state, "identity": self.identity()}, indent=1), encoding="utf-8")
        draft.replace(self.marker)

    def is_ready(self, kind: str) -> bool:
        """Say whether this lock is installed completely and the system libraries were looked at; a hub needs none."""
        state = self.read_marker()
        installed = state.get(kind) == self.lock_hash(kind)
        return installed and (kind == "hub" or state.get("system") == system_fingerprint())

    def prepare(self, kind: str) -> None:
        """Make the environment fit for `kind`, whatever state it was left in.

        Raises:
            StartError: something is missing that only the person at the machine can provide.
        """
        if self.is_ready(kind):
            return
        with_screen = kind != "hub"
        if with_screen:
            check_platform()
        with one_at_a_time(self.root / ".start.lock"):
            state = self.read_marker()
            need_venv = not state and not has_ensurepip()
            if need_venv or (with_screen and state.get("system") != system_fingerprint()):
                provide_system_parts(need_venv=need_venv, with_screen=with_screen)
            if not state:
                self._rebuild()
            if state.get(kind) != self.lock_hash(kind):
                state = self._install(kind, state)
            self.write_marker({**state, "system": system_fingerprint()} if with_screen else state)
            say("Die Umgebung ist fertig.")
            say()

    def _rebuild(self) -> None:
        if os.path.lexists(self.folder):
            say("Die Umgebung in „.venv“ ist unvollständig oder gehört zu einem anderen Python. Sie wird neu gemacht.")
            try:
                if self.folder.is_symlink() or self.folder.is_file():
                    self.folder.unlink()
                else:
                    shutil.rmtree(self.folder)
            except OSError as error:
                raise StartError(
                    f"Der Ordner {self.folder} lässt sich nicht löschen ({error.strerror}). "
                    "Bitte schließen Sie Quartierslotse überall und löschen Sie den Ordner von Hand."
                ) from error
        say("Die Umgebung wird eingerichtet. Das geschieht nur beim ersten Mal und braucht eine Netzverbindung.")
        code, output = run_quietly([base_python(), "-m", "venv", str(self.folder)])
        if code:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise StartError("Die Umgebung „.venv“ ließ sich nicht anlegen. Python meldet:\n" + last_lines(output))

    def _install(self, kind: str, before: Mapping[str, object]) -> dict[str, object]:
        """Install a lock; while pip works there is no marker, so a killed pip leads to a new environment."""
        lock = self.lock_file(kind)
        lines = lock.read_text(encoding="utf-8").splitlines()
        total = sum("==" in line and (sys.platform == "win32" or "'win32'" not in line) for line in lines)
        self.marker.unlink(missing_ok=True)
        say(f"{total} Pakete werden geprüft und installiert.")
        arguments = [str(self.python), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        arguments += [
            "--progress-bar=off",
            "--no-warn-script-location",
            "--require-hashes",
            "--no-deps",
            "-r",
            str(lock),
        ]
        code, output = run_quietly(arguments, watch=pip_progress(total)) if total else (0, [])
        if code:
            self.write_marker(before)  # pip gave up by itself and has put everything back
            raise StartError(
                "Die Pakete ließen sich nicht installieren. Ist das Netz erreichbar? Ein neuer Start versucht es noch "
                "einmal. pip meldet:\n" + last_lines(output)
            )
        state = dict(before)
        state.pop("development", None)
        # The development lock contains the other two.
        for contained in LOCKS if kind == "development" else (kind,):
            state[contained] = self.lock_hash(contained)
        return state


def check_platform() -> None:
    """Refuse machines for which there is no Qt, with a reason instead of pip's riddle.

    Raises:
        StartError: 32 bits, or a system that is too old.
    """
    if sys.maxsize < 2**32:
        raise StartError("Quartierslotse braucht ein Python mit 64 Bit. Dieses hier hat 32.")
    if sys.platform == "linux":
        library, version = platform.libc_ver()
        oldest = (2, 39) if platform.machine() == "aarch64" else (2, 34)
        if library == "glibc" and version_numbers(version) < oldest:
            raise StartError(
                f"Dieses Linux ist zu alt für Qt: glibc {version}, gebraucht wird {oldest[0]}.{oldest[1]} "
                "(zum Beispiel Debian 12 oder Ubuntu 22.04; auf ARM Debian 13 oder Ubuntu 24.04)."
            )
    if sys.platform == "darwin" and version_numbers(platform.mac_ver()[0]) < (13,):
        raise StartError("Quartierslotse braucht macOS 13 oder neuer.")


def version_numbers(text: str) -> tuple[int, ...]:
    """Return "2.36" as (2, 36)."""
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def base_python() -> str:
    """Return the Python outside of any environment: an environment can't rebuild itself."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def has_ensurepip() -> bool:
    """Say whether this Python can make environments; Debian has that part in a package of its own."""
    import importlib.util

    return importlib.util.find_spec("ensurepip") is not None


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Let only one start at a time work on the environment; the second waits.

    Raises:
        StartError: the folder of the program can't be written to.
    """
    try:
        handle = path.open("a", encoding="utf-8")
    except OSError as error:
        raise StartError(
            f"In den Ordner {path.parent} kann nicht geschrieben werden ({error.strerror}). "
            "Bitte legen Sie das Programm in einen eigenen Ordner."
        ) from error
    with handle:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            while True:
                with contextlib.suppress(OSError):
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)  # waits up to ten seconds
                    break
        else:
            import fcntl

            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("Ein anderer Start richtet die Umgebung gerade ein. Bitte warten.")
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield  # closing the file releases the lock


# ------------------------------------------------------------------------------------------------ other programs


def run_quietly(arguments: Sequence[str], watch: Callable[[str], None] | None = None) -> tuple[int, list[str]]:
    """Run a program, hand each line of its output to `watch`, and return its exit code and all lines."""
    import subprocess

    environment = {**os.environ, "PIP_USER": "0", "PYTHONUTF8": "1"}
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX"):
        environment.pop(name, None)
    lines: list[str] = []
    with subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if watch is not None:
                watch(lines[-1])
    return process.returncode, lines


def last_lines(lines: Sequence[str], count: int = 15) -> str:
    """Return the end of an output, indented."""
    return "\n".join("    " + line for line in lines[-count:])


def pip_progress(total: int) -> Callable[[str], None]:
    """Return a watcher that turns pip's output into one short line per package."""
    seen = 0

    def watch(line: str) -> None:
        nonlocal seen
        words = line.split()
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied: ")):
            seen += 1
            subject = line.partition(" (from ")[0].partition(" in ")[0]  # a name==version or a file
            say(f"  {seen:3} von {total}  {Path(subject).name.rpartition(' ')[2].partition('==')[0]}")
        elif line.strip().startswith("Downloading ") and line.endswith(" MB)"):
            say(f"             wird geladen, {words[-2].lstrip('(').replace('.', ',')} MB")
        elif line.startswith("Installing collected packages"):
            say("  Die Pakete werden ausgepackt.")

    return watch


# ------------------------------------------------------------------------------------------------ system libraries


def system_fingerprint() -> str:
    """Return what the marker remembers of the system libraries: the list that was looked for."""
    return hashlib.sha256(repr([library.soname for library in SYSTEM_LIBRARIES]).encode()).hexdigest()[:16]


def missing_libraries() -> list[SystemLibrary]:
    """Return the libraries that the loader does not find; asking the loader beats asking a package database."""
    if sys.platform != "linux":
        return []
    import ctypes

    missing = []
    for library in SYSTEM_LIBRARIES:
        try:
            ctypes.CDLL(library.soname)
        except OSError:
            missing.append(library)
    return missing


def provide_system_parts(*, need_venv: bool, with_screen: bool = True) -> None:
    """Install what Qt and the environment need from the system, or say exactly what is missing; a hub needs no Qt.

    Raises:
        StartError: it can't be installed from here.
    """
    missing = missing_libraries() if with_screen else []
    if not missing and not need_venv:
        return
    if need_venv:
        say("Diesem Python fehlt der Teil, der Umgebungen anlegt (ensurepip, venv).")
    if missing:
        say("Qt, das die Fenster zeichnet und druckt, braucht Bibliotheken des Systems, die hier fehlen:")
        say("  " + ", ".join(library.soname for library in missing))
    if shutil.which("apt-get") is None:
        without_apt(missing, need_venv=need_venv)
        return
    wanted = [venv_packages()] if need_venv else []
    install_with_apt(wanted + [library.packages for library in missing])
    left = missing_libraries() if with_screen else []
    if left:
        names = ", ".join(library.soname for library in left)
        raise StartError(f"Nach der Installation fehlen noch: {names}. Bitte fragen Sie, wer den Rechner betreut.")


def without_apt(missing: Sequence[SystemLibrary], *, need_venv: bool) -> None:
    """Name what is missing on a system without apt-get; go on if the window can't be shown anyway.

    Raises:
        StartError: nothing would run without these parts.
    """
    if need_venv:
        raise StartError("Bitte installieren Sie die Python-Module „venv“ und „ensurepip“ und starten Sie noch einmal.")
    if has_display() or any(library.needed_offscreen for library in missing):
        raise StartError(
            "Bitte installieren Sie diese Bibliotheken mit der Paketverwaltung und starten Sie noch einmal."
        )
    say("Ohne Bildschirm geht es auch ohne sie weiter.")


def venv_packages() -> tuple[str, ...]:
    """Return the Debian packages that may hold ensurepip for this Python."""
    return (f"python{sys.version_info.major}.{sys.version_info.minor}-venv", "python3-venv")


def install_with_apt(wanted: Sequence[tuple[str, ...]]) -> None:
    """Install one package out of each tuple, the first that this system knows.

    Raises:
        StartError: nobody may install here, or apt-get failed.
    """
    prefix = privilege_prefix()
    if prefix is None:
        packages = " ".join(known_packages(wanted))
        raise StartError(
            "Zum Installieren fehlen hier die Rechte, und es ist kein Terminal da, um nach dem Passwort zu fragen.\n"
            "Bitte führen Sie diese Zeile aus (oder lassen Sie es tun) und starten Sie noch einmal:\n\n"
            f"    sudo apt-get update && sudo apt-get install --no-install-recommends -y {packages}"
        )
    say("Sie werden jetzt mit apt-get installiert." + (" Dafür fragt sudo nach Ihrem Passwort." if prefix else ""))
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    apt += ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    run_visibly([*apt, "update"])  # a third-party source that does not answer is no reason to stop
    packages_now = known_packages(wanted)
    say("  apt-get install " + " ".join(packages_now))
    if run_visibly([*apt, "install", "--no-install-recommends", *packages_now]):
        raise StartError(
            "apt-get konnte die Pakete nicht installieren (siehe oben). Von Hand geht es so:\n\n"
            f"    sudo apt-get update && sudo apt-get install --no-install-recommends -y {' '.join(packages_now)}"
        )


def privilege_prefix() -> list[str] | None:
    """Return what goes before apt-get to be root: nothing, sudo, or None if neither is possible."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if sys.stdin is not None and sys.stdin.isatty():
        return ["sudo"]
    return ["sudo"] if run_quietly(["sudo", "-n", "true"])[0] == 0 else None


def known_packages(wanted: Sequence[tuple[str, ...]]) -> list[str]:
    """Pick out of each tuple the first name that apt-cache knows; without package lists, the last (oldest) name."""
    chosen = []
    for names in wanted:
        known = (name for name in names if run_quietly(["apt-cache", "show", "--no-all-versions", name])[0] == 0)
        chosen.append(next(known, names[-1]))
    return list(dict.fromkeys(chosen))


def run_visibly(
    arguments: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> int:
    """Run a program on this terminal and return its exit code."""
    import subprocess

    sys.stdout.flush()
    try:
        return subprocess.run(arguments, cwd=folder, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


# ------------------------------------------------------------------------------------------------ the commands


def has_display() -> bool:
    """Say whether a window could be seen; QT_QPA_PLATFORM given by the person at the machine decides first."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if chosen:
        return chosen not in {"offscreen", "minimal"}
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def program_environment(root: Path, *, offscreen: bool = False) -> dict[str, str]:
    """Return the variables for our own programs: they find the packages from any working folder, and speak UTF-8."""
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"}
    environment.pop("PYTHONHOME", None)
    if offscreen:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


def hand_over(environment: Environment, arguments: Sequence[str]) -> int:
    """Become the given module of ours; the working folder stays, file names on the command line mean what they say."""
    command = [str(environment.python), "-P", "-m", *arguments]
    variables = program_environment(environment.root)
    if sys.platform == "win32":
        return run_visibly(command, environment=variables)
    return become(command, variables)


def become(command: Sequence[str], variables: Mapping[str, str]) -> NoReturn:
    """Replace this process: signals, terminal and exit code belong to the program from now on."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], list(command), dict(variables))  # noqa: S606


def run_application(environment: Environment) -> int:
    """Open the window, or play the demonstration where there is no screen."""
    if has_display():
        return hand_over(environment, ["ui"])
    say("Hier ist kein Bildschirm, auf dem ein Fenster erscheinen könnte.")
    say("Stattdessen läuft die Vorführung, die ohne Bildschirm auskommt.")
    return run_demo(environment, [])


def run_demo(environment: Environment, arguments: Sequence[str]) -> int:
    """Play the guided demonstration offscreen and say where its files are."""
    words = list(arguments)
    chosen = [word for word in words if word == "--out" or word.startswith("--out=")]
    folder = environment.root / DEMO_FOLDER
    if not chosen and not {"-h", "--help"} & set(words):
        words += ["--out", str(folder)]
        say(f"Bilder und Dateien der Vorführung kommen nach {folder}")
    command = [str(environment.python), "-P", "-m", "ui.demo", *words]
    code = run_visibly(command, environment=program_environment(environment.root, offscreen=True))
    if code:
        say(f"Die Vorführung ist nicht bis zum Ende gelaufen (Code {code}).")
        return 1
    if not chosen:
        say(f"Fertig. Zum Ansehen: {folder}")
    return 0


def run_hub(environment: Environment, arguments: Sequence[str]) -> int:
    """Become a hub to try out; its data stay in a folder beside this file."""
    return hand_over(environment, ["hub.cli.trial", "--folder", str(environment.root / HUB_FOLDER), *arguments])


def worker_count() -> int:
    """Return how many test processes run side by side: one more than processors, for tests wait for disks; at most 6."""
    available = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 2
    return max(2, min(available + 1, 6))


def pytest_command(environment: Environment, arguments: Sequence[str]) -> list[str]:
    """Return the command of the tests; options given later win over ours."""
    extra = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    # worksteal: neighbours stay in one process, which keeps what they share, and none is idle at the end.
    return [str(environment.python), "-m", "pytest", "-n", str(worker_count()), "--dist", "worksteal", *extra]


def run_tests(environment: Environment, arguments: Sequence[str]) -> int:
    """Run the tests offscreen."""
    return run_visibly(
        pytest_command(environment, arguments),
        folder=environment.root,
        environment=program_environment(environment.root, offscreen=True),
    )


def run_checks(environment: Environment, arguments: Sequence[str]) -> int:
    """Run every quality gate, also after one has failed, and sum up; `--no-tests` leaves the tests out."""
    python = str(environment.python)
    layers = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    steps = [
        ("Regeln (ruff check)", [python, "-m", "ruff", "check", "."]),
        ("Form (ruff format)", [python, "-m", "ruff", "format", "--check", "."]),
        ("Typen (mypy)", [python, "-m", "mypy"]),
        ("Schichten (lint-imports)", [python, "-c", layers]),
    ]
    if "--no-tests" not in arguments:
        steps.append(("Tests (pytest)", pytest_command(environment, arguments)))
    variables = program_environment(environment.root, offscreen=True)
    results = []
    for title, command in steps:
        say(f"── {title}")
        results.append((title, run_visibly(command, folder=environment.root, environment=variables)))
        if results[-1][1] == 130:
            break
    say("\nZusammenfassung")
    for title, code in results:
        say(f"  {'in Ordnung' if code == 0 else 'FEHLER    '}  {title}")
    return 1 if any(code for _title, code in results) else 0


def run_benchmarks(environment: Environment, arguments: Sequence[str]) -> int:
    """Run the measurements."""
    return run_visibly(
        [str(environment.python), "-m", "tests.benchmarks", *arguments],
        folder=environment.root,
        environment=program_environment(environment.root, offscreen=True),
    )


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Prepare the environment for the command and run it; returns the exit code."""
    word, rest = (arguments[0], arguments[1:]) if arguments else ("", arguments)
    if word in {"-h", "--help"}:
        say(HELP)
        return 0
    environment = Environment(root)
    development = {"test": run_tests, "check": run_checks, "bench": run_benchmarks}
    environment.prepare("development" if word in development else "hub" if word == "hub" else "runtime")
    if word == "hub":
        return run_hub(environment, rest)
    if word in development:
        return development[word](environment, rest)
    if word == "demo":
        return run_demo(environment, rest)
    if word:
        return hand_over(environment, ["ui.command_line", *arguments])
    return run_application(environment)


def run() -> int:
    """Turn problems into sentences and exit codes: 1 for what a person can put right, 130 for Ctrl+C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return main(sys.argv[1:])
    except StartError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nAbgebrochen. Der nächste Start macht dort weiter.", file=sys.stderr, flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(run())
