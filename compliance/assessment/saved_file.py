"""Reading a saved assessment from its file, whichever of its two forms it has."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance import resources
from compliance.assessment.findings import OPEN_STATUSES
from compliance.assessment.model import APPLIES, Assessment
from compliance.assessment.saved import SavedError, from_data, from_lines

if TYPE_CHECKING:
    from jsonschema_rs import Validator


_NUMBERS_ALONE = "counts"
"""Detail of an assessment that lists no findings."""


def read_saved(path: Path) -> Assessment:
    """The assessment of a file that ``compliance check --format json`` or ``jsonl`` wrote.

    Raises:
        SavedError: the file cannot be read, or holds something else.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise SavedError(
            f"{path.as_posix()}: it cannot be opened ({error.strerror}). Name a file that "
            "`compliance check --format json -o FILE` wrote."
        ) from error
    except UnicodeDecodeError as error:
        raise SavedError(f"{path.as_posix()}: this is no saved assessment: no UTF-8.") from error
    try:
        found = _assessment(text)
        _hold_together(found)
        return found
    except SavedError as error:
        raise SavedError(f"{path.as_posix()}: {error}") from error


def _assessment(text: str) -> Assessment:
    lines = text.splitlines()
    try:
        document = json.loads(lines[0] if lines else "")
    except (json.JSONDecodeError, RecursionError):
        document = None
    if isinstance(document, dict) and document.get("record") == "metadata":
        _check(_joined(lines))
        return from_lines(lines)
    return assessment_of(_loaded(text))


def assessment_of(data: Any) -> Assessment:
    """The assessment of a JSON document, which is held to its schema first.

    Raises:
        SavedError: it has another form.
    """
    # The version of the form is told first: by another schema everything would be wrong.
    if isinstance(data, dict) and data.get("schema") == 1:
        _check(data)
    if not isinstance(data, dict):
        raise SavedError("This is no saved assessment: it is no JSON object.")
    return from_data(data)


def _hold_together(found: Assessment) -> None:
    """Refuses parts that do not belong together: reports would contradict themselves.

    Raises:
        SavedError: a finding names a rule that is not there, or findings were added or left out.
    """
    rules = {(run.id, rule.id) for run in found.policies for rule in run.rules}
    listed: Counter[tuple[str, str]] = Counter()
    for one in found.findings:
        if one.rule != APPLIES and (one.policy, one.rule.partition("@")[0]) not in rules:
            raise SavedError(
                f"The finding {ascii(one.id)[1:-1]}: the assessment has no such rule. It was "
                "changed by hand: write it again."
            )
        listed[one.policy, one.status] += 1
    if found.metadata.detail == _NUMBERS_ALONE:
        return
    counted: Counter[tuple[str, str]] = Counter()
    for count in found.summary.counts:
        counted[count.policy, count.status] += count.findings
    for policy, status in sorted({*listed, *counted}):
        there, said = listed[policy, status], counted[policy, status]
        # What has nothing to tell may be counted alone.
        if there > said or (there < said and status in OPEN_STATUSES):
            raise SavedError(
                f"summary.counts: {said:,} findings of {policy} are {status}, and {there:,} are "
                "listed. The file was cut or changed by hand: write it again."
            )


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise SavedError(
            f"This is no saved assessment: {error}. Write it with `compliance check --format json`."
        ) from error


def _joined(lines: list[str]) -> Any:
    """The document that the lines of a file are in parts."""
    found: dict[str, list[Any]] = {}
    for line in lines:
        record = _loaded(line)
        if isinstance(record, dict):
            found.setdefault(str(record.pop("record", "")), []).append(record)
    head = found.get("metadata", [{}])[0]
    schema = head.pop("schema", None)
    document: dict[str, Any] = {"schema": schema, "metadata": head}
    document["summary"] = found.get("summary", [{}])[-1]
    lists = {
        "policy": "policies",
        "plan_item": "plan",
        "outside_finding": "outside",
        "deadline": "deadlines",
    }
    for record, name in {**lists, "finding": "findings"}.items():
        document[name] = found.get(record, [])
    return document


def _check(data: Any) -> None:
    """Holds a document to its schema: what a person changed by hand is told, not guessed at."""
    error = next(_validator().iter_errors(data), None)
    if error is not None:
        place = "".join(f"[{key!r}]" for key in error.instance_path) or "the document"
        raise SavedError(f"This is no saved assessment: {place}: {error.message[:300]}.")


@cache
def _validator() -> Validator:
    import jsonschema_rs

    schema = json.loads((resources.schemas() / "assessment.schema.json").read_text("utf-8"))
    return jsonschema_rs.validator_for(schema, validate_formats=True)
