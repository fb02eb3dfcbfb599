"""What ties a report to what it was made from, in few words: versions, digests, date, marking."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from compliance.assessment.model import Assessment, PolicyRun

BUNDLE = "bundle"
"""Name of the digest that stands for a policy version: all else is made from its bundle."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The same for every line of a report."""

    agency: str
    as_of: str
    program_version: str
    inventory_sha256: str
    detail: str
    marking: str


def stamp(assessment: Assessment) -> Stamp:
    """The stamp of an assessment."""
    metadata = assessment.metadata
    return Stamp(
        metadata.agency,
        metadata.as_of,
        metadata.program_version,
        inventory_digest(assessment),
        metadata.detail,
        metadata.marking or "",
    )


def inventory_digest(assessment: Assessment) -> str:
    """One SHA-256 for all files of an inventory.

    That of a text with the digest of each on a line of its own, sorted, as
    ``sha256sum FILES | cut -c1-64 | sort | sha256sum`` works it out. Names of files are not in it:
    a report may leave them out.
    """
    digests = sorted(assessment.metadata.inventory.values())
    text = "".join(f"{digest}\n" for digest in digests)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def policy_digest(policy: PolicyRun) -> str:
    """The SHA-256 of a policy's bundle; where it has none, of the first of its files by name."""
    digests = dict(sorted(policy.digests.items()))
    return digests.get(BUNDLE) or next(iter(digests.values()), "")


def engine(policy: PolicyRun) -> str:
    """What evaluated a policy: ``wasm (wasmtime 50.0.1)``."""
    return f"{policy.engine} ({policy.engine_version})"
