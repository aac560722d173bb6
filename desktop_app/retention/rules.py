"""The one declaration of terms: what the program proposes, and the bounds within which an office may choose.

The deletion concept (`desktop_app.privacy`) prints the same numbers.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr, tr_count
from desktop_app.retention.records import DataKind, RetentionRule
from desktop_app.settings.records import LegalProfile

#: A backup is gone after this many days at the latest; `desktop_app.backup.rules` thins them by it (a test compares).
BACKUP_REACH_DAYS = 366

RULES: Mapping[DataKind, RetentionRule] = MappingProxyType(
    {
        rule.kind: rule
        for rule in (
            RetentionRule(DataKind.NOTES, 6, 1, 36),
            RetentionRule(DataKind.HISTORY, 12, 1, 36),
            RetentionRule(DataKind.TEXTS, 24, 1, 120),
            RetentionRule(DataKind.DRAFTS, 1, 1, 6),
            RetentionRule(DataKind.VISITORS, 24, 1, 60),
            RetentionRule(DataKind.CARDS, 24, 1, 60),
            RetentionRule(DataKind.PASSED_ON, 1, 1, 6),
            RetentionRule(DataKind.IMPORTS, 24, 12, 120),
            RetentionRule(DataKind.LOGS, 3, 1, 12),
            RetentionRule(DataKind.AUDIT, 120, 120, 120, is_erased_here=False),
            RetentionRule(DataKind.BACKUPS, 12, 12, 12, is_erased_here=False),
        )
    }
)


def setting_name(kind: DataKind) -> str:
    """Return the name of the setting that holds the chosen term."""
    return f"retention.{kind.value}"


def months_in_force(kind: DataKind, value: Callable[[str, object], object]) -> int:
    """Return the term of a kind; `value` reads a setting with a default. What lies out of bounds does not count."""
    rule = RULES[kind]
    chosen = value(setting_name(kind), rule.default_months)
    if isinstance(chosen, int) and rule.least_months <= chosen <= rule.most_months:
        return chosen
    return rule.default_months


def check_months(kind: DataKind, months: int) -> None:
    """Refuse a term out of bounds.

    Raises:
        InputError: it is too short or too long, or the term of this kind is fixed.
    """
    rule = RULES[kind]
    if not rule.is_editable:
        raise InputError("months", tr("Diese Frist ist fest und lässt sich nicht ändern."))
    if not rule.least_months <= months <= rule.most_months:
        raise InputError(
            "months",
            tr(
                "Die Frist muss zwischen {least} und {most} Monaten liegen.",
                least=rule.least_months,
                most=rule.most_months,
            ),
        )


def cutoff(today: date, months: int) -> date:
    """Return the day before which everything is due: so many calendar months back."""
    number = today.year * 12 + today.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def due_day(since: date, months: int) -> date:
    """Return the first day on which something is due whose term began on `since`; it agrees with `cutoff`."""
    day = cutoff(since, -months)
    while since >= cutoff(day, months):  # months end on different days
        day += timedelta(days=1)
    return day


def kind_label(kind: DataKind) -> str:
    """Return the words for a kind of data."""
    return {
        DataKind.NOTES: tr("Vertrauliche Notizen"),
        DataKind.HISTORY: tr("Frühere Stände berichtigter Kontakte"),
        DataKind.TEXTS: tr("Freie Texte an Kontakten"),
        DataKind.DRAFTS: tr("Liegengebliebene Entwürfe"),
        DataKind.VISITORS: tr("Personenakten"),
        DataKind.CARDS: tr("Besuchskarten"),
        DataKind.PASSED_ON: tr("Angaben in beantworteten Übergaben an und von anderen Büros"),
        DataKind.IMPORTS: tr("Berichte über das Einlesen"),
        DataKind.LOGS: tr("Technische Protokolldateien"),
        DataKind.AUDIT: tr("Protokoll der Vorgänge"),
        DataKind.BACKUPS: tr("Sicherungen"),
    }[kind]


def start_text(kind: DataKind) -> str:
    """Return when the term begins, and what else makes it due."""
    return {
        DataKind.NOTES: tr("ab der letzten Bearbeitung des Kontakts"),
        DataKind.HISTORY: tr("ab der Berichtigung"),
        DataKind.TEXTS: tr("ab der letzten Bearbeitung; der anonyme Kontakt bleibt"),
        DataKind.DRAFTS: tr("ab der letzten Eingabe"),
        DataKind.VISITORS: tr("ab dem letzten Kontakt; ohne gültige Einwilligung sofort"),
        DataKind.CARDS: tr("ab dem letzten Besuch; die anonymen Kontakte bleiben"),
        DataKind.PASSED_ON: tr("ab der Antwort; dass übergeben wurde, bleibt ohne Inhalt"),
        DataKind.IMPORTS: tr("ab dem Einlesen"),
        DataKind.LOGS: tr("ab dem letzten Eintrag der abgelegten Datei"),
        DataKind.AUDIT: tr("ab dem Eintrag; vorher wird nichts gelöscht, das Programm kürzt die Kette nicht"),
        DataKind.BACKUPS: tr("ab der Sicherung; sie werden von selbst ausgedünnt, nur die neueste bleibt immer"),
    }[kind]


def term_text(months: int, start: str) -> str:
    """Return how long something stays, from when."""
    return tr_count("1 Monat {start}", "{count} Monate {start}", months, start=start)


def basis_text(kind: DataKind, profile: LegalProfile) -> str:
    """Return on which law the term rests."""
    if kind in {DataKind.AUDIT, DataKind.BACKUPS}:
        return {
            LegalProfile.GDPR: tr("Nachweis und Sicherheit: Art. 5 Abs. 2 und Art. 32 DSGVO"),
            LegalProfile.CATHOLIC: tr("Nachweis und Sicherheit: § 7 Abs. 2 und § 26 KDG"),
            LegalProfile.PROTESTANT: tr("Nachweis und Sicherheit: § 5 Abs. 2 und § 27 DSG-EKD"),
        }[profile]
    return {
        LegalProfile.GDPR: tr("Speicherbegrenzung und Löschung: Art. 5 Abs. 1 Buchst. e und Art. 17 DSGVO"),
        LegalProfile.CATHOLIC: tr("Speicherbegrenzung und Löschung: § 7 Abs. 1 Buchst. e und § 19 KDG"),
        LegalProfile.PROTESTANT: tr("Speicherbegrenzung und Löschung: § 5 Abs. 1 Nr. 5 und § 21 DSG-EKD"),
    }[profile]
