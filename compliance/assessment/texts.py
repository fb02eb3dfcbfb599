"""The texts of facts, rules, requirements and policies that a saved assessment carries along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.policy.model import Migration


@dataclass(frozen=True, slots=True)
class FactText:
    """What a report says about a fact."""

    path: str
    title: str
    question: str = ""
    asked_of: str = ""
    """Role of the person who usually knows."""
    type: str = "string"
    choices: tuple[Any, ...] = ()
    """Allowed values, where they are a closed list."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as reports print it."""

    id: str
    title: str
    subject: str
    severity: str
    basis: str
    covers: tuple[str, ...]
    remediation: str
    section: str = ""
    effort: str | None = None
    due_days: int | None = None
    """Days from being found within which a gap is to be closed, where the policy says."""
    due_basis: str | None = None
    """Why that time holds."""
    question: str | None = None
    in_force_from: str | None = None
    enforced_from: str | None = None
    sanctioned_from: str | None = None
    until: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """Findings of the rule by status; findings marked upcoming under ``upcoming`` alone."""


@dataclass(frozen=True, slots=True)
class RequirementText:
    """A requirement as reports print it, with how it came out."""

    id: str
    label: str
    title: str
    group: str
    designation: str
    basis: str
    assessable: str
    """yes, partly or no."""
    status: str
    """One of ``REQUIREMENT_STATUSES``: by the rules of the requirement's basis or stronger."""
    text: str
    """The status in words, such as ``met as far as an inventory shows``."""
    not_assessable: str | None = None
    """Why no inventory can show it."""
    note: str | None = None
    confidence: str | None = None
    controls: tuple[str, ...] = ()
    """NIST SP 800-53 controls that answer to it."""
    alternative_to: str | None = None
    in_force_from: str | None = None
    enforced_from: str | None = None
    sanctioned_from: str | None = None
    until: str | None = None
    upcoming: bool = False
    """Not in force on the date of the assessment, or proposed: enters no count of requirements."""
    rules: tuple[str, ...] = ()
    """Rules of its own basis or stronger."""
    weaker_rules: tuple[str, ...] = ()
    """Rules of weaker basis (``bureau's standard``), counted apart."""
    subjects: Mapping[str, int] = field(default_factory=dict)
    """Subjects by their worst status under ``rules``."""
    weaker_subjects: Mapping[str, int] = field(default_factory=dict)
    """Subjects by their worst status under ``weaker_rules``."""
    documented_decisions: int = 0
    """Findings satisfied by a documented decision."""
    outer_limits: int = 0
    """Findings satisfied against an outer limit only."""

    @property
    def cited(self) -> str:
        """The citation, with a word where nobody has checked it against the source."""
        recalled = self.confidence == "recalled"
        return (
            f"{self.label} (recalled, not checked against the source)" if recalled else self.label
        )


@dataclass(frozen=True, slots=True)
class GroupExtent:
    """How much of one group of a source's requirements a policy holds."""

    group: str
    title: str
    extent: str
    """complete or selected."""
    requirements: int
    source_count: int | None = None
    """How many the source has; None where they were not counted."""


@dataclass(frozen=True, slots=True)
class ParameterText:
    """A parameter and its value in force."""

    name: str
    title: str
    value: Any
    chosen: bool
    """Set by the agency, not by the policy."""
    basis: str
    unit: str | None = None
    upcoming: tuple[tuple[str, Any], ...] = ()
    """Values in force from a later date: (date, value)."""
    policy_value: Any = None
    """The policy's value, where the agency's own differs from it."""


@dataclass(frozen=True, slots=True)
class PolicyRun:
    """One policy version as it was used."""

    id: str
    version: str
    title: str
    status: str
    binding: str
    """binding, proposed or practice."""
    authority: str
    statement: str
    selected: str
    """Why this rule set was used: ``named with --policy``, ``newest published version of a binding
    policy``."""
    digests: Mapping[str, str]
    """SHA-256 of bundle and modules, by name."""
    engine: str
    engine_version: str
    rules: tuple[RuleText, ...]
    requirements: tuple[RequirementText, ...]
    extent: tuple[GroupExtent, ...]
    sources: tuple[Mapping[str, Any], ...]
    """The source documents: id, title, edition, dated_on, url."""
    parameters: tuple[ParameterText, ...] = ()
    applies: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Subjects by kind: to how many it applies, does not, and may (``true false unknown``)."""
    migrations: tuple[Migration, ...] = ()
    """What became of the ids that earlier versions had."""

    def rule(self, rule_id: str) -> RuleText | None:
        """The text of a rule; a dated variant ``<rule>@<date>`` has the text of its rule."""
        base = rule_id.partition("@")[0]
        return next((rule for rule in self.rules if rule.id == base), None)


@dataclass(frozen=True, slots=True)
class AskedRecord:
    """A record, or a member of one of its lists of objects, of which a fact is missing."""

    subject: str
    """``kind/id``."""
    about: str
    """Fingerprint of what identifies it: an answer to a question about it carries this along."""
    name: str | None = None
    """The record's own name, where it has one."""
    member: str | None = None
    """For a member of a list: the list and the member's number from 0, ``software[0]``."""
    label: str | None = None
    """For a member: what a person knows it by, where something is said of it."""
    units: tuple[str, ...] = ()
    """Ids of the units the record belongs to, as far as the inventory says."""
    owner: str | None = None
    """The person (an id) or role that answers for it, as far as the inventory says."""
