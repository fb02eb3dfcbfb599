"""Makes the questions of an assessment: each missing fact of each record once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from compliance.asking.allowed import allowed_answers, offered
from compliance.asking.model import (
    APPLICABILITY,
    STAGES,
    UPCOMING,
    Question,
    Questions,
    Why,
)
from compliance.asking.strictest import compared
from compliance.assessment.asked import settled_path
from compliance.assessment.model import (
    APPLIES,
    SEVERITIES,
    UNKNOWN,
    AskedRecord,
    Assessment,
    Finding,
    Leaf,
    PolicyRun,
    Settling,
)
from compliance.inventory.answers import (
    DONT_KNOW,
    NOT_APPLICABLE,
    SEE_EVIDENCE,
    WITH_VALUE,
    Answer,
    FactPath,
    fact_path,
)
from compliance.inventory.kinds import Kinds

_BINDING = "binding"
_CONDITIONS = (APPLIES, "when")
_TO_ENTER = "{}: which are missing, or not filled in?"
_ENTER = (
    "No answer here: list in the inventory itself the records that are missing, and fill in what "
    "the rules beside this ask of each."
)
_Key = tuple[str, str]
"""Subject and path of the fact below its kind."""


def questions(assessment: Assessment, kinds: Kinds, answers: Iterable[Answer] = ()) -> Questions:
    """What has to be asked so that the unknown findings of an assessment are settled.

    Each fact of each record stands there once: what decides whether rules apply first, then what
    the law asks, guidance, the bureau's standard and good practice, and last what is not yet in
    force; within each those that most findings wait for, of equals the most severe, and of equals
    again all records of one fact together.

    Args:
        assessment: with its records named; one that was reduced has no questions.
        kinds: all kinds.
        answers: answers that the inventory holds already; those without a value are told.
    """
    gathered = _Gathering(assessment, kinds, answers)
    for finding in assessment.findings.open():
        if finding.status == UNKNOWN:
            gathered.add(finding)
    items = gathered.in_order()
    meta = assessment.metadata
    return Questions(
        agency=meta.agency,
        as_of=meta.as_of,
        items=tuple(gathered.question(number, one) for number, one in enumerate(items, 1)),
        agency_name=meta.agency_name,
        policies=tuple(f"{policy.id} {policy.version}" for policy in assessment.policies),
        marking=meta.marking,
        folder=_folder(meta.inventory),
        roles=dict(sorted(Counter(one.path.fact.asked_of for one in items).items())),
    )


@dataclass(slots=True)
class _Open:
    """One question while it is gathered."""

    subject: str
    path: FactPath
    record: AskedRecord
    stage: int = len(STAGES)
    severity: int = len(SEVERITIES)
    findings: int = 0
    why: dict[tuple[str, str], Why] = field(default_factory=dict)
    tests: dict[str, list[Leaf]] = field(default_factory=dict)
    """By binding policy: what rules test to be satisfied."""
    mend: str | None = None

    @property
    def full_path(self) -> str:
        """The fact without numbers of members, headed by its kind."""
        if self.path.list is None:
            return self.path.fact.full_path
        return f"{self.subject.partition('/')[0]}.{self.path.list}.{self.path.fact.path}"


class _Gathering:
    def __init__(self, assessment: Assessment, kinds: Kinds, answers: Iterable[Answer]) -> None:
        self._kinds = kinds
        self._earlier = {
            (one.subject, one.fact): one for one in answers if one.answer != WITH_VALUE
        }
        self._policies = {policy.id: policy for policy in assessment.policies}
        self._labels = {
            policy.id: {one.id: one.cited for one in policy.requirements}
            for policy in assessment.policies
        }
        self._records = {(one.subject, one.member): one for one in assessment.summary.asked}
        self._wrong = {
            wrong.path: wrong.position
            for wrong in assessment.summary.wrong_values
            if wrong.as_unknown
        }
        self._open: dict[_Key, _Open] = {}

    def add(self, finding: Finding) -> None:
        """Ask for what would settle a finding."""
        seen: set[_Key] = set()
        for settling in finding.settling:
            found = self._found(settling)
            if found is not None:
                key = (found.subject, found.path.text)
                self._take(found, settling, finding, again=key in seen)
                seen.add(key)

    def in_order(self) -> list[_Open]:
        """The questions in the order in which they are asked."""
        return sorted(
            self._open.values(),
            key=lambda one: (
                one.stage,
                -one.findings,
                one.severity,
                one.full_path,
                one.subject,
                one.path.number,
            ),
        )

    def question(self, number: int, one: _Open) -> Question:
        """A question as it is asked."""
        fact = one.path.fact
        asks, strictest = compared(one.tests)
        enter = fact.type == "reverse"
        return Question(
            number=number,
            subject=one.subject,
            fact=one.path.text,
            about=one.record.about,
            title=fact.title,
            text=_TO_ENTER.format(fact.title) if enter else fact.question or fact.title,
            stage=STAGES[one.stage],
            severity=SEVERITIES[one.severity],
            findings=one.findings,
            allowed=_ENTER if enter else allowed_answers(fact, self._kinds),
            choices=() if enter else offered(fact),
            asked_of=fact.asked_of,
            name=one.record.name,
            label=one.record.label,
            why=tuple(sorted(one.why.values(), key=_why_rank)),
            asks=asks,
            strictest=strictest,
            sensitive=fact.sensitive,
            mend=one.mend,
            enter=enter,
            earlier=_told(self._earlier.get((one.subject, one.path.text))),
        )

    def _found(self, settling: Settling) -> _Open | None:
        """The question that a missing fact belongs to, made where there is none yet."""
        path = settled_path(self._kinds, settling) or self._records_missing(settling)
        hole = path is None
        if path is None:
            # A member of a list of plain values: the list as a whole is asked for.
            kind, _, rest = settling.path.partition(".")
            path = fact_path(self._kinds[kind], rest)
        member = f"{path.list}[{path.number}]" if path is not None and path.list else None
        record = self._records.get((settling.subject, member))
        if path is None or record is None:
            return None
        key = (settling.subject, path.text)
        if key not in self._open:
            self._open[key] = _Open(settling.subject, path, record)
            self._open[key].mend = self._wrong_at(settling.subject, path.text)
        if hole and self._open[key].mend is None:
            self._open[key].mend = "where it stands in the inventory"
        return self._open[key]

    def _records_missing(self, settling: Settling) -> FactPath | None:
        """The list of records that something waits for, which nobody enters as a fact."""
        kind, _, rest = settling.path.partition(".")
        fact = self._kinds[kind].facts.get(rest)
        return FactPath(fact) if fact is not None and fact.type == "reverse" else None

    def _wrong_at(self, subject: str, fact: str) -> str | None:
        """Where a value stands that could not be used, or a member of it."""
        exact = self._wrong.get(f"{subject} {fact}")
        if exact is not None:
            return exact
        head = f"{subject} {fact}["
        return next((at for path, at in self._wrong.items() if path.startswith(head)), None)

    def _take(self, one: _Open, settling: Settling, finding: Finding, *, again: bool) -> None:
        leaves = [leaf for leaf in finding.leaves if leaf.outcome == UNKNOWN]
        own = [leaf for leaf in leaves if _reads(leaf, settling)]
        stage = self._stage(finding, leaves, own)
        one.stage = min(one.stage, STAGES.index(stage))
        one.severity = min(one.severity, SEVERITIES.index(finding.severity))
        if not again:
            one.findings += max(1, len(finding.rules))
        policy = self._policies[finding.policy]
        for why in self._why(finding, policy, applies=stage == APPLICABILITY):
            one.why.setdefault((why.policy, why.rule), why)
        for leaf in own:
            if leaf.state == "known" and isinstance(leaf.observed, list) and None in leaf.observed:
                one.mend = one.mend or leaf.position
            if policy.binding == _BINDING and leaf.part not in _CONDITIONS:
                one.tests.setdefault(policy.id, []).append(leaf)

    def _stage(self, finding: Finding, leaves: list[Leaf], own: list[Leaf]) -> str:
        if finding.upcoming:
            return UPCOMING
        if finding.rule == APPLIES:
            return APPLICABILITY
        # A fact that a worked-out list needs is read by no leaf of its own: all of them speak.
        deciding = own or leaves
        if deciding and all(leaf.part in _CONDITIONS for leaf in deciding):
            return APPLICABILITY
        return finding.basis

    def _why(self, finding: Finding, policy: PolicyRun, *, applies: bool) -> Iterator[Why]:
        labels = self._labels[policy.id]
        names: Iterable[str] = finding.rules if finding.rule == APPLIES else (finding.rule,)
        for name in names:
            rule = policy.rule(name)
            if rule is not None:
                citations = tuple(labels.get(covered, covered) for covered in rule.covers)
                basis = rule.basis if finding.rule == APPLIES else finding.basis
                yield Why(
                    policy.id, name, rule.title, basis, rule.severity, citations, applies
                )  # fmt: skip


def _told(answer: Answer | None) -> str | None:
    """An earlier answer as people read it: ``don't know (help desk, 2026-11-02)``."""
    if answer is None:
        return None
    said = {
        DONT_KNOW: "don't know",
        NOT_APPLICABLE: f"not applicable because {answer.reason}",
        SEE_EVIDENCE: f"see {answer.evidence}",
    }[answer.answer]
    by = f"{answer.by}, " if answer.by else ""
    return f"{said} ({by}{answer.answered_on})"


def _reads(leaf: Leaf, settling: Settling) -> bool:
    same = leaf.path == settling.path and leaf.subject == settling.subject
    return same and leaf.element == settling.element


def _why_rank(why: Why) -> tuple[int, str, str]:
    return SEVERITIES.index(why.severity), why.policy, why.rule


def _folder(inventory: Mapping[str, str]) -> str:
    """The folder that holds all files of an inventory."""
    folders = [PurePath(path).parent for path in inventory]
    if not folders or len({folder.is_absolute() for folder in folders}) > 1:
        return "."
    return PurePath(os.path.commonpath(folders)).as_posix()
