"""Reads the texts of Rego files from a folder or from a built bundle."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

from compliance.engine.interface import EngineError


def read_rego(source: Path) -> dict[str, str]:
    """Read all Rego files but tests.

    Args:
        source: a folder, searched recursively, or a bundle (``.tar.gz``).

    Returns:
        Name with ``/`` to text, sorted by name.

    Raises:
        EngineError: it cannot be read, or holds none.
    """
    try:
        contents = _from_folder(source) if source.is_dir() else _from_bundle(source)
        texts = {
            name: content.decode()
            for name, content in sorted(contents.items())
            if not name.endswith("_test.rego")
        }
    except (OSError, EOFError, UnicodeDecodeError, tarfile.TarError, zlib.error) as error:
        raise EngineError(
            f"{source.as_posix()} cannot be read as a bundle or folder of Rego files: {error}"
        ) from error
    if not texts:
        raise EngineError(f"{source.as_posix()} holds no Rego file.")
    return texts


def _from_folder(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.rego")
    }


def _from_bundle(bundle: Path) -> dict[str, bytes]:
    contents = {}
    with tarfile.open(bundle, "r:gz") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.name.endswith(".rego") else None
            if stream is not None:
                contents[member.name.removeprefix("./").lstrip("/")] = stream.read()
    return contents
