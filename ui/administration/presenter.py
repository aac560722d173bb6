"""What the administration screen does, without any widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app import __version__
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count
from desktop_app.settings.records import Office, SocialSpace, Topic
from ui.administration.list_rows import EditableRow

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in one line, and how to take it back."""

    text: str
    undo: Callable[[], None]


class AdministrationPresenter:
    """Reads and writes the office, its social spaces and its topics."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._settings = application.settings

    # Office

    def office(self) -> Office:
        """The office as it is stored."""
        return self._settings.office()

    def save_office(self, office: Office) -> Done:
        """Store the office. Raises InputError if name or carrier are empty."""
        before = self._settings.office()
        self._settings.change_office(self._application.actor, office)
        return Done(
            tr("Angaben zum Büro gespeichert."),
            lambda: self._settings.change_office(self._application.actor, before),
        )

    # Social spaces

    def space_rows(self) -> list[EditableRow]:
        """All social spaces, those no longer used too."""
        return [
            EditableRow(space.space_id, space.name, active=space.active)
            for space in self._settings.social_spaces(with_inactive=True)
        ]

    def save_spaces(self, rows: Sequence[EditableRow]) -> Done:
        """Store the list as it stands. Raises InputError if a name is empty or stands twice."""
        before = self._settings.social_spaces(with_inactive=True)
        self._settings.save_social_spaces(
            self._application.actor, [SocialSpace(row.record_id, row.name, row.active) for row in rows]
        )
        return Done(
            tr("Sozialräume gespeichert."),
            lambda: self._settings.save_social_spaces(self._application.actor, before),
        )

    # Topics

    def topic_rows(self) -> list[EditableRow]:
        """All topics, those no longer used too."""
        return [
            EditableRow(topic.topic_id, topic.name, topic.shortcut, topic.active)
            for topic in self._settings.topics(with_inactive=True)
        ]

    def save_topics(self, rows: Sequence[EditableRow]) -> Done:
        """Store the list as it stands. Raises InputError if a name is empty or twice, or a key is no good."""
        before = self._settings.topics(with_inactive=True)
        codes = {topic.topic_id: topic.code for topic in before}
        self._settings.save_topics(
            self._application.actor,
            [Topic(row.record_id, codes.get(row.record_id, ""), row.name, row.key, row.active) for row in rows],
        )
        return Done(
            tr("Themen gespeichert."),
            lambda: self._settings.save_topics(self._application.actor, before),
        )

    # Facts

    @property
    def may_read_audit(self) -> bool:
        """Whether the signed-in account may read the log of who did what."""
        return self._application.may(Action.READ_AUDIT)

    @property
    def may_renew_recovery_key(self) -> bool:
        """Whether a new recovery sheet can be offered: whoever holds it can open everything."""
        return self._application.may(Action.RENEW_RECOVERY_KEY)

    @property
    def data_folder(self) -> Path:
        """Where the data lies."""
        return self._application.folder.root

    def facts(self) -> list[tuple[str, str]]:
        """Data and program in words, as rows of a table."""
        folder = self._application.folder
        counts = self._application.directory_queries.count()
        backups = sorted(folder.backups.glob("*.db")) if folder.backups.is_dir() else []
        return [
            (tr("Programmversion"), __version__),
            (tr("Angemeldet"), self._application.actor.display_name),
            (tr("Ordner der Daten"), str(folder.root)),
            (tr("Größe der Datenbank"), _size_text(folder.database)),
            (tr("Verschlüsselung"), tr("SQLCipher; ohne Passwort oder Wiederherstellungsschlüssel nicht lesbar")),
            (
                tr("Verzeichnis"),
                ", ".join(
                    (
                        tr_count("1 Anbieter", "{count} Anbieter", counts.organizations),
                        tr_count("1 Angebot", "{count} Angebote", counts.services),
                    )
                ),
            ),
            (
                tr("Sicherungen vor Umstellungen"),
                tr_count("1 Datei", "{count} Dateien", len(backups)) if backups else tr("noch keine"),
            ),
        ]


def _size_text(file: Path) -> str:
    try:
        size = file.stat().st_size
    except OSError:
        return tr("unbekannt")
    return tr("{size} MB", size=f"{size / _MEBIBYTE:.1f}".replace(".", ","))
