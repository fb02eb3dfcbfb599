"""Bundles as files: a ``.tar.gz`` whose bytes depend on its content alone, and read with limits."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Mapping

LARGEST_MEMBER = 64 * 1024 * 1024
"""Bytes of one file in a bundle."""
LARGEST_BUNDLE = 256 * 1024 * 1024
"""Bytes of all files of a bundle together."""
MOST_MEMBERS = 10_000
"""Files in a bundle."""


class ArchiveError(Exception):
    """Bytes that are no archive, or one beyond the limits; the message says why."""


def pack(files: Mapping[str, bytes], time: int = 0) -> bytes:
    """An archive of files, sorted by name, all of one time and owner.

    Args:
        files: content by name.
        time: seconds since 1970 that every file is dated with.
    """
    packed = io.BytesIO()
    with (
        gzip.GzipFile(
            filename="", mode="wb", fileobj=packed, compresslevel=9, mtime=time
        ) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mtime = time
            member.mode = 0o644
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def unpack(packed: bytes) -> dict[str, bytes]:
    """The files of an archive by name; leading slashes and dots of names are taken off.

    Raises:
        ArchiveError: it is cut off, altered, too large, or holds anything but files.
    """
    files: dict[str, bytes] = {}
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            for member in archive:
                total += member.size
                if len(files) >= MOST_MEMBERS or max(member.size, 0) > LARGEST_MEMBER:
                    raise ArchiveError("it holds more or larger files than a bundle may")
                if total > LARGEST_BUNDLE:
                    raise ArchiveError("its files together are larger than a bundle may be")
                name = _name(member)
                stream = archive.extractfile(member)
                if stream is None or name in files:
                    raise ArchiveError(f"{member.name} stands twice in it or is no file")
                files[name] = stream.read()
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise ArchiveError(f"it cannot be unpacked ({error})") from error
    return files


def _name(member: tarfile.TarInfo) -> str:
    name = member.name.removeprefix("./").lstrip("/")
    if not member.isreg() or not name or "\\" in name or ".." in name.split("/"):
        raise ArchiveError(f"{member.name!r} is no file that a bundle may hold")
    return name
