"""What an engine takes and gives, whichever program does the evaluating.

An engine sees input documents and nothing else. It is a generator of results in the order of the
documents and never prints; a rule that faults for a document is an error of that document alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

from compliance.errors import UserError

Document = Mapping[str, Any]
"""An input document: JSON values only, with one key that names the subject's kind."""

AGENCY = "agency"
APPLIES = "applies"
"""The pseudo-rule that says whether the policy as a whole governs a subject."""
SHARED_KEYS = frozenset({"schema", "as_of", AGENCY, "parameters", "totals", "why"})
"""Keys of an input document that do not name the kind of its subject."""

_encode = json.JSONEncoder(
    separators=(",", ":"), check_circular=False, allow_nan=False, ensure_ascii=False
).encode


class EngineError(UserError):
    """The engine cannot run at all: an unusable bundle, or an OPA server that does not answer."""


class FaultError(Exception):
    """One evaluation that failed; the message says why and becomes the rule's error."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Entry points of a bundle, as its manifest lists them."""

    results: str
    """Path of the object of all statuses, such as ``compliance/hipaa/results``."""
    measures: str | None
    """Path of the object of outcomes for totals; None where no rule counts records."""
    why: str
    """Path of the object of leaf outcomes."""
    batch: str
    """Path that evaluates many documents in one call."""
    statuses: Mapping[str, str]
    """Rule id, or ``applies/<kind>``, to the path of its status alone."""
    rules_by_kind: Mapping[str, tuple[str, ...]]
    """Kind to the rules evaluated for it, with ``applies`` where a condition governs the kind."""
    ordered: str | None = None
    """Path of the list of all statuses, in the order of the sorted rules; None in a bundle without
    it."""

    def rules(self, kind: str) -> dict[str, str]:
        """Give the rules evaluated for a kind of subject.

        Returns:
            Rule id (or ``applies``) to the path of its status, sorted; empty where no rule is about
            the kind.

        Raises:
            EngineError: the manifest lacks the entry point of a rule.
        """
        paths = {}
        for rule in sorted(self.rules_by_kind.get(kind, ())):
            key = f"{APPLIES}/{kind}" if rule == APPLIES else rule
            if key not in self.statuses:
                raise EngineError(
                    f"The bundle's manifest has no entry point for the status of {key}. "
                    "Build the policy again."
                )
            paths[rule] = self.statuses[key]
        return paths


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Statuses of one document; each of its rules is in exactly one of the two mappings."""

    statuses: Mapping[str, str] = field(default_factory=dict)
    """Rule id to status, with ``+<mark>`` where the rule sets one."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Rule id to the message of its fault."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Outcomes that a record adds to totals."""

    outcomes: Mapping[str, str] = field(default_factory=dict)
    """``<rule>/<node id>`` to ``true``, ``false`` or ``unknown``; absent where not counted."""
    error: str | None = None
    """Message of the fault, where the outcomes could not be worked out; then there are none."""


@dataclass(frozen=True, slots=True)
class Why:
    """Leaf outcomes of the rules that a document asks about."""

    outcomes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Rule id to node id to outcome. Lists are sets, in one order for every engine."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Rule id to the message of its fault."""


class Engine(Protocol):
    """Evaluates the rules of one policy version."""

    name: str
    """``wasm`` or ``opa``."""
    version: str
    """Program and version that evaluate, for the record of the assessment."""

    def evaluate(self, documents: Iterable[Document]) -> Iterator[Evaluation]:
        """Work out the statuses of each document, in the same order."""
        ...

    def measure(self, documents: Iterable[Document]) -> Iterator[Measures]:
        """Work out what each document's record adds to totals, in the same order."""
        ...

    def why(self, documents: Iterable[Document]) -> Iterator[Why]:
        """Work out the leaf outcomes each document asks for under ``why``, in the same order."""
        ...

    def close(self) -> None:
        """Release everything the engine holds; it may be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


def encode(document: Document) -> bytes:
    """Give a document as JSON in UTF-8.

    Raises:
        ValueError: it holds what JSON cannot: NaN, an infinity, half of a surrogate pair.
    """
    return _encode(document).encode()


def document_kind(document: Document) -> str:
    """Give the kind of a document's subject: the one key that is not shared, else ``agency``.

    Raises:
        EngineError: the document names more than one kind, or none.
    """
    kinds = [key for key in document if key not in SHARED_KEYS]
    if not kinds and AGENCY in document:
        return AGENCY
    if len(kinds) != 1:
        found = ", ".join(sorted(kinds)) or "none"
        raise EngineError(f"An input document must have one subject; its kinds are: {found}.")
    return kinds[0]


def read_statuses(value: object, rules: Mapping[str, str]) -> Evaluation | None:
    """Read what ``results`` gave.

    Args:
        value: the JSON value, or None if it was undefined.
        rules: what ``Entries.rules`` gave for the kind.

    Returns:
        The evaluation; None unless the value holds a status for exactly these rules.
    """
    if not isinstance(value, dict) or value.keys() != rules.keys():
        return None
    if not set(map(type, value.values())) <= {str}:
        return None
    return Evaluation({rule: value[rule] for rule in rules})


def read_ordered(value: object, rules: Mapping[str, str]) -> Evaluation | None:
    """Read what ``ordered`` gave, as ``read_statuses`` reads ``results``."""
    if not isinstance(value, list) or len(value) != len(rules):
        return None
    if not set(map(type, value)) <= {str}:
        return None
    return Evaluation(dict(zip(rules, value, strict=True)))


def ask_one_by_one(rules: Mapping[str, str], ask: Callable[[str], object]) -> Evaluation:
    """Work out each status by itself, so that a rule that faults leaves the others standing.

    Args:
        rules: what ``Entries.rules`` gave for the kind.
        ask: gives the value at a path, None if it is undefined; raises ``FaultError``.
    """
    statuses: dict[str, str] = {}
    errors: dict[str, str] = {}
    for rule, path in rules.items():
        try:
            value = ask(path)
        except FaultError as fault:
            errors[rule] = str(fault)
            continue
        if isinstance(value, str):
            statuses[rule] = value
        else:
            errors[rule] = "The rule gave no status for this record."
    return Evaluation(statuses, errors)


def read_measures(value: object) -> Measures:
    """Read what ``measures`` gave; anything but an object of outcomes is an error."""
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        return Measures(error="The policy gave no outcomes for totals for this record.")
    return Measures(dict(sorted(value.items())))


def read_why(value: object, rules: Iterable[str]) -> Why | None:
    """Read what ``why`` gave for the rules asked about; None unless it holds all of them."""
    if not isinstance(value, dict):
        return None
    wanted = sorted(rules)
    if not all(isinstance(value.get(rule), dict) for rule in wanted):
        return None
    return Why({rule: in_order(value[rule]) for rule in wanted})


def explain_one_by_one(document: Document, ask: Callable[[Document], object]) -> Why:
    """Ask for the leaf outcomes of each rule by itself.

    Args:
        document: an input document with the rules under ``why``.
        ask: gives what ``why`` holds for a document, None if undefined; raises ``FaultError``.
    """
    outcomes: dict[str, Mapping[str, Any]] = {}
    errors: dict[str, str] = {}
    for rule in asked(document):
        try:
            answer = read_why(ask({**document, "why": {rule: True}}), [rule])
        except FaultError as fault:
            errors[rule] = str(fault)
            continue
        if answer is None:
            errors[rule] = "The policy gave no explanation of the rule for this record."
        else:
            outcomes.update(answer.outcomes)
    return Why(outcomes, errors)


def asked(document: Document) -> list[str]:
    """Give the ids of the rules a document asks about under ``why``, sorted."""
    return sorted(rule for rule, wanted in document.get("why", {}).items() if wanted is True)


def in_order(value: Any) -> Any:
    """Give a JSON value with sorted keys and lists, so that no engine's own order shows."""
    if isinstance(value, dict):
        # Most values are outcomes: a call for each would take longer than the sorting.
        return {
            key: item if type(item) is str else in_order(item)
            for key, item in sorted(value.items())
        }
    if isinstance(value, list):
        return sorted((in_order(item) for item in value), key=json.dumps)
    return value


def first_line(error: Exception) -> str:
    """Give the first line of an error's message, to stand within a sentence."""
    return str(error).partition("\n")[0].rstrip(".")
