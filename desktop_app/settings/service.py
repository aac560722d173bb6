"""Commands and reads on the office, its social spaces and its topics."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from desktop_app.core.actor import Actor
from desktop_app.core.errors import InputError, UserError
from desktop_app.core.translation import tr
from desktop_app.settings.records import LegalProfile, Office, OfficeChanged, SocialSpace, Topic
from desktop_app.settings.tables import OfficeTable, SettingTable, SocialSpaceTable, TopicTable
from desktop_app.settings.taxonomy import INITIAL_TOPICS
from desktop_app.storage.store import Store
from desktop_app.storage.unit_of_work import UnitOfWork

_SHORTCUTS = "123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST_NAME = 120


class SettingsService:
    """The office's own record, social spaces, topics and declared settings."""

    def __init__(self, store: Store) -> None:
        """Work on `store`."""
        self._store = store

    # Office -----------------------------------------------------------------------------------------

    def office(self) -> Office:
        """Return the office.

        Raises:
            UserError: the office has not been set up.
        """
        row = self._store.first(OfficeTable.select())
        if row is None:
            raise UserError(tr("Das Büro ist noch nicht eingerichtet. Bitte führen Sie zuerst die Einrichtung durch."))
        return Office(
            office_id=row["id"],
            legal_profile=LegalProfile(row["legal_profile"]),
            **{name: row[name] for name in _OFFICE_TEXTS},
        )

    def create_office(self, actor: Actor, office: Office, social_spaces: Sequence[str]) -> None:
        """Write the office with its social spaces and the initial topics, once.

        Raises:
            InputError: name or carrier is empty.
        """
        with self._store.unit_of_work(actor, "create_office", ("office", office.office_id)) as unit:
            if unit.first(OfficeTable.select()) is not None:
                raise UserError(tr("Das Büro ist schon eingerichtet."))
            unit.insert(OfficeTable, {"id": office.office_id, **_office_columns(office)})
            for position, name in enumerate(_clean_names(social_spaces)):
                self._insert_space(unit, name, position)
            for position, topic in enumerate(INITIAL_TOPICS):
                unit.insert(
                    TopicTable,
                    {"id": self._store.ids.new_id(), **topic._asdict(), "position": position, "active": 1},
                )
            unit.notify(OfficeChanged())

    def change_office(self, actor: Actor, office: Office) -> None:
        """Replace the office's record.

        Raises:
            InputError: name or carrier is empty.
        """
        with self._store.unit_of_work(actor, "change_office", ("office", office.office_id)) as unit:
            unit.update(OfficeTable, office.office_id, _office_columns(office))
            unit.notify(OfficeChanged())

    # Social spaces ----------------------------------------------------------------------------------

    def social_spaces(self, *, with_inactive: bool = False) -> tuple[SocialSpace, ...]:
        """Return the social spaces in their order."""
        query = SocialSpaceTable.select().order_by(SocialSpaceTable.position, SocialSpaceTable.name)
        if not with_inactive:
            query = query.where(SocialSpaceTable.active == 1)
        return tuple(SocialSpace(row["id"], row["name"], bool(row["active"])) for row in self._store.rows(query))

    def save_social_spaces(self, actor: Actor, spaces: Sequence[SocialSpace]) -> None:
        """Write the list as it should stand; a space without id is new, one left out becomes inactive.

        Raises:
            InputError: a name is empty or stands twice.
        """
        names = [space.name.strip() for space in spaces]
        _check_names(names, "social_spaces")
        known = {space.space_id: space for space in self.social_spaces(with_inactive=True)}
        with self._store.unit_of_work(actor, "save_social_spaces", ("office", "social_spaces")) as unit:
            for position, space in enumerate(spaces):
                if space.space_id in known:
                    columns = {"name": space.name.strip(), "position": position, "active": int(space.active)}
                    unit.update(SocialSpaceTable, space.space_id, columns)
                else:
                    self._insert_space(unit, space.name.strip(), position)
            for space_id in known.keys() - {space.space_id for space in spaces}:
                unit.update(SocialSpaceTable, space_id, {"active": 0})
            unit.notify(OfficeChanged())

    def _insert_space(self, unit: UnitOfWork, name: str, position: int) -> None:
        row = {"id": self._store.ids.new_id(), "name": name, "position": position, "active": 1}
        unit.insert(SocialSpaceTable, row)

    # Topics -----------------------------------------------------------------------------------------

    def topics(self, *, with_inactive: bool = False) -> tuple[Topic, ...]:
        """Return the topics in their order."""
        query = TopicTable.select().order_by(TopicTable.position, TopicTable.name)
        if not with_inactive:
            query = query.where(TopicTable.active == 1)
        return tuple(
            Topic(row["id"], row["code"], row["name"], row["shortcut"], bool(row["active"]))
            for row in self._store.rows(query)
        )

    def save_topics(self, actor: Actor, topics: Sequence[Topic]) -> None:
        """Write the taxonomy as it should stand; a topic without id is new, one left out becomes inactive.

        A code never changes: contacts and directory refer to it.

        Raises:
            InputError: a name is empty or twice, a key is used twice or is no digit or letter.
        """
        active = [topic for topic in topics if topic.active]
        if not active:
            raise InputError("topics", tr("Mindestens ein Thema muss benutzt werden."))
        _check_names([topic.name.strip() for topic in topics], "topics")
        _check_shortcuts(active)
        known = {topic.topic_id: topic for topic in self.topics(with_inactive=True)}
        codes = {topic.code for topic in known.values()}
        with self._store.unit_of_work(actor, "save_topics", ("office", "topics")) as unit:
            for position, topic in enumerate(topics):
                columns: dict[str, object] = {
                    "name": topic.name.strip(),
                    "shortcut": topic.shortcut.lower(),
                    "position": position,
                    "active": int(topic.active),
                }
                if topic.topic_id in known:
                    unit.update(TopicTable, topic.topic_id, columns)
                else:
                    code = _new_code(topic.name, codes)
                    codes.add(code)
                    unit.insert(TopicTable, {"id": self._store.ids.new_id(), "code": code, **columns})
            for topic_id in known.keys() - {topic.topic_id for topic in topics}:
                unit.update(TopicTable, topic_id, {"active": 0})
            unit.notify(OfficeChanged())

    # Declared settings ------------------------------------------------------------------------------

    def value(self, name: str, default: object) -> object:
        """Return a setting of this computer, or `default`."""
        text = self._store.scalar(SettingTable.select(SettingTable.value).where(SettingTable.name == name))
        return default if text is None else json.loads(text)

    def set_value(self, actor: Actor, name: str, value: object) -> None:
        """Keep a setting of this computer; `value` is anything JSON can hold."""
        with self._store.unit_of_work(actor, "set_value", None) as unit:
            unit.delete(SettingTable, name)
            unit.insert(SettingTable, {"name": name, "value": json.dumps(value, ensure_ascii=False)})


_OFFICE_TEXTS = (
    "name",
    "carrier",
    "street",
    "postal_code",
    "city",
    "phone",
    "email",
    "website",
    "office_hours",
)


def _office_columns(office: Office) -> dict[str, object]:
    office = replace(office, name=office.name.strip(), carrier=office.carrier.strip())
    if not office.name:
        raise InputError("name", tr("Bitte geben Sie den Namen des Büros an."))
    if not office.carrier:
        raise InputError("carrier", tr("Bitte geben Sie den Träger des Büros an."))
    columns: dict[str, object] = {name: getattr(office, name) for name in _OFFICE_TEXTS}
    columns["legal_profile"] = office.legal_profile.value
    return columns


def _clean_names(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def _check_names(names: Sequence[str], field: str) -> None:
    seen: set[str] = set()
    for name in names:
        if not name:
            raise InputError(field, tr("Ein Name ist leer. Bitte füllen Sie ihn aus oder entfernen Sie die Zeile."))
        if len(name) > _LONGEST_NAME:
            raise InputError(field, tr("Der Name „{name}…“ ist zu lang (höchstens 120 Zeichen).", name=name[:40]))
        if name.casefold() in seen:
            raise InputError(field, tr("Der Name „{name}“ steht zweimal in der Liste.", name=name))
        seen.add(name.casefold())


def _check_shortcuts(topics: Sequence[Topic]) -> None:
    owner: dict[str, str] = {}
    for topic in topics:
        key = topic.shortcut.lower()
        if key == "":
            continue
        if len(key) != 1 or key not in _SHORTCUTS:
            raise InputError(
                "topics",
                tr("Die Taste „{key}“ für „{name}“ geht nicht. Bitte eine Ziffer von 1 bis 9 oder einen Buchstaben.",
                   key=topic.shortcut, name=topic.name),
            )  # fmt: skip
        if key in owner:
            raise InputError(
                "topics",
                tr(
                    "Die Taste „{key}“ ist doppelt belegt: „{one}“ und „{two}“.",
                    key=key,
                    one=owner[key],
                    two=topic.name,
                ),
            )
        owner[key] = topic.name


def _new_code(name: str, taken: set[str]) -> str:
    plain = name.lower().replace("ß", "ss").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "thema"
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code
