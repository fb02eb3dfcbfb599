"""Which rule sets bind an agency, and why: each policy's own condition, asked of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compliance.assessment.evaluate import PolicyUse
from compliance.assessment.inquiry import Inquiry
from compliance.assessment.model import APPLIES, Leaf, Settling
from compliance.inventory.kinds import AGENCY
from compliance.inventory.store import Inventory
from compliance.policy.kleene import FALSE, TRUE
from compliance.policy.model import Policy

BINDS = "binds"
DOES_NOT_BIND = "does_not_bind"
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Binding:
    """How one rule set stands to the agency."""

    policy: Policy
    outcome: str
    """``binds``, ``does_not_bind`` or ``undecided``."""
    because: tuple[Leaf, ...] = ()
    """The facts that decided it; empty where it binds whatever the facts are."""
    needs: tuple[Settling, ...] = ()
    """Where it is undecided: the facts that would settle it."""

    @property
    def matters(self) -> bool:
        """Whether the agency has to reckon with the rule set's duties."""
        return self.policy.binding == "binding" and self.outcome != DOES_NOT_BIND


def bindings(inventory: Inventory, uses: Sequence[PolicyUse]) -> tuple[Binding, ...]:
    """How each rule set stands to the agency, in the order given.

    Args:
        inventory: an inventory with at least the agency's own record.
        uses: policy versions, each with a running engine.

    Raises:
        UserError: an engine could not answer.
    """
    return tuple(_binding(inventory, use) for use in uses)


def _binding(inventory: Inventory, use: PolicyUse) -> Binding:
    policy = use.bundle.policy
    if policy.applies_to(AGENCY) is None:
        return Binding(policy, BINDS)
    if AGENCY not in policy.subjects:
        # The engine knows the condition only for kinds that some rule is about.
        return Binding(policy, UNDECIDED)
    inquired = Inquiry(inventory, use).ask(APPLIES, inventory.agency)
    outcome = inquired.trees[APPLIES].outcome
    word = {TRUE: BINDS, FALSE: DOES_NOT_BIND}.get(outcome, UNDECIDED)
    return Binding(policy, word, inquired.deciding, inquired.settling)
