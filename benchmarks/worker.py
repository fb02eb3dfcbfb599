"""Evaluates documents with one of the product's engines, in a process of its own.

    python -m benchmarks.worker wasm|opa REGISTRY VERSION DOCUMENTS

Statuses go to standard output, one system a line; the last line says what the engine took and how
much memory this process and the largest of its children held.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compliance.engine.interface import Engine
from compliance.policy.bundle import Bundle, load_bundle
from compliance.policy.registry import Published, open_registry


def main() -> None:
    """Evaluate every document."""
    name, registry, version, documents = sys.argv[1:]
    published = open_registry(Path(registry)).resolve(version)
    with _engine(name, load_bundle(published), published) as engine:
        start, used = time.perf_counter(), time.process_time()
        for answer in engine.evaluate(_documents(Path(documents))):
            if answer.errors:
                raise SystemExit(f"rules failed: {dict(answer.errors)}")
            print(json.dumps(dict(answer.statuses)))
        figures = {
            "seconds": time.perf_counter() - start,
            "cpu_seconds": time.process_time() - used,
        }
    peak = sum(map(_peak, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
    print(json.dumps({**figures, "peak": peak}))


def _peak(who: int) -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(who).ru_maxrss * unit


def _engine(name: str, bundle: Bundle, published: Published) -> Engine:
    if name == "opa":
        from compliance.engine.opa_program import find_opa
        from compliance.engine.opa_server import OpaServer

        file = published.folder / published.bundle.file
        return OpaServer.start(find_opa(), file, bundle.policy.root, bundle.entries)
    from compliance.engine.cache import CompileCache
    from compliance.engine.wasm import WasmEngine

    if bundle.wasm is None:
        raise SystemExit("the policy was not built")
    cache = CompileCache.of_user()
    return WasmEngine(bundle.wasm, None, bundle.entries, fuel=bundle.fuel, cache=cache)


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    main()
