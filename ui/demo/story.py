"""Thirty contacts at the fictional Quartiersbüro Musterstadt-Mitte. Nobody in it is real."""

from __future__ import annotations

from typing import NamedTuple


class Scene(NamedTuple):
    """One contact: when it happens, what it is about, and the keys that record it."""

    day: int
    time: str
    about: str
    keys: str


#: November 2026. Digits and letters are topics, Alt chooses the channel, Tab goes on to the result of the topic.
SCENES = (
    Scene(2, "09:05", "Frage nach einem Hausarzt", "1 ctrl+enter"),
    Scene(2, "09:20", "Pflegegrad beantragen, Zettel mitgegeben", "2 ctrl+f 'pflege' enter ctrl+enter"),
    Scene(2, "10:10", "Anruf: Rollator", "alt+t 3 ctrl+enter"),
    Scene(2, "11:30", "Sucht Gesellschaft am Nachmittag", "9 ctrl+f 'treff' enter ctrl+enter"),
    Scene(3, "09:15", "Wohngeldantrag", "f 8 ctrl+enter"),
    Scene(3, "10:00", "Wohnung mit Aufzug gesucht, nichts frei", "8 tab right right tab down down ctrl+enter"),
    Scene(3, "14:20", "Anruf einer Tochter zur Pflege", "alt+t 2 ctrl+f 'beratung' enter ctrl+enter"),
    Scene(4, "09:30", "Smartphone einrichten", "d ctrl+enter"),
    Scene(4, "09:45", "Noch ein Smartphone", "ctrl+j ctrl+enter"),
    Scene(4, "11:00", "Möchte vorlesen", "6 ctrl+f 'ehrenamt' enter ctrl+enter"),
    Scene(5, "10:05", "Brief der Pflegekasse", "alt+e 2 f ctrl+enter"),
    Scene(5, "13:10", "Hausbesuch, Bad umbauen", "alt+h 8 3 ctrl+enter"),
    Scene(6, "09:00", "Kurs für das Gedächtnis", "b 5 ctrl+f 'gedächtnis' enter ctrl+enter"),
    Scene(9, "09:10", "Haushaltshilfe, alle ausgebucht", "7 tab right right tab down down ctrl+enter"),
    Scene(9, "10:40", "Enkelkind braucht Nachhilfe", "j ctrl+f 'nachhilfe' enter ctrl+enter"),
    Scene(9, "11:15", "Spaziergruppe", "5 9 ctrl+enter"),
    Scene(10, "09:25", "Anruf: Fahrdienst zum Arzt", "alt+t m 1 tab right ctrl+enter"),
    Scene(10, "14:00", "Mietminderung, an Mieterberatung", "r 8 ctrl+f 'mieter' enter ctrl+enter"),
    Scene(11, "10:30", "Am Infostand: Konzertkarten", "alt+u 4 ctrl+enter"),
    Scene(12, "09:50", "Schulden nach Todesfall", "f s ctrl+f 'schuldner' enter ctrl+enter"),
    Scene(12, "11:20", "Trauer, möchte reden", "s 9 ctrl+enter"),
    Scene(13, "10:15", "Videogespräch mit Angehörigen", "alt+v 2 ctrl+enter"),
    Scene(16, "09:05", "Impftermin", "1 ctrl+enter"),
    Scene(16, "10:20", "Anruf: Hausnotruf", "alt+t 3 7 ctrl+enter"),
    Scene(17, "13:30", "Sucht Minijob im Quartier", "a tab right right tab down ctrl+enter"),
    Scene(18, "09:40", "Deutschkurs für die Nachbarin", "b ctrl+f 'deutsch' enter ctrl+enter"),
    Scene(19, "10:00", "Begegnungscafé", "9 ctrl+enter"),
    Scene(19, "11:45", "Patientenverfügung", "r 1 ctrl+enter"),
    Scene(20, "09:30", "Tanzen für Ältere", "5 4 ctrl+f 'tanz' enter ctrl+enter"),
    Scene(20, "10:10", "Demenz in der Familie, Beratung und Zettel", "2 1 ctrl+f 'demenz' enter ctrl+enter"),
)

#: Strokes of the tally: day and keys.
TALLY = ((2, "f5 f5 f6 f7"), (9, "f5 f6 f6 f5"), (16, "f7 f7 f5"), (20, "f5 f5 f5 f6 f7"))
