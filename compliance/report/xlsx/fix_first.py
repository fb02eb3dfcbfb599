"""The sheet of what to fix first: actions, with all that each of them closes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from compliance.report.action_costs import ActionCost
from compliance.report.actions import Action, Closed
from compliance.report.plain import number
from compliance.report.xlsx.book import Column, Shown, Table
from compliance.report.xlsx.findings import listed

FIX_FIRST = "Fix first"
"""Name of the sheet."""
FIX_TABLE = Table(
    FIX_FIRST,
    "Gaps by the action that closes them, across rule sets: the gravest for the least work first.",
    (
        Column("place", "No.", 9),
        Column("title", "What to do", 50),
        Column("severity", "Severity", 9, toned=True),
        Column("closes", "Gaps it closes", 9),
        Column("what", "Against what", 34),
        Column("upcoming", "Upcoming", 9),
        Column("records", "Records", 9),
        Column("effort", "Effort", 9),
        Column("subjects", "Which records", 44),
        Column("helps", "Helps with", 10),
        Column("requirements", "Requirements", 34),
        Column("cost", "Cost in the plan", 26),
        Column("facts", "Facts that change", 30),
        Column("rules", "Rules", 40),
        Column("trial", "Try it: whatif --set", 30),
    ),
    frozen=2,
    printed=9,
)


def fix_first(actions: Iterable[Action]) -> Iterator[Mapping[str, Shown]]:
    """The actions in their order."""
    for place, one in enumerate(actions, 1):
        yield {
            "place": place,
            "title": one.title,
            "severity": one.severity,
            "closes": one.closed,
            "what": tuple(_against(one.closes)),
            "upcoming": one.upcoming or "",
            "records": one.records,
            "effort": one.effort or "",
            "subjects": listed(one.subjects),
            "helps": sum(helped.findings for helped in one.helps) or "",
            "requirements": (*one.requirements, *_upcoming(one)),
            "cost": _cost(one.cost) if one.cost else "",
            "facts": one.facts,
            "rules": listed(one.rules),
            "trial": one.trial or "",
        }


def _against(closes: Iterable[Closed]) -> Iterator[str]:
    """What is closed, by rule set and whether it is the law's or the bureau's."""
    sums: Counter[tuple[bool, str, str]] = Counter()
    for one in closes:
        sums[one.upcoming, one.policy, "law" if one.basis == "law" else "bureau's standard"] += (
            one.findings
        )
    for (upcoming, policy, basis), findings in sums.items():
        yield f"{policy}, {basis}: {number(findings, 'gap')}{' (upcoming)' if upcoming else ''}"


def _upcoming(action: Action) -> Iterator[str]:
    for citation in action.upcoming_requirements:
        yield f"{citation} (upcoming)"


def _cost(cost: ActionCost) -> str:
    amounts = [
        f"{cost.currency} {amount:,} {words}"
        for amount, words in ((cost.one_time, "once"), (cost.yearly, "a year"))
        if amount is not None
    ]
    more = "; pays for more than this" if cost.more else ""
    return f"{' and '.join(amounts)} ({', '.join(cost.items)}){more}"
