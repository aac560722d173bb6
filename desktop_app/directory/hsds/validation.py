"""Checking single values against the schema. A value that fails is kept as it came and reported."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from desktop_app.core.translation import tr
from desktop_app.directory.hsds.findings import Findings
from desktop_app.directory.hsds.schema import FieldRule, object_types
from desktop_app.directory.hsds.source import SourceRow
from desktop_app.directory.records import Severity

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_TIME = re.compile(r"([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")

#: Missing or empty, these make a record useless: nobody could find it or say whose it is.
INDISPENSABLE = {"organization": ("name",), "service": ("name",)}
DEFAULTS = {("service", "status"): "active"}


def email_error(value: str) -> str | None:
    """Return why `value` is no e-mail address, or None. Nothing is looked up in the network."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        return tr("Das ist keine gültige E-Mail-Adresse.")
    return None


def _date_error(value: str) -> str | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return tr("Ein Datum steht in HSDS als Jahr-Monat-Tag, zum Beispiel 2026-09-03.")
    return None


def _datetime_error(value: str) -> str | None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return tr("Ein Zeitpunkt steht in HSDS als 2026-09-03T10:30:00Z.")
    return None


def _time_error(value: str) -> str | None:
    return None if _TIME.fullmatch(value) else tr("Eine Uhrzeit steht in HSDS als 10:30.")


def _number_error(value: str) -> str | None:
    return None if _NUMBER.fullmatch(value) else tr("Hier wird eine Zahl mit Dezimalpunkt erwartet.")


def _address_error(value: str) -> str | None:
    if _URI.fullmatch(value):
        return None
    return tr("Eine Internetadresse beginnt mit https:// oder http:// und hat keine Leerzeichen.")


_FORMS: dict[str, Callable[[str], str | None]] = {"email": email_error, "uri": _address_error}
_KINDS: dict[str, Callable[[str], str | None]] = {
    "date": _date_error,
    "datetime": _datetime_error,
    "time": _time_error,
    "number": _number_error,
}


def value_error(rule: FieldRule, value: str) -> str | None:
    """Return a German sentence why `value` breaks the rule, or None."""
    if rule.choices and value not in rule.choices:
        return tr("Erlaubt sind: {choices}.", choices=", ".join(sorted(rule.choices)))
    check = _FORMS.get(rule.form) or _KINDS.get(rule.kind)
    return check(value) if check is not None else None


def check_row(row: SourceRow, findings: Findings) -> bool:
    """Report what is wrong with a row and fill in defaults; return whether the row can be used."""
    usable = True
    for rule in object_types()[row.object_type].fields.values():
        value = row.values.get(rule.name)
        if value is not None and value.strip():
            _check_value(row, rule, value, findings)
        elif rule.required:
            usable = _check_missing(row, rule, findings) and usable
    return usable


def _check_value(row: SourceRow, rule: FieldRule, value: str, findings: Findings) -> None:
    if rule.form == "uuid":
        # Ids were made fit before; `bundles` tells of them once per file.
        return
    why = value_error(rule, value)
    if why is not None:
        findings.add(
            Severity.WARNING,
            file=row.file,
            row=row.row,
            field=rule.name,
            value=value,
            what=tr("Der Wert passt nicht zum Feld „{name}“.", name=rule.name),
            why=why,
            action=tr("Unverändert als Text übernommen."),
        )


def _check_missing(row: SourceRow, rule: FieldRule, findings: Findings) -> bool:
    """Report an empty required field; return whether the row can be used without it."""
    default = DEFAULTS.get((row.object_type, rule.name))
    if default is not None:
        row.values[rule.name] = default
        action = tr("„{value}“ angenommen.", value=default)
    elif rule.name in INDISPENSABLE.get(row.object_type, ()):
        findings.add(
            Severity.ERROR,
            file=row.file,
            row=row.row,
            field=rule.name,
            what=tr("Das Pflichtfeld „{name}“ ist leer.", name=rule.name),
            why=tr("Ohne Namen lässt sich der Eintrag weder finden noch nennen."),
            action=tr("Der ganze Träger mit seinen Angeboten wurde nicht übernommen."),
        )
        return False
    elif rule.name in object_types()[row.object_type].links:
        # Whether the row still has a place is told when the links are followed.
        return True
    elif rule.name not in row.values:
        # A missing column has been reported once for the whole table.
        return True
    else:
        action = tr("Leer gelassen.")
    findings.add(
        Severity.WARNING,
        file=row.file,
        row=row.row,
        field=rule.name,
        what=tr("Das Pflichtfeld „{name}“ ist leer.", name=rule.name),
        why=tr("HSDS verlangt einen Wert."),
        action=action,
    )
    return True
