import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from compliance import resources

SHIPPED = ["schemas", "policies/lib", "policies/published", "examples/health-agency"]


@pytest.fixture(scope="module")
def unpacked_wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    [wheel] = built.glob("*.whl")
    unpacked = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    return unpacked


def test_a_checkout_serves_its_own_folders(root: Path) -> None:
    assert resources.schemas() == root / "schemas"
    assert resources.policy_library() == root / "policies" / "lib"
    assert resources.published_policies() == root / "policies" / "published"
    assert resources.examples() == root / "examples"


@pytest.mark.parametrize("folder", SHIPPED)
def test_the_wheel_carries_every_file_of(folder: str, root: Path, unpacked_wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", folder], cwd=root, check=True, capture_output=True
    )
    names = [name for name in listed.stdout.decode().split("\0") if name]
    assert names
    for name in names:
        shipped = unpacked_wheel / "compliance" / "_data" / name
        assert shipped.read_bytes() == (root / name).read_bytes(), name


def test_the_wheel_carries_both_packages_and_nothing_else(unpacked_wheel: Path) -> None:
    top = {path.name for path in unpacked_wheel.iterdir() if not path.name.endswith(".dist-info")}
    assert top == {"compliance", "compliance_cli"}
    assert (unpacked_wheel / "compliance" / "py.typed").is_file()


def test_an_installed_package_serves_what_it_carries(unpacked_wheel: Path) -> None:
    code = "from compliance import resources as r; print(r.schemas(), r.published_policies())"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=unpacked_wheel.parent,
        env={**os.environ, "PYTHONPATH": str(unpacked_wheel)},
        check=True,
        capture_output=True,
        text=True,
    )
    data = unpacked_wheel.resolve() / "compliance" / "_data"
    assert ran.stdout.split() == [str(data / "schemas"), str(data / "policies" / "published")]


def test_a_neighbour_folder_of_an_incomplete_installation_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "schemas").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "compliance")
    with pytest.raises(resources.MissingResourceError, match="Install the program again"):
        resources.schemas()


def test_a_folder_missing_from_the_wheel_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "compliance" / "_data").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "compliance")
    with pytest.raises(resources.MissingResourceError, match="_data/policies/lib"):
        resources.policy_library()
