"""Writes several files into a folder: all of them or none, and none over another unasked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from compliance.report.plain import neutral
from compliance_cli.output import OutputError


def typed(path: Path) -> str:
    """A path as it is typed in a command."""
    text = neutral(path.as_posix())
    return f'"{text}"' if " " in text else text


def check_free(folder: Path, names: Mapping[str, object], *, force: bool) -> None:
    """Refuses a folder in which a file to be written is there already.

    Args:
        folder: the folder, which need not be there.
        names: names of the files.
        force: files of these names may be replaced.

    Raises:
        OutputError: it would overwrite something, or cannot hold files.
    """
    shown = neutral(folder.as_posix())
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{shown} is a file. Name a folder.")
    holder = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    if not os.access(holder, os.W_OK | os.X_OK):
        raise OutputError(
            f"{shown}: this user may not write in {neutral(holder.as_posix())}. Name another "
            "folder."
        )
    there = [name for name in names if os.path.lexists(folder / name)]
    special = [name for name in there if not (folder / name).is_file()]
    if special:
        raise OutputError(f"{shown} holds {special[0]}, which is no file. Name another folder.")
    if there and not force:
        raise OutputError(
            f"{shown} holds {', '.join(there)} already, and nothing was written. Name another "
            "folder, or replace these files with --force."
        )


def write_files(folder: Path, files: Mapping[str, bytes | None], *, force: bool = False) -> None:
    """Writes files into a folder, which is made where it is not there: all of them or none.

    Args:
        folder: the folder.
        files: content by name; None for a file that is removed.
        force: replace files of these names.

    Raises:
        OutputError: it would overwrite something unasked, or the files cannot be written.
    """
    check_free(folder, files, force=force)
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    mark = os.urandom(4).hex()
    try:
        with _refused(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _place(folder, files, mark)
    except OutputError:
        for path in made:
            with suppress(OSError):
                path.rmdir()
        raise


def _place(folder: Path, files: Mapping[str, bytes | None], mark: str) -> None:
    """Writes all files under other names, then gives them their own; undoes that on failure."""
    new = {name: folder / f".{name}.{mark}.tmp" for name in files}
    old = {name: folder / f".{name}.{mark}.old" for name in files}
    done: list[str] = []
    try:
        for name, data in files.items():
            if data is None:
                continue
            with new[name].open("xb") as stream:
                stream.write(data)
        for name in files:
            done.append(name)
            if (folder / name).exists():
                (folder / name).replace(old[name])
            if files[name] is not None:
                new[name].replace(folder / name)
    except OSError:
        for name in done:
            _undo(folder / name, new[name], old[name], made=files[name] is not None)
        raise
    finally:
        for path in (*new.values(), *old.values()):
            path.unlink(missing_ok=True)


def _undo(file: Path, new: Path, old: Path, *, made: bool) -> None:
    with suppress(OSError):
        if old.exists():
            old.replace(file)
        elif made and not new.exists():
            file.unlink(missing_ok=True)


@contextmanager
def _refused(folder: Path) -> Iterator[None]:
    """Turns what the operating system refuses into an error the user can mend."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{neutral(folder.as_posix())}: {error.strerror or error}. Name another folder, or "
            "free some space, and run the command again. Nothing was changed."
        ) from error
