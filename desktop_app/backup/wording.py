"""What a backup and a restore say in words, the same on the screen and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.translation import tr, tr_count
from desktop_app.documents.dates import german_date

if TYPE_CHECKING:
    from desktop_app.backup.records import FormerPlace, RestorePreview, SetAside

_MEBIBYTE = 1024 * 1024


def returning_sentence(preview: RestorePreview) -> str:
    """Say how many of the lost contacts the next sync brings back; empty when none does."""
    if not preview.returning_contacts:
        return ""
    return tr_count(
        "{count} davon ist schon abgeglichen und kommt mit dem nächsten Abgleich zurück.",
        "{count} davon sind schon abgeglichen und kommen mit dem nächsten Abgleich zurück.",
        preview.returning_contacts,
    )


def set_aside_label(aside: SetAside) -> str:
    """Say what a file is that was set aside."""
    if not aside.is_database:
        return tr("Schlüsseldatei vor einer Rückspielung")
    labels = {
        "vor-rueckspielung": tr("Datenbank vor einer Rückspielung"),
        "beschaedigt": tr("Beschädigte Datenbank vor der Rettung"),
        "rueckspielung-fehlgeschlagen": tr("Datenbank einer misslungenen Rückspielung"),
        "rettung-fehlgeschlagen": tr("Datenbank einer misslungenen Rettung"),
        "umstellung-fehlgeschlagen": tr("Datenbank einer misslungenen Umstellung"),
        "vor-umstellung": tr("Kopie vor einer Umstellung der Datenbank"),
    }
    return next((text for word, text in labels.items() if word in aside.file.name), tr("Beiseitegelegte Datenbank"))


def set_aside_text(aside: SetAside) -> str:
    """Say how large it is and until when it stays."""
    return tr(
        "vom {day}, {size} MB, geht spätestens am {date}",
        day=german_date(aside.at.date()),
        size=aside.size // _MEBIBYTE + 1,
        date=german_date(aside.gone_by),
    )


def former_place_text(place: FormerPlace) -> str:
    """Say what becomes of the backups in a former place."""
    if not place.is_reachable:
        return tr("nicht da: was dort liegt, bleibt, bis der Datenträger beim Sichern eingesteckt ist")
    return tr_count(
        "{count} Sicherung, geht spätestens am {date}",
        "{count} Sicherungen, die letzte geht spätestens am {date}",
        place.count,
        date=german_date(place.gone_by) if place.gone_by else "?",
    )
