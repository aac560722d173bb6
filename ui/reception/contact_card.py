"""The contact card: ready to type at any time, one card of widgets for whichever visitor is in front."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop_app.contacts.vocabulary import Channel, Depth, Fact, ReferralMode, Result, UnmetReason
from desktop_app.core.errors import InputError, QuartierslotseError, UserError
from desktop_app.core.translation import tr, tr_count
from desktop_app.settings.records import SocialSpace, Topic
from ui.reception.card_state import CardState, Pick
from ui.reception.fact_form import FactForm
from ui.reception.link_field import LinkField
from ui.reception.need_rows import NeedRows
from ui.reception.presenter import ReceptionPresenter
from ui.reception.referral_picker import ReferralPicker
from ui.reception.wording import channel_choices, hit_row, topic_tile
from ui.theme.theme import active_theme
from ui.widgets.choices import Choice, SegmentedControl, TileGrid
from ui.widgets.containers import FoldOut, ScrollPage
from ui.widgets.labels import SectionTitle, Words
from ui.widgets.search_list import ResultRow
from ui.widgets.visibility import set_shown

_TEXT_KEPT_AFTER_MS = 250


class ContactCard(ScrollPage):
    """Shows one `CardState` and writes every change into it and into its draft."""

    changed = Signal()
    problem = Signal(object)
    visit_card_asked = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        presenter: ReceptionPresenter,
        topics: tuple[Topic, ...],
        spaces: tuple[SocialSpace, ...],
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(margin=16, parent=parent)
        self._presenter = presenter
        self._today = today
        self._state = CardState("")
        self._text_timer = QTimer(self)
        self._text_timer.setSingleShot(True)
        self._text_timer.setInterval(_TEXT_KEPT_AFTER_MS)
        self._text_timer.timeout.connect(self._take_text)
        self.body.setSpacing(active_theme().px(8))
        self.channel = SegmentedControl(tr("Kanal"), channel_choices())
        self._section(tr("Kanal"), self.channel)
        self.topics = TileGrid(tr("Themen"))
        self.topic_hint = self._section(tr("Themen"), self.topics)
        self.topic_error = Words("", "error", wrap=True)
        set_shown(self.topic_error, False)
        self.body.addWidget(self.topic_error)
        self.needs = NeedRows(self._topic_name)
        self.body.addWidget(self.needs)
        self.picker = ReferralPicker(self._found)
        self._section(tr("Weitervermitteln an"), self.picker)
        self.help_depth = SegmentedControl(tr("Tiefe"), [Choice(depth.value, depth.label) for depth in Depth])
        self._section(tr("Tiefe"), self.help_depth)
        self.more = FoldOut(tr("&Mehr angeben"))
        self._spaces = spaces
        self._facts: FactForm | None = None
        self._link: LinkField | None = None
        self.body.addWidget(self.more)
        self.history = FoldOut(tr("Verlauf"))
        self.history_lines = Words("", "muted", wrap=True, selectable=True)
        self.history.body.addWidget(self.history_lines)
        self.body.addWidget(self.history)
        self.body.addStretch(1)
        self.show_topics(topics)
        self.channel.changed.connect(self._channel_chosen)
        self.topics.toggled.connect(self._topic_toggled)
        self.needs.changed.connect(self._result_chosen)
        self.help_depth.changed.connect(self._depth_chosen)
        self.picker.picked.connect(self._service_picked)
        self.picker.pick_changed.connect(self._pick_changed)
        self.picker.pick_removed.connect(self.remove_service)
        self.picker.text_changed.connect(self._search_typed)
        self.picker.results_shown.connect(self._show_results)
        self.more.expanded.connect(lambda is_open: is_open and self.facts)

    @property
    def state(self) -> CardState:
        """The card that is shown."""
        return self._state

    @property
    def facts(self) -> FactForm:
        """The optional answers; made when they are first folded out, most contacts never need them."""
        if self._facts is None:
            self._facts = FactForm(self._spaces)
            self._facts.fact_changed.connect(self._fact_chosen)
            self._facts.text_changed.connect(self._text_timer.start)
            self._add_link(self._facts)
            self.more.body.addWidget(self._facts)
            self._show_facts(self._facts)
        return self._facts

    @property
    def link(self) -> LinkField | None:
        """Whose contact it is; None before *Mehr* was folded out."""
        return self._link

    def show_state(self, state: CardState) -> None:
        """Show another card; what was typed into the former one is kept first."""
        self.flush()
        self._state = state
        self._show_all()
        self.more.set_open(bool(state.facts or state.material or state.note or state.link))
        lines = self._presenter.history_lines(state)
        self.history_lines.setText("\n".join(lines))
        set_shown(self.history, bool(lines))
        self.ensureVisible(0, 0)

    def refresh(self) -> None:
        """Show the state again after it was changed from outside."""
        self._show_all()
        self._keep()

    def show_topics(self, topics: tuple[Topic, ...]) -> None:
        """Offer other topics."""
        self._topic_list = topics
        self.topics.set_tiles([topic_tile(topic, place) for place, topic in enumerate(topics)])

    def set_spaces(self, spaces: tuple[SocialSpace, ...]) -> None:
        """Offer other social spaces."""
        self._spaces = spaces
        if self._facts is not None:
            self._facts.set_spaces(spaces)

    def press_topic_key(self, key: str) -> bool:
        """Toggle the topic whose key this is; False when there is none."""
        for topic in self._topic_list:
            if topic.shortcut and topic.shortcut == key.lower():
                self.topics.toggle(topic.code)
                return True
        return False

    def add_service(self, service_id: str, mode: ReferralMode = ReferralMode.NAMED) -> None:
        """Pick a service for this visitor."""
        try:
            pick = self._presenter.pick_of(service_id)
        except UserError as error:
            self.problem.emit(error)
            return
        self._state.add_pick(replace(pick, mode=mode))
        self._show_picks()
        self._keep()

    def remove_service(self, service_id: str) -> None:
        """Take a picked service away."""
        self._state.remove_pick(service_id)
        self._show_picks()
        self._keep()

    def show_error(self, error: InputError) -> None:
        """Say beside the field what is missing, and put the keyboard there."""
        if error.field == "needs":
            self.topic_error.setText(error.message)
            set_shown(self.topic_error, True)
            self.topics.focus_first()
            self.ensureWidgetVisible(self.topic_error)
        else:
            self.problem.emit(error)

    def flush(self) -> None:
        """Keep text that was typed in the last moment."""
        if self._text_timer.isActive():
            self._text_timer.stop()
            self._take_text(may_wait=True)

    def _section(self, title: str, widget: QWidget) -> SectionTitle:
        words = SectionTitle(title)
        box = QVBoxLayout()
        box.setSpacing(active_theme().px(4))
        box.addWidget(words)
        box.addWidget(widget)
        self.body.addLayout(box)
        return words

    def _show_all(self) -> None:
        state = self._state
        self.channel.set_value(state.channel.value)
        self.help_depth.set_value(state.depth.value)
        self.topics.set_selected(state.needs)
        self.needs.show_needs(state.needs)
        self._show_picks()
        self.picker.show_text(state.search_text)
        if self._facts is not None:
            self._show_facts(self._facts)
        set_shown(self.topic_error, False)
        self._title_more()

    def _show_picks(self) -> None:
        self.picker.show_picks(self._state.picks, self._today())
        self._order_tabs()

    def _show_facts(self, form: FactForm) -> None:
        form.show_facts(self._state.facts, self._state.material, self._state.note)
        self._show_link()

    def _add_link(self, form: FactForm) -> None:
        link = self._link = LinkField(self._presenter.links.find, finds_files=self._presenter.links.finds_files)
        link.chosen.connect(self._link_chosen)
        link.removed.connect(self._link_removed)
        link.card_asked.connect(self._issue_card)
        link.card_print_asked.connect(self._ask_card_print)
        link.forget_asked.connect(self._forget_card)
        form.add_part(link)

    def _show_link(self) -> None:
        if self._link is not None:
            links = self._presenter.links
            self._link.show_link(
                links.words(self._state),
                can_print=links.new_card(self._state) is not None,
                can_forget=links.can_forget(self._state),
            )

    def _link_chosen(self, key: str) -> None:
        try:
            self._presenter.links.choose(self._state, key)
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.refresh()

    def _link_removed(self) -> None:
        self._state.link = None
        self.refresh()

    def _issue_card(self) -> None:
        try:
            self._presenter.links.issue(self._state)
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.refresh()

    def _forget_card(self) -> None:
        try:
            sentence = self._presenter.links.forget(self._state)
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.refresh()
        self.said.emit(sentence)

    def _ask_card_print(self) -> None:
        issued = self._presenter.links.new_card(self._state)
        if issued is not None:
            self.visit_card_asked.emit(issued)

    def _title_more(self) -> None:
        count = len(self._state.facts) + bool(self._state.material) + bool(self._state.note)
        count += self._state.link is not None
        title = tr("&Mehr angeben")
        if count:
            title = tr_count("&Mehr angeben (1 Angabe)", "&Mehr angeben ({count} Angaben)", count)
        self.more.set_title(title)

    def _topic_name(self, code: str) -> str:
        return next((topic.name for topic in self._topic_list if topic.code == code), code)

    def _found(self, text: str) -> list[ResultRow]:
        names = {topic.code: topic.name for topic in self._topic_list}
        return [hit_row(hit, names) for hit in self._presenter.search(text, self._state)]

    def _channel_chosen(self, code: str) -> None:
        self._state.channel = Channel(code)
        self._keep()

    def _topic_toggled(self, code: str, on: bool) -> None:
        self._state.toggle_topic(code, on=on)
        self.needs.show_needs(self._state.needs)
        self._order_tabs()
        set_shown(self.topic_error, False)
        self.picker.refresh()
        self._keep()

    def _result_chosen(self, code: str, result: Result, reason: UnmetReason | None) -> None:
        self._state.set_result(code, result, reason)
        self._keep()

    def _depth_chosen(self, code: str) -> None:
        self._state.depth = Depth(code)
        self._keep()

    def _pick_changed(self, pick: Pick) -> None:
        self._state.replace_pick(pick)
        self._keep()

    def _service_picked(self, service_id: str) -> None:
        self.add_service(service_id)

    def _search_typed(self, text: str) -> None:
        if self._state.search_text != text:
            self._state.search_text = text
            self._text_timer.start()

    def _show_results(self) -> None:
        # The list has just got its room: the layout must settle before it can be scrolled to.
        QTimer.singleShot(0, self, self._scroll_to_results)

    def _scroll_to_results(self) -> None:
        inside = self.widget()
        if inside is None:
            return
        layout = inside.layout()
        if layout is not None:
            layout.activate()
        QApplication.sendPostedEvents(inside, QEvent.Type.LayoutRequest.value)
        # ensureWidgetVisible() would be content with the row that has the cursor.
        results = self.picker.results
        bottom = results.mapTo(inside, results.rect().bottomLeft())
        self.ensureVisible(0, bottom.y(), 0, active_theme().px(8))

    def _order_tabs(self) -> None:
        """Rows made later would come last in the tab order; it must be the order on the screen."""
        stops: list[QWidget] = [self.topics.last_stop()]
        for row in self.needs.rows():
            stops += [*row.result.buttons(), row.reason.combo]
        stops += [self.picker.field, self.picker.results]
        for pick_row in self.picker.rows():
            stops += [pick_row.remove, *pick_row.mode.buttons(), pick_row.follow_up]
        stops += [*self.help_depth.buttons(), self.more.button]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _fact_chosen(self, fact: Fact, code: str) -> None:
        self._state.set_fact(fact, code)
        self._title_more()
        self._keep()

    def _take_text(self, *, may_wait: bool = False) -> None:
        if self._facts is not None:
            self._state.material = self._facts.material.edit.text()
            self._state.note = self._facts.note()
        self._title_more()
        self._keep(may_wait=may_wait)

    def _keep(self, *, may_wait: bool = False) -> None:
        if self._presenter.is_rewriting and not may_wait:
            self._text_timer.start()  # typing goes on; the draft follows once the file is rewritten
            self.changed.emit()
            return
        try:
            self._presenter.keep(self._state)
        except QuartierslotseError as error:
            self.problem.emit(error)
        self.changed.emit()
