"""Ids made of what a source calls a thing: the same text always gives the same id."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 100
_OTHER = re.compile(r"[^a-z0-9._]+")
_RESERVED = ("none",)


def record_id(text: str, prefix: str = "") -> str:
    """An id that keeps to the form of ids and says what the text says, as far as it may.

    ``IFA GoodRead`` becomes ``ifa-goodread``. What cannot be kept, such as a text of other scripts
    or one that is too long, is held apart by part of its digest.

    Args:
        text: what the source calls the thing; not blank.
        prefix: what the id begins with.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    name = prefix + _OTHER.sub("-", plain).strip("-._")
    if name == prefix or name in _RESERVED:
        name = f"{name or 'id'}-{_digest(text)}".replace("--", "-")
    if len(name) > LONGEST:
        name = f"{name[: LONGEST - 9]}-{_digest(text)}"
    return name


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().casefold().encode("utf-8", "replace")).hexdigest()[:8]
