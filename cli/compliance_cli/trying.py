"""What testing and mutating a policy need: its source without problems, its cases, a trial."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compliance.engine.opa_program import find_opa
from compliance.inventory.kinds import Kinds
from compliance.policy.build import PolicyProblemsError
from compliance.policy.cases import Cases, read_cases
from compliance.policy.lint import lint
from compliance.policy.model import Policy
from compliance.policy.trial import Trial
from compliance_cli import objects


@dataclass(frozen=True, slots=True)
class Tried:
    """A policy from source with its cases."""

    policy: Policy
    cases: Cases
    kinds: Kinds
    maker: Trial


def trial(folder: Path, opa: Path | None) -> Tried:
    """Reads a policy and its cases.

    Args:
        folder: the folder that holds ``policy.yaml``.
        opa: the program the user named.

    Raises:
        PolicyProblemsError: the source or a case has problems.
        OpaNotFoundError: there is no `opa`.
    """
    program = find_opa(opa)
    loaded = objects.load_policy_source(folder)
    problems = lint(loaded)
    if problems or loaded.policy is None or loaded.files is None:
        raise PolicyProblemsError(problems)
    cases = read_cases(loaded.files, loaded.policy, loaded.kinds)
    if cases.problems:
        raise PolicyProblemsError(cases.problems)
    return Tried(loaded.policy, cases, loaded.kinds, Trial(loaded.kinds, program))
