"""Chooses some of the questions, so that a part can be put to one person."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.asking.model import Questions
from compliance.errors import UserError
from compliance.inventory.kinds import Kinds
from compliance.inventory.problems import closest


class ChoiceError(UserError):
    """A role or kind that no question has."""


def choose(
    questions: Questions,
    kinds: Kinds,
    roles: Sequence[str] = (),
    kind_names: Sequence[str] = (),
    limit: int | None = None,
) -> Questions:
    """Some of the questions, in their order.

    Args:
        questions: all of them.
        kinds: all kinds.
        roles: who usually knows, in any case; everybody where none is named.
        kind_names: kinds of records; all where none is named.
        limit: at most so many.

    Raises:
        ChoiceError: nobody of that role is asked anything, or there is no such kind.
    """
    wanted = {_role(questions, role) for role in roles}
    for name in kind_names:
        if name not in kinds:
            near = closest(name, kinds)
            hint = f" Did you mean {near}?" if near else ""
            raise ChoiceError(
                f"There is no kind {name}.{hint} Expected: one of {', '.join(kinds)}."
            )
    items = tuple(
        one
        for one in questions
        if (not wanted or one.asked_of in wanted) and (not kind_names or one.kind in kind_names)
    )
    return questions.only(items if limit is None else items[:limit])


def _role(questions: Questions, role: str) -> str:
    known = {name.casefold(): name for name in questions.roles}
    found = known.get(role.strip().casefold())
    if found is not None:
        return found
    near = closest(role.casefold(), known)
    hint = f" Did you mean {known[near]}?" if near else ""
    roles = ", ".join(f"{name or '(nobody named)'} ({n:,})" for name, n in questions.roles.items())
    raise ChoiceError(
        f"No question is for {role}.{hint} "
        + (f"Questions there are for: {roles}." if roles else "There are no questions.")
    )
