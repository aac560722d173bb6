"""Visit cards: the code is kept nowhere, and contacts of one holder belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.contacts.records import ContactEntry, NeedEntry
from desktop_app.core.errors import InputError, UserError
from desktop_app.visitors.records import ContactLink
from desktop_app.visitors.visit_code import ALPHABET, grouped, hashed, new_code, parse_code
from tests.visitors.office import TODAY, Counselling

CARE = ContactEntry(needs=(NeedEntry("pflege"),))


@st.composite
def codes(draw: st.DrawFn) -> str:
    return parse_code(new_code(lambda letters: draw(st.sampled_from(letters))))


@given(codes(), st.data())
def test_every_single_typing_mistake_is_told(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != code[place]]))
    with pytest.raises(InputError, match="Tippfehler"):
        parse_code(code[:place] + other + code[place + 1 :])


@given(codes(), st.data())
def test_two_characters_that_changed_places_are_told(code: str, data: st.DataObject) -> None:
    one, two = sorted(data.draw(st.sets(st.integers(0, len(code) - 1), min_size=2, max_size=2)))
    letters = list(code)
    letters[one], letters[two] = letters[two], letters[one]
    swapped = "".join(letters)
    if swapped == code:
        assert parse_code(swapped) == code
    else:
        with pytest.raises(InputError):
            parse_code(swapped)


def test_a_code_is_read_however_it_is_written() -> None:
    code = new_code()
    assert len(code) == 11
    assert parse_code(f"  {code.lower().replace('-', ' ')} ") == parse_code(code)
    assert grouped(parse_code(code)) == code
    with pytest.raises(InputError, match="neun Zeichen"):
        parse_code(code[:-1])


def test_the_code_is_stored_as_a_salted_hash_only(office: Counselling) -> None:
    issued = office.cards.issue_card(office.erika)
    letters = parse_code(issued.code)
    row = office.store.sql("SELECT code_hash FROM visit_card")[0][0]
    salt = bytes.fromhex(office.store.sql("SELECT salt FROM visit_card_salt")[0][0])
    assert row == hashed(letters, salt) != hashed(letters, bytes(16))
    for table, *_ in office.store.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"):
        for content in office.store.sql(f'SELECT * FROM "{table}"'):
            assert letters not in repr(content)
            assert issued.code not in repr(content)


def test_visits_with_one_card_belong_together(office: Counselling) -> None:
    issued = office.cards.issue_card(office.erika)
    assert office.cards.recognise(issued.code).visits == 0
    first = office.cards.record_contact(office.erika, CARE, issued.card_id)
    again = office.cards.recognise(issued.code.lower())
    assert (again.card_id, again.visits, again.last_visit) == (issued.card_id, 1, TODAY)
    office.cards.record_contact(office.erika, CARE, again.card_id)
    assert office.cards.recognise(issued.code).visits == 2
    assert office.found.link_of(first) == ContactLink(card_id=issued.card_id)
    assert office.store.sql("SELECT count(*) FROM visitor") == [(0,)]
    office.desk.contacts.withdraw_contact(office.erika, first)
    assert office.cards.recognise(issued.code).visits == 1


def test_an_unknown_card_is_said_to_be_unknown(office: Counselling) -> None:
    with pytest.raises(InputError, match="nicht"):
        office.cards.recognise(new_code())
    office.cards.issue_card(office.erika)
    with pytest.raises(InputError, match="nicht"):
        office.cards.recognise(new_code())


def test_a_forgotten_card_leaves_its_contacts_each_for_itself(office: Counselling) -> None:
    issued = office.cards.issue_card(office.erika)
    contacts = [office.cards.record_contact(office.erika, CARE, issued.card_id) for _ in range(3)]
    assert office.cards.forget_card(office.erika, issued.code) == 3
    assert [office.found.link_of(contact) for contact in contacts] == [None, None, None]
    assert len(office.desk.queries.contacts_of_day(TODAY)) == 3
    with pytest.raises(InputError):
        office.cards.recognise(issued.code)
    with pytest.raises(UserError, match="nicht mehr"):
        office.cards.record_contact(office.erika, CARE, issued.card_id)
    assert len(office.desk.queries.contacts_of_day(TODAY)) == 3


def test_the_front_desk_cannot_cut_the_tie_to_a_file(office: Counselling) -> None:
    person = office.person("Helga Müller")
    contact = office.files.record_contact(office.erika, CARE, person)
    office.cards.correct_contact(office.erika, contact, CARE, None, revision=1)
    assert office.found.link_of(contact) == ContactLink(visitor_id=person)
    issued = office.cards.issue_card(office.erika)
    anonymous = office.cards.record_contact(office.erika, CARE, issued.card_id)
    office.cards.correct_contact(office.erika, anonymous, CARE, None, revision=1)
    assert office.found.link_of(anonymous) is None
