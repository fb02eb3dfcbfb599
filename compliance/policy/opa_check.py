"""What OPA says of a policy's Rego: errors, and files it would lay out otherwise."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from compliance.inventory.problems import Position, Problem
from compliance.policy.conditions import Leaf, Literal, walk
from compliance.policy.files import PolicyFiles
from compliance.policy.loader import LoadedPolicy
from compliance.policy.model import Policy
from compliance.policy.opa_tool import Opa, OpaRefusedError, RegoError
from compliance.policy.sources import WRITTEN, rego_files, write_files


def opa_problems(loaded: LoadedPolicy, opa: Path) -> Iterator[Problem]:
    """Errors in patterns and in Rego that was written by hand, at their places.

    Args:
        loaded: a policy that was loaded without a problem.
        opa: the program.

    Raises:
        OpaRefusedError: OPA finds an error in Rego that was generated, which no author can mend.
    """
    policy, files = loaded.policy, loaded.files
    if policy is None or files is None:
        return
    tool = Opa(opa)
    yield from _patterns(loaded, tool)
    with tempfile.TemporaryDirectory() as folder:
        write_files(rego_files(policy), Path(folder))
        errors = tool.check(Path(folder))
        for error in errors:
            yield _problem(error, policy, files)
        for name in () if errors else tool.unformatted(Path(folder)):
            text = "opa fmt would lay the file out in another way"
            error = RegoError(name, 0, 0, text)
            yield _problem(error, policy, files, "the file as `opa fmt --write` leaves it")


def _patterns(loaded: LoadedPolicy, tool: Opa) -> Iterator[Problem]:
    written = [
        (str(node.value.value), loaded.places[owner, node.id])
        for owner, trees in loaded.trees.items()
        for tree in trees.values()
        for node in walk(tree)
        if isinstance(node, Leaf) and node.test == "matches" and isinstance(node.value, Literal)
    ]
    whole = {f"^(?:{pattern})$": pattern for pattern, _ in written}
    refused = {whole[pattern] for pattern in tool.refused_patterns([*whole])} if whole else set()
    for pattern, place in written:
        if pattern in refused:
            what = f"RE2 does not accept the pattern {pattern!r}"
            yield place.problem(what, "a regular expression of RE2 for the whole text")


def _problem(error: RegoError, policy: Policy, files: PolicyFiles, expected: str = "") -> Problem:
    written = error.file.removeprefix(f"{policy.root}/{WRITTEN}")
    file = files.rego.get(written)
    if file is None or written == error.file:
        raise OpaRefusedError(
            f"OPA does not accept the Rego generated for {policy.id}: {error.file}:{error.line}: "
            f"{error.message}. This is a fault of the program; please report it with the policy."
        )
    where = Position(file.file, error.line or None, max(error.column, 1) if error.line else None)
    hint = "Rego that OPA accepts under policies/lib/capabilities.json"
    return Problem(where, "", f"OPA: {error.message}", expected or hint)
