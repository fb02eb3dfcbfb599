"""Questions about an inventory, as people are asked them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

APPLICABILITY, LAW, GUIDANCE, BUREAU, PRACTICE, UPCOMING = STAGES = (
    "applicability", "law", "guidance", "bureau", "practice", "upcoming",
)  # fmt: skip
"""What questions are asked for, in the order in which they are asked: whether rules apply, what
rules in force need by their basis, what rules need that are not yet in force."""
STAGE_TITLES: Mapping[str, str] = {
    APPLICABILITY: "What decides which rules apply",
    LAW: "What the law asks",
    GUIDANCE: "What published guidance asks",
    BUREAU: "What the bureau's standard asks",
    PRACTICE: "Good practice and the agency's own values",
    UPCOMING: "What is not yet in force",
}


@dataclass(frozen=True, slots=True)
class Why:
    """One rule that waits for an answer."""

    policy: str
    rule: str
    title: str
    basis: str
    severity: str
    citations: tuple[str, ...] = ()
    """Legal forms of the requirements it covers."""
    applies: bool = False
    """The answer decides whether the rule applies, not how it comes out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one rule set asks of a fact."""

    policy: str
    text: str
    """``at most 15 minutes``."""


@dataclass(frozen=True, slots=True)
class Question:
    """One fact of one record that is not known."""

    number: int
    """From 1, in the order in which questions are asked."""
    subject: str
    """``kind/id``."""
    fact: str
    """Path below the kind; a member of a list by its number from 0: ``software[0].eol_on``."""
    about: str
    """Fingerprint of the record (or member) as it is now; the answer carries it along."""
    title: str
    text: str
    """The question in plain words."""
    stage: str
    """One of ``STAGES``."""
    severity: str
    """Highest severity among the findings that wait for it."""
    findings: int
    """How many findings wait for it; for one that decides whether a rule set applies, its rules."""
    allowed: str
    """What may be answered, as sentences."""
    choices: tuple[str, ...] = ()
    """The answers to choose from, where they are few; ``none`` among them where it is allowed."""
    asked_of: str = ""
    """Role of the person who usually knows."""
    name: str | None = None
    """The record's own name."""
    label: str | None = None
    """For a member of a list: what a person knows it by."""
    why: tuple[Why, ...] = ()
    """Rules that wait for it, most severe first."""
    asks: tuple[Asked, ...] = ()
    """Where binding rule sets ask different things of the fact: what each of them asks."""
    strictest: Asked | None = None
    """Which of ``asks`` settles the others too, where one does."""
    sensitive: bool = False
    """The answer is evaluated and never appears in a report."""
    mend: str | None = None
    """Where a value stands that could not be used: it is corrected there, an answer would not
    replace it."""
    enter: bool = False
    """It waits for records, or for what they say, that are entered in the inventory itself:
    ``allowed`` says which, and no answer replaces them."""
    earlier: str | None = None
    """An earlier answer without a value: ``don't know (help desk, 2026-11-02)``."""

    @property
    def answerable(self) -> bool:
        """Whether an answer settles it, and no correction or entry in the inventory itself."""
        return self.mend is None and not self.enter

    @property
    def kind(self) -> str:
        """The kind of the record."""
        return self.subject.partition("/")[0]

    @property
    def key(self) -> tuple[str, str]:
        """Subject and fact: no two questions share them."""
        return self.subject, self.fact

    @property
    def record(self) -> str:
        """The record as people know it: ``Payroll (system/payroll), software[0]: nginx``."""
        return record_text(self.subject, self.fact, self.name, self.label)


def record_text(subject: str, fact: str, name: str | None, label: str | None) -> str:
    """A record as people know it, for a fact of a member with the member."""
    text = f"{name} ({subject})" if name else subject
    if "[" in fact:
        text += f", {fact.partition(']')[0]}]"
        text += f": {label}" if label else ""
    return text


@dataclass(frozen=True)
class Questions:
    """All questions of one assessment, in the order in which they are asked."""

    agency: str
    as_of: str
    items: tuple[Question, ...]
    agency_name: str | None = None
    policies: tuple[str, ...] = ()
    """The rule sets they come from: ``hipaa 1.0.0``."""
    marking: str | None = None
    """Handling marking of the agency's reports."""
    folder: str = "."
    """The inventory's folder as the user named it."""
    left_out: int = 0
    """How many questions of the assessment are not among them."""
    roles: Mapping[str, int] = field(default_factory=dict)
    """How many questions of the assessment each role usually knows."""

    def __iter__(self) -> Iterator[Question]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def only(self, items: tuple[Question, ...]) -> Questions:
        """The same with some of the questions, numbered anew."""
        numbered = tuple(replace(one, number=number) for number, one in enumerate(items, 1))
        left = self.left_out + len(self.items) - len(items)
        return replace(self, items=numbered, left_out=left)
