"""Versions of all that was measured, and the machine it was measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import compliance


def versions(opa: Path, conftest: Path) -> list[str]:
    """One line for each program, then the machine."""
    tested = _said(conftest, "--version")
    return [
        f"compliance {compliance.__version__}, Python {platform.python_version()}, "
        f"wasmtime {version('wasmtime')}, PyYAML {version('pyyaml')}",
        f"opa {_found(r'Version: (.+)', _said(opa, 'version'))}",
        f"conftest {_found(r'Conftest: (.+)', tested)} (with OPA {_found(r'OPA: (.+)', tested)})",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, {_processor()}",
    ]


def _said(program: Path, argument: str) -> str:
    ran = subprocess.run([program, argument], capture_output=True, text=True, check=True)
    return ran.stdout


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1].strip() if match else "of a version it does not tell"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor()
    return _found(r"model name\s*: (.+)", text)
