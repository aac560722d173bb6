"""The enrolment code: pasted, scanned, typed, cut, doubled, of another kind."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import InputError
from desktop_app.security.one_time_code import new_one_time_code
from desktop_app.security.recovery_key import new_recovery_key
from desktop_app.sync import enrolment_text as pure
from desktop_app.sync.enrolment_code import check_hub, make_enrolment_code, parse_enrolment_code
from desktop_app.sync.enrolment_text import Enrolment, NoEnrolmentCode, read_enrolment_text, usable_address

ADDRESS, CODE, HUB = "https://abgleich.quartiersbueros.example", "K7QJ2M5XN3RT4VWA6YBC2DEF3G", "0192a3b4-hub"
LINE = make_enrolment_code(ADDRESS, CODE, HUB)
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

hosts = st.from_regex(r"[a-z][a-z0-9-]{0,20}[a-z0-9](\.[a-z]{2,8}){1,3}", fullmatch=True)
ports = st.one_of(st.just(""), st.integers(1, 65535).map(lambda port: f":{port}"))
paths = st.from_regex(r"(/[a-z0-9._-]{1,10}){0,2}", fullmatch=True)
codes = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=1, max_size=64)
lines = st.builds(
    lambda host, port, path, code: make_enrolment_code(f"https://{host}{port}{path}", code, HUB),
    hosts,
    ports,
    paths,
    codes,
)


@given(hosts, ports, paths, codes, st.text(min_size=1, max_size=40))
def test_what_was_made_is_read(host: str, port: str, path: str, code: str, hub_id: str) -> None:
    address = f"https://{host}{port}{path}"
    line = make_enrolment_code(address, code, hub_id)
    found = parse_enrolment_code(line)
    assert (found.address, found.code) == (address, code)
    assert found.is_hub(hub_id)
    assert not found.is_hub(hub_id + "x")
    assert "\n" not in line


def test_the_line_suits_a_qr_code_and_an_eye() -> None:
    assert LINE.startswith("QL1-")
    assert set(LINE) <= set(SIGNS + "L-")
    assert all(len(group) <= 5 for group in LINE.split("-"))
    assert len(LINE) < 170


@pytest.mark.parametrize(
    "bent",
    [
        LINE.lower(),
        f"  {LINE}\n",
        LINE.replace("-", ""),
        LINE.replace("-", " "),
        LINE.replace("-", "\u2011"),
        LINE[:40] + "\r\n> " + LINE[40:],
        LINE[:40] + "\u00ad\u200b" + LINE[40:],
        LINE[:3] + LINE[3:].replace("0", "O").replace("1", "l"),
        LINE.replace("QL1", "QLI"),
        f"„{LINE}“",
    ],
)
def test_what_mail_and_hands_do_to_a_line_does_no_harm(bent: str) -> None:
    assert parse_enrolment_code(bent) == parse_enrolment_code(LINE)


@given(lines, st.data())
def test_one_wrong_letter_is_never_accepted(line: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([at for at, letter in enumerate(line) if letter != "-" and at > 3]))
    letter = data.draw(st.sampled_from(SIGNS.replace(line[place], "")))
    with pytest.raises(InputError) as caught:
        parse_enrolment_code(line[:place] + letter + line[place + 1 :])
    assert caught.value.field == "enrolment_code"


@given(lines, st.data())
def test_two_swapped_letters_are_never_accepted(line: str, data: st.DataObject) -> None:
    letters = line[4:].replace("-", "")
    place = data.draw(st.integers(0, len(letters) - 2))
    swapped = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    if swapped != letters:
        with pytest.raises(InputError):
            parse_enrolment_code("QL1-" + swapped)


@given(lines, st.data())
def test_a_cut_line_says_that_the_end_is_missing(line: str, data: st.DataObject) -> None:
    letters = line[4:].replace("-", "")
    cut = letters[: data.draw(st.integers(4, len(letters) - 1))]
    with pytest.raises(InputError, match="fehlt das Ende"):
        parse_enrolment_code("QL1-" + cut)


@pytest.mark.parametrize("end", [LINE, " 2", "-00", "abc", " " + LINE[4:]])
def test_something_behind_the_code_is_named(end: str) -> None:
    with pytest.raises(InputError, match="steht noch etwas"):
        parse_enrolment_code(LINE + end)


@pytest.mark.parametrize("text", ["", "  \n", "---", "„“"])
def test_nothing_asks_for_the_code(text: str) -> None:
    with pytest.raises(InputError, match="Bitte fügen Sie den Anmeldecode ein"):
        parse_enrolment_code(text)


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        CODE,
        " ".join(new_recovery_key(bytes)),
        new_one_time_code(bytes),
        "Guten Tag, hier ist der Code für die Sync.",
        "QL",
        "Qualität",
        "x" * 100_000,
        "𝟙𝟚𝟛",
    ],
)
def test_another_kind_of_text_is_told(text: str) -> None:
    with pytest.raises(InputError, match="Das ist kein Anmeldecode"):
        parse_enrolment_code(text)


def test_a_later_programs_code_asks_for_an_update() -> None:
    with pytest.raises(InputError, match="neuere Programmversion"):
        parse_enrolment_code(LINE.replace("QL1", "QL2"))


@pytest.mark.parametrize("letter", ["U", "Ä", "ß", "Ж", "٣"])
def test_letters_that_are_never_used_are_told_as_a_mistake(letter: str) -> None:
    with pytest.raises(InputError, match="Tippfehler"):
        parse_enrolment_code(LINE[:30] + letter + LINE[31:])


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    for candidate in (text, "QL1-" + text):
        try:
            found = read_enrolment_text(candidate)
        except NoEnrolmentCode:
            continue
        assert isinstance(found, Enrolment)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://127.8.9.1",
        "http://[::1]:9000",
        "https://hub.example/q",
    ],
)
def test_plain_http_goes_to_this_machine_only(address: str) -> None:
    assert parse_enrolment_code(make_enrolment_code(address, CODE, HUB)).address == address


@pytest.mark.parametrize(
    "address",
    [
        "http://hub.example",
        "HTTP://192.168.1.5:8080",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://0.0.0.0",
        "http://[::ffff:10.0.0.1]",
        "http://128.0.0.1",
    ],
)
def test_plain_http_elsewhere_is_refused_when_made_and_when_read(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="https"):
        make_enrolment_code(address, CODE, HUB)
    with monkeypatch.context() as patched:
        patched.setattr(pure, "usable_address", str)
        line = make_enrolment_code(address, CODE, HUB)
    with pytest.raises(InputError, match="nicht verschlüsselt"):
        parse_enrolment_code(line)


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "hub.example",
        "ftp://hub.example",
        "https://",
        "https:///pfad",
        "https://erika:geheim@hub.example",
        "https://hub.example@boese.example",
        "https://hub.example?x=1",
        "https://hub.example?",
        "https://hub.example#x",
        "https://hub.example:99999",
        "https://hub.example:abc",
        "https://hub exa.mple",
        "https://hub.exämple",
        "https://hub.example\\@boese.example",
        "https://hub.example/\x00x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://[::1",
    ],
)
def test_what_is_no_address_of_a_hub_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="keine brauchbare Adresse"):
        make_enrolment_code(address, CODE, HUB)


def test_addresses_are_kept_in_one_spelling() -> None:
    assert usable_address(" HTTPS://Hub.Example:8443/Pfad/ ") == "https://hub.example:8443/Pfad"


def test_another_hub_at_the_address_is_refused() -> None:
    enrolment = parse_enrolment_code(LINE)
    check_hub(enrolment, HUB)
    with pytest.raises(InputError, match="ein anderer Abgleich-Server"):
        check_hub(enrolment, "0192a3b4-other")


def test_the_line_stays_what_it_is() -> None:
    """Programs and hubs of different age meet: who changes this needs QL2."""
    line = make_enrolment_code("https://hub.example", "ABCDEFGH234567", "hub-1")
    assert line == GOLDEN_LINE


GOLDEN_LINE = "QL1-00PH6-T3MEH-R76EH-F5XM7-ARHEC-NW62V-BGDHJ-GWGA2-8D24A-HJ790-S36D1-N6RVH-EABBJ-1FKJE-8A"


def test_the_encoder_needs_the_standard_library_only() -> None:
    tree = ast.parse(Path(pure.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
