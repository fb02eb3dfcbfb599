"""The facts a Rego rule says it reads: paths that may walk links."""

from __future__ import annotations

from compliance.inventory.kinds import ANY
from compliance.policy.scope import Element, Found, NotFound, Scope, find, member, why_not_walked


def resolve(path: str, scope: Scope) -> tuple[Found, ...] | NotFound:
    """The links a path walks and the fact it ends at.

    Args:
        path: such as ``system.vendors.baa.status``; a path that ends at a link reads whether the
            list is complete and which records it holds.
        scope: the scope of the rule.
    """
    head, _, rest = path.partition(".")
    element = scope.names.get(head)
    walked: list[Found] = []
    while element is not None:
        step = _link(head, rest, element)
        if step is None:
            break
        refused = why_not_walked(step, scope)
        if refused:
            return refused
        walked.append(step)
        head, rest = step.path, rest[len(step.fact.path) + 1 :]
        if not rest:
            return tuple(walked)
        if step.fact.target == ANY:
            return NotFound(f"`{head}` may name records of any kind", "a path that ends there")
        element = member(scope.kinds, step.fact, element)
    if not walked:
        found = find(path, scope)
        return found if isinstance(found, NotFound) else (found,)
    if element is None or rest not in element.facts:
        kind = walked[-1].fact.target
        return NotFound(f"there is no fact `{path}`", f"a fact of the kind {kind} after `{head}.`")
    return (*walked, Found(path, element.facts[rest], element))


def _link(head: str, rest: str, element: Element) -> Found | None:
    """The link a path starts with, if it does."""
    for fact in element.facts.values():
        if fact.linked and (rest == fact.path or rest.startswith(f"{fact.path}.")):
            return Found(f"{head}.{fact.path}", fact, element)
    return None
