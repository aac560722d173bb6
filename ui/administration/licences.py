"""Whose work is inside: the licences and attributions that are shipped with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.translation import tr
from ui.theme.resource_files import RESOURCES


@dataclass(frozen=True, slots=True)
class Licence:
    """A part of the program or of its data, under what terms, and the file with the whole text."""

    what: str
    terms: str
    file: Path

    def text(self) -> str:
        """The whole text; a sentence if the file is missing."""
        try:
            return self.file.read_text(encoding="utf-8").strip()
        except OSError:
            return tr("Die Datei „{name}“ fehlt. Bitte installieren Sie das Programm neu.", name=self.file.name)


def shipped_licences(resources: Path = RESOURCES) -> tuple[Licence, ...]:
    """The licences in the order in which they are shown; parts that are not shipped are left out."""
    known = (
        Licence(tr("Quartierslotse (dieses Programm)"), "EUPL-1.2", resources.parent / "LICENSE"),
        Licence(tr("Beispielverzeichnis"), "CC BY 3.0 DE, CC0 1.0", resources / "sample" / "ATTRIBUTION.md"),
        Licence(tr("Datenformat HSDS"), "CC BY-SA 4.0", resources / "hsds" / "ATTRIBUTION.md"),
        Licence(
            tr("Schrift Atkinson Hyperlegible Next"),
            "SIL OFL 1.1",
            resources / "fonts" / "AtkinsonHyperlegibleNext_LICENSE.txt",
        ),
        Licence(tr("Schrift Noto Sans"), "SIL OFL 1.1", resources / "fonts" / "NotoSans_LICENSE.txt"),
        Licence(tr("Symbole Lucide"), "ISC", resources / "icons" / "LICENSE.txt"),
        Licence(tr("Liste häufiger Passwörter"), "MIT", resources / "passwords" / "LICENSE.txt"),
    )
    return tuple(licence for licence in known if licence.file.is_file())
