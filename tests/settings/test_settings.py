"""The office, its social spaces, its topics and the settings of this computer."""

from __future__ import annotations

import dataclasses

import pytest

from desktop_app.core.actor import Actor
from desktop_app.core.errors import InputError, UserError
from desktop_app.settings.records import LegalProfile, Office, OfficeChanged, SocialSpace, Topic
from desktop_app.settings.service import SettingsService
from desktop_app.settings.taxonomy import INITIAL_TOPICS
from desktop_app.storage.store import Store

OFFICE = Office(
    "office-1",
    " Quartiersbüro Nord ",
    "Beispielverband e. V.",
    LegalProfile.CATHOLIC,
    "Marktplatz 1",
    "12345",
    "Musterstadt",
)


@pytest.fixture
def settings(store: Store, actor: Actor) -> SettingsService:
    service = SettingsService(store)
    service.create_office(actor, OFFICE, [" Nordstadt", "Altstadt", "", "Nordstadt"])
    return service


def test_before_the_first_run_there_is_no_office(store: Store) -> None:
    with pytest.raises(UserError, match="noch nicht eingerichtet"):
        SettingsService(store).office()


def test_the_office_is_kept_trimmed(settings: SettingsService) -> None:
    assert settings.office() == dataclasses.replace(OFFICE, name="Quartiersbüro Nord")
    assert settings.office().address_lines == ("Marktplatz 1", "12345 Musterstadt")
    assert dataclasses.replace(OFFICE, street="", postal_code="", city="").address_lines == ()
    assert [profile.label for profile in LegalProfile]


def test_the_office_is_created_once(settings: SettingsService, store: Store, actor: Actor) -> None:
    with pytest.raises(UserError, match="schon eingerichtet"):
        settings.create_office(actor, dataclasses.replace(OFFICE, office_id="office-2"), [])
    assert store.sql("SELECT count(*) FROM office") == [(1,)]
    assert store.sql("SELECT count(*) FROM topic") == [(len(INITIAL_TOPICS),)]


def test_changing_the_office_is_heard_and_needs_name_and_carrier(
    settings: SettingsService, store: Store, actor: Actor
) -> None:
    heard: list[OfficeChanged] = []
    store.notices.subscribe(OfficeChanged, heard.append)
    changed = dataclasses.replace(OFFICE, name="Quartiersbüro Süd", phone="0203 123", legal_profile=LegalProfile.GDPR)
    settings.change_office(actor, changed)
    assert settings.office() == changed
    assert heard == [OfficeChanged()]
    for field in ("name", "carrier"):
        with pytest.raises(InputError) as caught:
            settings.change_office(actor, dataclasses.replace(changed, **{field: "  "}))
        assert caught.value.field == field
    assert settings.office() == changed


def test_social_spaces_keep_their_ids_and_leave_by_becoming_inactive(settings: SettingsService, actor: Actor) -> None:
    north, old = settings.social_spaces()
    assert [north.name, old.name] == ["Nordstadt", "Altstadt"]
    settings.save_social_spaces(actor, [SocialSpace("", "Hafen"), dataclasses.replace(north, name="Nord")])
    harbour, north_again = settings.social_spaces()
    assert (harbour.name, north_again) == ("Hafen", SocialSpace(north.space_id, "Nord"))
    assert {space.space_id: space.active for space in settings.social_spaces(with_inactive=True)} == {
        harbour.space_id: True,
        north.space_id: True,
        old.space_id: False,
    }
    settings.save_social_spaces(actor, settings.social_spaces(with_inactive=True))
    assert len(settings.social_spaces()) == 2


@pytest.mark.parametrize(
    ("names", "sentence"),
    [(["Nord", ""], "leer"), (["Nord", " NORD "], "zweimal"), (["x" * 121], "zu lang")],
)
def test_social_spaces_that_are_refused_change_nothing(
    settings: SettingsService, actor: Actor, names: list[str], sentence: str
) -> None:
    before = settings.social_spaces(with_inactive=True)
    with pytest.raises(InputError, match=sentence) as caught:
        settings.save_social_spaces(actor, [SocialSpace("", name) for name in names])
    assert caught.value.field == "social_spaces"
    assert settings.social_spaces(with_inactive=True) == before


def test_the_initial_topics_have_their_own_keys_and_codes() -> None:
    assert len(INITIAL_TOPICS) == 17
    for attribute in ("code", "name", "shortcut"):
        values = [getattr(topic, attribute) for topic in INITIAL_TOPICS]
        assert len(set(values)) == len(values)
    assert [topic.shortcut for topic in INITIAL_TOPICS[:9]] == list("123456789")


def test_a_topic_may_be_renamed_but_keeps_its_code(settings: SettingsService, actor: Actor) -> None:
    topics = list(settings.topics())
    renamed = dataclasses.replace(topics[1], name="Pflege zu Hause", shortcut="X", code="schmuggel")
    settings.save_topics(actor, [renamed, topics[0], *topics[3:]])
    now = settings.topics()
    assert now[0] == Topic(topics[1].topic_id, "pflege", "Pflege zu Hause", "x")
    assert topics[2].topic_id not in {topic.topic_id for topic in now}
    gone = next(topic for topic in settings.topics(with_inactive=True) if topic.topic_id == topics[2].topic_id)
    assert gone == dataclasses.replace(topics[2], active=False)


def test_new_topics_get_a_code_of_their_own(settings: SettingsService, actor: Actor) -> None:
    new = [Topic("", "", name, "") for name in ("Pflege!", "Straße & Grün", "Πολιτική", "Πολιτική 2", "Café")]
    settings.save_topics(actor, [*settings.topics(), *new])
    codes = {topic.name: topic.code for topic in settings.topics()}
    assert [codes[topic.name] for topic in new] == ["pflege-2", "strasse-gruen", "thema", "2", "cafe"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([{"name": " "}], "leer"),
        ([{"name": "pflege"}], "zweimal"),
        ([{"shortcut": "2"}], "doppelt belegt: „Gesundheit“ und „Pflege“"),
        ([{"shortcut": "0"}], "„0“ für „Gesundheit“ geht nicht"),
        ([{"shortcut": "ä"}], "geht nicht"),
        ([{"shortcut": "ab"}], "geht nicht"),
    ],
)
def test_topics_that_are_refused_change_nothing(
    settings: SettingsService, actor: Actor, changes: list[dict[str, str]], sentence: str
) -> None:
    before = settings.topics()
    topics = [dataclasses.replace(topic, **change) for topic, change in zip(before, changes, strict=False)]
    with pytest.raises(InputError, match=sentence) as caught:
        settings.save_topics(actor, [*topics, *before[len(changes) :]])
    assert caught.value.field == "topics"
    assert settings.topics() == before


def test_at_least_one_topic_stays(settings: SettingsService, actor: Actor) -> None:
    with pytest.raises(InputError, match="Mindestens ein Thema"):
        settings.save_topics(actor, [dataclasses.replace(topic, active=False) for topic in settings.topics()])
    with pytest.raises(InputError, match="Mindestens ein Thema"):
        settings.save_topics(actor, [])


def test_a_topic_without_key_and_two_inactive_with_the_same(settings: SettingsService, actor: Actor) -> None:
    first, second, *rest = settings.topics()
    unused = [dataclasses.replace(topic, shortcut="z", active=False) for topic in (first, second)]
    settings.save_topics(actor, [*unused, *(dataclasses.replace(topic, shortcut="") for topic in rest)])
    assert {topic.shortcut for topic in settings.topics()} == {""}


@pytest.mark.parametrize("value", ["dark", 18, 1.5, True, None, ["a", {"b": "ä"}], {}])
def test_values_of_this_computer_come_back(
    settings: SettingsService, store: Store, actor: Actor, value: object
) -> None:
    before = store.sql("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entry)")
    assert settings.value("theme", "light") == "light"
    settings.set_value(actor, "theme", "old")
    settings.set_value(actor, "theme", value)
    assert settings.value("theme", "light") == value
    assert store.sql("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entry)") == before
