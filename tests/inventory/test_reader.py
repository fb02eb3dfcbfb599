"""What the reader yields for files that are right, and where everything stands in them."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from compliance.inventory import yaml_reader
from compliance.inventory.reader import ReadError, read, read_bytes, read_file
from compliance.inventory.source import SourceFile, dotted, size

Step = str | int
Where = tuple[Step, ...]

CLEAN = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\ufeff")
WORDS = st.sampled_from([
    "no", "yes", "on", "off", "null", "~", "true", "0o17", "0x1F", "1_000", "1:30", "2026-01-01",
    "", " ", "- a", "a: b", "#x", "a #b", "'", '"', "&a", "*a", "!t", "%x", "@", "|", ">", "=",
    "<<", "1e3", ".5", "-", "---", "...", "a\nb", "\ta", "a\n\nb\n", "\n", "é", "😀", "[", "{",
    "?", "a\\nb",
])  # fmt: skip
TEXTS = st.one_of(WORDS, st.text(CLEAN, max_size=20), st.text("ab \n\t", max_size=12))
WHOLE = st.integers(-(2**53), 2**53)
SCALARS = st.one_of(
    TEXTS, WHOLE, st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)
FILES = st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4)


class Dumper(yaml.SafeDumper):
    """Writes texts in a given style, none of which YAML 1.2 reads as something else."""

    styles: Iterator[str]

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    style = next(dumper.styles)
    if style == "" and not (text[:1].isalpha() and text.lower() not in ("true", "false", "null")):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style or None)


Dumper.add_representer(str, _text)


def dump(value: Any, styles: list[str], **how: Any) -> str:
    Dumper.styles = itertools.cycle(styles)
    return str(yaml.dump(value, Dumper=Dumper, sort_keys=False, **how))


def source_of(text: str, *, json: bool = False) -> SourceFile:
    reading = read_bytes(text.encode(), "a.yaml", json=json)
    assert reading.problems == ()
    assert reading.source is not None
    return reading.source


def same(left: Any, right: Any) -> bool:
    """Equality that tells 1 from 1.0 and from true."""
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and list(left) == list(right)
            and all(same(left[key], right[key]) for key in left)
        )
    if isinstance(left, list):
        return (
            isinstance(right, list)
            and len(left) == len(right)
            and all(same(*pair) for pair in zip(left, right, strict=True))
        )
    return type(left) is type(right) and bool(left == right)


def walk(value: Any, path: Where = ()) -> Iterator[tuple[Where, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, child in value.items():
            yield from walk(child, (*path, key))
    if isinstance(value, list):
        for index, child in enumerate(value):
            yield from walk(child, (*path, index))


def marks(node: yaml.Node, path: Where = ()) -> Iterator[tuple[Where, bool, tuple[int, int]]]:
    """Place of every key and value by the node tree of the parser written in Python."""
    yield path, False, (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            below = (*path, key.value)
            yield below, True, (key.start_mark.line + 1, key.start_mark.column + 1)
            yield from marks(child, below)
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from marks(child, (*path, index))


def faithful(node: yaml.Node, value: Any) -> bool:
    """Whether the texts were written rightly: some are broken by the emitter at narrow widths."""
    if isinstance(value, dict):
        parts = zip(node.value, value.items(), strict=True)
        return all(
            faithful(key, name) and faithful(child, inner) for (key, child), (name, inner) in parts
        )
    if isinstance(value, list):
        return all(faithful(*pair) for pair in zip(node.value, value, strict=True))
    return not isinstance(value, str) or bool(node.value == value)


@given(
    value=FILES,
    styles=st.lists(st.sampled_from(["", "'", '"', "|", ">"]), min_size=1, max_size=5),
    flow=st.sampled_from([True, False, None]),
    plain=st.booleans(),
    width=st.sampled_from([10, 80, 10_000]),
    line_break=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_yaml_is_read_back_as_it_was_written(
    value: Any, styles: list[str], flow: bool | None, plain: bool, width: int, line_break: str
) -> None:
    text = dump(
        value, styles, default_flow_style=flow, allow_unicode=plain, width=width,
        line_break=line_break,
    )  # fmt: skip
    root = yaml.compose(text, yaml.SafeLoader)
    assert root is not None
    assume(faithful(root, value))
    source = source_of(text)
    assert same(source.value, value)
    expected = {(path, key): mark for path, key, mark in marks(root)}
    for (path, key), (line, column) in expected.items():
        position = source.position(path, key=key)
        assert (position.line, position.column) == (line, column), (path, key, text)


@given(value=FILES, indent=st.sampled_from([None, 0, 2]), escaped=st.booleans())
def test_json_is_read_back_as_it_was_written(value: Any, indent: int | None, escaped: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    source = source_of(text, json=True)
    assert same(source.value, value)
    lines = text.split("\n")
    for path, found in walk(value):
        position = source.position(path)
        assert position.line is not None
        assert position.column is not None
        rest = "\n".join([lines[position.line - 1][position.column - 1 :], *lines[position.line :]])
        assert same(json.JSONDecoder().raw_decode(rest)[0], found)
        if path and isinstance(path[-1], str):
            key = source.position(path, key=True)
            assert key.line is not None
            assert key.column is not None
            rest = lines[key.line - 1][key.column - 1 :]
            assert json.JSONDecoder().raw_decode(rest)[0] == path[-1]


@given(value=FILES, styles=st.lists(st.sampled_from(["", "'", '"', "|"]), min_size=1, max_size=3))
def test_both_yaml_parsers_read_the_same(value: Any, styles: list[str]) -> None:
    text = dump(value, styles, allow_unicode=True)
    fast = source_of(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", False)
        slow = source_of(text)
    assert same(fast.value, slow.value)
    for path, _ in walk(value):
        assert fast.position(path) == slow.position(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"), ("No", "No"),
        ("true", True), ("True", True), ("TRUE", True), ("tRUE", "tRUE"), ("false", False),
        ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None), ("nULL", "nULL"),
        ("0", 0), ("-0", 0), ("+12", 12), ("017", 17), ("0o17", 15), ("0x1f", 31), ("0x1F", 31),
        ("0b101", "0b101"), ("1_000", "1_000"), ("1:30:00", "1:30:00"), ("0o8", "0o8"),
        ("-0o17", "-0o17"), ("1.5", 1.5), ("1.", 1.0), (".5", 0.5), ("-.5e1", -5.0), ("1e3", 1e3),
        ("1E-3", 1e-3), ("1.2.3", "1.2.3"), ("-", None), ("+", "+"), (".", "."), ("e3", "e3"),
        ("2026-01-01", "2026-01-01"), ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("=", "="), ("<<", "<<"), ("'1'", "1"), ('"true"', "true"), ("9007199254740992", 2**53),
        ("-9007199254740992", -(2**53)), ("inf", "inf"), ("nan", "nan"), ("１２", "１２"),  # noqa: RUF001
        ('"\\u00e9"', "é"), ('"\\U0001F600"', "😀"), ('"a\\tb\\n"', "a\tb\n"), ("1.5 GB", "1.5 GB"),
    ],
)  # fmt: skip
def test_scalars_follow_yaml_1_2(text: str, value: Any) -> None:
    if text == "-":
        assert same(source_of("a:\n -\n").value, {"a": [value]})
    else:
        assert same(source_of(f"a: {text}\n").value, {"a": value})
        assert text == "" or same(source_of(f"[{text}]").value, [value])


POSITIONS = """\
agency: {id: a, 'two words': [1, "x",
    y]}
systems:
- id: s
  text: |
    one
    two
  folded: >-
    three
  plain: four
    five
  none:
  "quoted key": 'single'
  list:
  - - nested
    - é😀: after
  ? odd
  : value
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("agency",), (1, 1), (1, 9)),
        (("agency", "id"), (1, 10), (1, 14)),
        (("agency", "two words"), (1, 17), (1, 30)),
        (("agency", "two words", 1), (1, 34), (1, 34)),
        (("agency", "two words", 2), (2, 5), (2, 5)),
        (("systems",), (3, 1), (4, 1)),
        (("systems", 0), (4, 3), (4, 3)),
        (("systems", 0, "text"), (5, 3), (5, 9)),
        (("systems", 0, "folded"), (8, 3), (8, 11)),
        (("systems", 0, "plain"), (10, 3), (10, 10)),
        (("systems", 0, "none"), (12, 3), (12, 8)),
        (("systems", 0, "quoted key"), (13, 3), (13, 17)),
        (("systems", 0, "list"), (14, 3), (15, 3)),
        (("systems", 0, "list", 0), (15, 5), (15, 5)),
        (("systems", 0, "list", 0, 0), (15, 7), (15, 7)),
        (("systems", 0, "list", 0, 1, "é😀"), (16, 7), (16, 11)),
        (("systems", 0, "odd"), (17, 5), (18, 5)),
        (("systems", 0, "absent", "deeper"), (4, 3), (4, 3)),
        (("systems", 7), (4, 1), (4, 1)),
        (("systems", "id"), (4, 1), (4, 1)),
    ],
)
def test_positions(path: Where, key: tuple[int, int], value: tuple[int, int]) -> None:
    source = source_of(POSITIONS)
    found = [source.position(path, key=True), source.position(path)]
    assert [(place.line, place.column) for place in found] == [key, value]
    assert str(found[1]) == f"a.yaml:{value[0]}:{value[1]}"


def test_positions_in_long_lists() -> None:
    records = "".join(f"- {{a: [x, y], b: {i}}}\n" for i in range(100))
    source = source_of(f"one:\n{records}two:\n{records}")
    assert str(source.position(("one", 50, "b"))) == "a.yaml:52:18"
    assert str(source.position(("two", 99, "a", 1))) == "a.yaml:202:11"
    assert str(source.position(("one", 0))) == "a.yaml:2:3"


def test_a_repeated_key_does_not_shift_what_follows() -> None:
    text = "a: {x: [1, {y: 2}], x: [3, {z: [4]}], w: 5}\nb: [6, 7]\n"
    source = read_bytes(text.encode(), "a.yaml").source
    assert source is not None
    assert source.value == {"a": {"x": [1, {"y": 2}], "w": 5}, "b": [6, 7]}
    assert str(source.position(("a", "w"))) == "a.yaml:1:42"
    assert str(source.position(("b", 1))) == "a.yaml:2:8"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    reading = read_bytes(b"\xef\xbb\xbfid: a\n", "a.yaml")
    assert reading.source is not None
    assert reading.source.value == {"id": "a"}
    assert str(reading.source.position(("id",), key=True)) == "a.yaml:1:1"


def test_a_value_from_no_file_has_no_line() -> None:
    source = SourceFile("given", {"systems": [{"id": "a"}]})
    assert str(source.position(("systems", 0, "id"))) == "given"
    assert source.at(("systems", 0, "id")) == "a"
    assert source.at(("systems", 1, "id")) is None
    assert source.at(("systems", 0, "id", "deeper")) is None


def test_read_file(tmp_path: Path) -> None:
    path = tmp_path / "a.YML"
    path.write_bytes(b"a: [1, 2.0, x]\r\nb: null\r\n")
    source = read_file(path)
    assert same(source.value, {"a": [1, 2.0, "x"], "b": None})
    assert source.path == path.as_posix()
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_read_file_raises_with_all_problems(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: .inf\na: *b\n", encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        read_file(path)
    assert [problem.position.line for problem in caught.value.problems] == [1, 2, 2]
    assert f"{path.as_posix()}:1:4: .inf is no number" in str(caught.value)
    assert read(path).source is not None


@given(value=VALUES)
def test_size_counts_keys_and_values(value: Any) -> None:
    keys = sum(len(found) for _, found in walk(value) if isinstance(found, dict))
    assert size(value) == keys + sum(1 for _ in walk(value))


def test_dotted() -> None:
    assert dotted(("software", 0, "eol_on")) == "software[0].eol_on"
    assert dotted(()) == ""


def test_yaml_and_json_give_equal_values(tmp_path: Path) -> None:
    value: Any = {"a": [1, 2.5, -3e-7, None, True, "x", {}], "b": {"c": []}}
    for name in ("a.json", "a.yaml"):  # JSON is YAML, too
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
    assert same(read_file(tmp_path / "a.json").value, read_file(tmp_path / "a.yaml").value)
    assert math.isclose(read_file(tmp_path / "a.json").value["a"][2], -3e-7)


@given(value=VALUES)
@example({"a": {}})
def test_every_yaml_parser_event_is_one_value(value: Any) -> None:
    parsed = yaml_reader.parse_yaml(dump(value, ["'"]))
    assert len(parsed.offsets) == size(parsed.value)
