"""Rego written by hand: tied to one rule, in its package, tested, within the capabilities.

The look at built-ins is the linter's own and careful rather than clever; OPA looks as well where it
is at hand, and always when a policy is built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

from compliance import resources
from compliance.inventory.problems import Problem, closest
from compliance.policy.files import Entry, PolicyFiles, RegoFile
from compliance.policy.loader import LoadedPolicy
from compliance.policy.model import rego_name

RAILS = ("expect_true", "expect_false")
"""What a Rego rule defines: when it holds and when it does not."""
_PACKAGE = re.compile(r"^package[ \t]+(\S+)", re.MULTILINE)
_IGNORED = re.compile(r'`[^`]*`|"(?:\\.|[^"\\\n])*"|#[^\n]*')
_CALL = re.compile(r"(?<![\w.])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\(")
_IMPORT = re.compile(r"^import[ \t]+(\S+?)(?:[ \t]+as[ \t]+(\w+))?[ \t]*$", re.MULTILINE)
_DEFINED = re.compile(r"^(?:default[ \t]+)?([A-Za-z_]\w*)\b", re.MULTILINE)
_KEYWORDS = frozenset({"if", "in", "not", "some", "every", "with", "else", "as", "contains"})


@cache
def allowed_builtins() -> frozenset[str]:
    """Names of the built-ins that ``policies/lib/capabilities.json`` allows."""
    text = (resources.policy_library() / "capabilities.json").read_text(encoding="utf-8")
    return frozenset(builtin["name"] for builtin in json.loads(text)["builtins"])


def rego_problems(loaded: LoadedPolicy, files: PolicyFiles) -> Iterator[Problem]:
    """What is wrong with the Rego files and the rules that name them."""
    root = f"compliance.{rego_name(files.policy.id)}"
    rules = [rule for rule in files.rules if "rego" in rule.raw]
    named: dict[str, Entry] = {}
    for rule in rules:
        name = f"{rule.raw['rego']}.rego"
        if name in named:
            what = f"the rule `{named[name].id}` already names {name}"
            yield rule.place.at("rego").problem(what, "a file of its own for each rule")
            continue
        named[name] = rule
        if name not in files.rego:
            at = rule.place.at("rego")
            yield at.problem(f"there is no file rules/{name}", "a Rego file", _near(name, files))
    tested = {case.raw["rule"] for case in files.cases}
    for rule in rules:
        if rule.id not in tested:
            what = f"no case in tests/ is about the rule `{rule.id}`"
            yield rule.place.at("rego").problem(what, "cases: Rego is not published untested")
    for name, file in files.rego.items():
        if name in named:
            yield from _file_problems(file, f"{root}.rules.{named[name].id.replace('-', '_')}")
        else:
            yield file.problem(
                "no rule names this file", "`rego` and `facts` in a rule, or no file"
            )


def _near(name: str, files: PolicyFiles) -> str:
    return closest(name, files.rego).removesuffix(".rego")


def _file_problems(file: RegoFile, package: str) -> Iterator[Problem]:
    text = _IGNORED.sub(_blank, file.text)
    found = _PACKAGE.search(text)
    if found is None or found[1] != package:
        what = f"the package is {found[1]}" if found else "the file has no package"
        yield file.problem(what, f"package {package}", found.start(1) if found else 0)
    defined = set(_DEFINED.findall(text))
    for rail in RAILS:
        if rail not in defined:
            yield file.problem(f"`{rail}` is not defined", "both rails: expect_true, expect_false")
    yield from _calls(file, text, defined)


def _calls(file: RegoFile, text: str, defined: set[str]) -> Iterator[Problem]:
    imported = {alias or path.split(".")[-1] for path, alias in _IMPORT.findall(text)}
    known = allowed_builtins() | defined | _KEYWORDS
    for call in _CALL.finditer(text):
        name = call[1]
        head = name.partition(".")[0]
        if name in known or head in imported or head in ("data", "input"):
            continue
        yield file.problem(
            f"`{name}` is no built-in that a policy may use",
            "built-ins that are pure and the same on every engine: policies/lib/capabilities.json",
            call.start(),
        )


def _blank(found: re.Match[str]) -> str:
    """Texts and comments as blanks, so that lines stay where they are."""
    return re.sub(r"[^\n]", " ", found[0])
