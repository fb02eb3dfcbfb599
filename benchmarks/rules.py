"""A generated policy: three-valued rules of every shape over the facts that records state.

The rules are plain data in the YAML form that people write, so the project's own parser, compiler
and build make of them what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmarks.facts import GOVERNED, GOVERNING, LINK, SYSTEM, VENDOR, Facts

POLICY = "measured"
REQUIREMENTS = 30
"""Requirements that the rules cover in turn."""
SEVERITIES = ("critical", "high", "medium", "low")
Raw = dict[str, Any]


class _Shapes:
    """Conditions by shape; the number among those of the shape chooses facts and bounds."""

    def __init__(self, system: Facts, vendor: Facts) -> None:
        self._system = system
        self._vendor = vendor

    def flag(self, n: int) -> Raw:
        return {self._system.pick("boolean", n).full_path: True}

    def not_refused(self, n: int) -> Raw:
        return {self._system.pick("boolean", n).full_path: {"not_equals": False}}

    def flag_and_bound(self, n: int) -> Raw:
        return {**self.flag(n + 7), self._system.pick("integer", n).full_path: {"at_most": 60 + n}}

    def recent(self, n: int) -> Raw:
        return {self._system.pick("date", n).full_path: {"within_days": _years(n // 8)}}

    def member_or_choice(self, n: int) -> Raw:
        listed, chosen = self._system.pick("list", n), self._system.pick("enum", n)
        members, start = list(listed.enum or ()), n // 12
        return {
            "any": [
                {listed.full_path: {"contains_any": members[start : start + 2]}},
                {chosen.full_path: {"in": list(chosen.enum or ())[:-1]}},
            ]
        }

    def every_vendor(self, n: int) -> Raw:
        where, expect = self._vendor.pick("boolean", n), self._vendor.pick("date", n)
        return {
            "every": {
                "in": f"{SYSTEM}.{LINK}",
                "where": {where.full_path: True},
                "expect": {expect.full_path: {"within_days": _years(n + 1)}},
            }
        }

    def some_vendor(self, n: int) -> Raw:
        chosen, where = self._vendor.pick("enum", n), self._vendor.pick("boolean", n)
        some = {
            "in": f"{SYSTEM}.{LINK}",
            "where": {where.full_path: True},
            "expect": {chosen.full_path: {"not_equals": list(chosen.enum or ())[-1]}},
        }
        return {"any": [{f"{SYSTEM}.{LINK}": {"is_empty": True}}, {"some": some}]}

    def not_member(self, n: int) -> Raw:
        listed = self._system.pick("list", n)
        unwanted = list(listed.enum or ())[-1 - n % 2]
        return {"not": {"all": [{listed.full_path: {"contains": unwanted}}, self.flag(n + 3)]}}

    def two_dates(self, n: int) -> Raw:
        first, second = self._system.pick("date", n), self._system.pick("date", n + 1)
        return {
            "all": [
                {first.full_path: {"exists": True}},
                {"not": {second.full_path: {"older_than_days": _years(n // 8 + 1)}}},
            ]
        }

    def parameter(self, n: int) -> Raw:
        most = {"at_most": {"param": "most_minutes"}}
        return {self._system.pick("integer", n).full_path: most, **self.flag(n + 17)}

    def supported(self, n: int) -> Raw:
        kept = {"item.eol_on": {"after": "as_of"}}
        return {"every": {"in": f"{SYSTEM}.software", "expect": kept}, **self.flag(n + 11)}

    def subset(self, n: int) -> Raw:
        listed = self._system.pick("list", n)
        allowed = {listed.full_path: {"subset_of": list(listed.enum or ())[:-1]}}
        return {"any": [allowed, self.flag(n + 5)]}

    def nested(self, n: int) -> Raw:
        chosen = self._system.pick("enum", n)
        small = {self._system.pick("integer", n).full_path: {"less_than": 30}}
        choice = {chosen.full_path: {"not_in": list(chosen.enum or ())[-1:]}}
        return {"all": [{"any": [small, self.flag(n + 1)]}, {"any": [choice, self.flag(n + 2)]}]}

    def all(self) -> tuple[Callable[[int], Raw], ...]:
        """Every shape."""
        return (
            self.flag, self.flag_and_bound, self.recent, self.member_or_choice, self.every_vendor,
            self.not_member, self.parameter, self.two_dates, self.not_refused, self.some_vendor,
            self.supported, self.subset, self.nested,
        )  # fmt: skip


def _years(n: int) -> int:
    """One of the periods that policies name, in days."""
    return (365, 548, 730, 1095)[n % 4]


def _rule(n: int, expect: Raw, facts: Facts) -> Raw:
    rule: Raw = {
        "id": f"measured-{n:03}",
        "title": f"The system keeps to safeguard {n}",
        "covers": [f"measured-{n % REQUIREMENTS}"],
        "basis": "practice",
        "subject": SYSTEM,
        "severity": SEVERITIES[n % len(SEVERITIES)],
    }
    if n % 4 == 1:
        rule["when"] = {facts.pick("boolean", n + 13).full_path: True}
    return {**rule, "expect": expect, "remediation": f"Put safeguard {n} in place."}


def raw_rules(chosen: Mapping[str, Facts], rules: int) -> list[Raw]:
    """The rules as people would write them."""
    shapes = _Shapes(chosen[SYSTEM], chosen[VENDOR]).all()
    return [
        _rule(n, shapes[n % len(shapes)](n // len(shapes)), chosen[SYSTEM]) for n in range(rules)
    ]


def _header() -> Raw:
    source = {"id": "own", "title": "Generated", "edition": "1", "dated_on": "2026-01-01"}
    extent = {"group": "all", "title": "All", "extent": "selected", "source_count": None}
    minutes = {"title": "Most minutes", "type": "integer", "stricter": "lower", "default": 60}
    minutes["minimum"] = 1
    return {
        "id": POLICY,
        "version": "0.1.0",
        "title": "Generated rules",
        "status": "draft",
        "binding": "practice",
        "authority": "None",
        "statement": "Generated rules that measure the programs.",
        "sources": [source],
        "extent": [extent],
        "applies": {SYSTEM: {f"{SYSTEM}.{GOVERNING}": {"contains": GOVERNED}}},
        "parameters": {"most_minutes": {**minutes, "basis": "practice"}},
    }


def _requirement(n: int) -> Raw:
    return {
        "id": f"{POLICY}-{n}",
        "label": f"Safeguard {n}",
        "title": f"Safeguard {n}",
        "group": "all",
        "designation": "required",
        "basis": "practice",
        "assessable": "yes",
        "sources": ["own"],
    }


def write_policy(folder: Path, chosen: Mapping[str, Facts], rules: int) -> None:
    """Write the source of a policy.

    Args:
        folder: where it goes; made if it is missing.
        chosen: the facts to ask about.
        rules: how many rules.
    """
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    _write(folder / "policy.yaml", _header())
    needed = min(REQUIREMENTS, rules)
    _write(folder / "requirements.yaml", {"requirements": list(map(_requirement, range(needed)))})
    _write(
        folder / "rules" / "generated.yaml",
        {"section": "Generated", "rules": raw_rules(chosen, rules)},
    )


def _write(path: Path, content: Raw) -> None:
    # Aliases, which PyYAML writes for objects that stand twice, are refused in policies.
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8", newline="\n")


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True
