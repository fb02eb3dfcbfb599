"""Finds the folders the program ships: schemas, the policy library, published policies, examples.

In a source checkout they lie at its root; a wheel carries them inside this package, in ``_data``.
"""

from functools import cache
from pathlib import Path

from compliance.errors import UserError

_PACKAGE = Path(__file__).resolve().parent


class MissingResourceError(UserError):
    """A folder the program ships is not there: the installation is incomplete."""


def schemas() -> Path:
    """Returns the folder of JSON Schemas; ``inventory/`` in it has one file a kind.

    Raises:
        MissingResourceError: The installation has no such folder.
    """
    return _folder("schemas")


def policy_library() -> Path:
    """Returns the folder of the Rego every bundle carries a copy of, with ``capabilities.json``.

    Raises:
        MissingResourceError: The installation has no such folder.
    """
    return _folder("policies", "lib")


def published_policies() -> Path:
    """Returns the folder of the embedded registry: ``index.json`` and the bundles it lists.

    Raises:
        MissingResourceError: The installation has no such folder.
    """
    return _folder("policies", "published")


def examples() -> Path:
    """Returns the folder of example inventories, one folder an agency.

    Raises:
        MissingResourceError: The installation has no such folder.
    """
    return _folder("examples")


def _folder(*parts: str) -> Path:
    folder = _root(_PACKAGE).joinpath(*parts)
    if not folder.is_dir():
        raise MissingResourceError(_advice(folder))
    return folder


@cache
def _root(package: Path) -> Path:
    bundled = package / "_data"
    if bundled.is_dir():
        return bundled
    # Beside an installed package lie other projects' folders, which may be named `schemas` too.
    if (package.parent / "pyproject.toml").is_file():
        return package.parent
    raise MissingResourceError(_advice(bundled))


def _advice(folder: Path) -> str:
    return (
        f"The folder {folder.as_posix()}, which belongs to the program, is missing. "
        "Install the program again."
    )
