"""``--format html``: what the page says, and the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from compliance.assessment import outcome
from compliance.assessment.model import ERROR, GAP, Assessment
from compliance.report import headline
from compliance.report.detail import COUNTS, NOTES
from compliance.report.gather import gather
from compliance.report.html import overview, planned
from compliance.report.html.due import calendar
from compliance.report.html.entries import Entries, Entry
from compliance.report.html.facets import filters
from compliance.report.html.first import first
from compliance.report.html.page import asset, template
from compliance.report.plan import counts
from compliance.report.priorities import ask_first
from compliance.report.texts import SECTIONS, Texts, expected_value, left_out

ROWS = 4000
"""Records listed with their facts, all rules together: more would make a page of 10 MB and more."""
NAMED = 25_000
"""Records listed at all; those beyond `ROWS` by their ids alone, so that none has to be guessed."""
LEAST = 5
"""Records of one rule that are listed in any case."""
LISTED = 400
"""Entries of other lists."""

FACTS = 10
"""Facts that settle most."""


class HtmlReport:
    """One page that needs no network, works without a script, and prints."""

    name = "html"

    def render(self, assessment: Assessment) -> Iterator[str]:
        """Yields the page piece by piece."""
        page = template("page.html.j2")
        yield from map(str, page.generate(**_content(assessment)))


def _content(assessment: Assessment) -> dict[str, Any]:
    """What the template shows, by name."""
    texts = Texts(assessment)
    sizes = _sizes(assessment)
    found = gather(assessment, _most(sizes, NAMED))
    entries = Entries(texts, _most(sizes, ROWS))
    summary, detail = assessment.summary, assessment.metadata.detail
    gaps = list(entries.gaps(found.gaps))
    listed: dict[str, list[Any]] = {
        "errors": list(entries.errors(found.errors)),
        "gaps": gaps,
        "questions": list(entries.questions(summary.missing_facts[:LISTED])),
        "upcoming": list(entries.upcoming(found.upcoming)),
        "decisions": list(entries.decisions(found.decisions)),
        "excluded": list(entries.excluded(found.excluded)),
        "inherited": list(entries.inherited(found.inherited)),
        "lapsed": list(entries.lapsed(found.lapsed)),
        "plan": list(planned.items(assessment)),
        "outside": list(planned.outside(assessment)),
    }
    sections = [] if detail == COUNTS else list(overview.requirements(assessment, gaps))
    facets = [one.facets for entry in listed.values() for one in entry]
    facets += [row.facets for section in sections for row in section.rows]
    statuses, cells = headline.by_severity(assessment)
    actions, actions_left = first(assessment, [*gaps, *listed["upcoming"]])
    wrong, notes = (summary.wrong_values, summary.notes) if texts.named else ((), ())
    return {
        **listed,
        "assessment": assessment,
        "metadata": assessment.metadata,
        "reduced": NOTES.get(detail, ""),
        "titles": SECTIONS,
        "headline": outcome.headline(assessment),
        "tiles": list(overview.tiles(assessment)),
        "rule_sets": list(overview.rule_sets(assessment)),
        "sections": sections,
        "statuses": statuses,
        "cells": cells,
        "marked": headline.marked(assessment),
        "fix_first": actions,
        "fix_left": actions_left,
        "efforts": overview.efforts(gaps),
        "settle_most": list(entries.questions(ask_first(summary.missing_facts)[:FACTS])),
        "calendar": calendar(texts, found, planned.dates(assessment)),
        "plan_counts": counts(assessment.plan),
        "plan_left": left_out(len(assessment.plan) - planned.SHOWN),
        "outside_left": left_out(len(assessment.outside) - planned.SHOWN),
        "questions_left": left_out(len(summary.missing_facts) - LISTED),
        "wrong": [(one, expected_value(one)) for one in wrong[:LISTED]],
        "wrong_left": left_out(len(wrong) - LISTED),
        "notes": [(one, expected_value(one)) for one in notes[:LISTED]],
        "notes_left": left_out(len(notes) - LISTED),
        "filters": filters(assessment, facets),
        "totals": {name: _total(listed[name]) for name in ("gaps", "upcoming", "decisions")},
        "inventory": headline.inventory_words(assessment),
        "evaluated": [headline.evaluated_by(assessment, one) for one in assessment.policies],
        "style": asset("report.css"),
        "script": asset("report.js"),
    }


def _total(entries: list[Entry]) -> int:
    return sum(one.total for one in entries)


def _sizes(assessment: Assessment) -> list[int]:
    """How many findings each list of the page has."""
    sizes: Counter[tuple[str, ...]] = Counter()
    for one in assessment.findings.notable():
        if one.status in (GAP, ERROR) or one.marks:
            sizes[one.policy, one.rule, one.kind, one.basis] += 1
    return list(sizes.values())


def _most(sizes: list[int], bound: int) -> int:
    """How many records of one rule are listed, so that all rules together keep to a bound."""
    low, high = LEAST, max([LEAST, *sizes])
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(size, middle) for size in sizes) <= bound:
            low = middle
        else:
            high = middle - 1
    return low
