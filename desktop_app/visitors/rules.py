"""What a visitor file may say, what it is found by, and which files may be the same person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Final

from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr
from desktop_app.directory.folding import words
from desktop_app.visitors.records import Consent, ConsentEntry, ConsentKind, ConsentState, ErasureHold, VisitorEntry
from desktop_app.visitors.sound import sound_code

#: The version of the forms that are printed now; it is noted with every consent.
FORM_VERSION: Final = "2026-11"
LONGEST_LINE: Final = 200
LONGEST_REMARKS: Final = 4000
#: For so long an erasure can be suspended at once.
LONGEST_HOLD: Final = timedelta(days=3653)
#: A half-typed new file is dropped after so long, whoever typed it.
DRAFT_DAYS: Final = 1
#: Years of birth this far apart are taken as the same, misheard or misremembered.
SIMILAR_YEARS: Final = 2
#: A shorter text finds nothing: nobody leafs through all files.
SHORTEST_QUERY: Final = 2
_SHORTEST_SOUND_WORD: Final = 3
_SHORTEST_PHONE: Final = 4
_OLDEST_YEAR: Final = 1900

WORD, SOUND, PHONE = "word", "sound", "phone"


def checked_entry(entry: VisitorEntry, today: date) -> VisitorEntry:
    """Return an entry without blanks around its texts.

    Raises:
        InputError: there is no way to find the person again, a text is too long, or the birth can't be.
    """
    texts = {field.name: getattr(entry, field.name).strip() for field in fields(entry) if field.type == "str"}
    entry = replace(entry, **texts)
    if not (entry.name or entry.former_name or entry.phone):
        raise InputError(
            "name",
            tr("Bitte geben Sie einen Namen oder eine Telefonnummer an, sonst findet niemand die Akte wieder."),
        )
    for name, text in texts.items():
        longest = LONGEST_REMARKS if name == "remarks" else LONGEST_LINE
        if len(text) > longest:
            raise InputError(name, tr("Der Text ist zu lang (höchstens {count} Zeichen).", count=longest))
    year = entry.year
    if year is not None and not _OLDEST_YEAR <= year <= today.year:
        raise InputError("birth", tr("Das Geburtsjahr muss zwischen 1900 und heute liegen."))
    if entry.birth_date is not None and entry.birth_date > today:
        raise InputError("birth", tr("Das Geburtsdatum liegt in der Zukunft."))
    return replace(entry, birth_year=year)


def checked_consent(entry: ConsentEntry, today: date) -> ConsentEntry:
    """Return a consent without blanks around its texts.

    Raises:
        InputError: it lies in the future, ends before it begins, names no form, or no partner and purpose.
    """
    entry = replace(
        entry, partner=entry.partner.strip(), purpose=entry.purpose.strip(), form_version=entry.form_version.strip()
    )
    if entry.given_on > today:
        raise InputError("given_on", tr("Die Einwilligung kann nicht in der Zukunft erteilt worden sein."))
    if entry.ends_on is not None and entry.ends_on < entry.given_on:
        raise InputError("ends_on", tr("Die Einwilligung endet, bevor sie beginnt. Bitte prüfen Sie die beiden Tage."))
    if not entry.form_version:
        raise InputError("form_version", tr("Bitte geben Sie an, auf welchem Formular die Einwilligung steht."))
    if entry.kind is ConsentKind.PASS_ON:
        if not entry.partner:
            raise InputError("partner", tr("Bitte geben Sie an, an wen Angaben weitergegeben werden dürfen."))
        if not entry.purpose:
            raise InputError("purpose", tr("Bitte geben Sie an, wofür Angaben weitergegeben werden dürfen."))
        if max(len(entry.partner), len(entry.purpose)) > LONGEST_LINE:
            raise InputError("purpose", tr("Der Text ist zu lang (höchstens {count} Zeichen).", count=LONGEST_LINE))
    elif entry.partner or entry.purpose:
        raise ValueError("only passing on has a partner and a purpose")
    return entry


def checked_hold(hold: ErasureHold, today: date) -> ErasureHold:
    """Return a suspension of the erasure without blanks around its reason.

    Raises:
        InputError: it names no reason, or its end lies before today or further than ten years away.
    """
    hold = replace(hold, reason=hold.reason.strip())
    if not hold.reason:
        raise InputError("reason", tr("Bitte geben Sie an, warum nicht gelöscht wird."))
    if len(hold.reason) > LONGEST_LINE:
        raise InputError("reason", tr("Der Text ist zu lang (höchstens {count} Zeichen).", count=LONGEST_LINE))
    if not today <= hold.until <= today + LONGEST_HOLD:
        raise InputError("until", tr("Das Ende muss zwischen heute und heute in zehn Jahren liegen."))
    return hold


def may_keep_file(consents: Iterable[Consent], day: date) -> bool:
    """Tell whether a file may be kept: there is a valid consent to record."""
    return any(consent.kind is ConsentKind.RECORD and consent.state(day) is ConsentState.VALID for consent in consents)


def same_in_force(consent: Consent, others: Iterable[Consent], day: date) -> frozenset[str]:
    """Return the ids of other consents to the same, whatever paper they stand on, that are in force on a day."""
    return frozenset(
        other.consent_id
        for other in others
        if other.consent_id != consent.consent_id
        and _what_for(other) == _what_for(consent)
        and other.revoked_on is None
        and other.state(day) is ConsentState.VALID
    )


def _what_for(consent: Consent) -> tuple[str, ...]:
    return consent.kind.value, consent.partner.strip().casefold(), consent.purpose.strip().casefold()


def search_keys(entries: Iterable[VisitorEntry]) -> frozenset[tuple[str, str]]:
    """Return what a file is found by, as (kind, key): its own and those of files merged into it."""
    keys: set[tuple[str, str]] = set()
    for entry in entries:
        for word in words(f"{entry.name} {entry.former_name}"):
            keys.add((WORD, word))
        keys |= {(SOUND, code) for code in name_sounds(f"{entry.name} {entry.former_name}")}
        digits = phone_digits(entry.phone)
        if digits:
            keys.add((PHONE, digits))
    return frozenset(keys)


def name_sounds(name: str) -> frozenset[str]:
    """Return the sounds of the words of a name; particles and initials say too little."""
    # Not the folded words: folding „Maerz“ to „marz“ keeps the sound, but letters of other scripts are lost there.
    parts = re.split(r"[\W_]+", name)
    codes = {sound_code(part) for part in parts if len(part) >= _SHORTEST_SOUND_WORD}
    return frozenset(code for code in codes if len(code) > 1)


def query_sound(word: str) -> str:
    """Return the sound by which a typed word finds names; empty when it is too short."""
    code = sound_code(word) if len(word) >= _SHORTEST_SOUND_WORD else ""
    return code if len(code) > 1 else ""


def phone_digits(phone: str) -> str:
    """Return a telephone number as digits, without the country code of Germany."""
    digits = re.sub(r"\D", "", re.sub(r"^\s*(\+|00)\s*49\s*(\(0\))?", "0", phone))
    return digits if len(digits) >= _SHORTEST_PHONE else ""


def may_be_same(one: VisitorEntry, other: VisitorEntry) -> bool:
    """Tell whether two entries may be one person: same number, or same sound and a similar year of birth."""
    phone = phone_digits(one.phone)
    if phone and phone == phone_digits(other.phone):
        return True
    if one.year is not None and other.year is not None and abs(one.year - other.year) > SIMILAR_YEARS:
        return False
    return any(mine <= theirs or theirs <= mine for mine in _sounds_of_names(one) for theirs in _sounds_of_names(other))


def merged_entry(kept: VisitorEntry, merged: VisitorEntry) -> VisitorEntry:
    """Return the kept file with its gaps filled from the other; both remarks stay."""
    filled = replace(
        kept,
        **{
            field.name: getattr(merged, field.name)
            for field in fields(kept)
            if not getattr(kept, field.name) and getattr(merged, field.name)
        },
    )
    if kept.year is not None and merged.year is not None and kept.year != merged.year:
        filled = replace(filled, birth_date=kept.birth_date, birth_year=kept.birth_year)
    elif filled.birth_date is not None:
        filled = replace(filled, birth_year=filled.birth_date.year)
    if kept.remarks and merged.remarks and kept.remarks != merged.remarks:
        filled = replace(filled, remarks=f"{kept.remarks}\n{merged.remarks}"[:LONGEST_REMARKS])
    if merged.name and merged.name != filled.name and not filled.former_name:
        filled = replace(filled, former_name=merged.name)
    return filled


def _sounds_of_names(entry: VisitorEntry) -> Sequence[frozenset[str]]:
    return [sounds for sounds in (name_sounds(entry.name), name_sounds(entry.former_name)) if sounds]
