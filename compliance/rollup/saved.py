"""Saved assessments read in pieces: what stands at the top first, findings some at a time.

``compliance check --format json`` writes one finding a line, so that a file need not be held as a
whole. A file that another program laid out anew is read at once, if it is not too large for that.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from compliance.assessment.findings import OPEN_STATUSES, ListedFindings
from compliance.assessment.model import Assessment, Finding, Outline
from compliance.assessment.saved import SavedError
from compliance.assessment.saved_file import assessment_of

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read at once, and of what stands before the findings of another."""
BATCH = 500
"""Findings that are read at a time."""

LINES, RECORDS, WHOLE = "one finding a line", "one record a line", "as a whole"
_FINDINGS = '  "findings": ['
_FINDING = '{"record": "finding"'
_LISTS = {
    "policy": "policies",
    "plan_item": "plan",
    "outside_finding": "outside",
    "deadline": "deadlines",
}
_NO_SUMMARY: dict[str, Any] = {"counts": [], "missing_facts": [], "wrong_values": []}


class OtherFileError(Exception):
    """A file that holds JSON of another sort: nothing is wrong with it."""


@dataclass(frozen=True)
class Saved:
    """A saved assessment in its file."""

    path: Path
    top: Assessment
    """All of it but its findings."""
    layout: str
    """How it is laid out: ``LINES``, ``RECORDS`` or ``WHOLE``."""

    def assessment(self) -> Assessment:
        """The whole of it; findings are read from the file whenever they are walked.

        Raises:
            SavedError: while findings are walked, if the file holds something else.
        """
        if self.layout == WHOLE:
            return _whole(self.path)
        return replace(self.top, findings=FiledFindings(self))


class FiledFindings:
    """Findings that are read from their file anew each time."""

    def __init__(self, saved: Saved) -> None:
        self._saved = saved

    def __iter__(self) -> Iterator[Finding]:
        metadata = _raw_metadata(self._saved.top)
        lines = _finding_lines(self._saved)
        while batch := list(islice(lines, BATCH)):
            found = {"schema": 1, "metadata": metadata, "summary": _NO_SUMMARY, "policies": []}
            yield from assessment_of({**found, "findings": list(map(_finding, batch))}).findings

    def __len__(self) -> int:
        return sum(1 for _ in _finding_lines(self._saved))

    def get(self, finding_id: str) -> Finding | None:
        """The finding of that id, or None."""
        return next((one for one in self if one.id == finding_id), None)

    def open(self) -> Iterator[Finding]:
        """Errors, gaps and unknowns alone, in order."""
        return (one for one in self if one.status in OPEN_STATUSES)

    def notable(self) -> Iterator[Outline]:
        """All of them: what is of no interest is passed over by who walks them."""
        return iter(self)


def open_saved(path: Path) -> Saved:
    """What stands at the top of a saved assessment.

    Raises:
        SavedError: the file cannot be read, or is no assessment though it looks like one.
        OtherFileError: it is some other JSON.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            first = stream.readline(LARGEST)
            if _is_record(first):
                return Saved(path, _without_findings(_top_of_records(first, stream)), RECORDS)
            text, listed = _above_findings(first, stream)
    except OSError as error:
        raise SavedError(f"it cannot be opened ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SavedError("it is no UTF-8. Write it again.") from error
    top = _without_findings(assessment_of(_document(_loaded(text))))
    if listed:
        _check_end(path)
    return Saved(path, top, LINES if listed else WHOLE)


def _is_record(line: str) -> bool:
    return line.startswith("{") and '"record"' in line[:40] and line.rstrip().endswith("}")


def _above_findings(first: str, stream: Iterator[str]) -> tuple[str, bool]:
    """The document without findings; or all of it, where they have no lines of their own."""
    parts, size = [first], len(first)
    for line in stream:
        if line.startswith(_FINDINGS):
            following = next(stream, "")
            if following.strip() != "{":  # Else each finding was spread over lines.
                return "".join([*parts, _FINDINGS, "]}"]), True
            line += following  # noqa: PLW2901
        parts.append(line)
        size += len(line)
        if size > LARGEST:
            raise SavedError(
                "it is too large to be read in this layout. Write it with "
                "`compliance check --format json`, which puts each finding on a line."
            )
    return "".join(parts), False


def _top_of_records(first: str, stream: Iterator[str]) -> Assessment:
    """All records but the findings, as one document."""
    head = _loaded(first)
    if head.pop("record") != "metadata":
        raise OtherFileError
    found: dict[str, Any] = {"schema": head.pop("schema", None), "metadata": head, "findings": []}
    found["policies"] = []
    for line in stream:
        if line.startswith(_FINDING):
            continue
        record = _loaded(line)
        name = record.pop("record", None) if isinstance(record, dict) else None
        if name == "summary":
            found["summary"] = record
        elif name in _LISTS:
            found.setdefault(_LISTS[name], []).append(record)
        else:
            raise SavedError(f"a line of it is no record of a saved assessment: {name!r}.")
    if "summary" not in found:
        raise SavedError("it was cut short: it has no line `summary`. Write it again.")
    return assessment_of(found)


def _finding_lines(saved: Saved) -> Iterator[str]:
    """The JSON text of each finding.

    Raises:
        SavedError: the file was cut short or changed.
    """
    try:
        with saved.path.open(encoding="utf-8") as stream:
            if saved.layout == RECORDS:
                yield from (line for line in stream if line.startswith(_FINDING))
                return
            inside = False
            for line in stream:
                if inside:
                    text = line.strip().removesuffix(",")
                    if text == "]":
                        return
                    yield text
                elif line.startswith(_FINDINGS):
                    if line.rstrip().endswith("]"):
                        return
                    inside = True
    except OSError as error:
        raise SavedError(f"it cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SavedError("it is no UTF-8. Write it again.") from error
    raise SavedError("it was cut short. Write it again.")


def _finding(text: str) -> Any:
    found = _loaded(text)
    if isinstance(found, dict):
        found.pop("record", None)
    return found


def _check_end(path: Path) -> None:
    with path.open("rb") as stream:
        stream.seek(-min(path.stat().st_size, 64), 2)
        if b"".join(stream.read().split())[-2:] != b"]}":
            raise SavedError("it was cut short. Write it again.")


def _document(data: Any) -> Any:
    """A document, if it is meant to be an assessment."""
    if isinstance(data, dict) and {"metadata", "policies"} <= data.keys():
        return data
    raise OtherFileError


def _without_findings(assessment: Assessment) -> Assessment:
    as_of = assessment.metadata.as_of
    try:
        datetime.date.fromisoformat(as_of)
    except ValueError as error:
        raise SavedError(
            f"its date {as_of!r} is no day of the calendar. Write it again."
        ) from error
    return replace(assessment, findings=ListedFindings(()))


def _whole(path: Path) -> Assessment:
    try:
        return assessment_of(_loaded(path.read_text("utf-8")))
    except OSError as error:
        raise SavedError(f"it cannot be read ({error.strerror}).") from error


def _raw_metadata(top: Assessment) -> dict[str, Any]:
    """As little metadata as the form asks for."""
    found = top.metadata
    return {
        "program_version": found.program_version,
        "as_of": found.as_of,
        "agency": found.agency,
        "agency_name": found.agency_name or found.agency,
        "inventory": {},
        "subjects": {},
    }


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise SavedError(f"it is no JSON: {error}. Write it again.") from error


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no number")
