"""A folder of published policies and its index; which version a user means."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance import resources
from compliance.errors import UserError
from compliance.inventory.problems import closest
from compliance.inventory.reader import read
from compliance.policy.source import Place
from compliance.policy.validation import keeps_to, schema_problems

INDEX = "index.json"
INDEX_SCHEMA = 1
"""Version of the format of the index."""
DRAFT = "draft"
_INDEX = "policy-index"
PUBLISHED = "published"
BINDING = "binding"
_REFERENCE = re.compile(r"([a-z0-9][a-z0-9-]*)(?:@([0-9]+\.[0-9]+\.[0-9]+))?")


class RegistryError(UserError):
    """A registry that cannot be read."""


class UnknownPolicyError(UserError):
    """A policy or version that the registry does not have."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a version."""

    file: str
    """Name beside the index."""
    sha256: str
    """Digest in hexadecimal."""
    size: int
    """Bytes."""

    def to_data(self) -> dict[str, Any]:
        """The JSON form."""
        return {"file": self.file, "sha256": self.sha256, "size": self.size}


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a policy in a registry."""

    folder: Path
    """Folder of the index."""
    policy: str
    """Id of the policy."""
    title: str
    version: str
    status: str
    """draft, published, superseded or withdrawn."""
    binding: str
    """binding, proposed or practice."""
    published_on: datetime.date
    bundle: PublishedFile
    wasm: PublishedFile
    why: PublishedFile

    @property
    def reference(self) -> str:
        """``hipaa@0.1.0``."""
        return f"{self.policy}@{self.version}"

    def to_data(self) -> dict[str, Any]:
        """The JSON form of the version in the index."""
        return {
            "status": self.status,
            "binding": self.binding,
            "published_on": self.published_on.isoformat(),
            "bundle": self.bundle.to_data(),
            "wasm": self.wasm.to_data(),
            "why": self.why.to_data(),
        }


@dataclass(frozen=True)
class Registry:
    """All published versions of a folder."""

    folder: Path
    policies: Mapping[str, tuple[Published, ...]]
    """Versions by policy id, oldest first."""

    def newest(self, policy: str) -> Published:
        """The newest version of a policy whose status is published.

        Raises:
            UnknownPolicyError: there is none.
        """
        versions = self._versions(policy)
        for version in reversed(versions):
            if version.status == PUBLISHED:
                return version
        listed = ", ".join(f"{v.reference} ({v.status})" for v in versions)
        raise UnknownPolicyError(
            f"No version of the policy {policy} is published in {self._name}. It has {listed}; "
            "name the version to use it all the same."
        )

    def binding(self) -> tuple[Published, ...]:
        """The newest published version of each binding policy, by id."""
        found = []
        for versions in self.policies.values():
            published = [version for version in versions if version.status == PUBLISHED]
            if published and published[-1].binding == BINDING:
                found.append(published[-1])
        return tuple(found)

    def resolve(self, reference: str) -> Published:
        """The version a reference means.

        Args:
            reference: ``hipaa`` for its newest published version, or ``hipaa@0.1.0``.

        Raises:
            UnknownPolicyError: the registry does not have it.
        """
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise UnknownPolicyError(
                f"{reference!r} names no policy. Write it like hipaa or hipaa@0.1.0."
            )
        policy, number = match.groups()
        if number is None:
            return self.newest(policy)
        versions = self._versions(policy)
        for version in versions:
            if version.version == number:
                return version
        have = ", ".join(version.version for version in versions)
        raise UnknownPolicyError(
            f"There is no version {number} of the policy {policy} in {self._name}; it has {have}."
        )

    @property
    def _name(self) -> str:
        return (self.folder / INDEX).as_posix()

    def _versions(self, policy: str) -> tuple[Published, ...]:
        versions = self.policies.get(policy)
        if versions is None:
            near = closest(policy, self.policies)
            hint = f" Did you mean {near}?" if near else ""
            have = ", ".join(self.policies) or "none"
            raise UnknownPolicyError(
                f"There is no policy {policy} in {self._name}.{hint} Its policies: {have}."
            )
        return versions


def open_registry(folder: Path | None = None) -> Registry:
    """Reads the index of a registry.

    Args:
        folder: the folder that holds ``index.json``; None for the one shipped with the program.

    Raises:
        RegistryError: there is no index, or it cannot be read.
    """
    folder = resources.published_policies() if folder is None else folder
    path = folder / INDEX
    if not path.is_file():
        raise RegistryError(
            f"{folder.as_posix()} is no registry: it has no {INDEX}. Name the folder that "
            "`compliance policy build` wrote."
        )
    reading = read(path)
    problems = list(reading.problems)
    if reading.source is not None and not problems and not keeps_to(reading.source.value, _INDEX):
        problems = schema_problems(reading.source.value, _INDEX, Place(reading.source))
    if reading.source is None or problems:
        listed = " ".join(map(str, problems[:3]))
        raise RegistryError(f"The index of published policies cannot be used. {listed}")
    policies: dict[str, Any] = reading.source.value["policies"]
    return Registry(
        folder,
        {
            policy: tuple(
                _published(folder, policy, entry["title"], version, entry["versions"][version])
                for version in sorted(entry["versions"], key=version_key)
            )
            for policy, entry in sorted(policies.items())
        },
    )


def version_key(version: str) -> tuple[int, ...]:
    """What versions are ordered by."""
    return tuple(int(part) for part in version.split("."))


def _published(
    folder: Path, policy: str, title: str, version: str, raw: Mapping[str, Any]
) -> Published:
    files = {part: PublishedFile(**raw[part]) for part in ("bundle", "wasm", "why")}
    date = datetime.date.fromisoformat(raw["published_on"])
    return Published(folder, policy, title, version, raw["status"], raw["binding"], date, **files)


def index_text(policies: Mapping[str, tuple[Published, ...]]) -> str:
    """The text of ``index.json``."""
    data = {
        "schema": INDEX_SCHEMA,
        "policies": {
            policy: {
                "title": versions[-1].title,
                "versions": {version.version: version.to_data() for version in versions},
            }
            for policy, versions in sorted(policies.items())
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
