"""The programs that evaluate the same rules over the same documents, and what they answer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.measure import Run, run
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
    run: Run
    note: str = ""

    @property
    def each(self) -> float:
        """Milliseconds a system."""
        return self.run.seconds / self.systems * 1000


Answered = tuple[Figures, Statuses]


@dataclass(frozen=True, slots=True)
class Programs:
    """Runs each program once on some material."""

    material: Material
    opa: Path
    conftest: Path

    def wasm(self) -> Answered:
        """The default engine in a process of its own, as `compliance check` starts it."""
        one, answers, _ = self._worker("wasm")
        return self._figures("wasm in-process", one, "whole process, compiled code cached"), answers

    def engine(self) -> Answered:
        """The same without what the process takes to start: the calls of the engine."""
        _, answers, alone = self._worker("wasm")
        note = "the calls alone: encode, evaluate, decode"
        return self._figures("  of it the engine", alone, note), answers

    def server(self) -> Answered:
        """The OPA server, asked in batches by the product's second engine."""
        one, answers, alone = self._worker("opa")
        both = replace(one, peak=alone.peak)
        note = "started, asked in batches of 100, stopped; memory of both ends"
        return self._figures("OPA server", both, note), answers

    def eval_batch(self) -> Answered:
        """`opa eval` once, with all documents in one input."""
        output = self.material.folder / "eval.json"
        one = run(self._eval(self.material.batch, "batch"), output)
        answers = [statuses for _, statuses in _value(output)]
        return self._figures("opa eval", one, "one process, all documents"), answers

    def eval_each(self, sample: int) -> Answered:
        """`opa eval` a process a system, for the first few systems."""
        output = self.material.folder / "eval.json"
        answers, runs = [], []
        for file in sorted(self.material.files.iterdir())[:sample]:
            runs.append(run(self._eval(file, "results"), output))
            answers.append(_value(output))
        whole = Run(
            sum(one.seconds for one in runs),
            sum(one.cpu_seconds for one in runs),
            max(one.peak for one in runs),
        )
        note = f"one process a system, first {len(answers)} systems"
        return Figures("opa eval each", len(answers), whole, note), answers

    def conftest_test(self) -> Answered:
        """`conftest test` once, with a file for each document; gaps and unknowns alone."""
        output = self.material.folder / "conftest.json"
        command: list[str | Path] = [self.conftest, "test", "--output", "json"]
        command += ["--policy", self.material.rego, self.material.files]
        one = run(command, output, statuses=(0, 1))
        results = sorted(json.loads(output.read_text("utf-8")), key=lambda one: one["filename"])
        answers = [_from_messages(one.get("failures", ())) for one in results]
        return self._figures("conftest test", one, "one process, a file a system"), answers

    def _worker(self, engine: str) -> tuple[Run, Statuses, Run]:
        output = self.material.folder / f"{engine}.jsonl"
        command = [sys.executable, "-m", "benchmarks.worker", engine]
        command += [str(self.material.registry), VERSION, str(self.material.documents)]
        one = run(command, output, environment=environment(self.material, self.opa))
        *lines, last = output.read_text("utf-8").splitlines()
        return one, [json.loads(line) for line in lines], Run(**json.loads(last))

    def _eval(self, given: Path, entry: str) -> list[str | Path]:
        query = f"data.compliance.{POLICY}.{entry}"
        bundle = self.material.bundle_file
        return [self.opa, "eval", "--bundle", bundle, "--input", given, query]

    def _figures(self, name: str, one: Run, note: str) -> Figures:
        return Figures(name, self.material.systems, one, note)


def quickest(found: Sequence[Figures]) -> list[Figures]:
    """The quickest run of each program, in the order in which they come first.

    Whatever else a machine does makes a run slower, never quicker.
    """
    kept: dict[str, Figures] = {}
    for one in found:
        if one.name not in kept or one.run.seconds < kept[one.name].run.seconds:
            kept[one.name] = one
    return list(kept.values())


def environment(material: Material, opa: Path) -> dict[str, str]:
    """The environment of the product's own programs: folders of their own, and the repository."""
    return {
        **os.environ,
        "COMPLIANCE_CACHE": str(material.folder / "cache"),
        "XDG_STATE_HOME": str(material.folder / "state"),
        "COMPLIANCE_OPA": str(opa),
        "PYTHONPATH": str(Path(__file__).parents[1]),
        # Python's own compiled files, as an installed program has them.
        "PYTHONPYCACHEPREFIX": str(material.folder / "python"),
        "PYTHONDONTWRITEBYTECODE": "",
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
