"""The whole command: from YAML files to a report on disk."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from collections import defaultdict
from pathlib import Path

from benchmarks.facts import SYSTEM
from benchmarks.measure import MB, Run, run
from benchmarks.prepare import VERSION
from benchmarks.programs import DisagreementError, Figures, Programs, Statuses, environment
from benchmarks.records import AS_OF

WARM = "check, filled cache"
STARTS = 11
"""Times that `--help` is asked for; the middle one counts."""
_MAIN = "from compliance_cli.main import main; main()"


class Command:
    """Runs `compliance` on the material of some programs."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._material = programs.material
        self._environment = environment(programs.material, programs.opa)

    def cold(self) -> Figures:
        """From YAML files to a text report, the rules compiled first."""
        one = self._check("text", "report.txt", empty=True)
        return self._figures("check, empty cache", one, "YAML files to a text report")

    def warm(self) -> Figures:
        """The same with compiled rules in the cache."""
        return self._figures(WARM, self._check("text", "report.txt"), "the same, rules compiled")

    def lines(self, answers: Statuses) -> Figures:
        """From YAML files to all findings as JSON lines.

        Args:
            answers: what conftest found.

        Raises:
            DisagreementError: the gaps are others.
        """
        one = self._check("jsonl", "assessment.jsonl")
        self._compare([sorted(r for r, s in one.items() if s == "gap") for one in answers])
        return self._figures("check, JSON lines", one, "YAML files to every finding in full")

    def start(self) -> str:
        """What `compliance --help` takes."""
        output = self._material.folder / "help.txt"
        command = [sys.executable, "-c", _MAIN, "--help"]
        runs = [run(command, output, environment=self._environment) for _ in range(STARTS)]
        middle = statistics.median(one.seconds for one in runs) * 1000
        peak = max(one.peak for one in runs) / MB
        return f"compliance --help: {middle:.0f} ms (median of {STARTS}), {peak:.0f} MB\n"

    def _check(self, form: str, report: str, *, empty: bool = False) -> Run:
        if empty:
            shutil.rmtree(self._material.folder / "cache", ignore_errors=True)
        command: list[str | Path] = [sys.executable, "-c", _MAIN, "check", self._material.inventory]
        command += ["--registry", self._material.registry, "--policy", VERSION]
        command += ["--as-of", AS_OF.isoformat(), "--format", form]
        command += ["--output", self._material.folder / report]
        log = self._material.folder / "check.log"
        # 1: there are gaps.
        return run(command, log, statuses=(0, 1), environment=self._environment)

    def _compare(self, gaps: list[list[str]]) -> None:
        found: dict[str, list[str]] = defaultdict(list)
        with (self._material.folder / "assessment.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                finding = record.get("finding", record)
                if finding.get("status") == "gap" and finding.get("kind") == SYSTEM:
                    found[finding["subject"]].append(finding["rule"])
        expected = {f"system-{n:05}": rules for n, rules in enumerate(gaps) if rules}
        if {name: sorted(rules) for name, rules in found.items()} != expected:
            raise DisagreementError("`compliance check` and conftest find different gaps")

    def _figures(self, name: str, one: Run, note: str) -> Figures:
        return Figures(name, self._material.systems, one, note)
