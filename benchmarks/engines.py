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
from pathlib import Path

from benchmarks.command import Command
from benchmarks.measure import ProgramError
from benchmarks.prepare import prepare
from benchmarks.programs import DisagreementError, Figures, Programs, compare
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
            programs = Programs(material, given.opa, given.conftest, given.repeat)
            print(heading(material, versions(given.opa, given.conftest)))
            if "engines" in given.parts:
                print(measure_engines(programs, given.sample))
            if "command" in given.parts:
                print(measure_command(programs))
        except (ProgramError, DisagreementError) as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def measure_engines(programs: Programs, sample: int) -> str:
    """The engines beside the other programs, as a table with ratios.

    Args:
        programs: what to run on what.
        sample: systems that get an `opa eval` of their own.

    Raises:
        DisagreementError: two give different statuses.
    """
    whole, alone, expected = programs.wasm()
    found: list[Figures] = [whole, alone]
    for figures, answers in (
        programs.eval_batch(),
        programs.eval_each(sample),
        programs.server(),
    ):
        compare(figures.name, answers, expected)
        found.append(figures)
    figures, answers = programs.conftest_test()
    compare(figures.name, answers, expected, only_open=True)
    return figures_table("Engines", [*found, figures], whole)


def measure_command(programs: Programs) -> str:
    """The whole command beside conftest on documents that are ready, as a table with ratios.

    Raises:
        DisagreementError: they find different gaps.
    """
    command = Command(programs)
    found = command.measure()
    return figures_table("The whole command", found, found[1]) + command.start()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--systems", type=int, default=2000, help="records to check")
    parser.add_argument("--rules", type=int, default=300, help="rules of the policy")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each, the quickest counts")
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
