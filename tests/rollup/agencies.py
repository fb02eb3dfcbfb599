"""Saved assessments of several agencies over three quarters, made from the examples.

    python -m tests.rollup.agencies FOLDER

The agencies are invented: each is one of the inventories in ``examples/``, assessed as of several
days and given another id and name. Between them they show what a roll-up has to cope with: an
agency on an older policy version, one that was assessed long ago, a plan, findings from outside,
and two that rely on one provider.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from compliance_cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
QUARTERS = ("2026-05-20", "2026-08-20", "2026-11-20")
AS_OF = "2026-11-23"


@dataclass(frozen=True)
class Invented:
    """An agency of the sample."""

    id: str
    name: str
    example: str
    days: tuple[str, ...] = QUARTERS
    policies: tuple[str, ...] = ("hipaa@1.0.0",)
    marking: str | None = None
    changes: tuple[tuple[str, str], ...] = ()
    """Texts of its files that stand otherwise than in the example."""


AGENCIES = (
    Invented(
        "corrections", "Department of Corrections", "coverage/hybrid", policies=("hipaa@0.1.0",)
    ),
    Invented("health", "Department of Health and Recovery", "health-agency"),
    Invented(
        "behavioral-health", "Division of Behavioral Health", "health-agency", days=QUARTERS[1:],
        changes=((": false", ": true"), ("last_reviewed_on: 2025", "last_reviewed_on: 2026")),
    ),
    Invented(
        "human-services", "Department of Human Services", "coverage/plan-and-provider",
        marking="INTERNAL", policies=("hipaa@1.0.0", "hipaa-nprm-2025@0.1.0"),
    ),
    Invented("county-clinic", "Elm County Clinic", "plan", days=QUARTERS[1:]),
    Invented("veterans", "Office of Veterans Affairs", "coverage/provider", days=QUARTERS[:1]),
)  # fmt: skip


def make(folder: Path, agencies: Iterable[Invented] = AGENCIES) -> Path:
    """Writes the assessments into a folder, one file for each agency and day."""
    for one in agencies:
        (folder / one.id).mkdir(parents=True, exist_ok=True)
        for day in one.days:
            path = folder / one.id / f"{day}.json"
            path.write_text(assessment(one, day), encoding="utf-8", newline="\n")
    return folder


def assessment(one: Invented, day: str) -> str:
    """A saved assessment under the id and name of the invented agency, laid out as it was."""
    text = _checked(one.example, day, one.policies, one.changes)
    old = json.loads(text)["metadata"]["agency"]
    text = text.replace(f'"agency": "{old}"', f'"agency": "{one.id}"')
    text = text.replace(f'"id": "{old}/', f'"id": "{one.id}/')
    lines = [f'    "agency_name": "{one.name}",']
    if one.marking:
        text = re.sub('\n    "marking": .*', "", text)
        lines.append(f'    "marking": "{one.marking}",')
    return re.sub('    "agency_name": .*', "\n".join(lines), text, count=1)


@cache
def _checked(
    example: str, day: str, policies: tuple[str, ...], changes: tuple[tuple[str, str], ...]
) -> str:
    """What `compliance check` writes."""
    with tempfile.TemporaryDirectory() as folder:
        inventory = Path(folder, example)
        shutil.copytree(ROOT / "examples" / example, inventory)
        for path in inventory.rglob("*.yaml"):
            text = path.read_text("utf-8")
            for old, new in changes:
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8", newline="\n")
        arguments = ["check", str(inventory), "--as-of", day, "--format", "json"]
        for policy in policies:
            arguments += ["--policy", policy]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code in (0, 1), result.output
        return result.stdout.replace(f"{inventory.as_posix()}/", f"examples/{example}/")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
