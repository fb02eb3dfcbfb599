"""The coverage matrix of a policy: for each requirement its rules, and what they read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace

from compliance.inventory.kinds import Kinds
from compliance.policy.manifest import measure_reads, read_facts, reads
from compliance.policy.model import BASES, Policy, Requirement, Rule

NONE = "-"
"""Stands in a table for nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement."""

    requirement: str
    """Id."""
    label: str
    """Citation."""
    title: str
    designation: str
    assessable: str
    """``yes``, ``partly`` or ``no``."""
    rules: tuple[str, ...]
    """Ids of the rules that cover it, those of the strongest basis first."""
    kinds: tuple[str, ...]
    """Kinds of subjects the rules are about."""
    facts: tuple[str, ...]
    """Facts the rules read, those of linked records and of completeness included."""
    basis: tuple[str, ...]
    """Bases of the rules, strongest first."""
    confidence: str
    """``verified`` or ``recalled``."""
    reason: str
    """Why an inventory cannot show it; empty where it can."""


COLUMNS = tuple(field.name for field in fields(Row))
"""Names of the columns, in order."""


def coverage(policy: Policy, kinds: Kinds) -> tuple[Row, ...]:
    """A row for each requirement, in the order of the policy."""
    covering: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        for requirement in rule.covers:
            covering.setdefault(requirement, []).append(rule)
    facts = {rule.id: _facts(policy, rule, kinds) for rule in policy.rules}
    return tuple(
        _row(requirement, covering.get(requirement.id, ()), facts)
        for requirement in policy.requirements
    )


def _row(
    requirement: Requirement, rules: Iterable[Rule], facts: Mapping[str, frozenset[str]]
) -> Row:
    ordered = sorted(rules, key=lambda rule: BASES.index(rule.basis))
    return Row(
        requirement=requirement.id,
        label=requirement.label,
        title=requirement.title,
        designation=requirement.designation,
        assessable=requirement.assessable,
        rules=tuple(rule.id for rule in ordered),
        kinds=tuple(sorted({rule.subject for rule in ordered})),
        facts=tuple(sorted(set().union(*(facts[rule.id] for rule in ordered)))),
        basis=tuple(dict.fromkeys(rule.basis for rule in ordered)),
        confidence=requirement.confidence,
        reason=requirement.not_assessable or "",
    )


def _facts(policy: Policy, rule: Rule, kinds: Kinds) -> frozenset[str]:
    """What a rule reads beyond the policy's own condition of applicability."""
    alone = replace(policy, rules=(rule,), applies={})
    found = [
        *read_facts(reads(alone, kinds), kinds),
        *read_facts(measure_reads(alone, kinds), kinds),
    ]
    return frozenset(f"{kind}.{path}" for kind, path in found)


def as_markdown(policy: Policy, rows: Iterable[Row]) -> str:
    """The matrix as a table, with what is counted above it."""
    rows = tuple(rows)
    lines = [f"# What {policy.id} {policy.version} covers", "", *_summary(rows), ""]
    lines += [
        "| requirement | title | designation | assessable | rules | kinds | basis | confidence |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        checked = "<br>".join(f"`{rule}`" for rule in row.rules) or _cell(row.reason) or NONE
        cells = [
            f"{_cell(row.label)}", _cell(row.title), row.designation, row.assessable, checked,
            ", ".join(row.kinds) or NONE, ", ".join(row.basis) or NONE, row.confidence,
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## Facts read", "", "| requirement | facts |", "|---|---|"]
    lines += [
        f"| {_cell(row.label)} | {', '.join(f'`{fact}`' for fact in row.facts)} |"
        for row in rows
        if row.facts
    ]
    return "\n".join(lines) + "\n"


def _summary(rows: tuple[Row, ...]) -> Iterator[str]:
    covered = sum(bool(row.rules) for row in rows)
    recalled = sum(row.confidence == "recalled" for row in rows)
    yield (
        f"{len(rows)} requirements: {covered} covered by at least one rule, "
        f"{len(rows) - covered} not assessable from an inventory; "
        f"{recalled} recalled and not checked against the source."
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def as_csv(rows: Iterable[Row]) -> str:
    """The matrix as CSV, several values in a cell joined by ``; ``."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (getattr(row, column) for column in COLUMNS)
        writer.writerow("; ".join(cell) if isinstance(cell, tuple) else cell for cell in cells)
    return stream.getvalue()


def as_json(policy: Policy, rows: Iterable[Row]) -> str:
    """The matrix as one JSON document."""
    document = {
        "schema": 1,
        "policy": policy.id,
        "version": policy.version,
        "requirements": [asdict(row) for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_text(policy: Policy, rows: Iterable[Row]) -> str:
    """The matrix for a terminal: a block for each requirement."""
    rows = tuple(rows)
    lines = [f"{policy.title} (policy {policy.id} {policy.version})", *_summary(rows), ""]
    for row in rows:
        lines.append(f"{row.label} {row.title} ({row.designation}; {row.confidence})")
        if row.reason:
            lines.append(f"  not assessable: {row.reason}")
        for name, values in (("rules", row.rules), ("kinds", row.kinds), ("facts", row.facts)):
            if values:
                lines.append(f"  {name}: {', '.join(values)}")
        if row.rules:
            lines.append(f"  basis: {', '.join(row.basis)}; assessable: {row.assessable}")
    return "\n".join(lines) + "\n"
