"""The assessment as JSON: one document, or one record a line."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from compliance.assessment.model import Assessment

SCHEMA = 1
"""Version of the form; ``schemas/assessment.schema.json`` describes it."""

# Valid in JSON as they are, but they act on a terminal, mislead a reader, or (lone surrogates of
# undecodable file names) have no UTF-8 form.
_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


class JsonReport:
    """``--format json``: one document, findings last, so that it is written as it is made."""

    name = "json"

    def render(self, assessment: Assessment) -> Iterator[str]:
        """Yields the document: metadata, summary, policies, plan, dates, then findings by line."""
        head = {
            "schema": SCHEMA,
            "metadata": encode(assessment.metadata),
            "summary": encode(assessment.summary),
            "policies": [encode(policy) for policy in assessment.policies],
        }
        for name, records in (
            ("plan", assessment.plan),
            ("outside", assessment.outside),
            ("deadlines", assessment.deadlines),
        ):
            if records:
                head[name] = [encode(record) for record in records]
        yield _text(head, indented=True).removesuffix("\n}") + ',\n  "findings": ['
        separator = "\n    "
        for finding in assessment.findings:
            yield separator + _text({"id": finding.id, **encode(finding)})
            separator = ",\n    "
        yield "]\n}\n" if separator == "\n    " else "\n  ]\n}\n"


class JsonLinesReport:
    """``--format jsonl``: the same records, each on a line with the key ``record`` first."""

    name = "jsonl"

    def render(self, assessment: Assessment) -> Iterator[str]:
        """Yields the lines: metadata, policies, plan, dates, findings, and last the summary."""
        head = {"schema": SCHEMA, **encode(assessment.metadata)}
        yield _line("metadata", head)
        for policy in assessment.policies:
            yield _line("policy", encode(policy))
        for item in assessment.plan:
            yield _line("plan_item", encode(item))
        for found in assessment.outside:
            yield _line("outside_finding", encode(found))
        for deadline in assessment.deadlines:
            yield _line("deadline", encode(deadline))
        for finding in assessment.findings:
            yield _line("finding", {"id": finding.id, **encode(finding)})
        yield _line("summary", encode(assessment.summary))


def encode(record: Any) -> dict[str, Any]:
    """Returns a dataclass of the assessment as plain JSON data.

    A field that holds its default says nothing and is left out.
    """
    encoded = {}
    for name, default in _fields(type(record)):
        content = getattr(record, name)
        if content is default:
            continue
        if content != default or type(content) is not type(default):
            encoded[name] = content if type(content) in _PLAIN else _encode(content)
    return encoded


_PLAIN = frozenset({str, int, float, bool, type(None)})
_FIELDS: dict[type[Any], tuple[tuple[str, Any], ...]] = {}


def _fields(record: type[Any]) -> tuple[tuple[str, Any], ...]:
    """Names of the fields of a dataclass with their defaults; `MISSING` where there is none."""
    if record not in _FIELDS:
        _FIELDS[record] = tuple(
            (field.name, _default(field))
            for field in dataclasses.fields(record)
            if field.name != "schema"
        )
    return _FIELDS[record]


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _encode(content: Any) -> Any:
    if type(content) in _PLAIN:
        return content
    if dataclasses.is_dataclass(content):
        return encode(content)
    if isinstance(content, Mapping):
        return {str(key): _encode(content[key]) for key in content}
    if isinstance(content, list | tuple):
        return [_encode(member) for member in content]
    return content


def _line(record: str, data: Mapping[str, Any]) -> str:
    return _text({"record": record, **data}) + "\n"


# `json.dumps` would make an encoder for each of a million findings.
_COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_INDENTED = json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=2).encode


def _text(data: Any, *, indented: bool = False) -> str:
    return escaped(_INDENTED(data) if indented else _COMPACT(data))


def escaped(text: str) -> str:
    """Returns JSON text with every character that acts on a terminal or misleads escaped."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
