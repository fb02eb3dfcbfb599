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
MOST, LEAST = 100, 5
"""Records listed for one rule."""
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
    found = gather(assessment, _most(assessment))
    entries = Entries(texts)
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


def _most(assessment: Assessment) -> int:
    """How many records of one rule are listed, so that all rules together keep to `ROWS`."""
    sizes: Counter[tuple[str, ...]] = Counter()
    for one in assessment.findings.notable():
        if one.status in (GAP, ERROR) or one.marks:
            sizes[one.policy, one.rule, one.kind, one.basis] += 1
    most = MOST
    while most > LEAST and sum(min(size, most) for size in sizes.values()) > ROWS:
        most -= 5
    return most
