"""One visitor file to read: consents with their days, contacts with referrals and follow-ups, merges."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.errors import InputError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr
from desktop_app.visitors.records import Consent, ConsentKind, ConsentState, ErasureHold, Merge, VisitorFile
from ui.theme.theme import active_theme
from ui.visitors.forms import ConsentForm
from ui.visitors.presenter import VisitorsPresenter
from ui.visitors.wording import consent_lines, consent_tone, contact_row, day_text, name_of, read_day
from ui.widgets.badge import Badge, Tone
from ui.widgets.buttons import Button, DangerButton, PrimaryButton, QuietButton
from ui.widgets.containers import FoldOut, ScrollPage
from ui.widgets.feedback import Notice
from ui.widgets.fields import TextField
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import SectionTitle, Words
from ui.widgets.record_view import KeyValueTable
from ui.widgets.search_list import ResultList

_COLUMN = 720
_MOST_ROWS = 8


class RecordView(ScrollPage):
    """Shows a file from its beginning; the signals ask the page to do something with it."""

    edit_asked = Signal()
    merge_asked = Signal()
    revoke_asked = Signal(object)
    consents_asked = Signal(object)
    unmerge_asked = Signal(object)
    contact_chosen = Signal(str)
    release_asked = Signal()
    answer_print_asked = Signal()
    answer_save_asked = Signal()
    data_save_asked = Signal()
    erase_asked = Signal()
    hold_asked = Signal(object)
    release_hold_asked = Signal()
    hand_over_asked = Signal()

    def __init__(self, file: VisitorFile, presenter: VisitorsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(width=_COLUMN, margin=8, parent=parent)
        self._file = file
        self._presenter = presenter
        self._can_change = presenter.may(Action.CHANGE_VISITOR_FILES)
        self.setAccessibleName(tr("Personenakte"))
        name = Words(name_of(file.entry), "title", wrap=True, selectable=True)
        self.body.addWidget(name)
        if not file.may_be_kept:
            must_go = tr(
                "Für diese Akte gibt es keine gültige Einwilligung mehr. Sie darf nicht weitergeführt werden und ist zu "
                "löschen, oder die Person willigt neu ein."
            )
            how = (
                tr("Löschen können Sie sie unten unter „Person löschen“.")
                if presenter.may(Action.ERASE_CLIENT_DATA)
                else tr("Löschen kann die Koordination: Bitte geben Sie Bescheid.")
            )
            self.body.addWidget(Notice(must_go if file.hold else f"{must_go} {how}", Tone.DANGER, closable=False))
        if file.hold is not None:
            self.body.addWidget(
                Notice(
                    tr("Die Löschung dieser Akte ist bis {day} ausgesetzt: {reason}", day=day_text(file.hold.until),
                       reason=file.hold.reason),
                    Tone.INFO,
                    closable=False,
                )
            )  # fmt: skip
        self._add_actions()
        self._add_facts()
        self._add_consents()
        self._add_contacts()
        self._add_merges()
        self._add_answer()
        self._add_erasing()
        self.body.addStretch(1)

    def take_keyboard(self, name: str, *, is_same: bool) -> None:
        """Have the keyboard on the control of that name; without it beside the consents if it is the same file anew."""
        controls = [one for one in self.findChildren(QAbstractButton) if one.isEnabled() and one.isVisibleTo(self)]
        named = [one for one in controls if name and one.accessibleName() == name]
        near = [self.more_consents.button] if is_same and self._can_change else []
        for control in [*named, *near, self.release_button][:1]:
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_actions(self) -> None:
        self.edit_button = Button(tr("&Bearbeiten"), icon_name="pencil")
        self.edit_button.clicked.connect(self.edit_asked)
        self.edit_button.setEnabled(self._can_change and self._file.may_be_kept)
        self.release_button = Button(tr("&Schweigepflichtentbindung"), icon_name="printer")
        self.release_button.clicked.connect(self.release_asked)
        self.merge_button = QuietButton(tr("&Zusammenführen …"), icon_name="users-round")
        self.merge_button.clicked.connect(self.merge_asked)
        self.hand_over_button = QuietButton(tr("An anderes Bür&o übergeben …"), icon_name="handshake")
        self.hand_over_button.clicked.connect(self.hand_over_asked)
        row = QWidget()
        flow = FlowLayout(row, gap=active_theme().px(6))
        for button in (self.edit_button, self.release_button, self.hand_over_button, self.merge_button):
            flow.addWidget(button)
        if not (self._presenter.may(Action.OFFER_REFERRALS) and self._file.may_be_kept):
            flow.removeWidget(self.hand_over_button)
            self.hand_over_button.hide()
        if not (self._presenter.may(Action.MERGE_VISITOR_FILES) and self._file.may_be_kept):
            flow.removeWidget(self.merge_button)
            self.merge_button.hide()
        self.body.addWidget(row)

    def _add_facts(self) -> None:
        entry = self._file.entry
        facts = [
            (tr("Früherer Name"), entry.former_name),
            (tr("Geboren"), entry.birth_text),
            (tr("Telefon"), entry.phone),
            (tr("Anschrift"), entry.address),
            (tr("Sprache"), entry.language),
            (tr("Bemerkungen"), entry.remarks),
            (tr("Akte seit"), day_text(self._file.created_on)),
        ]
        self.body.addWidget(KeyValueTable(facts))

    def _add_consents(self) -> None:
        self._heading(tr("Einwilligungen"))
        self.revoke_buttons: list[Button] = []
        for consent in self._file.consents:
            self.body.addWidget(self._consent_row(consent))
        if not self._can_change:
            return
        self.more_consents = FoldOut(tr("&Einwilligung hinzufügen"))
        kinds = ConsentKind if self._file.may_be_kept else (ConsentKind.RECORD,)
        self.consent_form = ConsentForm(self._presenter.today(), kinds)
        self.more_consents.body.addWidget(self.consent_form)
        self.consent_button = PrimaryButton(tr("Ein&willigung festhalten"), icon_name="check")
        self.consent_button.setEnabled(False)
        self.consent_form.changed.connect(
            lambda: self.consent_button.setEnabled(any(map(self.consent_form.has_tick, self.consent_form.boxes)))
        )
        self.consent_button.clicked.connect(self._take_consents)
        self.more_consents.body.addWidget(self.consent_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.more_consents)

    def _consent_row(self, consent: Consent) -> QWidget:
        title, days = consent_lines(consent)
        state = consent.state(self._file.day)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active_theme().px(12))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Words(title, "label", wrap=True))
        words.addWidget(Words(days, "muted", wrap=True))
        row.addLayout(words, 1)
        row.addWidget(Badge(state.label, consent_tone(state)), 0, Qt.AlignmentFlag.AlignTop)
        if self._can_change and state is not ConsentState.REVOKED:
            button = QuietButton(tr("Widerrufen"), icon_name="x")
            button.setAccessibleName(tr("{consent} widerrufen", consent=title))
            button.clicked.connect(partial(self._ask_revocation, consent))
            self.revoke_buttons.append(button)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return box

    def _add_contacts(self) -> None:
        self._heading(tr("Verlauf"))
        self.contacts = ResultList(
            tr("Kontakte dieser Person"), empty_text=tr("Noch kein Kontakt mit dieser Akte verbunden.")
        )
        self.contacts.set_rows([contact_row(contact) for contact in self._file.contacts])
        self.contacts.fit_rows(max(1, min(_MOST_ROWS, len(self._file.contacts))))
        self.contacts.activated_key.connect(self.contact_chosen)
        self.body.addWidget(self.contacts)

    def _add_merges(self) -> None:
        self.unmerge_buttons: list[Button] = []
        if not self._file.merges:
            return
        self._heading(tr("Zusammengeführt"))
        for merge in self._file.merges:
            box = QWidget()
            row = QHBoxLayout(box)
            row.setContentsMargins(0, 0, 0, 0)
            text = tr("{name}, am {day} von {initials}", name=merge.merged_name, day=day_text(merge.merged_on),
                      initials=merge.initials)  # fmt: skip
            row.addWidget(Words(text, wrap=True), 1)
            if self._presenter.may(Action.MERGE_VISITOR_FILES):
                button = QuietButton(tr("Wieder trennen"), icon_name="undo-2")
                button.setAccessibleName(tr("{name} wieder trennen", name=merge.merged_name))
                button.clicked.connect(partial(self._ask_unmerge, merge))
                self.unmerge_buttons.append(button)
                row.addWidget(button)
            self.body.addWidget(box)

    def _add_answer(self) -> None:
        if not self._presenter.may(Action.ANSWER_ACCESS_REQUESTS):
            return
        self.answer = FoldOut(tr("&Auskunft an die Person"))
        self.answer.body.addWidget(
            Words(
                tr(
                    "Alles, was zu dieser Person gespeichert ist, mit Notizen. Die Auskunft wird im Protokoll vermerkt."
                ),
                "muted",
                wrap=True,
            )
        )
        row = QWidget()
        flow = FlowLayout(row, gap=active_theme().px(6))
        self.answer_buttons = [
            Button(tr("Auskunft drucken"), icon_name="printer"),
            Button(tr("Als PDF speichern"), icon_name="file-output"),
            Button(tr("Als Daten (JSON) speichern"), icon_name="database"),
        ]
        for button, signal in zip(
            self.answer_buttons, (self.answer_print_asked, self.answer_save_asked, self.data_save_asked), strict=True
        ):
            button.clicked.connect(signal)
            flow.addWidget(button)
        self.answer.body.addWidget(row)
        self.body.addWidget(self.answer)

    def _add_erasing(self) -> None:
        if not self._presenter.may(Action.ERASE_CLIENT_DATA):
            return
        self.erasing = FoldOut(tr("&Person löschen"))
        self.erasing.body.addWidget(
            Words(
                tr("Akte, Einwilligungen und alle Texte der Kontakte gehen für immer. Sie sehen vorher, was genau. Wenn die "
                   "Person Auskunft wünscht: zuerst die Auskunft."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.erase_button = DangerButton(tr("Person endgültig löschen …"), icon_name="trash-2")
        self.erase_button.clicked.connect(self.erase_asked)
        self.erase_button.setEnabled(self._file.hold is None)
        self.erasing.body.addWidget(self.erase_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._add_hold()
        self.body.addWidget(self.erasing)

    def _add_hold(self) -> None:
        """Suspend the erasure, or no longer: only while a law demands it or there are claims."""
        if self._file.hold is not None:
            self.release_button_of_hold = Button(tr("Aussetzung der Löschung aufheben"), icon_name="check")
            self.release_button_of_hold.clicked.connect(self.release_hold_asked)
            self.erasing.body.addWidget(self.release_button_of_hold, 0, Qt.AlignmentFlag.AlignLeft)
            return
        self.erasing.body.addWidget(
            Words(
                tr("Aussetzen nur, solange ein Gesetz die Aufbewahrung verlangt oder Ansprüche geltend gemacht werden. Bis dahin "
                   "bleiben auch die Texte ihrer Kontakte."),
                "muted",
                wrap=True,
            )
        )  # fmt: skip
        self.hold_reason = TextField(tr("Grund der Aussetzung"))
        self.hold_until = TextField(tr("Ausgesetzt bis"), placeholder=tr("zum Beispiel 31.12.2027"))
        for field in (self.hold_reason, self.hold_until):
            self.erasing.body.addWidget(field)
        self.hold_button = Button(tr("Löschung aussetzen"), icon_name="hourglass")
        self.hold_button.clicked.connect(lambda _on: self._ask_hold())
        self.erasing.body.addWidget(self.hold_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _ask_hold(self) -> None:
        try:
            until = read_day(self.hold_until.text(), "until")
        except InputError as error:
            self.show_hold_error(error)
            return
        if until is None:
            self.show_hold_error(InputError("until", tr("Bitte geben Sie an, bis wann nicht gelöscht wird.")))
        else:
            self.hold_asked.emit(ErasureHold(self.hold_reason.text(), until))

    def show_hold_error(self, error: InputError) -> None:
        """Show at its field what is wrong with the suspension."""
        field = self.hold_reason if error.field == "reason" else self.hold_until
        field.set_error(error.message)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _heading(self, text: str) -> None:
        self.body.addWidget(SectionTitle(text))

    def _take_consents(self) -> None:
        try:
            self.consents_asked.emit(self.consent_form.consents())
        except InputError as error:
            self.consent_form.show_error(error)

    def _ask_revocation(self, consent: Consent, _checked: bool = False) -> None:
        self.revoke_asked.emit(consent)

    def _ask_unmerge(self, merge: Merge, _checked: bool = False) -> None:
        self.unmerge_asked.emit(merge)
