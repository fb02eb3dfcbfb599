"""Measures the engines and the whole command beside `opa eval`, an OPA server and conftest.

    python benchmarks/engines.py --systems 2000 --rules 300

All evaluate the same generated rules over the same generated records, and all must give the same
statuses. For Linux and macOS.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.command import WARM, Command
from benchmarks.measure import ProgramError
from benchmarks.prepare import prepare
from benchmarks.programs import DisagreementError, Figures, Programs, compare, quickest
from benchmarks.tables import figures_table, heading
from benchmarks.versions import versions

_TOOLS = Path(__file__).resolve().parents[1] / ".tools"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 where two programs disagree or one fails."""
    given = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            material = prepare(folder, given.systems, given.rules, given.opa)
            programs = Programs(material, given.opa, given.conftest)
            print(heading(material, versions(given.opa, given.conftest)))
            if "engines" in given.parts:
                print(measure_engines(programs, given.rounds, given.sample))
            if "command" in given.parts:
                print(measure_command(programs, given.rounds))
        except (ProgramError, DisagreementError) as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def measure_engines(programs: Programs, rounds: int, sample: int) -> str:
    """The engines beside the other programs, as a table with ratios.

    Args:
        programs: what to run on what.
        rounds: how often each is run, one after the other.
        sample: systems that get an `opa eval` of their own.

    Raises:
        DisagreementError: two give different statuses.
    """
    found: list[Figures] = []
    _, expected = programs.wasm()  # which fills the compile cache
    for number in range(rounds):
        ways = [programs.wasm, programs.engine, programs.eval_batch]
        if number == 0:
            ways += [lambda: programs.eval_each(sample), programs.server]
        for way in ways:
            figures, answers = way()
            compare(figures.name, answers, expected)
            found.append(figures)
        figures, answers = programs.conftest_test()
        compare(figures.name, answers, expected, only_open=True)
        found.append(figures)
    return figures_table("Engines", quickest(found), "wasm in-process")


def measure_command(programs: Programs, rounds: int) -> str:
    """The whole command beside conftest on documents that are ready, as a table with ratios.

    Args:
        programs: what to run on what.
        rounds: how often each is run, one after the other.

    Raises:
        DisagreementError: they find different gaps.
    """
    command = Command(programs)
    found = [command.cold()]
    for _ in range(rounds):
        found.append(command.warm())
        figures, answers = programs.conftest_test()
        found.append(replace(figures, note="input documents that are ready, to JSON"))
        found.append(command.lines(answers))
    return figures_table("The whole command", quickest(found), WARM) + command.start()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--systems", type=int, default=2000, help="records to check")
    parser.add_argument("--rules", type=int, default=300, help="rules of the policy")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, the quickest counts")
    parser.add_argument(
        "--sample", type=int, default=20, help="systems with a process of their own"
    )
    parser.add_argument("--parts", nargs="+", default=["engines", "command"],
                        choices=["engines", "command"])  # fmt: skip
    parser.add_argument("--folder", type=Path, help="empty folder to keep what is generated")
    parser.add_argument("--opa", type=Path, default=_TOOLS / "opa")
    parser.add_argument("--conftest", type=Path, default=_TOOLS / "conftest")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
