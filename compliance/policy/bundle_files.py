"""The files of a policy's bundle: Rego, data and manifest."""

from __future__ import annotations

import json
from typing import Any

from compliance.inventory.kinds import Kinds
from compliance.policy.bundle import DATA, MANIFEST
from compliance.policy.manifest import facts_to_data, manifest
from compliance.policy.meta import policy_to_data
from compliance.policy.model import Policy
from compliance.policy.sources import rego_files


def bundle_files(policy: Policy, kinds: Kinds) -> dict[str, bytes]:
    """The files of a policy's bundle by name.

    Args:
        policy: the policy.
        kinds: the kinds its rules speak of.
    """
    meta = {**policy_to_data(policy), "kinds": facts_to_data(policy, kinds)}
    data = {"compliance": {policy.rego_name: {"meta": meta}}}
    files = {MANIFEST: _json(manifest(policy, kinds)), DATA: _json(data)}
    files |= {name: text.encode() for name, text in rego_files(policy).items()}
    return files


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
