"""Offering a person to another office: which one, on which consent, which fields; a preview shows what goes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import InputError, QuartierslotseError
from desktop_app.core.translation import tr
from desktop_app.exchange.records import ContentField, OfferEntry, OfferPreview, PartnerOffice
from desktop_app.exchange.rules import LONGEST_MESSAGE, field_label
from desktop_app.visitors.records import VisitorFile
from ui.exchange.compare_card import CompareCard
from ui.exchange.content_view import ContentCard
from ui.exchange.presenter import Done, ExchangePresenter
from ui.exchange.wording import consent_text, preview_sentence, problem_text
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.choice import Choice
from ui.widgets.containers import Card, ScrollPage
from ui.widgets.feedback import Notice
from ui.widgets.fields import ChoiceField, Field
from ui.widgets.labels import SectionTitle, Words
from ui.widgets.visibility import set_shown

_COLUMN = 680
_MESSAGE_LINES = 4


class OfferPanel(ScrollPage):
    """One offer in the making. ``offered(done)``, ``closed``, ``file_asked`` (to add a consent), ``problem(error)``."""

    offered = Signal(object)
    closed = Signal()
    file_asked = Signal(str)
    problem = Signal(object)

    def __init__(self, file: VisitorFile, presenter: ExchangePresenter, parent: QWidget | None = None) -> None:
        super().__init__(width=_COLUMN, margin=8, parent=parent)
        self._file, self._presenter = file, presenter
        self._preview: OfferPreview | None = None
        self.compare: CompareCard | None = None
        person = file.entry.name or file.entry.former_name or file.entry.phone
        self.setAccessibleName(tr("An ein anderes Büro übergeben"))
        self.body.addWidget(SectionTitle(tr("An ein anderes Büro übergeben")))
        self.body.addWidget(Words(person, "label", wrap=True))
        self._add_office()
        self._add_fields()
        self.preview_card = ContentCard(tr("3. Das liest das andere Büro"))
        self.body.addWidget(self.preview_card)
        self._add_foot()
        self._office_chosen()

    def main_focus(self) -> QWidget:
        """The choice of the office."""
        return self.office.combo

    def has_text(self) -> bool:
        """Whether something was ticked or typed."""
        return bool(self._ticked()) or bool(self.message.toPlainText().strip())

    @property
    def visitor_id(self) -> str:
        """Whom it is about."""
        return self._file.visitor_id

    # Building ---------------------------------------------------------------------------------------

    def _add_office(self) -> None:
        self._office_card = Card(tr("1. Wohin und worauf gestützt"))
        partners = self._presenter.partners()
        self.office = ChoiceField(tr("&Büro"), [Choice(one.office_id, one.title) for one in partners], unanswered=None)
        named = [one for one in partners if self._presenter.usable_consents(self._file, one.office_id)]
        if named:
            self.office.set_value(named[0].office_id)
        self.office.changed.connect(lambda _code: self._office_chosen())
        self._office_card.body.addWidget(self.office)
        self.consent = ChoiceField(
            tr("Ein&willigung, die das erlaubt"),
            [],
            unanswered=None,
            help_text=tr("Mit geht nur, dass es sie gibt: Tag, Formular, Zweck und Ende. Das Blatt bleibt hier."),
        )
        self.consent.changed.connect(lambda _code: self._renew())
        self._office_card.body.addWidget(self.consent)
        self.hint = Notice(closable=False)
        self.hint.action_requested.connect(lambda: self.file_asked.emit(self._file.visitor_id))
        self._office_card.body.addWidget(self.hint)
        self.body.addWidget(self._office_card)

    def _add_fields(self) -> None:
        theme = active_theme()
        self._fields_card = Card(tr("2. Was weitergegeben wird"))
        self._fields_card.body.addWidget(
            Words(tr("Nur, was Sie ankreuzen, und nur, was der Zweck braucht."), "muted", wrap=True)
        )
        entry = self._file.entry
        values = {
            ContentField.NAME: entry.name or entry.former_name,
            ContentField.PHONE: entry.phone,
            ContentField.BIRTH_YEAR: str(entry.year) if entry.year else "",
        }
        self.boxes: dict[ContentField, QCheckBox] = {}
        for field in ContentField:
            box = QCheckBox(field_label(field))
            box.setAccessibleName(tr("{field} weitergeben", field=field_label(field)))
            box.toggled.connect(lambda _on: self._ticks_changed())
            self.boxes[field] = box
            part = QVBoxLayout()
            part.setSpacing(0)
            part.addWidget(box)
            if field in values:
                value = values[field] or tr("steht nicht in der Akte")
                box.setEnabled(bool(values[field]))
                box.setAccessibleDescription(value)
                words = Words(value, "muted", wrap=True)
                words.setContentsMargins(theme.px(41), 0, 0, 0)
                part.addWidget(words)
            self._fields_card.body.addLayout(part)
            if field is ContentField.TOPIC:
                self.topic = ChoiceField(
                    tr("&Thema"), self._presenter.topics(), unanswered=Choice("", tr("bitte wählen"))
                )
                self.topic.changed.connect(lambda _code: self._renew())
                self._fields_card.body.addWidget(self.topic)
        self.message = QPlainTextEdit()
        self.message.setTabChangesFocus(True)
        self.message.setFixedHeight(self.message.fontMetrics().lineSpacing() * _MESSAGE_LINES + theme.px(20))
        self.message.textChanged.connect(self._renew)
        self.message_field = Field(
            tr("Text der &Nachricht"),
            self.message,
            help_text=tr("Höchstens {count} Zeichen. Schreiben Sie nur, was der Zweck braucht.", count=LONGEST_MESSAGE),
        )
        self._fields_card.body.addWidget(self.message_field)
        self.body.addWidget(self._fields_card)

    def _add_foot(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(active_theme().px(8))
        self.do_button = PrimaryButton(tr("Übergabe anb&ieten"), icon_name="file-output")
        self.do_button.clicked.connect(self.offer)
        self.cancel_button = QuietButton(tr("Abb&rechen"), icon_name="x")
        self.cancel_button.clicked.connect(self.closed)
        row.addWidget(self.do_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    # Doing ------------------------------------------------------------------------------------------

    def offer(self) -> None:
        """Offer exactly what the preview shows."""
        if self._preview is None:
            return
        try:
            done = self._presenter.offer(self._file, self._entry(), self._preview)
        except QuartierslotseError as error:
            self.problem.emit(error)
            return
        self.offered.emit(done)

    def _office_chosen(self) -> None:
        office = self._presenter.partner(self.office.value())
        consents = self._presenter.usable_consents(self._file, office.office_id) if office else ()
        self.consent.set_choices([Choice(one.consent_id, consent_text(one)) for one in consents])
        set_shown(self.consent, bool(consents))
        self._show_compare(office if consents else None)
        if office is None:
            self.hint.show_text(tr("Es ist noch kein anderes Büro verbunden."), Tone.INFO)
        elif not consents:
            self.hint.show_text(self._no_consent(office), Tone.WARNING, action=tr("Zur Akte"))
        elif not office.has_key:
            self.hint.show_text(problem_text("no_key"), Tone.WARNING)
        else:
            self.hint.show_text("")
        set_shown(self._fields_card, bool(consents))
        set_shown(self.preview_card, bool(consents))
        self._ticks_changed()

    def _no_consent(self, office: PartnerOffice) -> str:
        others = self._presenter.other_consents(self._file)
        sentence = tr(
            "Keine gültige Einwilligung nennt „{office}“. Bitte lassen Sie die Person zuerst unterschreiben und halten Sie es in "
            "der Akte fest.",
            office=office.title,
        )
        if others:
            named = "; ".join(f"„{one.partner}“" for one in others)
            sentence += " " + tr("Erlaubt ist eine Weitergabe nur an: {partners}.", partners=named)
        return sentence

    def _show_compare(self, office: PartnerOffice | None) -> None:
        if self.compare is not None:
            self._office_card.body.removeWidget(self.compare)
            self.compare.hide()
            self.compare.deleteLater()
            self.compare = None
        if office is not None and office.has_key and not office.is_compared:
            self.compare = CompareCard(self._presenter, office)
            self.compare.compared.connect(self._compared)
            self.compare.problem.connect(self.problem)
            self._office_card.body.addWidget(self.compare)

    def _compared(self, _done: Done) -> None:
        self._office_chosen()
        self.office.combo.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ticks_changed(self) -> None:
        set_shown(self.topic, self.boxes[ContentField.TOPIC].isChecked())
        set_shown(self.message_field, self.boxes[ContentField.MESSAGE].isChecked())
        self._renew()

    def _renew(self) -> None:
        self._preview = None
        sentence = ""
        if self.consent.value() and self._ticked():
            try:
                self._preview = self._presenter.preview(self._file, self._entry())
            except InputError as error:
                sentence = error.message
            except QuartierslotseError as error:
                sentence = error.message
        else:
            sentence = tr("Noch nichts. Kreuzen Sie oben an, was das andere Büro lesen soll.")
        content = self._preview.content if self._preview else None
        self.preview_card.show_content(content, preview_sentence(self._preview) if self._preview else sentence)
        office = self._presenter.partner(self.office.value())
        self.do_button.setEnabled(self._preview is not None and office is not None and office.is_compared)

    def _ticked(self) -> frozenset[ContentField]:
        return frozenset(field for field, box in self.boxes.items() if box.isChecked())

    def _entry(self) -> OfferEntry:
        return OfferEntry(
            self.office.value(),
            self.consent.value(),
            self._ticked(),
            topic_id=self.topic.value(),
            message=self.message.toPlainText(),
        )
