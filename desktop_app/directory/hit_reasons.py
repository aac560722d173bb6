"""Why a service was found: the matching letters of its name, and a German sentence fragment with the matching words."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.core.translation import tr
from desktop_app.directory.folding import fold, fold_with_positions, plain_text
from desktop_app.directory.records import ServiceHit, VerificationRecord
from desktop_app.directory.rules import TOPIC_NAMES
from desktop_app.directory.search import Found, Match, Texts

_NAME, _ORGANIZATION, _KEYWORDS, _PLACE, _DESCRIPTION = range(5)
_SNIPPET_BEFORE = 25
_SNIPPET_AFTER = 60

Span = tuple[int, int]


def explain(found: Found, texts: Texts, verified: VerificationRecord | None) -> ServiceHit:
    """Return the row of the result list for a candidate."""
    in_name = [match for match in found.matched if match.column == _NAME]
    return ServiceHit(
        service_id=found.service_id,
        service_name=found.service_name,
        organization_name=found.organization_name,
        place=found.place,
        phone=found.phone,
        topics=found.topics,
        last_verified=verified,
        match_spans=matching_spans(found.service_name, (match.candidates[0] for match in in_name)),
        reason=_reason(found, texts),
    )


def matching_spans(text: str, folded_words: Iterable[str]) -> tuple[Span, ...]:
    """Return where the folded words stand in `text`, merged and in order."""
    folded, positions = fold_with_positions(text)
    spans: list[Span] = []
    for word in folded_words:
        start = _position(folded, word)
        if start is not None:
            end = start + len(word)
            # A letter that folds to several (ß, the point of „Str.“) is marked whole.
            spans.append((positions[start], max(positions[end], positions[end - 1] + 1)))
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _position(folded: str, word: str) -> int | None:
    """Return where `word` stands, at the beginning of a word if possible."""
    if folded.startswith(word):
        return 0
    at_beginning = folded.find(" " + word)
    if at_beginning >= 0:
        return at_beginning + 1
    inside = folded.find(word)
    return inside if inside >= 0 else None


def _reason(found: Found, texts: Texts) -> str:
    """Return the parts of the reason, one per column that was hit."""
    by_column: dict[int, list[Match]] = {}
    for match in found.matched:
        by_column.setdefault(match.column, []).append(match)
    parts = [_part(column, by_column[column], found, texts) for column in sorted(by_column)]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _part(column: int, matches: list[Match], found: Found, texts: Texts) -> str:
    if column == _NAME:
        spans = matching_spans(found.service_name, (match.candidates[0] for match in matches))
        shown = ", ".join(f"„{_whole_words(found.service_name, span)}“" for span in spans)
        return tr("Name: {words}", words=shown) if shown else tr("Name")
    if column == _ORGANIZATION:
        return tr("Träger: {name}", name=found.organization_name)
    if column == _KEYWORDS:
        return _keyword_part(matches, found, texts)
    if column == _PLACE:
        return tr("Ort: {place}", place=found.place)
    return _description_part(matches, texts)


def _whole_words(text: str, span: Span) -> str:
    """Return the words that a span touches."""
    begin, end = span
    while begin > 0 and text[begin - 1].isalnum():
        begin -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[begin:end]


def _keyword_part(matches: list[Match], found: Found, texts: Texts) -> str:
    words = [match.candidates[0] for match in matches]
    topics = [TOPIC_NAMES.get(code, code) for code in found.topics]
    hit_topics = [name for name in topics if any(word in fold(name) for word in words)]
    if hit_topics:
        return tr("Thema: {names}", names=", ".join(hit_topics))
    if any(word.isdecimal() for word in words):
        return tr("Telefon: {number}", number=found.phone)
    if any(word in fold(texts.alternate_name) for word in words):
        return tr("Auch genannt: {name}", name=texts.alternate_name)
    return tr("Stichwort")


def _description_part(matches: list[Match], texts: Texts) -> str:
    for text in (plain_text(texts.description), plain_text(texts.eligibility)):
        folded, positions = fold_with_positions(text)
        for match in matches:
            for word in match.candidates:
                start = _position(folded, word)
                if start is not None:
                    return tr("Beschreibung: „{snippet}“", snippet=_snippet(text, positions[start]))
    return tr("weitere Angaben")


def _snippet(text: str, position: int) -> str:
    """Return the surroundings of a position, cut at spaces."""
    begin = max(0, position - _SNIPPET_BEFORE)
    if begin:
        space = text.find(" ", begin, position)
        begin = space + 1 if space >= 0 else position
    end = min(len(text), position + _SNIPPET_AFTER)
    if end < len(text):
        space = text.rfind(" ", position, end)
        end = space if space > position else end
    middle = " ".join(text[begin:end].split())
    return ("… " if begin else "") + middle + (" …" if end < len(text) else "")
