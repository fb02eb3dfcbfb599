"""Names of all that a built policy offers to an engine, and the dated versions of its rules."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.policy.conditions import Leaf, Parameter, Tally, walk
from compliance.policy.model import APPLIES, Policy, Rule


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as it stands, or as it will stand when a parameter's value changes."""

    rule: Rule
    date: str | None = None
    """First day of the coming value; None for the rule as it stands."""

    @property
    def id(self) -> str:
        """``idle-lock``, or ``idle-lock@2027-01-01``."""
        return f"{self.rule.id}@{self.date}" if self.date else self.rule.id

    @property
    def rego_name(self) -> str:
        """Last part of the package: ``idle_lock``, or ``idle_lock_from_2027_01_01``."""
        return self.rule.rego_name + self.suffix

    @property
    def suffix(self) -> str:
        """What the names of coming parameter values end in."""
        return f"_from_{self.date.replace('-', '_')}" if self.date else ""


def parameters_read(rule: Rule) -> frozenset[str]:
    """Names of the parameters a rule's conditions read."""
    return frozenset(
        value.name
        for tree in rule.conditions.values()
        for node in walk(tree)
        for value in _values(node)
        if isinstance(value, Parameter)
    )


def _values(node: object) -> tuple[object, ...]:
    if isinstance(node, Leaf):
        return (node.value, node.days)
    return (node.value,) if isinstance(node, Tally) else ()


def rule_versions(policy: Policy) -> tuple[RuleVersion, ...]:
    """Every rule, followed by its versions of coming dates."""
    versions: list[RuleVersion] = []
    for rule in policy.rules:
        versions.append(RuleVersion(rule))
        dates = {
            value.in_force_from
            for name in parameters_read(rule)
            for value in policy.parameters[name].values
        }
        versions += [RuleVersion(rule, date) for date in sorted(dates)]
    return tuple(versions)


def governing_kind(policy: Policy, kind: str) -> str | None:
    """The kind whose ``applies`` tree governs subjects of a kind; None where no tree does."""
    if kind in policy.applies:
        return kind
    return "agency" if "agency" in policy.applies else None


def status_entries(policy: Policy) -> dict[str, str]:
    """Entry point of every status: by rule id, dated ids included, and ``applies/<kind>``.

    A kind that ``applies`` does not name has the entry point of the agency's condition.
    """
    entries = {v.id: f"{policy.root}/rules/{v.rego_name}/status" for v in rule_versions(policy)}
    for kind in sorted({*policy.applies, *policy.subjects}):
        governing = governing_kind(policy, kind)
        if governing is not None:
            entries[f"{APPLIES}/{kind}"] = f"{policy.root}/applies/{governing}/status"
    return entries


def rules_by_kind(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Keys of ``results`` for documents of each kind, sorted, the pseudo-rule included."""
    by_kind: dict[str, list[str]] = {}
    for version in rule_versions(policy):
        by_kind.setdefault(version.rule.subject, []).append(version.id)
    for kind, rules in by_kind.items():
        if governing_kind(policy, kind):
            rules.append(APPLIES)
    return {kind: tuple(sorted(rules)) for kind, rules in sorted(by_kind.items())}


def tallies(policy: Policy) -> tuple[tuple[RuleVersion, Tally], ...]:
    """Every count or share over a kind, with the version of the rule it belongs to."""
    return tuple(
        (version, node)
        for version in rule_versions(policy)
        for tree in version.rule.conditions.values()
        for node in walk(tree)
        if isinstance(node, Tally) and node.of
    )


def named_entries(policy: Policy) -> dict[str, str]:
    """Entry points of the whole policy: results, why and batch, and measures where it counts.

    ``ordered`` is ``results`` as a list in the order of the kind's rules: an object of statuses
    takes a WebAssembly module a fifth of the time of working them out.
    """
    entries = {name: f"{policy.root}/{name}" for name in ("results", "ordered", "batch")}
    entries["why"] = f"{policy.root}/why/why"
    if tallies(policy):
        entries["measures"] = f"{policy.root}/measures"
    return entries
