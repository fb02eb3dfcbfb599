"""Writes reports: to a file, whole or not at all, or to standard output."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper, UnsupportedOperation
from pathlib import Path
from typing import TextIO

from compliance.errors import UserError
from compliance.report.style import PLAIN, Style

_REMEDY = (
    "Choose another place with -o, or free some space, and run the command again. "
    "No partial file was left behind."
)


class OutputError(UserError):
    """A report cannot be written where the user asked for it."""


def write(pieces: Iterable[str], path: Path | None = None) -> None:
    """Writes the pieces of a text one after the other, as UTF-8 with LF.

    A reader that closes the pipe early, such as `head`, is no error.

    Args:
        pieces: parts of the text; made while they are written.
        path: the file; None for standard output. The file appears, or is replaced, only when
            the last piece is written.

    Raises:
        OutputError: the text cannot be written.
    """
    if path is None:
        _write_stdout(pieces)
    else:
        _write_file(pieces, path)


def style(path: Path | None) -> Style:
    """Colours for a terminal that shows them, unless ``NO_COLOR`` is set; none elsewhere."""
    if path is not None or sys.stdout is None or not sys.stdout.isatty():
        return PLAIN
    terminal = os.environ.get("TERM", "")
    windows = os.name == "nt" and bool(os.environ.get("WT_SESSION"))
    shows = windows or terminal not in ("", "dumb")
    return Style(shows and not os.environ.get("NO_COLOR"))


def check_writable(path: Path | None, inventory: Iterable[Path] = ()) -> None:
    """Refuses a file that can certainly not be written, before the work for it is done.

    Args:
        path: the file; None for standard output.
        inventory: files and folders that are read for the report.

    Raises:
        OutputError: the folder is missing, what bears the name is no regular file and so would be
            lost by being replaced, or it would be read as part of the inventory.
    """
    if path is None:
        return
    if not path.parent.is_dir():
        raise OutputError(
            f"{path.as_posix()}: there is no folder {path.parent.as_posix()}. "
            "Make it first, or name another file with -o."
        )
    if path.is_dir():
        raise OutputError(f"{path.as_posix()} is a folder. Name a file with -o.")
    if path.exists() and not path.is_file():
        raise OutputError(
            f"{path.as_posix()} is a device or a pipe, which a report must not replace. "
            "Name a file with -o, or leave -o out to write to standard output."
        )
    if any(_joins(path, given) for given in inventory):
        raise OutputError(
            f"{path.as_posix()} would be a part of the inventory that is read. "
            "Name a file outside the inventory's folder with -o."
        )


def _joins(path: Path, given: Path) -> bool:
    """Whether a file would be read as part of the inventory that a path names."""
    # Imported only here: `--help` writes no file.
    from compliance.inventory.reader import SUFFIXES

    place, root = path.resolve(), given.resolve()
    return place == root or (root in place.parents and path.suffix.lower() in SUFFIXES)


def make_folder(path: Path) -> None:
    """Makes a folder for reports, unless it is there.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.as_posix()}: {error.strerror}. Name another folder.") from error


def say(message: str) -> None:
    """Writes one paragraph to standard error; that nobody can read it is no error."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(message + "\n")
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)


def _write_stdout(pieces: Iterable[str]) -> None:
    stream = sys.stdout
    if stream is None:
        raise OutputError("Standard output is closed. Name a file with -o.")
    if isinstance(stream, TextIOWrapper):
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", newline="\n")
    for piece in pieces:
        if not _put(stream, piece):
            return
    _put(stream, "")


def _put(stream: TextIO, piece: str) -> bool:
    """Writes and flushes; returns whether there is still a reader."""
    try:
        stream.write(piece)
        if not piece:
            stream.flush()
    except OSError as error:
        _abandon(stream)
        # Windows reports a closed pipe as an invalid argument.
        if isinstance(error, BrokenPipeError) or error.errno == errno.EINVAL:
            return False
        raise OutputError(f"Standard output: {error.strerror}. {_REMEDY}") from error
    return True


def _abandon(stream: TextIO) -> None:
    """Points a stream nobody can read at nothing, or Python would try it again at exit."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
    except (OSError, UnsupportedOperation):
        return


def _write_file(pieces: Iterable[str], path: Path) -> None:
    check_writable(path)
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        with _refused(path):
            stream = temporary.open("x", encoding="utf-8", newline="\n")
        with stream:
            for piece in pieces:
                with _refused(path):
                    stream.write(piece)
            with _refused(path):
                stream.flush()
        with _refused(path):
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """Turns what the operating system refuses into an error the user can mend."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path.as_posix()}: {error.strerror}. {_REMEDY}") from error
