"""Findings kept small: most are satisfied or not applicable and need no object of their own.

A row holds one subject under one policy: a byte a rule, and whole findings where there is more to
say. Plain findings are made while somebody walks over them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compliance.assessment.findings import OPEN_STATUSES
from compliance.assessment.model import NOT_APPLICABLE, SATISFIED, Finding, Outline
from compliance.inventory.store import Record

NO_FINDING, PLAIN_SATISFIED, PLAIN_NOT_APPLICABLE = 0, 1, 2
_PLAIN = {PLAIN_SATISFIED: SATISFIED, PLAIN_NOT_APPLICABLE: NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Row:
    """What one policy found about one subject."""

    record: Record
    codes: bytes
    """For each rule of the kind, in order: no plain finding, satisfied or not applicable."""
    findings: Mapping[str, Outline]
    """Findings with more to say, by rule id, sorted."""


PlainFinding = Callable[[Record, int, str], Finding]
"""Makes the finding of a record, the number of a rule among those of its kind, and a status."""


@dataclass(frozen=True, slots=True)
class PolicyRows:
    """All rows of one policy, in the order of kind and id."""

    policy: str
    rules: Mapping[str, Sequence[str]]
    """Ids of the rules of each kind, sorted."""
    rows: Sequence[Row]
    plain: PlainFinding

    def of(self, row: Row) -> Iterator[Finding]:
        """The findings of a row by rule id."""
        rules = self.rules[row.record.kind]
        coded = [(rules[index], index) for index, code in enumerate(row.codes) if code]
        named = [(rule, -1) for rule in row.findings]
        for rule, index in sorted([*coded, *named]):
            if index < 0:
                yield row.findings[rule].whole()
            else:
                yield self.plain(row.record, index, _PLAIN[row.codes[index]])

    def get(self, row: Row, rule: str) -> Finding | None:
        """The finding of one rule in a row, or None."""
        if rule in row.findings:
            return row.findings[rule].whole()
        rules = self.rules[row.record.kind]
        index = rules.index(rule) if rule in rules else -1
        if index < 0 or row.codes[index] == NO_FINDING:
            return None
        return self.plain(row.record, index, _PLAIN[row.codes[index]])


class RowFindings:
    """The findings of an assessment in memory."""

    def __init__(self, agency: str, policies: Sequence[PolicyRows]) -> None:
        self._agency = agency
        self._policies = {policy.policy: policy for policy in policies}
        self._size = sum(
            len(row.findings) + len(row.codes) - row.codes.count(NO_FINDING)
            for policy in policies
            for row in policy.rows
        )
        self._index: dict[tuple[str, str, str], Row] | None = None

    def __iter__(self) -> Iterator[Finding]:
        for policy, row in self._rows():
            yield from policy.of(row)

    def __len__(self) -> int:
        return self._size

    def get(self, finding_id: str) -> Finding | None:
        """The finding of that id, or None."""
        agency, _, rest = finding_id.partition("/")
        policy_id, _, rest = rest.partition("/")
        rule, _, subject = rest.partition("/")
        kind, _, record_id = subject.partition(":")
        policy = self._policies.get(policy_id)
        if agency != self._agency or policy is None:
            return None
        row = self._indexed().get((policy_id, kind, record_id))
        if row is None:
            return None
        return policy.get(row, rule)

    def open(self) -> Iterator[Finding]:
        """Errors, gaps and unknowns alone, in order."""
        return (one.whole() for one in self.notable() if one.status in OPEN_STATUSES)

    def notable(self) -> Iterator[Outline]:
        """All but the satisfied and not applicable ones with nothing more to tell, in order."""
        for _policy, row in self._rows():
            yield from row.findings.values()

    def _rows(self) -> Iterator[tuple[PolicyRows, Row]]:
        streams = (
            [((row.record.kind, row.record.id, name), row) for row in policy.rows]
            for name, policy in self._policies.items()
        )
        for (_kind, _id, name), row in heapq.merge(*streams, key=lambda pair: pair[0]):
            yield self._policies[name], row

    def _indexed(self) -> Mapping[tuple[str, str, str], Row]:
        if self._index is None:
            self._index = {
                (name, row.record.kind, row.record.id): row
                for name, policy in self._policies.items()
                for row in policy.rows
            }
        return self._index
