"""What a backup and a restore say in words, the same on the screen and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.translation import tr_count

if TYPE_CHECKING:
    from desktop_app.backup.records import RestorePreview


def returning_sentence(preview: RestorePreview) -> str:
    """Say how many of the lost contacts the next sync brings back; empty when none does."""
    if not preview.returning_contacts:
        return ""
    return tr_count(
        "{count} davon ist schon abgeglichen und kommt mit dem nächsten Abgleich zurück.",
        "{count} davon sind schon abgeglichen und kommen mit dem nächsten Abgleich zurück.",
        preview.returning_contacts,
    )
