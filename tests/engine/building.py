"""Builds the policy of tests/engine/trial, the way a published one is built."""

import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from compliance.engine.cache import CompileCache
from compliance.engine.interface import Entries
from compliance.engine.wasm import WasmEngine

SOURCE = Path(__file__).with_name("trial")
ROOT = "compliance/trial"
RULES = ("counted", "encrypted", "named", "screened", "stated")
ENTRIES = Entries(
    results=f"{ROOT}/results",
    measures=f"{ROOT}/measures",
    why=f"{ROOT}/why/why",
    batch=f"{ROOT}/batch",
    statuses={rule: f"{ROOT}/rules/{rule}/status" for rule in (*RULES, "planned")}
    | {"applies/system": f"{ROOT}/applies/system/status"},
    rules_by_kind={"system": ("applies", *RULES), "agency": ("planned",)},
)
FUEL = 50_000_000


@dataclass(frozen=True)
class Built:
    """A built policy."""

    policy: bytes
    why: bytes
    bundle: Path
    cache: CompileCache

    def engine(
        self, *, why: bytes | None = None, entries: Entries = ENTRIES, fuel: int = FUEL
    ) -> WasmEngine:
        """An engine for the policy; ``why`` in the place of its module for explanations."""
        return WasmEngine(self.policy, why, entries, fuel=fuel, cache=self.cache)


def build(opa: Path, folder: Path) -> Built:
    """Build the bundle and both modules into a folder."""
    manifest = {"revision": "trial", "roots": [ROOT], "rego_version": 1}
    source = folder / "source"
    source.mkdir()
    for path in SOURCE.rglob("*.rego"):
        copy = source / path.relative_to(SOURCE)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (source / ".manifest").write_text(json.dumps(manifest), "utf-8")
    bundle = folder / "trial.tar.gz"
    run_opa(opa, source, "build", "--bundle", ".", "--output", str(bundle))
    statuses = [ENTRIES.results, f"{ROOT}/measures", *ENTRIES.statuses.values()]
    return Built(
        policy=build_module(opa, source, statuses),
        why=build_module(opa, source, [ENTRIES.why]),
        bundle=bundle,
        cache=CompileCache(folder / "cache", folder / "state" / "key"),
    )


def build_module(opa: Path, source: Path, entries: list[str]) -> bytes:
    """Compile a folder of Rego files to a module with the entry points named."""
    output = source.parent / "module.tar.gz"
    named = [argument for entry in entries for argument in ("--entrypoint", entry)]
    run_opa(opa, source, "build", "--target", "wasm", *named, "--output", str(output), ".")
    with tarfile.open(output) as archive:
        module = archive.extractfile("/policy.wasm")
        assert module is not None
        return module.read()


def run_opa(opa: Path, folder: Path, *arguments: str) -> None:
    """Run `opa`, showing what it says if it fails."""
    ran = subprocess.run([opa, *arguments], cwd=folder, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
