"""What people wrote into the plan survives every update, byte for byte."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compliance.plan.editing import YamlEditor, flow_text
from compliance.plan.loading import PlanError, checked, load_plan
from compliance.plan.standing import state
from tests.plan.world import ACCEPT, replace_in, step, text

DAY = "2026-11-23"
GAPS = {"r/a": "gap", "r/b": "gap", "s/a": "gap"}
KEPT = ("state:", "latest_on:", "latest_basis:", "closed_on:", "upcoming:", "last_id:")
"""Beginnings of lines whose values the program keeps."""

BY_HAND = """\
# Our plan.   Two blanks stay.

last_id: POAM-0004

items:   # newest last

# --- the laboratory ---
- id: 'POAM-0004'   # asked for by the board
  title: "Laboratory: encrypt \\u0022it\\u0022"
  severity: high
  comment: |+
    First line

    # no comment, but text

  state:    proposed      # see minutes
  found_on: 2026-11-01
  cost: { one_time: 40000, federal_share: 0.75,
          funding_source: "IT fund" }   # checked
  covers:
  - {policy: hipaa, rule: r, kind: system, subjects: [a]}
  milestones:
  # from the project plan
  - title: >-
      Buy
      licences
    due_on: 2026-12-15   # firm
  history: []

"""


def kept_lines(before: str, after: str) -> list[str]:
    """Lines of the text before that are not in the text after, in order, but for kept values."""
    lines = iter(after.splitlines())
    missing = []
    for line in before.splitlines():
        if line.strip().startswith(KEPT):
            continue
        if not any(line == other for other in lines):
            missing.append(line)
            lines = iter(after.splitlines())
    return missing


def test_a_plan_written_by_hand_keeps_its_every_line(tmp_path: Path) -> None:
    (tmp_path / "poam.yaml").write_text(BY_HAND)
    plan = step(tmp_path, DAY, GAPS)
    after = text(tmp_path)
    assert [one.id for one in plan.items] == ["POAM-0004", "POAM-0005"]
    assert plan.items[0].records == ("system/a", "system/b")
    changed = ["  - {policy: hipaa, rule: r, kind: system, subjects: [a]}", "  history: []"]
    assert kept_lines(BY_HAND, after) == changed
    assert "subjects: [a, b]}" in after
    assert "\n- id: POAM-0005\n  title: Another rule\n" in after
    plan = step(tmp_path, "2026-12-24", {"r/a": "satisfied", "r/b": "satisfied", "s/a": "gap"})
    assert "  state:    closed      # see minutes\n" in text(tmp_path)
    assert plan.items[0].comment == "First line\n\n# no comment, but text\n\n"
    assert plan.items[0].closed_on == "2026-12-24"


@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_stay(tmp_path: Path, breaks: str, mark: str) -> None:
    (tmp_path / "poam.yaml").write_bytes((mark + BY_HAND.replace("\n", breaks)).encode())
    step(tmp_path, DAY, GAPS)
    after = text(tmp_path)
    assert after.startswith(mark + "# Our plan.")
    assert after.count("\n") == after.count(breaks)
    step(tmp_path, "2026-12-01", {"r/a": "satisfied", "r/b": "satisfied", "s/a": "gap"})
    assert load_plan(tmp_path).items[0].closed_on == "2026-12-01"


@pytest.mark.parametrize(
    "written",
    ["items: []\n", "items:\n", "items: null   # none yet\n", "last_id: POAM-0009\n",
     "items: [{id: POAM-0001, title: T, state: proposed, severity: low, found_on: 2026-01-01,"
     " history: [{date: 2026-01-01, event: proposed}]}]\n"],
)  # fmt: skip
def test_a_first_item_finds_its_place_in_any_form(tmp_path: Path, written: str) -> None:
    (tmp_path / "poam.yaml").write_text(written)
    plan = step(tmp_path, DAY, GAPS)
    assert len(plan.items) == (3 if "POAM-0001" in written else 2)
    after = step(tmp_path, "2026-12-01", {"r/a": "satisfied", "r/b": "satisfied", "s/a": "gap"})
    assert next(one.state for one in after.items if one.covers) == "closed"


def test_new_items_go_before_the_end_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "poam.yaml").write_text(BY_HAND + "...  \n\n")
    plan = step(tmp_path, DAY, GAPS)
    assert [one.id for one in plan.items] == ["POAM-0004", "POAM-0005"]
    assert text(tmp_path).endswith("\n...  \n\n")


def test_a_text_that_cannot_be_changed_in_place_is_left_alone(tmp_path: Path) -> None:
    written = "{}\n"
    (tmp_path / "poam.yaml").write_text(written)
    with pytest.raises(PlanError, match="cannot change in place"):
        step(tmp_path, DAY, GAPS)
    assert text(tmp_path) == written


def test_the_history_of_an_accepted_item_survives(tmp_path: Path) -> None:
    step(tmp_path, DAY, GAPS)
    replace_in(tmp_path, *ACCEPT)
    before = text(tmp_path)
    plan = step(tmp_path, "2026-12-01", {"r/a": "satisfied", "r/b": "gap", "s/a": "satisfied"})
    assert kept_lines(before, text(tmp_path)) == []
    assert "    owner: Database administrator   # asked on Monday\n" in text(tmp_path)
    assert state(plan.items[0], "2026-12-01") == "accepted"


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co")),
    min_size=1, max_size=40,
).map(str.strip).filter(bool)  # fmt: skip
COMMENTS = st.lists(WORDS, max_size=2)


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


@st.composite
def by_people(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Edits as people make them: words in several styles, comments, blank lines."""
    title, owner, comment = draw(WORDS), draw(WORDS), draw(st.lists(WORDS, min_size=1, max_size=3))
    notes = "".join(f"    # {note}\n" for note in draw(COMMENTS))
    style = draw(st.sampled_from(["|", "|+", "|-", ">", ">-"]))
    block = "".join(f"\n      {line}" for line in comment) + "\n"
    blanks = "\n" * draw(st.integers(0, 2))
    return [
        ("    title: A rule\n", f"{notes}    title: {_quoted(title)}   # {draw(WORDS)}\n"),
        ("    owner:\n", f"{blanks}    owner: {_quoted(owner)}\n{notes}"),
        ("    comment:\n", f"    comment: {style}{block}{blanks}"),
        ("    history:\n", f"    history:   # {draw(WORDS)}\n{notes}"),
    ]


@given(
    edits=by_people(),
    days=st.lists(
        st.fixed_dictionaries(
            {key: st.sampled_from(["gap", "satisfied", "unknown"]) for key in ("r/a", "r/b", "s/a")}
        ),
        min_size=1, max_size=4,
    ),
)  # fmt: skip
def test_nothing_a_person_wrote_is_lost(
    edits: list[tuple[str, str]], days: list[dict[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        step(folder, DAY, GAPS)
        replace_in(folder, *edits)
        first = checked(load_plan(folder)).items[0]
        for number, statuses in enumerate(days, 1):
            before = text(folder)
            items = step(folder, f"2026-12-{number:02}", statuses).items
            assert kept_lines(before, text(folder)) == []
            mine = (items[0].title, items[0].owner, items[0].comment)
            assert mine == (first.title, first.owner, first.comment)


def edited(written: str, key: str, value: object) -> str:
    editor = YamlEditor(written)
    editor.set((), key, value, "a")
    return editor.result()


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("a: 1\nb: old # note\n", "a: 1\nb: new # note\n"),
        ("a: 1\nb:\n", "a: 1\nb: new\n"),
        ("a: 1\nb:   # note\n", "a: 1\nb: new   # note\n"),
        ("a: 1 # note\nc: 2\n", "a: 1 # note\nb: new\nc: 2\n"),
        ("a: 1", "a: 1\nb: new"),
        ("{a: 1, b: }\n", "{a: 1, b: new}\n"),
        ("{a: 1, c: 2}\n", "{a: 1, b: new, c: 2}\n"),
        ("a: |\n  x\n\nc: 2\n", "a: |\n  x\nb: new\n\nc: 2\n"),
    ],
)
def test_a_value_is_set_in_place(written: str, after: str) -> None:
    assert edited(written, "b", "new") == after
    assert yaml.safe_load(after)["b"] == "new"


def test_a_value_is_taken_away_in_place() -> None:
    assert edited("a: 1\nb: old # note\n", "b", None) == "a: 1\nb: # note\n"


@pytest.mark.parametrize("written", ["a: 1\n", "a: 1\nb:\n", "a: 1\nb: []\n", "a: 1\nb: [z]\n",
                                     "a: 1\nb:\n- z\n", "a: 1\nb:\n    # note\n    - z\nc: 2\n",
                                     "{a: 1}\n", "{a: 1, b: [z]}\n", "{a: 1, b: }\n"])  # fmt: skip
def test_members_go_to_either_end_of_a_list(written: str) -> None:
    old = ["z"] if "z" in written else []
    for method, expected in (("first_in", ["y", "x", *old]), ("last_in", [*old, "x", "y"])):
        editor = YamlEditor(written)
        getattr(editor, method)((), "b", ["x", "y"], "a")
        after = editor.result()
        assert yaml.safe_load(after)["b"] == expected, after
        assert "# note" not in written or "# note" in after


def test_a_value_in_one_line_leaves_out_what_says_nothing() -> None:
    value = {"date": "2026-11-23", "by": None, "because": "a, b: [c]", "subjects": ["x/1", "y/2"]}
    written = flow_text(value)
    assert "by" not in written.replace("because", "")
    said = yaml.safe_load(written)
    assert {**said, "date": str(said["date"])} == {k: v for k, v in value.items() if v}
