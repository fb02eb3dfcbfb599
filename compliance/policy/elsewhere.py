"""Requirements of published policy versions that a run does not use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from compliance.policy.bundle import BundleError, load_requirements
from compliance.policy.registry import Registry


class PublishedRequirements:
    """Looks ids of requirements up in a registry, whose bundles are read when first asked.

    Args:
        registry: where policies are published.
        used: references of the versions that a run uses: ``hipaa@1.0.0``.
    """

    def __init__(self, registry: Registry, used: Collection[str]) -> None:
        self._registry = registry
        self._used = used

    @property
    def policies(self) -> Collection[str]:
        """Ids of all policies of the registry."""
        return self._registry.policies.keys()

    def holder(self, requirement: str) -> str | None:
        """The newest version that has a requirement and is not used, or None: ``hipaa 0.1.0``."""
        return self._holders.get(requirement)

    @cached_property
    def _holders(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for versions in self._registry.policies.values():
            for version in versions:
                if version.reference in self._used:
                    continue
                try:
                    names = load_requirements(version)
                except BundleError:  # what nobody asked for stops no run
                    continue
                found.update(dict.fromkeys(names, f"{version.policy} {version.version}"))
        return found
