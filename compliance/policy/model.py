"""What a policy is: requirements of a source, rules that check them, values an agency may choose.

Frozen plain data, made by the loader from a source folder or read back from a bundle. Conditions
are the typed trees of :mod:`compliance.policy.conditions`; named conditions are already inlined.
Dates are ISO strings (``2027-01-01``). Where the text of a policy stands is kept apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from compliance.policy.conditions import Node, RegoCondition

SEVERITIES = ("critical", "high", "medium", "low")
"""Severities of a rule, gravest first."""
BASES = ("law", "guidance", "bureau", "practice")
"""Why a rule or a value holds, strongest first."""
EFFORTS = ("small", "medium", "large")
"""How much work a remediation is."""
STATUSES = ("draft", "published", "superseded", "withdrawn")
"""States of a policy version."""
BINDINGS = ("binding", "proposed", "practice")
"""Whether a policy binds the agency."""
EXTENTS = ("complete", "selected")
"""How much of its source a group of requirements holds."""
DESIGNATIONS = ("standard", "required", "addressable", "alternative", "exception", "none")
"""What the source calls a requirement."""
ASSESSABLE = ("yes", "partly", "no")
"""How much of a requirement an inventory shows."""
CONFIDENCES = ("verified", "recalled")
"""Whether a statement about the source was checked against it."""
SATISFIED = "satisfied"
GAP = "gap"
UNKNOWN = "unknown"
NOT_APPLICABLE = "not_applicable"
"""Statuses an engine gives, without the mark that may follow ``satisfied``."""
DECISION_MARK = "by_documented_decision"
"""Mark of a finding that only a documented decision satisfies."""
OUTER_LIMIT_MARK = "outer_limit_only"
"""Mark of a finding whose rule checks no more than the outer limit of a duty."""
APPLIES = "applies"
"""The pseudo-rule that says whether the policy applies; no rule may have this id."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document the requirements come from."""

    id: str
    """Short name used by requirements."""
    title: str
    """Full title."""
    edition: str
    """Edition, revision or state of amendment."""
    dated_on: str
    """Date of that edition."""
    url: str | None = None
    """Where it can be read."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of its source one group of requirements holds."""

    group: str
    """Id of the group, named by requirements."""
    title: str
    """What reports call the group."""
    extent: str
    """``complete`` or ``selected``."""
    source_count: int | None = None
    """How many requirements the source has in the group; None where nobody counted."""


@dataclass(frozen=True, slots=True)
class Dates:
    """From when and until when something holds; None where the source sets no date."""

    in_force_from: str | None = None
    """Before this date a gap is only upcoming."""
    enforced_from: str | None = None
    """Date from which the regulator enforces; shown, it changes nothing."""
    sanctioned_from: str | None = None
    """Before this date a gap cannot be sanctioned."""
    until: str | None = None
    """Last date on which it holds."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One cited paragraph of a source."""

    id: str
    """Id for ever, unique within the policy: ``hipaa-164.312.a.2.iv``."""
    label: str
    """The legal form of the citation: ``45 CFR 164.312(a)(2)(iv)``."""
    title: str
    """Short title in our own words."""
    group: str
    """Group of the extent it belongs to."""
    designation: str
    """One of :data:`DESIGNATIONS`."""
    basis: str
    """One of :data:`BASES`: what the paragraph itself is."""
    assessable: str
    """One of :data:`ASSESSABLE`."""
    not_assessable: str | None = None
    """Why an inventory cannot show it; given where ``assessable`` is ``no``."""
    note: str = ""
    """What a reader of a report should know beside the title."""
    controls: tuple[str, ...] = ()
    """NIST SP 800-53 controls that answer to it."""
    controls_confidence: str | None = None
    """One of :data:`CONFIDENCES`, for ``controls``."""
    confidence: str = "recalled"
    """One of :data:`CONFIDENCES`, for the requirement itself."""
    sources: tuple[str, ...] = ()
    """Ids of the policy's sources it was taken from."""
    alternative_to: str | None = None
    """For the designation ``alternative``: the requirement it replaces."""
    dates: Dates = field(default_factory=Dates)
    """From when it holds."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value of a parameter from a date on."""

    value: Any
    """The value."""
    in_force_from: str
    """First date on which it holds."""
    basis: str
    """One of :data:`BASES`: why this value holds."""


@dataclass(frozen=True, slots=True)
class ParameterDefinition:
    """A value the organization sets, with the direction an agency may move it in."""

    name: str
    """Name used by ``{param: name}`` and by the agency's settings."""
    title: str
    """What the value is, in a few words."""
    type: str
    """boolean, integer, number, string, date or list (of strings)."""
    stricter: str
    """lower or higher (numbers, dates), subset or superset (lists), true or false (booleans); for a
    string ``fixed``: an agency may not change it."""
    basis: str
    """One of :data:`BASES`: why the default holds."""
    default: Any = None
    """Value where the agency chose none; None leaves tests unknown where it chose none."""
    values: tuple[DatedValue, ...] = ()
    """Values that replace the default from a date on, by date."""
    unit: str = ""
    """Unit of a number: ``minutes``."""
    description: str = ""
    """What a person choosing a value should know."""
    minimum: int | float | None = None
    """Smallest number that makes sense; None where there is none, or for other types."""
    maximum: int | float | None = None
    """Largest number that makes sense, likewise."""


@dataclass(frozen=True, slots=True)
class Due:
    """Within which time a gap is to be closed."""

    days: int
    """Days from the date the gap was found."""
    basis: str
    """One of :data:`BASES`: why this time holds."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A second way to satisfy a rule, which marks the finding."""

    mark: str
    """Mark of a finding that only this way satisfies: :data:`DECISION_MARK`."""
    expect: Node
    """The condition; node ids start with ``otherwise``."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One executable check for one kind of subject."""

    id: str
    """Id for ever, unique within the policy: ``unique-user-identification``."""
    title: str
    """What a subject that satisfies the rule has or does, as a sentence."""
    covers: tuple[str, ...]
    """Ids of the requirements it checks, in the order written."""
    basis: str
    """One of :data:`BASES`."""
    subject: str
    """Kind of the subjects it checks."""
    severity: str
    """One of :data:`SEVERITIES`."""
    expect: Node
    """What must hold: node ids start with ``expect``. A :class:`RegoCondition` for a Rego rule."""
    remediation: str
    """What to do about a gap."""
    when: Node | None = None
    """Condition beyond the policy's ``applies``; node ids start with ``when``."""
    otherwise: Otherwise | None = None
    """Second way to satisfy it."""
    outer_limit: bool = False
    """It checks no more than the outer limit of the duty, so satisfied findings are marked."""
    effort: str | None = None
    """One of :data:`EFFORTS`."""
    due: Due | None = None
    """Time within which a gap is to be closed; None where the bureau's table by severity holds."""
    question: str = ""
    """A question that asks for what the rule needs; empty where the questions of its facts do."""
    dates: Dates = field(default_factory=Dates)
    """From when it holds."""
    rego: str | None = None
    """Rego file (``contingency.rego``) below ``rules/``; None for a rule written in YAML."""
    section: str = ""
    """Title of the section of the source its file is about."""

    @property
    def rego_name(self) -> str:
        """The id as a Rego name: ``unique_user_identification``."""
        return self.id.replace("-", "_")

    @property
    def conditions(self) -> dict[str, Node]:
        """The rule's own condition trees by root: ``when``, ``expect``, ``otherwise``."""
        trees = {"when": self.when, "expect": self.expect}
        trees["otherwise"] = self.otherwise.expect if self.otherwise else None
        return {root: tree for root, tree in trees.items() if tree is not None}

    @property
    def written_in_rego(self) -> bool:
        """Whether the check is Rego written by hand."""
        return isinstance(self.expect, RegoCondition)


def rego_name(policy_id: str) -> str:
    """A policy's id as a Rego name: ``hipaa_nprm_2025``; ``p_800_53`` for ``800-53``."""
    name = policy_id.replace("-", "_")
    return f"p_{name}" if name[0].isdigit() else name


@dataclass(frozen=True, slots=True)
class Migration:
    """What became of an id of an earlier version: ids are never reused."""

    old: str
    """Id of a rule or requirement that this version no longer has."""
    new: str | None
    """Id of what takes its place, of the same sort; None where nothing does."""
    reason: str
    """Why, in words."""


@dataclass(frozen=True)
class Policy:
    """One version of a policy."""

    id: str
    """Id for ever: ``hipaa``."""
    version: str
    """Semantic version: ``1.0.0``."""
    title: str
    """What reports call it."""
    status: str
    """One of :data:`STATUSES`."""
    binding: str
    """One of :data:`BINDINGS`."""
    authority: str
    """Who issues it."""
    statement: str
    """Text printed on every report."""
    sources: tuple[Source, ...]
    """Documents the requirements come from."""
    extent: tuple[Extent, ...]
    """Groups of requirements and how much of the source each holds."""
    requirements: tuple[Requirement, ...]
    """In the order written."""
    rules: tuple[Rule, ...]
    """By file name, then in the order written."""
    applies: Mapping[str, Node] = field(default_factory=dict)
    """Condition for each kind under which the policy applies to a subject; node ids start with
    ``applies``. A kind that is not named takes the tree of ``agency``."""
    parameters: Mapping[str, ParameterDefinition] = field(default_factory=dict)
    """Parameters by name."""
    start: tuple[str, ...] = ()
    """Paths of the agency's facts that decide whether the policy binds it, in the order in which
    they are asked for: ``agency.hipaa_roles``."""
    notice_days: int = 90
    """Days between publication and the first day a new gap counts."""
    migrations: tuple[Migration, ...] = ()
    """What became of the ids of earlier versions, in the order written."""
    rego_files: Mapping[str, str] = field(default_factory=dict)
    """Text of the Rego files written by hand, by name below ``rules/``, sorted."""

    @property
    def rego_name(self) -> str:
        """The id as a Rego name."""
        return rego_name(self.id)

    @property
    def package(self) -> str:
        """Rego package that holds everything of the policy: ``compliance.hipaa``."""
        return f"compliance.{self.rego_name}"

    @property
    def root(self) -> str:
        """The one root of the policy's bundle: ``compliance/hipaa``."""
        return f"compliance/{self.rego_name}"

    @cached_property
    def rules_by_id(self) -> Mapping[str, Rule]:
        """Rules by id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def requirements_by_id(self) -> Mapping[str, Requirement]:
        """Requirements by id."""
        return {requirement.id: requirement for requirement in self.requirements}

    @property
    def subjects(self) -> tuple[str, ...]:
        """Kinds some rule is about, sorted."""
        return tuple(sorted({rule.subject for rule in self.rules}))

    def applies_to(self, kind: str) -> Node | None:
        """The tree that says whether the policy applies to subjects of a kind.

        The kind's own, else the agency's, else None: the policy applies to every subject.
        """
        return self.applies.get(kind, self.applies.get("agency"))
