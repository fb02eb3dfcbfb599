"""An OPA server of our own: on loopback, behind a token, and gone when we are."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from compliance.engine import opa_keeper
from compliance.engine.interface import EngineError
from compliance.engine.opa_program import opa_environment

HOST = "127.0.0.1"
READY_SECONDS = 60.0
"""Time the server may take to load a policy and answer."""
STOP_SECONDS = 10.0
PORTS_TRIED = 5
"""Another program may take a free port before the server does."""
HELLO = "system/authz/hello"
"""Path of a secret word that proves the server to be ours; it may be asked without the token."""

_AUTHORIZATION = """\
package system.authz

default allow := false

allow if crypto.sha256(input.identity) == "{token_sha256}"

allow if {{
	input.method == "GET"
	input.path == ["v1", "data", "system", "authz", "hello"]
}}

hello := "{hello}"
"""


class OpaChild:
    """A running `opa` server with one policy loaded.

    Args:
        program: the `opa` program.
        source: a built bundle, or the texts of Rego files by name.
        root: the path all packages of the texts lie under, such as ``compliance/hipaa``.
        hello: asks a port on ``HOST`` for the word at ``HELLO``; None if there is no answer.

    Attributes:
        port: where it listens.
        token: what requests must carry.

    Raises:
        EngineError: it does not start, for example because the Rego does not compile.
    """

    def __init__(
        self,
        program: Path,
        source: Path | Mapping[str, str],
        root: str,
        hello: Callable[[int], str | None],
    ) -> None:
        self.token = secrets.token_urlsafe(32)
        self.port = 0
        self._hello = secrets.token_urlsafe(32)
        self._keeper: subprocess.Popen[bytes] | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="compliance-opa-"))
        try:
            self._write_bundle("authz", "system/authz", {"authz.rego": self._authorization()})
            if isinstance(source, Path):
                bundle = str(source.absolute())
            else:
                bundle = self._write_bundle("policy", root, source)
            self._start(program, bundle, hello)
        except BaseException:  # also Ctrl-C while it starts
            self.close()
            raise

    @property
    def running(self) -> bool:
        """Whether the server has not ended."""
        return self._keeper is not None and self._keeper.poll() is None

    def log(self) -> str:
        """Give the last of what the server wrote about errors, as one line."""
        try:
            text = (self._folder / "opa.log").read_text("utf-8", "replace")
        except OSError:
            return ""
        return "; ".join(filter(None, map(_message, text.splitlines()[-20:])))

    def close(self) -> None:
        """Stop the server and remove its files."""
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, program: Path, bundle: str, hello: Callable[[int], str | None]) -> None:
        log = ""
        for _ in range(PORTS_TRIED):
            self.port = _free_port()
            self._launch(program, bundle)
            if self._await_ready(hello):
                return
            log = self.log()
            self._stop()
            if "listen tcp" not in log:
                break
        raise EngineError(f"The OPA server did not start: {log or 'it wrote nothing about why'}")

    def _launch(self, program: Path, bundle: str) -> None:
        command = [sys.executable, "-I", "-S", opa_keeper.__file__, str(self._folder)]
        command += [str(program.absolute()), "run", "--server", "--addr", f"{HOST}:{self.port}"]
        command += ["--authentication", "token", "--authorization", "basic"]
        command += ["--skip-version-check", "--log-level", "error"]
        command += ["--bundle", "authz", bundle]
        with (self._folder / "opa.log").open("wb") as log:
            self._keeper = subprocess.Popen(
                command,
                env=opa_environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                **_own_group(),
            )

    def _await_ready(self, hello: Callable[[int], str | None]) -> bool:
        end = time.monotonic() + READY_SECONDS
        while self.running and time.monotonic() < end:
            if hello(self.port) == self._hello:
                return True
            time.sleep(0.02)
        return False

    def _stop(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        if keeper.stdin is not None:
            with contextlib.suppress(OSError):
                keeper.stdin.close()  # which makes the keeper kill the server
        try:
            keeper.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()
        if sys.platform != "win32" and keeper.returncode < 0:
            # The keeper itself was killed, and the server is still in its group.
            with contextlib.suppress(OSError):
                os.killpg(keeper.pid, signal.SIGKILL)

    def _authorization(self) -> str:
        digest = hashlib.sha256(self.token.encode()).hexdigest()
        return _AUTHORIZATION.format(token_sha256=digest, hello=self._hello)

    def _write_bundle(self, name: str, root: str, texts: Mapping[str, str]) -> str:
        folder = self._folder / name
        folder.mkdir()
        manifest = {"revision": "", "roots": [root], "rego_version": 1}
        (folder / ".manifest").write_text(json.dumps(manifest), "utf-8")
        for file, text in texts.items():
            parts = PurePosixPath(file.lstrip("/")).parts
            if not parts or ".." in parts:
                raise EngineError(f"The policy has a Rego file with an unusable name: {file!r}.")
            path = folder.joinpath(*parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        return name


def _own_group() -> dict[str, Any]:
    """Give the options that keep a terminal's Ctrl-C from reaching the server before us."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _message(line: str) -> str:
    """Give what one line of OPA's log says: JSON while it serves, plain text when it gives up."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line.strip()
    if not isinstance(entry, dict) or entry.get("level") == "warning":
        return ""
    return ": ".join(str(entry[key]) for key in ("msg", "err") if key in entry)
