"""Cases of rules as written in ``tests/*.yaml``: an inventory and the status a rule must give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from compliance.inventory.kinds import AGENCY, Kinds
from compliance.inventory.problems import Problem, closest
from compliance.policy.files import PolicyFiles
from compliance.policy.model import Policy, Rule
from compliance.policy.source import Place

DEFAULT_AGENCY = {"id": "agency"}


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one rule."""

    rule: str
    """Id of the rule."""
    name: str
    """What is special about it; unique within the rule."""
    given: Mapping[str, Any]
    """The inventory, base included, in the form of an inventory file."""
    kind: str
    """Kind of the subject."""
    subject: str
    """Id of the subject."""
    as_of: str
    """Date of the assessment."""
    parameters: Mapping[str, Any]
    """Values the agency chose."""
    status: str
    """What the rule must give: a status, with ``+<mark>`` where the case names a mark."""
    place: Place
    """Where it stands."""

    @property
    def title(self) -> str:
        """``unique-user-identification: shared accounts exist``."""
        return f"{self.rule}: {self.name}"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A change of a rule that no case can notice."""

    rule: str
    mutant: str
    """The change as the mutation tester names it."""
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Cases:
    """All cases of a policy."""

    cases: tuple[Case, ...]
    equivalents: tuple[Equivalent, ...]
    problems: tuple[Problem, ...]
    """What is wrong with how they are written; such cases are left out."""


def read_cases(files: PolicyFiles, policy: Policy, kinds: Kinds) -> Cases:
    """Read the cases of a policy from the files of its folder.

    Args:
        files: the folder's files, each in keeping with its schema.
        policy: the policy.
        kinds: all kinds, for the names of collections.
    """
    reader = _Reader(policy, kinds)
    for source in files.tests:
        reader.file(source.value, Place(source))
    return Cases(tuple(reader.cases), tuple(reader.equivalents), tuple(reader.problems))


class _Reader:
    def __init__(self, policy: Policy, kinds: Kinds) -> None:
        self.policy = policy
        self.kinds = kinds
        self.cases: list[Case] = []
        self.equivalents: list[Equivalent] = []
        self.problems: list[Problem] = []
        self.named: set[tuple[str, str]] = set()

    def file(self, value: Mapping[str, Any], place: Place) -> None:
        for index, raw in enumerate(value["cases"]):
            here = place.at("cases", index)
            rule = self._rule(raw["rule"], here)
            if rule is not None:
                self._case(rule, raw, value, here)
        for index, raw in enumerate(value.get("equivalent", ())):
            here = place.at("equivalent", index)
            if self._rule(raw["rule"], here) is not None:
                self.equivalents.append(Equivalent(raw["rule"], raw["mutant"], raw["reason"], here))

    def _rule(self, rule_id: str, place: Place) -> Rule | None:
        rule = self.policy.rules_by_id.get(rule_id)
        if rule is None:
            suggestion = closest(rule_id, self.policy.rules_by_id)
            self.problems.append(
                place.at("rule").problem(
                    f"there is no rule {rule_id}", "the id of a rule of this policy", suggestion
                )
            )
        return rule

    def _case(
        self, rule: Rule, raw: Mapping[str, Any], value: Mapping[str, Any], place: Place
    ) -> None:
        if (rule.id, raw["name"]) in self.named:
            message = f"the rule {rule.id} has another case of this name"
            self.problems.append(place.at("name").problem(message, "a name of its own"))
            return
        self.named.add((rule.id, raw["name"]))
        given = merged(value.get("base", {}), raw["given"])
        given.setdefault(AGENCY, DEFAULT_AGENCY)
        if isinstance(given[AGENCY], Mapping):
            given[AGENCY] = {**DEFAULT_AGENCY, **given[AGENCY]}
        as_of = raw.get("as_of", value.get("as_of"))
        if as_of is None:
            message = "the case has no date"
            self.problems.append(place.problem(message, "`as_of` here or for the whole file"))
            return
        subject = self._subject(rule, raw, given, place)
        if subject is not None:
            mark = f"+{raw['mark']}" if "mark" in raw else ""
            self.cases.append(
                Case(
                    rule.id, raw["name"], given, rule.subject, subject, as_of,
                    raw.get("parameters", {}), raw["status"] + mark, place,
                )
            )  # fmt: skip

    def _subject(
        self, rule: Rule, raw: Mapping[str, Any], given: Mapping[str, Any], place: Place
    ) -> str | None:
        if "subject" in raw:
            kind, _, subject = raw["subject"].partition("/")
            if kind == rule.subject:
                return str(subject)
            message = f"the rule {rule.id} is about the kind {rule.subject}"
            self.problems.append(place.at("subject").problem(message, f"{rule.subject}/..."))
            return None
        if rule.subject == AGENCY:
            return str(given[AGENCY]["id"])
        ids = list(_ids(given.get(self.kinds[rule.subject].collection)))
        if len(ids) == 1:
            return ids[0]
        message = f"the case has {len(ids) or 'no'} records of the kind {rule.subject}"
        self.problems.append(
            place.at("given").problem(message, "one, or `subject` to say which is looked at")
        )
        return None


def _ids(records: Any) -> Iterator[str]:
    yield from filter(None, map(_id, records if isinstance(records, list) else ()))


def merged(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a case gives laid over the base of its file, records matched by id."""
    result: dict[str, Any] = dict(base)
    for key, value in given.items():
        below = result.get(key)
        if isinstance(below, list) and isinstance(value, list):
            result[key] = _merged_records(below, value)
        elif isinstance(below, Mapping) and isinstance(value, Mapping):
            result[key] = _merged_facts(below, value)
        else:
            result[key] = value
    return result


def _merged_records(base: Sequence[Any], given: Sequence[Any]) -> list[Any]:
    over = {_id(record): record for record in given}
    kept = []
    for record in base:
        laid_over = over.pop(_id(record), None) if _id(record) else None
        kept.append(_merged_facts(record, laid_over) if laid_over is not None else record)
    return kept + [record for record in given if _id(record) in over]


def _id(record: Any) -> str:
    return str(record.get("id", "")) if isinstance(record, Mapping) else ""


def _merged_facts(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in given.items():
        below = result.get(key)
        if _is_group(below) and _is_group(value):
            result[key] = _merged_facts(below, value)
        else:
            result[key] = value
    return result


def _is_group(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether it is a group of facts; a fact with its source is one value."""
    return isinstance(value, Mapping) and "value" not in value
