"""The programs that evaluate the same rules over the same documents, and what they answer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import MB, Run, best, run
from benchmarks.prepare import VERSION, Material
from benchmarks.rules import POLICY

Statuses = list[dict[str, str]]
"""Rule id to status, one mapping a system in the order of their ids."""
OPEN = ("gap", "unknown")
"""The statuses that conftest is asked for."""


class DisagreementError(Exception):
    """Two programs give different statuses."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one way to evaluate took."""

    name: str
    systems: int
    seconds: float
    """From the start of the program to its end."""
    peak: int
    """Most bytes of memory, those of its helper processes included."""
    note: str = ""

    @property
    def each(self) -> float:
        """Milliseconds a system."""
        return self.seconds / self.systems * 1000

    @property
    def memory(self) -> float:
        """Megabytes."""
        return self.peak / MB


@dataclass(frozen=True, slots=True)
class Programs:
    """Runs the programs on some material."""

    material: Material
    opa: Path
    conftest: Path
    repeat: int
    """Runs of each, of which the quickest counts."""

    def wasm(self) -> tuple[Figures, Figures, Statuses]:
        """The default engine: a whole process with a filled compile cache, and its calls alone."""
        runs, answers, figures = self._worker("wasm", 1 + self.repeat)
        quickest = best(runs[1:])
        whole = self._figures("wasm in-process", quickest, "whole process, compiled code cached")
        alone = Figures(
            "  of it the engine", self.material.systems, figures["seconds"], figures["peaks"][0],
            "reading and encoding each document, evaluating it, decoding the statuses",
        )  # fmt: skip
        return whole, alone, answers

    def server(self) -> tuple[Figures, Statuses]:
        """The OPA server, asked in batches by the product's second engine."""
        runs, answers, figures = self._worker("opa", 1)
        return Figures(
            "OPA server", self.material.systems, runs[0].seconds, sum(figures["peaks"]),
            "started, asked in batches of 100, stopped; memory of server and client",
        ), answers  # fmt: skip

    def eval_batch(self) -> tuple[Figures, Statuses]:
        """`opa eval` once, with all documents in one input."""
        output = self.material.folder / "eval.json"
        command = self._eval(self.material.batch, "batch")
        runs = [run(command, output) for _ in range(self.repeat)]
        answers = [statuses for _, statuses in _value(output)]
        return self._figures("opa eval", best(runs), "one process, all documents"), answers

    def eval_each(self, sample: int) -> tuple[Figures, Statuses]:
        """`opa eval` a process a system, for the first few systems."""
        output = self.material.folder / "eval.json"
        answers, seconds, peak = [], 0.0, 0
        for file in sorted(self.material.files.iterdir())[:sample]:
            one = run(self._eval(file, "results"), output)
            seconds, peak = seconds + one.seconds, max(peak, one.peak)
            answers.append(_value(output))
        note = f"one process a system, first {len(answers)} systems"
        return Figures("opa eval each", len(answers), seconds, peak, note), answers

    def conftest_test(self) -> tuple[Figures, Statuses]:
        """`conftest test` once, with a file for each document; gaps and unknowns alone."""
        output = self.material.folder / "conftest.json"
        runs = [self.run_conftest(output) for _ in range(self.repeat)]
        results = sorted(json.loads(output.read_text("utf-8")), key=lambda one: one["filename"])
        answers = [_from_messages(one.get("failures", ())) for one in results]
        return self._figures("conftest test", best(runs), "one process, a file a system"), answers

    def run_conftest(self, output: Path) -> Run:
        """Run `conftest test` over all documents."""
        command: list[str | Path] = [self.conftest, "test", "--output", "json"]
        command += ["--policy", self.material.rego, self.material.files]
        return run(command, output, statuses=(0, 1))

    def _worker(self, engine: str, times: int) -> tuple[list[Run], Statuses, dict[str, Any]]:
        output = self.material.folder / f"{engine}.jsonl"
        command = [sys.executable, "-m", "benchmarks.worker", engine]
        command += [str(self.material.registry), VERSION, str(self.material.documents)]
        runs = []
        for _ in range(times):
            runs.append(run(command, output, environment=environment(self.material, self.opa)))
        *lines, last = output.read_text("utf-8").splitlines()
        return runs, [json.loads(line) for line in lines], json.loads(last)

    def _eval(self, given: Path, entry: str) -> list[str | Path]:
        query = f"data.compliance.{POLICY}.{entry}"
        bundle = self.material.bundle_file
        return [self.opa, "eval", "--bundle", bundle, "--input", given, query]

    def _figures(self, name: str, one: Run, note: str) -> Figures:
        return Figures(name, self.material.systems, one.seconds, one.peak, note)


def environment(material: Material, opa: Path) -> dict[str, str]:
    """The environment of the product's own programs: folders of their own, and the repository."""
    return {
        **os.environ,
        "COMPLIANCE_CACHE": str(material.folder / "cache"),
        "XDG_STATE_HOME": str(material.folder / "state"),
        "COMPLIANCE_OPA": str(opa),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }


def compare(name: str, answers: Statuses, expected: Statuses, *, only_open: bool = False) -> None:
    """Hold the statuses of a program to those of the default engine.

    Args:
        name: of the program.
        answers: what it gave; fewer systems than expected stand for the first ones.
        expected: statuses of the default engine.
        only_open: it was asked for gaps and unknowns alone.

    Raises:
        DisagreementError: they differ.
    """
    held = expected[: len(answers)]
    if only_open:
        held = [_open(statuses) for statuses in held]
    if not answers or answers != held:
        wrong = next(
            (i for i, pair in enumerate(zip(answers, held, strict=True)) if pair[0] != pair[1]), 0
        )
        raise DisagreementError(f"{name} gives other statuses than wasm for system {wrong}")


def _open(statuses: Mapping[str, str]) -> dict[str, str]:
    return {rule: status for rule, status in statuses.items() if status in OPEN}


def _from_messages(failures: Iterable[Mapping[str, str]]) -> dict[str, str]:
    pairs = (failure["msg"].partition(" ") for failure in failures)
    return dict(sorted((rule, status) for status, _, rule in pairs))


def _value(output: Path) -> Any:
    return json.loads(output.read_text("utf-8"))["result"][0]["expressions"][0]["value"]
