"""What can go wrong between this desk and the hub: each with a sentence that says what it is and what to do.

Two sentences where they differ: a person who asked for something has to ask again, a round is tried again by itself.
"""

from __future__ import annotations

import math

from desktop_app.core.errors import EnvironmentProblem
from desktop_app.core.translation import tr, tr_count

_SECONDS_PER_MINUTE = 60


class HubProblem(EnvironmentProblem):
    """The hub could not be asked or refused; nothing is lost.

    `message` is for the person who asked, until `happened_in_round`. `retry_after` is how long the hub wants to be left
    alone, in seconds. `needs_person`: trying again alone won't help.
    """

    needs_person = False
    is_offline = False

    def __init__(self, message: str, *, in_round: str = "", retry_after: float | None = None) -> None:
        """Keep the sentence, that of a round where it is another one, and how long to wait."""
        super().__init__(message)
        self._in_round = in_round or message
        self.retry_after = retry_after

    def happened_in_round(self) -> None:
        """Say it as a round does: what waits here goes out by itself."""
        self.message = self._in_round
        self.args = (self.message,)


class Offline(HubProblem):
    """No way to the hub: no network, no name, nobody answers. That is normal."""

    is_offline = True


class Interrupted(Offline):
    """The connection broke in the middle, or nothing came for too long."""


class NotTheHub(HubProblem):
    """Something else answered: a page to sign in to a guest network, a proxy, a half answer."""


class Untrusted(HubProblem):
    """The certificate does not fit, or the address is not protected."""

    needs_person = True


class WrongHub(HubProblem):
    """Another hub answers at this address."""

    needs_person = True


class Revoked(HubProblem):
    """This desk may not take part any more."""

    needs_person = True


class UnknownDesk(Revoked):
    """The hub does not know this desk: it was put back to an earlier state, or it is another one."""


class Refused(HubProblem):
    """The hub does not allow it."""

    needs_person = True


class Unknown(HubProblem):
    """The hub does not have it, or this desk may not know of it."""

    needs_person = True


class CursorTooOld(HubProblem):
    """The hub has forgotten deletions since: everything is read anew."""


class EpochOver(HubProblem):
    """The hub was restored from a backup: everything is compared anew."""


class PushReused(HubProblem):
    """The hub has had another push under this id."""


class TooLarge(HubProblem):
    """The push was too large for the hub; it goes in halves."""


class ProgramTooOld(HubProblem):
    """The hub asks for a newer program."""

    needs_person = True


class Busy(HubProblem):
    """The hub has too much to do; later."""


class HubFault(HubProblem):
    """A fault of the hub."""


def offline() -> Offline:
    """Return the problem of having no way to the hub."""
    return Offline(
        tr("Der Abgleich-Server antwortet nicht. Bitte prüfen Sie das Netz und versuchen Sie es noch einmal."),
        in_round=tr(
            "Keine Verbindung. Ihre Änderungen warten hier und gehen von selbst hinaus, sobald das Netz da ist."
        ),
    )


def unknown_name(host: str) -> Offline:
    """Return the problem of a name that nobody knows."""
    return Offline(
        tr(
            "Die Adresse „{host}“ wurde im Netz nicht gefunden. Bitte prüfen Sie das Netz und versuchen Sie es noch einmal.",
            host=host,
        ),
        in_round=tr(
            "Die Adresse „{host}“ wurde im Netz nicht gefunden. Ihre Änderungen warten hier; geprüft wird von selbst weiter.",
            host=host,
        ),
    )


def stalled() -> Interrupted:
    """Return the problem of an answer that did not come to its end."""
    return Interrupted(
        tr("Die Verbindung ist abgebrochen, bevor eine Antwort da war. Bitte versuchen Sie es noch einmal."),
        in_round=tr("Die Verbindung ist abgebrochen. Es geht nichts verloren; der nächste Versuch setzt dort fort."),
    )


def not_the_hub() -> NotTheHub:
    """Return the problem of a strange answer."""
    return NotTheHub(
        tr(
            "Statt des Abgleich-Servers hat etwas anderes geantwortet, meist die Anmeldeseite eines Gäste-WLANs. Bitte melden Sie "
            "sich dort im Browser an, oder benutzen Sie ein anderes Netz; danach versuchen Sie es noch einmal."
        ),
        in_round=tr(
            "Statt des Abgleich-Servers hat etwas anderes geantwortet, meist die Anmeldeseite eines Gäste-WLANs. Bitte melden Sie "
            "sich dort im Browser an, oder benutzen Sie ein anderes Netz. Ihre Änderungen warten hier."
        ),
    )


def untrusted(host: str) -> Untrusted:
    """Return the problem of a certificate that does not fit."""
    return Untrusted(
        tr(
            "Die Verbindung zu „{host}“ ist nicht sicher: Das Zertifikat passt nicht. Es wurde nichts gesendet. Bitte prüfen "
            "Sie Datum und Uhrzeit dieses Computers und fragen Sie sonst die Person, die den Abgleich-Server betreut.",
            host=host,
        )
    )


def unprotected(host: str) -> Untrusted:
    """Return the problem of an address without TLS."""
    return Untrusted(
        tr(
            "Die Adresse des Abgleich-Servers „{host}“ beginnt nicht mit „https“. Ungeschützt wird nichts gesendet. Bitte lassen Sie "
            "sich einen neuen Anmeldecode geben.",
            host=host,
        )
    )


def wrong_hub() -> WrongHub:
    """Return the problem of another hub at the same address."""
    return WrongHub(
        tr(
            "Unter der bekannten Adresse antwortet ein anderer Abgleich-Server. Es wurde nichts gesendet und nichts übernommen. Bitte "
            "fragen Sie die Person, die den Abgleich-Server betreut; verbinden Sie diesen Rechner erst danach neu."
        )
    )


def revoked(*, is_known: bool) -> Revoked:
    """Return the problem of a desk that may not take part."""
    if is_known:
        return Revoked(
            tr(
                "Dieser Rechner wurde vom Abgleich ausgeschlossen. Ihre Daten hier bleiben, wie sie sind; gesendet und "
                "empfangen wird nichts mehr. Wenn das nicht gewollt ist, verbinden Sie ihn mit einem neuen Anmeldecode."
            )
        )
    return UnknownDesk(
        tr(
            "Der Abgleich-Server kennt diesen Rechner nicht (mehr). Ihre Daten hier bleiben, wie sie sind. Bitte verbinden Sie "
            "ihn mit einem neuen Anmeldecode."
        )
    )


def bad_code() -> Refused:
    """Return the problem of an enrolment code that opens nothing."""
    return Refused(
        tr(
            "Dieser Anmeldecode gilt nicht (mehr): Er ist abgelaufen oder schon benutzt. Bitte lassen Sie sich einen neuen geben."
        )
    )


def refused() -> Refused:
    """Return the problem of a right that is missing."""
    return Refused(
        tr(
            "Der Abgleich-Server erlaubt diesem Büro das nicht. Bitte fragen Sie die Person, die den Abgleich-Server betreut."
        ),
        in_round=tr(
            "Der Abgleich-Server erlaubt diesem Büro das nicht. Ihre Änderungen bleiben hier. Bitte fragen Sie die Person, die den "
            "Abgleich-Server betreut."
        ),
    )


def unknown() -> Unknown:
    """Return the problem of something the hub does not show."""
    return Unknown(
        tr(
            "Der Abgleich-Server hat nicht (mehr), wonach dieser Rechner fragt, oder zeigt es ihm nicht. Bitte fragen Sie die Person, "
            "die den Abgleich-Server betreut."
        ),
        in_round=tr(
            "Der Abgleich-Server hat den Bereich dieses Büros nicht (mehr) oder zeigt ihn nicht. Ihre Daten bleiben hier. Bitte "
            "fragen Sie die Person, die den Abgleich-Server betreut."
        ),
    )


def program_too_old(version: str) -> ProgramTooOld:
    """Return the problem of a program the hub does not talk to any more."""
    return ProgramTooOld(
        tr(
            "Der Abgleich-Server braucht mindestens Version {version} von Quartierslotse. Bitte aktualisieren Sie Quartierslotse und "
            "versuchen Sie es dann noch einmal. Arbeiten können Sie hier weiter.",
            version=version,
        ),
        in_round=tr(
            "Für den Abgleich braucht der Abgleich-Server mindestens Version {version} von Quartierslotse. Arbeiten können Sie hier "
            "weiter; abgeglichen wird nach der Aktualisierung.",
            version=version,
        ),
    )


def busy(retry_after: float | None) -> Busy:
    """Return the problem of a hub that has too much to do."""
    minutes = max(1, math.ceil((retry_after or 0) / _SECONDS_PER_MINUTE))
    return Busy(
        tr_count(
            "Der Abgleich-Server hat gerade viel zu tun. Bitte versuchen Sie es in {count} Minute noch einmal.",
            "Der Abgleich-Server hat gerade viel zu tun. Bitte versuchen Sie es in {count} Minuten noch einmal.",
            minutes,
        ),
        in_round=tr("Der Abgleich-Server hat gerade viel zu tun. Der Abgleich versucht es von selbst noch einmal."),
        retry_after=retry_after,
    )


def hub_fault() -> HubFault:
    """Return the problem of a fault of the hub."""
    return HubFault(
        tr(
            "Im Abgleich-Server ist ein Fehler aufgetreten. Bitte versuchen Sie es später noch einmal; bleibt es dabei, fragen Sie "
            "die Person, die den Abgleich-Server betreut."
        ),
        in_round=tr(
            "Im Abgleich-Server ist ein Fehler aufgetreten. Ihre Änderungen warten hier; der Abgleich versucht es wieder."
        ),
    )


def too_large() -> TooLarge:
    """Return the problem of a request beyond the limit; a push is sent in halves."""
    return TooLarge(
        tr(
            "Die Anfrage war dem Abgleich-Server zu groß. Bitte fragen Sie die Person, die den Abgleich-Server betreut."
        ),
        in_round=tr("Eine Sendung war dem Abgleich-Server zu groß; sie wird geteilt."),
    )


def cursor_too_old() -> CursorTooOld:
    """Return the news that everything is to be read anew."""
    return CursorTooOld(tr("Dieser Rechner war lange nicht verbunden; alles wird noch einmal verglichen."))


def epoch_over() -> EpochOver:
    """Return the news that the hub was restored."""
    return EpochOver(
        tr("Der Abgleich-Server wurde aus einer Sicherung zurückgeholt; alles wird noch einmal verglichen.")
    )


def push_reused() -> PushReused:
    """Return the news that a push has to be made anew."""
    return PushReused(tr("Eine vorbereitete Sendung passt nicht mehr und wird neu gemacht."))
