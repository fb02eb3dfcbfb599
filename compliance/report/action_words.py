"""Actions in words, for every report for people; nothing here is made safe to print yet."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from compliance.assessment.model import Assessment, FactText
from compliance.report.action_costs import ActionCost
from compliance.report.actions import Action, actions
from compliance.report.plain import enumeration, number, prose

SHOWN = 10
"""Actions that a report for people lists."""
NAMED = 6
"""Records, facts and citations that one action names."""

_AGAINST = {
    "law": "against law",
    "guidance": "against the bureau's standard, after published guidance",
    "bureau": "against the bureau's standard",
    "practice": "against the bureau's standard, as good practice",
}


@dataclass(frozen=True, slots=True)
class ActionText:
    """What a report says of one action; a part is empty where there is nothing to say."""

    rules: tuple[str, ...]
    """``policy/rule`` of what it closes, in order."""
    title: str
    """``Require a second factor at every log-in.``"""
    severity: str
    scope: str
    """``14 system records, effort: medium``."""
    closes: str
    """``Closes 23 gaps: 15 against law (cjis), 8 against the bureau's standard (hipaa).``"""
    ahead: str
    """What is said of gaps that are not yet in force, and of what no law in force asks."""
    helps: tuple[str, ...]
    changes: str
    """``Changes Multi-factor log-in (system.mfa) of system/payroll and 13 more.``"""
    citations: str
    cost: str
    trial: str
    """The command that shows the effect."""


def action_texts(assessment: Assessment, most: int = SHOWN) -> tuple[list[ActionText], int]:
    """The actions to begin with in words, and how many more there are.

    Args:
        assessment: the outcome of a run.
        most: actions that are wanted.
    """
    found = actions(assessment)
    facts = assessment.metadata.facts
    return [action_text(one, assessment, facts) for one in found[:most]], max(len(found) - most, 0)


def action_text(
    action: Action, assessment: Assessment, facts: Mapping[str, FactText]
) -> ActionText:
    """One action in words."""
    cited = [*action.requirements, *(f"{one} (not yet in force)" for one in _only_ahead(action))]
    return ActionText(
        rules=action.rules,
        title=action.title,
        severity=action.severity,
        scope=_scope(action),
        closes=_closes(action),
        ahead=_ahead(action, assessment),
        helps=tuple(_helps(action, facts)),
        changes=_changes(action, facts),
        citations=enumeration(cited[:NAMED], len(cited)),
        cost=cost_words(action.cost),
        trial=f"compliance whatif INVENTORY --set {shlex.quote(action.trial)}"
        if action.trial
        else "",
    )


def fix_lines(assessment: Assessment) -> Iterator[str]:
    """The actions to begin with, for the report as text."""
    found, left = action_texts(assessment)
    for place, one in enumerate(found, 1):
        yield prose(f"{one.title} [{one.severity}] ({one.scope})", "      ", f"\n  {place:>2}. ")
        cites = f"Against {one.citations}." if one.citations else ""
        trial = f"Try it: {one.trial}" if one.trial else ""
        told = (one.closes, one.ahead, cites, one.changes, *one.helps, one.cost, trial)
        yield from (prose(text, "      ", "      ") for text in told if text)
    if left:
        yield f"\n  and {number(left, 'more action')}; the gaps below are complete.\n"


def _only_ahead(action: Action) -> list[str]:
    return [one for one in action.upcoming_requirements if one not in action.requirements]


def _scope(action: Action) -> str:
    if action.provider:
        records = "carried by the provider, counted once"
    else:
        records = number(action.records, f"{action.kind} record")
    return f"{records}, effort: {action.effort}" if action.effort else records


def _closes(action: Action) -> str:
    if not action.closed:
        return ""
    parts = [
        (sum(sums.values()), f"{words} ({_by_policy(sums)})")
        for words, sums in _by_basis(action, upcoming=False)
    ]
    lead = f"Closes {number(action.closed, 'gap')}"
    if len(parts) == 1:
        return f"{lead} {parts[0][1]}."
    return f"{lead}: {', '.join(f'{total:,} {words}' for total, words in parts)}."


def _by_basis(action: Action, *, upcoming: bool) -> Iterator[tuple[str, Counter[str]]]:
    for basis, words in _AGAINST.items():
        sums: Counter[str] = Counter()
        for one in action.closes:
            if one.basis == basis and one.upcoming == upcoming:
                sums[one.policy] += one.findings
        if sums:
            yield words, sums


def _by_policy(sums: Counter[str]) -> str:
    if len(sums) == 1:
        return next(iter(sums))
    return ", ".join(f"{policy} {sums[policy]:,}" for policy in sorted(sums))


def _ahead(action: Action, assessment: Assessment) -> str:
    """What is not yet in force, and that no law in force asks for an action."""
    laws = any(one.basis == "law" and not one.upcoming for one in action.closes)
    coming = Counter[str]()
    for one in action.closes:
        if one.upcoming:
            coming[one.policy] += one.findings
    told = ""
    if action.closed and not laws:
        told = "None of these gaps is against law in force. "
    if not coming:
        return told.rstrip()
    names = ", ".join(_rule_set(policy, assessment) for policy in sorted(coming))
    lead = (
        "It would also close" if action.closed else "Nothing in force asks for it. It would close"
    )
    return f"{told}{lead} {number(action.upcoming, 'gap')} not yet in force: {names}."


def _rule_set(policy_id: str, assessment: Assessment) -> str:
    policy = assessment.policy(policy_id)
    proposed = policy is not None and policy.binding == "proposed"
    return f"{policy_id} (only proposed)" if proposed else policy_id


def _helps(action: Action, facts: Mapping[str, FactText]) -> Iterator[str]:
    for one in islice(action.helps, 3):
        needs = _facts(one.needs, facts)
        more = "more gap, which also needs" if one.findings == 1 else "more gaps, which also need"
        yield f"Helps with {one.findings:,} {more} {needs}."
    if len(action.helps) > 3:
        rest = sum(one.findings for one in action.helps[3:])
        yield f"Helps with {number(rest, 'more gap')} that need other facts."


def _changes(action: Action, facts: Mapping[str, FactText]) -> str:
    records = enumeration(action.subjects[:NAMED], action.records)
    if action.provider:
        return ""
    if not action.facts:
        return f"For {records}." if action.subjects else ""
    of = f" of {records}" if action.subjects else ""
    return f"Changes {_facts(action.facts, facts)}{of}."


def _facts(paths: Sequence[str], facts: Mapping[str, FactText]) -> str:
    shown = [f"{facts[path].title} ({path})" if path in facts else path for path in paths[:NAMED]]
    return enumeration(shown, len(paths))


def cost_words(cost: ActionCost | None) -> str:
    """What an action costs, and what is not known about it; empty where nobody says."""
    if cost is None:
        return ""
    amounts = [
        f"{cost.currency} {amount:,} {words}"
        for amount, words in ((cost.one_time, "once"), (cost.yearly, "a year"))
        if amount is not None
    ]
    more = ", which pays for more than this" if len(cost.items) == 1 else ", which pay for more"
    text = f"Costs {' and '.join(amounts)} ({', '.join(cost.items)}{more if cost.more else ''})"
    if cost.without:
        text += f"; not counted, because no such cost is given: {', '.join(cost.without)}"
    return f"{text}."
