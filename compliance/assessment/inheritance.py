"""What a provider's statement does to the findings of those it provides for: a table of enums.

A statement covers a finding when it names the subject as a consumer and lists every requirement of
the finding's rule. No condition is evaluated here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from compliance.assessment.model import (
    ERROR,
    GAP,
    NOT_APPLICABLE,
    SATISFIED,
    UNKNOWN,
    Inherited,
)

FULL = "full"
NO_EFFECT = "none"

_WORST_FIRST = (GAP, UNKNOWN, SATISFIED, NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A provider's statement that it carries requirements for named consumers."""

    provider: str
    """``kind/id``."""
    requirements: frozenset[str]
    consumers: frozenset[str]
    extent: str
    """full or shared."""
    provider_status: str
    """satisfied, gap, unknown or not_applicable."""
    assessed_on: str | None = None
    expires_on: str | None = None
    consumer_does: str | None = None
    by: str | None = None
    evidence: str | None = None
    position: str | None = None

    def valid(self, as_of: str) -> bool:
        """Whether it is dated, not later than ``as_of``, and has not expired."""
        dated = self.assessed_on is not None and self.assessed_on <= as_of
        return dated and (self.expires_on is None or self.expires_on >= as_of)


def worse(statuses: Iterable[str]) -> str | None:
    """The worst of some statuses, None of none; an error is as good as unknown."""
    ranks = [_WORST_FIRST.index(UNKNOWN if status == ERROR else status) for status in statuses]
    return _WORST_FIRST[min(ranks)] if ranks else None


def inherit(own: str, provider: str, extent: str, valid: bool) -> str:
    """The status of a finding that a statement covers.

    Args:
        own: the finding's status without the statement.
        provider: the provider's status, satisfied, gap, unknown or not_applicable.
        extent: full or shared.
        valid: whether the statement is in force on the date of the assessment.

    Returns:
        ``own`` for not_applicable, error and gap. Else a gap where the provider has one, whatever
        the extent and the dates: a stale statement does not talk known trouble away. Else ``own``
        for satisfied. Else, for unknown, the provider's status under a valid full statement.
    """
    if own not in (SATISFIED, UNKNOWN):
        return own
    if provider == GAP:
        return GAP
    return provider if own == UNKNOWN and extent == FULL and valid else own


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finding's status after the statements that cover it."""

    status: str
    statements: tuple[Inherited, ...] = ()
    provider: str | None = None
    """Who gave the status; None where it is the finding's own."""


class Inheritance:
    """The statements of one inventory."""

    def __init__(self, statements: Sequence[Statement], as_of: str) -> None:
        """Index the statements.

        Args:
            statements: in the order of the inventory's files.
            as_of: ISO date of the assessment.
        """
        self._as_of = as_of
        self._by_consumer: dict[str, list[Statement]] = {}
        for statement in statements:
            for consumer in statement.consumers:
                self._by_consumer.setdefault(consumer, []).append(statement)
        self.providers = tuple(sorted({statement.provider for statement in statements}))

    def consumer(self, record: str) -> bool:
        """Whether any statement names a record (``kind/id``) as a consumer."""
        return record in self._by_consumer

    def covering(self, record: str, covers: Sequence[str]) -> list[Statement]:
        """The statements that cover a rule of these requirements for a record."""
        if not covers:
            return []
        wanted = set(covers)
        found = self._by_consumer.get(record, ())
        return [statement for statement in found if wanted <= statement.requirements]

    def apply(
        self,
        record: str,
        covers: Sequence[str],
        own: str,
        provider_status: Callable[[Statement, Sequence[str]], str],
    ) -> Outcome:
        """The status of a finding after all statements that cover it.

        A gap of any provider counts; of several that would give an unknown its status, the worst.

        Args:
            record: the subject as ``kind/id``.
            covers: requirements of the rule.
            own: the finding's status without statements.
            provider_status: the provider's status for these requirements, its own findings
                counted in.
        """
        statements = self.covering(record, covers)
        if not statements:
            return Outcome(own)
        given: list[tuple[str, Statement]] = []
        notes = []
        for statement in statements:
            provider = provider_status(statement, covers)
            valid = statement.valid(self._as_of)
            status = inherit(own, provider, statement.extent, valid)
            takes = own == UNKNOWN and statement.extent == FULL and valid
            acts = status != own or takes
            if acts:
                given.append((status, statement))
            notes.append(_note(statement, provider, valid, status if acts else NO_EFFECT))
        if not given:
            return Outcome(own, tuple(notes))
        status, statement = min(given, key=lambda pair: _WORST_FIRST.index(pair[0]))
        return Outcome(status, tuple(notes), statement.provider)


class Providers:
    """What providers of the same inventory find about themselves.

    A provider may inherit in turn; statements that lead in a circle count by the findings alone.
    """

    def __init__(
        self,
        inheritance: Inheritance,
        findings: Mapping[str, Mapping[str, str]],
        covers: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Keep what is needed to answer.

        Args:
            inheritance: the statements.
            findings: by provider (``kind/id``), status by rule id, as far as it counts today.
            covers: requirements by rule id.
        """
        self._inheritance = inheritance
        self._findings = findings
        self._covers = covers
        self._walking: set[tuple[str, str]] = set()

    def status(self, statement: Statement, covers: Sequence[str]) -> str:
        """The worse of what a statement says and the provider's own findings on requirements."""
        own = [statement.provider_status]
        wanted = set(covers)
        for rule, status in self._findings.get(statement.provider, {}).items():
            if wanted.isdisjoint(self._covers[rule]):
                continue
            own.append(self._resolved(statement.provider, rule, status))
        return worse(own) or UNKNOWN

    def _resolved(self, provider: str, rule: str, status: str) -> str:
        step = (provider, rule)
        if step in self._walking or not self._inheritance.consumer(provider):
            return status
        self._walking.add(step)
        try:
            covers = self._covers[rule]
            return self._inheritance.apply(provider, covers, status, self.status).status
        finally:
            self._walking.discard(step)


def _note(statement: Statement, provider: str, valid: bool, effect: str) -> Inherited:
    return Inherited(
        provider=statement.provider,
        extent=statement.extent,
        provider_status=provider,
        valid=valid,
        effect=effect,
        assessed_on=statement.assessed_on,
        expires_on=statement.expires_on,
        consumer_does=statement.consumer_does,
        by=statement.by,
        evidence=statement.evidence,
        position=statement.position,
    )
