"""Passwords that everybody tries first, and the cost of trying."""

from __future__ import annotations

import pytest

from desktop_app.core.errors import InputError
from desktop_app.security.derivation import TARGET_SECONDS, measured_cost
from desktop_app.security.key_slots import DerivationCost
from desktop_app.security.passwords import check_new_password


@pytest.mark.parametrize(
    "password",
    [
        "Passwort2026!",
        "P4$$w0rt!!2026",
        "Quartiersbüro1",
        "Nachbarschaftshilfe",
        "hallohallo",
        "Sommer-2026",
        "!!Schatz!!1234",
        "1q2w3e4r5t6y",
        "qwertz123456",
        "asdf1234asdf",
        "0987654321fdsa",
        "abcdefghijkl",
        "Manchester",
        "ichliebedich",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(InputError, match="drei Wörter") as caught:
        check_new_password(password, "erika")
    assert caught.value.field == "password"


@pytest.mark.parametrize(
    "password",
    ["Sommer Laterne Gurke", "Quartiersbüro im Regen", "zwölf Boxkämpfer jagen", "Hx7-vmQ2-pLd9", "Radwegkaffee"],
)
def test_words_that_do_not_belong_together_are_good(password: str) -> None:
    check_new_password(password, "erika")


@pytest.mark.parametrize(
    ("seconds_at_the_least", "cost"),
    [
        (2.0, DerivationCost(3, 65536, 4)),  # a slow computer waits; it never gets less than RFC 9106 advises
        (0.3, DerivationCost(3, 65536, 4)),
        (0.1, DerivationCost(4, 131072, 4)),
        (0.05, DerivationCost(4, 262144, 4)),
        (0.01, DerivationCost(22, 262144, 4)),
        (0.0, DerivationCost(24, 262144, 4)),
    ],
)
def test_the_cost_fits_the_computer(seconds_at_the_least: float, cost: DerivationCost) -> None:
    def takes(tried: DerivationCost) -> float:
        return seconds_at_the_least * tried.memory_kibibytes / 65536 * tried.time_cost / 3

    found = measured_cost(measure=takes)
    assert found == cost
    if 0.02 < seconds_at_the_least <= TARGET_SECONDS:
        assert takes(found) == pytest.approx(TARGET_SECONDS, rel=0.25)


def test_the_cost_is_measured_for_real() -> None:
    cost = measured_cost(0.01)
    assert cost.memory_kibibytes >= 65536
    assert cost.time_cost >= 3
