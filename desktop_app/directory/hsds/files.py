"""The files of a source: a folder, an archive or one document, read into memory within bounds."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr
from desktop_app.directory.hsds.limits import MAXIMUM_BYTES, MAXIMUM_FILES

_SUFFIXES = (".csv", ".json")
_ENCRYPTED_FLAG = 0x1


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source."""

    path: PurePosixPath
    """Relative to the source."""
    content: bytes


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The CSV and JSON files of a source."""

    name: str
    kind: str
    files: tuple[SourceFile, ...]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over names and contents."""
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(f"{file.path}\0{len(file.content)}\0".encode())
            digest.update(file.content)
        return digest.hexdigest()


def read_files(path: Path) -> SourceFiles:
    """Read a folder, a .zip or a .json.

    Raises:
        UserError: the path is nothing of that kind, too large or damaged.
        EnvironmentProblem: the system refuses to read it.
    """
    try:
        if path.is_dir():
            return SourceFiles(path.name, "folder", _read_folder(path))
        if not path.is_file():
            raise UserError(
                tr(
                    "„{path}“ gibt es nicht. Bitte wählen Sie einen Ordner, ein Archiv (.zip) oder eine Datei (.json).",
                    path=path,
                )
            )
        with path.open("rb") as stream:
            beginning = stream.read(4)
        if beginning.startswith(b"PK"):
            return SourceFiles(path.name, "zip", _read_archive(path))
        content = _read_bounded(path, MAXIMUM_BYTES)
    except OSError as error:
        raise EnvironmentProblem(
            tr("„{path}“ lässt sich nicht lesen. Bitte prüfen Sie den Datenträger und Ihre Rechte.", path=path)
        ) from error
    if path.suffix.lower() == ".zip":
        raise UserError(_damaged(path))
    if path.suffix.lower() not in _SUFFIXES:
        raise UserError(
            tr(
                "„{name}“ ist kein Verzeichnis im Format HSDS. Lesbar sind ein Ordner oder ein Archiv (.zip) mit CSV-Dateien "
                "und JSON-Dateien.",
                name=path.name,
            )
        )
    return SourceFiles(path.name, path.suffix.lower()[1:], (SourceFile(PurePosixPath(path.name), content),))


def _read_folder(folder: Path) -> tuple[SourceFile, ...]:
    inside = folder.resolve()
    found: list[Path] = []
    # The folder itself and one level below, where an unpacked archive puts its files.
    for pattern in ("*", "*/*"):
        for path in folder.glob(pattern):
            # A link to somewhere else is not part of the source.
            if path.suffix.lower() in _SUFFIXES and path.is_file() and path.resolve().is_relative_to(inside):
                found.append(path)
                if len(found) > MAXIMUM_FILES:
                    raise UserError(
                        tr("Der Ordner „{name}“ hat zu viele Dateien. Ist es der richtige Ordner?", name=folder.name)
                    )
    files: list[SourceFile] = []
    left = MAXIMUM_BYTES
    for path in sorted(found):
        content = _read_bounded(path, left)
        left -= len(content)
        files.append(SourceFile(PurePosixPath(path.relative_to(folder).as_posix()), content))
    return tuple(files)


def _read_bounded(path: Path, limit: int) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise UserError(_too_large(path))
    return content


def _read_archive(path: Path) -> tuple[SourceFile, ...]:
    """Read the members without ever writing one to disk: their names can do no harm."""
    files: list[SourceFile] = []
    left = MAXIMUM_BYTES
    if path.stat().st_size > MAXIMUM_BYTES:
        raise UserError(_too_large(path))
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAXIMUM_FILES:
                raise UserError(tr("Das Archiv „{name}“ hat zu viele Dateien.", name=path.name))
            for member in members:
                inside = PurePosixPath(member.filename.replace("\\", "/"))
                if member.is_dir() or inside.suffix.lower() not in _SUFFIXES or "__MACOSX" in inside.parts:
                    continue
                if member.flag_bits & _ENCRYPTED_FLAG:
                    raise UserError(
                        tr(
                            "Das Archiv „{name}“ ist mit einem Passwort geschützt. Bitte entpacken Sie es zuerst.",
                            name=path.name,
                        )
                    )
                # The size in the directory of the archive may lie: count what really comes out.
                with archive.open(member) as stream:
                    content = stream.read(left + 1)
                if len(content) > left:
                    raise UserError(_too_large(path))
                left -= len(content)
                files.append(SourceFile(inside, content))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UserError(_damaged(path)) from error
    return tuple(files)


def _too_large(path: Path) -> str:
    return tr(
        "„{name}“ ist zu groß: Gelesen werden höchstens {limit} MB. Es wurde nichts geändert.",
        name=path.name,
        limit=MAXIMUM_BYTES // (1024 * 1024),
    )


def _damaged(path: Path) -> str:
    return tr("Das Archiv „{name}“ ist beschädigt. Bitte laden Sie es noch einmal herunter.", name=path.name)
