"""The words of a roll-up, the same in every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compliance.assessment.model import SEVERITIES
from compliance.report.detail import COUNTS, REQUIREMENT
from compliance.report.plain import enumeration, number
from compliance.rollup.model import Agency, Fix, Rollup, SetResult, Trend

TITLE = "Statewide roll-up"
HOW_TO_READ = (
    "Each agency's newest saved assessment counts. Agencies stand side by side only where they "
    "were checked against the same policy version in the same quarter, in the order of their "
    "names. The numbers are no ranking: an agency that lists more, and knows more, finds more "
    "gaps. A requirement is met when every record it applies to satisfies every rule of its own "
    "basis; unknown means that a fact is missing."
)
NOTES = {
    REQUIREMENT: (
        "This roll-up is reduced to rules and requirements: names of records, values, vendors, "
        "providers, shared services and texts of findings from outside are left out."
    ),
    COUNTS: (
        "This roll-up is reduced to numbers: which requirements and fixes they belong to is left "
        "out, and so are records, values, vendors and providers."
    ),
}
"""What a reduced roll-up says of itself."""
_ORDER = ("not_met", "unknown", "met", "not_assessable")
_BASES = {
    "law": "law",
    "guidance": "the bureau's standard, after guidance",
    "bureau": "the bureau's standard",
    "practice": "good practice",
}


def requirement_words(result: SetResult) -> str:
    """``49 not met, 43 unknown, 39 met, 8 not assessable of 139 requirements that apply``."""
    total = result.applicable
    if not total:
        return "proposed: nothing in force" if result.binding == "proposed" else "none applies"
    parts = [
        f"{result.requirements[name]:,} {name.replace('_', ' ')}"
        for name in _ORDER
        if result.requirements.get(name)
    ]
    verb = "applies" if total == 1 else "apply"
    return f"{', '.join(parts)} of {number(total, 'requirement')} that {verb}"


def gap_words(result: SetResult) -> str:
    """``Gaps: 12 critical, 50 high; 100 unknown; 3 upcoming``.

    Never that there is no gap while something is unknown.
    """
    gaps = [f"{result.gaps[name]:,} {name}" for name in SEVERITIES if result.gaps.get(name)]
    open_ = result.unknown + result.errors
    parts = [f"Gaps: {', '.join(gaps)}"] if gaps else []
    if result.errors:
        parts.append(f"{number(result.errors, 'rule')} in error")
    if result.unknown:
        blind = "" if gaps else ", so whether there are gaps cannot be told yet"
        parts.append(f"{number(result.unknown, 'finding')} unknown{blind}")
    if result.upcoming:
        parts.append(f"{result.upcoming:,} upcoming")
    if not gaps and not open_ and result.applicable:
        parts.insert(0, "No gap and no unknown")
    return "; ".join(parts) or "Nothing to tell"


def age_words(agency: Agency) -> str:
    """``12 days ago``."""
    return "today" if agency.age == 0 else f"{number(agency.age, 'day')} ago"


def list_words(agency: Agency) -> str:
    """How many lists of the inventory the agency says are complete."""
    if not agency.complete:
        return f"none of {number(len(agency.records), 'list')}"
    said = sum(kind in agency.records for kind in agency.complete)
    return f"{said:,} of {number(len(agency.records), 'list')}"


def open_lists(agency: Agency) -> list[str]:
    """Kinds whose list nobody says is complete."""
    return [kind.replace("_", " ") for kind in agency.records if kind not in agency.complete]


def known_words(agency: Agency) -> str:
    """``1,704 of 2,707 facts (62%)``; no share where there is nothing to share."""
    if not agency.read:
        return "not told by this assessment"
    share = 100 * agency.known // agency.read
    return f"{agency.known:,} of {number(agency.read, 'fact')} ({share}%)"


def closes_words(closes: Mapping[tuple[str, str], int]) -> str:
    """``14 in hipaa (law), 3 in hipaa (the bureau's standard)``."""
    parts = [
        f"{amount:,} in {policy} ({_BASES[basis]})" for (policy, basis), amount in closes.items()
    ]
    return ", ".join(parts) or "none in force"


def fix_words(fix: Fix) -> str:
    """What a fix closes, with what is not yet in force."""
    more = f"; {fix.upcoming:,} upcoming" if fix.upcoming else ""
    return closes_words(fix.closes) + more


def headline(rollup: Rollup) -> str:
    """The roll-up in one sentence."""
    missed = sum(bool(one.statuses.get("not_met")) for one in rollup.shortfalls)
    overdue = sum(one.plan.overdue for one in rollup.agencies)
    late = sum(found.overdue for one in rollup.agencies for found in one.outside)
    parts = [f"{number(len(rollup.agencies), 'agency', 'agencies')} as of {rollup.as_of}"]
    if missed:
        parts.append(f"{number(missed, 'requirement')} not met by at least one of them")
    if rollup.shared:
        parts.append(f"{number(len(rollup.shared), 'fix', 'fixes')} that several of them need")
    if rollup.providers:
        parts.append(number(len(rollup.providers), "gap of a provider", "gaps of providers"))
    if overdue:
        parts.append(f"{number(overdue, 'plan item')} overdue")
    if late:
        parts.append(f"{number(late, 'answer')} to findings from outside overdue")
    if rollup.stale:
        parts.append(
            f"{number(len(rollup.stale), 'assessment')} older than {rollup.stale_days} days"
        )
    if rollup.behind:
        behind = number(len({one.agency for one in rollup.behind}), "agency", "agencies")
        parts.append(f"{behind} on an older policy version")
    return f"{'; '.join(parts)}."


def trend_words(trend: Trend) -> str:
    """Over which agencies a trend is counted."""
    text = (
        f"Counted over the {number(len(trend.agencies), 'agency', 'agencies')} assessed in each of "
        f"these quarters: {listed(trend.agencies)}."
    )
    if trend.left_out:
        text += f" Left out, for want of one of them: {listed(trend.left_out)}."
    versions = sorted({version for one in trend.quarters for version in one.versions})
    if len(versions) > 1:
        text += (
            f" Not all of it rests on one version ({', '.join(versions)}): part of a change may "
            "come from the policy and not from the agencies."
        )
    return text


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in a sentence, as many as it holds."""
    return enumeration(names[:most], len(names))


def sum_words(counts: Mapping[str, int], order: Iterable[str]) -> list[int]:
    """Numbers in an order, zero where there is none."""
    return [counts.get(name, 0) for name in order]
