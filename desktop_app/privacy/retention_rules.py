"""The retention rules as the deletion concept names them: one declared list, `resources/privacy/retention.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from desktop_app.retention.records import DataKind


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One rule in the words of DIN 66398: a kind of data, when the period starts, how long it is, and who deletes."""

    number: str
    kind: str
    start: str
    """Type of the start: A collection, B end of the matter, C end of the relation."""
    start_text: str
    period: str
    reason: str
    how: str


def retention_rules(
    folder: Path, parts: Collection[str], months: Callable[[DataKind], int]
) -> tuple[RetentionRule, ...]:
    """Return the rules for the parts this program has; `months` tells the term that is in force."""
    rules = []
    for row in json.loads((folder / "retention.json").read_text(encoding="utf-8")):
        if row.get("part", "") and row["part"] not in parts:
            continue
        period = row["period"]
        if "rule" in row:
            period = period.replace("{months} Monate", _months_text(months(DataKind(row["rule"]))))
        is_built_in = row.get("needs", "retention") in parts
        rules.append(
            RetentionRule(
                number=row["number"],
                kind=row["kind"],
                start=row["start"],
                start_text=row["start_text"],
                period=period,
                reason=row["reason"],
                how=row["built_in" if is_built_in else "by_hand"],
            )
        )
    return tuple(rules)


def _months_text(months: int) -> str:
    return "1 Monat" if months == 1 else f"{months} Monate"


def rules_text(rules: Collection[RetentionRule]) -> str:
    """Return every rule as a heading with a small table, in the Markdown of the documents."""
    blocks = []
    for rule in rules:
        rows = (
            ("Datenart", rule.kind),
            ("Startzeitpunkt", f"({rule.start}) {rule.start_text}"),
            ("Regellöschfrist", rule.period),
            ("Begründung", rule.reason),
            ("Umsetzung", rule.how),
            ("Vom Büro festgelegt", "________"),
        )
        table = ["| Angabe | Inhalt |", "|------|----------|", *(f"| {name} | {text} |" for name, text in rows)]
        blocks.append("\n".join([f"### {rule.number} {_short(rule.kind)}", "", *table]))
    return "\n\n".join(blocks)


def classes_text(rules: Collection[RetentionRule]) -> str:
    """Return which rules begin with which type of start."""
    starts = {"A": "Erhebung", "B": "Ende des Vorgangs", "C": "Ende der Beziehung"}
    rows = [
        f"| {letter} | {name} | {', '.join(f'{rule.number} ({rule.period})' for rule in rules if rule.start == letter)} |"
        for letter, name in starts.items()
        if any(rule.start == letter for rule in rules)
    ]
    return "\n".join(["| Typ | Startzeitpunkt | Regeln und Fristen |", "|---|------|---------------|", *rows])


def _short(kind: str) -> str:
    return kind.partition(",")[0].partition(" (")[0]
