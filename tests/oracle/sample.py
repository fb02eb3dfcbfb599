"""Small documents and trees for tests of the evaluator."""

from __future__ import annotations

from typing import Any

from compliance.policy.conditions import (
    AsOf,
    FactValue,
    Leaf,
    Literal,
    Node,
    Parameter,
    Value,
)
from compliance.policy.model import DatedValue, ParameterDefinition
from tests.oracle.evaluator import Evaluator

T, F, U = True, False, None
GONE = object()
AS_OF = "2026-11-23"


def parameter(name: str, kind: str, default: Any, *values: DatedValue) -> ParameterDefinition:
    return ParameterDefinition(name, name, kind, "none", "bureau", default, values)


PARAMETERS = {
    definition.name: definition
    for definition in (
        parameter("minutes", "integer", 15, DatedValue(10, "2027-01-01", "law")),
        parameter("free", "integer", None),
        parameter("word", "string", "two"),
        parameter("words", "list", ["one", "two"]),
        parameter("day", "date", "2026-01-31"),
        parameter("flag", "boolean", True),
    )
}


def document(**facts: Any) -> dict[str, Any]:
    """A document about a system; facts that are GONE are left out."""
    return {
        "schema": 1,
        "as_of": AS_OF,
        "agency": {"id": "agency"},
        "parameters": {},
        "system": {"id": "s", **{k: v for k, v in facts.items() if v is not GONE}},
    }


def outcome(tree: Node, given: dict[str, Any]) -> bool | None:
    return Evaluator(PARAMETERS).came("rule", tree, given).outcome


def leaf(test: str, kind: str, value: Any = U, **more: Any) -> Leaf:
    """A test of ``system.f``; a plain value is a literal."""
    is_value = isinstance(value, Literal | Parameter | FactValue | AsOf) or value is None
    compared: Value | None = value if is_value else Literal(value)
    return Leaf(
        more.pop("id", "expect"), more.pop("path", "system.f"), test, kind, compared, **more
    )


def truth(name: str) -> Leaf:
    return leaf("equals", "boolean", True, id=name, path=f"system.{name}")


def vendors(*records: Any, complete: Any = True) -> dict[str, Any]:
    return document(links={"vendors": {"records": list(records), "complete": complete}})
