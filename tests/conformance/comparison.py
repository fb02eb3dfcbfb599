"""Where engines, evaluator and explanations differ on documents."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from compliance.engine.interface import Engine, in_order
from compliance.policy.conditions import Value
from compliance.policy.explanation import RuleExplanation, Scope, explain
from tests.conformance.engines import Document, Expected, Trial, Version
from tests.oracle.evaluator import key_of, read_list
from tests.oracle.operators import Surroundings, scalar
from tests.oracle.settling import deciding, settling

SHOWN = 5
"""Differences a failing test tells about."""


@dataclass(frozen=True)
class Difference:
    """Two answers that should be one."""

    what: str
    """Who differs from the evaluator, in what, and at which rule and node."""
    rule: str
    found: Any
    expected: Any
    document: Document

    def __str__(self) -> str:
        text = json.dumps(self.document)
        return f"{self.what}: {self.found!r}, expected {self.expected!r}\n    {text}"


def differences(trial: Trial, documents: Sequence[Document]) -> Iterator[Difference]:
    """Every difference on documents about subjects: in statuses, leaf outcomes, explanations."""
    engines: tuple[Engine, ...] = (trial.wasm, trial.opa)
    asking = [trial.asking(document) for document in documents]
    answers = {engine.name: list(engine.why(asking)) for engine in engines}
    expected = [
        trial.expected(document, why.outcomes)
        for document, why in zip(documents, answers[trial.opa.name], strict=True)
    ]
    for engine in engines:
        found = zip(
            documents, expected, engine.evaluate(documents), answers[engine.name], strict=True
        )
        for document, told, evaluation, why in found:
            yield from _each(f"{engine.name} error", evaluation.errors, {}, document)
            yield from _each(f"{engine.name} status", evaluation.statuses, told.statuses, document)
            yield from _each(f"{engine.name} why error", why.errors, {}, document)
            yield from _each(f"{engine.name} why", why.outcomes, told.why, document)
    for document, told in zip(documents, expected, strict=True):
        yield from explanations(trial, document, told)


def counted(trial: Trial, kind: str, documents: Sequence[Document]) -> Iterator[Difference]:
    """Every difference on documents of a first pass."""
    engines: tuple[Engine, ...] = (trial.wasm, trial.opa)
    for engine in engines:
        for document, measures in zip(documents, engine.measure(documents), strict=True):
            yield from _apart(f"{engine.name} error", "", measures.error, None, document)
            wanted = trial.measured(kind, document)
            yield from _each(f"{engine.name} measure", measures.outcomes, wanted, document)


def explanations(trial: Trial, document: Document, told: Expected) -> Iterator[Difference]:
    """Where the assessment's explanations differ: the status, what settles it, what decided it."""
    for version in trial.versions:
        if version.id not in told.why:
            continue
        found = explained(version, told.why[version.id], document)
        status, _, mark = told.statuses[version.id].partition("+")
        pairs: dict[str, tuple[Any, Any]] = {"status": (found.status, status)}
        judgement = told.judgements[version.id]
        if status == "satisfied":
            pairs["mark"] = (found.by_otherwise, mark != "" and mark == version.trees.mark)
        if status == "unknown":
            keys = {node.key for node in found.settling()}
            pairs["settling"] = (keys, settling(judgement))
        if status == "gap":
            keys = {node.key for node in found.deciding()}
            pairs["deciding"] = (keys, deciding(judgement))
        for what, (one, other) in pairs.items():
            yield from _apart(f"explained {what}", version.id, one, other, document)


def explained(version: Version, outcomes: Mapping[str, Any], document: Document) -> RuleExplanation:
    """The assessment's explanation of a rule, its bounds read from the document."""
    today = bounds(version, document, None)
    then = bounds(version, document, version.evaluator.at)
    parts = {
        root: explain(tree, outcomes, today if root == "applies" else then)
        for root, tree in version.trees.parts().items()
    }
    return RuleExplanation(**parts)


def bounds(
    version: Version, document: Document, at: str | None
) -> Callable[[Value, Scope], Decimal | None]:
    """Reads the number a count or share is compared with."""

    def bound(value: Value, scope: Scope) -> Decimal | None:
        around = Surroundings(document, document, version.evaluator.parameters, at)
        for step in scope:
            kind, path = str(step.list.list), str(step.list.path)
            elements, _ = read_list(kind, path, around.scope)
            (element,) = (e for i, e in enumerate(elements) if key_of(kind, e, i) == step.key)
            around = around.within(step.list.element, element)
        number = scalar(value, "number", around)
        return None if number is None else Decimal(repr(number))

    return bound


def _each(
    what: str, found: Mapping[str, Any], expected: Mapping[str, Any], document: Document
) -> Iterator[Difference]:
    for rule in sorted(found.keys() | expected.keys()):
        one, other = in_order(found.get(rule)), in_order(expected.get(rule))
        yield from _apart(what, rule, one, other, document)


def _apart(
    what: str, rule: str, found: Any, expected: Any, document: Document
) -> Iterator[Difference]:
    if found == expected:
        return
    if not (isinstance(found, Mapping) and isinstance(expected, Mapping)):
        yield Difference(f"{what} {rule}", rule.partition("/")[0], found, expected, document)
        return
    for key in sorted(found.keys() | expected.keys()):
        yield from _apart(what, f"{rule}/{key}", found.get(key), expected.get(key), document)


def agree(trial: Trial, found: Iterable[Difference]) -> None:
    """Fails with the first differences, each on a smallest document that shows it."""
    texts = [
        f"{smallest(trial, difference)}\n    {trial.trees(difference.rule)}"
        for difference in itertools.islice(found, SHOWN)
    ]
    if texts:
        pytest.fail("\n".join(texts), pytrace=False)


def smallest(trial: Trial, difference: Difference) -> Difference:
    """The difference on its document with everything left out that it does not take."""
    shrunk = True
    while shrunk:
        shrunk = False
        for path in sorted(_paths(difference.document), key=len):
            less = _without(difference.document, path)
            again = (d for d in differences(trial, [less]) if d.what == difference.what)
            found = next(again, None)
            if found is not None:
                difference, shrunk = found, True
                break
    return difference


def _paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths of all keys, but those that hold the document's subject."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if path or not isinstance(inner, dict) or key == "parameters":
                yield (*path, key)
            yield from _paths(inner, (*path, key))


def _without(document: Document, path: Sequence[str]) -> Document:
    copy: Document = json.loads(json.dumps(document))
    inner: Any = copy
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return copy
