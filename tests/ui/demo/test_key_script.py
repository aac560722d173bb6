"""The notation of key presses."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ui.demo.key_script import KeyPress, key_presses
from ui.demo.story import SCENES


def test_words_are_keys_and_quoted_text_is_typed() -> None:
    pressed = list(key_presses("alt+t 2 'öf b' ctrl+shift+enter f5"))
    assert pressed == [
        KeyPress("t", Qt.KeyboardModifier.AltModifier),
        KeyPress("2"),
        KeyPress("ö"),
        KeyPress("f"),
        KeyPress(" "),
        KeyPress("b"),
        KeyPress(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier),
        KeyPress(Qt.Key.Key_F5),
    ]


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="entr"):
        list(key_presses("1 entr"))


def test_the_story_has_thirty_contacts_in_order() -> None:
    assert len(SCENES) == 30
    moments = [(scene.day, scene.time) for scene in SCENES]
    assert moments == sorted(moments)
    assert all(list(key_presses(scene.keys)) for scene in SCENES)
