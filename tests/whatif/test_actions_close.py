"""The proof of "closes": supposing what an action changes closes exactly what it claims."""

from collections.abc import Callable, Iterator

import pytest

from compliance.assessment.evaluate import assess
from compliance.assessment.model import INHERITED, Assessment, Finding
from compliance.report.actions import Action, actions
from compliance.whatif.effects import AHEAD_CLOSED, CLOSED, Effects, effects
from compliance.whatif.overlay import suppose
from compliance.whatif.supposing import read_supposition
from compliance_cli.assessing import Prepared

MOST = 12
"""Actions of one example that are tried."""


def evaluated(ready: Prepared, trial: str | None = None) -> Assessment:
    inventory = ready.inventory
    if trial is not None:
        wanted = read_supposition(trial, inventory.kinds, inventory.as_of)
        inventory = suppose(inventory, [wanted]).inventory
    return assess(inventory, ready.uses, ready.others)


def closed(found: Effects, agency: str) -> set[str]:
    return {
        f"{agency}/{one.policy}/{one.rule}/{subject.replace('/', ':', 1)}"
        for one in found.changes
        if one.effect in (CLOSED, AHEAD_CLOSED)
        for subject in one.subjects
    }


def rests_on_others(finding: Finding | None) -> bool:
    """Whether a gap is one of numbers of records, or follows a provider's."""
    assert finding is not None
    counted = any(leaf.test in ("count", "share") for leaf in finding.leaves)
    return counted or finding.mark(INHERITED) is not None


def tried(found: tuple[Action, ...]) -> Iterator[Action]:
    single = [one for one in found if one.trial is not None]
    assert all(len(one.facts) == 1 for one in single)
    # Evenly from the whole list: the first ones are much alike.
    yield from single[:: max(1, -(-len(single) // MOST))]


@pytest.mark.parametrize(
    ("example", "least"),
    [("health-agency", 10), ("minimal", 2), ("coverage/everything-missing", 10),
     ("coverage/business-associate", 5)],
)  # fmt: skip
def test_supposing_an_action_closes_exactly_what_it_claims(
    ready: Callable[[str], Prepared], example: str, least: int
) -> None:
    one = ready(example)
    old = evaluated(one)
    found = list(tried(actions(old)))
    assert len(found) >= least
    for action in found:
        new = evaluated(one, action.trial)
        would = closed(effects(old, new), old.metadata.agency)
        claimed = set(action.findings)
        assert claimed <= would, action.trial
        # A count of records may come out right as well: no action can know.
        more = would - claimed
        assert all(rests_on_others(old.findings.get(name)) for name in more), action.trial


def test_what_an_action_only_helps_with_does_not_close_by_it(
    ready: Callable[[str], Prepared],
) -> None:
    one = ready("health-agency")
    old = evaluated(one)
    helping = [action for action in actions(old) if action.helps and action.trial]
    assert helping
    for action in helping[:4]:
        would = closed(effects(old, evaluated(one, action.trial)), old.metadata.agency)
        assert len(would) == len(action.findings)


def test_a_saved_assessment_gives_the_same_actions(ready: Callable[[str], Prepared]) -> None:
    import json

    from compliance.assessment.saved import from_data
    from compliance.report.json import JsonReport

    old = evaluated(ready("health-agency"))
    again = from_data(json.loads("".join(JsonReport().render(old))))
    assert actions(again) == actions(old)
