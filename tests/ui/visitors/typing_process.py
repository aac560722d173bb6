"""Types into a new visitor file and says so; to be killed. Run with the data folder, the login name and the password."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import ui.app
from desktop_app.bootstrap import Surroundings, open_application
from desktop_app.core.clock import FixedClock
from desktop_app.core.ids import UuidFactory
from desktop_app.environment.folders import DataFolder
from desktop_app.security.key_slots import DerivationCost
from desktop_app.visitors.records import ConsentKind
from ui.shell.notices import NoticeBridge
from ui.theme.theme import ThemeController
from ui.visitors.page import VisitorsPage


def main(folder: Path, login_name: str, password: str) -> None:
    qt = ui.app.make_qt([])
    ThemeController(qt)
    clock = FixedClock(datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    application = open_application(
        DataFolder(folder), login_name, password, Surroundings(clock, UuidFactory(clock), DerivationCost(1, 8, 1))
    )
    page = VisitorsPage(application, NoticeBridge(application.notices))
    page.show()
    page.new_button.click()
    page.new_file.consents.boxes[ConsentKind.RECORD].setChecked(True)
    page.new_file.entry.fields["name"].edit.setText("Anna Beispiel")
    page.new_file.entry.remarks_edit.setPlainText("kommt am Dienstag wieder")
    while application.visitor_drafts.open_draft(application.actor) is None:
        qt.processEvents()  # the pause after typing
    sys.stdout.write("typed\n")
    sys.stdout.flush()
    qt.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
