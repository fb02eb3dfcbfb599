"""The linter: a small policy it accepts, and a folder for each thing it refuses.

A negative folder holds the files that differ from ``lint/base`` and ``expected.txt``: the problems
the linter must tell, one a line, with file, line and column. A positive folder holds what comes
close to being refused and is not.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from compliance.inventory.problems import Problem
from compliance.policy.lint import lint
from compliance.policy.loader import load_policy
from tests.policy.conditions_at_hand import KINDS

HERE = Path(__file__).parent / "lint"
BASE = HERE / "base"
NEGATIVE = sorted(path for path in (HERE / "negative").iterdir() if path.is_dir())
POSITIVE = sorted(path for path in (HERE / "positive").iterdir() if path.is_dir())
EXPECTED = "expected.txt"


def policy_folder(tmp_path: Path, changed: Path | None = None) -> Path:
    folder = tmp_path / "policy"
    shutil.copytree(BASE, folder)
    if changed is not None:
        shutil.copytree(changed, folder, dirs_exist_ok=True)
        (folder / EXPECTED).unlink(missing_ok=True)
    return folder


def told(problems: tuple[Problem, ...], folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in problems]


def test_the_base_has_no_problem(tmp_path: Path, opa: Path) -> None:
    loaded = load_policy(policy_folder(tmp_path), KINDS)
    assert lint(loaded, opa) == ()
    assert loaded.policy is not None


@pytest.mark.parametrize("case", POSITIVE, ids=lambda path: path.name)
def test_accepted(case: Path, tmp_path: Path) -> None:
    loaded = load_policy(policy_folder(tmp_path, case), KINDS)
    assert told(lint(loaded), loaded.folder) == []


@pytest.mark.parametrize("case", NEGATIVE, ids=lambda path: path.name)
def test_refused(case: Path, tmp_path: Path) -> None:
    folder = policy_folder(tmp_path, case)
    expected = (case / EXPECTED).read_text(encoding="utf-8").splitlines()
    assert expected
    assert told(lint(load_policy(folder, KINDS)), folder) == expected


def test_a_folder_without_a_policy(tmp_path: Path) -> None:
    (problem,) = load_policy(tmp_path, KINDS).problems
    assert str(problem).endswith(
        "no folder with a policy. Expected: a folder that holds policy.yaml."
    )
    (problem,) = load_policy(tmp_path / "missing", KINDS).problems
    assert "there is no such folder" in problem.message


def test_a_policy_with_problems_has_no_model(tmp_path: Path) -> None:
    folder = policy_folder(tmp_path, HERE / "negative" / "fact-not-in-schema")
    assert load_policy(folder, KINDS).policy is None


def test_opa_judges_patterns_too(tmp_path: Path, opa: Path) -> None:
    folder = policy_folder(tmp_path)
    rules = folder / "rules" / "access.yaml"
    pattern = "{system.name: {matches: '(a{500}){500}'}}"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("{system.mfa: true}", pattern), encoding="utf-8")
    (problem,) = told(lint(load_policy(folder, KINDS), opa), folder)
    assert problem.startswith(
        "rules/access.yaml:10:37: rules[0].expect.system.name.matches: RE2 does"
    )


REGO = """\
package compliance.sample.rules.vendor_agreements

expect_true if input.system.mfa

expect_false if {
	not input.system.mfa
	missing_function(input.system.id)
}

missing_function(id) if lower(id)+1 == 2
"""


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (REGO, "rules/agreements.rego:10:", "OPA: plus: invalid argument"),
        (
            REGO.replace("(id) if lower(id)+1 == 2", '(id) if { x := "a" }'),
            ":",
            "assigned var x unused",
        ),
        (
            REGO.replace("lower(id)+1 == 2", "lower(id)  == id"),
            "rules/agreements.rego: ",
            "opa fmt",
        ),
        (REGO.replace("if input.system.mfa\n", "if {"), "rules/agreements.rego:", "OPA: "),
    ],
)
def test_what_opa_says_stands_in_the_author_s_file(
    text: str, where: str, says: str, tmp_path: Path, opa: Path
) -> None:
    folder = policy_folder(tmp_path)
    (folder / "rules" / "agreements.rego").write_text(text, encoding="utf-8")
    problems = told(lint(load_policy(folder, KINDS), opa), folder)
    assert problems
    assert any(problem.startswith(where) or where in problem for problem in problems)
    assert any(says in problem for problem in problems)
