"""What holds for the repository as a whole."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import compliance

LOCKS = ["runtime", "dev", "go"]
SUPPORTED = ["3.11.0", "3.12.0", "3.13.0", "3.14.0"]
SYSTEMS = ["linux", "darwin", "win32"]

# Written so that no pattern matches its own text.
REGISTRY_HOST = re.compile(
    rb"\b(pypi|pythonhosted|npmjs|crates)[.](org|io)\b|\b(proxy|sum)[.]golang[.]"
    rb"|\brepo1?[.]maven[.]|\bdeb[.]debian[.]"
)
MACHINE_PATH = re.compile(rb"(?<![\w.$/-])/(home|root|tmp|work|Users)/\w")
BESIDE_THE_REPOSITORY = re.compile(rb"[.][.]/shared\b|\bshared/(data|requirements|experiments)\b")


def git(root: Path, *arguments: str) -> str:
    ran = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
    return ran.stdout.decode()


def tracked(root: Path, *patterns: str) -> list[str]:
    listed = git(root, "ls-files", "-z", "--", *patterns).split("\0")
    return [name for name in listed if name and (root / name).is_file()]


def places(root: Path, pattern: re.Pattern[bytes], names: list[str]) -> list[str]:
    found = []
    for name in names:
        content = (root / name).read_bytes()
        for match in pattern.finditer(content):
            line = content.count(b"\n", 0, match.start()) + 1
            found.append(f"{name}:{line}: {match[0].decode(errors='replace')}")
    return found


def test_no_file_names_a_package_registry_host(root: Path) -> None:
    assert places(root, REGISTRY_HOST, tracked(root)) == []


def test_no_file_names_a_path_of_one_machine(root: Path) -> None:
    assert places(root, MACHINE_PATH, tracked(root)) == []


def test_only_continuous_integration_reaches_outside_the_repository(root: Path) -> None:
    names = [name for name in tracked(root) if name != ".ci/run"]
    assert places(root, BESIDE_THE_REPOSITORY, names) == []


@pytest.mark.parametrize(
    ("pattern", "text"),  # with a bar that keeps this file itself from being found
    [
        (REGISTRY_HOST, "https://pypi|.org/simple"),
        (REGISTRY_HOST, "GOPROXY=https://proxy.|golang.org"),
        (MACHINE_PATH, 'open("/|tmp/x")'),
        (MACHINE_PATH, "cd /|home/me"),
        (BESIDE_THE_REPOSITORY, "cd ..|/shared"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[bytes], text: str) -> None:
    assert pattern.search(text.replace("|", "").encode())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRY_HOST, "golang.org/x/net v0.60.0"),
        (MACHINE_PATH, "#!/usr/bin/env bash"),
        (MACHINE_PATH, "/path/to/python"),
        (MACHINE_PATH, "tools/work/x"),
    ],
)
def test_the_patterns_leave_the_rest_alone(pattern: re.Pattern[bytes], text: str) -> None:
    assert not pattern.search(text.encode())


def test_scripts_are_executable_and_say_what_runs_them(root: Path) -> None:
    listed = git(root, "ls-files", "--stage", "--", "script", ".ci").splitlines()
    modes = {line.split("\t")[1]: line.split()[0] for line in listed}
    assert modes.pop("script/lib.sh") == "100644"  # sourced, not run
    assert {"script/demo", "script/test", "script/lock", ".ci/run"} <= modes.keys()
    for name, mode in modes.items():
        assert mode == "100755", name
        assert (root / name).read_bytes().startswith(b"#!/usr/bin/env bash\n"), name


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_carries_hashes(lock: str, root: Path) -> None:
    text = (root / "requirements" / f"{lock}.txt").read_text("utf-8")
    entries = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "").splitlines()
    assert entries
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", entry)


@pytest.mark.parametrize(
    ("lock", "groups"),
    [("runtime", ["build"]), ("dev", ["build", "dev"]), ("go", ["go"])],
)
def test_a_lock_pins_what_the_project_asks_for(lock: str, groups: list[str], root: Path) -> None:
    project = pyproject(root)
    asked = [] if lock == "go" else list(project["project"]["dependencies"])
    for group in groups:
        asked += project["dependency-groups"][group]
    for environment in environments():
        versions = dict(pins(root, lock, environment))
        for line in asked:
            requirement = Requirement(line)
            version = versions[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), line


def test_tests_run_with_the_versions_users_get(root: Path) -> None:
    for environment in environments():
        dev = dict(pins(root, "dev", environment))
        for name, version in pins(root, "runtime", environment):
            assert dev[name] == version, name


def test_the_build_requirement_is_part_of_the_lock(root: Path) -> None:
    project = pyproject(root)
    build_group = project["dependency-groups"]["build"]
    assert set(project["build-system"]["requires"]) <= set(build_group)


def test_the_go_package_is_recent_enough_for_every_tool(root: Path) -> None:
    [(_, packaged)] = pins(root, "go", environments()[0])
    for tool in ("opa", "conftest"):
        text = (root / "tools" / tool / "go.mod").read_text("utf-8")
        needed = re.search(r"^go (\S+)$", text, re.MULTILINE)
        assert needed
        assert numbers(packaged) >= numbers(needed[1]), tool


def test_the_changelog_has_a_place_for_what_comes_next(root: Path) -> None:
    text = (root / "CHANGELOG.md").read_text("utf-8")
    assert "\n## [Unreleased]\n" in text


def test_the_version_is_a_semantic_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", compliance.__version__)


def test_no_source_file_is_past_400_lines(root: Path) -> None:
    for name in tracked(root, "compliance/*.py", "cli/*.py"):
        lines = (root / name).read_text("utf-8").count("\n")
        assert lines <= 400, f"{name} has {lines} lines"


def pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def environments() -> list[dict[str, str]]:
    """Marker environments of every supported Python on every supported system."""
    known = {key: str(value) for key, value in default_environment().items()}
    return [
        {
            **known,
            "python_full_version": python,
            "python_version": python.rpartition(".")[0],
            "sys_platform": system,
        }
        for python in SUPPORTED
        for system in SYSTEMS
    ]


def pins(root: Path, lock: str, environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The names and versions a lock pins in an environment."""
    for line in (root / "requirements" / f"{lock}.txt").read_text("utf-8").splitlines():
        if not re.match(r"[a-z0-9]", line):
            continue
        requirement = Requirement(line.removesuffix("\\").strip())
        if requirement.marker is None or requirement.marker.evaluate(environment):
            [pin] = requirement.specifier
            assert pin.operator == "=="
            yield canonicalize_name(requirement.name), pin.version
