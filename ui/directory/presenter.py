"""What the directory screen does, without any widget: search, narrow, put a record into words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_app.core.translation import tr, tr_count
from desktop_app.directory.folding import fold, fold_with_positions
from desktop_app.directory.records import (
    DirectoryCounts,
    PhoneRecord,
    PlaceRecord,
    ServiceHit,
    ServiceRecord,
    VerificationRecord,
)
from ui.directory.week import WeekHours, week_hours
from ui.shell.basket import BasketItem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_app.bootstrap import Application

FIRST_HITS = 40
"""More rows than a screen shows; what is there at once after a key press."""
MOST_HITS = 500
"""More rows than anybody reads; they come when the typing pauses."""
_FILTER_REACH = 4
_MONTHS_FRESH = 12
_LONGEST_SUMMARY = 170
_SHORTEST_SENTENCE = 25
_SHORT_DESCRIPTION = 320
_LONGEST_LEAD = 14
_NOT_FOR_TALKING = frozenset({"fax", "text", "pager"})


class Checked(StrEnum):
    """Narrowing by verification."""

    ALL = "all"
    VERIFIED = "verified"
    NOT_VERIFIED = "not_verified"
    DUE = "due"
    """Never checked, or so long ago that it is time again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for."""

    text: str = ""
    topics: frozenset[str] = frozenset()
    checked: Checked = Checked.ALL
    with_phone: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter leaves services out."""
        return bool(self.topics) or self.checked is not Checked.ALL or self.with_phone


@dataclass(frozen=True, slots=True)
class Row:
    """A hit in words; spans are (start, length)."""

    service_id: str
    title: str
    detail: str
    title_spans: tuple[tuple[int, int], ...] = ()
    detail_spans: tuple[tuple[int, int], ...] = ()
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """The rows, and one line that says how many there are."""

    rows: tuple[Row, ...] = ()
    summary: str = ""
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place in words."""

    title: str
    address: str
    directions: str = ""
    accessibility: str = ""
    hours: WeekHours = field(default_factory=WeekHours)
    phones: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RecordView:
    """A service in words, ready to be shown. Nothing in it is HTML."""

    service_id: str
    name: str
    organization: str
    summary: str
    for_whom: str
    phone: str
    phone_caption: str
    more_phones: tuple[tuple[str, str], ...]
    hours: WeekHours
    places: tuple[PlaceView, ...]
    facts: tuple[tuple[str, str], ...]
    description: str
    topics: tuple[str, ...]
    alert: str
    verification: str
    is_verified: bool
    is_overdue: bool
    is_active: bool
    internal_remark: str


class DirectoryPresenter:
    """Searches and reads; keeps the names of the topics."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._queries = application.directory_queries
        self._topic_names: dict[str, str] = {}
        self.load_topics()

    # Topics

    def load_topics(self) -> None:
        """Read the office's names of the topics anew."""
        self._topic_names = {topic.code: topic.name for topic in self._application.settings.topics(with_inactive=True)}

    def topics(self) -> list[tuple[str, str]]:
        """Code and name of the topics the office uses."""
        return [(topic.code, topic.name) for topic in self._application.settings.topics()]

    # Size

    def counts(self) -> DirectoryCounts:
        """How many organisations and services there are."""
        return self._queries.count()

    def today(self) -> date:
        """The office's current day."""
        return self._application.clock.today()

    # Search

    def search(self, wish: Wish, *, most: int = MOST_HITS) -> Results:
        """Find what fits. While somebody types, ``most=FIRST_HITS`` keeps every key press quick."""
        # What the filters drop has to be fetched as well.
        reach = _FILTER_REACH if wish.with_phone or wish.checked is not Checked.ALL else 1
        hits: Sequence[ServiceHit] = self._queries.search(
            wish.text, limit=most * reach + 1, topics=tuple(sorted(wish.topics))
        )
        today = self.today()
        kept = [hit for hit in hits if _fits(hit, wish, today)]
        words = fold(wish.text).split()
        has_more = len(kept) > most or len(hits) > most * reach
        return Results(tuple(_row(hit, words) for hit in kept[:most]), _summary(len(kept), most, wish), has_more)

    # Checks

    def confirm_check(self, service_id: str, how: str) -> tuple[str, Callable[[], None]]:
        """Note that a service was checked today; the sentence that says so, and what takes it back.

        Raises:
            UserError: the service is no longer there.
        """
        directory, actor = self._application.directory, self._application.actor
        name = self._queries.service(service_id).name
        check_id = directory.confirm_verified(actor, service_id, how)
        return (
            tr("„{name}“ ist als geprüft bestätigt.", name=_single_line(_plain(name))),
            lambda: directory.take_back_verification(actor, check_id),
        )

    # Merkzettel

    def basket_item(self, service_id: str) -> BasketItem:
        """A service as it stands on the Merkzettel. Raises UserError if it is no longer there."""
        record = self._queries.service(service_id)
        return BasketItem(record.service_id, record.name, record.organization.name)

    # Record

    def record(self, service_id: str) -> RecordView:
        """Put a service into words. Raises UserError if it is no longer there."""
        return self._view(self._queries.service(service_id))

    def _view(self, record: ServiceRecord) -> RecordView:
        phones = _phones(record.phones) or next(
            (found for place in record.places if (found := _phones(place.phones))), ()
        )
        description = _plain(record.description)
        summary = _one_sentence(description)
        verification, is_overdue = _verification(record.last_verified, self.today())
        return RecordView(
            service_id=record.service_id,
            name=_plain(record.name),
            organization=_plain(record.organization.name) if record.organization.name != record.name else "",
            summary=summary,
            for_whom=_plain(record.eligibility),
            phone=phones[0][0] if phones else "",
            phone_caption=phones[0][1] if phones else "",
            more_phones=tuple(phones[1:]),
            hours=week_hours(record.hours),
            places=tuple(_place(place, record) for place in record.places),
            facts=self._facts(record),
            description="" if description == summary else description,
            topics=tuple(self._topic_names.get(code, code) for code in record.topics),
            alert=_plain(record.alert),
            verification=verification,
            is_verified=record.last_verified is not None,
            is_overdue=is_overdue,
            is_active=record.active,
            internal_remark=record.internal_remark.strip(),
        )

    @staticmethod
    def _facts(record: ServiceRecord) -> tuple[tuple[str, str], ...]:
        costs = "\n".join(dict.fromkeys(_plain(cost) for cost in (*record.costs, record.fees) if cost.strip()))
        rows = (
            (tr("Auch genannt"), _plain(record.alternate_name)),
            (tr("Kosten"), costs),
            (tr("Sprachen"), ", ".join(_plain(language) for language in record.languages)),
            (tr("Dolmetschen"), _plain(record.interpretation)),
            (tr("Mitbringen"), "\n".join(_plain(item) for item in record.required_documents)),
            (tr("Anmeldung"), _plain(record.application_process)),
            (tr("Wartezeit"), _plain(record.wait_time)),
            (tr("E-Mail"), record.email or record.organization.email),
            (tr("Website"), record.url or record.organization.website),
        )
        return tuple((name, value) for name, value in rows if value)


# ---------------------------------------------------------------------------------------------------- hits


def _fits(hit: ServiceHit, wish: Wish, today: date) -> bool:
    if wish.with_phone and not hit.phone.strip():
        return False
    if wish.checked is Checked.VERIFIED:
        return hit.last_verified is not None
    if wish.checked is Checked.NOT_VERIFIED:
        return hit.last_verified is None
    if wish.checked is Checked.DUE:
        return hit.last_verified is None or _next_check(hit.last_verified) <= today
    return True


def _row(hit: ServiceHit, words: Sequence[str]) -> Row:
    title, organization = _single_line(hit.service_name), _single_line(hit.organization_name)
    where = " · ".join(
        part for part in (organization if organization != title else "", _single_line(hit.place)) if part
    )
    spans = tuple((start, end - start) for start, end in hit.match_spans) if title == hit.service_name else ()
    detail, detail_spans = where, spans_of(words, where)
    if words and not spans and not detail_spans:
        # Neither name nor place shows why the row is here: the reason does.
        detail = _from_match(_single_line(hit.reason), words) or where
        detail_spans = spans_of(words, detail)
    return Row(hit.service_id, title, detail, spans, detail_spans, hit.last_verified is not None)


def _from_match(reason: str, words: Sequence[str]) -> str:
    """Let a long reason begin shortly before the matching word: rows are narrow."""
    spans = spans_of(words, reason)
    label, colon, text = reason.partition(": ")
    if not spans or not colon or spans[0][0] - len(label) < _LONGEST_LEAD:
        return reason
    begin = reason.rfind(" ", 0, spans[0][0]) + 1
    quote = "„" if text.startswith("„") else ""
    return f"{label}: {quote}… {reason[begin:]}"


def spans_of(words: Sequence[str], text: str) -> tuple[tuple[int, int], ...]:
    """Where the folded words begin words of `text`, as (start, length)."""
    folded, positions = fold_with_positions(text)
    covered: set[int] = set()
    for word in words:
        start = folded.find(word)
        while start >= 0:
            if len(word) > 2 or start == 0 or folded[start - 1] == " ":
                covered.update(range(positions[start], positions[start + len(word)]))
            start = folded.find(word, start + 1)
    return _runs(sorted(covered))


def _runs(places: Sequence[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and place == runs[-1][0] + runs[-1][1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return tuple(runs)


def _summary(count: int, most: int, wish: Wish) -> str:
    if count > most:
        return tr("Mehr als {shown} Treffer", shown=most)
    if not count:
        return tr("Kein Treffer")
    if not wish.text and not wish.is_narrowed:
        return tr_count("1 Angebot", "{count} Angebote", count)
    return tr_count("1 Treffer", "{count} Treffer", count)


# ---------------------------------------------------------------------------------------------------- record


def _phones(phones: Sequence[PhoneRecord]) -> tuple[tuple[str, str], ...]:
    """Number and caption; numbers to talk to come first."""
    shown: dict[str, tuple[str, str, bool]] = {}
    for phone in phones:
        kind = phone.kind.strip().casefold()
        number = _single_line(phone.number)
        if phone.extension:
            number = tr("{number}, Durchwahl {extension}", number=number, extension=_single_line(phone.extension))
        label = {
            "fax": tr("Fax"), "cell": tr("Mobil"), "text": tr("SMS"), "textphone": tr("Schreibtelefon"), "video": tr("Video"),
        }.get(kind, tr("Telefon"))  # fmt: skip
        note = _plain(phone.description)
        if number:
            caption = f"{label} – {note}" if note and note != label else label
            shown.setdefault(number, (number, caption, kind in _NOT_FOR_TALKING))
    return tuple((number, caption) for number, caption, _last in sorted(shown.values(), key=lambda entry: entry[2]))


def _place(place: PlaceRecord, record: ServiceRecord) -> PlaceView:
    name = _single_line(place.name)
    known = {record.name.strip(), record.organization.name.strip()}
    own_hours = place.hours if place.hours != record.hours else ()
    service_numbers = {phone.number for phone in record.phones}
    return PlaceView(
        title="" if name in known else name,
        address="\n".join(_single_line(line) for line in place.address_lines),
        directions=_plain(place.transportation),
        accessibility="\n".join(_plain(item) for item in place.accessibility),
        hours=week_hours(own_hours),
        phones=_phones([phone for phone in place.phones if phone.number not in service_numbers])
        if record.phones
        else (),
    )


def _verification(verification: VerificationRecord | None, today: date) -> tuple[str, bool]:
    """The line about the last check, and whether the next one is due."""
    if verification is None:
        return tr("Noch nicht geprüft. Bitte vor dem Weitervermitteln kurz anrufen."), False
    text = tr("Geprüft am {day}", day=verification.verified_on.strftime("%d.%m.%Y"))
    if verification.how:
        text += f" {_in_a_sentence(_single_line(verification.how))}"
    if verification.by:
        text += tr(" von {name}", name=_single_line(verification.by))
    due = _next_check(verification)
    is_overdue = due <= today
    text += (
        tr(" – Prüfung fällig seit {due}", due=due.strftime("%m/%Y"))
        if is_overdue
        else tr(" – wieder fällig {due}", due=due.strftime("%m/%Y"))
    )
    return f"{text}.", is_overdue


def _in_a_sentence(how: str) -> str:
    return tr("mit Prüfbogen") if how == tr("Prüfbogen") else how


def _next_check(verification: VerificationRecord) -> date:
    """The first day of the month in which the next check is due."""
    return _months_later(verification.verified_on, _MONTHS_FRESH)


def _months_later(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _one_sentence(description: str) -> str:
    """What it is in one sentence: the beginning of the description; a short description whole."""
    if len(description) <= _SHORT_DESCRIPTION:
        return description
    text = " ".join(description.split())
    for mark in (". ", "! ", "? "):
        place = text.find(mark)
        if _SHORTEST_SENTENCE <= place < _LONGEST_SUMMARY:
            return text[: place + 1]
    return text[:_LONGEST_SUMMARY].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    """What a reader sees of plain text or HTML."""
    from desktop_app.documents.markup import plain_text

    return plain_text(text).strip() if text else ""


def _single_line(text: str) -> str:
    return " ".join(text.split())


def without_topics(wish: Wish) -> Wish:
    """The same search without any filter."""
    return replace(wish, topics=frozenset(), checked=Checked.ALL, with_phone=False)
