"""The tables of a roll-up: what every format shows, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from compliance.assessment.model import SEVERITIES
from compliance.report.detail import COUNTS, FULL
from compliance.report.plain import number
from compliance.rollup.model import Asked, Quarter, Rollup, SharedFix, Trend
from compliance.rollup.words import (
    fix_words,
    known_words,
    list_words,
    listed,
    open_lists,
    sum_words,
    trend_words,
)

Cell = str | int | tuple[str, ...]
"""A text, a number, or names."""
NOT_SAID = "not said"
"""Stands where nobody says."""
REQUIREMENTS = ("not_met", "unknown", "met", "not_assessable")


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    name: str
    """Anchor, sheet and key: letters and hyphens."""
    title: str
    intro: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(rollup: Rollup) -> list[Table]:
    """Every table that has something to say, the agencies first."""
    made = [agencies(rollup), *others(rollup)]
    return [one for one in made if one.rows]


def others(rollup: Rollup) -> Iterator[Table]:
    """All but the first."""
    if rollup.detail != COUNTS:
        yield shortfalls(rollup)
        yield shared(rollup)
        yield providers(rollup)
    if rollup.detail == FULL:
        yield services(rollup)
    for trend in rollup.trends:
        yield quarters(trend)
    yield stale(rollup)
    yield behind(rollup)
    yield completeness(rollup)
    yield plans(rollup)
    yield outside(rollup)
    yield investments(rollup)
    yield made_from(rollup)
    yield told(rollup)


def agencies(rollup: Rollup) -> Table:
    """One row for each agency and rule set, group by group."""
    rows: list[tuple[Cell, ...]] = []
    for group in rollup.groups:
        for column in group.columns:
            for agency in group.agencies:
                found = agency.of(column.policy)
                if found is None or found.version != column.version:
                    continue
                rows.append(
                    (
                        group.quarter, column.policy, column.version, agency.id, agency.name,
                        agency.as_of, agency.age, found.applicable,
                        *sum_words(found.requirements, REQUIREMENTS),
                        *sum_words(found.gaps, SEVERITIES), found.unknown, found.errors,
                        found.upcoming, list_words(agency), agency.known, agency.read,
                        agency.marking or "",
                    )
                )  # fmt: skip
    columns = (
        "Quarter", "Policy", "Version", "Agency id", "Agency", "As of", "Age in days",
        "Requirements that apply", "Not met", "Unknown", "Met", "Not assessable",
        *(f"Gaps, {name}" for name in SEVERITIES), "Unknown findings", "Rules in error",
        "Upcoming findings", "Lists said to be complete", "Facts known", "Facts that rules read",
        "Marking",
    )  # fmt: skip
    intro = "Compare rows of one quarter, policy and version only. They are no ranking."
    return Table("agencies", "Agencies by rule set", intro, columns, tuple(rows))


def shortfalls(rollup: Rollup) -> Table:
    """Requirements that agencies do not meet."""
    rows: list[tuple[Cell, ...]] = [
        (
            f"{one.requirement.label} {one.requirement.title}", one.requirement.policy,
            one.requirement.basis, *sum_words(one.statuses, REQUIREMENTS[:3]), one.applicable,
            one.agencies,
        )
        for one in rollup.shortfalls
    ]  # fmt: skip
    intro = (
        "Numbers of agencies, not of findings: how many do not meet each requirement, cannot tell, "
        "meet it, and to how many it applies; each by its newest assessment, whatever its version "
        "and quarter."
    )
    if rollup.unnamed:
        intro += f" Not counted, because theirs hold numbers alone: {listed(rollup.unnamed)}."
    columns = (
        "Requirement", "Policy", "Basis", "Not met", "Unknown", "Met", "Applies to", "Not met by",
    )  # fmt: skip
    title = "Requirements by how many agencies do not meet them"
    return Table("requirements", title, intro, columns, tuple(rows))


def shared(rollup: Rollup) -> Table:
    """Fixes that several agencies need."""
    intro = (
        "The same facts of the same kind of record, at several agencies: what one shared service, "
        "one contract or one instruction would close."
    )
    rows = [
        (
            one.fix.title, len(one.agencies), one.agencies, one.fix.severity,
            _effort(one), fix_words(one.fix),
            f"{number(one.fix.records, one.fix.kind.replace('_', ' ') + ' record')}",
            ", ".join(one.fix.facts) or ", ".join(one.fix.rules),
        )
        for one in rollup.shared
    ]  # fmt: skip
    columns = (
        "What to do", "Agencies", "Which", "Severity", "Effort at each", "Gaps it closes",
        "Records", "Facts",
    )  # fmt: skip
    return Table("shared", "Fixes that several agencies need", intro, columns, tuple(rows))


def _effort(one: SharedFix) -> str:
    return one.fix.effort or NOT_SAID


def providers(rollup: Rollup) -> Table:
    """What providers have to put right, each once."""
    intro = (
        "A provider's gap counts once here, however many agencies and records rely on it. "
        "Agencies name providers themselves; two names may stand for one."
    )
    rows = [
        (
            str(one.fix.provider), ", ".join(one.fix.requirements), one.fix.severity,
            len(one.agencies), one.agencies, fix_words(one.fix), one.fix.title,
        )
        for one in rollup.providers
    ]  # fmt: skip
    columns = (
        "Provider", "Requirements", "Severity", "Agencies", "Which", "Gaps it makes at them",
        "What it has to put right",
    )  # fmt: skip
    return Table("providers", "Gaps of providers", intro, columns, tuple(rows))


def services(rollup: Rollup) -> Table:
    """Shared services that plans name."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for agency in rollup.agencies:
        for one in agency.services:
            found.setdefault(one.name, []).append((agency.name, one.items, one.gaps))
    rows: list[tuple[Cell, ...]] = [
        (
            name, len(plans_), tuple(one for one, _, _ in plans_),
            sum(items for _, items, _ in plans_), sum(gaps for _, _, gaps in plans_),
        )
        for name, plans_ in sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    ]  # fmt: skip
    columns = ("Shared service", "Agencies", "Which", "Plan items", "Gaps they are about")
    intro = "What agencies' plans say a service for several agencies would close."
    return Table("services", "Shared services that plans name", intro, columns, tuple(rows))


def quarters(trend: Trend) -> Table:
    """A trend."""
    intro = f"Requirements of all agencies added up, and gaps. {trend_words(trend)}"
    return quarters_of(trend.title, trend.quarters, f"trend-{trend.policy}", intro)


def quarters_of(
    title: str, listed_: Sequence[Quarter], name: str = "trend", intro: str = ""
) -> Table:
    """Quarters of one rule set, the oldest first."""
    rows: list[tuple[Cell, ...]] = [
        (
            one.quarter, ", ".join(one.versions), *sum_words(one.requirements, REQUIREMENTS),
            *sum_words(one.gaps, SEVERITIES), one.unknown,
        )
        for one in listed_
    ]  # fmt: skip
    columns = (
        "Quarter", "Version", "Not met", "Unknown", "Met", "Not assessable",
        *(f"Gaps, {name}" for name in SEVERITIES), "Unknown findings",
    )  # fmt: skip
    return Table(name, f"Trend: {title}", intro, columns, tuple(rows))


def stale(rollup: Rollup) -> Table:
    """Agencies whose assessment is old."""
    rows = [(one.name, one.as_of, one.age) for one in rollup.stale]
    intro = f"Assessed more than {rollup.stale_days} days ago: ask for a new assessment."
    columns = ("Agency", "As of", "Age in days")
    return Table("stale", "Old assessments", intro, columns, tuple(rows))


def behind(rollup: Rollup) -> Table:
    """Agencies on an older version than the newest."""
    rows = [(one.agency, one.policy, one.version, one.newest) for one in rollup.behind]
    intro = "Checked against an older version than the newest that is published."
    columns = ("Agency", "Policy", "Checked against", "Newest")
    return Table("behind", "Older policy versions", intro, columns, tuple(rows))


def completeness(rollup: Rollup) -> Table:
    """How far an inventory can be relied on."""
    rows = [
        (
            one.name, sum(one.records.values()), list_words(one),
            tuple(open_lists(one)), known_words(one), one.missing,
        )
        for one in rollup.agencies
    ]  # fmt: skip
    intro = (
        "What is not listed is not checked. A list is complete where the agency says so with a "
        "date; facts are those that the rules read."
    )
    columns = (
        "Agency", "Records", "Lists said to be complete", "Not said to be complete", "Facts known",
        "Different facts missing",
    )  # fmt: skip
    title = "How complete the inventories are"
    return Table("completeness", title, intro, columns, tuple(rows))


def plans(rollup: Rollup) -> Table:
    """Plans of action and milestones."""
    rows = [
        (
            one.name, one.plan.accepted, one.plan.proposed, one.plan.closed, one.plan.overdue,
            one.plan.late_milestones, one.plan.next_due_on or "none",
        )
        for one in rollup.agencies
        if one.plan.items
    ]  # fmt: skip
    without = [one.name for one in rollup.agencies if not one.plan.items]
    intro = "An item counts only once a named person has accepted it."
    if without:
        intro += f" No plan is saved with the assessments of: {listed(without)}."
    columns = (
        "Agency", "Accepted", "Proposed", "Closed", "Overdue", "Late milestones", "Next date",
    )  # fmt: skip
    return Table("plans", "Plans of action and milestones", intro, columns, tuple(rows))


def outside(rollup: Rollup) -> Table:
    """Open findings from outside."""
    called = {one.id: one.name for one in rollup.agencies}
    found = sorted(
        (one for agency in rollup.agencies for one in agency.outside),
        key=lambda one: (
            one.answered, one.due_on or "9999", called[one.agency], one.source, one.number,
        ),
    )  # fmt: skip
    full = rollup.detail == FULL
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        state = "overdue" if one.overdue else "answered" if one.answered else "to be answered"
        words = ((f"{one.number} {one.title}",) if full else ()) + (one.severity, one.reported_on)
        rows.append((called[one.agency], one.source, *words, one.due_on or NOT_SAID, state))
    columns = (
        "Agency", "Issuer", *(("Finding",) if full else ()), "Severity", "Reported", "Response due",
        "State",
    )  # fmt: skip
    intro = "Open until their issuer accepts the correction."
    return Table("outside", "Findings from outside", intro, columns, tuple(rows))


def investments(rollup: Rollup) -> Table:
    """What plans cost."""
    rows: list[tuple[Cell, ...]] = []
    totals: dict[str, list[Asked]] = {}
    for agency in rollup.agencies:
        for one in agency.asked:
            year = str(one.fiscal_year or NOT_SAID)
            rows.append((agency.name, year, one.funding_source or NOT_SAID, *_money([one])))
        for one in agency.asked_in_all:
            totals.setdefault(one.currency, []).append(one)
    for currency in sorted(totals):
        rows.append(("All agencies", "all years", "all sources", *_money(totals[currency])))
    intro = (
        "Costs that open plan items state, proposed items among them. The federal part is counted "
        "of the single costs and one year's together; of what is not split nobody says whether a "
        "federal program pays. The gaps stay open where the money does not come."
    )
    columns = (
        "Agency", "Fiscal year", "Funding source", "Plan items", "Once", "A year", "Federal part",
        "Not split", "Currency", "Amounts not said", "Requests", "Gaps they are about",
    )  # fmt: skip
    return Table("investments", "Investments that plans ask for", intro, columns, tuple(rows))


def _money(asked: Sequence[Asked]) -> tuple[Cell, ...]:
    items = sum(one.items for one in asked)
    once = sum(one.without_one_time for one in asked)
    yearly = sum(one.without_yearly for one in asked)
    lacks = [
        f"{amount:,} {word}" for amount, word in ((once, "once"), (yearly, "a year")) if amount
    ]
    requests: Counter[str] = Counter()
    for one in asked:
        requests.update(one.requests)
    told = [f"{requests[name]:,} {name.replace('_', ' ')}" for name in sorted(requests)]
    return (
        items,
        _whole(one.one_time for one in asked) if once < items else NOT_SAID,
        _whole(one.yearly for one in asked) if yearly < items else NOT_SAID,
        _whole(one.federal for one in asked),
        _whole(one.not_split for one in asked),
        asked[0].currency,
        ", ".join(lacks) or "none",
        ", ".join(told),
        sum(one.gaps for one in asked),
    )


def _whole(amounts: Iterable[Decimal]) -> int:
    return int(sum(amounts, Decimal(0)).to_integral_value(ROUND_HALF_UP))


def made_from(rollup: Rollup) -> Table:
    """What it takes to repeat the roll-up."""
    rows = [
        (
            agency.name, agency.as_of, f"{one.policy} {one.version}", one.digest,
            f"compliance {agency.program_version} with {one.engine}", agency.inventory_sha256,
            agency.marking or "none", agency.path,
        )
        for agency in rollup.agencies
        for one in agency.sets
    ]  # fmt: skip
    columns = (
        "Agency", "As of", "Policy", "SHA-256 of the policy", "Evaluated by",
        "SHA-256 of the inventory", "Marking", "File",
    )  # fmt: skip
    intro = (
        f"Rolled up by compliance {rollup.program_version} as of {rollup.as_of}. The digest of an "
        "inventory is that of the sorted digests of its files, each on a line."
    )
    return Table("made", "How this roll-up was made", intro, columns, tuple(rows))


def told(rollup: Rollup) -> Table:
    """Files that were not used."""
    rows = [("problem", one.path, one.text) for one in rollup.problems]
    rows += [("note", one.path, one.text) for one in rollup.notes]
    counted = Counter(kind for kind, _, _ in rows)
    intro = f"{number(counted['problem'], 'problem')}, {number(counted['note'], 'note')}."
    return Table("files", "Files that were not used", intro, ("Kind", "File", "Why"), tuple(rows))
