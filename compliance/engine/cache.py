"""A cache of compiled machine code that nobody but the user can put anything into.

Whoever can write a file that is later run as machine code owns the user's account, and compilers'
own caches load altered files without a word. So each entry carries an HMAC-SHA-256 over its name
and content, under a random key that lies apart from the cache, in the user's state folder: a cache
that is copied between machines, as continuous integration does, never carries its own key.

Trouble with the cache is never an error: the caller compiles again.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

KEY_BYTES = 32
MAC_BYTES = 32
MAGIC = b"compliance-compiled-1\n"
KEPT = 32
"""Entries left after one is added; the ones written longest ago go first."""


class CompileCache:
    """Compiled modules by what they were compiled from and for.

    Attributes:
        folder: where the entries lie; made when the first one is stored.
        key_file: the secret key; made when it is missing or unusable.
    """

    def __init__(self, folder: Path, key_file: Path) -> None:
        self.folder = folder
        self.key_file = key_file

    @classmethod
    def of_user(cls, environment: Mapping[str, str] | None = None) -> CompileCache | None:
        """Give the user's cache, in ``$COMPLIANCE_CACHE`` or the system's usual place.

        Args:
            environment: variables to look in; None for those of the process.

        Returns:
            None where the user has no folder of their own.
        """
        variables = os.environ if environment is None else environment
        cache, state = _user_folders(variables)
        if variables.get("COMPLIANCE_CACHE"):
            cache = Path(variables["COMPLIANCE_CACHE"])
        if cache is None or state is None:
            return None
        return cls(cache / "compiled", state / "compile-cache.key")

    def load(self, identity: Sequence[str]) -> bytes | None:
        """Give a stored entry.

        Args:
            identity: all that the compiled code depends on, such as digest, version and platform.

        Returns:
            The content; None if there is none, or none that may be trusted.
        """
        name = entry_name(identity)
        try:
            if not _is_private(self.folder.lstat(), stat.S_ISDIR):
                return None
            key = self._read_key()
            if key is None:
                return None
            entry = (self.folder / name).read_bytes()
        except OSError:
            return None
        start = len(MAGIC) + MAC_BYTES
        if len(entry) <= start or not entry.startswith(MAGIC):
            return None
        content = entry[start:]
        if not hmac.compare_digest(entry[len(MAGIC) : start], _mac(key, name, content)):
            return None
        return content

    def store(self, identity: Sequence[str], content: bytes | bytearray) -> None:
        """Store an entry in the place of any of the same identity; where that fails, do nothing."""
        name = entry_name(identity)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(self.folder.lstat(), stat.S_ISDIR):
                return
            key = self._read_key() or self._make_key()
            if key is not None:
                _write(self.folder / name, MAGIC + _mac(key, name, content) + content)
                self._prune()
        except OSError:
            return

    def _read_key(self) -> bytes | None:
        """Give the key, if nobody but the user can have written or read it."""
        try:
            folder, file = self.key_file.parent.lstat(), self.key_file.lstat()
        except FileNotFoundError:
            return None
        # What it is comes first: reading a FIFO in the key's place would wait for ever.
        if not _is_private(folder, stat.S_ISDIR) or not _is_private(
            file, stat.S_ISREG, secret=True
        ):
            return None
        key = self.key_file.read_bytes()
        return key if len(key) == KEY_BYTES else None

    def _make_key(self) -> bytes | None:
        """Make a new key; where two processes do at once, both go on with the one that stays."""
        self.key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self.key_file, secrets.token_bytes(KEY_BYTES))
        return self._read_key()

    def _prune(self) -> None:
        # All files, so that what a killed process left half written goes as well.
        written = [(path.stat().st_mtime, path) for path in self.folder.iterdir()]
        for _, path in sorted(written)[:-KEPT]:
            path.unlink(missing_ok=True)


def entry_name(identity: Sequence[str]) -> str:
    """Give the file name of an entry: the SHA-256 of its identity."""
    return hashlib.sha256(json.dumps(list(identity)).encode()).hexdigest() + ".compiled"


def _mac(key: bytes, name: str, content: bytes | bytearray) -> bytes:
    """The name is covered too: else an entry could be put in the place of another one."""
    mac = hmac.new(key, name.encode() + b"\0", "sha256")
    mac.update(content)
    return mac.digest()


def _is_private(
    status: os.stat_result, is_kind: Callable[[int], bool], *, secret: bool = False
) -> bool:
    """Whether a file or folder is of its kind, the user's own, and closed to writing by others.

    On Windows the modes say nothing, and the profile's access lists keep others out.
    """
    if not is_kind(status.st_mode):
        return False
    if os.name == "nt":
        return True
    closed = 0o077 if secret else 0o022
    return status.st_uid == os.geteuid() and not status.st_mode & closed


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, readable by the user alone, or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as stream:
            stream.write(content)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _user_folders(environment: Mapping[str, str]) -> tuple[Path | None, Path | None]:
    """Give the user's cache and state folder for this program, as the system lays them out."""
    if sys.platform == "win32":
        local = _absolute(environment.get("LOCALAPPDATA"))
        return _below(local, "compliance", "cache"), _below(local, "compliance", "state")
    home = _home(environment)
    if sys.platform == "darwin":
        library = _below(home, "Library")
        return (
            _below(library, "Caches", "compliance"),
            _below(library, "Application Support", "compliance"),
        )
    cache = _absolute(environment.get("XDG_CACHE_HOME")) or _below(home, ".cache")
    state = _absolute(environment.get("XDG_STATE_HOME")) or _below(home, ".local", "state")
    return _below(cache, "compliance"), _below(state, "compliance")


def _home(environment: Mapping[str, str]) -> Path | None:
    if "HOME" in environment:
        return _absolute(environment["HOME"])
    try:
        return Path.home()
    except RuntimeError:  # the user has no entry in the system's list of users
        return None


def _absolute(name: str | None) -> Path | None:
    """A relative folder would move with the working folder, so it counts as none."""
    return Path(name) if name and Path(name).is_absolute() else None


def _below(folder: Path | None, *parts: str) -> Path | None:
    return None if folder is None else folder.joinpath(*parts)
