"""Pages of the sample for the tests of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from compliance.assessment.findings import ListedFindings
from compliance.assessment.model import Assessment, Finding, PolicyRun, RuleText
from compliance.report.html.report import HtmlReport
from tests.report.sample import assessment, finding

CODES = frozenset(
    {"status", "evaluated", "severity", "basis", "assurance", "policy", "rule", "kind", "id",
     "state", "outcome", "test", "effect", "extent", "group", "covers", "rules", "designation",
     "binding", "assessable", "marks", "path", "element", "detail", "weaker_rules",
     "provider_status", "effort", "as_of", "assessed_on", "expires_on"}
)  # fmt: skip
"""Fields that hold words of the program or ids of rules and facts, none of an inventory."""


def page(sample: Assessment | None = None) -> str:
    """The page of an assessment, the sample by default."""
    return "".join(HtmlReport().render(sample or assessment()))


def with_texts(sample: Assessment, text: str) -> Assessment:
    """An assessment in which every free text is another."""
    found = ListedFindings(_changed(one, text) for one in sample.findings)
    return Assessment(
        _changed(sample.metadata, text),
        tuple(_changed(one, text) for one in sample.policies),
        found,
        _changed(sample.summary, text),
    )


def _changed(value: Any, text: str) -> Any:
    """A copy in which a text that is no code is another, numbered so that keys stay different."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            one.name: getattr(value, one.name)
            if one.name in CODES
            else _changed(getattr(value, one.name), text)
            for one in dataclasses.fields(value)
        }
        if isinstance(value, Finding):
            fields["subject"] = f"{text}{value.subject}"
        return type(value)(**fields)
    if isinstance(value, str):
        return text
    if isinstance(value, tuple | list):
        return type(value)(_changed(one, text) for one in value)
    if isinstance(value, Mapping):
        return {
            f"{text}{key}" if "/" in key else key: _changed(one, text) for key, one in value.items()
        }
    return value


class Reader(HTMLParser):
    """Reads a page's elements, its texts, and what stands in its style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        """Names of the elements, each with the names of its attributes."""
        self.values: list[tuple[str, str, str]] = []
        """(element, attribute, value)."""
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": []}
        self._inside = ""
        self._joins = False
        """A word goes on after a place where it may be broken."""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "wbr":
            self._joins = True
            return
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.values += [(tag, name, value or "") for name, value in attrs]
        self._inside = tag if tag in self.raw else ""

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", ()))
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside].append(data)
        elif self._joins:
            self.texts[-1] += data
            self._joins = False
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All that a person reads, with single spaces."""
        return " ".join(" ".join(self.texts).split())


def many(amount: int, rules: int = 40) -> Assessment:
    """An assessment with many gaps."""
    names = [f"rule-{number}" for number in range(rules)]
    found = [
        finding(f"record-{number:06}", rule=names[number % rules], name=f"Record number {number}")
        for number in range(amount)
    ]
    made = assessment(found)
    texts = tuple(
        RuleText(name, f"Title of {name}", "system", "high", "law", (), "Do it.", effort="small")
        for name in names
    )
    policy: PolicyRun = dataclasses.replace(made.policies[0], rules=texts)
    return dataclasses.replace(made, policies=(policy,))
