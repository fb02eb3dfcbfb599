"""Formatting keeps values and comments, and changes nothing the second time."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import resources
from compliance.inventory.kinds import load_kinds
from compliance.inventory.reader import read_bytes
from compliance.inventory.writing.formatting import Formatted, format_bytes, format_file
from tests.inventory.generated import RecordMaker
from tests.inventory.small import AS_OF, KINDS

SHIPPED = load_kinds(resources.schemas() / "inventory")
COMMENT = re.compile(r"#[a-z0-9:'\" -]*\bc[0-9]+")


def formatted(text: str) -> Formatted:
    return format_bytes(text.encode(), "a.yaml", KINDS, AS_OF)


def text_of(text: str) -> str:
    """The new text of a file that is right; a second time changes nothing."""
    found = formatted(text)
    assert found.text is not None, found.problems
    again = formatted(found.text)
    assert again.text == found.text
    assert not again.changed
    return found.text


def read(text: str) -> Any:
    reading = read_bytes(text.encode(), "a.yaml")
    return reading.source.value if reading.source and not reading.problems else None


def content(rng: random.Random) -> dict[str, Any]:
    """The content of a file, right or with wrong values, collections and records in any order."""
    maker = RecordMaker(KINDS, rng, wrong=0.0)
    found: dict[str, Any] = {}
    for kind in rng.sample(list(KINDS.by_name.values()), len(KINDS.by_name)):
        if kind.name == "agency":
            found["agency"] = maker.record(kind, "health")
        elif not kind.read_only:
            ids = rng.sample(["c", "a", "b", "d"], rng.randint(0, 3))
            found[kind.collection] = [maker.record(kind, name) for name in ids]
    if isinstance(found["agency"].get("name"), str):
        found["agency"]["name"] = rng.choice(
            ["one\ntwo # no comment\n", "one\n\n  two", "a # b " * 30, "it's # x", "long " * 30]
        )
    return found


def dumped(value: Any, rng: random.Random) -> str:
    """YAML text in one of many layouts."""
    text: str = yaml.dump(
        value,
        Dumper=rng.choice([yaml.SafeDumper, _Indented]),
        default_flow_style=rng.choice([None, False, False, True]),
        width=rng.choice([20, 80, 1000]),
        indent=rng.choice([2, 4]),
        sort_keys=False,
        allow_unicode=True,
        explicit_start=rng.random() < 0.2,
    )
    return text


class _Indented(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def commented(text: str, rng: random.Random) -> tuple[str, list[str]]:
    """A text with comments put in wherever they change no value, and those comments."""
    value = read(text)
    lines = text.split("\n")
    comments = []
    for number in range(rng.randint(1, 25)):
        comment = "#" + rng.choice(["", " ", "  a: b ", " - ", " 'x ", ' "', " # "]) + f"c{number}"
        at = rng.randrange(len(lines))
        tried = list(lines)
        if rng.random() < 0.5:
            tried.insert(at, " " * rng.choice([0, 0, 2, 4, 6, 7, 12]) + comment)
            if rng.random() < 0.3:
                tried.insert(at + rng.randint(0, 1), " " * rng.randint(0, 3))
        elif "#" not in tried[at] and tried[at]:
            tried[at] += " " * rng.randint(1, 3) + comment
        else:
            continue
        if json.dumps(read("\n".join(tried))) == json.dumps(value):
            lines = tried
            comments.append(comment)
    return "\n".join(lines), sorted(comments)


def settled(value: dict[str, Any]) -> Any:
    return {
        key: inner
        if key == "agency"
        else sorted(json.dumps(record, sort_keys=True) for record in inner)
        for key, inner in value.items()
    }


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_no_comment_is_lost_and_no_value_changed(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    text = dumped(content(rng), rng)
    text, comments = commented(text_of(text) if rng.random() < 0.3 else text, rng)
    found = text_of(text)
    assert settled(read(found)) == settled(read(text))
    lines = [line.strip() for line in found.splitlines()]
    kept = [next(c for c in sorted(comments, key=len) if line.endswith(c)) for line in lines
            if any(line.endswith(comment) for comment in comments)]  # fmt: skip
    assert len(kept) == len(comments)
    for comment in comments:
        assert sum(line.endswith(comment) for line in lines) >= 1


@pytest.mark.parametrize("example", ["health-agency", "minimal", "coverage"])
def test_every_example_is_formatted_once_and_for_all(example: str, root: Path) -> None:
    files = [path for path in (root / "examples" / example).glob("**/*.yaml")
             if path.name != "compliance.yaml"]  # fmt: skip
    assert files
    for path in files:
        found = format_file(path, SHIPPED, AS_OF)
        assert found.text, found.problems
        again = format_bytes(found.text.encode(), "a.yaml", SHIPPED, AS_OF)
        assert again.text == found.text
        hashes = path.read_text(encoding="utf-8").count("#")
        assert found.text.count("#") == hashes


BEFORE = """\
# About the file

# Systems we run
systems:   # all of them

  - id: b     # second
    # says who
    name: B
    # nobody knows the rest of b
  # about a
  - # also about a
    id: a
    mfa:
      true   # since May
             # for all
    # a ends
  # no more systems

agency: {id: health, # short
  name: Health}   # closes
# the end
"""
AFTER = """\
# About the file

agency:  # closes
  id: health  # short
  name: Health

# Systems we run
systems:  # all of them
  # about a
  # also about a
  - id: a
    # since May
    # for all
    mfa: true
    # a ends

  - id: b  # second
    # says who
    name: B
    # nobody knows the rest of b
  # no more systems
# the end
"""


def test_comments_move_with_what_they_are_about() -> None:
    assert text_of(BEFORE) == AFTER


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("agency: {id: a} # x", "agency:  # x\n  id: a\n"),
        ("# x\nagency: {id: a}", "# x\nagency:\n  id: a\n"),
        ("# x\n\n\n\nagency: {id: a}", "# x\n\nagency:\n  id: a\n"),
        ("--- # x\nagency:\n  id: a\n...\n# y", "# x\nagency:\n  id: a\n# y\n"),
        ("%YAML 1.2 # x\n---\nagency:\n  id: a", "# x\nagency:\n  id: a\n"),
        ("systems: [ # x\n]", "systems: []  # x\n"),
        ("systems:\n  [ \n # x\n]", "# x\nsystems: []\n"),
        ("systems: # x\n", "systems: null  # x\n"),
        ("systems: # x\n  [] # y\n", "# x\nsystems: []  # y\n"),
        ("\ufeffagency:\r\n  id: a # x\r\n", "agency:\n  id: a  # x\n"),
        ("agency:\n  id: a\n  name: | # x\n    y\n    z\n",
         "agency:\n  id: a\n  name: |  # x\n    y\n    z\n"),
        ("? agency # x\n: # y\n  id: a\n", "# x\nagency:  # y\n  id: a\n"),
        ("agency:\n  id: a\n  roles: [covered_entity, # x\n    business_associate]\n",
         "agency:\n  id: a\n  roles:\n    - covered_entity  # x\n    - business_associate\n"),
        ("# yaml-language-server: $schema=x\n# y\nsystems: []\nagency: {id: a}",
         "# yaml-language-server: $schema=x\n\nagency:\n  id: a\n\n# y\nsystems: []\n"),
        ("{}", "{}\n"),
        ("# x\n{} # y\n# z", "# x\n# y\n# z\n\n{}\n"),
    ],
)  # fmt: skip
def test_comments_in_odd_places(before: str, after: str) -> None:
    assert text_of(before) == after


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agency: {id: a, id: b}", "a.yaml:1:17: the key id stands twice"),
        ("agency: {id: a, nam: b}", "a.yaml:1:17: agency/a nam: there is no fact nam"),
        ("agencies: []", "a.yaml:1:1: agencies: the key agencies names no kind of record"),
        ("systems: [{id: a}, {id: a}]", "the id a stands twice"),
        ("a: [", "a.yaml:1:5: "),
        ("", "the file is empty"),
        ("- 1", "makes up the whole file"),
    ],
)
def test_a_file_with_errors_is_refused_with_their_place(text: str, said: str) -> None:
    found = formatted(text)
    assert found.text is None
    assert said in "\n".join(map(str, found.problems))


def test_wrong_values_and_links_that_lead_nowhere_are_no_hindrance() -> None:
    text = "systems:\n  - id: a\n    name: 7\n    vendors: [gone]\n    mfa: maybe\n"
    assert settled(read(text_of(text))) == settled(read(text))


def test_json_takes_the_same_order() -> None:
    value = {"systems": [{"id": "b"}, {"name": "é", "id": "a"}], "agency": {"id": "x"}}
    found = format_bytes(json.dumps(value).encode(), "a.json", KINDS, AS_OF, json_=True)
    assert found.changed
    assert found.text == (
        '{\n  "agency": {\n    "id": "x"\n  },\n  "systems": [\n    {\n      "id": "a",\n'
        '      "name": "é"\n    },\n    {\n      "id": "b"\n    }\n  ]\n}\n'
    )
    again = format_bytes(found.text.encode(), "a.json", KINDS, AS_OF, json_=True)
    assert not again.changed


def test_line_ends_alone_are_no_change() -> None:
    assert not formatted("agency:\r\n  id: a\r\n").changed
