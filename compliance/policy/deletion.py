"""Which statuses a rule may have after a fact was taken away: the deletion property.

A fact is taken away by removing it, by writing null in its place, or by writing a value of another
JSON type. It then is unknown, or, where it led to other records, the list of these is incomplete.
No test is true or false because its fact is unknown, and ``all``, ``any``, ``not``, ``every``,
``some``, ``none``, ``count`` and ``share`` keep that up: what is true or false without the fact
also was with it. So each part of a rule (``applies`` with ``when``, ``expect``, ``otherwise``)
stays as it was or becomes unknown, and of the statuses made from these parts

- a gap stays a gap or becomes unknown: never satisfied, never not applicable;
- what is satisfied stays satisfied or becomes unknown: never a gap, never not applicable. It may
  come to be marked as satisfied by ``otherwise`` alone, where that holds and ``expect`` no longer
  does; the mark of ``otherwise`` never goes away, because ``expect`` cannot become true;
- what is unknown stays unknown;
- what is not applicable may become unknown, or satisfied where what is expected holds: a rule whose
  applicability is unknown is satisfied if its subject does what it asks. It never becomes a gap.

Three things a person may delete are no such facts, and no status is promised for them: a fact whose
absence means known none (``x-absent``: without ``lost_on`` the device is not lost), a choice of a
parameter (without it the policy's own value is in force), and a whole record or member of a list
(a shorter list is another statement; a null member is not).
"""

from __future__ import annotations

from compliance.inventory.kinds import Fact
from compliance.policy.model import DECISION_MARK, OUTER_LIMIT_MARK

_SATISFIED = "satisfied"
_BY_DECISION = f"{_SATISFIED}+{DECISION_MARK}"
_OUTER_LIMIT = f"{_SATISFIED}+{OUTER_LIMIT_MARK}"
_EVERY_SATISFIED = frozenset({_SATISFIED, _BY_DECISION, _OUTER_LIMIT})

_AFTER: dict[str, frozenset[str]] = {
    "gap": frozenset(),
    "unknown": frozenset(),
    "not_applicable": _EVERY_SATISFIED,
    _SATISFIED: frozenset({_BY_DECISION}),
    _OUTER_LIMIT: frozenset({_BY_DECISION}),
    _BY_DECISION: frozenset(),
}
"""What a rule's status may become beside itself and unknown."""


def allowed(before: str, after: str, *, applicability: bool = False) -> bool:
    """Whether a status may follow on another when one fact is taken away.

    Args:
        before: status with the fact, as an engine gives it: ``satisfied``, ``satisfied+<mark>``,
            ``gap``, ``unknown`` or ``not_applicable``.
        after: status without it.
        applicability: the statuses are those of the pseudo-rule ``applies``, which becomes unknown
            or stays what it is.

    Returns:
        False also for every other word, ``error`` among them: taking a fact away is no reason to
        fail.
    """
    if before not in _AFTER or after not in _AFTER:
        return False
    if after in (before, "unknown"):
        return True
    return not applicability and after in _AFTER[before]


def covered(fact: Fact) -> bool:
    """Whether the property speaks of a fact: it does not where absence itself is known none."""
    return not fact.absent_none
