"""The cache of compiled code: what it trusts, and what it does about all else."""

import hmac
import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import wasmtime

from compliance.engine import cache as module
from compliance.engine.cache import KEPT, CompileCache, entry_name
from compliance.engine.wasm import WasmEngine
from tests.engine.building import ENTRIES, FUEL, Built
from tests.engine.inputs import SATISFIED, system

IDENTITY = ["digest", "1.0", "linux", "fuel"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing on Windows")


@pytest.fixture
def cache(tmp_path: Path) -> CompileCache:
    return CompileCache(tmp_path / "cache" / "compiled", tmp_path / "state" / "key")


def only_entry(cache: CompileCache) -> Path:
    (entry,) = cache.folder.iterdir()
    return entry


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_stored_is_loaded(cache: CompileCache) -> None:
    assert cache.load(IDENTITY) is None
    cache.store(IDENTITY, b"code")
    assert cache.load(IDENTITY) == b"code"
    cache.store(IDENTITY, bytearray(b"newer code"))
    assert cache.load(IDENTITY) == b"newer code"


@pytest.mark.parametrize("part", range(4))
def test_every_part_of_the_identity_tells_entries_apart(cache: CompileCache, part: int) -> None:
    cache.store(IDENTITY, b"code")
    other = [*IDENTITY[:part], "other", *IDENTITY[part + 1 :]]
    assert cache.load(other) is None


def test_parts_of_the_identity_do_not_run_into_one_another() -> None:
    assert entry_name(["ab", "c"]) != entry_name(["a", "bc"])


@posix
def test_only_the_user_can_read_key_and_entries(cache: CompileCache) -> None:
    before = os.umask(0)
    try:
        cache.store(IDENTITY, b"code")
    finally:
        os.umask(before)
    assert mode(cache.key_file) == mode(only_entry(cache)) == 0o600
    assert mode(cache.key_file.parent) == mode(cache.folder) == 0o700


def flip(place: int) -> Callable[[bytes], bytes]:
    return lambda entry: entry[:place] + bytes([entry[place] ^ 1]) + entry[place % len(entry) + 1 :]


@pytest.mark.parametrize(
    "alter",
    [
        *(flip(place) for place in (0, len(module.MAGIC), len(module.MAGIC) + 31, -1, -4)),
        lambda entry: entry[:-1],
        lambda entry: entry[: len(module.MAGIC) + 32],
        lambda entry: entry[: len(module.MAGIC)],
        lambda entry: b"",
        lambda entry: entry + b"\0",
        lambda entry: module.MAGIC + bytes(32) + b"code",
        lambda entry: module.MAGIC + hmac.digest(bytes(32), b"code", "sha256") + b"code",
    ],
)
def test_an_altered_entry_is_not_loaded_and_is_replaced(
    cache: CompileCache, alter: Callable[[bytes], bytes]
) -> None:
    cache.store(IDENTITY, b"code")
    entry = only_entry(cache)
    entry.write_bytes(alter(entry.read_bytes()))
    assert cache.load(IDENTITY) is None
    cache.store(IDENTITY, b"code")
    assert cache.load(IDENTITY) == b"code"


def test_an_entry_in_the_place_of_another_is_not_loaded(cache: CompileCache) -> None:
    cache.store(IDENTITY, b"code")
    other = ["other", *IDENTITY[1:]]
    only_entry(cache).rename(cache.folder / entry_name(other))
    assert cache.load(other) is None


def test_an_entry_of_another_key_is_not_loaded(cache: CompileCache, tmp_path: Path) -> None:
    cache.store(IDENTITY, b"code")
    elsewhere = CompileCache(cache.folder, tmp_path / "other-state" / "key")
    elsewhere.store(["something else"], b"so that there is a key")
    assert elsewhere.load(IDENTITY) is None


@pytest.mark.parametrize("key", [None, b"", b"short", bytes(33)])
def test_without_a_proper_key_nothing_is_loaded_and_storing_makes_one(
    cache: CompileCache, key: bytes | None
) -> None:
    cache.store(IDENTITY, b"code")
    first = cache.key_file.read_bytes()
    cache.key_file.unlink()
    if key is not None:
        cache.key_file.touch(0o600)
        cache.key_file.write_bytes(key)
    assert cache.load(IDENTITY) is None
    cache.store(IDENTITY, b"code")
    assert cache.load(IDENTITY) == b"code"
    assert cache.key_file.read_bytes() != first


@posix
@pytest.mark.parametrize("others", [0o722, 0o770, 0o702])
def test_a_folder_that_others_can_write_to_is_not_used(cache: CompileCache, others: int) -> None:
    cache.store(IDENTITY, b"code")
    cache.folder.chmod(others)
    assert cache.load(IDENTITY) is None
    only_entry(cache).unlink()
    cache.store(IDENTITY, b"code")
    assert list(cache.folder.iterdir()) == []


@posix
@pytest.mark.parametrize("others", [0o722, 0o770, 0o702])
def test_a_key_in_a_folder_that_others_can_write_to_is_not_used(
    cache: CompileCache, others: int
) -> None:
    cache.store(IDENTITY, b"code")
    cache.key_file.parent.chmod(others)
    assert cache.load(IDENTITY) is None
    cache.store(IDENTITY, b"newer code")
    cache.key_file.parent.chmod(0o700)
    assert cache.load(IDENTITY) != b"newer code"


@posix
@pytest.mark.parametrize("others", [0o640, 0o604, 0o620, 0o644])
def test_a_key_that_others_can_read_is_replaced(cache: CompileCache, others: int) -> None:
    cache.store(IDENTITY, b"code")
    known = cache.key_file.read_bytes()
    cache.key_file.chmod(others)
    assert cache.load(IDENTITY) is None
    cache.store(IDENTITY, b"code")
    assert cache.load(IDENTITY) == b"code"
    assert cache.key_file.read_bytes() != known
    assert mode(cache.key_file) == 0o600


@posix
def test_what_belongs_to_another_user_is_not_used(
    cache: CompileCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.store(IDENTITY, b"code")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.load(IDENTITY) is None
    cache.store(IDENTITY, b"newer code")
    monkeypatch.undo()
    assert cache.load(IDENTITY) == b"code"


@posix
def test_a_symbolic_link_is_not_followed(cache: CompileCache, tmp_path: Path) -> None:
    cache.store(IDENTITY, b"code")
    moved = cache.folder.rename(tmp_path / "moved")
    cache.folder.symlink_to(moved)
    assert cache.load(IDENTITY) is None
    cache.store(IDENTITY, b"newer code")
    cache.folder.unlink()
    moved.rename(cache.folder)
    assert cache.load(IDENTITY) == b"code"


@posix
def test_a_pipe_in_the_place_of_the_key_does_not_block(cache: CompileCache) -> None:
    cache.store(IDENTITY, b"code")
    cache.key_file.unlink()
    os.mkfifo(cache.key_file, 0o600)
    assert cache.load(IDENTITY) is None
    cache.store(IDENTITY, b"code")
    assert cache.load(IDENTITY) == b"code"


def test_a_file_in_the_place_of_a_folder_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    for cache in (
        CompileCache(blocked / "compiled", tmp_path / "key"),
        CompileCache(blocked, tmp_path / "key"),
        CompileCache(tmp_path / "compiled", blocked / "key"),
    ):
        cache.store(IDENTITY, b"code")
        assert cache.load(IDENTITY) is None


def test_a_full_disk_is_no_error_and_leaves_no_half_file(
    cache: CompileCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    cache.store(IDENTITY, b"code")
    monkeypatch.setattr(Path, "replace", full)
    cache.store(["another"], b"code")
    assert only_entry(cache).name == entry_name(IDENTITY)


def test_the_oldest_entries_go_first(cache: CompileCache) -> None:
    for number in range(KEPT):
        cache.store([str(number)], b"code")
        aged = time.time() - 1000 + number
        os.utime(cache.folder / entry_name([str(number)]), (aged, aged))
    cache.store(["new"], b"code")
    names = {path.name for path in cache.folder.iterdir()}
    kept = {entry_name([str(number)]) for number in range(1, KEPT)}
    assert names == kept | {entry_name(["new"])}


@posix
@pytest.mark.parametrize(
    ("platform", "environment", "cache", "state"),
    [
        ("linux", {"HOME": "/u"}, "/u/.cache/compliance", "/u/.local/state/compliance"),
        (
            "linux",
            {"HOME": "/u", "XDG_CACHE_HOME": "/c", "XDG_STATE_HOME": "/s"},
            "/c/compliance",
            "/s/compliance",
        ),
        (
            "linux",
            {"HOME": "/u", "XDG_CACHE_HOME": "c", "XDG_STATE_HOME": ""},
            "/u/.cache/compliance",
            "/u/.local/state/compliance",
        ),
        ("linux", {"HOME": "/u", "COMPLIANCE_CACHE": "/x"}, "/x", "/u/.local/state/compliance"),
        (
            "darwin",
            {"HOME": "/u"},
            "/u/Library/Caches/compliance",
            "/u/Library/Application Support/compliance",
        ),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/compliance/cache", "/l/compliance/state"),
    ],
)
def test_folders_of_the_user(
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    environment: dict[str, str],
    cache: str,
    state: str,
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    found = CompileCache.of_user(environment)
    assert found is not None
    assert found.folder == Path(cache, "compiled")
    assert found.key_file == Path(state, "compile-cache.key")


@pytest.mark.parametrize("environment", [{"HOME": ""}, {"HOME": "relative"}])
def test_without_a_home_there_is_no_cache(environment: dict[str, str]) -> None:
    assert CompileCache.of_user(environment) is None


def test_the_cache_never_holds_the_key(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "COMPLIANCE_CACHE": str(tmp_path / "cached")}
    cache = CompileCache.of_user(environment)
    assert cache is not None
    cache.store(IDENTITY, b"code")
    assert cache.key_file.is_file()
    assert not cache.key_file.is_relative_to(tmp_path / "cached")


@pytest.fixture
def compiled(built: Built, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Gets the policy's module each time it is compiled."""
    modules: list[bytes] = []
    compile_module = wasmtime.Module.__init__

    def count(self: wasmtime.Module, engine: wasmtime.Engine, code: bytes) -> None:
        if code == built.policy:  # and not the small one that calls it
            modules.append(code)
        compile_module(self, engine, code)

    monkeypatch.setattr(wasmtime.Module, "__init__", count)
    return modules


def evaluate(built: Built, cache: CompileCache | None) -> None:
    with WasmEngine(built.policy, None, ENTRIES, fuel=FUEL, cache=cache) as engine:
        (answer,) = engine.evaluate([system()])
    assert answer.statuses == SATISFIED


def test_a_module_is_compiled_once(
    built: Built, cache: CompileCache, compiled: list[bytes]
) -> None:
    evaluate(built, cache)
    evaluate(built, cache)
    assert len(compiled) == 1


def test_without_a_cache_a_module_is_compiled_each_time(
    built: Built, compiled: list[bytes]
) -> None:
    evaluate(built, None)
    evaluate(built, None)
    assert len(compiled) == 2


def test_altered_machine_code_is_never_run(
    built: Built, cache: CompileCache, compiled: list[bytes]
) -> None:
    evaluate(built, cache)
    entry = only_entry(cache)
    code = bytearray(entry.read_bytes())
    middle = len(code) // 2
    code[middle : middle + 4096] = bytes(4096)
    entry.write_bytes(code)
    evaluate(built, cache)
    evaluate(built, cache)
    assert len(compiled) == 2


def test_code_that_this_machine_cannot_run_is_compiled_again(
    built: Built, cache: CompileCache, compiled: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate(built, cache)
    monkeypatch.setattr(cache, "load", lambda _: b"trusted, but made for another processor")
    evaluate(built, cache)
    assert len(compiled) == 2


def test_a_home_that_cannot_be_written_to_is_no_error(
    built: Built, cache: CompileCache, compiled: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    evaluate(built, cache)
    evaluate(built, cache)
    assert len(compiled) == 2
    assert not cache.folder.exists()
