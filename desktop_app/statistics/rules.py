"""From counted codes to tables with words; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.contacts.rules import RESULTS_WITH_REASON
from desktop_app.contacts.vocabulary import (
    Channel,
    Depth,
    Fact,
    ReferralMode,
    ReferralState,
    Result,
    TallyKind,
    UnmetReason,
    fact_answers,
    open_answers,
)
from desktop_app.core.translation import tr
from desktop_app.settings.records import SocialSpace, Topic
from desktop_app.statistics.counting import MonthCounts
from desktop_app.statistics.records import Counted, MonthTotals, StatisticsRow, StatisticsTable, TableKey
from desktop_app.statistics.wording import weekday_labels

CHANNEL_COLUMN = "channel"
DEPTH_COLUMN = "depth"
_WITH_REASON = frozenset(result.value for result in RESULTS_WITH_REASON)
_OPEN_LISTS = frozenset({Fact.LANGUAGE, Fact.ACCESS_ROUTE})
"""Questions with many answers: only those that occurred are shown, most frequent first."""


@dataclass(frozen=True, slots=True)
class ServiceName:
    """A service of the directory and who offers it."""

    name: str
    organization_id: str
    organization: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes of this office mean; inactive topics and spaces are in it too."""

    topics: Sequence[Topic]
    spaces: Sequence[SocialSpace]
    services: Mapping[str, ServiceName]
    """By service id; at least those that were referred to."""


def known_codes(spaces: Sequence[SocialSpace]) -> dict[str, tuple[str, ...]]:
    """Return every answer there is, by column of the contact."""
    codes = {CHANNEL_COLUMN: tuple(Channel), DEPTH_COLUMN: tuple(Depth)}
    known: dict[str, tuple[str, ...]] = {column: tuple(map(str, values)) for column, values in codes.items()}
    for fact in Fact:
        own = tuple(space.space_id for space in spaces) if fact is Fact.SOCIAL_SPACE else ()
        known[fact.value] = (*own, *fact_answers(fact), *open_answers())
    return known


def month_totals(counts: MonthCounts) -> MonthTotals:
    """Return the sums of the month."""
    return MonthTotals(
        contacts=counts.contacts,
        needs=counts.needs.total(),
        referrals=counts.referrals.total(),
        unmet_needs=sum(number for (_, result, _), number in counts.needs.items() if result in _WITH_REASON),
        days=counts.days,
        tally_visitors=counts.tally[TallyKind.VISITOR.value],
        tally_calls=counts.tally[TallyKind.CALL.value],
        tally_leaflets=counts.tally[TallyKind.LEAFLET.value],
    )


def month_tables(counts: MonthCounts, names: Names) -> tuple[StatisticsTable, ...]:
    """Return every table of the month in the order in which they are read."""
    return (
        _topics(counts, names),
        _closed(
            TableKey.CHANNELS,
            (tr("Kanäle"), tr("Auf welchem Weg kamen die Menschen zu uns?"), tr("Kanal")),
            Counted.CONTACTS,
            {channel.value: channel.label for channel in Channel},
            counts.answers.get(CHANNEL_COLUMN, Counter()),
        ),
        _fact(TableKey.AGE_BANDS, Fact.AGE_BAND, tr("Wie alt sind die Menschen, um die es ging?"), counts),
        _social_spaces(counts, names),
        _weekdays(counts),
        _weekday_hours(counts),
        *_results(counts, names),
        *_referrals(counts, names),
        _closed(
            TableKey.DEPTHS,
            (tr("Tiefe"), tr("Wie viel Hilfe war nötig?"), tr("Tiefe")),
            Counted.CONTACTS,
            {depth.value: depth.label for depth in Depth},
            counts.answers.get(DEPTH_COLUMN, Counter()),
        ),
        _fact(TableKey.VISIT_KINDS, Fact.VISIT_KIND, tr("Wer kam zum ersten Mal?"), counts),
        _fact(TableKey.FOR_WHOM, Fact.FOR_WHOM, tr("Für wen wurde gefragt?"), counts),
        _fact(TableKey.GENDERS, Fact.GENDER, tr("Welches Geschlecht haben die Menschen, um die es ging?"), counts),
        _fact(TableKey.CARE_LEVELS, Fact.CARE_LEVEL, tr("Welchen Pflegegrad haben sie?"), counts),
        _fact(TableKey.LANGUAGES, Fact.LANGUAGE, tr("In welcher Sprache wurde gesprochen?"), counts),
        _fact(TableKey.ACCESS_ROUTES, Fact.ACCESS_ROUTE, tr("Woher kannten sie das Büro?"), counts),
        _fact(TableKey.DURATIONS, Fact.DURATION, tr("Wie lange dauerten die Kontakte?"), counts),
    )


# One list of labels ---------------------------------------------------------------------------------

_Heading = tuple[str, str, str]
"""Title, question, heading of the column of labels."""


def _closed(
    key: TableKey,
    heading: _Heading,
    counted: Counted,
    labels: Mapping[str, str],
    found: Counter[str],
    *,
    open_codes: Mapping[str, str] | None = None,
    only_found: bool = False,
) -> StatisticsTable:
    """Build a table of a closed list: its own answers, codes nobody knows (any more), then the open answers."""
    open_codes = open_codes or {}
    unknown = {code: code for code in sorted(found) if code not in labels and code not in open_codes}
    rows = [StatisticsRow(label, None, found[code]) for code, label in {**labels, **unknown}.items()]
    if only_found:
        rows = _by_frequency(row for row in rows if row.count)
    rows += [StatisticsRow(label, None, found[code], open_answer=True) for code, label in open_codes.items()]
    title, question, column = heading
    return StatisticsTable(key, title, question, (column, counted.label), counted, tuple(rows))


def _fact(key: TableKey, fact: Fact, question: str, counts: MonthCounts) -> StatisticsTable:
    return _closed(
        key,
        (fact.label, question, fact.label),
        Counted.CONTACTS,
        fact_answers(fact),
        counts.answers.get(fact.value, Counter()),
        open_codes=open_answers(),
        only_found=fact in _OPEN_LISTS,
    )


def _social_spaces(counts: MonthCounts, names: Names) -> StatisticsTable:
    found = counts.answers.get(Fact.SOCIAL_SPACE.value, Counter())
    labels = {space.space_id: space.name for space in names.spaces if space.active or found[space.space_id]}
    return _closed(
        TableKey.SOCIAL_SPACES,
        (tr("Sozialräume"), tr("Wo wohnen die Menschen, um die es ging?"), Fact.SOCIAL_SPACE.label),
        Counted.CONTACTS,
        {**labels, **fact_answers(Fact.SOCIAL_SPACE)},
        found,
        open_codes=open_answers(),
    )


def _topics(counts: MonthCounts, names: Names) -> StatisticsTable:
    found: Counter[str] = Counter()
    for (topic, _, _), number in counts.needs.items():
        found[topic] += number
    heading = (tr("Themen"), tr("Worum ging es?"), tr("Thema"))
    labels = {topic.topic_id: topic.name for topic in names.topics if topic.active or found[topic.topic_id]}
    return _closed(TableKey.TOPICS, heading, Counted.NEEDS, labels, found)


# Time -----------------------------------------------------------------------------------------------


def _weekdays(counts: MonthCounts) -> StatisticsTable:
    found: Counter[str] = Counter()
    for (weekday, _), number in counts.hours.items():
        found[str(weekday)] += number
    labels = {str(number): name for number, name in enumerate(weekday_labels())}
    heading = (tr("Wochentage"), tr("An welchen Tagen war wie viel los?"), tr("Wochentag"))
    return _closed(TableKey.WEEKDAYS, heading, Counted.CONTACTS, labels, found)


def _weekday_hours(counts: MonthCounts) -> StatisticsTable:
    days = weekday_labels()
    rows = tuple(
        StatisticsRow(days[weekday], tr("{first}–{last} Uhr", first=hour, last=hour + 1), number)
        for (weekday, hour), number in sorted(counts.hours.items())
    )
    return StatisticsTable(
        TableKey.WEEKDAY_HOURS,
        tr("Wochentage und Uhrzeiten"),
        tr("Wann war wie viel los?"),
        (tr("Wochentag"), tr("Uhrzeit"), Counted.CONTACTS.label),
        Counted.CONTACTS,
        rows,
    )


# Needs ----------------------------------------------------------------------------------------------


def _results(counts: MonthCounts, names: Names) -> tuple[StatisticsTable, ...]:
    results: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for (topic, result, reason), number in counts.needs.items():
        results[result] += number
        pairs[topic, result] += number
        if result in _WITH_REASON:
            reasons[reason or ""] += number
    result_labels = {result.value: result.label for result in Result}
    order = {topic.topic_id: (place, topic.name) for place, topic in enumerate(names.topics)}
    places = {result: place for place, result in enumerate(result_labels)}

    def place_of(pair: tuple[str, str]) -> tuple[int, int]:
        return order.get(pair[0], (len(order), ""))[0], places.get(pair[1], len(places))

    topic_results = tuple(
        StatisticsRow(
            order[pair[0]][1] if pair[0] in order else pair[0], result_labels.get(pair[1], pair[1]), pairs[pair]
        )
        for pair in sorted(pairs, key=place_of)
    )
    return (
        _closed(
            TableKey.RESULTS,
            (tr("Ergebnisse"), tr("Was wurde aus den Anliegen?"), tr("Ergebnis")),
            Counted.NEEDS,
            result_labels,
            results,
        ),
        StatisticsTable(
            TableKey.TOPIC_RESULTS,
            tr("Ergebnisse nach Thema"),
            tr("Bei welchen Themen blieb etwas offen?"),
            (tr("Thema"), tr("Ergebnis"), Counted.NEEDS.label),
            Counted.NEEDS,
            topic_results,
        ),
        _closed(
            TableKey.UNMET_REASONS,
            (tr("Gründe"), tr("Warum wurde ein Anliegen nicht oder nur teilweise geklärt?"), tr("Grund")),
            Counted.NEEDS,
            {reason.value: reason.label for reason in UnmetReason},
            reasons,
            open_codes={"": tr("kein Grund angegeben")},
        ),
    )


# Referrals ------------------------------------------------------------------------------------------


def _referrals(counts: MonthCounts, names: Names) -> tuple[StatisticsTable, ...]:
    services: Counter[str] = Counter()
    partners: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    states: Counter[str] = Counter()
    partner_names: dict[str, str] = {}
    for (service_id, mode, state), number in counts.referrals.items():
        service = names.services[service_id]
        services[service_id] += number
        partners[service.organization_id] += number
        partner_names[service.organization_id] = service.organization
        modes[mode] += number
        states[state] += number
    service_rows = _by_frequency(
        StatisticsRow(names.services[key].name, names.services[key].organization, number)
        for key, number in services.items()
    )
    return (
        _closed(
            TableKey.PARTNERS,
            (tr("Partner"), tr("An wen wurde weitervermittelt?"), tr("Träger oder Anbieter")),
            Counted.REFERRALS,
            partner_names,
            partners,
            only_found=True,
        ),
        StatisticsTable(
            TableKey.SERVICES,
            tr("Angebote"),
            tr("An welche Angebote wurde weitervermittelt?"),
            (tr("Angebot"), tr("Träger oder Anbieter"), Counted.REFERRALS.label),
            Counted.REFERRALS,
            tuple(service_rows),
        ),
        _closed(
            TableKey.REFERRAL_MODES,
            (tr("Art der Weitervermittlung"), tr("Wie wurde weitervermittelt?"), tr("Art")),
            Counted.REFERRALS,
            {mode.value: mode.label for mode in ReferralMode},
            modes,
        ),
        _closed(
            TableKey.REFERRAL_STATES,
            (tr("Stand der Weitervermittlungen"), tr("Was wurde daraus?"), tr("Stand")),
            Counted.REFERRALS,
            {state.value: state.label for state in ReferralState},
            states,
        ),
    )


def _by_frequency(rows: Iterable[StatisticsRow]) -> list[StatisticsRow]:
    """Order rows by their number, equal ones by the alphabet."""
    return sorted(rows, key=lambda row: (-row.count, row.label.casefold(), row.second_label or ""))
