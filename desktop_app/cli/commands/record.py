"""Records a contact."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.command import Outcome
from desktop_app.cli.parser import CommandParser, WrongUsage
from desktop_app.cli.session import Session
from desktop_app.cli.shapes import contact_data
from desktop_app.cli.topics import find_topic
from desktop_app.cli.values import answer_of, choices_text, day, labels_of, same_word, word_of
from desktop_app.contacts.records import ContactEntry, NeedEntry, ReferralEntry
from desktop_app.contacts.vocabulary import (
    OUTSIDE_SOCIAL_SPACES,
    Channel,
    Depth,
    Fact,
    ReferralMode,
    Result,
    UnmetReason,
    fact_answers,
    open_answers,
)
from desktop_app.core.errors import InputError
from desktop_app.core.permissions import Action
from desktop_app.core.translation import tr

if TYPE_CHECKING:
    from desktop_app.settings.records import SocialSpace, Topic


@dataclass(frozen=True, slots=True)
class ResultWish:
    """`pflege=unmet:full`: an empty topic means the only one."""

    topic: str
    result: Result
    reason: UnmetReason | None


def add_arguments(parser: CommandParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--topic",
        action="append",
        required=True,
        metavar=tr("THEMA"),
        help=tr("worum es ging: Kürzel, Name oder Taste des Themas (mehrmals möglich)"),
    )
    parser.add_argument(
        "--channel",
        type=word_of(Channel),
        default=Channel.OFFICE,
        metavar=tr("WEG"),
        help=tr("wie die Person da war: {choices}", choices=choices_text(labels_of(Channel))),
    )
    parser.add_argument(
        "--depth",
        type=word_of(Depth),
        default=Depth.INFORMATION,
        metavar=tr("TIEFE"),
        help=tr("wie viel Hilfe es war: {choices}", choices=choices_text(labels_of(Depth))),
    )
    parser.add_argument(
        "--result",
        type=_result,
        action="append",
        default=[],
        metavar=tr("THEMA=ERGEBNIS:GRUND"),
        help=tr("was daraus wurde, zum Beispiel pflege=unmet:full. Ergebnis: {results}. Grund: {reasons}",
                results=choices_text(labels_of(Result)), reasons=choices_text(labels_of(UnmetReason))),
    )  # fmt: skip
    parser.add_argument(
        "--refer",
        type=_referral,
        action="append",
        default=[],
        metavar=tr("NUMMER:WIE:TAG"),
        help=tr("weitervermitteln an ein Angebot (Nummer aus „search“); wie: {choices}; Tag der Wiedervorlage",
                choices=choices_text(labels_of(ReferralMode))),
    )  # fmt: skip
    parser.add_argument("--material", default="", metavar=tr("TEXT"), help=tr("was mitgegeben wurde"))
    parser.add_argument(
        "--note-file",
        type=Path,
        metavar=tr("DATEI"),
        help=tr("Datei mit der vertraulichen Notiz („-“ liest die Eingabe); in der Befehlszeile steht sie nie"),
    )
    group = parser.add_argument_group(
        tr("Freiwillige Angaben"),
        tr("Überall gehen auch: {choices}. Ohne Angabe gilt die Frage als nicht gestellt.",
           choices=choices_text(open_answers())),
    )  # fmt: skip
    for fact in Fact:
        group.add_argument(
            f"--{fact.value.replace('_', '-')}",
            # Social spaces are the office's own: they are looked up once the database is open.
            type=str if fact is Fact.SOCIAL_SPACE else answer_of(fact),
            dest=fact.value,
            metavar=tr("ANTWORT"),
            help=tr("{question}: {choices}", question=fact.label, choices=_fact_choices(fact)),
        )


def run(session: Session, arguments: Namespace) -> Outcome:
    """Record."""
    note = session.text_of(arguments.note_file) if arguments.note_file is not None else ""
    with session.application() as application:
        topics = [find_topic(application.settings.topics(), word) for word in arguments.topic]
        entry = ContactEntry(
            channel=arguments.channel,
            needs=_needs(topics, arguments.result),
            referrals=tuple(arguments.refer),
            depth=arguments.depth,
            facts=_facts(arguments, application.settings.social_spaces()),
            material=arguments.material,
            note=note,
        )
        contact_id = application.contacts.record_contact(application.actor, entry)
        record = application.contact_queries.contact(contact_id)
        tells_notes = application.may(Action.READ_NOTES)
    names = ", ".join(need.topic_name for need in record.needs)
    lines = [tr("Gespeichert um {time}: {channel}, {topics}",
                time=f"{record.recorded_at:%H:%M}", channel=record.channel.label, topics=names)]  # fmt: skip
    lines += [
        tr("Weitervermittelt an {service} ({mode})", service=referral.service_name, mode=referral.mode.label)
        for referral in record.referrals
    ]
    return Outcome(lines, contact_data(record, tells_notes=tells_notes))


def _result(text: str) -> ResultWish:
    topic, separator, rest = text.partition("=")
    if not separator:
        topic, rest = "", text
    result, _, reason = rest.partition(":")
    return ResultWish(topic.strip(), word_of(Result)(result), word_of(UnmetReason)(reason) if reason.strip() else None)


def _referral(text: str) -> ReferralEntry:
    service_id, _, rest = text.strip().partition(":")
    mode, _, due = rest.partition(":")
    if not service_id:
        raise ArgumentTypeError(tr("Vor dem Doppelpunkt fehlt die Nummer des Angebots."))
    due_on: date | None = day(due) if due.strip() else None
    return ReferralEntry(service_id, word_of(ReferralMode)(mode) if mode.strip() else ReferralMode.NAMED, due_on)


def _needs(topics: Sequence[Topic], wishes: Sequence[ResultWish]) -> tuple[NeedEntry, ...]:
    chosen: dict[str, ResultWish] = {}
    for wish in wishes:
        if wish.topic:
            code = find_topic(topics, wish.topic).code
        elif len(topics) == 1:
            code = topics[0].code
        else:
            raise WrongUsage(tr("Bei mehreren Themen braucht jedes Ergebnis sein Thema: --result pflege=unmet:full"))
        if code in chosen:
            raise WrongUsage(tr("Für das Thema „{topic}“ stehen zwei Ergebnisse da.", topic=code))
        chosen[code] = wish
    met = ResultWish("", Result.MET, None)
    return tuple(
        NeedEntry(topic.code, chosen.get(topic.code, met).result, chosen.get(topic.code, met).reason)
        for topic in topics
    )


def _facts(arguments: Namespace, spaces: Sequence[SocialSpace]) -> dict[Fact, str]:
    facts = {fact: getattr(arguments, fact.value) for fact in Fact if getattr(arguments, fact.value) is not None}
    if Fact.SOCIAL_SPACE in facts:
        facts[Fact.SOCIAL_SPACE] = _space_code(facts[Fact.SOCIAL_SPACE], spaces)
    return facts


def _space_code(word: str, spaces: Sequence[SocialSpace]) -> str:
    labels = {**{space.space_id: space.name for space in spaces}, **fact_answers(Fact.SOCIAL_SPACE), **open_answers()}
    for code, label in labels.items():
        if same_word(word, code) or same_word(word, label):
            return code
    possible = ", ".join([*(space.name for space in spaces), OUTSIDE_SOCIAL_SPACES, *open_answers()])
    raise InputError(
        Fact.SOCIAL_SPACE.value,
        tr("Den Sozialraum „{word}“ gibt es hier nicht. Möglich: {possible}", word=word, possible=possible),
    )


def _fact_choices(fact: Fact) -> str:
    choices = choices_text(fact_answers(fact))
    return tr("ein Sozialraum des Büros, {choices}", choices=choices) if fact is Fact.SOCIAL_SPACE else choices
