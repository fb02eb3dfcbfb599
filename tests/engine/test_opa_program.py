"""Finding the `opa` program."""

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.engine import opa_program
from compliance.engine.opa_program import (
    OPA_VERSION,
    OpaNotFoundError,
    OpaVersionError,
    find_opa,
    opa_environment,
    read_version,
)
from compliance.errors import UserError

MakeOpa = Callable[..., Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with no `opa` anywhere."""
    working = tmp_path / "working"
    working.mkdir()
    monkeypatch.chdir(working)
    monkeypatch.setattr(opa_program, "_PACKAGE", tmp_path / "installed" / "compliance")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("COMPLIANCE_OPA", raising=False)
    return tmp_path


@pytest.fixture
def make_opa() -> MakeOpa:
    if sys.platform == "win32":
        pytest.skip("the stand-in for opa is a shell script")

    def make(path: Path, answer: str = f"Version: {OPA_VERSION}", status: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {status}\n", "utf-8")
        path.chmod(0o755)
        return path

    return make


def test_the_version_is_the_pinned_one(root: Path) -> None:
    pins = (root / "tools" / "opa" / "go.mod").read_text("utf-8")
    pinned = re.findall(r"^\s*(?:require )?github\.com/open-policy-agent/opa v(\S+)", pins, re.M)
    assert pinned == [OPA_VERSION]


def test_the_pinned_opa_is_found(opa: Path, place: Path) -> None:
    assert find_opa(opa) == opa
    assert read_version(opa) == OPA_VERSION


def test_places_are_looked_at_in_order(
    place: Path, make_opa: MakeOpa, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_opa(place / "bin" / "opa")
    assert find_opa() == path
    checkout = make_opa(place / "installed" / ".tools" / "opa")
    assert find_opa() == path
    (place / "installed" / "pyproject.toml").touch()
    assert find_opa() == checkout
    working = make_opa(place / "working" / ".tools" / "opa")
    assert find_opa() == working
    variable = make_opa(place / "variable" / "opa")
    monkeypatch.setenv("COMPLIANCE_OPA", str(variable))
    assert find_opa() == variable
    explicit = make_opa(place / "explicit" / "opa")
    assert find_opa(explicit) == explicit
    assert find_opa(os.path.relpath(explicit)).samefile(explicit)
    assert find_opa("").samefile(variable)


def test_a_named_program_is_looked_for_on_path(place: Path, make_opa: MakeOpa) -> None:
    assert find_opa(make_opa(place / "bin" / "opa-1.22").name) == place / "bin" / "opa-1.22"


def test_without_a_program_the_message_says_how_to_get_one(place: Path) -> None:
    with pytest.raises(OpaNotFoundError) as caught:
        find_opa()
    message = str(caught.value)
    for wanted in (OPA_VERSION, "--opa", "$COMPLIANCE_OPA", "PATH", "script/test"):
        assert wanted in message
    assert "\n" not in message
    assert isinstance(caught.value, UserError)


@pytest.mark.parametrize("source", ["--opa", "$COMPLIANCE_OPA"])
def test_a_named_program_that_is_missing_is_told_and_no_other_taken(
    place: Path, make_opa: MakeOpa, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    make_opa(place / "bin" / "opa")
    monkeypatch.setenv("COMPLIANCE_OPA", "no/such/opa")
    with pytest.raises(OpaNotFoundError, match=re.escape(f"{source} names no/such/opa")):
        find_opa("no/such/opa" if source == "--opa" else None)


def test_another_version_is_told_with_both_versions(place: Path, make_opa: MakeOpa) -> None:
    make_opa(place / "bin" / "opa", "Version: 1.0.0")
    with pytest.raises(OpaVersionError, match=rf"bin/opa is OPA 1\.0\.0.*{OPA_VERSION}"):
        find_opa()


@pytest.mark.parametrize(("answer", "status"), [("", 0), ("hello", 0), ("Version: 1.22.2", 3)])
def test_a_program_that_is_no_opa_is_told(
    place: Path, make_opa: MakeOpa, answer: str, status: int
) -> None:
    make_opa(place / "bin" / "opa", answer, status)
    with pytest.raises(OpaNotFoundError, match="does not say which version"):
        find_opa()


def test_a_program_that_does_not_run_is_told(place: Path, make_opa: MakeOpa) -> None:
    program = make_opa(place / "bin" / "opa")
    program.write_bytes(b"\x7fELF and nothing else")
    with pytest.raises(OpaNotFoundError, match="does not run"):
        find_opa()


def test_a_program_that_does_not_answer_is_told(
    place: Path, make_opa: MakeOpa, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleep = shutil.which("sleep", path=os.defpath)
    program = make_opa(place / "bin" / "opa")
    program.write_text(f"#!/bin/sh\nexec {sleep} 60\n", "utf-8")
    monkeypatch.setattr(opa_program, "SECONDS", 0.2)
    with pytest.raises(OpaNotFoundError, match="no answer within"):
        find_opa()


def test_variables_that_set_options_of_opa_do_not_reach_it() -> None:
    assert opa_environment({"OPA_ADDR": "x", "PATH": "y", "COMPLIANCE_OPA": "z"}) == {
        "PATH": "y",
        "COMPLIANCE_OPA": "z",
    }
