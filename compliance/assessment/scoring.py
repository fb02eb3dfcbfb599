"""How requirements come out: by the findings of every subject, one requirement at a time.

A requirement is met when every applicable subject satisfies every rule of the requirement's own
basis or stronger. Rules of weaker basis are counted apart, and so is a gap that only a parameter of
weaker basis makes: it leaves the requirement open, because the words of its source are not shown to
be broken. A subject may meet an alternative instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from compliance.assessment.alternatives import FALLS_SHORT, families, hold
from compliance.assessment.dates import Force, requirement_force
from compliance.assessment.model import (
    BASES,
    BY_DOCUMENTED_DECISION,
    ERROR,
    GAP,
    NOT_APPLICABLE,
    OUTER_LIMIT_ONLY,
    SATISFIED,
    STATUSES,
    UNKNOWN,
    RequirementText,
)
from compliance.inventory.kinds import AGENCY
from compliance.policy.model import Requirement, Rule

MET, NOT_MET, NOT_ASSESSABLE = "met", "not_met", "not_assessable"

_RANK = {
    status: rank
    for rank, status in enumerate((ERROR, GAP, UNKNOWN, FALLS_SHORT, SATISFIED, NOT_APPLICABLE))
}
_WORDS = {
    MET: "met",
    NOT_MET: "not met",
    UNKNOWN: "unknown",
    NOT_APPLICABLE: "not applicable",
    NOT_ASSESSABLE: "not assessable",
}


@dataclass(slots=True)
class _Score:
    """One requirement while findings are added up."""

    requirement: Requirement
    force: Force
    rules: tuple[str, ...]
    weaker: tuple[str, ...]
    kinds: tuple[str, ...]
    """Kinds of the rules of its own basis or stronger."""
    by_kind: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    """The two groups of rules by kind."""
    subjects: Counter[str] = field(default_factory=Counter)
    weaker_subjects: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    bureau_only: int = 0
    """Subjects that fall short of a parameter of weaker basis alone."""
    met_by: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """Subjects that other requirements satisfy, by the ids of these."""
    may_be_met_by: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """Subjects with a gap that others may satisfy, which is unknown, by the ids of these."""

    def count(self, status: str) -> None:
        """Count a subject."""
        if status == FALLS_SHORT:
            self.bureau_only += 1
            status = UNKNOWN
        self.subjects[status] += 1


class Scores:
    """The requirements of one policy."""

    def __init__(
        self,
        requirements: Sequence[Requirement],
        rules: Sequence[Rule],
        forces: Mapping[str, Force],
        binding: str,
        as_of: str,
    ) -> None:
        """Assign the rules to the requirements.

        Args:
            requirements: the policy's requirements.
            rules: the policy's rules.
            forces: how far each rule holds, by rule id.
            binding: the policy's.
            as_of: ISO date of the assessment.
        """
        self._scores = [
            _score(one, requirement_force(one, binding, as_of), rules, forces)
            for one in requirements
        ]
        self._by_id = {score.requirement.id: score for score in self._scores}
        self._families = families(
            {name: score.requirement.alternative_to for name, score in self._by_id.items()},
            lambda one, other: _counts_for(self._by_id[one], self._by_id[other]),
        )
        self._by_kind: dict[str, list[_Score]] = {}
        self._by_rule: dict[str, list[_Score]] = {}
        for score in self._scores:
            for kind in score.by_kind:
                self._by_kind.setdefault(kind, []).append(score)
            for rule in score.rules:
                self._by_rule.setdefault(rule, []).append(score)

    def add(self, kind: str, statuses: Mapping[str, str], weak: Mapping[str, str]) -> None:
        """Count one subject.

        Args:
            kind: its kind.
            statuses: final status by rule id, those of rules not yet in force included.
            weak: the basis of its gaps that are of weaker basis than their rule.
        """
        own: dict[str, str] = {}
        for score in self._by_kind.get(kind, ()):
            rules, weaker = score.by_kind[kind]
            strict_ones = [statuses[rule] for rule in rules if rule in statuses]
            weaker_ones = [statuses[rule] for rule in weaker if rule in statuses]
            if weak:
                strict_ones, apart = self._parted(score.requirement, rules, statuses, weak)
                weaker_ones += apart
            if strict_ones:
                status = min(strict_ones, key=_RANK.__getitem__)
                if score.requirement.id in self._families:
                    own[score.requirement.id] = status
                else:
                    score.count(status)
            if weaker_ones:
                score.weaker_subjects[min(weaker_ones, key=_RANK.__getitem__)] += 1
        if own:
            self._hold(own)

    def _hold(self, own: Mapping[str, str]) -> None:
        """Count a subject for the requirements that replace or are replaced."""
        for name, held in hold(own, self._families):
            score = self._by_id[name]
            score.count(held.status)
            if held.by and held.status == SATISFIED:
                score.met_by[held.by] += 1
            elif held.status == UNKNOWN and own[name] == GAP:
                score.may_be_met_by[held.by] += 1

    def add_mark(self, rule: str, mark: str) -> None:
        """Count a mark of one finding."""
        for score in self._by_rule.get(rule, ()):
            score.marks[mark] += 1

    @staticmethod
    def _parted(
        requirement: Requirement,
        rules: Sequence[str],
        statuses: Mapping[str, str],
        weak: Mapping[str, str],
    ) -> tuple[list[str], list[str]]:
        """Statuses under the requirement's own basis, and the gaps of weaker basis.

        The latter leave the requirement open.
        """
        own, apart = [], []
        for rule in rules:
            status = statuses.get(rule)
            if status is None:
                continue
            if rule in weak and _weaker(weak[rule], requirement.basis):
                apart.append(status)
                status = FALLS_SHORT
            own.append(status)
        return own, apart

    def texts(
        self, records: Mapping[str, int], complete: Callable[[str], bool]
    ) -> tuple[RequirementText, ...]:
        """How every requirement came out, in the order of the policy.

        Args:
            records: number of records by kind.
            complete: whether the inventory is stated to list every record of a kind.
        """
        return tuple(
            _text(score, *self._status(score, records, complete)) for score in self._scores
        )

    def _status(
        self, score: _Score, records: Mapping[str, int], complete: Callable[[str], bool]
    ) -> tuple[str, str]:
        """The status of a requirement with its words, other requirements named by their labels."""
        status, words = _status(score, records, complete)
        if status == MET and score.met_by:
            return status, f"{words}, {self._by(score.met_by)}"
        unknown, may_be = score.subjects[UNKNOWN], score.may_be_met_by
        if status == UNKNOWN and unknown and may_be.total() == unknown:
            return status, f"{words}: a gap unless met {self._by(may_be)}"
        return status, words

    def _by(self, counted: Counter[tuple[str, ...]]) -> str:
        """For how many records others count: ``by 45 CFR 164.314(a)(2)(ii) for 1 record``."""
        parts = []
        for names, records in sorted(counted.items()):
            labels = " and ".join(self._by_id[name].requirement.label for name in names)
            parts.append(f"by {labels} for {records:,} {'record' if records == 1 else 'records'}")
        return ", ".join(parts)


def _score(
    requirement: Requirement, force: Force, rules: Sequence[Rule], forces: Mapping[str, Force]
) -> _Score:
    covering = [
        rule
        for rule in rules
        if requirement.id in rule.covers and (force.upcoming or not forces[rule.id].upcoming)
    ]
    weaker = [rule for rule in covering if _weaker(rule.basis, requirement.basis)]
    strict = [rule for rule in covering if rule not in weaker]
    kinds = sorted({rule.subject for rule in covering})
    return _Score(
        requirement,
        force,
        tuple(rule.id for rule in strict),
        tuple(rule.id for rule in weaker),
        tuple(sorted({rule.subject for rule in strict})),
        {
            kind: (
                tuple(rule.id for rule in strict if rule.subject == kind),
                tuple(rule.id for rule in weaker if rule.subject == kind),
            )
            for kind in kinds
        },
    )


def _counts_for(one: _Score, other: _Score) -> bool:
    """Whether a requirement may be met by another: what is not yet in force meets nothing today."""
    early = other.force.upcoming is not None and one.force.upcoming is None
    return not early and _not_checked(other) is None


def _weaker(basis: str, than: str) -> bool:
    return BASES.index(basis) > BASES.index(than)


def _status(
    score: _Score, records: Mapping[str, int], complete: Callable[[str], bool]
) -> tuple[str, str]:
    """The status of a requirement with its words."""
    found = _not_checked(score) or _open(score, records, complete)
    if found:
        return found
    if not score.subjects[SATISFIED]:
        return NOT_APPLICABLE, _WORDS[NOT_APPLICABLE]
    words = [_WORDS[MET]]
    if score.requirement.assessable == "partly":
        words.append("as far as an inventory shows")
    if not all(complete(kind) for kind in score.kinds if kind != AGENCY):
        words.append("for the records listed")
    return MET, " ".join(words)


def _not_checked(score: _Score) -> tuple[str, str] | None:
    """The status of a requirement that no finding speaks of."""
    if score.requirement.assessable == "no":
        return NOT_ASSESSABLE, _WORDS[NOT_ASSESSABLE]
    if score.force.ended:
        return NOT_APPLICABLE, f"no longer in force after {score.force.ended}"
    if score.rules:
        return None
    what = "only rules of weaker basis check it" if score.weaker else "no rule in force checks it"
    return NOT_ASSESSABLE, f"not assessable: {what}"


def _open(
    score: _Score, records: Mapping[str, int], complete: Callable[[str], bool]
) -> tuple[str, str] | None:
    """The status of a requirement that is not met or cannot be told."""
    subjects = score.subjects
    if subjects[GAP]:
        return NOT_MET, _WORDS[NOT_MET]
    if subjects[UNKNOWN] or subjects[ERROR]:
        if score.bureau_only and score.bureau_only == subjects[UNKNOWN] + subjects[ERROR]:
            return UNKNOWN, "unknown: what falls short is a value of weaker basis"
        return UNKNOWN, _WORDS[UNKNOWN]
    for kind in score.kinds:
        # A missing record is never satisfied.
        if kind != AGENCY and not records.get(kind) and not complete(kind):
            return (
                UNKNOWN,
                f"unknown: no {kind} is listed, and the list is not stated to be complete",
            )
    return None


def _text(score: _Score, status: str, text: str) -> RequirementText:
    requirement, dates = score.requirement, score.requirement.dates
    made = RequirementText(
        id=requirement.id,
        label=requirement.label,
        title=requirement.title,
        group=requirement.group,
        designation=requirement.designation,
        basis=requirement.basis,
        assessable=requirement.assessable,
        status=status,
        text=text,
        not_assessable=requirement.not_assessable,
        note=requirement.note or None,
        confidence=requirement.confidence,
        controls=requirement.controls,
        alternative_to=requirement.alternative_to,
        in_force_from=dates.in_force_from,
        enforced_from=dates.enforced_from,
        sanctioned_from=dates.sanctioned_from,
        until=dates.until,
    )
    return replace(
        made,
        upcoming=score.force.upcoming is not None,
        rules=score.rules,
        weaker_rules=score.weaker,
        subjects=_counts(score.subjects),
        weaker_subjects=_counts(score.weaker_subjects),
        documented_decisions=score.marks[BY_DOCUMENTED_DECISION],
        outer_limits=score.marks[OUTER_LIMIT_ONLY],
    )


def _counts(counter: Counter[str]) -> dict[str, int]:
    return {status: counter[status] for status in STATUSES if counter[status]}
