"""What a roll-up says: sums by agency and rule set, never a single finding.

Agencies come in the order of their names. All dates are ISO strings; a quarter is ``2026-Q4``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

FORM = 1
"""Version of the JSON form."""


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """Something about a file that must not go unsaid."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


@dataclass(frozen=True, slots=True)
class SetResult:
    """How one rule set came out at one agency on one date."""

    policy: str
    version: str
    title: str
    binding: str
    """binding, proposed or practice."""
    requirements: Mapping[str, int]
    """Requirements in force by status."""
    gaps: Mapping[str, int]
    """Gaps in force by severity."""
    unknown: int
    """Findings of which a fact is missing."""
    errors: int
    upcoming: int
    """Findings that fail and are not yet in force."""
    digest: str = ""
    """SHA-256 of the policy's bundle."""
    engine: str = ""
    """What evaluated it."""

    @property
    def applicable(self) -> int:
        """Requirements in force that apply."""
        return sum(self.requirements.values()) - self.requirements.get("not_applicable", 0)

    @property
    def all_gaps(self) -> int:
        """Gaps in force of every severity."""
        return sum(self.gaps.values())


@dataclass(frozen=True, slots=True)
class Point:
    """One assessment of an agency, for the trend."""

    agency: str
    as_of: str
    quarter: str
    sets: tuple[SetResult, ...]

    def of(self, policy: str) -> SetResult | None:
        """The result of a policy, or None."""
        return next((one for one in self.sets if one.policy == policy), None)


@dataclass(frozen=True, slots=True)
class RequirementName:
    """What a requirement is called."""

    policy: str
    id: str
    label: str
    title: str
    basis: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What closes gaps of one agency, or of several."""

    key: tuple[str, ...]
    """What makes it the same at several agencies: kind, facts and what they have to become, or
    rules; for what a provider carries, provider and citations. Not shown."""
    facts: tuple[str, ...]
    kind: str
    title: str
    severity: str
    basis: str
    effort: str | None
    records: int
    closes: Mapping[tuple[str, str], int]
    """Gaps in force by policy and basis."""
    upcoming: int
    rules: tuple[str, ...]
    requirements: tuple[str, ...]
    provider: str | None = None
    """For what a provider has to put right: who."""

    @property
    def closed(self) -> int:
        """Gaps in force that it closes."""
        return sum(self.closes.values())


@dataclass(frozen=True, slots=True)
class PlanState:
    """How an agency's plan stands."""

    proposed: int = 0
    accepted: int = 0
    closed: int = 0
    overdue: int = 0
    late_milestones: int = 0
    next_due_on: str | None = None
    """Next date of an accepted item."""

    @property
    def items(self) -> int:
        """All items."""
        return self.proposed + self.accepted + self.closed


@dataclass(frozen=True, slots=True)
class Outside:
    """An open finding from outside."""

    agency: str
    source: str
    severity: str
    reported_on: str
    due_on: str | None
    overdue: bool
    answered: bool
    number: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What open items of an agency's plan cost: of one fiscal year and source, or all of them."""

    agency: str
    fiscal_year: int | None
    """None where nobody says, and for all years together."""
    funding_source: str | None
    """None where nobody says, or where the detail leaves it out."""
    currency: str
    items: int
    one_time: Decimal
    """Of the items that say it."""
    without_one_time: int
    """Items that do not."""
    yearly: Decimal
    without_yearly: int
    federal: Decimal
    """What federal programs pay of the single costs and of one year's together."""
    not_split: Decimal
    """Of which nobody says whether a federal program pays a share."""
    requests: Mapping[str, int]
    """Items by how far the request is."""
    gaps: int
    """Gaps in force that stay open where the money does not come, each counted once."""


@dataclass(frozen=True, slots=True)
class Service:
    """A shared service that plans name."""

    name: str
    agency: str
    items: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Agency:
    """The newest assessment of an agency."""

    id: str
    name: str
    as_of: str
    age: int
    """Days since."""
    quarter: str
    path: str
    detail: str
    """How much the saved assessment tells."""
    program_version: str
    inventory_sha256: str
    """One digest for all files of its inventory."""
    marking: str | None
    sets: tuple[SetResult, ...]
    records: Mapping[str, int]
    """Number of records by kind, the agency itself left out."""
    complete: Mapping[str, str]
    """Kinds whose list the agency says is complete, with the day."""
    known: int
    """Facts known of those that rules read."""
    read: int
    """Facts that rules read; 0 where the assessment does not say."""
    missing: int
    """Different facts that unknowns wait for."""
    statuses: Mapping[tuple[str, str], str]
    """Status of each requirement in force by policy and id; empty where names are left out."""
    fixes: tuple[Fix, ...]
    """What to do, what to begin with first."""
    plan: PlanState
    outside: tuple[Outside, ...]
    asked: tuple[Asked, ...]
    """By fiscal year and funding source."""
    asked_in_all: tuple[Asked, ...]
    """All together, by currency."""
    services: tuple[Service, ...]
    history: tuple[Point, ...] = ()
    """Its assessments, the oldest first, this one last."""

    def of(self, policy: str) -> SetResult | None:
        """The result of a policy, or None."""
        return next((one for one in self.sets if one.policy == policy), None)


@dataclass(frozen=True, slots=True)
class Column:
    """One policy version."""

    policy: str
    version: str
    title: str
    binding: str


@dataclass(frozen=True, slots=True)
class Group:
    """Agencies that may stand side by side: same policy versions, same quarter."""

    anchor: str
    quarter: str
    why: str
    """Why it stands apart; empty for the first one."""
    columns: tuple[Column, ...]
    agencies: tuple[Agency, ...]
    elsewhere: Mapping[tuple[str, str], tuple[str, str]]
    """By agency and policy: version and anchor of the group that shows it."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One requirement over all agencies."""

    requirement: RequirementName
    statuses: Mapping[str, int]
    """Agencies by status."""
    agencies: tuple[str, ...]
    """Names of those that do not meet it."""

    @property
    def applicable(self) -> int:
        """Agencies to which it applies."""
        return sum(self.statuses.values()) - self.statuses.get("not_applicable", 0)


@dataclass(frozen=True, slots=True)
class SharedFix:
    """A fix that several agencies need."""

    fix: Fix
    """Summed over the agencies."""
    agencies: tuple[str, ...]
    """Their names."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of a trend: sums over the agencies that the trend counts."""

    quarter: str
    versions: tuple[str, ...]
    requirements: Mapping[str, int]
    gaps: Mapping[str, int]
    unknown: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A policy over quarters, always over the same agencies."""

    policy: str
    title: str
    agencies: tuple[str, ...]
    """Names of the agencies that were assessed in each of the quarters."""
    left_out: tuple[str, ...]
    """Names of the others."""
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """An agency that was checked against another version than the newest published one."""

    agency: str
    policy: str
    version: str
    newest: str


@dataclass(frozen=True)
class Rollup:
    """Everything a roll-up says."""

    as_of: str
    detail: str
    marking: str | None
    stale_days: int
    program_version: str
    agencies: tuple[Agency, ...]
    groups: tuple[Group, ...]
    shortfalls: tuple[Shortfall, ...]
    shared: tuple[SharedFix, ...]
    providers: tuple[SharedFix, ...]
    trends: tuple[Trend, ...]
    behind: tuple[Behind, ...]
    stale: tuple[Agency, ...]
    notes: tuple[Told, ...] = ()
    problems: tuple[Told, ...] = ()
    unnamed: tuple[str, ...] = field(default=())
    """Names of agencies whose assessments hold numbers alone."""
