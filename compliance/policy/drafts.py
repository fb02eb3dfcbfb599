"""Policies used straight from their source, before they are published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from compliance.engine.opa_program import OpaNotFoundError, find_opa
from compliance.inventory.kinds import Kinds
from compliance.policy.build import PolicyProblemsError, build_once
from compliance.policy.bundle import Bundle, source_bundle
from compliance.policy.lint import lint
from compliance.policy.loader import load_policy
from compliance.policy.model import Policy
from compliance.policy.registry import DRAFT


@dataclass(frozen=True)
class Draft:
    """A policy that the linter accepts, as its source folder holds it now."""

    folder: Path
    policy: Policy
    """Its status is draft, whatever the source says of the version it is to become."""
    kinds: Kinds
    opa: Path
    """The program that compiles or evaluates it."""

    def bundle(self, *, modules: bool) -> Bundle:
        """The policy in memory; nothing is written into a registry.

        Args:
            modules: compile it to WebAssembly, which takes seconds; else for an engine that
                evaluates Rego.

        Raises:
            BuildError: OPA fails.
        """
        if modules:
            return build_once(self.policy, self.kinds, self.opa)
        return source_bundle(self.policy, self.kinds)


def read_draft(folder: Path, kinds: Kinds, opa: Path | None = None) -> Draft:
    """Reads the source of a policy.

    Args:
        folder: the folder that holds ``policy.yaml``.
        kinds: the kinds its rules speak of.
        opa: the program the user named.

    Raises:
        PolicyProblemsError: the linter or OPA does not accept it.
        OpaNotFoundError: there is no ``opa`` to compile it with.
    """
    loaded = load_policy(folder, kinds)
    problems = lint(loaded)
    if problems or loaded.policy is None:
        raise PolicyProblemsError(problems)
    try:
        program = find_opa(opa)
    except OpaNotFoundError as error:
        raise OpaNotFoundError(
            f"{folder.as_posix()} is the source of a policy, which must be compiled before it can "
            f"be used; a published policy is compiled already. {error}"
        ) from error
    problems = lint(loaded, program)
    if problems:
        raise PolicyProblemsError(problems)
    return Draft(folder, replace(loaded.policy, status=DRAFT), kinds, program)
