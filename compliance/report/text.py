"""The gap report for people: plain text, the most important first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.assessment import outcome
from compliance.assessment.model import Assessment, RequirementText, WrongValue
from compliance.report import headline
from compliance.report.findings import FindingText
from compliance.report.gather import gather
from compliance.report.plain import enumeration, neutral, number, prose
from compliance.report.style import PLAIN, Style

REQUIREMENTS_SHOWN = 40
WRONG_VALUES_SHOWN = 40


class TextReport:
    """``--format text``.

    Each section starts with its title on a line of its own, underlined, and is left out where it
    has nothing to say.
    """

    name = "text"

    def __init__(self, style: Style = PLAIN, marking: str | None = None) -> None:
        """Makes a report.

        Args:
            style: colours for a terminal.
            marking: the handling marking, printed first and last.
        """
        self._style = style
        self._marking = marking

    def render(self, assessment: Assessment) -> Iterator[str]:
        """Yields the report section by section."""
        findings = FindingText(assessment, self._style)
        gathered = gather(assessment)
        yield from self._mark()
        yield from self._top(assessment)
        sections = (
            ("Rules that could not be evaluated", findings.errors(gathered.errors)),
            ("Gaps", findings.gaps(gathered.gaps)),
            ("Questions that would settle the unknowns", findings.questions()),
            ("Values that could not be used", _wrong_values(assessment.summary.wrong_values)),
            ("Satisfied by documented decision", findings.decisions(gathered.decisions)),
            ("Carried by a provider", findings.inherited(gathered.inherited)),
            ("Upcoming", findings.upcoming(gathered.upcoming)),
            ("Where the rule set does not apply", findings.excluded(gathered.excluded)),
            ("How this report was made", _made(assessment)),
        )
        for title, lines in sections:
            yield from self._section(title, lines)
        for policy in assessment.policies:
            yield "\n" + prose(policy.statement)
        yield from self._mark()

    def _mark(self) -> Iterator[str]:
        if self._marking:
            yield prose(self._marking)

    def _top(self, assessment: Assessment) -> Iterator[str]:
        metadata = assessment.metadata
        name = neutral(metadata.agency_name or metadata.agency)
        title = f"Gap report: {name}, as of {metadata.as_of}"
        yield self._style.paint("heading", title) + "\n\n"
        yield prose(outcome.headline(assessment))
        yield from self._section("Rule sets", self._rule_sets(assessment))
        yield from self._section("Findings", iter([headline.table(assessment)]))
        yield headline.table_notes(assessment)
        yield from self._section("Requirements not met", _requirements(assessment, "not_met"))
        yield from self._section("Requirements open", _requirements(assessment, "unknown"))

    def _rule_sets(self, assessment: Assessment) -> Iterator[str]:
        for policy in assessment.policies:
            yield from headline.rule_set(policy)

    def _section(self, title: str, lines: Iterator[str]) -> Iterator[str]:
        first = next(lines, None)
        if first is None:
            return
        yield f"\n{self._style.paint('heading', title)}\n{'-' * len(title)}\n"
        yield first
        yield from lines


def _requirements(assessment: Assessment, status: str) -> Iterator[str]:
    found = [one for one in headline.requirements(assessment) if one.status == status]
    for requirement in found[:REQUIREMENTS_SHOWN]:
        yield prose(_requirement(requirement), "      ", "  - ")
    if len(found) > REQUIREMENTS_SHOWN:
        yield f"  and {len(found) - REQUIREMENTS_SHOWN:,} more; --format json lists them.\n"


def _requirement(requirement: RequirementText) -> str:
    subjects = requirement.subjects
    counted = ", ".join(
        number(subjects[status], words[0], words[1])
        for status, words in _SUBJECT_WORDS.items()
        if subjects.get(status)
    )
    return f"{requirement.label} {requirement.title}" + (f": {counted}" if counted else "")


_SUBJECT_WORDS = {
    "error": ("record in error", "records in error"),
    "gap": ("record with a gap", "records with a gap"),
    "unknown": ("record unknown", "records unknown"),
    "satisfied": ("record satisfied", "records satisfied"),
}


def _wrong_values(values: Sequence[WrongValue]) -> Iterator[str]:
    for wrong in values[:WRONG_VALUES_SHOWN]:
        expected = f" Expected: {wrong.expected}." if wrong.expected else ""
        suggestion = f" {wrong.suggestion}" if wrong.suggestion else ""
        message = wrong.message.rstrip(".")
        yield prose(
            f"{wrong.position}: {wrong.path}: {message}.{expected}{suggestion}", "      ", "  - "
        )
    if len(values) > WRONG_VALUES_SHOWN:
        yield f"  and {len(values) - WRONG_VALUES_SHOWN:,} more; --format json lists them.\n"


def _made(assessment: Assessment) -> Iterator[str]:
    metadata = assessment.metadata
    records = enumeration(
        [f"{kind} {amount:,}" for kind, amount in sorted(metadata.subjects.items()) if amount], 0
    )
    yield prose(f"Inventory: {number(len(metadata.inventory), 'file')}; records: {records}.", "  ")
    for policy in assessment.policies:
        yield prose(
            f"Policy {policy.id} {policy.version}, evaluated by {policy.engine} "
            f"{policy.engine_version}, compliance {metadata.program_version}.", "  ",
        )  # fmt: skip
        for name, digest in sorted(policy.digests.items()):
            yield f"  {neutral(name)} sha256 {digest}\n"
