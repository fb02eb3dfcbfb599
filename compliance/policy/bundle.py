"""One built policy version: Rego, data and modules, each held to the digest the registry states."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance.errors import UserError
from compliance.policy.archive import ArchiveError, pack, unpack
from compliance.policy.meta import policy_from_data
from compliance.policy.model import ParameterDefinition, Policy, Requirement, Rule

if TYPE_CHECKING:
    from compliance.engine.interface import Entries
    from compliance.inventory.kinds import Kinds
    from compliance.policy.registry import Published, PublishedFile

SCHEMA = 1
"""Version of the format of bundles."""
MANIFEST = ".manifest"
DATA = "data.json"
LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a bundle or module."""


class BundleError(UserError):
    """A bundle or module that is missing, altered, cut off, or of a format not known here."""


@dataclass(frozen=True)
class Bundle:
    """One policy version, ready for an engine."""

    policy: Policy
    """What reports print: texts, requirements, rules with their trees, parameters."""
    manifest: Mapping[str, Any]
    """The program's part of the manifest."""
    rego: Mapping[str, str]
    """Text of each Rego file by its path in the bundle."""
    meta: Mapping[str, Any]
    """The policy as JSON data, with title and question of each fact read under ``kinds``."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 in hexadecimal of ``bundle``, ``wasm`` and ``why``."""
    wasm: bytes | None = None
    """The module that evaluates statuses; None for a policy that was not built."""
    why: bytes | None = None
    """The module that gives the outcome of each leaf."""

    @property
    def policy_id(self) -> str:
        """``hipaa``."""
        return self.policy.id

    @property
    def version(self) -> str:
        """``0.1.0``."""
        return self.policy.version

    @property
    def sha256(self) -> str:
        """Digest of the bundle file."""
        return self.digests["bundle"]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules."""
        return self.policy.rules

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The requirements."""
        return self.policy.requirements

    @property
    def parameters(self) -> Mapping[str, ParameterDefinition]:
        """The parameters by name."""
        return self.policy.parameters

    @property
    def reads(self) -> Mapping[str, Any]:
        """Facts of each kind's input document: kind to ``self`` and ``agency``."""
        return _mapping(self.manifest["reads"])

    @property
    def measures(self) -> Mapping[str, Any]:
        """Facts of first-pass documents, likewise; empty where no rule counts records."""
        return _mapping(self.manifest["measures"])

    @property
    def start(self) -> tuple[str, ...]:
        """Facts of the agency that decide whether the policy binds it; empty where it names none.

        Bundles that were built before there was such a list have none.
        """
        return tuple(self.manifest.get("start", ()))

    @property
    def fuel(self) -> int:
        """Steps a module may take for one document."""
        return int(self.manifest["fuel"])

    @cached_property
    def entries(self) -> Entries:
        """Entry points for engines."""
        from compliance.engine.interface import Entries

        named = self.manifest["entries"]
        return Entries(
            results=named["results"],
            measures=named.get("measures"),
            why=named["why"],
            batch=named["batch"],
            statuses=named["statuses"],
            rules_by_kind={
                kind: tuple(rules) for kind, rules in self.manifest["rules_by_kind"].items()
            },
            ordered=named.get("ordered"),
        )


def _mapping(value: Any) -> Mapping[str, Any]:
    return dict(value)


def source_bundle(policy: Policy, kinds: Kinds) -> Bundle:
    """A policy that was not built, for an engine that evaluates Rego.

    Its digest is that of the bundle a build would write.
    """
    # The compiler is not needed to read a bundle.
    from compliance.policy.bundle_files import bundle_files

    packed = pack(bundle_files(policy, kinds))
    return read_bundle(packed, f"{policy.id} {policy.version}")


def load_bundle(published: Published) -> Bundle:
    """Reads a published version, each file held to its digest.

    Raises:
        BundleError: a file is missing, altered or cut off, or of a format not known here.
    """
    packed = _file(published.folder, published.bundle)
    bundle = read_bundle(
        packed,
        (published.folder / published.bundle.file).as_posix(),
        wasm=_file(published.folder, published.wasm),
        why=_file(published.folder, published.why),
    )
    stated = (published.policy, published.version)
    if (bundle.policy_id, bundle.version) != stated:
        raise BundleError(
            f"{published.bundle.file} holds {bundle.policy_id} {bundle.version}, and the index "
            f"says {' '.join(stated)}. {_GET_AGAIN}"
        )
    return bundle


def load_requirements(published: Published) -> tuple[str, ...]:
    """Ids of the requirements of a published version, its modules left unread.

    Raises:
        BundleError: as :func:`load_bundle`.
    """
    name = (published.folder / published.bundle.file).as_posix()
    packed = _file(published.folder, published.bundle)
    return tuple(requirement.id for requirement in read_bundle(packed, name).requirements)


_GET_AGAIN = (
    "Get the published policies again: install the program again, or copy the registry's folder "
    "from its origin."
)


def _file(folder: Path, stated: PublishedFile) -> bytes:
    path = folder / stated.file
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BundleError(f"{path.as_posix()} is too large to be a policy. {_GET_AGAIN}")
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BundleError(f"{path.as_posix()} cannot be read ({reason}). {_GET_AGAIN}") from error
    if len(content) != stated.size:
        raise BundleError(
            f"{path.as_posix()} has {len(content)} bytes and should have {stated.size}: it was cut "
            f"off or altered. {_GET_AGAIN}"
        )
    if hashlib.sha256(content).hexdigest() != stated.sha256:
        raise BundleError(
            f"{path.as_posix()} was altered: its SHA-256 is not the one the index states. "
            f"{_GET_AGAIN}"
        )
    return content


def read_bundle(
    packed: bytes, name: str, *, wasm: bytes | None = None, why: bytes | None = None
) -> Bundle:
    """The bundle that an archive holds.

    Args:
        packed: the ``.tar.gz``.
        name: what messages call it.
        wasm: its module.
        why: its module for explanations.

    Raises:
        BundleError: it is no bundle of a format known here.
    """
    try:
        files = unpack(packed)
        own = json.loads(files[MANIFEST])["metadata"]["compliance"]
        if own["schema"] != SCHEMA:
            raise BundleError(
                f"{name} is of format {own['schema']}, and this program reads format {SCHEMA}. "
                "Use the version of the program that the policy was published for, or a newer one."
            )
        part: Any = json.loads(files[DATA])
        for step in own["root"].split("/"):
            part = part[step]
        policy = policy_from_data(part["meta"])
        rego = {path: text.decode() for path, text in files.items() if path.endswith(".rego")}
    except ArchiveError as error:
        raise BundleError(f"{name} is no bundle: {error}. {_GET_AGAIN}") from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BundleError(
            f"{name} is no bundle of this program ({error!r}). {_GET_AGAIN}"
        ) from error
    contents = {"bundle": packed, "wasm": wasm, "why": why}
    digests = {
        part: hashlib.sha256(content).hexdigest()
        for part, content in contents.items()
        if content is not None
    }
    return Bundle(policy, own, rego, part["meta"], digests, wasm, why)
