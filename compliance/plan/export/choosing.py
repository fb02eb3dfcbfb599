"""Which items go out, and their words that every form shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from compliance.assessment.model import (
    Assessment,
    OutsideFinding,
    PlanCover,
    PlanItemText,
    RequirementText,
)
from compliance.assessment.planned import ACCEPTED
from compliance.errors import UserError
from compliance.report.plain import neutral


class NothingToExportError(UserError):
    """A plan without an item that goes out."""


def chosen(assessment: Assessment, *, proposed: bool) -> tuple[PlanItemText, ...]:
    """The items that go out: those a named person accepted, open or closed since.

    Args:
        assessment: with its plan.
        proposed: take the others too; each form marks them.

    Raises:
        NothingToExportError: there is none.
    """
    if not assessment.plan:
        raise NothingToExportError(
            "The inventory has no plan. `compliance poam update` writes the first one."
        )
    as_of = assessment.metadata.as_of
    found = tuple(one for one in assessment.plan if proposed or _counts(one, as_of))
    if not found:
        raise NothingToExportError(
            "No item of the plan was accepted by a named person, so none goes out. Accept items "
            "(`compliance poam accept`), or export the proposed ones too with --proposed."
        )
    return found


def _counts(item: PlanItemText, as_of: str) -> bool:
    if item.state == ACCEPTED:
        return True
    return not item.open and bool(item.accepted_by and (item.accepted_on or "9999") <= as_of)


@dataclass(frozen=True)
class Words:
    """Words for the items of one assessment."""

    assessment: Assessment

    @cached_property
    def requirements(self) -> Mapping[str, RequirementText]:
        """Requirements of the policies used, by id."""
        return {
            requirement.id: requirement
            for policy in self.assessment.policies
            for requirement in policy.requirements
        }

    @cached_property
    def outside(self) -> Mapping[str, OutsideFinding]:
        """Findings from outside, by source and number."""
        return {found.id: found for found in self.assessment.outside}

    def findings(self, item: PlanItemText) -> Iterator[OutsideFinding]:
        """The findings from outside that an item answers."""
        yield from (self.outside[name] for name in item.outside if name in self.outside)

    def required(self, item: PlanItemText) -> tuple[str, ...]:
        """Ids of the requirements an item is about, each once."""
        ids = [one for cover in item.covers for one in cover.requirements]
        ids += [one for found in self.findings(item) for one in found.requirements]
        return tuple(dict.fromkeys(ids))

    def label(self, requirement: str) -> str:
        """The citation of a requirement; its id where no policy of the run has it."""
        found = self.requirements.get(requirement)
        return found.label if found else requirement

    def labels(self, item: PlanItemText) -> tuple[str, ...]:
        """Citations of the requirements an item is about."""
        return tuple(map(self.label, self.required(item)))

    def controls(self, item: PlanItemText) -> tuple[str, ...]:
        """NIST SP 800-53 controls that answer to an item's requirements, each once."""
        found = [self.requirements.get(one) for one in self.required(item)]
        return tuple(dict.fromkeys(one for text in found if text for one in text.controls))

    def description(self, item: PlanItemText) -> str:
        """What is wrong, in sentences."""
        parts = [self._cover(cover, item) for cover in item.covers]
        parts += [
            one_line(f"{found.title}. {found.description or ''}") for found in self.findings(item)
        ]
        if item.upcoming:
            date = item.in_force_from
            parts.append(f"Not yet in force{f'; in force from {date}' if date else ''}.")
        return " ".join(parts) or one_line(item.title)

    def _cover(self, cover: PlanCover, item: PlanItemText) -> str:
        policy = self.assessment.policy(cover.policy)
        rule = policy.rule(cover.rule) if policy else None
        title = rule.title if rule else f"{cover.policy}/{cover.rule}"
        cited = ", ".join(map(self.label, cover.requirements))
        basis = "" if item.basis == "law" else f", the bureau's standard ({item.basis})"
        return one_line(f"Not so: {title} ({cited or cover.policy}{basis}).")


def one_line(text: str) -> str:
    """A text on one line, safe to show; never empty."""
    return neutral(" ".join(text.split())) or "(no text)"
