"""What users write as arguments, read strictly; anything else is a usage error."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

import click

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_POLICY = re.compile(r"(?P<id>[a-z0-9][a-z0-9-]*)(?:@(?P<version>[0-9A-Za-z.+-]+))?", re.ASCII)
_RULE = re.compile(
    r"(?P<policy>[a-z0-9][a-z0-9-]*)(?:@(?P<version>[0-9A-Za-z.+-]+))?"
    r"/(?P<rule>[a-z0-9][a-z0-9-]*(?:@\d{4}-\d{2}-\d{2})?)",
    re.ASCII,
)
_SUBJECT = re.compile(r"(?P<kind>[a-z][a-z0-9_]*)/(?P<id>[a-z0-9][a-zA-Z0-9._-]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class PolicyReference:
    """A policy as the user names it: `hipaa` or `hipaa@0.1.0`; or the folder of its source."""

    id: str
    """Of a source folder its last name, which need not be the id in it."""
    version: str | None = None
    folder: Path | None = None
    """The source of a policy that is not published."""

    def __str__(self) -> str:
        """The form in which it is written."""
        if self.folder is not None:
            return self.folder.as_posix()
        return self.id if self.version is None else f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class RuleReference:
    """A rule as the user names it: `hipaa/unique-user-identification`."""

    policy: PolicyReference
    rule: str

    def __str__(self) -> str:
        """The form in which it is written."""
        return f"{self.policy}/{self.rule}"


@dataclass(frozen=True, slots=True)
class SubjectReference:
    """A record as the user names it: `system/payroll`."""

    kind: str
    id: str

    def __str__(self) -> str:
        """The form in which it is written."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as the user asks for it: `html=report.html`."""

    format: str
    """A name of `compliance.report.formats.FORMATS`."""
    path: Path


def date(text: str) -> datetime.date:
    """Reads a real calendar date written `2026-11-23`."""
    try:
        if _DATE.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date of the calendar.") from None
    raise click.BadParameter(f"{text!r} is not a date. Write it like 2026-11-23.")


def policy(text: str) -> PolicyReference:
    """Reads `hipaa` or `hipaa@0.1.0`."""
    found = _POLICY.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"{text!r} is not a policy. Write it like hipaa or hipaa@0.1.0.")
    return PolicyReference(found["id"], found["version"])


def policy_or_folder(text: str) -> PolicyReference:
    """Reads `hipaa`, `hipaa@0.1.0`, or a folder as `policies/hipaa` or `./hipaa`."""
    if _POLICY.fullmatch(text) is None and _is_path(text):
        folder = Path(text)
        return PolicyReference(folder.resolve().name, folder=folder)
    return policy(text)


def _is_path(text: str) -> bool:
    """Whether a text looks like a path; a name alone is a policy's id, whatever lies here."""
    return "/" in text or "\\" in text or text in (".", "..")


def rule(text: str) -> RuleReference:
    """Reads `hipaa/unique-user-identification`."""
    found = _RULE.fullmatch(text)
    if found is None:
        raise click.BadParameter(
            f"{text!r} is not a rule. Write policy/rule, like hipaa/unique-user-identification."
        )
    return RuleReference(PolicyReference(found["policy"], found["version"]), found["rule"])


def subject(text: str) -> SubjectReference:
    """Reads `system/payroll`."""
    found = _SUBJECT.fullmatch(text)
    if found is None:
        raise click.BadParameter(
            f"{text!r} is not a record. Write kind/id, like system/payroll or agency/my-agency."
        )
    return SubjectReference(found["kind"], found["id"])


def report(text: str) -> ReportFile:
    """Reads `html=report.html`."""
    from compliance.report.formats import FORMATS

    name, equals, path = text.partition("=")
    if not equals or not path or name not in FORMATS:
        raise click.BadParameter(
            f"{text!r} is not a format with a file. Write it like html=report.html, with one of "
            f"the formats {', '.join(FORMATS)}."
        )
    return ReportFile(name, Path(path))
