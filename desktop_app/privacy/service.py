"""Makes the documents for the data protection officer, as PDF to sign and as Markdown to go on writing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import desktop_app
from desktop_app.core.errors import EnvironmentProblem, UserError
from desktop_app.core.translation import tr
from desktop_app.environment.folders import resources_folder
from desktop_app.environment.output_files import check_writable, write_whole
from desktop_app.privacy.program_parts import PARTS, program_parts
from desktop_app.privacy.retention_rules import classes_text, retention_rules, rules_text
from desktop_app.privacy.templates import fill
from desktop_app.retention.rules import months_in_force

if TYPE_CHECKING:
    from collections.abc import Collection

    from desktop_app.core.clock import Clock
    from desktop_app.core.progress import Progress
    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.settings.records import Office
    from desktop_app.settings.service import SettingsService

_TEMPLATES: Final = {
    "verarbeitungsverzeichnis": "processing_record.md",
    "loeschkonzept": "deletion_concept.md",
    "massnahmen": "measures.md",
}
_BLANK: Final = "________"


@dataclass(frozen=True, slots=True)
class PrivacyDocument:
    """One document: the name its files get, its title and its text in Markdown."""

    name: str
    title: str
    text: str


class PrivacyDocuments:
    """The one way to the documents; screen and command line get the same files."""

    def __init__(self, settings: SettingsService, fonts: FontLibrary, clock: Clock) -> None:
        self._settings = settings
        self._fonts = fonts
        self._clock = clock

    def documents(self, parts: Collection[str] | None = None) -> tuple[PrivacyDocument, ...]:
        """Return the documents for the office and its law; `parts` other than this program's are for tests."""
        folder = resources_folder() / "privacy"
        parts = program_parts() if parts is None else parts
        values = self._values(folder, self._settings.office(), parts)
        made = []
        for name, file in _TEMPLATES.items():
            text = fill((folder / file).read_text(encoding="utf-8"), values, parts, PARTS)
            title = text.splitlines()[0].removeprefix("# ")
            made.append(PrivacyDocument(name, title, text))
        return tuple(made)

    def write(self, folder: Path, progress: Progress, *, overwrite: bool = False) -> tuple[Path, ...]:
        """Write every document as PDF and Markdown into `folder` and return the files; nothing is replaced unasked.

        Raises:
            UserError: a file is already there.
            EnvironmentProblem: the folder can't be made or written.
            Cancelled: the user has stopped it.
        """
        from desktop_app.privacy.paper import document_pdf

        if folder.exists() and not folder.is_dir():
            raise UserError(tr("„{name}“ ist kein Ordner. Bitte wählen Sie einen Ordner.", name=folder))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentProblem(
                tr("Der Ordner „{folder}“ lässt sich nicht anlegen. Bitte prüfen Sie die Rechte.", folder=folder)
            ) from error
        documents = self.documents()
        paths = [folder / f"{document.name}{ending}" for document in documents for ending in (".pdf", ".md")]
        for path in paths:
            check_writable(path, overwrite=overwrite)
        office, today = self._settings.office().name, self._clock.today()
        for place, document in enumerate(documents):
            progress.step(place, len(documents), document.title)
            pdf = document_pdf(document.text, self._fonts, title=document.title, office=office, created=today)
            write_whole(folder / f"{document.name}.pdf", pdf, overwrite=overwrite)
            write_whole(folder / f"{document.name}.md", document.text.encode("utf-8"), overwrite=overwrite)
        progress.step(len(documents), len(documents), "")
        return tuple(paths)

    def _values(self, folder: Path, office: Office, parts: Collection[str]) -> dict[str, str]:
        terms: dict[str, str] = json.loads((folder / "legal_terms.json").read_text(encoding="utf-8"))[
            office.legal_profile.value
        ]
        rules = retention_rules(folder, parts, lambda kind: months_in_force(kind, self._settings.value))
        return {
            **terms,
            "version": desktop_app.__version__,
            "date": self._clock.today().strftime("%d.%m.%Y"),
            "office": office.name,
            "carrier": office.carrier,
            "address": ", ".join(office.address_lines) or _BLANK,
            "phone_mail": ", ".join(part for part in (office.phone, office.email) if part) or _BLANK,
            "retention_rules": rules_text(rules),
            "retention_classes": classes_text(rules),
        }
