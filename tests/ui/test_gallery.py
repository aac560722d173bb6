"""Every widget in one picture per look: drawn, not cut off, named.

``pytest tests/ui/test_gallery.py --basetemp=FOLDER`` leaves the pictures in FOLDER to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.theme import ThemeController, ThemeMode
from ui.widgets.badge import Badge, BadgeText, Tone
from ui.widgets.buttons import Button, DangerButton, IconButton, PrimaryButton, QuietButton
from ui.widgets.choices import Choice, SegmentedControl, Tile, TileGrid
from ui.widgets.containers import Card, FoldOut
from ui.widgets.counters import CountStepper
from ui.widgets.feedback import EmptyState, Notice, ProgressPanel, StatusLine
from ui.widgets.fields import ChoiceField, PasswordField, TextField
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.record_view import BigNumber, KeyValueTable, WeekDay, WeekTable
from ui.widgets.search_list import ResultList, ResultRow, SearchField
from ui.widgets.tab_strip import TabStrip

TOPICS = (
    ("Gesundheit", "heart-pulse"), ("Pflege", "hand-heart"), ("Hilfsmittel", "accessibility"), ("Kultur", "palette"),
    ("Freizeit", "coffee"), ("Ehrenamt", "handshake"), ("Dienstleistungen", "wrench"), ("Wohnen", "house"),
    ("Begegnung", "users-round"), ("Finanzen & Behörden", "landmark"), ("Jugend & Familie", "baby"),
)  # fmt: skip


class Gallery(QWidget):
    """Everything there is, in two columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        grid = QGridLayout(self)
        grid.addWidget(self._contact(), 0, 0, 2, 1)
        grid.addWidget(self._messages(), 0, 1)
        grid.addWidget(self._record(), 1, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)

    def _contact(self) -> Card:
        card = Card("Kontakt")
        tabs = TabStrip("Offene Kontakte", new_name="Neuer Kontakt")
        tabs.add("a", "Kontakt", "10:42")
        tabs.add("b", "Kontakt", "10:55")
        card.body.addWidget(tabs)
        self.channel = SegmentedControl(
            "Kanal", [Choice("a", "&Büro", "house"), Choice("b", "&Telefon"), Choice("c", "&E-Mail oder Brief")]
        )
        card.body.addWidget(self.channel)
        self.topics = TileGrid(
            "Themen", [Tile(name, name, "123456789GJ"[place], icon, place) for place, (name, icon) in enumerate(TOPICS)]
        )
        self.topics.set_selected({"Pflege", "Wohnen"})
        card.body.addWidget(self.topics)
        self.search = SearchField("Weitervermitteln an")
        card.body.addWidget(self.search)
        results = ResultList("Treffer")
        results.setMinimumHeight(240)
        results.set_rows(
            [
                ResultRow("1", "Pflegestützpunkt Nord", "Pflegeberatung · 800 m", ((0, 5),), ((0, 5),),
                          (BadgeText("jetzt geöffnet", Tone.SUCCESS),), "building-2"),
                ResultRow("2", "Ambulante Pflege mit einem sehr langen Namen " * 3, "Häusliche Pflege", ((10, 5),),
                          badges=(BadgeText("öffnet 14:00", Tone.WARNING), BadgeText("Prüfung fällig", Tone.DANGER))),
            ],
            preselect=True,
        )  # fmt: skip
        card.body.addWidget(results)
        fold = FoldOut("Mehr angeben")
        fold.set_open(True)
        age = ChoiceField("Alters&gruppe", [Choice("80", "80 bis 84")])
        fold.body.addWidget(age)
        card.body.addWidget(fold)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (PrimaryButton("Speichern", icon_name="check"), Button("Drucken", icon_name="printer"),
                       QuietButton("Verwerfen"), DangerButton("Löschen", icon_name="trash-2"),
                       IconButton("x", "Schließen")):  # fmt: skip
            flow.addWidget(button)
        card.body.addWidget(buttons)
        card.body.addStretch(1)
        return card

    def _messages(self) -> Card:
        card = Card("Heute")
        row = QHBoxLayout()
        for name, key, icon in (("Besuche", "F5", "users-round"), ("Anrufe", "F6", "phone")):
            counter = CountStepper(name, key=key, icon_name=icon)
            counter.set_count(131)
            row.addWidget(counter)
        card.body.addLayout(row)
        for tone in Tone:
            card.body.addWidget(Notice(f"Ein Hinweis ({tone.value}), der etwas länger ist.", tone, action="Los"))
        progress = ProgressPanel("Verzeichnis wird eingelesen")
        progress.show_step(120, 363, "Angebot 120 von 363")
        card.body.addWidget(progress)
        card.body.addWidget(
            TextField("&Name des Büros", text="Quartiersbüro", help_text="So steht es auf jedem Blatt.")
        )
        password = PasswordField("Passwort")
        password.set_text("geheim")
        password.set_error("Das Passwort passt nicht.")
        card.body.addWidget(password)
        tick = QCheckBox("Das Blatt liegt sicher")
        tick.setChecked(True)
        card.body.addWidget(tick)
        status = StatusLine()
        status.show_message("Kontakt gespeichert.", undo=lambda: None)
        card.body.addWidget(status)
        return card

    def _record(self) -> Card:
        card = Card("Angebot")
        card.head.addWidget(Badge("geprüft am 03.09.2026"))
        card.body.addWidget(BigNumber("0208 123456", "Telefon"))
        card.body.addWidget(
            KeyValueTable([("Kosten", "kostenlos"), ("Mitbringen", "Personalausweis und Rentenbescheid")])
        )
        week = WeekTable()
        week.show_week([WeekDay("Montag", ("09:00–12:00", "14:00–17:00")), WeekDay("Dienstag")], today=0)
        card.body.addWidget(week)
        card.body.addWidget(EmptyState("book-open", "Noch leer.", detail="So beginnen Sie.", action="Datei einlesen"))
        return card


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize(
    "mode", [ThemeMode.LIGHT, ThemeMode.DARK, ThemeMode.HIGH_CONTRAST], ids=lambda mode: mode.value
)
def test_every_widget_in_every_look(
    theme: ThemeController,
    qtbot: QtBot,
    tmp_path: Path,
    cut_off: Callable[[QWidget], list[str]],
    unnamed_controls: Callable[[QWidget], list[str]],
    mode: ThemeMode,
    percent: int,
) -> None:
    theme.use_mode(mode)
    theme.use_text_percent(percent)
    gallery = Gallery()
    qtbot.addWidget(gallery)
    width = 1500 if percent == 100 else 2500
    gallery.resize(width, 900)
    with qtbot.waitExposed(gallery):
        gallery.show()
    gallery.activateWindow()
    gallery.topics.focus_first()
    gallery.resize(width, gallery.layout().heightForWidth(width))
    qtbot.waitUntil(lambda: cut_off(gallery) == [])
    assert unnamed_controls(gallery) == []
    picture = gallery.grab()
    assert picture.save(str(tmp_path / f"widgets-{mode.value}-{percent}.png"))
    image = picture.toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, width, 7) for y in range(0, image.height(), 7)}
    palette = theme.theme.palette
    assert {palette.surface, palette.accent, palette.danger_soft} <= colours


def test_the_focus_ring_is_seen_on_every_kind_of_control(theme: ThemeController, qtbot: QtBot) -> None:
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.resize(1500, 1400)
    with qtbot.waitExposed(gallery):
        gallery.show()
    gallery.activateWindow()
    ring = theme.theme.palette.focus
    tile = gallery.topics.tile("Pflege")
    button = next(button for button in gallery.findChildren(PrimaryButton) if button.text() == "Speichern")
    for control in (gallery.search, gallery.channel.button("a"), tile, button, *gallery.findChildren(QCheckBox)[-1:]):
        control.setFocus(Qt.FocusReason.TabFocusReason)
        picture = control.grab().toImage()
        seen = sum(
            picture.pixelColor(x, y).name() == ring for x in range(picture.width()) for y in range(picture.height())
        )
        assert seen > 100, type(control).__name__
