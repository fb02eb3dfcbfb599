"""The table of inheritance, statement by statement."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from compliance.assessment.inheritance import (
    Inheritance,
    Outcome,
    Providers,
    Statement,
    inherit,
    worse,
)

S, G, U, N, E = "satisfied", "gap", "unknown", "not_applicable", "error"
AS_OF = "2026-11-23"

TABLE = {
    # own: what it becomes for a provider that is satisfied, gap, unknown, not_applicable
    ("full", True): {S: (S, G, S, S), U: (S, G, U, N), G: (G,) * 4, N: (N,) * 4, E: (E,) * 4},
    ("full", False): {S: (S, G, S, S), U: (U, G, U, U), G: (G,) * 4, N: (N,) * 4, E: (E,) * 4},
    ("shared", True): {S: (S, G, S, S), U: (U, G, U, U), G: (G,) * 4, N: (N,) * 4, E: (E,) * 4},
    ("shared", False): {S: (S, G, S, S), U: (U, G, U, U), G: (G,) * 4, N: (N,) * 4, E: (E,) * 4},
}
CASES = [
    (extent, valid, own, provider, becomes)
    for (extent, valid), rows in TABLE.items()
    for own, row in rows.items()
    for provider, becomes in zip((S, G, U, N), row, strict=True)
]


def statement(**changes: Any) -> Statement:
    made: dict[str, Any] = {
        "provider": "vendor/it", "requirements": frozenset({"r1", "r2"}),
        "consumers": frozenset({"system/a"}), "extent": "full", "provider_status": S,
        "assessed_on": "2026-05-01", "expires_on": "2027-05-01", **changes,
    }  # fmt: skip
    return Statement(**made)


def stated(found: Statement, _covers: Sequence[str]) -> str:
    return found.provider_status


def apply(statements: Sequence[Statement], own: str, covers: Sequence[str] = ("r1",)) -> Outcome:
    return Inheritance(statements, AS_OF).apply("system/a", covers, own, stated)


def test_the_table_is_whole() -> None:
    assert len(CASES) == 2 * 2 * 5 * 4


@pytest.mark.parametrize(("extent", "valid", "own", "provider", "becomes"), CASES)
def test_table(extent: str, valid: bool, own: str, provider: str, becomes: str) -> None:
    assert inherit(own, provider, extent, valid) == becomes
    until = "2027-05-01" if valid else "2026-11-22"
    found = statement(extent=extent, provider_status=provider, expires_on=until)
    outcome = apply([found], own)
    assert outcome.status == becomes
    given = becomes != own or (own == U and extent == "full" and valid)
    assert (outcome.provider == "vendor/it") == given
    (note,) = outcome.statements
    assert note.effect == (becomes if given else "none")
    assert note.valid == valid


@pytest.mark.parametrize(
    ("assessed_on", "expires_on", "valid"),
    [
        ("2026-11-23", "2026-11-23", True), ("2026-11-24", "2027-01-01", False),
        ("2026-01-01", "2026-11-22", False), ("2026-01-01", None, True), (None, None, False),
        (None, "2027-01-01", False),
    ],
)  # fmt: skip
def test_validity(assessed_on: str | None, expires_on: str | None, valid: bool) -> None:
    assert statement(assessed_on=assessed_on, expires_on=expires_on).valid(AS_OF) == valid


class TestCovering:
    def test_all_requirements_of_the_rule_must_be_listed(self) -> None:
        assert apply([statement()], U, ["r1", "r2"]).status == S
        assert apply([statement()], U, ["r1", "r3"]) == Outcome(U)

    def test_a_rule_that_covers_nothing_is_never_inherited(self) -> None:
        assert apply([statement()], U, []) == Outcome(U)

    def test_only_named_consumers(self) -> None:
        inheritance = Inheritance([statement()], AS_OF)
        assert inheritance.apply("system/b", ["r1"], U, stated) == Outcome(U)
        assert inheritance.consumer("system/a")
        assert not inheritance.consumer("vendor/it")


class TestSeveral:
    @pytest.mark.parametrize("own", [S, U])
    def test_a_gap_of_any_provider_counts(self, own: str) -> None:
        gap = statement(provider="vendor/x", provider_status=G, extent="shared")
        for statements in itertools.permutations([statement(), gap]):
            outcome = apply(statements, own)
            assert (outcome.status, outcome.provider) == (G, "vendor/x")

    def test_the_worst_of_those_that_give_a_status(self) -> None:
        unsure = statement(provider="vendor/x", provider_status=U)
        outcome = apply([statement(), unsure], U)
        assert (outcome.status, outcome.provider) == (U, "vendor/x")

    def test_one_that_gives_none_takes_nothing_away(self) -> None:
        shared = statement(provider="vendor/x", extent="shared")
        outcome = apply([shared, statement()], U)
        assert (outcome.status, outcome.provider) == (S, "vendor/it")
        assert [note.effect for note in outcome.statements] == ["none", S]


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [((S, U), U), ((G, U), G), ((S, N), S), ((N,), N), ((E, S), U), ((E, G), G), ((), None)],
)
def test_worse(statuses: Sequence[str], worst: str | None) -> None:
    assert worse(statuses) == worst


class TestProviderInTheInventory:
    COVERS: Mapping[str, tuple[str, ...]] = {"one": ("r1",), "both": ("r1", "r2"), "other": ("r9",)}

    def status(self, own: Mapping[str, str], *others: Statement, stated_as: str = S) -> str:
        consumed = statement(provider_status=stated_as)
        inheritance = Inheritance([consumed, *others], AS_OF)
        return Providers(inheritance, {"vendor/it": own}, self.COVERS).status(consumed, ["r1"])

    @pytest.mark.parametrize(
        ("own", "stated_as", "status"),
        [
            ({"one": S}, S, S), ({"one": G}, S, G), ({"one": U}, S, U), ({"one": S}, U, U),
            ({"one": S}, G, G), ({"one": N}, S, S), ({"one": S, "both": G}, S, G),
            ({"other": G}, S, S), ({}, S, S), ({"one": E}, S, U), ({"one": N}, N, N),
        ],
    )  # fmt: skip
    def test_the_worse_counts(self, own: Mapping[str, str], stated_as: str, status: str) -> None:
        assert self.status(own, stated_as=stated_as) == status

    def test_a_provider_that_inherits_in_turn(self) -> None:
        behind = statement(provider="vendor/cloud", consumers=frozenset({"vendor/it"}))
        assert self.status({"one": U}, behind) == S
        worse_behind = statement(
            provider="vendor/cloud", consumers=frozenset({"vendor/it"}), provider_status=G
        )
        assert self.status({"one": S}, worse_behind) == G

    def test_a_circle_counts_by_the_findings(self) -> None:
        back = statement(provider="vendor/it", consumers=frozenset({"vendor/it"}))
        assert self.status({"one": U}, back) == U
        assert self.status({"one": S}, back) == S
