"""A small notation for key presses: `alt+t 2 tab right ctrl+f 'pflege' enter ctrl+enter`.

Words are keys, joined by `+` with their modifiers; text in quotes is typed letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt

_TOKEN = re.compile(r"'([^']*)'|(\S+)")
_MODIFIERS = {
    "ctrl": Qt.KeyboardModifier.ControlModifier,
    "alt": Qt.KeyboardModifier.AltModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
}
_KEYS = {
    "enter": Qt.Key.Key_Return,
    "tab": Qt.Key.Key_Tab,
    "esc": Qt.Key.Key_Escape,
    "space": Qt.Key.Key_Space,
    "left": Qt.Key.Key_Left,
    "right": Qt.Key.Key_Right,
    "up": Qt.Key.Key_Up,
    "down": Qt.Key.Key_Down,
    **{f"f{number}": Qt.Key(Qt.Key.Key_F1.value + number - 1) for number in range(1, 13)},
}


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One key with its modifiers."""

    key: str | Qt.Key
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier


def key_presses(script: str) -> Iterator[KeyPress]:
    """Return the key presses of a script. Raises ValueError for an unknown word."""
    for text, word in _TOKEN.findall(script):
        if word:
            yield _key_press(word)
        else:
            yield from (KeyPress(letter) for letter in text)


def _key_press(word: str) -> KeyPress:
    *names, key = word.split("+")
    modifiers = Qt.KeyboardModifier.NoModifier
    for name in names:
        modifiers |= _MODIFIERS[name]
    if len(key) == 1:
        return KeyPress(key, modifiers)
    if key not in _KEYS:
        raise ValueError(f"{word!r} is no key")
    return KeyPress(_KEYS[key], modifiers)
