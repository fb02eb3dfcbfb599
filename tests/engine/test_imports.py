"""Each engine's large library is imported with that engine alone."""

import subprocess
import sys

import pytest

LARGE = {"wasmtime", "opa_client", "aiohttp", "requests"}


def imported(*modules: str) -> set[str]:
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return set(ran.stdout.decode().split()) & LARGE


@pytest.mark.parametrize(
    ("module", "libraries"),
    [
        ("compliance.engine", set()),
        ("compliance.engine.interface", set()),
        ("compliance.engine.cache", set()),
        ("compliance.engine.opa_program", set()),
        ("compliance.engine.wasm", {"wasmtime"}),
        ("compliance.engine.opa_server", {"opa_client", "aiohttp", "requests"}),
    ],
)
def test_large_libraries_are_imported_where_they_are_used(module: str, libraries: set[str]) -> None:
    assert imported(module) == libraries
