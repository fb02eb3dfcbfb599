"""Reads reports of every format as text, to search in them."""

import html
import io
import zipfile
from collections.abc import Iterable


def whole(pieces: Iterable[str] | Iterable[bytes]) -> bytes:
    """The file that pieces of a report are."""
    return b"".join(one.encode() if isinstance(one, str) else one for one in pieces)


def text_of(content: bytes) -> str:
    """All text of a report's file; of a workbook that of every part, as people see it."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return html.unescape("\n".join(parts.read(name).decode() for name in parts.namelist()))
