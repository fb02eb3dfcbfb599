"""The pages in docs/inventory/: a page for each kind of record, and their index."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from compliance.inventory.kinds import Kinds, load_kinds
from compliance.inventory.reference_page import index_page, kind_page

FOLDER = "docs/inventory"


def inventory_pages(root: Path, generated: str) -> dict[str, Callable[[], str]]:
    """What is written, by path.

    Args:
        root: the checkout.
        generated: the line that says that a page is generated.
    """
    kinds = load_kinds(root / "schemas" / "inventory")
    pages: dict[str, Callable[[], str]] = {
        f"{FOLDER}/README.md": partial(_marked, generated, partial(index_page, kinds))
    }
    for name in kinds:
        if not kinds[name].read_only:
            page = partial(_kind_page, kinds, name)
            pages[f"{FOLDER}/{name}.md"] = partial(_marked, generated, page)
    return pages


def _kind_page(kinds: Kinds, name: str) -> str:
    return kind_page(kinds, name)


def _marked(generated: str, page: Callable[[], str]) -> str:
    title, _, rest = page().partition("\n")
    return f"{title}\n\n{generated}\n{rest}"
