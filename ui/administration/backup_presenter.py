"""What the backup part does, without any widget: facts, rows, long work that runs beside the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop_app.backup.account_changes import account_sentences
from desktop_app.backup.records import Backup, BackupReason, BackupStatus, DrillReport, RestorePreview, Verification
from desktop_app.backup.wording import returning_sentence
from desktop_app.core.clock import office_zone
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr, tr_count
from ui.shell.restore_notice import RestoreReady
from ui.widgets.badge import BadgeText, Tone
from ui.widgets.search_list import ResultRow

if TYPE_CHECKING:
    from desktop_app.bootstrap import Application
    from desktop_app.core.progress import Progress

Result = TypeVar("Result")
_MEBIBYTE = 1024 * 1024


class BackupPresenter:
    """Reads and does; the methods with ``progress`` belong into a task."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._known: dict[str, Backup] = {}
        self._checked: dict[str, Verification] = {}

    @property
    def may_make(self) -> bool:
        """Whether the account may make, check and try backups."""
        return self._application.may(Action.MAKE_BACKUPS)

    @property
    def may_restore(self) -> bool:
        """Whether the account may restore them."""
        return self._application.may(Action.RESTORE_BACKUPS)

    def status(self) -> BackupStatus:
        """How things stand."""
        return self._application.backups.status()

    def facts(self, status: BackupStatus) -> list[tuple[str, str]]:
        """The state in words."""
        place = str(status.folder)
        if not status.chosen:
            place = tr("{folder} (auf diesem Rechner; besser ist ein Stick)", folder=place)
        elif not status.reachable:
            place = tr("{folder} (nicht da: bitte den Datenträger einstecken)", folder=place)
        facts = [
            (tr("Ordner"), place),
            (tr("Letzte gute Sicherung"), moment_text(status.last_good) or tr("noch keine")),
        ]
        if status.stand_in is not None:
            where = tr("{moment}, in {folder} (auf diesem Rechner; zählt nicht als Sicherung)",
                       moment=moment_text(status.stand_in.made_at), folder=status.stand_in.folder.parent)  # fmt: skip
            facts.append((tr("Ersatzweise gesichert"), where))
        facts.append((tr("Letzte Rückspielprobe"), moment_text(status.last_drill) or tr("noch keine")))
        return facts

    def rows(self) -> list[ResultRow]:
        """The backups, newest first, each with what is known of it."""
        backups = self._application.backups.backups()
        self._known = {backup.name: backup for backup in backups}
        return [
            ResultRow(
                backup.name,
                moment_text(backup.made_at),
                tr("{reason} · {size} MB", reason=backup.manifest.reason.label,
                   size=backup.manifest.size // _MEBIBYTE + 1),
                badges=(self._badge(backup),),
                icon_name="hard-drive",
            )
            for backup in backups
        ]  # fmt: skip

    def choose_folder(self, folder: Path) -> None:
        """Back up there from now on. Raises UserError or EnvironmentProblem."""
        self._application.backups.choose_folder(self._application.actor, folder)

    def make(self, progress: Progress) -> Backup:
        """Make a backup now."""
        return self._in_thread(lambda: self._application.backups.make(BackupReason.BY_HAND, progress))

    def verify(self, name: str, progress: Progress) -> Verification:
        """Open and count a backup."""
        found = self._in_thread(lambda: self._application.backups.verify(self._known[name], progress))
        self._checked[name] = found
        return found

    def preview(self, name: str, progress: Progress) -> RestorePreview:
        """What restoring would change."""
        return self._in_thread(lambda: self._application.backups.preview(self._known[name], progress))

    def bring_in(self, backup: Backup, progress: Progress) -> RestoreReady:
        """Back up today and lay the backup beside the database."""
        actor = self._application.actor
        return RestoreReady(
            backup, self._in_thread(lambda: self._application.backups.bring_in(actor, backup, progress))
        )

    def announce(self, ready: RestoreReady) -> None:
        """Ask the window to close and let the backup take its place."""
        self._application.notices.publish(ready)

    def drill(self, progress: Progress) -> DrillReport:
        """Try a restore."""
        return self._in_thread(lambda: self._application.backups.drill(self._application.actor, progress=progress))

    def _badge(self, backup: Backup) -> BadgeText:
        checked = self._checked.get(backup.name)
        if checked is None:
            return BadgeText(tr("beim Anlegen geprüft"), Tone.NEUTRAL)
        if checked.is_good:
            return BadgeText(tr("heute geprüft"), Tone.SUCCESS)
        return BadgeText(tr("beschädigt"), Tone.DANGER)

    def _in_thread(self, work: Callable[[], Result]) -> Result:
        try:
            return work()
        finally:
            self._application.store.end_thread()


def preview_rows(preview: RestorePreview) -> list[tuple[str, str]]:
    """What would change, as facts."""
    rows = [(line.label, tr("jetzt {now}, danach {then}", now=line.now, then=line.then)) for line in preview.lines]
    newest = (moment_text(preview.newest_now) or tr("keiner"), moment_text(preview.newest_then) or tr("keiner"))
    rows.append((tr("Neuester Kontakt"), tr("jetzt {now}, danach {then}", now=newest[0], then=newest[1])))
    if preview.account_changes:
        rows.append((tr("Wer was darf"), "\n".join(account_sentences(preview.account_changes))))
    return rows


def loss_sentence(preview: RestorePreview) -> str:
    """What would be lost, in one sentence."""
    if not preview.lost_contacts:
        return tr("Nach dieser Sicherung wurde kein Kontakt mehr erfasst.")
    lost = tr_count(
        "{count} Kontakt wurde nach dieser Sicherung erfasst und fehlt danach.",
        "{count} Kontakte wurden nach dieser Sicherung erfasst und fehlen danach.",
        preview.lost_contacts,
    )
    return f"{lost} {returning_sentence(preview)}".rstrip()


def moment_text(moment: datetime | None) -> str:
    """A moment in the office's time, empty if there is none."""
    if moment is None:
        return ""
    local = moment.astimezone(office_zone())
    return tr("{date}, {time} Uhr", date=local.strftime("%d.%m.%Y"), time=local.strftime("%H:%M"))
