"""Merging of two changes: every rule, and what has to hold whatever people do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.sync.documents import (
    Document,
    DocumentBroken,
    as_the_hub_has_it,
    document_from,
    document_text,
    same_content,
)
from desktop_app.sync.merging import Merged, merge, surely_shared
from desktop_app.sync.what_travels import COLLECTIONS, Rule

CONTACT = COLLECTIONS["contact"]
CONSENT = COLLECTIONS["visitor_consent"]


def contact(erased: dict[str, int] | None = None, **fields: Any) -> Document:
    values = {
        "channel": "office",
        "material": "",
        "withdrawn": 0,
        "needs": {},
        "referrals": {},
        "note": None,
        "link": None,
    }
    return Document("contact", "c-1", {**values, **fields}, erased or {})


def met(base: Document | None, mine: Document, theirs: Document) -> Merged:
    return merge(COLLECTIONS[mine.collection], base, mine, theirs)


def test_one_side_changed_it_stands() -> None:
    base = contact()
    mine, theirs = contact(channel="phone"), contact(material="Rollator")
    merged = met(base, mine, theirs)
    assert (merged.document.fields["channel"], merged.document.fields["material"]) == ("phone", "Rollator")
    assert merged.lost == ()


def test_both_changed_the_later_one_stands_and_the_other_is_kept() -> None:
    merged = met(contact(), contact(channel="phone"), contact(channel="mail"))
    assert merged.document.fields["channel"] == "phone"
    (lost,) = merged.lost
    assert (lost.field, lost.before, lost.mine, lost.theirs) == ("channel", "office", "phone", "mail")
    assert lost.mine_stands
    assert not lost.is_open


def test_made_apart_what_others_have_already_stands() -> None:
    merged = met(None, contact(channel="phone"), contact(channel="mail"))
    assert merged.document.fields["channel"] == "mail"
    assert [(lost.mine, lost.mine_stands) for lost in merged.lost] == [("phone", False)]


def test_a_person_decides_about_states() -> None:
    merged = met(contact(link=None), contact(link={"visitor_id": "v"}), contact(link={"visitor_id": "w"}))
    assert merged.document.fields["link"] == {"visitor_id": "w"}
    assert [lost.is_open for lost in merged.lost] == [True]


@pytest.mark.parametrize(
    ("mine", "theirs", "stands"),
    [
        (None, "2026-11-01", "2026-11-01"),
        ("2026-11-01", None, "2026-11-01"),
        ("2026-12-01", "2026-11-01", "2026-11-01"),
        ("2026-11-01", "2026-12-01", "2026-11-01"),
    ],
)
def test_a_consent_ends_on_the_earlier_day_until_somebody_decides(
    mine: str | None, theirs: str | None, stands: str
) -> None:
    def consent(day: str | None) -> Document:
        return Document("visitor_consent", "k", {"revoked_on": day})

    merged = met(consent("2026-12-24"), consent(mine), consent(theirs))
    assert merged.document.fields["revoked_on"] == stands
    assert [lost.is_open for lost in merged.lost] == [True]


def need(result: str, position: int = 0) -> dict[str, Any]:
    return {"result": result, "unmet_reason": None, "position": position}


def test_needs_come_and_go_one_by_one() -> None:
    base = contact(needs={"wohnen": need("met"), "pflege": need("met", 1)})
    mine = contact(needs={"wohnen": need("met"), "kultur": need("met", 1)})
    theirs = contact(needs={"wohnen": need("unmet"), "pflege": need("met", 1), "recht": need("met", 2)})
    merged = met(base, mine, theirs)
    assert set(merged.document.fields["needs"]) == {"wohnen", "kultur", "recht"}
    assert merged.document.fields["needs"]["wohnen"]["result"] == "unmet"
    assert merged.lost == ()


def test_the_same_need_on_two_desks_is_one() -> None:
    merged = met(contact(), contact(needs={"wohnen": need("met")}), contact(needs={"wohnen": need("unmet")}))
    assert merged.document.fields["needs"] == {"wohnen": need("unmet")}
    assert [lost.field for lost in merged.lost] == ["needs/wohnen/result"]


def test_what_one_took_away_and_the_other_changed_stays() -> None:
    base = contact(needs={"wohnen": need("met")})
    merged = met(base, contact(), contact(needs={"wohnen": need("unmet")}))
    assert merged.document.fields["needs"] == {"wohnen": need("unmet")}
    assert [(lost.field, lost.is_removal) for lost in merged.lost] == [("needs/wohnen", True)]


def test_what_was_erased_stays_erased_and_is_named_nowhere() -> None:
    note = {"text": "geheim", "written_at": "x"}
    merged = met(contact(note=note), contact({"note": 1}, note=None), contact(note={**note, "text": "geheimer"}))
    assert merged.document.fields["note"] is None
    assert merged.document.erased == {"note": 1}
    assert merged.lost == ()
    other_way = met(contact(note=note), contact(note={**note, "text": "geheimer"}), contact({"note": 1}, note=None))
    assert other_way.document.fields["note"] is None
    assert other_way.lost == ()


def test_a_note_after_an_erasure_is_a_new_one() -> None:
    new = {"text": "neu", "written_at": "y"}
    merged = met(contact({"note": 1}), contact({"note": 1}, note=new), contact({"note": 1}))
    assert merged.document.fields["note"] == new
    late = met(contact(note={"text": "alt", "written_at": "x"}), contact({"note": 1}, note=new), contact({"note": 1}))
    assert late.document.fields["note"] == new


def test_fields_of_a_newer_program_survive() -> None:
    theirs = document_from('{"v":1,"c":"contact","i":"c-1","f":{"channel":"office","mood":"gut"},"later":[1,2],"e":{}}')
    mine = as_the_hub_has_it(Document("contact", "c-1", {"channel": "phone"}), theirs)
    merged = met(theirs, mine, theirs).document
    assert '"mood":"gut"' in document_text(merged)
    assert '"later":[1,2]' in document_text(merged)


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{", '{"v":1}', '{"v":0,"c":"a","i":"b","f":{}}', '{"v":true,"c":"a","i":"b","f":{}}',
        '{"v":1,"c":"","i":"b","f":{}}', '{"v":1,"c":"contact","i":"b","f":[]}', '{"v":1,"c":"contact","i":"b","f":{"needs":7}}',
        '{"v":1,"c":"contact","i":"b","f":{"channel":{}}}', '{"v":1,"c":"contact","i":"b","f":{"channel":NaN}}',
        '{"v":1,"c":"contact","i":"b","f":{"channel":"\\u0000"}}', '{"v":1,"c":"contact","i":"b","f":{"channel":"\\ud800"}}',
        '{"v":1,"c":"contact","i":"b","f":{"local_hour":99999999999999999999}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(DocumentBroken):
        document_from(text)


def test_what_a_renewed_hub_has_as_we_knew_it_is_what_both_began_with() -> None:
    """Only where it differs from what we knew it is open which of the two is the older one."""
    known = contact(channel="office", material="alt", needs={"wohnen": {"result": "met"}, "pflege": {"result": "met"}})
    mine = contact(channel="phone", material="neu", needs={"pflege": {"result": "unmet"}})
    theirs = contact(channel="mail", material="alt", needs={"wohnen": {"result": "met"}, "pflege": {"result": "met"}})
    merged = met(surely_shared(CONTACT, known, theirs), mine, theirs)
    assert (
        merged.document.fields == contact(channel="mail", material="neu", needs={"pflege": {"result": "unmet"}}).fields
    )
    (lost,) = merged.lost
    assert (lost.field, lost.before, lost.mine, lost.theirs) == ("channel", None, "phone", "mail")
    assert not lost.mine_stands


# What has to hold whatever people do ------------------------------------------------------------------------

VALUES = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
NEEDS = st.dictionaries(
    st.sampled_from(["wohnen", "pflege", "kultur"]),
    st.fixed_dictionaries({"result": st.sampled_from(["met", "unmet"]), "position": st.integers(0, 2)}),
    max_size=3,
)
STATES = st.builds(
    lambda fields, marks: Document("contact", "c-1", fields, {name: times for name, times in marks.items() if times}),
    st.fixed_dictionaries(
        {"channel": VALUES, "material": VALUES, "withdrawn": st.sampled_from([0, 1]), "note": VALUES, "needs": NEEDS}
    ),
    st.fixed_dictionaries({"note": st.integers(0, 2), "material": st.integers(0, 1)}),
)


def told_values(merged: Merged) -> set[tuple[str, str]]:
    return {(lost.field, repr(value)) for lost in merged.lost for value in (lost.mine, lost.theirs)}


@given(STATES, STATES, STATES)
def test_no_value_is_lost_without_a_word(base: Document, mine: Document, theirs: Document) -> None:
    merged = met(base, mine, theirs)
    told = told_values(merged)
    for name in ("channel", "material", "withdrawn", "note"):
        result = merged.document.fields[name]
        for side, other in ((mine, theirs), (theirs, mine)):
            was_changed = side.fields[name] != base.fields[name]
            life, newest = side.erased.get(name, 0), max(side.erased.get(name, 0), other.erased.get(name, 0))
            if was_changed and life == newest and life == base.erased.get(name, 0) and side.fields[name] != result:
                assert (name, repr(side.fields[name])) in told


@example(
    Document("contact", "c-1", {"channel": None, "material": None, "withdrawn": 0, "note": "b", "needs": {}}),
    Document(
        "contact", "c-1", {"channel": None, "material": None, "withdrawn": 0, "note": None, "needs": {}}, {"note": 1}
    ),
    Document(
        "contact", "c-1", {"channel": None, "material": None, "withdrawn": 0, "note": "b", "needs": {}}, {"note": 1}
    ),
)
@given(STATES, STATES, STATES)
def test_no_value_is_lost_without_a_word_where_the_beginning_is_in_doubt(
    known: Document, mine: Document, theirs: Document
) -> None:
    merged = met(surely_shared(CONTACT, known, theirs), mine, theirs)
    told = told_values(merged)
    for name in ("channel", "material", "withdrawn", "note"):
        if mine.erased.get(name, 0) == theirs.erased.get(name, 0):
            lost = {repr(side.fields[name]) for side in (mine, theirs)} - {repr(merged.document.fields[name])}
            seen = {repr(known.fields[name])} if known.fields[name] == theirs.fields[name] else set()
            if mine.erased.get(name, 0) != known.erased.get(name, 0):
                seen.add(repr(None))  # both erased it: nothing is what both began with then
            assert lost - seen <= {value for field, value in told if field == name}


@given(STATES, STATES)
def test_nothing_happens_when_only_one_side_moved(base: Document, moved: Document) -> None:
    newer = Document(
        "contact",
        "c-1",
        moved.fields,
        {name: max(moved.erased.get(name, 0), times) for name, times in base.erased.items()},
    )
    assert same_content(met(base, base, newer).document, newer)
    merged = met(base, newer, base)
    assert same_content(merged.document, newer)
    assert merged.lost == ()


@given(STATES, st.lists(STATES, min_size=2, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_desks_that_sync_in_any_order_end_alike(base: Document, edits: list[Document], order: Any) -> None:
    """Each desk edits once, offline; then they sync in some order until nothing moves."""
    hub, desks = base, [[base, edit] for edit in edits]
    for _ in range(3):
        turn = list(range(len(desks)))
        order.shuffle(turn)
        for place in turn:
            known, own = desks[place]
            hub = met(known, own, hub).document if not same_content(known, hub) else own
            desks[place] = [hub, hub]
    assert all(same_content(own, hub) for _, own in desks)


@given(STATES, STATES, STATES)
def test_an_erasure_is_never_undone(base: Document, mine: Document, theirs: Document) -> None:
    merged = met(base, mine, theirs).document
    for name in ("note", "material"):
        lives = {mine.erased.get(name, 0): mine.fields[name], theirs.erased.get(name, 0): theirs.fields[name]}
        if len(lives) == 2:
            assert merged.fields[name] == lives[max(lives)]
            assert merged.erased.get(name, 0) == max(lives)


def test_every_rule_is_used_somewhere() -> None:
    used = {rule for collection in COLLECTIONS.values() for rule in collection.fields.values()}
    used |= {
        rule for collection in COLLECTIONS.values() for inner in collection.inner.values() for rule in inner.values()
    }
    assert used == set(Rule)
