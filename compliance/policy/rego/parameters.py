"""Values of parameters as Rego: the agency's choice where it made one, else the policy's."""

from __future__ import annotations

from compliance.policy.model import ParameterDefinition, Policy
from compliance.policy.rego.entries import rule_versions
from compliance.policy.rego.module import Module, literal
from compliance.policy.rego.terms import GUARDS, Names

_COMPARE = {"lower": "<=", "higher": ">="}


def parameter_module(policy: Policy, names: Names) -> Module:
    """The package of a policy's parameter values, those of coming dates included."""
    module = Module(names.parameters, "Values in force: the agency's choice, else the policy's.")
    coming = sorted({(v.date, v.suffix) for v in rule_versions(policy) if v.date is not None})
    for parameter in policy.parameters.values():
        module.comment(parameter.title)
        choice = f"input.parameters.{parameter.name}"
        typed = _typed(choice, parameter, module, names)
        chosen = f"{parameter.name}_chosen"
        today = module.ref(names.lib("dates"), "as_of") if parameter.values else ""
        branches = [(choice, typed)]
        branches += [
            (literal(value.value), [f"not {chosen}", f"{today} >= {literal(value.in_force_from)}"])
            for value in reversed(parameter.values)
        ]
        if parameter.default is not None:
            default = [f"not {chosen}", *([today] if today else [])]
            branches.append((literal(parameter.default), default))
        module.choice(parameter.name, branches)
        # A choice of another type is no choice at all, but nor is it the policy's value.
        module.rule(chosen, [f"type_name({choice})"])
        if not parameter.values:
            continue
        for date, suffix in coming:
            value = _value_on(parameter, date)
            branches = [(choice, typed)]
            if value is not None:
                stricter = [*typed, *_stricter(choice, parameter, value)]
                laxer = [(literal(value), typed), (literal(value), [f"not {chosen}"])]
                branches = [(choice, stricter), *laxer]
            module.choice(parameter.name + suffix, branches)
    return module


def _value_on(parameter: ParameterDefinition, date: str) -> object:
    value = parameter.default
    for dated in parameter.values:
        if dated.in_force_from <= date:
            value = dated.value
    return value


def _typed(choice: str, parameter: ParameterDefinition, module: Module, names: Names) -> list[str]:
    if parameter.type == "list":
        return [f"{module.ref(names.lib('lists'), 'strings')}({choice})"]
    if parameter.type == "date":
        return [f"{module.ref(names.lib('dates'), 'valid')}({choice})"]
    if parameter.type == "integer":
        return [f"{module.ref(names.lib('dates'), 'whole')}({choice})"]
    return [f"{GUARDS[parameter.type]}({choice})"]


def _stricter(choice: str, parameter: ParameterDefinition, value: object) -> list[str]:
    """What makes a choice at least as strict as a coming value."""
    if parameter.stricter in _COMPARE:
        return [f"{choice} {_COMPARE[parameter.stricter]} {literal(value)}"]
    if parameter.stricter in ("true", "false"):
        return [f"{choice} == {parameter.stricter}"]
    if parameter.stricter == "subset":
        return [f"every member in {choice} {{\n\tmember in {literal(value)}\n}}"]
    if parameter.stricter == "superset":
        return [f"every member in {literal(value)} {{\n\tmember in {choice}\n}}"]
    return ["false"]
