"""What every page is made with: its templates, its style and its script."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance.report.html.facets import joined
from compliance.report.plain import neutral

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Asset:
    """The style or the script of a page."""

    text: str
    digest: str
    """For the page's Content-Security-Policy: ``sha256-...``."""


@cache
def asset(*names: str) -> Asset:
    """One or more of our own files beside the templates, joined.

    Args:
        *names: such as ``report.css``.
    """
    text = "".join((_TEMPLATES / name).read_text("utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Asset(text, f"sha256-{digest}")


@cache
def template(name: str) -> Template:
    """A template by the name of its file, such as ``page.html.j2``.

    All that a template shows is escaped, and nothing in a text of an inventory can mislead the
    reader; the filter ``asset`` alone shows what it is given as it is. Pages extend
    ``base.html.j2``, which needs ``metadata`` with the marking, ``style``, and ``script`` or None.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters["asset"] = _as_it_is
    environment.filters["joined"] = joined
    environment.filters["breakable"] = _breakable
    return environment.get_template(name)


def _shown(value: Any) -> Any:
    """A value as the page shows it: nothing in a text of the inventory can mislead the reader.

    Control characters, bidirectional overrides and invisible characters become visible, as in the
    report for a terminal; what means something in HTML is escaped after this.
    """
    if type(value) is str:
        return (
            value if value.isascii() and value.isprintable() else neutral(" ".join(value.split()))
        )
    return value


def _breakable(text: str) -> Any:
    """A path that may be broken where its parts meet, rather than within a word."""
    from markupsafe import Markup, escape

    found = str(escape(_shown(text)))
    for mark in ("/", ".", "_"):
        found = found.replace(mark, f"{mark}<wbr>")
    return Markup(found)  # noqa: S704


def _as_it_is(own: Asset) -> Any:
    from markupsafe import Markup

    # Our own files, whose digest the page's policy names; nothing of an inventory is in them.
    return Markup(own.text)  # noqa: S704
