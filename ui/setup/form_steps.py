"""The steps that only ask: office, Sozialräume, account."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from desktop_app.settings.records import LegalProfile
from ui.setup.presenter import SetUpPresenter, suggested_login_name
from ui.sign_in.new_password import NewPasswordForm
from ui.theme.theme import active_theme
from ui.widgets.badge import Tone
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choices import Choice
from ui.widgets.containers import Card, FoldOut, ScrollPage
from ui.widgets.feedback import Notice
from ui.widgets.fields import ChoiceField, TextField
from ui.widgets.labels import PageTitle, Words

COLUMN_WIDTH = 640


class SetUpStep(ScrollPage):
    """One step: title, a sentence, a card. ``next_requested`` when Enter ends the last field."""

    next_requested = Signal()

    def __init__(self, presenter: SetUpPresenter, title: str, sentence: str) -> None:
        super().__init__(width=COLUMN_WIDTH)
        self.presenter = presenter
        heading = PageTitle(title)
        heading.setWordWrap(True)
        self.body.addWidget(heading)
        self.body.addWidget(Words(sentence, "muted", wrap=True))
        self.problem = Notice(closable=False)
        self.body.addWidget(self.problem)
        self.card = Card()
        self.body.addWidget(self.card)
        self.body.addStretch(1)

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the whole step."""
        self.problem.show_text(sentence, Tone.DANGER)
        self.show_beginning()

    def enter(self) -> None:
        """Called when the step comes to the front."""

    def leave(self) -> bool:
        """Take the answers; ``False`` (and what is wrong is shown) if the step is not finished."""
        return True


class OfficeStep(SetUpStep):
    """Office, carrier, legal profile; the address for the letterhead."""

    def __init__(self, presenter: SetUpPresenter) -> None:
        super().__init__(
            presenter,
            tr("Willkommen. Wer sind Sie?"),
            tr("In wenigen Minuten ist Ihr Büro eingerichtet. Alles lässt sich später in der Verwaltung ändern."),
        )
        body = self.card.body
        self.office = TextField(
            tr("Name des &Büros"), placeholder=tr("Quartiersbüro Musterstadt-Mitte"),
            help_text=tr("So steht es auf jedem Blatt, das Sie ausdrucken."),
        )  # fmt: skip
        self.carrier = TextField(tr("&Träger"), placeholder=tr("AWO Musterstadt"))
        self.profile = ChoiceField(
            tr("&Rechtsprofil"),
            [Choice(profile.value, profile.label) for profile in LegalProfile],
            unanswered=None,
            help_text=tr("Danach richten sich die Hinweise zum Datenschutz auf Formularen."),
        )
        for field in (self.office, self.carrier, self.profile):
            body.addWidget(field)
        self.more = FoldOut(tr("Anschrift und Sprechzeiten für den Briefkopf"))
        self.street = TextField(tr("&Straße und Hausnummer"))
        self.postal_code, self.city = TextField(tr("&PLZ")), TextField(tr("&Ort"))
        self.postal_code.setMaximumWidth(active_theme().scale.with_text(130))
        place = QHBoxLayout()
        place.setSpacing(active_theme().px(12))
        place.addWidget(self.postal_code)
        place.addWidget(self.city, 1)
        self.phone, self.email = TextField(tr("Tele&fon")), TextField(tr("&E-Mail"))
        self.hours = TextField(tr("Sprech&zeiten"), placeholder=tr("Mo–Do 9–12 Uhr"))
        self.more.body.addWidget(self.street)
        self.more.body.addLayout(place)
        for field in (self.phone, self.email, self.hours):
            self.more.body.addWidget(field)
        body.addWidget(self.more)
        self.carrier.edit.returnPressed.connect(self.next_requested)
        self.office.edit.returnPressed.connect(self.carrier.setFocus)

    def enter(self) -> None:
        self.office.setFocus()

    def leave(self) -> bool:
        answers = self.presenter.answers
        answers.office_name, answers.carrier = self.office.text(), self.carrier.text()
        answers.legal_profile = LegalProfile(self.profile.value())
        answers.street, answers.postal_code, answers.city = (
            self.street.text(),
            self.postal_code.text(),
            self.city.text(),
        )
        answers.phone, answers.email, answers.office_hours = self.phone.text(), self.email.text(), self.hours.text()
        problems = self.presenter.office_problems()
        for name, field in (("carrier", self.carrier), ("office_name", self.office)):
            field.set_error(problems.get(name, ""))
            if name in problems:
                field.setFocus()
        return not problems


class _SpaceRow(QWidget):
    """One Sozialraum: a field and a button that takes it away."""

    removed = Signal()
    next_requested = Signal()

    def __init__(self, number: int, text: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active_theme().px(4))
        self.edit = QLineEdit(text)
        self.remove = IconButton("x", "")
        self.remove.clicked.connect(self.removed)
        self.edit.returnPressed.connect(self.next_requested)
        row.addWidget(self.edit, 1)
        row.addWidget(self.remove)
        self.renumber(number)

    def renumber(self, number: int) -> None:
        """Say which one it is."""
        self.edit.setAccessibleName(tr("Sozialraum {number}", number=number))
        self.edit.setPlaceholderText(tr("Sozialraum {number}", number=number))
        self.remove.rename(tr("Sozialraum {number} entfernen", number=number))


class SpacesStep(SetUpStep):
    """The Sozialräume as a list of fields: Enter begins the next one, several lines can be pasted."""

    def __init__(self, presenter: SetUpPresenter) -> None:
        super().__init__(
            presenter,
            tr("Für welche Sozialräume sind Sie da?"),
            tr("Zum Beispiel Stadtteile oder Quartiere. Damit lässt sich zählen, woher die Menschen kommen. Sie können "
               "diesen Schritt auch leer lassen."),
        )  # fmt: skip
        self._rows: list[_SpaceRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(active_theme().px(4))
        self.card.body.addLayout(self._list)
        self.add_button = Button(tr("Sozialraum &hinzufügen"), icon_name="plus")
        self.add_button.clicked.connect(self._add_and_go)
        self.card.body.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        for _number in range(3):
            self._add()

    def enter(self) -> None:
        self._rows[0].edit.setFocus()

    def names(self) -> list[str]:
        """What was typed, empty rows left out."""
        return [row.edit.text() for row in self._rows if row.edit.text().strip()]

    def leave(self) -> bool:
        sentence = self.presenter.use_spaces(self.names())
        if sentence:
            self.show_problem(sentence)
            return False
        self.problem.hide()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down or event.key() == Qt.Key.Key_Up:
            places = [number for number, row in enumerate(self._rows) if row.edit.hasFocus()]
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            if places and 0 <= places[0] + step < len(self._rows):
                self._rows[places[0] + step].edit.setFocus()
                return
        super().keyPressEvent(event)

    def _add(self) -> _SpaceRow:
        row = _SpaceRow(len(self._rows) + 1)
        row.removed.connect(lambda: self._remove(row))
        row.next_requested.connect(lambda: self._next(row))
        self._rows.append(row)
        self._list.addWidget(row)
        return row

    def _add_and_go(self) -> None:
        row = self._add()
        row.edit.setFocus()
        self.ensureWidgetVisible(row)

    def _next(self, row: _SpaceRow) -> None:
        place = self._rows.index(row)
        if not row.edit.text().strip():
            self.next_requested.emit()
        elif place + 1 < len(self._rows):
            self._rows[place + 1].edit.setFocus()
        else:
            self._add_and_go()

    def _remove(self, row: _SpaceRow) -> None:
        if len(self._rows) == 1:
            row.edit.clear()
            return
        place = self._rows.index(row)
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()
        for number, other in enumerate(self._rows, start=1):
            other.renumber(number)
        self._rows[min(place, len(self._rows) - 1)].edit.setFocus()


class AccountStep(SetUpStep):
    """Name, login name, initials, password."""

    def __init__(self, presenter: SetUpPresenter) -> None:
        super().__init__(
            presenter,
            tr("Ihr Konto"),
            tr(
                "Das Passwort verschlüsselt die Daten auf diesem Rechner. Niemand kann sie ohne Passwort lesen – auch wir nicht."
            ),
        )
        body = self.card.body
        self.name = TextField(tr("Ihr &Name"), placeholder=tr("Erika Muster"))
        self.login = TextField(tr("&Anmeldename"))
        self.initials = TextField(tr("&Kürzel"), help_text=tr("Steht klein an jedem Eintrag, den Sie machen."))
        self.initials.edit.setMaxLength(4)
        names = QHBoxLayout()
        names.setSpacing(active_theme().px(12))
        names.addWidget(self.login, 2, Qt.AlignmentFlag.AlignTop)
        names.addWidget(self.initials, 1, Qt.AlignmentFlag.AlignTop)
        body.addWidget(self.name)
        body.addLayout(names)
        self.password = NewPasswordForm()
        body.addWidget(self.password)
        self._suggested = ("", "")
        self.name.changed.connect(self._suggest)
        self.login.changed.connect(lambda _text: self.password.set_login_name(self.login.text()))
        self.password.second.edit.returnPressed.connect(self.next_requested)

    def enter(self) -> None:
        self.name.setFocus()

    def leave(self) -> bool:
        answers = self.presenter.answers
        answers.display_name, answers.login_name = self.name.text(), self.login.text()
        answers.initials, answers.password = self.initials.text(), self.password.password()
        problems = self.presenter.account_problems()
        is_password_good = self.password.check()
        for name, field in (("initials", self.initials), ("login_name", self.login), ("display_name", self.name)):
            field.set_error(problems.get(name, ""))
            if name in problems:
                field.setFocus()
        return not problems and is_password_good

    def show_field_problem(self, field: str, sentence: str) -> None:
        """Show what the program refused, at its field if it is one of this step."""
        fields = {
            "display_name": self.name,
            "login_name": self.login,
            "initials": self.initials,
            "password": self.password.first,
        }
        if field in fields:
            fields[field].set_error(sentence)
            fields[field].setFocus()
        else:
            self.show_problem(sentence)

    def _suggest(self) -> None:
        """Fill login name and initials from the name as long as nobody typed them."""
        self.presenter.answers.display_name = self.name.text()
        suggestion = (suggested_login_name(self.name.text()), self.presenter.suggested_initials())
        for field, before, now in zip((self.login, self.initials), self._suggested, suggestion, strict=True):
            if field.text() in {"", before}:
                field.set_text(now)
        self._suggested = suggestion
