"""Texts: German is the source, the language belongs to the running context."""

from __future__ import annotations

import threading

import pytest

from desktop_app.core.errors import EnvironmentProblem, InputError, QuartierslotseError, UserError
from desktop_app.core.translation import current_language, tr, tr_count, use_language


def test_german_is_the_source() -> None:
    assert current_language() == "de"
    assert tr("Die Datei „{name}“ fehlt.", name="a.pdf") == "Die Datei „a.pdf“ fehlt."


def test_values_are_filled_in_once() -> None:
    assert tr("„{text}“", text="{name} und %s") == "„{name} und %s“"


def test_a_text_without_values_may_hold_braces() -> None:
    assert tr("Klammern {so}") == "Klammern {so}"


@pytest.mark.parametrize(("count", "text"), [(0, "0 Kontakte"), (1, "1 Kontakt"), (2, "2 Kontakte")])
def test_the_form_follows_the_count(count: int, text: str) -> None:
    assert tr_count("{count} Kontakt", "{count} Kontakte", count) == text


def test_an_untranslated_text_falls_back_to_german() -> None:
    with use_language("en"):
        assert tr("Ein Satz, den kein Katalog kennt: {x}", x=1) == "Ein Satz, den kein Katalog kennt: 1"
        assert tr_count("{count} Ziegenpeter", "{count} Ziegenpeters", 2) == "2 Ziegenpeters"


def test_the_language_ends_with_its_block_even_on_error() -> None:
    with pytest.raises(KeyError), use_language("en"):
        {}[current_language()]
    assert current_language() == "de"


def test_another_thread_keeps_its_own_language() -> None:
    seen: list[str] = []
    with use_language("en"):
        thread = threading.Thread(target=lambda: seen.append(current_language()))
        thread.start()
        thread.join()
    assert seen == ["de"]


def test_errors_carry_their_sentence() -> None:
    error = InputError("name", "Bitte geben Sie einen Namen ein.")
    assert isinstance(error, UserError)
    assert isinstance(error, QuartierslotseError)
    assert not isinstance(error, EnvironmentProblem)
    assert (error.field, error.message, str(error)) == ("name", error.message, error.message)
    assert issubclass(EnvironmentProblem, QuartierslotseError)
