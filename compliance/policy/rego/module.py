"""A Rego package while it is written, and its text laid out as ``opa fmt`` leaves it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


def literal(value: Any) -> str:
    """A JSON value as a Rego term."""
    return json.dumps(value, ensure_ascii=False)


def raw_string(text: str) -> str:
    """A string as a Rego raw string, or a quoted one where it holds a backtick."""
    return literal(text) if "`" in text or "\r" in text else f"`{text}`"


def key_access(term: str, key: str) -> str:
    """``term.key``, or ``term["key"]`` for a key that is no Rego name."""
    return f"{term}.{key}" if re.fullmatch("[a-z_]+", key) else f"{term}[{literal(key)}]"


def entry_head(name: str, key: str) -> str:
    """``name["key"]``: head of a rule that adds one entry to an object."""
    return f"{name}[{literal(key)}]"


@dataclass
class Module:
    """One package: imports and rules in the order they were added."""

    package: str
    heading: str = ""
    imports: set[str] = field(default_factory=set)
    blocks: list[str] = field(default_factory=list)
    defined: set[str] = field(default_factory=set)

    def ref(self, package: str, name: str) -> str:
        """The name by which this module speaks of a rule of a package, importing it if need be."""
        if package == self.package:
            return name
        self.imports.add(package)
        return f"{package.rpartition('.')[2]}.{name}"

    def part(self, parent: str, name: str) -> str:
        """The name by which this module speaks of a package, importing the one above it."""
        self.imports.add(parent)
        return f"{parent.rpartition('.')[2]}.{name}"

    def define(self, name: str) -> bool:
        """Whether a name is new; it is taken from now on."""
        if name in self.defined:
            return False
        self.defined.add(name)
        return True

    def comment(self, text: str) -> None:
        """A line of comment above the next rule."""
        self.blocks.append(f"# {_one_line(text)}")

    def rule(self, head: str, body: Sequence[str]) -> None:
        """``head if body``, its lines joined by AND."""
        self.blocks.append(f"{head} if {_body(body)}")

    def choice(
        self, head: str, branches: Iterable[tuple[str, Sequence[str]]], last: str | None = None
    ) -> None:
        """``head := a if ... else := b if ... else := last``; undefined without ``last``."""
        text = ""
        parts = [f"{value} if {_body(body)}" for value, body in branches]
        for part in [*parts, *([last] if last is not None else [])]:
            separator = (" else := " if text.endswith("}") else "\n\nelse := ") if text else ""
            text += separator + part
        # `head := true if` is written `head if`.
        self.blocks.append(f"{head} := {text}".replace(f"{head} := true if ", f"{head} if ", 1))

    def value(self, head: str, term: str) -> None:
        """``head := term``."""
        self.blocks.append(f"{head} := {term}")

    def object(
        self, head: str, entries: Iterable[tuple[str, str]], body: Sequence[str] = ()
    ) -> None:
        """``head := {key: term, ...}`` (``if body``), one entry a line."""
        condition = f" if {_body(body)}" if body else ""
        self.blocks.append(f"{head} := {object_term(entries)}{condition}")

    def array(self, head: str, terms: Iterable[str], body: Sequence[str] = ()) -> None:
        """``head := [term, ...]`` (``if body``), one term a line."""
        condition = f" if {_body(body)}" if body else ""
        lines = "".join(f"\t{term},\n" for term in terms)
        self.blocks.append(f"{head} := [\n{lines}]{condition}")

    def text(self) -> str:
        """The file, ending in one newline."""
        lines = [f"# {_one_line(line)}" for line in self.heading.splitlines()]
        parts = ["\n".join([*lines, f"package {self.package}"])]
        if self.imports:
            parts.append("\n".join(f"import data.{path}" for path in sorted(self.imports)))
        text = "\n\n".join(parts)
        comment = False
        for block in self.blocks:
            text += ("\n" if comment else "\n\n") + block
            comment = block.startswith("#")
        return text + "\n"


def object_term(entries: Iterable[tuple[str, str]], depth: int = 0) -> str:
    """An object of quoted keys and terms, one entry a line; ``{}`` where there are none."""
    indent = "\t" * (depth + 1)
    lines = [f"{indent}{literal(key)}: {term},\n" for key, term in entries]
    return "{\n" + "".join(lines) + "\t" * depth + "}" if lines else "{}"


def _body(lines: Sequence[str]) -> str:
    if len(lines) == 1 and "\n" not in lines[0]:
        return lines[0]
    inner = "\n".join("\t" + line for statement in lines for line in statement.split("\n"))
    return "{\n" + inner + "\n}"


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
