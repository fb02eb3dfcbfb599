"""Only built-ins that are pure, the same each time and native in the module may be used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from compliance import resources
from compliance.policy.archive import pack, unpack
from compliance.policy.opa_tool import Opa, OpaRefusedError

CAPABILITIES = json.loads(
    (resources.policy_library() / "capabilities.json").read_text(encoding="utf-8")
)
BUILTINS: Mapping[str, Any] = {builtin["name"]: builtin for builtin in CAPABILITIES["builtins"]}
OPERATORS = {
    "assign": "x := input.a",
    "eq": "x = input.a",
    "internal.member_2": "input.a in input.b",
    "internal.member_3": "input.a, input.b in input.c",
    "walk": "walk(input.a, [x, y])\n\tx == y",
}
REFUSED = [
    'sprintf("%v", [input.a])', "time.now_ns()", 'time.parse_rfc3339_ns("x")', "time.date(input.a)",
    'http.send({"url": "x"})', 'rand.intn("x", 3)', 'semver.compare("1.0.0", "2.0.0")',
    'semver.is_valid("1")', "opa.runtime()", 'net.lookup_ip_addr("x")', 'uuid.rfc4122("x")',
    "json.marshal(input)", 'yaml.unmarshal("x")', "io.jwt.decode(input.a)",
    "crypto.sha256(input.a)", 'trace("x")', 'print("x")', 'rego.parse_module("a", "b")',
    "units.parse(input.a)",
    'regex.replace("a", "b", "c")', "graphql.parse(input.a, input.b)", 'urlquery.encode("x")',
]  # fmt: skip


def call(name: str) -> str:
    if name in OPERATORS:
        return OPERATORS[name]
    arguments = BUILTINS[name]["decl"]["args"]
    terms = [f"input.arguments[{index}]" for index in range(len(arguments))]
    return f"{name}({', '.join(terms)}) == input.outcome"


def module_of(opa: Path, folder: Path, text: str) -> bytes:
    bundle, compiled = folder / "bundle.tar.gz", folder / "compiled.tar.gz"
    manifest = json.dumps({"roots": ["trial"], "rego_version": 1}).encode()
    bundle.write_bytes(pack({".manifest": manifest, "trial.rego": text.encode()}))
    Opa(opa).compile(bundle, ["trial/outcomes"], compiled)
    return unpack(compiled.read_bytes())["policy.wasm"]


def host_functions(module: bytes) -> dict[str, int]:
    """What a module asks its host for: the built-ins it does not hold itself."""
    import wasmtime

    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    linker = wasmtime.Linker(engine)
    compiled = wasmtime.Module(engine, module)
    memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(2, None)))
    for needed in compiled.imports:
        if isinstance(needed.type, wasmtime.MemoryType):
            linker.define(store, needed.module, str(needed.name), memory)
        elif isinstance(needed.type, wasmtime.FuncType):
            unused = wasmtime.Func(store, needed.type, lambda *_: 0)
            linker.define(store, needed.module, str(needed.name), unused)
    exports = linker.instantiate(store, compiled).exports(store)
    builtins, dump = exports["builtins"], exports["opa_json_dump"]
    assert isinstance(builtins, wasmtime.Func)
    assert isinstance(dump, wasmtime.Func)
    start = dump(store, builtins(store))
    content = bytes(memory.read(store, start, start + 65536))
    found: dict[str, int] = json.loads(content[: content.index(b"\0")])
    return found


def test_every_builtin_kept_is_native_in_the_module(opa: Path, tmp_path: Path) -> None:
    rules = "\n".join(
        f'outcomes["{name}"] if {{\n\t{call(name)}\n}}\n' for name in sorted(BUILTINS)
    )
    assert host_functions(module_of(opa, tmp_path, f"package trial\n\n{rules}")) == {}


def test_a_builtin_of_the_host_would_be_noticed(
    opa: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "compliance.policy.opa_tool._capabilities", lambda: everything(opa, tmp_path)
    )
    text = 'package trial\n\noutcomes := sprintf("%v", [input.a])\n'
    assert set(host_functions(module_of(opa, tmp_path, text))) == {"sprintf"}


def everything(opa: Path, folder: Path) -> Path:
    import subprocess

    path = folder / "everything.json"
    ran = subprocess.run([opa, "capabilities", "--current"], check=True, capture_output=True)
    path.write_bytes(ran.stdout)
    return path


@pytest.mark.parametrize("call", REFUSED)
def test_anything_else_is_refused(call: str, opa: Path, tmp_path: Path) -> None:
    text = f"package trial\n\noutcomes := {call}\n"
    source = tmp_path / "source"
    source.mkdir()
    (source / "trial.rego").write_text(text, encoding="utf-8")
    (error,) = Opa(opa).check(source)
    assert "undefined function" in error.message or "print" in error.message
    assert (error.file, error.line) == ("trial.rego", 3)
    with pytest.raises(OpaRefusedError, match="opa build failed"):
        module_of(opa, tmp_path, text)


def test_no_builtin_that_is_kept_depends_on_anything_but_its_arguments() -> None:
    assert not [name for name, builtin in BUILTINS.items() if builtin.get("nondeterministic")]
    assert CAPABILITIES["allow_net"] == []
