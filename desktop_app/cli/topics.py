"""Topics as they are typed: by code, name or key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.cli.values import same_word
from desktop_app.core.errors import InputError
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.settings.records import Topic


def find_topic(topics: Sequence[Topic], word: str) -> Topic:
    """Return the topic with this code, name or key.

    Raises:
        InputError: there is none.
    """
    for topic in topics:
        if same_word(word, topic.code) or same_word(word, topic.name):
            return topic
    for topic in topics:
        if topic.shortcut and word.strip().casefold() == topic.shortcut.casefold():
            return topic
    possible = ", ".join(f"{topic.code} ({topic.shortcut})" if topic.shortcut else topic.code for topic in topics)
    raise InputError("topic", tr("Das Thema „{word}“ gibt es nicht. Möglich: {possible}", word=word, possible=possible))
