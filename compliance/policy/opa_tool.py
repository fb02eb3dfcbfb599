"""What building and linting a policy ask of the program ``opa``: check, format, compile."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance import resources
from compliance.engine.opa_program import opa_environment
from compliance.errors import UserError

SECONDS = 600.0
"""Time one call may take."""


class OpaRefusedError(UserError):
    """OPA would not check, format or compile what it was given."""


@dataclass(frozen=True, slots=True)
class RegoError:
    """One error OPA found."""

    file: str
    """Path below the folder that was checked."""
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Opa:
    """The program."""

    program: Path

    def check(self, folder: Path) -> tuple[RegoError, ...]:
        """Errors in the Rego files of a folder, strictly and within the capabilities."""
        ran = self._run(
            "check", "--strict", "--capabilities", str(_capabilities()), "--format", "json", ".",
            folder=folder,
        )  # fmt: skip
        if ran.returncode == 0:
            return ()
        try:
            errors = json.loads(ran.stderr or ran.stdout)["errors"]
        except (ValueError, KeyError, TypeError) as error:
            raise OpaRefusedError(f"opa check failed: {_said(ran)}") from error
        return tuple(_error(error) for error in errors)

    def unformatted(self, folder: Path) -> tuple[str, ...]:
        """Rego files of a folder that ``opa fmt`` would change, sorted."""
        ran = self._run("fmt", "--list", ".", folder=folder)
        if ran.returncode != 0:
            raise OpaRefusedError(f"opa fmt failed: {_said(ran)}")
        return tuple(sorted(line.removeprefix("./") for line in ran.stdout.split("\n") if line))

    def refused_patterns(self, patterns: Sequence[str]) -> tuple[str, ...]:
        """The regular expressions that RE2 does not accept."""
        query = "[pattern | some pattern in input; not regex.is_valid(pattern)]"
        ran = self._run(
            "eval", "--format", "raw", "--stdin-input", query,
            folder=Path.cwd(), text=json.dumps(patterns),
        )  # fmt: skip
        if ran.returncode != 0:
            raise OpaRefusedError(f"opa eval failed: {_said(ran)}")
        return tuple(json.loads(ran.stdout))

    def compile(self, bundle: Path, entries: Iterable[str], output: Path) -> None:
        """Compile a bundle to a bundle with a wasm module.

        Args:
            bundle: the ``.tar.gz``.
            entries: paths of the entry points.
            output: the ``.tar.gz`` to write, which holds ``policy.wasm``.
        """
        wanted = [flag for entry in entries for flag in ("--entrypoint", entry)]
        ran = self._run(
            "build", "--target", "wasm", "--capabilities", str(_capabilities()),
            "--bundle", bundle.name, "--output", str(output), *wanted,
            folder=bundle.parent,
        )  # fmt: skip
        if ran.returncode != 0:
            raise OpaRefusedError(f"opa build failed: {_said(ran)}")

    def _run(
        self, *arguments: str, folder: Path, text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = (str(self.program), *arguments)
        try:
            return subprocess.run(
                command,
                cwd=folder,
                check=False,
                input=text,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                env=opa_environment(),
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            what = f"opa {arguments[0]} gave no answer within {SECONDS:.0f} seconds."
            raise OpaRefusedError(what) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise OpaRefusedError(f"{self.program} does not run ({reason}).") from error


def _capabilities() -> Path:
    return (resources.policy_library() / "capabilities.json").absolute()


def _error(error: dict[str, object]) -> RegoError:
    where = error.get("location")
    if not isinstance(where, dict):
        return RegoError("", 1, 1, str(error["message"]))
    file = str(where.get("file", "")).removeprefix("./")
    return RegoError(file, int(where["row"]), int(where["col"]), str(error["message"]))


def _said(ran: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (ran.stderr or ran.stdout).split("\n") if line.strip()]
    return "; ".join(lines[:5]) or f"exit status {ran.returncode}"
