"""Sentences about an erasure, the same on screen, on paper and on the command line."""

from __future__ import annotations

from desktop_app.core.translation import tr, tr_count
from desktop_app.documents.dates import german_date
from desktop_app.retention.records import CopiesLeft, DueItem, DueList, ErasureReceipt, RepeatedErasures, RuleInForce
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
    """Say until when backups and other copies may still hold it."""
    backups = tr(
        "In verschlüsselten Sicherungen kann es noch stehen, bis sie ausgedünnt sind: spätestens am {date}, wenn bis dahin "
        "weiter gesichert wird.",
        date=german_date(receipt.out_of_backups_by),
    )
    return " ".join((backups, *copies_sentences(receipt.copies), tr("Selbst kopierte Dateien löscht das Büro.")))


def copies_sentences(copies: CopiesLeft) -> tuple[str, ...]:
    """Say what lies beside the database and until when; nothing when there is nothing."""
    sentences = []
    if copies.set_aside and copies.set_aside_gone_by is not None:
        sentences.append(
            tr_count(
                "Auf diesem Rechner liegt eine beiseitegelegte Datenbank, in der es noch stehen kann; sie geht ebenso, "
                "spätestens am {date}.",
                "Auf diesem Rechner liegen {count} beiseitegelegte Datenbanken, in denen es noch stehen kann; die letzte geht "
                "ebenso, spätestens am {date}.",
                copies.set_aside,
                date=german_date(copies.set_aside_gone_by),
            )
        )
    if copies.not_reachable:
        folders = ", ".join(f"„{folder}“" for folder in copies.not_reachable)
        sentences.append(
            tr(
                "Sicherungen an früheren Orten, die gerade fehlen, gehen nicht von selbst: {folders}. Stecken Sie den "
                "Datenträger ein, während gesichert wird, oder vernichten Sie ihn.",
                folders=folders,
            )
        )
    return tuple(sentences)


def due_text(due: DueList) -> str:
    """Say how much of a kind is due and how old it is."""
    if not due.in_force.rule.is_erased_here:
        return term_text(due.in_force.months, due.in_force.start)
    if due.count and due.total is None:
        text = tr("{count} fällig, das Älteste vom {date}", count=due.count, date=_day(due))
    elif due.count:
        text = tr(
            "{count} von {total} fällig, das Älteste vom {date}",
            count=due.count,
            total=due.total,
            date=_day(due),
        )
    elif due.total is None:
        text = tr("nichts fällig")
    else:
        text = tr("nichts fällig, {total} vorhanden", total=due.total)
    return tr("{text}; bei {count} ist die Löschung ausgesetzt", text=text, count=due.held) if due.held else text


def _day(due: DueList) -> str:
    return german_date(due.oldest) if due.oldest else "?"


def kind_text(due: DueList) -> str:
    """Say how long a kind stays, and how much of it is due."""
    term = term_text(due.in_force.months, due.in_force.start)
    return f"{term}; {due_text(due)}" if due.in_force.rule.is_erased_here else term


def changed_text(in_force: RuleInForce) -> str:
    """Say what holds after a term was changed."""
    return tr("„{kind}“: ab jetzt {term}.", kind=in_force.label, term=term_text(in_force.months, in_force.start))


def item_title(item: DueItem, name: str) -> str:
    """Say what is on the due list, and whose it is if that may be said and is known."""
    if item.what == "visitor" and name:
        return name
    what = {
        "note": tr("Vertrauliche Notiz"),
        "revision": tr("Früherer Stand eines Kontakts"),
        "conflict": tr("Doppelte Änderung an zwei Rechnern"),
        "material": tr("Freitext „Material“"),
        "reason": tr("Freitext an einer Weitervermittlung"),
        "draft": tr("Entwurf"),
        "import": tr("Bericht über ein Einlesen"),
        "visitor": tr("Personenakte"),
        "card": tr("Besuchskarte"),
        "passed_on": tr("Angaben in einer Übergabe"),
        "log": tr("Protokolldatei"),
    }[item.what]
    return f"{name}: {what}" if name else what


def item_text(item: DueItem) -> str:
    """Say since when it is due, and why."""
    if item.is_held:
        return tr("Löschung ausgesetzt bis {until}", until=german_date(item.due_on))
    if item.lacks_consent:
        return tr("fällig seit {due}: ohne gültige Einwilligung", due=german_date(item.due_on))
    return tr(
        "fällig seit {due}: die Frist begann am {since}", due=german_date(item.due_on), since=german_date(item.since)
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
