"""Writes reports: to a file, whole or not at all, or to standard output."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
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


Pieces = Iterable[str] | Iterable[bytes]
"""A report piece by piece: texts, or bytes where its format is no text."""


class OutputError(UserError):
    """A report cannot be written where the user asked for it."""


def write(pieces: Pieces, path: Path | None = None) -> None:
    """Writes the pieces of a report one after the other: texts as UTF-8 with LF, bytes as they are.

    A reader that closes the pipe early, such as `head`, is no error.

    Args:
        pieces: parts of the report; made while they are written.
        path: the file; None for standard output. The file appears, or is replaced, only when
            the last piece is written.

    Raises:
        OutputError: the report cannot be written.
    """
    if path is None:
        _write_stdout(pieces)
    else:
        write_together({path: pieces})


def write_together(files: Mapping[Path, Pieces]) -> None:
    """Writes several files, all of them or none.

    Args:
        files: the pieces of each; no file appears, or is replaced, before all are written.

    Raises:
        OutputError: one of them cannot be written.
    """
    for path in files:
        check_writable(path)
    staged: dict[Path, Path] = {}
    try:
        for path, pieces in files.items():
            staged[path] = beside(path)
            _stage(pieces, staged[path], path)
        replace_all(staged)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def style(path: Path | None) -> Style:
    """Colours for a terminal that shows them, unless ``NO_COLOR`` is set; none elsewhere."""
    if path is not None or not on_terminal():
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
            "Name a file outside the inventory's folder with -o, or one in its folder report."
        )


def _joins(path: Path, given: Path) -> bool:
    """Whether a file would be read as part of the inventory that a path names."""
    # Imported only here: `--help` writes no file.
    from compliance.inventory.files import is_read

    place, root = path.resolve(), given.resolve()
    return place == root or (root in place.parents and is_read(place, root))


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


def _write_stdout(pieces: Pieces) -> None:
    stream = sys.stdout
    if stream is None:
        raise OutputError("Standard output is closed. Name a file with -o.")
    if isinstance(stream, TextIOWrapper):
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", newline="\n")
    for piece in pieces:
        if isinstance(piece, bytes) and stream.isatty():
            raise OutputError("This format is no text for a terminal. Name a file with -o.")
        if not _put(stream, piece):
            return
    _put(stream, "")


def _put(stream: TextIO, piece: str | bytes) -> bool:
    """Writes and flushes; returns whether there is still a reader."""
    try:
        if isinstance(piece, bytes):
            stream.buffer.write(piece)
        else:
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


def _stage(pieces: Pieces, temporary: Path, path: Path) -> None:
    """Writes the whole of a file beside its place."""
    with _refused(path):
        stream = temporary.open("xb")
    with stream:
        for piece in pieces:
            data = piece.encode() if isinstance(piece, str) else piece
            with _refused(path):
                stream.write(data)
        with _refused(path):
            stream.flush()
    if path.exists():
        with _refused(path):  # What is replaced keeps its permissions.
            shutil.copymode(path, temporary)


def beside(path: Path) -> Path:
    """A hidden file of the same folder that is not there yet, for what is not finished."""
    return path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")


def replace_all(staged: Mapping[Path, Path]) -> None:
    """Moves finished files to their places; where one cannot be moved, none is.

    Args:
        staged: the finished file for each place, in the same folder.

    Raises:
        OutputError: a file cannot be replaced, such as one that another program holds open.
    """
    aside: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, temporary in staged.items():
            with _refused(path):
                # One file alone is replaced in one step, so that it is never missing.
                if len(staged) > 1 and path.exists():
                    old = beside(path)
                    path.replace(old)
                    aside[path] = old
                temporary.replace(path)
                placed.append(path)
    except OutputError:
        for path in placed:
            path.unlink(missing_ok=True)
        for path, old in aside.items():
            old.replace(path)
        raise
    for old in aside.values():
        old.unlink(missing_ok=True)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """Turns what the operating system refuses into an error the user can mend."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path.as_posix()}: {error.strerror}. {_REMEDY}") from error
