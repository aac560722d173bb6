"""The enrolment code as people meet it: what is wrong with it, in a sentence that helps."""

from __future__ import annotations

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.sync.enrolment_text import Enrolment, Mistake, NoEnrolmentCode, enrolment_text, read_enrolment_text

FIELD = "enrolment_code"


def make_enrolment_code(address: str, code: str, hub_id: str) -> str:
    """Return the line to paste or to show as a QR code (its text is the same).

    Raises:
        InputError: the address is none, or not encrypted.
    """
    try:
        return enrolment_text(address, code, hub_id)
    except NoEnrolmentCode as problem:
        raise InputError(FIELD, _sentence(problem.mistake)) from problem


def parse_enrolment_code(text: str) -> Enrolment:
    """Return what a pasted, scanned or typed enrolment code says.

    Raises:
        InputError: it is none; the sentence says what to do.
    """
    try:
        return read_enrolment_text(text)
    except NoEnrolmentCode as problem:
        raise InputError(FIELD, _sentence(problem.mistake)) from problem


def check_hub(enrolment: Enrolment, hub_id: str) -> None:
    """Refuse a hub that the code was not made for.

    Raises:
        InputError: another hub answers at the address.
    """
    if not enrolment.is_hub(hub_id):
        raise InputError(
            FIELD,
            tr(
                "Unter „{address}“ antwortet ein anderer Abgleich-Server als der, für den dieser Anmeldecode ausgestellt "
                "wurde. Es wurde nichts verbunden. Bitte lassen Sie sich einen neuen Code geben.",
                address=enrolment.address,
            ),
        )


def _sentence(mistake: Mistake) -> str:
    match mistake:
        case Mistake.EMPTY:
            return tr("Bitte fügen Sie den Anmeldecode ein. Er beginnt mit „QL1-“.")
        case Mistake.OTHER_KIND:
            return tr(
                "Das ist kein Anmeldecode: Der beginnt mit „QL1-“. Bitte kopieren Sie die ganze Zeile, die Sie bekommen haben."
            )
        case Mistake.NEWER:
            return tr("Dieser Anmeldecode ist für eine neuere Programmversion. Bitte aktualisieren Sie Quartierslotse.")
        case Mistake.CUT:
            return tr("Vom Anmeldecode fehlt das Ende. Bitte kopieren Sie ihn noch einmal vollständig.")
        case Mistake.TOO_LONG:
            return tr("Hinter dem Anmeldecode steht noch etwas. Bitte fügen Sie nur den Code ein, und nur einmal.")
        case Mistake.TYPO:
            return tr("Im Anmeldecode ist ein Tippfehler. Bitte vergleichen Sie ihn oder kopieren Sie ihn noch einmal.")
        case Mistake.ADDRESS:
            return tr("Der Anmeldecode nennt keine brauchbare Adresse. Bitte lassen Sie sich einen neuen geben.")
        case Mistake.PLAIN_HTTP:
            return tr(
                "Die Adresse im Anmeldecode ist nicht verschlüsselt (http statt https). Damit verbindet sich Quartierslotse "
                "nicht. Bitte lassen Sie sich einen neuen Code geben."
            )
