"""The content of a file of tables as bytes and as text."""

from __future__ import annotations

import stat
from pathlib import Path

from compliance.inventory.problems import Position
from compliance.inventory.tables.limits import TableError

_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def file_bytes(path: Path, largest: int) -> bytes:
    """The content of a regular file that is not too large.

    Args:
        path: the file.
        largest: bytes it may have.

    Raises:
        TableError: it cannot be read.
    """
    place = Position(path.as_posix())
    try:
        about = path.stat()  # Opening a pipe would wait for ever.
        if not stat.S_ISREG(about.st_mode):
            raise TableError(place, "this is no regular file", "a file on disk")
        if about.st_size > largest:
            raise TableError(
                place,
                f"the file is too large ({about.st_size / 1024 / 1024:.0f} MB)",
                f"at most {largest // 1024 // 1024} MB: split it into several files of the kind",
            )
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise TableError(
            place, f"the file cannot be read ({reason})",
            "a file this user may open, closed in other programs",
        ) from error  # fmt: skip


def file_text(data: bytes, name: str, save_as: str) -> str:
    """The text of a file in UTF-8.

    Args:
        data: its bytes, with or without a byte order mark.
        name: its path, for positions.
        save_as: what to do where it is in another encoding.

    Raises:
        TableError: it is no text, in another encoding, or empty.
    """
    body = data.removeprefix(_MARK)
    start = body[:4]
    if data[:2] in _UTF16 or (start[1::2] == b"\0\0") != (start[::2] == b"\0\0"):
        raise TableError(Position(name), "the file is saved as UTF-16 (Unicode text)", save_as)
    if data[:4] == b"PK\x03\x04":
        raise TableError(Position(name), "this is a workbook, whatever its name", "a name in .xlsx")
    zero = body.find(b"\0")
    if zero >= 0:
        raise TableError(
            _byte_position(body, zero, name), "the file holds a NUL byte, which is no text",
            f"a file that was not damaged, or {save_as}",
        )  # fmt: skip
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TableError(
            _byte_position(body, error.start, name),
            f"the byte {body[error.start]:02X} is no character in UTF-8: the file is probably "
            "saved in Windows-1252",
            save_as,
        ) from error
    if not text.strip():
        raise TableError(Position(name), "the file is empty", "records, or no file")
    return text


def _byte_position(data: bytes, offset: int, name: str) -> Position:
    before = data[:offset]
    start = before.rfind(b"\n") + 1
    column = len(before[start:].decode("utf-8", "replace")) + 1
    return Position(name, before.count(b"\n") + 1, column)
