"""Shown after the password when the database does not open: what is there, and two ways on. Nothing is done unasked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.backup.records import Backup, Restored, RestorePreview, Salvage
from desktop_app.core.progress import Progress
from desktop_app.core.translation import tr, tr_count
from desktop_app.retention.wording import repeated_sentences
from ui.administration.backup_presenter import moment_text
from ui.shell.long_work import LongWork
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import Notice, ProgressPanel
from ui.widgets.labels import PageTitle, Words
from ui.widgets.record_view import KeyValueTable

if TYPE_CHECKING:
    from desktop_app.backup.rescue import Rescue
    from ui.shell.tasks import TaskRunner

_WIDTH = 640


class RescuePage(QWidget):
    """``finished(sentence)``: another database has the place, sign in again. ``left``: nothing was done."""

    finished = Signal(str)
    left = Signal()

    def __init__(
        self,
        sentence: str,
        open_rescue: Callable[[], Rescue],
        tasks: TaskRunner,
        *,
        is_missing: bool = False,
        lacks_keys: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_rescue = open_rescue
        self._rescue: Rescue | None = None
        self._preview: RestorePreview | None = None
        self._keys_of: Backup | None = None
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = _title(is_missing=is_missing, lacks_keys=lacks_keys)
        self.setAccessibleName(words)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        pane = ScrollPage(width=_WIDTH)
        outer.addWidget(pane)
        pane.body.addStretch(1)
        card = Card()
        pane.body.addWidget(card)
        pane.body.addStretch(2)
        title = PageTitle(words)
        title.setWordWrap(True)
        card.body.addWidget(title)
        card.body.addWidget(Words(sentence, "muted", wrap=True))
        self.notice = Notice(closable=False)
        card.body.addWidget(self.notice)
        self.progress = ProgressPanel()
        self.work = LongWork(tasks, self.progress, self.notice, self)
        self.work.began.connect(self._enable)
        self.work.ended.connect(self._enable)
        self.progress.hide()
        card.body.addWidget(self.progress)
        self.found = Words("", wrap=True)
        card.body.addWidget(self.found)
        self.facts = KeyValueTable()
        card.body.addWidget(self.facts)
        self._add_ways(card, is_missing=is_missing)
        remark = (
            tr("Von selbst wird nichts angelegt. Liegt die Datenbank an anderer Stelle: zurück, und dort starten.")
            if is_missing
            else tr(
                "Auf beiden Wegen bleibt die beschädigte Datei unverändert unter anderem Namen im Ordner der Daten liegen."
            )
        )
        self.remark = Words(remark, "muted", wrap=True)
        card.body.addWidget(self.remark)
        self.leave_button = QuietButton(tr("&Nichts tun und zurück"), icon_name="arrow-left")
        self.leave_button.clicked.connect(lambda _on: self.left.emit())
        card.body.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._enable()

    def look(self) -> None:
        """Look for the newest backup that really opens."""
        self.work.run(tr("Gute Sicherung wird gesucht"), self._search, self._show)

    # Inside

    def _add_ways(self, card: Card, *, is_missing: bool) -> None:
        self.keys_button = PrimaryButton(tr("Schlüssel&datei aus der Sicherung holen"), icon_name="key-round")
        self.keys_button.clicked.connect(lambda _on: self._bring_back_keys())
        self.keys_button.hide()
        card.body.addWidget(self.keys_button)
        self.restore_button = PrimaryButton(tr("&Sicherung zurückspielen"), icon_name="history")
        self.restore_button.clicked.connect(lambda _on: self._restore())
        card.body.addWidget(self.restore_button)
        self.salvage_button = Button(tr("&Lesbares retten, ohne Sicherung"), icon_name="life-buoy")
        self.salvage_button.clicked.connect(lambda _on: self._salvage())
        card.body.addWidget(self.salvage_button)
        self.salvage_button.setVisible(not is_missing)

    def _search(self, progress: Progress) -> RestorePreview | None:
        rescue = self._open_rescue()
        backup = rescue.newest_good(progress)
        found = rescue.preview(backup, progress) if backup is not None else None
        self._keys_of = rescue.slots_of if rescue.lacks_only_keys() else None
        self._rescue = rescue  # only now: whoever may not restore has no button for it
        return found

    def _show(self, preview: RestorePreview | None) -> None:
        self._preview = preview
        if preview is None:
            self.found.setText(
                tr("Es wurde keine gute Sicherung gefunden. Falls sie auf einem Stick liegt: bitte einstecken und noch einmal "
                   "anmelden.")
            )  # fmt: skip
        else:
            self.found.setText(
                tr("Die neueste gute Sicherung ist vom {moment}. Was danach erfasst wurde, fehlt in ihr.",
                   moment=moment_text(preview.backup.made_at))
            )  # fmt: skip
            newest = (tr("Neuester Kontakt"), moment_text(preview.newest_then) or tr("keiner"))
            self.facts.set_rows([*((line.label, str(line.then)) for line in preview.lines if line.then), newest])
        self._enable()
        if self._keys_of is not None:
            self._offer_keys(self._keys_of)
            return
        (self.restore_button if preview is not None else self.salvage_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _restore(self) -> None:
        rescue, preview = self._rescue, self._preview
        if rescue is not None and preview is not None:
            backup = preview.backup
            self.work.run(
                tr("Die Sicherung wird zurückgespielt"),
                lambda progress: rescue.restore(backup, progress),
                lambda done: self._restored(backup, done),
            )

    def _restored(self, backup: Backup, done: Restored) -> None:
        restored = tr("Die Sicherung vom {moment} ist zurückgespielt.", moment=moment_text(backup.made_at))
        last = tr("Bitte melden Sie sich an.")
        self.finished.emit(" ".join((restored, *repeated_sentences(done.repeated), last)))

    def _offer_keys(self, backup: Backup) -> None:
        """The database is whole: no other way loses as little as this one."""
        for widget in (self.facts, self.restore_button, self.salvage_button, self.remark):
            widget.hide()
        self.found.setText(
            tr("Die Datenbank ist in Ordnung. Die Schlüsseldatei lässt sich aus der Sicherung vom {moment} holen; alles, was erfasst "
               "ist, bleibt. Es gelten dann wieder die Passwörter jenes Tages.", moment=moment_text(backup.made_at))
        )  # fmt: skip
        self.keys_button.show()
        self.keys_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bring_back_keys(self) -> None:
        rescue = self._rescue
        if rescue is not None:
            self.work.run(
                tr("Die Schlüsseldatei wird geholt"), lambda _progress: rescue.bring_back_keys(), self._keys_are_back
            )

    def _keys_are_back(self, _done: None) -> None:
        self.finished.emit(
            tr("Die Schlüsseldatei ist wieder da. Bitte melden Sie sich mit dem Passwort vom Tag der Sicherung an.")
        )

    def _salvage(self) -> None:
        rescue = self._rescue
        if rescue is not None:
            self.work.run(tr("Was noch lesbar ist, wird gerettet"), rescue.salvage, self._salvaged)

    def _salvaged(self, saved: Salvage) -> None:
        sentence = tr_count(
            "Gerettet: {count} Kontakt.", "Gerettet: {count} Kontakte.", saved.contents.rows.get("contact", 0)
        )
        rest = (
            tr("Es fehlt nichts, was zu erkennen wäre.")
            if saved.is_whole
            else tr("Ein Teil war nicht mehr lesbar; bitte vergleichen Sie mit Ihren Unterlagen.")
        )
        last = tr("Bitte melden Sie sich an.")
        self.finished.emit(f"{sentence} {rest} {last}")

    def _enable(self) -> None:
        is_free = not self.work.is_running
        self.restore_button.setEnabled(is_free and self._preview is not None)
        self.keys_button.setEnabled(is_free and self._keys_of is not None)
        self.salvage_button.setEnabled(is_free and self._rescue is not None)
        self.leave_button.setEnabled(is_free)


def _title(*, is_missing: bool, lacks_keys: bool) -> str:
    if lacks_keys:
        return tr("Die Schlüsseldatei fehlt oder ist beschädigt")
    return tr("Die Datenbank fehlt") if is_missing else tr("Die Datenbank ist beschädigt")
