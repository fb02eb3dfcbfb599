"""``--format md``: the report as a comment on a change, short enough for one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from compliance.assessment import outcome
from compliance.assessment.model import SEVERITIES, Assessment, Finding, MissingFact
from compliance.report import headline
from compliance.report.detail import COUNTS, NOTES
from compliance.report.gather import Gathered, Group, gather
from compliance.report.leaves import telling, told
from compliance.report.markdown_text import code, words
from compliance.report.plain import number
from compliance.report.plan import counts
from compliance.report.stamp import engine, inventory_digest, policy_digest
from compliance.report.texts import SECTIONS, Texts, effort, usually_known_by, waiting

MOST = 60_000
"""Characters of the whole, with room to spare: GitHub takes 65,536 for a comment."""
_RECORDS = 5
"""Records of one rule that are listed."""
_FACTS = 3
"""Facts of one record."""
_LONGEST, _SHORT = 700, 300
"""Characters of a text and of an id, value or place, with what makes them safe."""
_RULES, _QUESTIONS = 25, 15
"""Entries of a section."""
_SHARES = {"errors": 20, "gaps": 80, "ask": 100}
"""How much of the room that is left a section may take, in per cent."""
_FRAME = 80
"""Characters for a heading and how many more there are."""
_RULE_SETS = 12
"""Rule sets that have a line."""


class MarkdownReport:
    """Numbers, the gravest gaps with their places, the questions that settle most, versions."""

    name = "md"

    def render(self, assessment: Assessment) -> Iterator[str]:
        """Yields the report section by section."""
        texts = Texts(assessment)
        found = gather(assessment, _RECORDS)
        top, end = "".join(_top(assessment)), "".join(_end(assessment))
        yield top
        room = MOST - len(top) - len(end)
        for name, entries, most in (
            ("errors", _errors(texts, found), _RULES),
            ("gaps", _gaps(texts, found), _RULES),
            ("ask", _questions(texts), _QUESTIONS),
        ):
            text = _section(SECTIONS[name], list(entries), most, room * _SHARES[name] // 100)
            room -= len(text)
            yield text
        yield end


def _top(assessment: Assessment) -> Iterator[str]:
    metadata = assessment.metadata
    yield _marking(assessment)
    yield "## Gap report\n\n"
    yield f"{_words(outcome.headline(assessment), 1_000)}\n\n"
    if metadata.detail in NOTES:
        yield f"{words(NOTES[metadata.detail])}\n\n"
    statuses, cells = headline.by_severity(assessment)
    yield _row(["severity", *(name.replace("_", " ") for name in statuses)])
    yield _row(["---", *("---:" for _ in statuses)])
    for severity in (*SEVERITIES, "all"):
        yield _row([severity, *(f"{cells[severity, name]:,}" for name in statuses)])
    yield "\n"
    notes = headline.marked(assessment)
    if notes:
        yield f"Among these: {'; '.join(notes)}.\n\n"
    if assessment.plan:
        yield f"{SECTIONS['plan']}: {words(counts(assessment.plan))}\n\n"
    if assessment.outside:
        waiting_for = sum(one.open for one in assessment.outside)
        late = sum(one.overdue for one in assessment.outside)
        yield f"{SECTIONS['outside']}: {waiting_for:,} open, {late:,} overdue.\n\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _section(title: str, entries: Sequence[str], most: int, room: int) -> str:
    """A section with the first entries, as many as there is room for, and how many more there are.

    Args:
        title: its heading.
        entries: what it lists; nothing is written where it is empty.
        most: entries that a comment should have at most.
        room: characters that are left for it.
    """
    if not entries:
        return ""
    kept = list(accumulate(map(len, entries[:most])))
    fitting = bisect_right(kept, room - _FRAME - len(title))
    left = len(entries) - fitting
    more = f"\nand {left:,} more; other formats list them.\n" if left else ""
    return f"### {title}\n\n{''.join(entries[:fitting])}{more}\n"


def _errors(texts: Texts, found: Gathered) -> Iterator[str]:
    for group in found.errors:
        rule = _code(f"{group.policy}/{group.rule}")
        lines = [f"- **{_words(texts.title(group))}** ({rule})\n"]
        if texts.named:
            lines += [
                f"  - {_code(one.record)}: {_words(one.message or '')}\n" for one in group.shown
            ]
        yield "".join([*lines, _more(group)])


def _gaps(texts: Texts, found: Gathered) -> Iterator[str]:
    if texts.assessment.metadata.detail != COUNTS:
        for group in found.gaps:
            yield "".join(_gap(texts, group))


def _gap(texts: Texts, group: Group) -> Iterator[str]:
    rule = texts.rule(group)
    records = _words(number(group.total, f"{group.kind.replace('_', ' ')} record"), _SHORT)
    yield f"- **{group.severity}: {_words(texts.title(group))}** — {records}  \n"
    yield f"  {_words(texts.against(group))}. Rule {_code(f'{group.policy}/{group.rule}')}.\n"
    if rule is not None and rule.remediation:
        work = f" ({_words(effort(rule), _SHORT)})" if rule.effort else ""
        yield f"  - To do: {_words(rule.remediation)}{work}\n"
    if texts.named:
        for finding in group.shown:
            yield f"  - {'; '.join(_record(texts, finding))}\n"
        yield _more(group)


def _more(group: Group) -> str:
    left = group.total - len(group.shown)
    return f"  - and {left:,} more\n" if left > 0 else ""


def _record(texts: Texts, finding: Finding) -> Iterator[str]:
    """One record with the facts that are wrong."""
    name = f" ({_words(finding.name, 120)})" if finding.name else ""
    yield f"{_code(finding.record)}{name}"
    facts = telling(finding.leaves)
    for leaves in facts[:_FACTS]:
        one = told(leaves, finding.record, texts.assessment.metadata.facts)
        where = f"{_code(one.where)}: " if one.where else ""
        member = f", {one.member}" if one.member else ""
        place = f" at {_code(one.position)}" if one.position else ""
        # What a condition in Rego asks cannot be said of one fact.
        asks = "" if one.together else f", {one.asks} {_code(one.expected)}"
        found = _code(one.found)
        yield f"{where}{_words(one.title or one.path)}{member}: {found}{asks}{place}"
    if len(facts) > _FACTS:
        yield f"and {number(len(facts) - _FACTS, 'more fact')}"
    for statement in finding.inheritance:
        if statement.effect != "none":
            place = f" at {_code(statement.position)}" if statement.position else ""
            yield f"carried by {_code(statement.provider)}{place}"


def _questions(texts: Texts) -> Iterator[str]:
    missing = texts.assessment.summary.missing_facts
    for fact in sorted(missing, key=lambda one: -one.findings):
        yield _question(fact)


def _question(fact: MissingFact) -> str:
    shown = ", ".join(_code(one) for one in fact.subjects[:_RECORDS])
    left = len(fact.subjects) - _RECORDS
    more = f" and {left:,} more" if left > 0 else ""
    records = f" of {shown}{more}" if shown else ""
    said = f"{usually_known_by(fact)} {waiting(fact)}".strip()
    asked = _words(fact.question or fact.title)
    return f"- {asked} {_code(fact.path)}{records}. {_words(said)}\n"


def _end(assessment: Assessment) -> Iterator[str]:
    """What the report rests on, and its marking."""
    metadata = assessment.metadata
    yield f"### {SECTIONS['made']}\n\n"
    yield f"- {_words(f'As of {metadata.as_of}, by compliance {metadata.program_version}')}\n"
    files = number(len(metadata.inventory), "file")
    yield f"- Inventory: {files}, digest of their digests {_code(inventory_digest(assessment))}\n"
    for policy in assessment.policies[:_RULE_SETS]:
        yield (
            f"- {_words(policy.title, 200)} ({_words(headline.policy_words(policy), 300)}), "
            f"engine {_words(engine(policy), 200)}, "
            f"SHA-256 {_code(policy_digest(policy))}\n"
        )
    left = len(assessment.policies) - _RULE_SETS
    if left > 0:
        yield f"- and {number(left, 'more rule set')}\n"
    yield "\n"
    statements = dict.fromkeys(policy.statement for policy in assessment.policies)
    for statement in [*statements][:_RULE_SETS]:
        yield f"{_words(statement)}\n\n"
    yield _marking(assessment)


def _marking(assessment: Assessment) -> str:
    marking = assessment.metadata.marking
    return f"**{_words(marking)}**\n\n" if marking else ""


def _words(text: str, most: int = _LONGEST) -> str:
    return _fitting(words, text, most)


def _code(text: str, most: int = _SHORT) -> str:
    return _fitting(code, text, most)


def _fitting(shown: Callable[[str], str], text: str, most: int) -> str:
    """A text made safe, cut so that what it becomes takes no more than some characters."""
    made = shown(text[: most + 1])
    kept = text[:most]
    while len(made) > most:
        kept = kept[: min(len(kept) * most // len(made), len(kept) - 1)]
        made = shown(f"{kept}...")
    return made
