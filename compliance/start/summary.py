"""What a start tells: which rule sets bind the agency and why, what is missing, what is next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.assessment.model import Leaf
from compliance.inventory.kinds import Kinds
from compliance.inventory.store import Inventory
from compliance.report.plain import neutral, number, prose, value
from compliance.start.binding import BINDS, UNDECIDED, Binding
from compliance.start.choosing import Choice
from compliance.start.uncovered import Uncovered

_BESIDE = {"proposed": "proposed, not in force", "practice": "recommended practice"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a start found out."""

    inventory: Inventory
    """The agency's own record."""
    bindings: tuple[Binding, ...]
    uncovered: tuple[Uncovered, ...]
    choice: Choice
    fallback: bool = False
    """The sheets are those of rule sets that do not bind, because none does."""


def summary(outcome: Outcome) -> Iterator[str]:
    """Paragraphs for a terminal, each ending with a line feed."""
    agency = outcome.inventory.agency
    name = agency.get("name")
    title = f"{name} ({agency.id})" if isinstance(name, str) else agency.id
    yield f"{neutral(title)}\n\nWhich rule sets bind you\n\n"
    for binding in outcome.bindings:
        yield from _binding(binding, outcome.inventory.kinds)
    if not any(binding.matters for binding in outcome.bindings):
        yield prose("No published rule set binds the agency by what you answered.", "  ")
    if outcome.uncovered:
        yield "\nWhat no published rule set is about yet\n\n"
        for one in outcome.uncovered:
            yield prose(
                f"{one.fact.title}: {_meanings(one.fact.labels, one.members)}", "    ", "  "
            )
        yield prose("These count for nothing in a report until rule sets for them appear.", "  ")


def next_steps(files: Mapping[str, str], outcome: Outcome, folder: str) -> Iterator[str]:
    """What was written, and the two things to do next.

    Args:
        files: what each file is, by its path.
        outcome: what the start found out.
        folder: the folder as it is typed in a command.
    """
    yield "\nWhat was written\n\n"
    widest = max(map(len, files))
    for path, about in files.items():
        yield f"  {neutral(path).ljust(widest)}  {about}\n"
    left_out = outcome.choice.left_out
    if left_out:
        names = ", ".join(kind.collection.replace("_", " ") for kind in left_out)
        yield prose(f"Left out, because of what you answered: {names}.", "  ")
    workbook = next(path for path in files if path.endswith(".xlsx"))
    yield "\nWhat to do next\n\n"
    yield prose(
        f"Open {workbook} in Excel or LibreOffice. Begin with the sheet "
        f"{_first(outcome)}: one row for each, and blank where you do not know. Save it.",
        "     ", "  1. ",
    )  # fmt: skip
    yield prose("Type this command, and open the report that it writes:", "     ", "  2. ")
    yield f"\n     compliance assess {folder}\n"


def about_rule_sets(bindings: Sequence[Binding]) -> tuple[str, ...]:
    """The rule sets that matter, as a sentence for the workbook."""
    names = [_title(binding) for binding in bindings if binding.matters]
    if not names:
        return ()
    return (f"It asks for what these rule sets read: {'; '.join(names)}.",)


def _first(outcome: Outcome) -> str:
    first = outcome.choice.kinds[0].kind if outcome.choice.kinds else None
    return first.collection.replace("_", " ").capitalize() if first else "About"


def _binding(binding: Binding, kinds: Kinds) -> Iterator[str]:
    policy = binding.policy
    beside = _BESIDE.get(policy.binding)
    if binding.outcome == BINDS:
        word = "would bind you" if beside else "binds you"
    elif binding.outcome == UNDECIDED:
        word = "cannot be told yet"
    else:
        word = "does not bind you"
    yield prose(f"{word}: {_title(binding)}{f', {beside}' if beside else ''}", "    ", "  - ")
    yield prose(_reason(binding, kinds), "    ")


def _reason(binding: Binding, kinds: Kinds) -> str:
    if binding.outcome == UNDECIDED:
        facts = [kinds.fact(one.path) for one in binding.needs]
        asked = [f"{fact.question} ({fact.full_path})" for fact in facts if fact is not None]
        if not asked:
            return "It is decided record by record."
        return f"Needed: {' '.join(dict.fromkeys(asked))}"
    if not binding.because:
        return "It holds for every agency."
    reasons = dict.fromkeys(_because(leaf, kinds) for leaf in binding.because)
    return f"Because {'; '.join(reasons)}."


def _because(leaf: Leaf, kinds: Kinds) -> str:
    fact = kinds.fact(leaf.path)
    title = fact.title if fact else leaf.path
    return f"{title} ({leaf.path}) = {_shown(leaf)}"


def _shown(leaf: Leaf) -> str:
    return "withheld" if leaf.state == "withheld" else value(leaf.observed)


def _title(binding: Binding) -> str:
    policy = binding.policy
    return f"{policy.title} (policy {policy.id} {policy.version})"


def _meanings(labels: Mapping[str, str], members: Sequence[Any]) -> str:
    words = [f"{each} ({labels[each]})" if each in labels else str(each) for each in members]
    return f"{'; '.join(words)}."


def sheets(choice: Choice) -> str:
    """How many sheets there are to fill in."""
    return f"{number(len(choice.kinds), 'sheet')} to fill in"
