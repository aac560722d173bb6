"""The topics an office starts with: the nine of the Quartiersbüros and the wider ones of neighbourhood work."""

from __future__ import annotations

from typing import NamedTuple


class InitialTopic(NamedTuple):
    """A topic as it is created."""

    code: str
    name: str
    shortcut: str


#: The nine have digits, the wider ones letters. No letter is used twice, S, P and J with Ctrl stay free.
INITIAL_TOPICS = (
    InitialTopic("gesundheit", "Gesundheit", "1"),
    InitialTopic("pflege", "Pflege", "2"),
    InitialTopic("hilfsmittel", "Hilfsmittel", "3"),
    InitialTopic("kultur", "Kultur", "4"),
    InitialTopic("freizeit", "Freizeit", "5"),
    InitialTopic("ehrenamt", "Ehrenamt", "6"),
    InitialTopic("dienstleistungen", "Dienstleistungen", "7"),
    InitialTopic("wohnen", "Wohnen", "8"),
    InitialTopic("begegnung", "Begegnung", "9"),
    InitialTopic("finanzen", "Finanzen & Behörden", "f"),
    InitialTopic("soziales", "Soziales", "s"),
    InitialTopic("bildung", "Bildung", "b"),
    InitialTopic("jugend", "Jugend & Familie", "j"),
    InitialTopic("arbeit", "Arbeit", "a"),
    InitialTopic("mobilitaet", "Mobilität", "m"),
    InitialTopic("digitales", "Digitales", "d"),
    InitialTopic("recht", "Recht", "r"),
)
