"""A file that was read: plain values, and beside them the place of every key and value."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from compliance.inventory.personal_data import Suspect
from compliance.inventory.problems import Position

if TYPE_CHECKING:
    from compliance.inventory.wording import Wording

Path = Sequence[str | int]

_LONG = 16
"""From this length on the places of a list's members are worked out once and kept."""


class SourceFile:
    """The value a file holds, with positions.

    Positions cost four bytes a key and four a value: the offsets of all of them in the order of
    the file, which is the order in which a walk through the value meets them.

    Args:
        path: path as the user gave it, with ``/`` between its parts.
        value: plain value: dict, list, str, int, float, bool or None. Read-only.
        sha256: digest of the file's bytes in hexadecimal.
        offsets: offset in characters of each key and value, parents before children, each key
            before its value. None for a value that no file holds.
        lines: offset of the first character of each line.
        suspects: what looks like personal data in the file, comments included.
    """

    __slots__ = ("_lines", "_offsets", "_starts", "path", "sha256", "suspects", "value")

    def __init__(
        self,
        path: str,
        value: Any,
        sha256: str = "",
        offsets: array[int] | None = None,
        lines: Sequence[int] = (0,),
        suspects: tuple[Suspect, ...] = (),
    ) -> None:
        self.path = path
        self.value = value
        self.sha256 = sha256
        self.suspects = suspects
        self._offsets = offsets
        self._lines = lines
        self._starts: dict[int, list[int]] = {}

    def at(self, path: Path) -> Any:
        """The value at a path of keys and list indexes; None where there is none."""
        value = self.value
        for step in path:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def position(self, path: Path = (), key: bool = False) -> Position:
        """Where the value at a path stands, or the nearest value around it that is there.

        Args:
            path: keys and list indexes from the root of the file.
            key: the place of the last key instead of its value.
        """
        offset = self.offset(path, key)
        return Position(self.path) if offset is None else place(self.path, offset, self._lines)

    @property
    def digests(self) -> Mapping[str, str]:
        """Digest of each file the value stands in, by its path."""
        return {self.path: self.sha256}

    def suspected(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Paths of what looks like personal data, each with what it looks like."""
        for suspect in self.suspects:
            yield self.path_at(suspect.offset), suspect.what

    def refused(self, path: Path) -> Iterable[tuple[tuple[str | int, ...], Wording]]:
        """What stands below a path and cannot be read as a value, each with the reason.

        In text files what cannot be read is a problem of the file; in tables one of the cell.

        Args:
            path: the path of a record.

        Returns:
            Paths below the record.
        """
        del path
        return ()

    def offset(self, path: Path = (), key: bool = False) -> int | None:
        """The same as :meth:`position`, as an offset in characters; None outside files."""
        if self._offsets is None:
            return None
        number, value, above = 0, self.value, 0
        for step in path:
            found = self._step(number, value, step)
            if found is None:
                key = False
                break
            above = number = found
            if isinstance(value, dict):
                number += 1
            value = value[step]
        return self._offsets[above if key else number]

    def path_at(self, offset: int) -> tuple[str | int, ...]:
        """Path of the innermost value that begins at or before an offset."""
        if self._offsets is None:
            return ()
        rest = bisect_right(self._offsets, offset) - 1
        path: list[str | int] = []
        value = self.value
        # Walk down: the children of a value stand in its order, each with all that it holds.
        while rest > 0 and isinstance(value, dict | list):
            rest -= 1
            keyed = isinstance(value, dict)
            children: Iterable[tuple[Any, Any]] = (
                value.items() if isinstance(value, dict) else enumerate(value)
            )
            for step, child in children:
                length = size(child) + keyed
                if rest < length:
                    path.append(step)
                    value = child
                    rest -= keyed
                    break
                rest -= length
        return tuple(path)

    def _step(self, number: int, value: Any, step: str | int) -> int | None:
        """Number of the key (in a mapping) or of the member (in a list) one step down."""
        if isinstance(value, dict) and step in value:
            number += 1
            for name, child in value.items():
                if name == step:
                    break
                number += 1 + size(child)
            return number
        if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            return self._member(number, value, step)
        return None

    def _member(self, number: int, members: list[Any], index: int) -> int:
        if len(members) < _LONG:
            return number + 1 + sum(map(size, members[:index]))
        starts = self._starts.get(number)
        if starts is None:
            starts = self._starts[number] = [0, *accumulate(map(size, members))]
        return number + 1 + starts[index]


def size(value: Any) -> int:
    """How many keys and values a value consists of, itself included."""
    if value.__class__ is dict:
        return 1 + len(value) + _sizes(value.values())
    if value.__class__ is list:
        return 1 + _sizes(value)
    return 1


def _sizes(values: Any) -> int:
    total = 0
    for value in values:
        # Most values are scalars, which need no call.
        total += size(value) if value.__class__ is dict or value.__class__ is list else 1
    return total


def line_starts(text: str) -> array[int]:
    """Offset of the first character of each line; a line ends with LF, CR LF or CR."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    lengths = [len(line) + 1 for line in text.split("\n")]
    return array("I", [0, *accumulate(lengths[:-1])])


def place(file: str, offset: int, lines: Sequence[int]) -> Position:
    """The position of an offset in a file."""
    line = bisect_right(lines, offset)
    return Position(file, line, offset - lines[line - 1] + 1)


def dotted(path: Path) -> str:
    """A path as people read it: ``software[0].name``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def lookup(value: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path below a mapping; None where there is none."""
    found: Any = value
    for step in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(step)
    return found
