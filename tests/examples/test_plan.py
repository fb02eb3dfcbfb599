"""The example of a plan shows what its text says."""

from __future__ import annotations

import shutil
from pathlib import Path

from compliance.plan.loading import checked, load_plan
from tests.cli.running import AS_OF, run


def test_the_example_is_read_without_a_problem(root: Path) -> None:
    folder = root / "examples" / "plan"
    plan = checked(load_plan(folder))
    assert plan.problems == ()
    shown = run("poam", "show", folder, *AS_OF).stdout
    assert shown.startswith("3 items: 2 accepted; 1 proposed; 0 closed. 0 overdue.\n")
    assert "CMS 26-031 [low]" in shown


def test_an_update_keeps_what_people_wrote_in_it(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(root / "examples" / "plan", folder)
    before = (folder / "poam.yaml").read_text("utf-8").splitlines()
    result = run("poam", "update", folder, *AS_OF)
    assert result.exit_code == 0, result.output
    after = (folder / "poam.yaml").read_text("utf-8").splitlines()
    assert [one for one in before if one not in after] == ["last_id: POAM-0003"]
