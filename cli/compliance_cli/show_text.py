"""An inventory, or a record, as text for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.inventory.overview import RecordView, Tie, WorkedOut, counts
from compliance.inventory.problems import NOTE
from compliance.inventory.store import Inventory
from compliance.report.plain import MOST, columns, enumeration, neutral, number, prose
from compliance_cli.fact_text import fact_lines, placed, source, whole


def summary(inventory: Inventory) -> Iterator[str]:
    """The inventory at a glance."""
    agency = inventory.agency
    name = agency.get("name")
    yield neutral(f"{name} ({agency.id})" if name else agency.id) + "\n"
    found = list(counts(inventory))
    records = number(sum(count.records for count in found), "record")
    files = number(len(inventory.digests), "file")
    yield f"{records} in {files}, read as of {inventory.as_of.isoformat()}.\n\n"
    rows = [["kind", "records", "list complete", "facts known", "of", "share"]]
    for count in found:
        share = f"{100 * count.known // count.possible}%" if count.possible else ""
        complete = count.complete_on or ("" if count.kind == agency.kind else "not said")
        cells = [f"{count.records:,}", complete, f"{count.known:,}", f"{count.possible:,}", share]
        rows.append([count.kind, *cells])
    yield columns(rows)
    yield from _unmentioned(inventory, {count.kind for count in found})
    yield from _lists(inventory)
    yield from _problems(inventory)
    yield "\nNo policy asks for every fact; `compliance check` names those that are missing.\n"


def _unmentioned(inventory: Inventory, found: set[str]) -> Iterator[str]:
    kinds = [kind for kind in inventory.kinds
             if kind not in found and not inventory.kinds[kind].read_only]  # fmt: skip
    if kinds:
        start = "Nothing is said of other kinds, so whether there are any is not known"
        text = f"{start}: {', '.join(kinds)}."
        yield "\n" + prose(text)


def _lists(inventory: Inventory) -> Iterator[str]:
    parts = []
    if inventory.inheritance:
        parts.append(number(len(inventory.inheritance), "statement of inheritance",
                            "statements of inheritance"))  # fmt: skip
    if inventory.answers:
        parts.append(number(len(inventory.answers), "answer to a question", "answers to questions"))
    if parts:
        yield f"\nAlso: {', '.join(parts)}.\n"


def _problems(inventory: Inventory) -> Iterator[str]:
    notes = [problem for problem in inventory.wrong_values if problem.kind == NOTE]
    wrong = [problem for problem in inventory.wrong_values if problem.kind != NOTE]
    if wrong:
        yield f"\n{number(len(wrong), 'wrong value')}, read as unknown:\n"
        yield from (prose(str(problem), "    ", "  - ") for problem in wrong)
    else:
        yield "\nNothing wrong was found.\n"
    if notes:
        yield f"\n{number(len(notes), 'note')}:\n"
        yield from (prose(str(problem), "    ", "  - ") for problem in notes)


def record(found: RecordView) -> Iterator[str]:
    """One record with all that is known of it."""
    name = f" ({found.name})" if found.name else ""
    yield neutral(f"{found.record.subject}{name}") + "\n"
    yield neutral(f"{found.kind.title}, {placed(found.record.position())}.") + "\n"
    yield f"{found.known:,} of {number(found.possible, 'fact')} known.\n"
    if found.facts:
        yield "\nFacts\n"
        yield from (fact_lines(fact, "  ") for fact in found.facts)
    if found.links:
        yield "\nLinks\n"
        yield from map(_link, found.links)
    if found.linked_from:
        yield "\nRecords that belong to it\n"
        yield from map(_reverse, found.linked_from)
    if found.worked_out:
        yield "\nWorked out from others\n"
        yield from map(_worked_out, found.worked_out)


def _link(tie: Tie) -> str:
    known = tie.stated
    if known is None or not tie.records:
        return fact_lines(known, "  ") if known else ""
    text = prose(f"{tie.title} ({tie.path}): {_named(tie.records)}", "      ", "  ")
    return text + prose(source(known), "      ", "      ")


def _reverse(tie: Tie) -> str:
    title = tie.title.removesuffix(" records")
    named = _named(tie.records) or "none"
    open_end = "" if tie.complete else " (there may be others)"
    return prose(f"{title} ({tie.path}): {named}{open_end}", "      ", "  ")


def _named(records: Sequence[tuple[str, str]]) -> str:
    few = [f"{subject} ({name})" if name else subject for subject, name in records[:MOST]]
    return enumeration(few, len(records))


def _worked_out(found: WorkedOut) -> str:
    open_end = "" if found.complete else " (there may be others)"
    return prose(
        f"{found.title} ({found.path}): {whole(list(found.members))}{open_end}", "      ", "  "
    )
