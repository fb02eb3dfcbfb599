"""Requirements of published versions that a run does not use."""

from __future__ import annotations

import shutil
from pathlib import Path

from compliance import resources
from compliance.policy.elsewhere import PublishedRequirements
from compliance.policy.registry import open_registry


def test_the_newest_version_not_used_holds_a_requirement() -> None:
    registry = open_registry()
    requirement = "hipaa-164.312.a.2.iii"
    none_used = PublishedRequirements(registry, ())
    assert none_used.holder(requirement) == "hipaa 1.0.0"
    assert PublishedRequirements(registry, {"hipaa@1.0.0"}).holder(requirement) == "hipaa 0.1.0"
    assert none_used.holder("hipaa-nprm-2025-01") == "hipaa-nprm-2025 0.1.0"
    assert none_used.holder("hipaa-164.999") is None
    assert set(none_used.policies) >= {"hipaa", "hipaa-nprm-2025"}


def test_an_altered_bundle_that_nobody_uses_stops_nothing(tmp_path: Path) -> None:
    folder = shutil.copytree(resources.published_policies(), tmp_path / "registry")
    (folder / "hipaa-nprm-2025-0.1.0.tar.gz").write_bytes(b"altered")
    found = PublishedRequirements(open_registry(folder), {"hipaa@1.0.0"})
    assert found.holder("hipaa-nprm-2025-01") is None
    assert found.holder("hipaa-164.312.a.2.iii") == "hipaa 0.1.0"
