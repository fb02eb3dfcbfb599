"""What `compliance compare` does: read two assessments, compare, write, judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from compliance.assessment.model import Assessment
from compliance.assessment.saved_file import read_saved
from compliance.comparison.comparing import compare
from compliance.comparison.data import as_json
from compliance.comparison.model import Comparison
from compliance.comparison.telling import page, sentence
from compliance.report.blocks import as_markdown, as_text
from compliance_cli import output, status
from compliance_cli.objects import UsageError


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What the user asked for."""

    old: Path
    new: Path
    form: str
    output: Path | None


def run_compare(options: CompareOptions) -> int:
    """Compares two saved assessments and returns the exit status."""
    output.check_writable(options.output)
    refuse_overwriting(options.output, (options.old, options.new))
    old, new = read_file(options.old), read_file(options.new)
    if old.metadata.as_of > new.metadata.as_of:
        raise UsageError(
            f"{options.old.as_posix()} is as of {old.metadata.as_of} and "
            f"{options.new.as_posix()} as of {new.metadata.as_of}, which is earlier. "
            "Name the earlier assessment first."
        )
    found = compare(old, new)
    output.write(_rendered(found, options), options.output)
    output.say(f"Since {old.metadata.as_of}: {sentence(found)}")
    return status.FINDINGS if found.worse else status.OK


def _rendered(found: Comparison, options: CompareOptions) -> Iterator[str]:
    if options.form == "json":
        return as_json(found)
    if options.form == "md":
        return as_markdown(page(found))
    return as_text(page(found), output.style(options.output))


def read_file(path: Path) -> Assessment:
    """A saved assessment.

    Raises:
        UserError: the path is a folder, or no saved assessment.
    """
    if path.is_dir():
        raise UsageError(
            f"{path.as_posix()} is a folder. Only saved assessments are compared: save one of an "
            "inventory with `compliance check FOLDER --format json -o FILE`."
        )
    return read_saved(path)


def refuse_overwriting(written: Path | None, read: tuple[Path, ...]) -> None:
    """Refuses to write over a file that is read.

    Raises:
        UsageError: it would be.
    """
    for path in read:
        if written is not None and written.exists() and path.exists() and written.samefile(path):
            raise UsageError(
                f"{written.as_posix()} is one of the assessments. Name another file with -o."
            )
