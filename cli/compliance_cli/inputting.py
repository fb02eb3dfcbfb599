"""What `compliance inventory inputs` does: the documents engines are given, line by line."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from compliance.assessment.inquiry import Inquiry
from compliance.inventory.kinds import Fact, Kinds
from compliance.report.json import escaped
from compliance_cli import output, status
from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Prepared, Request, prepared


@dataclass(frozen=True, slots=True)
class InputsOptions:
    """What the user asked for."""

    paths: tuple[Path, ...]
    policy: PolicyReference
    as_of: datetime.date | None
    registry: Path | None
    output: Path | None


def run_inputs(options: InputsOptions) -> int:
    """Writes the input documents of a policy and returns the exit status."""
    output.check_writable(options.output, options.paths)
    request = Request(options.paths, (options.policy,), options.as_of, options.registry)
    with prepared(request) as ready:
        sensitive = sensitive_paths(ready.inventory.kinds)
        left_out: set[str] = set()
        [use] = ready.uses
        reads = {
            kind: {head: shown(node, sensitive, left_out) for head, node in nodes.items()}
            for kind, nodes in use.bundle.reads.items()
        }
        bundle = replace(use.bundle, manifest={**use.bundle.manifest, "reads": reads})
        inquiry = Inquiry(ready.inventory, replace(use, bundle=bundle))
        output.write(_lines(ready, inquiry), options.output)
    if left_out:
        output.say(f"Left out, because they are never written out: {', '.join(sorted(left_out))}.")
    return status.OK


def _lines(ready: Prepared, inquiry: Inquiry) -> Iterator[str]:
    [use] = ready.uses
    for kind in sorted(use.bundle.entries.rules_by_kind):
        for record in ready.inventory.iterate(kind):
            text = json.dumps(inquiry.document(record), ensure_ascii=False, sort_keys=True)
            yield escaped(text) + "\n"


def sensitive_paths(kinds: Kinds) -> frozenset[str]:
    """Paths of facts whose values are never written out, below their kinds."""
    return frozenset(
        fact.path for kind in kinds for fact in kinds[kind].facts.values() if _is_sensitive(fact)
    )


def _is_sensitive(fact: Fact) -> bool:
    return fact.sensitive or any(map(_is_sensitive, fact.fields.values()))


def shown(node: Mapping[str, Any], sensitive: frozenset[str], left_out: set[str]) -> dict[str, Any]:
    """What is read of a record without what may not be written out."""
    left_out.update(sensitive.intersection(node["facts"]))
    return {
        "facts": [path for path in node["facts"] if path not in sensitive],
        "links": {name: shown(below, sensitive, left_out) for name, below in node["links"].items()},
    }
