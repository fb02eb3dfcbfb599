"""What `compliance whatif` does: evaluate as it is and as it would be, and compare."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from compliance.assessment.evaluate import PolicyUse
from compliance.assessment.evaluate import assess as evaluate
from compliance.assessment.model import Assessment
from compliance.assessment.parameters import ParameterError, Parameters
from compliance.inventory.problems import closest
from compliance.inventory.scalars import Refusal, resolve
from compliance.report.plain import neutral
from compliance.whatif import data, text
from compliance.whatif.effects import effects
from compliance.whatif.outcome import Outcome, Supposed, sentence
from compliance.whatif.overlay import suppose
from compliance.whatif.supposing import Supposition, read_supposition
from compliance_cli import objects, output, status
from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Prepared, Request, prepared
from compliance_cli.objects import Engines, UsageError


@dataclass(frozen=True, slots=True)
class WhatIfOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    settings: tuple[str, ...]
    policies: tuple[PolicyReference, ...]
    parameters: tuple[str, ...]
    as_of: datetime.date | None
    today: datetime.date | None
    against: tuple[PolicyReference, ...]
    form: str
    output: Path | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None

    @property
    def request(self) -> Request:
        """The inventory as it is."""
        engines = Engines(self.engine, self.opa, self.opa_url)
        return Request(self.paths, self.against, self.today, self.registry, engines)


def run_whatif(options: WhatIfOptions) -> int:
    """Tells what would be different and returns the exit status."""
    output.check_writable(options.output, options.paths)
    if not (options.settings or options.policies or options.parameters or options.as_of):
        raise UsageError(
            "Nothing is supposed. Give --set, --policy, --param or --as-of, such as "
            "--set system.mfa=true."
        )
    today = objects.date_or_today(options.today)
    wanted = [
        read_supposition(one, objects.kinds(), options.as_of or today) for one in options.settings
    ]
    request = replace(options.request, as_of=today)
    with prepared(request) as ready:
        old = _marked(evaluate(ready.inventory, ready.uses, ready.others), ready)
        with _other(options, request, ready) as other:
            outcome = _tried(old, other, wanted, options)
    output.write(
        data.lines(outcome)
        if options.form == "json"
        else text.lines(outcome, output.style(options.output)),
        options.output,
    )
    where = f" The details are in {options.output.as_posix()}." if options.output else ""
    told = sentence(outcome)
    output.say(f"{told[0].upper()}{told[1:]}{where}")
    return status.OK


@contextmanager
def _other(options: WhatIfOptions, request: Request, ready: Prepared) -> Iterator[Prepared]:
    """The inventory with the rule sets and the date that are supposed."""
    if not options.policies and options.as_of is None:
        yield ready
        return
    replaced = {one.id for one in options.policies}
    kept = request.policies or [
        PolicyReference(use.bundle.policy_id, use.bundle.version) for use in ready.uses
    ]
    policies = (*(one for one in kept if one.id not in replaced), *options.policies)
    as_of = options.as_of or request.as_of
    with prepared(replace(request, policies=policies, as_of=as_of)) as other:
        yield other


def _tried(
    old: Assessment, other: Prepared, wanted: Sequence[Supposition], options: WhatIfOptions
) -> Outcome:
    uses, chosen = _choosing(other, options.parameters)
    found = suppose(other.inventory, wanted) if wanted else None
    inventory = found.inventory if found else other.inventory
    new = _marked(evaluate(inventory, uses, other.others), other)
    supposed = [
        Supposed(one.text, records, changed)
        for one, records, changed in zip(
            wanted,
            found.records if found else (),
            found.changed if found else (),
            strict=True,
        )
    ]
    supposed += [Supposed(f"policy {neutral(str(one))}") for one in options.policies]
    supposed += map(Supposed, chosen)
    if options.as_of is not None:
        supposed.append(Supposed(f"as of {options.as_of.isoformat()}"))
    return Outcome(old, new, tuple(supposed), effects(old, new))


def _marked(assessment: Assessment, ready: Prepared) -> Assessment:
    metadata = replace(assessment.metadata, marking=ready.settings.marking)
    return replace(assessment, metadata=metadata)


def _choosing(
    other: Prepared, parameters: Sequence[str]
) -> tuple[tuple[PolicyUse, ...], list[str]]:
    """The rule sets with values that are supposed to be the agency's, and these in words."""
    by_policy: dict[str, dict[str, Any]] = {}
    chosen = []
    policies = {use.bundle.policy_id: use for use in other.uses}
    for one in parameters:
        policy, name, value = _parameter(one, policies)
        by_policy.setdefault(policy, {})[name] = value
        chosen.append(f"{policy}.{name}={neutral(one.partition('=')[2].strip())}")
    uses = tuple(_with(use, by_policy.get(use.bundle.policy_id, {}), other) for use in other.uses)
    return uses, chosen


def _with(use: PolicyUse, choices: Mapping[str, Any], other: Prepared) -> PolicyUse:
    policy = use.bundle.policy
    for name, value in choices.items():
        try:
            Parameters(policy.id, policy.parameters, {name: value}, other.inventory.as_of)
        except ParameterError as error:
            raise UsageError(f"--param {policy.id}.{name}: {error}") from error
    return replace(use, choices={**use.choices, **choices})


def _parameter(given: str, policies: Mapping[str, PolicyUse]) -> tuple[str, str, Any]:
    """Policy, name and value of a parameter: `hipaa.log_review_days=14`."""
    path, equals, raw = given.partition("=")
    policy, dot, name = path.strip().rpartition(".")
    if not equals or not dot or not raw.strip():
        raise UsageError(
            f"{neutral(given)!r} is no value of a parameter. Write POLICY.NAME=VALUE, such as "
            "hipaa.log_review_days=14."
        )
    if policy not in policies:
        near = closest(policy, policies)
        hint = f" Did you mean {near}?" if near else ""
        have = ", ".join(sorted(policies))
        raise UsageError(
            f"--param: the policy {neutral(policy)} is not among those that are checked against: "
            f"{have}.{hint}"
        )
    definitions = policies[policy].bundle.policy.parameters
    if name not in definitions:
        near = closest(name, definitions)
        hint = f" Did you mean {policy}.{near}?" if near else ""
        known = ", ".join(sorted(definitions)) or "none"
        raise UsageError(
            f"--param: the policy {policy} has no parameter {neutral(name)}.{hint} "
            f"Its parameters: {known}."
        )
    return policy, name, _value(definitions[name].type, raw.strip())


def _value(type_: str, raw: str) -> Any:
    if type_ == "list":
        return [part.strip() for part in raw.split(";") if part.strip()]
    if type_ in ("string", "date"):
        return raw
    found = resolve(raw)
    return raw if isinstance(found, Refusal) else found
