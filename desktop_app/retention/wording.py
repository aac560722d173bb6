"""Sentences about an erasure, the same on screen, on paper and on the command line."""

from __future__ import annotations

from desktop_app.core.translation import tr, tr_count
from desktop_app.documents.dates import german_date
from desktop_app.retention.records import DueList, ErasureReceipt, RepeatedErasures
from desktop_app.retention.rules import term_text


def clean_sentence(receipt: ErasureReceipt) -> str:
    """Say whether the bytes are gone."""
    if receipt.is_clean:
        return tr(
            "Die Datenbank wurde danach neu geschrieben: Das Gelöschte ist auch als Rest nicht mehr in der Datei."
        )
    return tr(
        "Gelöscht ist es, aber die Datenbank konnte noch nicht neu geschrieben werden; Reste können noch in der "
        "verschlüsselten Datei stehen. Bitte schaffen Sie Platz auf dem Datenträger und holen Sie das Aufräumen nach."
    )


def backup_sentence(receipt: ErasureReceipt) -> str:
    """Say until when backups may still hold it."""
    return tr(
        "In verschlüsselten Sicherungen kann es noch stehen, bis sie ausgedünnt sind: spätestens am {date}, wenn bis dahin "
        "weiter gesichert wird. Selbst kopierte oder beiseitegelegte Dateien löscht das Büro.",
        date=german_date(receipt.out_of_backups_by),
    )


def due_text(due: DueList) -> str:
    """Say how much of a kind is due and how old it is."""
    if not due.in_force.rule.is_erased_here:
        return term_text(due.in_force.months, due.in_force.start)
    if not due.count:
        return tr("nichts fällig, {total} vorhanden", total=due.total)
    return tr(
        "{count} von {total} fällig, das Älteste vom {date}",
        count=due.count,
        total=due.total,
        date=german_date(due.oldest) if due.oldest else "?",
    )


def repeated_sentences(repeated: RepeatedErasures) -> tuple[str, ...]:
    """Say what was erased again after a restore, and what is left to people; empty when there is nothing to say."""
    sentences = []
    if repeated.erased:
        sentences.append(
            tr_count(
                "Was nach dieser Sicherung gelöscht worden war, ist wieder gelöscht: {count} Eintrag.",
                "Was nach dieser Sicherung gelöscht worden war, ist wieder gelöscht: {count} Einträge.",
                repeated.erased,
            )
        )
    if not repeated.source_was_read:
        sentences.append(
            tr(
                "Die bisherige Datenbank fehlte oder war nicht lesbar. Löschungen, die seit der letzten Sicherung gemacht "
                "wurden, müssen Sie wiederholen: Die Löschquittungen seit diesem Tag sagen, wann und wie viel. Löschen Sie noch "
                "einmal, wer es verlangt hat, und in „Aufbewahrung“, was fällig ist."
            )
        )
    return tuple(sentences)
