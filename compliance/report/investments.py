"""What the plan costs: by fiscal year and funding source, with the risk carried if unfunded.

Amounts are `Decimal`. What nobody says is told as not said and never counted as nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from compliance.assessment.model import (
    BASES,
    GAP,
    SEVERITIES,
    Assessment,
    PlanCost,
    PlanItemText,
)

_CENT = Decimal("0.01")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount by who pays it."""

    total: Decimal = _NOTHING
    federal: Decimal = _NOTHING
    state: Decimal = _NOTHING
    not_split: Decimal = _NOTHING
    """Of which nobody says whether a federal program pays a share."""

    def __add__(self, other: Money) -> Money:
        return Money(
            self.total + other.total,
            self.federal + other.federal,
            self.state + other.state,
            self.not_split + other.not_split,
        )


@dataclass(frozen=True, slots=True)
class Risk:
    """What stays open while the money is not there."""

    gaps: tuple[tuple[str, str, int], ...]
    """Gaps in force by severity and basis, with their number; the gravest first."""
    upcoming: int
    """Gaps that are not yet in force."""
    unclear: int
    """Records of which the assessment cannot tell."""
    requirements: tuple[str, ...]
    """Citations of requirements that are not met, in the order of the policies."""
    outside: tuple[str, ...]
    """Findings from outside that wait for it, by source and number."""

    @property
    def total(self) -> int:
        """Gaps in force."""
        return sum(total for *_, total in self.gaps)


@dataclass(frozen=True, slots=True)
class Investment:
    """One open item of the plan that says a cost."""

    item: PlanItemText
    one_time: Money | None
    """None where nobody says."""
    yearly: Money | None
    """None where nobody says."""
    federal_share: Decimal | None
    """Fraction from 0 to 1; None where nobody says."""
    lacks: tuple[str, ...]
    """What a funding request needs and nobody says, in words."""
    risk: Risk

    @property
    def cost(self) -> PlanCost:
        """What the plan says of it."""
        return self.item.cost or PlanCost()


@dataclass(frozen=True, slots=True)
class Sum:
    """Investments of one fiscal year and funding source, or of all."""

    fiscal_year: int | None
    """None where nobody says."""
    funding_source: str | None
    """None where nobody says."""
    currency: str
    items: tuple[str, ...]
    one_time: Money
    """Of what is known."""
    yearly: Money
    """Of what is known."""
    without_one_time: tuple[str, ...]
    """Items that say no amount to be paid once."""
    without_yearly: tuple[str, ...]
    """Items that say no amount a year."""
    statuses: tuple[tuple[str, int], ...]
    """How far the requests are, with the number of items; ``not said`` last."""
    conditions: tuple[str, ...]
    """What federal shares depend on."""
    risk: Risk


@dataclass(frozen=True, slots=True)
class SharedService:
    """A service that would close items here, and perhaps at other agencies."""

    name: str
    items: tuple[str, ...]
    risk: Risk


@dataclass(frozen=True, slots=True)
class Investments:
    """The investments of one plan."""

    sums: tuple[Sum, ...]
    """By fiscal year, funding source and currency, those of which it is not said last."""
    totals: tuple[Sum, ...]
    """All together, by currency."""
    investments: tuple[Investment, ...]
    """By fiscal year, funding source and id."""
    unpriced: tuple[tuple[PlanItemText, Risk], ...]
    """Open items that say no cost, by id, with what they would close."""
    shared: tuple[SharedService, ...]
    """By name."""
    closed: int
    """Items that are closed and so left out."""


def investments(assessment: Assessment) -> Investments:
    """What the open items of a plan cost, proposed ones among them."""
    risks = _Risks(assessment)
    open_ = sorted((item for item in assessment.plan if item.open), key=lambda item: item.id)
    priced = [item for item in open_ if _amounts(item) != (None, None)]
    made = sorted((_investment(item, risks) for item in priced), key=_order)
    groups: dict[tuple[int | None, str | None, str], list[Investment]] = {}
    for one in made:
        cost = one.cost
        groups.setdefault((cost.fiscal_year, cost.funding_source, cost.currency), []).append(one)
    currencies = sorted({one.cost.currency for one in made})
    return Investments(
        sums=tuple(_sum(found, *key, risks) for key, found in groups.items()),
        totals=tuple(
            _sum(
                [one for one in made if one.cost.currency == currency], None, None, currency, risks
            )
            for currency in currencies
        ),
        investments=tuple(made),
        unpriced=tuple((item, risks.of([item])) for item in open_ if item not in priced),
        shared=tuple(_shared(open_, risks)),
        closed=len(assessment.plan) - len(open_),
    )


def _order(one: Investment) -> tuple[int, bool, str, str, str]:
    cost = one.cost
    return (
        cost.fiscal_year or 9999,
        cost.funding_source is None,
        cost.funding_source or "",
        cost.currency,
        one.item.id,
    )


def _amounts(item: PlanItemText) -> tuple[int | None, int | None]:
    return (None, None) if item.cost is None else (item.cost.one_time, item.cost.yearly)


def _investment(item: PlanItemText, risks: _Risks) -> Investment:
    cost = item.cost or PlanCost()
    # A share is written as a short decimal; its text is exactly what was written.
    share = None if cost.federal_share is None else Decimal(str(cost.federal_share))
    needed = (
        ("the cost once", cost.one_time),
        ("the cost a year", cost.yearly),
        ("the fiscal year", cost.fiscal_year),
        ("the funding source", cost.funding_source),
        ("the federal share (0 where there is none)", share),
        ("the condition of the federal share", cost.federal_condition if share else "none"),
        ("the status of the request", cost.request_status),
    )
    return Investment(
        item=item,
        one_time=_money(cost.one_time, share),
        yearly=_money(cost.yearly, share),
        federal_share=share,
        lacks=tuple(words for words, said in needed if said is None),
        risk=risks.of([item]),
    )


def _money(amount: int | None, share: Decimal | None) -> Money | None:
    if amount is None:
        return None
    total = Decimal(amount)
    if share is None:
        return Money(total=total, not_split=total)
    federal = (total * share).quantize(_CENT, ROUND_HALF_UP)
    return Money(total=total, federal=federal, state=total - federal)


def _sum(
    found: Sequence[Investment],
    fiscal_year: int | None,
    funding_source: str | None,
    currency: str,
    risks: _Risks,
) -> Sum:
    statuses = Counter(one.cost.request_status or "not said" for one in found)
    ordered = sorted(statuses, key=lambda name: (name == "not said", name))
    return Sum(
        fiscal_year=fiscal_year,
        funding_source=funding_source,
        currency=currency,
        items=tuple(one.item.id for one in found),
        one_time=_all(one.one_time for one in found),
        yearly=_all(one.yearly for one in found),
        without_one_time=tuple(one.item.id for one in found if one.one_time is None),
        without_yearly=tuple(one.item.id for one in found if one.yearly is None),
        statuses=tuple((name, statuses[name]) for name in ordered),
        conditions=tuple(
            dict.fromkeys(one.cost.federal_condition for one in found if one.cost.federal_condition)
        ),
        risk=risks.of([one.item for one in found]),
    )


def _all(amounts: Iterable[Money | None]) -> Money:
    return sum((amount for amount in amounts if amount is not None), Money())


def _shared(items: Sequence[PlanItemText], risks: _Risks) -> Iterable[SharedService]:
    names = sorted({item.shared_service for item in items if item.shared_service})
    for name in names:
        found = [item for item in items if item.shared_service == name]
        yield SharedService(name, tuple(item.id for item in found), risks.of(found))


_Gap = tuple[str, str, str]
"""Policy, rule and record."""


@dataclass
class _Risks:
    """What items would close, each gap counted once however many items are about it."""

    assessment: Assessment
    _gaps: dict[_Gap, tuple[str, str, bool]] = field(default_factory=dict)
    """Severity and basis of each gap, and whether it is not yet in force."""
    _open_outside: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for one in self.assessment.findings.notable():
            if one.status == GAP:
                key = (one.policy, one.rule.partition("@")[0], one.record)
                # A gap of today says more than one of a coming value.
                if key not in self._gaps or not one.upcoming:
                    self._gaps[key] = (one.severity, one.basis, one.upcoming)
        self._open_outside = frozenset(one.id for one in self.assessment.outside if one.open)

    def of(self, items: Iterable[PlanItemText]) -> Risk:
        """What stays open without some items."""
        keys: dict[_Gap, None] = {}
        unclear: set[_Gap] = set()
        covered: set[tuple[str, str]] = set()
        outside: dict[str, None] = {}
        for item in items:
            outside.update(
                dict.fromkeys(name for name in item.outside if name in self._open_outside)
            )
            for cover in item.covers:
                for subject in cover.gaps:
                    keys[cover.policy, cover.rule, f"{cover.kind}/{subject}"] = None
                    covered.update((cover.policy, one) for one in cover.requirements)
                unclear.update(
                    (cover.policy, cover.rule, f"{cover.kind}/{subject}")
                    for subject in cover.unclear
                )
        told = [self._gaps[key] for key in keys if key in self._gaps]
        counts = Counter((severity, basis) for severity, basis, upcoming in told if not upcoming)
        return Risk(
            gaps=tuple((*key, counts[key]) for key in sorted(counts, key=_gravity)),
            upcoming=sum(upcoming for *_, upcoming in told),
            unclear=len(unclear - keys.keys()),
            requirements=tuple(self._not_met(covered)),
            outside=tuple(sorted(outside)),
        )

    def _not_met(self, covered: set[tuple[str, str]]) -> Iterable[str]:
        for policy in self.assessment.policies:
            for one in policy.requirements:
                if one.status == "not_met" and not one.upcoming and (policy.id, one.id) in covered:
                    yield one.label


def _gravity(key: tuple[str, str]) -> tuple[int, int]:
    return SEVERITIES.index(key[0]), BASES.index(key[1])


def amount_words(amount: Decimal) -> str:
    """An amount without a currency: ``40,000`` or ``1,333.33``."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def by_severity(risk: Risk) -> Mapping[str, int]:
    """Gaps in force by severity."""
    sums: Counter[str] = Counter()
    for severity, _basis, total in risk.gaps:
        sums[severity] += total
    return sums
