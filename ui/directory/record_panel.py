"""A service to read: what it is, the number to call, when, where, and what to bring. One column, large where it counts."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.directory.confirm_row import ConfirmRow
from ui.directory.presenter import PlaceView, RecordView
from ui.directory.week import WeekHours
from ui.theme.theme import active_theme
from ui.widgets.badge import Badge, Tone
from ui.widgets.buttons import Button, PrimaryButton, QuietButton
from ui.widgets.containers import ScrollPage
from ui.widgets.feedback import EmptyState, Notice
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Divider, Icon, SectionTitle, Words
from ui.widgets.record_view import BigNumber, KeyValueTable, WeekDay, WeekTable
from ui.widgets.visibility import set_shown

_COLUMN = 640


class RecordPanel(QFrame):
    """The record with its buttons above it. Buttons tell by signal which service they were pressed for."""

    basket_requested = Signal(str)
    sheet_requested = Signal(str)
    referral_requested = Signal(str)
    check_confirmed = Signal(str, str)
    """The service and how it was checked."""
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        theme = active_theme()
        self._view: RecordView | None = None
        self._today = date.min
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(8), theme.px(8), theme.px(4), theme.px(4))
        outer.setSpacing(theme.px(4))
        self._actions = QWidget()
        actions = FlowLayout(self._actions, gap=theme.px(4))
        self.back_button = QuietButton(tr("&Zurück"), icon_name="arrow-left")
        self.back_button.clicked.connect(self.back_requested)
        self.back_button.hide()
        self.basket_button = PrimaryButton(tr("&Merkzettel"), icon_name="shopping-basket")
        self.basket_button.setToolTip(tr("Auf den Merkzettel des Besuchers"))
        self.sheet_button = Button(tr("&Infoblatt"), icon_name="printer")
        self.sheet_button.setToolTip(tr("Blatt zum Mitgeben ansehen und drucken (Strg+P)"))
        self.referral_button = Button(tr("&Weitervermitteln"), icon_name="handshake")
        self.referral_button.setToolTip(tr("Im Kontakt am Empfang eintragen"))
        self.check_button = QuietButton(tr("Als &geprüft bestätigen"), icon_name="badge-check")
        self.check_button.setToolTip(tr("Festhalten, dass die Angaben mit dem Anbieter geprüft sind"))
        self.check_button.clicked.connect(lambda _on: self._toggle_check())
        for button, signal in (
            (self.basket_button, self.basket_requested),
            (self.sheet_button, self.sheet_requested),
            (self.referral_button, self.referral_requested),
        ):
            button.clicked.connect(partial(self._ask, signal))
        for widget in self.buttons():
            actions.addWidget(widget)
        outer.addWidget(self._actions)
        self.check_row = ConfirmRow()
        self.check_row.confirmed.connect(self._confirm)
        self.check_row.closed.connect(self.close_check)
        outer.addWidget(self.check_row)
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(theme.scale.target)  # the empty state behind it must not make the window taller
        outer.addWidget(self._stack, 1)
        self._nothing = EmptyState(
            "book-open", tr("Kein Angebot gewählt"), detail=tr("Wählen Sie links ein Angebot aus.")
        )
        self._stack.addWidget(self._nothing)
        self._page: ScrollPage | None = None
        self.show_nothing()

    def service_id(self) -> str:
        """The service that is shown; empty if none."""
        return self._view.service_id if self._view is not None else ""

    def buttons(self) -> list[Button]:
        """The buttons from left to right."""
        return [self.back_button, self.basket_button, self.sheet_button, self.referral_button, self.check_button]

    def controls(self) -> list[QWidget]:
        """Everything above the record that takes the keyboard, in the order seen."""
        return [*self.buttons(), *self.check_row.controls()]

    def close_check(self) -> bool:
        """Put the row away that asks how it was checked; ``False`` if it is not there."""
        if not self.check_row.isVisibleTo(self):
            return False
        had_keyboard = any(widget.hasFocus() for widget in self.check_row.controls())
        self.check_row.hide()
        if had_keyboard:
            self.check_button.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def offer(self, *, handouts: bool, referrals: bool, checks: bool) -> None:
        """Show only the buttons that the signed-in account may use."""
        set_shown(self.basket_button, handouts)
        set_shown(self.sheet_button, handouts)
        set_shown(self.referral_button, referrals)
        set_shown(self.check_button, checks)

    def show_nothing(self) -> None:
        """Show that nothing is chosen."""
        self._view = None
        self.check_row.hide()
        self._drop_page()
        self._actions.hide()
        self._stack.setCurrentWidget(self._nothing)

    def show_record(self, view: RecordView, today: date) -> None:
        """Show a service from its beginning."""
        if view == self._view:
            return
        if view.service_id != self.service_id():
            self.close_check()
        self._view, self._today = view, today
        self._drop_page()
        self._show_page(view)
        self._actions.show()
        self.setAccessibleName(view.name)

    def set_back_visible(self, visible: bool) -> None:
        """Offer the way back to the list (one column only)."""
        self.back_button.setVisible(visible)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_page") and self._view is not None:
            # Sizes are reckoned when the parts are made.
            self._drop_page()
            self._show_page(self._view)

    def _ask(self, signal: SignalInstance, _checked: bool = False) -> None:
        if self._view is not None:
            signal.emit(self._view.service_id)

    def _toggle_check(self) -> None:
        if not self.close_check():
            self.check_row.begin()

    def _confirm(self, how: str) -> None:
        service_id = self.service_id()
        self.close_check()
        self.check_confirmed.emit(service_id, how)

    def _show_page(self, view: RecordView) -> None:
        self._page = _RecordPage(view, self._today)
        self._stack.addWidget(self._page)
        self._stack.setCurrentWidget(self._page)

    def _drop_page(self) -> None:
        if self._page is not None:
            self._stack.removeWidget(self._page)
            self._page.deleteLater()
            self._page = None


class _RecordPage(ScrollPage):
    """The parts of one record below each other; parts without content are left out."""

    def __init__(self, view: RecordView, today: date) -> None:
        super().__init__(width=_COLUMN, margin=8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("reading", "true")
        self.setAccessibleName(tr("Angebot {name}", name=view.name))
        self._today = today
        self._add_name(view)
        self._add_contact(view)
        self._add_head(view)
        if view.hours.days or view.hours.sentences:
            self._add_hours(tr("Sprechzeiten"), view.hours)
        for place in view.places:
            self._add_place(place, several=len(view.places) > 1)
        if view.facts:
            self._add_section(tr("Gut zu wissen"), KeyValueTable(view.facts))
        if view.description:
            self._add_section(tr("Beschreibung"), Words(view.description, wrap=True, selectable=True))
        self._add_foot(view)
        self.body.addStretch(1)

    def _add_name(self, view: RecordView) -> None:
        name = Words(view.name, "title", wrap=True, selectable=True)
        name.setAccessibleName(view.name)
        self.body.addWidget(name)
        if view.organization:
            self.body.addWidget(Words(view.organization, "muted", wrap=True, selectable=True))
        if not view.is_active:
            self.body.addWidget(
                Notice(
                    tr("Dieses Angebot gibt es zurzeit nicht. Bitte nicht weitervermitteln."),
                    Tone.DANGER,
                    closable=False,
                )
            )
        if view.alert:
            self.body.addWidget(Notice(view.alert, Tone.WARNING, closable=False))

    def _add_head(self, view: RecordView) -> None:
        badges = QWidget()
        flow = FlowLayout(badges, gap=active_theme().px(6))
        if not view.is_verified:
            flow.addWidget(Badge(tr("noch nicht geprüft"), Tone.WARNING))
        else:
            flow.addWidget(Badge(tr("Prüfung fällig") if view.is_overdue else tr("geprüft"),
                                 Tone.WARNING if view.is_overdue else Tone.SUCCESS))  # fmt: skip
        for topic in view.topics:
            flow.addWidget(Badge(topic))
        self.body.addWidget(badges)
        if view.summary:
            self.body.addWidget(Words(view.summary, wrap=True, selectable=True))
        if view.for_whom:
            self._add_section(tr("Für wen"), Words(view.for_whom, wrap=True, selectable=True))

    def _add_contact(self, view: RecordView) -> None:
        if view.phone:
            self.body.addWidget(BigNumber(view.phone, view.phone_caption))
        else:
            self.body.addWidget(_with_icon("phone", Words(tr("Keine Telefonnummer bekannt."), "muted", wrap=True)))
        if view.more_phones:
            self.body.addWidget(KeyValueTable([(caption, number) for number, caption in view.more_phones]))

    def _add_hours(self, title: str, hours: WeekHours) -> None:
        if not hours.days:
            self._add_section(title, *(Words(text, wrap=True, selectable=True) for text in hours.sentences))
            return
        self._add_section(title, _week(hours, self._today))

    def _add_place(self, place: PlaceView, *, several: bool) -> None:
        parts: list[QWidget] = []
        if place.title:
            parts.append(Words(place.title, "label", wrap=True, selectable=True))
        if place.address:
            parts.append(_with_icon("map-pin", Words(place.address, wrap=True, selectable=True)))
        if place.directions:
            parts.append(_with_icon("bus", Words(place.directions, wrap=True, selectable=True)))
        if place.accessibility:
            parts.append(_with_icon("accessibility", Words(place.accessibility, wrap=True, selectable=True)))
        if place.phones:
            parts.append(KeyValueTable([(caption, number) for number, caption in place.phones]))
        if place.hours.days:
            parts.append(_week(place.hours, self._today))
        parts.extend(Words(text, wrap=True, selectable=True) for text in place.hours.sentences if not place.hours.days)
        if parts:
            self._add_section(tr("Ort") if not several else tr("Einer der Orte"), *parts)

    def _add_foot(self, view: RecordView) -> None:
        self.body.addWidget(Divider())
        icon = "badge-check" if view.is_verified and not view.is_overdue else "circle-alert"
        colour = "success" if view.is_verified and not view.is_overdue else "warning"
        self.body.addWidget(_with_icon(icon, Words(view.verification, wrap=True, selectable=True), colour))
        if view.internal_remark:
            remark = Notice(
                tr("Nur für Kolleginnen und Kollegen, wird nie gedruckt: {remark}", remark=view.internal_remark),
                Tone.NEUTRAL,
                closable=False,
            )
            self.body.addWidget(remark)

    def _add_section(self, title: str, *widgets: QWidget) -> None:
        column = QVBoxLayout()
        column.setSpacing(active_theme().px(4))
        column.addWidget(SectionTitle(title))
        for widget in widgets:
            column.addWidget(widget)
        self.body.addLayout(column)


def _week(hours: WeekHours, today: date) -> WeekTable:
    table = WeekTable()
    table.show_week(
        [WeekDay(day.name, day.times, day.remark) for day in hours.days],
        today=today.weekday(),
        exceptions=hours.sentences,
        closed_text=tr("keine Zeiten angegeben"),
    )
    return table


def _with_icon(icon: str, words: Words, colour: str = "text_muted") -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(active_theme().px(12))
    row.addWidget(Icon(icon, colour, 20), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(words, 1)
    return box
