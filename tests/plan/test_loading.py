"""Reading the plan and the findings from outside, and telling what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import resources
from compliance.inventory import files
from compliance.inventory.problems import NOTE
from compliance.plan.loading import PlanError, checked, load_plan, plan_folder
from compliance.plan.model import FILE_NAME, FOLDER
from compliance.policy.source import Place
from compliance.policy.validation import schema_problems
from tests.plan.world import step, text

ITEM = """items:
  - id: POAM-0001
    title: T
    state: proposed
    severity: low
    found_on: 2026-01-01
"""
FINDING = """findings:
  - {source: IRS, number: 2026-07, title: T, severity: high, reported_on: 2026-08-14}
"""
SCHEMAS = ("poam", "outside-findings")


def told(folder: Path) -> list[str]:
    place = f"{folder.as_posix()}/"
    return [str(problem).removeprefix(place) for problem in load_plan(folder).problems]


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (resources.schemas() / f"{name}.schema.json").read_text("utf-8")
    )
    return found


def properties(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        for name, inner in part.get("properties", {}).items():
            yield f"{path}.{name}", inner
        for key, inner in part.items():
            yield from properties(inner, f"{path}.{key}")
    elif isinstance(part, list):
        for inner in part:
            yield from properties(inner, path)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_of_the_schemas_has_a_title_and_a_description(name: str) -> None:
    loaded = schema(name)
    jsonschema.Draft202012Validator.check_schema(loaded)
    assert [path for path, part in properties(loaded) if "title" not in part] == []
    assert [path for path, part in properties(loaded) if "description" not in part] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_examples_of_the_schemas_keep_to_them(name: str) -> None:
    loaded = schema(name)
    count = 0
    for path, part in properties(loaded):
        for example in part.get("examples", ()):
            one = {**part, "$defs": loaded["$defs"]}
            assert list(jsonschema.Draft202012Validator(one).iter_errors(example)) == [], path
            count += 1
    assert count > 3


def test_the_names_are_those_that_an_inventory_passes_over() -> None:
    assert {FILE_NAME, FOLDER} == files.PLAN


def test_nothing_beside_the_inventory_is_an_empty_plan(tmp_path: Path) -> None:
    plan = checked(load_plan(tmp_path))
    assert plan.empty
    assert plan.next_id() == "POAM-0001"
    assert load_plan(tmp_path / "nowhere").empty


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("itmes: []\n", "poam.yaml:1:1: itmes: there is no key `itmes` here"),
        ("items: 5\n", "poam.yaml:1:8: items: 5 stands here. Expected: a list or null"),
        ("items: [5]\n", "poam.yaml:1:9: items[0]: 5 stands here. Expected: a mapping"),
        ("- 5\n", "poam.yaml:1:1: a list stands here. Expected: a mapping"),
        (ITEM.replace("0001", "1"), "poam.yaml:2:9: items[0].id: 'POAM-1' does not fit"),
        (ITEM.replace("low", "grave"), "'grave' is not known here. Expected: one of critical"),
        (ITEM.replace("01-01", "13-01"), "poam.yaml:6:15: items[0].found_on: '2026-13-01'"),
        (ITEM + "    due_on: soon\n", "poam.yaml:7:13: items[0].due_on: 'soon' does not fit"),
        (ITEM + "    ownr: x\n", "Did you mean owner?"),
        (ITEM + "    title: again\n", "the key title stands twice"),
        (ITEM + "    cost: {one_time: -5}\n", "poam.yaml:7:22: items[0].cost.one_time: -5 "),
        (ITEM + "    cost: {one: 5}\n", "items[0].cost.one: there is no key `one` here"),
        (
            ITEM + "    cost: 5\n",
            "poam.yaml:7:11: items[0].cost: 5 stands here. Expected: a mapping",
        ),
        (ITEM + "    milestones: [{due_on: 2026-01-01}]\n", "poam.yaml:7:18: items[0].milestones"),
        (ITEM + ITEM.removeprefix("items:\n"), "the id POAM-0001 stands twice (first at"),
        (ITEM + "    outside: [IRS 1]\n", "poam.yaml:7:15: items[0].outside[0]: there is no"),
        (ITEM + "    covers: [{policy: p, rule: r, kind: k, subjects: []}]\n", "nothing stands"),
        (ITEM + "    comment: 078-05-1120\n", "the value looks like a social security number"),
        (ITEM.replace("T\n", "&a T\n"), "anchor"),
        ("", "the file is empty"),
        ("\0", "binary"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / "poam.yaml").write_text(written)
    problems = told(tmp_path)
    assert any(says in problem for problem in problems), problems
    with pytest.raises(PlanError):
        checked(load_plan(tmp_path))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("findings: {}\n", "findings/a.yaml:1:11: findings: a mapping stands here"),
        ("items: []\n", "`findings` is missing"),
        (FINDING.replace("IRS", "FBI"), "'FBI' is not known here. Expected: one of OCR, IRS"),
        (FINDING.replace("source: IRS", "source: other"), "`source_name` is missing"),
        (FINDING + FINDING.removeprefix("findings:\n"), "the finding IRS 2026-07 stands twice"),
        (FINDING.replace("number: 2026-07, ", ""), "`number` is missing"),
    ],
)
def test_what_is_wrong_with_findings_is_told(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "a.yaml").write_text(written)
    problems = told(tmp_path)
    assert any(says in problem for problem in problems), problems


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "findings").mkdir()
    for name in ("a.yaml", "b.json"):
        (tmp_path / "findings" / name).write_text("findings: 5\n" if name == "a.yaml" else "[]")
    (tmp_path / "poam.yaml").write_text(ITEM.replace("low", "grave").replace("T\n", "[]\n"))
    assert len(told(tmp_path)) >= 4


def test_a_finding_stands_in_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "findings").mkdir()
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / "findings" / name).write_text(FINDING)
    [problem] = told(tmp_path)
    assert problem.startswith("findings/b.yaml:2:27: findings[0].number: the finding IRS 2026-07")


def test_an_allowed_text_may_look_like_personal_data(tmp_path: Path) -> None:
    (tmp_path / "poam.yaml").write_text(ITEM + "    comment: 078-05-1120\n")
    assert load_plan(tmp_path).errors
    assert not load_plan(tmp_path, ["plan_item.comment"]).errors


def test_an_item_that_says_accepted_and_lacks_something_is_noted(tmp_path: Path) -> None:
    written = ITEM.replace("proposed", "accepted") + "    owner: Clerk\n"
    (tmp_path / "poam.yaml").write_text(written)
    [note] = load_plan(tmp_path).problems
    assert note.kind == NOTE
    assert "lacks accepted_by, accepted_on, due_on, milestones, so it does not count" in str(note)


def test_two_plans_for_one_inventory_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "poam.yaml").write_text(ITEM)
    with pytest.raises(PlanError, match="second plan"):
        plan_folder([tmp_path / "a", tmp_path / "b"])
    assert plan_folder([tmp_path / "a", tmp_path / "a" / "x.yaml"]) == tmp_path / "a"
    assert plan_folder([tmp_path]) == tmp_path


def test_what_the_program_writes_keeps_to_the_schema(tmp_path: Path) -> None:
    step(tmp_path, "2026-11-23", {"r/a": "gap", "s@2027-01-01/a": "upcoming"})
    assert told(tmp_path) == []
    assert text(tmp_path).isascii()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["items", "findings", "id", "title", "covers", "history", "cost", "x"]),
        inner,
    ),
    max_leaves=12,
)  # fmt: skip


@given(value=ANYTHING, name=st.sampled_from(SCHEMAS))
def test_no_value_breaks_the_wording_of_problems(value: Any, name: str) -> None:
    for problem in schema_problems(value, name, Place()):
        assert problem.message
