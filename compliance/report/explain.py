"""One finding explained: its conditions as a tree, its facts, what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compliance.assessment.inquiry import Inquired
from compliance.assessment.model import (
    APPLIES,
    GAP,
    NOT_APPLICABLE,
    UNKNOWN,
    Assessment,
    Finding,
    Leaf,
    PolicyRun,
    RequirementText,
    Settling,
)
from compliance.policy.conditions import Group, Quantifier, RegoCondition, Tally
from compliance.policy.explanation import SKIPPED, Element, Explained
from compliance.report.gather import Group as Findings
from compliance.report.leaves import known_as, line, observed, telling
from compliance.report.plain import neutral, prose
from compliance.report.style import PLAIN, Style
from compliance.report.texts import Texts, statement, subject

_ROOTS = {
    APPLIES: "The rule set applies to the record",
    "when": "The rule is about the record",
    "expect": "What the rule asks",
    "otherwise": "Or a documented decision instead",
}
_GROUPS = {"all": "all of", "any": "at least one of", "not": "not"}
_QUANTIFIERS = {"every": "every", "some": "at least one", "none": "no"}


class ExplainReport:
    """The explanation of one finding, as text."""

    def __init__(self, assessment: Assessment, style: Style = PLAIN) -> None:
        self._assessment = assessment
        self._texts = Texts(assessment)
        self._facts = assessment.metadata.facts
        self._style = style

    def brief(self, title: str, findings: Iterable[Finding]) -> Iterator[str]:
        """Yields the title of a rule and one line for each of its findings."""
        yield self._style.paint("heading", neutral(title)) + "\n"
        for finding in findings:
            marks = "".join(f", {mark.text}" for mark in finding.marks)
            status = finding.status.replace("_", " ")
            yield f"  - {neutral(subject(finding))}: {status}{neutral(marks)}\n"

    def render(self, finding: Finding, inquired: Inquired) -> Iterator[str]:
        """Yields the explanation section by section."""
        yield from self._head(finding)
        for root, tree in inquired.trees.items():
            outcome = self._style.paint(tree.outcome, tree.outcome)
            yield f"\n{_ROOTS[root]}: {outcome}\n"
            yield from self._node(tree, inquired, 1)
        yield from self._requirements(finding)
        yield from self._inheritance(finding)
        yield "\nWhat would change the outcome\n"
        yield from self._change(finding, inquired)

    def _head(self, finding: Finding) -> Iterator[str]:
        group = Findings(
            finding.policy, finding.rule, finding.kind, finding.severity, finding.basis, [finding]
        )
        marks = "".join(f", {mark.text}" for mark in finding.marks)
        status = finding.status.replace("_", " ")
        title = f"{finding.policy}/{finding.rule} for {subject(finding)}: {status}{marks}"
        yield self._style.paint("heading", neutral(title)) + "\n"
        yield prose(self._texts.title(group))
        basis = self._texts.against(group) if finding.status == GAP else f"Basis: {finding.basis}"
        known = f" The facts are known as {finding.assurance}." if finding.assurance else ""
        yield prose(f"Severity: {finding.severity}. {basis}.{known}")
        if finding.message:
            yield prose(finding.message)

    def _node(self, tree: Explained, inquired: Inquired, depth: int) -> Iterator[str]:
        node = tree.node
        match node:
            case Group():
                yield self._line(tree.outcome, f"{_GROUPS[node.op]}:", depth)
                for child in tree.children:
                    yield from self._node(child, inquired, depth + 1)
            case Quantifier() | Tally() if tree.complete is not None:
                yield from self._list(node, tree, inquired, depth)
            case RegoCondition():
                yield self._line(tree.outcome, "a condition written in Rego, which reads:", depth)
                for leaf in inquired.leaves(tree):
                    yield self._fact(leaf, inquired, None, depth + 1)
            case _:
                for leaf in inquired.leaves(tree):
                    yield self._fact(leaf, inquired, tree.outcome, depth)

    def _list(
        self, node: Quantifier | Tally, tree: Explained, inquired: Inquired, depth: int
    ) -> Iterator[str]:
        whole = "" if tree.complete else ", a list that is not known to be complete"
        if isinstance(node, Tally):
            text = f"{node.op} of {node.element} in {node.path}{whole}: {inquired.words(node)}"
        else:
            text = f"{_QUANTIFIERS[node.op]} {node.element} of {node.path}{whole}:"
        yield self._line(tree.outcome, text, depth)
        if not tree.elements:
            asked = "" if isinstance(node, Tally) else f"; asked: {inquired.words(node)}"
            yield self._line(None, f"no member is known{asked}", depth + 1)
        for element in tree.elements:
            yield from self._element(node, element, inquired, depth + 1)

    def _element(
        self, node: Quantifier | Tally, element: Element, inquired: Inquired, depth: int
    ) -> Iterator[str]:
        name = f"{node.element} {element.key}"
        if node.list in ("list", "derived"):
            name = f"entry {int(element.key) + 1}"
        outcome = "not counted" if element.outcome == SKIPPED else element.outcome
        yield self._line(outcome, name, depth)
        for part in element.parts:
            yield from self._node(part, inquired, depth + 1)

    def _fact(self, leaf: Leaf, inquired: Inquired, outcome: str | None, depth: int) -> str:
        fact = self._facts.get(leaf.path)
        title = f"{fact.title} ({leaf.path})" if fact else leaf.path
        where = "" if leaf.subject == inquired.case.subject.subject else f"{leaf.subject}: "
        text = f"{where}{title}: {observed(leaf)}; expected {leaf.expected.text}"
        source = _source(leaf)
        found = self._line(outcome, text, depth)
        indent = " " * (2 * depth + 10)
        return found + (prose(source, indent, indent) if source else "")

    def _line(self, outcome: str | None, text: str, depth: int) -> str:
        label = f"[{outcome}]" if outcome else ""
        first = f"{'  ' * depth}{label:<9} "
        lines = prose(text, " " * len(first), first)
        return lines.replace(label, self._style.paint(outcome, label), 1) if outcome else lines

    def _requirements(self, finding: Finding) -> Iterator[str]:
        policy = self._assessment.policy(finding.policy)
        covered = [
            one for one in (policy.requirements if policy else ()) if one.id in finding.covers
        ]
        if policy is None or not covered:
            return
        yield "\nWhat the rule covers\n"
        for requirement in covered:
            yield prose(_requirement(requirement), "    ", "  - ")
        yield prose(_rule_set(policy), "    ", "  - ")

    def _inheritance(self, finding: Finding) -> Iterator[str]:
        if finding.inheritance:
            yield "\nStatements of providers\n"
        for found in finding.inheritance:
            effect = (
                "it changes nothing" if found.effect == "none" else f"the finding is {found.effect}"
            )
            does = f" The agency still does: {found.consumer_does}" if found.consumer_does else ""
            text = f"{statement(found)}: {found.provider_status}; {effect}.{does}"
            yield prose(text, "    ", "  - ")

    def _change(self, finding: Finding, inquired: Inquired) -> Iterator[str]:
        status = finding.evaluated
        if status != finding.status:
            text = f"By the provider's statement: {finding.status}. Without it: {status}."
            yield prose(text, "  ", "  ")
        if status == UNKNOWN:
            yield from self._settling(inquired.settling)
            return
        lead = {
            GAP: "A gap because of the facts below.",
            NOT_APPLICABLE: "Not applicable because of the facts below.",
        }.get(status, "Satisfied because of the facts below; other values may change it.")
        yield prose(lead, "  ", "  ")
        facts = telling(inquired.deciding) or [[leaf] for leaf in inquired.deciding]
        for leaves in facts:
            text = line(leaves, finding.record, self._facts, gap=status == GAP)
            yield prose(text, "    ", "  - ")
        group = Findings(
            finding.policy, finding.rule, finding.kind, finding.severity, finding.basis, [finding]
        )
        rule = self._texts.rule(group)
        if rule is not None and finding.status == GAP:
            effort = f" (effort: {rule.effort})" if rule.effort else ""
            yield prose(f"To do: {rule.remediation}{effort}", "  ", "  ")

    def _settling(self, facts: Iterable[Settling]) -> Iterator[str]:
        yield prose("These facts would settle it:", "  ", "  ")
        for one in facts:
            fact = self._facts.get(one.path)
            member = f", entry {int(one.element) + 1}" if one.element is not None else ""
            asked = f" Usually known by: {fact.asked_of}." if fact and fact.asked_of else ""
            question = f" {fact.question}" if fact and fact.question else ""
            yield prose(f"{one.path} of {one.subject}{member}.{question}{asked}", "    ", "  - ")


def _source(leaf: Leaf) -> str:
    """Where a value stands and where it comes from."""
    known = known_as(leaf.provenance) if leaf.provenance else ""
    return "; ".join(part for part in (leaf.position, known) if part)


def _requirement(requirement: RequirementText) -> str:
    note = f" {requirement.note}" if requirement.note else ""
    return (
        f"{requirement.cited} {requirement.title} ({requirement.designation}; basis: "
        f"{requirement.basis}): {requirement.text} for the agency as a whole.{note}"
    )


def _rule_set(policy: PolicyRun) -> str:
    return f"Rule set: {policy.title} (policy {policy.id} {policy.version}), {policy.authority}"
