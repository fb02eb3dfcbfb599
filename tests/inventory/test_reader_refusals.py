"""Every form of bad input gets a message with the place and what to do, never a traceback."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compliance.inventory.problems import Problem
from compliance.inventory.reader import LARGEST_FILE, read, read_bytes

YAML = [
    ("a: 1\nb: [x\nc: 2\n", 3, 2, "lacks a comma (opened in line 2)", "closing bracket"),
    ("a: 1\n  b: 2\n", 2, 4, "colon stands where no key can begin", "indented like"),
    ("a: b: c\n", 1, 5, "colon stands where no key can begin", "in quotes"),
    ("a: 1\nb\nc: 2\n", 3, 1, "no colon behind its key", "key: value"),
    ("a: 1\n b: 2\n", 2, 3, "colon", "key: value"),
    ("a:\n  b: 1\n c: 2\n", 3, 2, "does not fit the keys before it", "indented alike"),
    ("a:\n  - b\n  c: 2\n", 3, 3, "indented differently from the list", "same indentation"),
    ('a: "open\nb: 1\n', 3, 1, "never closed (opened in line 1)", "closing quotation mark"),
    ("a:\n\tb: 1\n", 2, 1, "tab", "spaces"),
    ("a: @x\n", 1, 4, "no value can begin with the character @", "in quotes"),
    ("a: `x`\n", 1, 4, "no value can begin with the character `", "in quotes"),
    ('a: "C:\\Windows"\n', 1, 7, "backslash", "two backslashes"),
    ('a: "\\ud800"\n', 1, 7, "lone surrogate", "the character itself"),
    ("a: 1\na: 2\n", 2, 1, "the key a stands twice in the same mapping (first in line 1)", "once"),
    (
        "x:\n- {a: 1, b: 2,\n   a: 3}\n",
        3,
        4,
        "stands twice in the same mapping (first in line 2)",
        "",
    ),
    ("a: &b [1]\n", 1, 4, "anchor &b", "written out"),
    ("a: &b 1\n", 1, 4, "anchor &b", "written out"),
    ("a: *b\n", 1, 4, "alias *b", "written out"),
    ("a: !!str 1\n", 1, 4, "the tag tag:yaml.org,2002:str is not accepted", "without it"),
    ("a: !x {b: 1}\n", 1, 4, "the tag !x is not accepted", "in quotes"),
    ("a: ! 'b'\n", 1, 4, "the tag ! is not accepted", "in quotes"),
    ("a: !y!x b\n", 1, 4, "a tag", "in quotes"),
    ("a: .inf\n", 1, 4, ".inf is no number", "null"),
    ("a: [-.Inf]\n", 1, 5, "-.Inf is no number", "null"),
    ("a: .NaN\n", 1, 4, ".NaN is no number", "null"),
    ("a: 1e999\n", 1, 4, "the number 1e999 is too large", "64 bits"),
    ("a: 9007199254740993\n", 1, 4, "too large to be kept exactly", "in quotes"),
    ("a: -9007199254740993\n", 1, 4, "too large to be kept exactly", "in quotes"),
    ("a: 0xFFFFFFFFFFFFFFFF\n", 1, 4, "too large to be kept exactly", "in quotes"),
    (f"a: {'9' * 10_000}\n", 1, 4, "too large to be kept exactly", "in quotes"),
    (f"a: 0x{'f' * 10_000}\n", 1, 4, "too large to be kept exactly", "in quotes"),
    ("a: 1\n---\nb: 2\n", 2, 1, "second document", "a file of its own"),
    ("1: a\n", 1, 1, "the key 1 is no text", "in quotes: '1'"),
    ("x: {true: a}\n", 1, 5, "the key true is no text", "in quotes: 'true'"),
    ("~: a\n", 1, 1, "the key null is no text", "in quotes: 'null'"),
    ("? [a]\n: b\n", 1, 3, "in the place of a key", "a name"),
    ('a: "\\x1b[31m"\n', 1, 4, "control character U+001B", "without it"),
    ("{{ name }: b}\n", 1, 2, "in the place of a key", "a name"),
    ("? .inf\n: b\n", 1, 3, ".inf is no number", "null"),
    ("a: b\x07c\n", 1, 5, "control character U+0007", "remove"),
    ("a: b\x7fc\n", 1, 5, "control character U+007F", "remove"),
    ("a: b\u2028c\n", 1, 5, "line separator U+2028", "ordinary line break"),
    ("a: b\x85c\n", 1, 5, "line separator U+0085", "ordinary line break"),
    ("%YAML 3.0\n---\na: 1\n", 1, 1, "this is not YAML", "quotes"),
]
JSON = [
    ('{"a": 1,}', 1, 9, "not JSON", "no comma behind the last member"),
    ("{'a': 1}", 1, 2, "not JSON", "double quotes"),
    ('{"a": 1}\n{"b": 2}', 2, 1, "not JSON", "nothing more"),
    ('{"a": 1\n "b": 2}', 2, 2, "not JSON", "','"),
    ('{"a": [1, 2}', 1, 12, "not JSON", "','"),
    ('{"a": tru}', 1, 7, "not JSON", "valid JSON"),
    ('{"a": 0123}', 1, 8, "not JSON", "','"),
    ('{"a": "b\tc"}', 1, 9, "not JSON", "escapes"),
    ('{"a": "b\x7fc"}', 1, 7, "control character U+007F", "without it"),
    ("// no\n{}", 1, 1, "not JSON", "no comments"),
    ('{"a": 1, "a": 2}', 1, 10, "the key a stands twice", "once"),
    ('{"a": 1,\n "\\u0061": 2}', 2, 2, "the key a stands twice", "once"),
    ('{"a": NaN}', 1, 7, "no number that can be compared", "null"),
    ('{"a": -Infinity}', 1, 7, "no number that can be compared", "null"),
    ('{"a": 9007199254740993}', 1, 7, "too large to be kept exactly", "in quotes"),
    ('{"a": 1e400}', 1, 7, "too large", "64 bits"),
    (f'{{"a": {"9" * 10_000}}}', 1, 7, "too large to be kept exactly", "in quotes"),
    ('{"a": "\\ud800"}', 1, 7, "lone surrogate U+D800", "without it"),
    ('{"\\udc00": 1}', 1, 2, "lone surrogate U+DC00", "without it"),
    ('{"a": "\\u0000"}', 1, 7, "control character U+0000", "without it"),
]  # fmt: skip


def problems_of(data: bytes, *, json: bool = False) -> tuple[Problem, ...]:
    return read_bytes(data, "a.yaml", json=json).problems


def check(problem: Problem, line: int, column: int, message: str, expected: str) -> None:
    assert message in problem.message
    assert expected in problem.expected
    assert problem.expected
    assert str(problem).startswith(f"a.yaml:{line}:{column}: ")
    assert "\n" not in str(problem)
    assert len(str(problem)) < 400


@pytest.mark.parametrize(("text", "line", "column", "message", "expected"), YAML)
def test_yaml(text: str, line: int, column: int, message: str, expected: str) -> None:
    [problem] = problems_of(text.encode())
    check(problem, line, column, message, expected)


@pytest.mark.parametrize("text", [case[0] for case in YAML])
def test_the_parser_without_libyaml_refuses_the_same(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [fast] = problems_of(text.encode())
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    [slow] = problems_of(text.encode())
    assert slow.position.line == fast.position.line
    assert slow.expected
    if "not YAML" not in fast.message:
        assert "not YAML" not in slow.message


def test_a_template_that_was_not_filled_in() -> None:
    outer, inner = problems_of(b"{{ name }}: b\n")
    check(outer, 1, 1, "in the place of a key", "a name")
    check(inner, 1, 2, "in the place of a key", "a name")


@pytest.mark.parametrize(("text", "line", "column", "message", "expected"), JSON)
def test_json(text: str, line: int, column: int, message: str, expected: str) -> None:
    [problem] = problems_of(text.encode(), json=True)
    check(problem, line, column, message, expected)


def test_all_problems_of_a_file_come_at_once() -> None:
    text = b"a: &x 1\nb: *x\nc: .nan\nd: {e: 1, e: 2, 3: 4, e: 5}\na: 1\nf: [\n"
    lines = [problem.position.line for problem in problems_of(text)]
    assert lines == [1, 2, 3, 4, 4, 4, 7]
    text = text.replace(b"f: [\n", b"")
    assert [problem.position.line for problem in problems_of(text)] == [1, 2, 3, 4, 4, 4, 5]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"# a comment\n", "empty"),
        (b"---\n", "empty"),
        ("a: é\n".encode("utf-16"), "UTF-16"),
        ("a: é\n".encode("utf-16-be"), "UTF-16"),
        ("a: é\n".encode("utf-16-le"), "UTF-16"),
    ],
)
@pytest.mark.parametrize("form", [".yaml", ".json"])
def test_no_text(data: bytes, message: str, form: str) -> None:
    [problem] = problems_of(data, json=form == ".json")
    if form == ".json" and data[:1] in (b"#", b"-"):
        message = "not JSON"
    assert message in problem.message
    assert problem.expected


@pytest.mark.parametrize("form", [".yaml", ".json"])
def test_binary(form: str) -> None:
    [problem] = problems_of(b"PK\x03\x04\n\x00\x00rest", json=form == ".json")
    assert str(problem).startswith("a.yaml:2:1: the file is binary")


@pytest.mark.parametrize("form", [".yaml", ".json"])
def test_other_encodings(form: str) -> None:
    [problem] = problems_of("a: 1\nb: Müller\n".encode("cp1252"), json=form == ".json")
    assert str(problem).startswith("a.yaml:2:5: the byte FC is no character in UTF-8")
    assert "saved as UTF-8" in problem.expected


@pytest.mark.parametrize(
    "unit",
    [b"[", b"{a: ", b"- ", b"? ", b"{? ", b"[[", b"? [", b"{a: [", b"- - ", b"!x [", b"&a ["],
)
def test_deep_yaml_is_left_at_once(unit: bytes) -> None:
    start = time.perf_counter()
    last = problems_of(unit * 300_000)[-1]
    assert time.perf_counter() - start < 1
    assert "more than 64 deep" in last.message


def test_deep_block_yaml() -> None:
    text = "".join(f"{' ' * depth}a:\n" for depth in range(2000))
    [problem] = problems_of(text.encode())
    assert str(problem).startswith("a.yaml:65:65: mappings and lists are nested more than 64 deep")


@pytest.mark.parametrize("unit", [b"[", b'{"a":', b'[{"a":', b"[1,"])
@pytest.mark.parametrize("closed", [True, False])
def test_deep_json_is_left_at_once(unit: bytes, closed: bool) -> None:
    end = {b"[": b"]", b'{"a":': b"}", b'[{"a":': b"}]", b"[1,": b"]"}[unit]
    data = unit * 300_000 + (b"1" + end * 300_000 if closed else b"")
    start = time.perf_counter()
    [problem] = problems_of(data, json=True)
    assert time.perf_counter() - start < 2
    assert "more than 64 deep" in problem.message


@pytest.mark.parametrize("json", [True, False])
def test_sixty_four_levels_are_accepted(json: bool) -> None:
    assert problems_of(b"[" * 64 + b"]" * 64, json=json) == ()
    [problem] = problems_of(b"[" * 65 + b"]" * 65, json=json)
    assert str(problem).startswith("a.yaml:1:65: ")


def test_a_file_of_a_hundred_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as file:
        file.write(b"a: ")
        file.truncate(100 * 1024 * 1024)
    start = time.perf_counter()
    [problem] = read(path).problems
    assert time.perf_counter() - start < 1
    assert "too large (100 MB)" in problem.message
    assert "split the file" in problem.expected
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE)
    [problem] = read(path).problems
    assert "binary" in problem.message


def test_a_long_line_is_read() -> None:
    text = b"a: " + b"x" * 5_000_000
    reading = read_bytes(text, "a.yaml")
    assert reading.source is not None
    assert len(reading.source.value["a"]) == 5_000_000


@pytest.mark.parametrize("name", ["a.txt", "a", "a.yaml.bak"])
def test_unknown_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("a: 1\n", encoding="utf-8")
    [problem] = read(path).problems
    assert str(problem).startswith(f"{path.as_posix()}: the format of the file is not known.")


def test_missing_file(tmp_path: Path) -> None:
    [problem] = read(tmp_path / "a.yaml").problems
    assert "cannot be read (No such file" in problem.message


def test_a_folder_named_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    [problem] = read(tmp_path / "a.yaml").problems
    assert "no regular file" in problem.message


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    [problem] = read(path).problems
    assert "cannot be read (Permission denied)" in problem.message
    assert "may open and read" in problem.expected


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    [problem] = read(tmp_path / "a.yaml").problems
    assert "no regular file" in problem.message


@given(data=st.binary(max_size=60), json=st.booleans())
def test_any_bytes_give_a_value_or_a_problem(data: bytes, json: bool) -> None:
    reading = read_bytes(data, "a.yaml", json=json)
    assert reading.source is not None or reading.problems
    for problem in reading.problems:
        assert str(problem)


PIECES = [
    "a",
    ": ",
    "\n",
    "  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    '"',
    "&a ",
    "*a",
    "!t ",
    "#",
    "|",
]


@given(
    pieces=st.lists(
        st.sampled_from([*PIECES, "\t", "?", ">", "\\", "1", ".inf", "---\n", "é", "\r"]),
        max_size=30,
    )
)
def test_any_mixture_of_yaml_gives_a_value_or_a_problem(pieces: list[str]) -> None:
    reading = read_bytes("".join(pieces).encode(), "a.yaml")
    assert reading.source is not None or reading.problems


@given(
    pieces=st.lists(st.sampled_from([*'[]{},:" \\\n1', '"a"', '"b":', "1", "null", "\\u", "d800"]))
)
def test_any_mixture_of_json_is_judged_as_by_the_standard_library(pieces: list[str]) -> None:
    text = "".join(pieces)
    reading = read_bytes(text.encode(), "a.json", json=True)
    try:
        json.loads(text)
    except json.JSONDecodeError:
        assert reading.source is None
    else:
        assert reading.source is not None or "empty" in reading.problems[0].message
