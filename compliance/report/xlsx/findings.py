"""The sheets of open findings, and of the questions that would settle the unknowns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compliance.assessment.model import ERROR, GAP, UNKNOWN, UPCOMING, Assessment
from compliance.report import open_cells
from compliance.report.open_cells import Cell, OpenCells
from compliance.report.ordering import Listed, OpenFindings
from compliance.report.plain import enumeration
from compliance.report.texts import Texts
from compliance.report.xlsx.book import FIRST_ROW, Column, Link, Shown, Table

SHEETS: Mapping[str, str] = {
    GAP: "Gaps", UNKNOWN: "Unknowns", UPCOMING: "Upcoming", ERROR: "Errors",
}  # fmt: skip
"""Names of the sheets by the sort of finding."""
REQUIREMENTS = "Requirements"
"""Name of the sheet that requirements stand in."""

_ABOUT = {
    GAP: "Gaps in force, the gravest first: what is wrong with which record, and what to do.",
    UNKNOWN: "What cannot be told because facts are missing. The sheet Questions asks each once.",
    UPCOMING: "No gap today: what is not yet in force, and would fail or could not be told.",
    ERROR: "Rules that could not be evaluated.",
}
_WIDTHS = {
    "severity": 9, "record": 24, "name": 20, "title": 32, "paths": 34, "observed": 34,
    "expected": 28, "positions": 24, "remediation": 40, "effort": 9, "against": 24, "basis": 10,
    "requirements": 24, "questions": 44, "asked_of": 18, "known": 24, "marks": 20,
    "id": 40, "rule": 28, "findings": 10,
}  # fmt: skip
_GAP = (
    "severity", "record", "name", "title", "observed", "expected", "remediation", "effort",
    "against",
)  # fmt: skip
_UNKNOWN = ("severity", "record", "name", "title", "questions", "asked_of", "observed")
_PRINTED: Mapping[str, Sequence[str]] = {
    GAP: _GAP,
    UNKNOWN: _UNKNOWN,
    UPCOMING: ("severity", "marks", "record", "name", "title", "observed", "expected",
               "remediation"),
    ERROR: ("severity", "record", "name", "title", "observed"),
}  # fmt: skip
"""The columns of each sheet that are printed, first."""
_ELSEWHERE = frozenset({"status", "facts", "notes"})
"""Columns that no sheet needs: the sheet itself tells them, or they stand in another one."""
_ASKING = frozenset({"questions", "asked_of"})
_MENDING = frozenset({"against", "known", "remediation", "effort", "plan_item", "plan_due_on"})
_EMPTY: Mapping[str, frozenset[str]] = {
    GAP: _ASKING,
    UNKNOWN: _MENDING,
    UPCOMING: frozenset({"against", "plan_item", "plan_due_on"}),
    ERROR: _ASKING | _MENDING,
}
"""Columns that have nothing in them for a sort of finding."""
_OF_RECORDS = frozenset(
    {"record", "name", "units", "owner", "paths", "observed", "expected", "positions", "known",
     "questions", "asked_of", "plan_item", "plan_due_on", "id"}
)  # fmt: skip
"""Columns that a report without records has nothing for."""

Places = dict[tuple[str, str], int]
"""Rows of a sheet by policy and requirement, or policy and rule."""


class FindingSheets:
    """Makes the tables of open findings."""

    def __init__(self, texts: Texts, found: OpenFindings, requirements: Places) -> None:
        """Keeps what the tables are made of.

        Args:
            texts: words of the assessment.
            found: its open findings.
            requirements: where each requirement stands in the sheet of requirements.
        """
        self._texts = texts
        self._found = found
        self._cells = OpenCells(texts)
        self._requirements = requirements
        self.first_gaps: Places = {}
        """Where the first gap of each rule stands, once the gaps are written."""

    def table(self, sort: str) -> Table:
        """What the sheet of a sort of finding is."""
        names = [*_PRINTED[sort]]
        left_out = {*names, *_ELSEWHERE, *_EMPTY[sort]}
        names += [name for name in open_cells.COLUMNS if name not in left_out]
        names.remove("findings")
        if not self._texts.named:
            names = [name for name in names if name not in _OF_RECORDS]
            names.insert(1, "findings")
        columns = [
            Column(name, open_cells.COLUMNS[name].title, _WIDTHS.get(name, 14), name == "severity")
            for name in names
        ]
        printed = len(_PRINTED[sort]) if self._texts.named else None
        return Table(SHEETS[sort], _ABOUT[sort], columns, 2, printed)

    def rows(self, sort: str) -> Iterator[Mapping[str, Shown]]:
        """The rows of the sheet of a sort of finding."""
        for offset, listed in enumerate(self._found.of(sort)):
            made = self._cells.of(listed)
            cells: dict[str, Shown] = {**made, **_together(made)}
            links = [key for key in self._covered(listed) if key in self._requirements]
            if links:
                cells["requirements"] = Link(
                    made["requirements"], REQUIREMENTS, self._requirements[links[0]]
                )
            if sort == GAP:
                key = (listed.group.policy, listed.group.rule)
                self.first_gaps.setdefault(key, FIRST_ROW + offset)
            yield cells

    def _covered(self, listed: Listed) -> list[tuple[str, str]]:
        rule = self._texts.rule(listed.group)
        return [(listed.group.policy, one) for one in rule.covers] if rule else []


def _together(made: Mapping[str, Cell]) -> dict[str, Shown]:
    """What was found, each value with its fact: lines of two columns would not stay level."""
    facts, observed, expected, notes = (
        _texts(made.get(name, ())) for name in ("facts", "observed", "expected", "notes")
    )
    found = tuple(f"{fact}: {text}" for fact, text in zip(facts, observed, strict=True))
    if len(facts) == len(expected) > 1 and len(set(expected)) > 1:
        expected = tuple(f"{fact}: {text}" for fact, text in zip(facts, expected, strict=True))
    return {"observed": (*found, *notes), "expected": tuple(dict.fromkeys(expected))}


def _texts(cell: Cell) -> tuple[str, ...]:
    return cell if isinstance(cell, tuple) else ()


QUESTIONS = Table(
    "Questions",
    "Each missing fact once, those first that the gravest findings wait for. The answers go into "
    "the inventory.",
    (
        Column("severity", "Severity", 9, toned=True),
        Column("question", "Question", 60),
        Column("asked_of", "Who usually knows", 20),
        Column("findings", "Findings that wait", 10),
        Column("records", "Records", 10),
        Column("subjects", "Which records", 50),
        Column("path", "Fact", 34),
        Column("rules", "Rules", 50),
    ),
    frozen=2,
    printed=6,
)
_LISTED = 40
"""Names in one cell."""


def questions(assessment: Assessment) -> Iterator[Mapping[str, Shown]]:
    """The missing facts as questions."""
    for one in assessment.summary.missing_facts:
        yield {
            "severity": one.severity,
            "question": one.question or one.title,
            "asked_of": one.asked_of,
            "findings": one.findings,
            "records": len(one.subjects) or "",
            "subjects": listed(one.subjects),
            "path": one.path,
            "rules": listed(one.rules),
        }


def listed(names: Sequence[str]) -> str:
    """Names as one text: ``a, b and 4 more``."""
    return enumeration(names[:_LISTED], len(names))
