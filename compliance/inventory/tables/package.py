"""Looks through the parts of a workbook's file before anything else reads it.

A workbook is a ZIP archive of XML files. What its directory says of their sizes need not be true,
so each part that the reader will unpack is unpacked here first, piece by piece and counted.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator, Mapping
from xml.parsers import expat

from compliance.inventory.problems import Position
from compliance.inventory.tables.limits import UNPACKED, TableError

_EXCEL = "in Excel: File, Save as, Excel workbook (.xlsx)"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PIECE = 1024 * 1024
_PARTS = 10_000
"""Parts a workbook may have; sheets, pictures and settings are one each."""


class Package:
    """The parts of a workbook.

    Args:
        data: the bytes of the file.
        name: its path, for messages.

    Raises:
        TableError: it is no workbook, or one that is not read: with macros, links to other
            workbooks, a password, or more data than a table may have.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        _check_format(data, name)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise self.damaged() from error
        self._parts = {info.filename: info for info in infos}
        self._check(infos)

    def sheets(self) -> dict[str, str]:
        """The part of each sheet by the sheet's name."""
        workbook = self._related("", "/officeDocument")
        if not workbook:
            raise self.damaged()
        part = next(iter(workbook.values()))
        parts = self._related(part, "")
        found: dict[str, str] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) == "sheet":
                by_local = {_local(key): value for key, value in attributes.items()}
                target = parts.get(by_local.get("id", ""))
                if target is not None:
                    found[by_local.get("name", "")] = target

        self._parse(part, start)
        return found

    def check_others(self, sheets: Container[str]) -> None:
        """Look through all parts that are not sheets.

        Args:
            sheets: the parts that are looked through elsewhere.

        Raises:
            TableError: one is not what the archive says it is, or would take up too much memory.
        """
        for part, info in self._parts.items():
            if not _is_read(info) or part in sheets:
                continue

            def start(tag: str, attributes: dict[str, str], size: int = info.file_size) -> None:
                del tag
                check_counts(attributes, size)

            self._parse(part, start)

    def size(self, part: str) -> int:
        """Bytes of a part, unpacked."""
        return self._parts[part].file_size if part in self._parts else 0

    def pieces(self, part: str) -> Iterator[bytes]:
        """The content of a part, piece by piece.

        Raises:
            TableError: the part is missing, or is not what the archive says it is.
        """
        info = self._parts.get(part)
        if info is None:
            raise self.damaged()
        start = info.header_offset
        header = self._data[start : start + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise self.damaged()
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        begin = start + 30 + names
        packed = memoryview(self._data)[begin : begin + info.compress_size]
        left = info.file_size
        for piece in _unpacked(packed, info.compress_type):
            left -= len(piece)
            if left < 0:
                raise self.damaged()
            yield piece
        if left:
            raise self.damaged()

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > _PARTS or len(self._parts) < len(infos):
            raise self.damaged()
        for info in infos:
            name = info.filename.lower()
            if info.flag_bits & 0x1:
                raise self._error(*_PASSWORD)
            if "vbaproject" in name or "/macrosheets/" in name:
                raise self._error("workbooks with macros are not read", _EXCEL)
            if "/externallinks/" in name:
                raise self._error(
                    "the workbook refers to cells of other workbooks, whose values may be out of "
                    "date",
                    "in Excel: Data, Edit links (or Workbook links), Break link, and save",
                )
        if sum(info.file_size for info in infos if _is_read(info)) > UNPACKED:
            raise self._too_large()

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts that one names, by their ids within it.

        Args:
            part: the part; empty for the archive itself.
            kind: how the type of the relation ends.
        """
        folder, name = posixpath.split(part)
        found: dict[str, str] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) != "Relationship" or not attributes.get("Type", "").endswith(kind):
                return
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") == "External":
                return
            if part and not target.endswith(".xml"):  # Nothing else is looked through.
                raise self.damaged()
            joined = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found[attributes.get("Id", "")] = posixpath.normpath(joined)

        self._parse(posixpath.join(folder, "_rels", f"{name}.rels"), start)
        return found

    def _parse(self, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
        parser = xml_parser()
        parser.StartElementHandler = start
        try:
            for piece in self.pieces(part):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError) as error:
            raise self.damaged() from error

    def _error(self, message: str, expected: str) -> TableError:
        return TableError(Position(self._name), message, expected)

    def damaged(self, sheet: str | None = None) -> TableError:
        """The error of a file that does not hold what a workbook holds."""
        return TableError(
            Position(self._name, sheet=sheet),
            "the workbook is damaged, or holds what no workbook holds",
            f"a workbook that opens in a spreadsheet program without repair; {_EXCEL}",
        )

    def _too_large(self) -> TableError:
        return self._error(
            f"the workbook unpacks to more than {UNPACKED // 1024 // 1024} MB",
            "a smaller one: empty, formatted rows and columns deleted, or split into several",
        )


def xml_parser() -> expat.XMLParserType:
    """A parser that refuses documents with definitions of their own, which workbooks never have."""

    def refuse(*_: object) -> None:
        raise expat.ExpatError("a document type")

    parser = expat.ParserCreate("utf-8")  # Whatever it says of itself.
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    """The pieces of a part; ends early, or with too much, where the data is not as declared."""
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _PIECE):
            yield bytes(packed[start : start + _PIECE])
        return
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    try:
        while not machine.eof:
            piece = machine.decompress(rest, _PIECE)
            rest = machine.unconsumed_tail
            if not piece and not rest:
                return
            yield piece
    except zlib.error:
        return


def check_counts(attributes: Mapping[str, str], size: int) -> None:
    """Refuse an element that says it holds more members than its part has bytes.

    The reader of workbooks takes memory for as many as are said to come.

    Raises:
        ValueError: it does.
    """
    for name, value in attributes.items():
        if name in ("count", "uniqueCount") and not (value.isdigit() and int(value[:12]) <= size):
            raise ValueError(value)


def _is_read(info: zipfile.ZipInfo) -> bool:
    """Whether the reader of workbooks may unpack a part: pictures it leaves alone."""
    return info.filename.lower().endswith((".xml", ".rels"))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


_PASSWORD = (
    "the workbook is protected with a password",
    "in Excel: File, Info, Protect workbook, Encrypt with password, the password removed, and save",
)


def _check_format(data: bytes, name: str) -> None:
    if data[:8] == _OLE:
        if _ENCRYPTED in data:
            raise TableError(Position(name), *_PASSWORD)
        message = "this is a workbook in the format of before 2007, whatever its name"
        raise TableError(Position(name), message, _EXCEL)
    if data[:4] == b"PK\x03\x04":
        return
    if not data:
        raise TableError(Position(name), "the file is empty", "a workbook, or no file")
    if data.lstrip()[:1] == b"<":
        message = "this is a web page or an XML file, whatever its name"
        raise TableError(Position(name), message, f"opened in Excel, then {_EXCEL}")
    raise TableError(
        Position(name), "this is no workbook, whatever its name",
        f"a workbook; a text file has a name in .csv, .yaml or .json. {_EXCEL[0].upper()}"
        f"{_EXCEL[1:]}",
    )  # fmt: skip
