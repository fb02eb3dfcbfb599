"""Values of a policy's parameters: which is in force, and whether an agency's choice may stand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compliance.assessment.model import ParameterText
from compliance.errors import UserError
from compliance.policy.model import ParameterDefinition

_OWN_BASIS = "practice"


class ParameterError(UserError):
    """An agency's choice that names no parameter, has another type, or is laxer or nonsense."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The value of a parameter on a date."""

    definition: ParameterDefinition
    value: Any
    """None where the policy gives none and the agency chose none."""
    basis: str
    """Why the value holds. An agency's choice that differs from the policy's value is its own
    practice, even where the policy's value is law."""
    chosen: bool
    own: bool = False
    """Whether the agency chose another value than the policy's."""


class Parameters:
    """The parameters of one policy with the agency's choices."""

    def __init__(
        self,
        policy_id: str,
        definitions: Mapping[str, ParameterDefinition],
        choices: Mapping[str, Any],
        as_of: datetime.date,
    ) -> None:
        """Check the choices.

        Args:
            policy_id: for messages.
            definitions: the policy's parameters by name.
            choices: the agency's values by name.
            as_of: date of the assessment.

        Raises:
            ParameterError: a choice names no parameter, has another type, lies outside the
                parameter's bounds or is laxer.
        """
        self.definitions = definitions
        self.choices = dict(sorted(choices.items()))
        self._as_of = as_of.isoformat()
        for name, value in self.choices.items():
            _check(policy_id, name, value, definitions, self._as_of)

    def in_force(self, name: str, date: str | None = None) -> InForce:
        """The value on a date.

        Args:
            name: a parameter of the policy.
            date: a coming date; the date of the assessment where it is left out.
        """
        definition = self.definitions[name]
        value, basis = _of_policy(definition, date or self._as_of)
        if name not in self.choices:
            return InForce(definition, value, basis, chosen=False)
        choice = self.choices[name]
        if date is not None and value is not None and not is_stricter(definition, choice, value):
            return InForce(definition, value, basis, chosen=False)
        own = value is not None and choice != value
        return InForce(definition, choice, _OWN_BASIS if own else basis, chosen=True, own=own)

    def texts(self) -> tuple[ParameterText, ...]:
        """What reports say about every parameter, by name."""
        return tuple(self._text(name) for name in sorted(self.definitions))

    def _text(self, name: str) -> ParameterText:
        now = self.in_force(name)
        of_policy, _ = _of_policy(now.definition, self._as_of)
        return ParameterText(
            name=name,
            title=now.definition.title,
            value=now.value,
            chosen=now.chosen,
            basis=now.basis,
            unit=now.definition.unit or None,
            upcoming=tuple(
                (dated.in_force_from, dated.value)
                for dated in now.definition.values
                if dated.in_force_from > self._as_of
            ),
            policy_value=of_policy if now.value != of_policy else None,
        )


def is_stricter(definition: ParameterDefinition, choice: Any, value: Any) -> bool:
    """Whether a choice is at least as strict as a value of the policy."""
    match definition.stricter:
        case "lower":
            return bool(choice <= value)
        case "higher":
            return bool(choice >= value)
        case "subset":
            return set(choice) <= set(value)
        case "superset":
            return set(choice) >= set(value)
        case "true" | "false":
            return choice == value or choice is (definition.stricter == "true")
        case _:
            return bool(choice == value)


def _of_policy(definition: ParameterDefinition, date: str) -> tuple[Any, str]:
    value, basis = definition.default, definition.basis
    for dated in definition.values:
        if dated.in_force_from <= date:
            value, basis = dated.value, dated.basis
    return value, basis


def _check(
    policy_id: str,
    name: str,
    choice: Any,
    definitions: Mapping[str, ParameterDefinition],
    as_of: str,
) -> None:
    definition = definitions.get(name)
    if definition is None:
        known = ", ".join(sorted(definitions)) or "none"
        raise ParameterError(
            f"The settings choose a value for `{name}` of the policy {policy_id}, which has no "
            f"such parameter. Its parameters: {known}. Correct the name or remove the line."
        )
    if not _fits(definition.type, choice):
        raise ParameterError(
            f"The settings choose {_shown(choice)} for the parameter `{name}` ({definition.title}) "
            f"of the policy {policy_id}, which takes {_TYPES[definition.type]}."
        )
    unit = f" {definition.unit}" if definition.unit else ""
    bounds = _bounds(definition)
    if bounds and not _within(definition, choice):
        raise ParameterError(
            f"The settings choose {_shown(choice)}{unit} for the parameter `{name}` "
            f"({definition.title}) of the policy {policy_id}, which takes {bounds}{unit}."
        )
    value, _ = _of_policy(definition, as_of)
    if value is not None and not is_stricter(definition, choice, value):
        raise ParameterError(
            f"The settings choose {_shown(choice)}{unit} for the parameter `{name}` "
            f"({definition.title}) of the policy {policy_id}. {_DIRECTIONS[definition.stricter]} "
            f"The policy's value is {_shown(value)}{unit}: choose that or a stricter one, or "
            "remove the line."
        )


def _within(definition: ParameterDefinition, choice: Any) -> bool:
    too_small = definition.minimum is not None and choice < definition.minimum
    return not (too_small or (definition.maximum is not None and choice > definition.maximum))


def _bounds(definition: ParameterDefinition) -> str:
    """The numbers a parameter takes, in words; empty where it has no bounds."""
    lowest, highest = definition.minimum, definition.maximum
    if lowest is not None and highest is not None:
        return f"a number from {lowest} to {highest}"
    if lowest is not None:
        return f"{lowest} or more"
    return "" if highest is None else f"{highest} or less"


_TYPES = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "date": "a date such as 2026-11-23",
    "list": "a list of texts",
}
_DIRECTIONS = {
    "lower": "An agency may only choose a stricter value, and lower is stricter.",
    "higher": "An agency may only choose a stricter value, and higher is stricter.",
    "subset": "An agency may only choose a stricter value: it may leave out members, add none.",
    "superset": "An agency may only choose a stricter value: it may add members, leave out none.",
    "true": "An agency may only choose a stricter value, and true is stricter.",
    "false": "An agency may only choose a stricter value, and false is stricter.",
    "fixed": "An agency may not change it.",
}


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else f"{value}"


def _fits(kind: str, value: Any) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "date":
            return isinstance(value, str) and _is_date(value)
        case "list":
            return isinstance(value, list) and all(isinstance(member, str) for member in value)
        case _:
            return isinstance(value, str)


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
