"""What OPA says of a policy's Rego: errors, and files it would lay out otherwise."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from compliance.inventory.problems import Position, Problem
from compliance.policy.files import PolicyFiles
from compliance.policy.model import Policy
from compliance.policy.opa_tool import Opa, OpaRefusedError, RegoError
from compliance.policy.sources import WRITTEN, rego_files, write_files


def opa_problems(policy: Policy, files: PolicyFiles, opa: Path) -> Iterator[Problem]:
    """Errors in Rego that was written by hand, at the place in its file.

    Args:
        policy: the policy.
        files: its source.
        opa: the program.

    Raises:
        OpaRefusedError: OPA finds an error in Rego that was generated, which no author can mend.
    """
    tool = Opa(opa)
    with tempfile.TemporaryDirectory() as folder:
        write_files(rego_files(policy), Path(folder))
        errors = tool.check(Path(folder))
        for error in errors:
            yield _problem(error, policy, files)
        for name in () if errors else tool.unformatted(Path(folder)):
            text = "opa fmt would lay the file out in another way"
            error = RegoError(name, 0, 0, text)
            yield _problem(error, policy, files, "the file as `opa fmt --write` leaves it")


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
