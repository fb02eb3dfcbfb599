"""Finds the `opa` program that builds policies and serves as the second engine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from compliance.errors import UserError

OPA_VERSION = "1.22.2"
"""The version policies are built and compared with; ``tools/opa/go.mod`` pins the same one."""
VARIABLE = "COMPLIANCE_OPA"
SECONDS = 60.0
"""Time `opa version` may take: the first start after a download is slow where files are scanned."""

_PACKAGE = Path(__file__).resolve().parents[1]
_ADVICE = (
    f"Get OPA {OPA_VERSION}: in a checkout of this project script/test builds it as .tools/opa; "
    "otherwise take that release from the Open Policy Agent project. Then name the program with "
    f"--opa or ${VARIABLE}, or put it on PATH."
)


class OpaNotFoundError(UserError):
    """There is no `opa` program, or the one named does not run."""


class OpaVersionError(UserError):
    """The `opa` program is of another version than the pinned one."""


def find_opa(explicit: str | os.PathLike[str] | None = None) -> Path:
    """Find `opa`: the one named, ``$COMPLIANCE_OPA``, ``.tools/opa``, ``PATH``, in that order.

    Args:
        explicit: the program the user named; None to look for it.

    Returns:
        The absolute path of a program of the pinned version.

    Raises:
        OpaNotFoundError: none is found, or the one found does not run.
        OpaVersionError: the one found is of another version.
    """
    found = _locate(explicit)
    version = read_version(found)
    if version != OPA_VERSION:
        raise OpaVersionError(
            f"{found.as_posix()} is OPA {version}, and this program works with {OPA_VERSION} "
            f"alone, because other versions may decide otherwise. {_ADVICE}"
        )
    return found


def read_version(program: Path) -> str:
    """Ask an `opa` program for its version, such as ``1.22.2``.

    Raises:
        OpaNotFoundError: it does not run or is no `opa`.
    """
    try:
        ran = subprocess.run(
            [program, "version"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=opa_environment(),
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OpaNotFoundError(
            f"{program.as_posix()} does not run ({_reason(error)}). {_ADVICE}"
        ) from error
    stated = re.search(r"^Version: (\S+)", ran.stdout.decode(errors="replace"), re.MULTILINE)
    if ran.returncode != 0 or stated is None:
        raise OpaNotFoundError(
            f"{program.as_posix()} does not say which version of OPA it is. {_ADVICE}"
        )
    return stated[1]


def opa_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment for `opa`: without the variables that set its options."""
    variables = os.environ if environment is None else environment
    return {name: value for name, value in variables.items() if not name.startswith("OPA_")}


def _locate(explicit: str | os.PathLike[str] | None) -> Path:
    variable = os.environ.get(VARIABLE)
    named = [("--opa", explicit), (f"${VARIABLE}", variable)]
    for source, name in named:
        if name:
            found = shutil.which(name)
            if found is None:
                raise OpaNotFoundError(
                    f"{source} names {os.fspath(name)}, which is not a program that can be run. "
                    f"{_ADVICE}"
                )
            return Path(found).absolute()
    for folder in _tool_folders():
        found = shutil.which("opa", path=str(folder))
        if found is not None:
            return Path(found).absolute()
    found = shutil.which("opa")
    if found is None:
        raise OpaNotFoundError(f"This needs the program opa, and there is none. {_ADVICE}")
    return Path(found).absolute()


def _tool_folders() -> Iterator[Path]:
    yield Path.cwd() / ".tools"
    if (_PACKAGE.parent / "pyproject.toml").is_file():  # a checkout, not an installed package
        yield _PACKAGE.parent / ".tools"


def _reason(error: OSError | subprocess.TimeoutExpired) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return f"no answer within {SECONDS:.0f} seconds"
