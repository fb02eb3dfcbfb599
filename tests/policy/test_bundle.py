"""Bundles come out the same each time, and one that was altered is not used."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from compliance.policy.archive import LARGEST_MEMBER, ArchiveError, pack, unpack
from compliance.policy.build import (
    BuildError,
    Built,
    PolicyProblemsError,
    build_policy,
    publish,
)
from compliance.policy.bundle import BundleError, load_bundle, read_bundle, source_bundle
from compliance.policy.loader import load_policy
from compliance.policy.registry import RegistryError, UnknownPolicyError, open_registry
from tests.policy.conditions_at_hand import KINDS

BASE = Path(__file__).parent / "lint" / "base"
DATE = datetime.date(2026, 7, 1)


@pytest.fixture(scope="module")
def built(opa: Path) -> Built:
    return build_policy(BASE, KINDS, opa)


@pytest.fixture(scope="module")
def original(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(built, folder, DATE)
    return folder


@pytest.fixture
def registry(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "registry")


def test_two_builds_are_the_same_bytes(built: Built, opa: Path, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(BASE, tmp_path / "elsewhere" / "sample")
    assert build_policy(elsewhere, KINDS, opa) == built


def test_the_date_of_the_source_dates_the_files(
    built: Built, opa: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    dated = build_policy(BASE, KINDS, opa)
    assert dated.bundle != built.bundle
    with tarfile.open(fileobj=io.BytesIO(dated.bundle)) as archive:
        assert {member.mtime for member in archive} == {1767225600}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(BuildError, match="seconds since 1970"):
        build_policy(BASE, KINDS, opa)


def test_a_bundle_is_a_standard_one_with_one_root(built: Built) -> None:
    files = unpack(built.bundle)
    with tarfile.open(fileobj=io.BytesIO(built.bundle)) as archive:
        assert archive.getnames() == sorted(files)
    manifest = json.loads(files[".manifest"])
    assert manifest["roots"] == ["compliance/sample"]
    assert not any(name.endswith(".wasm") for name in files)
    rego = [name for name in files if name.endswith(".rego")]
    assert rego
    assert all(name.startswith("compliance/sample/") for name in rego)
    assert set(json.loads(files["data.json"])) == {"compliance"}


def test_a_published_version_is_read_back(registry: Path) -> None:
    published = open_registry(registry).resolve("sample@1.2.0")
    bundle = load_bundle(published)
    assert (bundle.policy_id, bundle.version) == ("sample", "1.2.0")
    assert bundle.sha256 == published.bundle.sha256
    assert [rule.id for rule in bundle.rules][:2] == ["second-factor", "idle-time"]
    assert bundle.entries.rules("agency")["applies"] == "compliance/sample/applies/agency/status"
    assert bundle.wasm is not None
    assert bundle.wasm[:4] == b"\0asm"
    assert bundle.parameters["timeout_minutes"].default == 15
    assert set(bundle.reads) == {"agency", "system"}
    assert published.published_on == DATE


def test_a_source_that_was_not_built_has_the_bundle_s_digest(built: Built) -> None:
    policy = load_policy(BASE, KINDS).policy
    assert policy is not None
    bundle = source_bundle(policy, KINDS)
    assert bundle.wasm is None
    assert bundle.sha256 == built.published(BASE, DATE).bundle.sha256


FILES = ["sample-1.2.0.tar.gz", "sample-1.2.0.wasm", "sample-1.2.0.why.wasm"]


@pytest.mark.parametrize("name", FILES)
def test_an_altered_file_is_refused(name: str, registry: Path) -> None:
    path = registry / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BundleError, match=r"was altered.*Get the published policies again"):
        load_bundle(open_registry(registry).resolve("sample"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_off_is_refused(name: str, registry: Path) -> None:
    path = registry / name
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(BundleError, match="cut off or altered"):
        load_bundle(open_registry(registry).resolve("sample"))


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told(name: str, registry: Path) -> None:
    (registry / name).unlink()
    with pytest.raises(BundleError, match=name):
        load_bundle(open_registry(registry).resolve("sample"))


def test_a_bundle_of_another_version_is_refused(registry: Path) -> None:
    index = registry / "index.json"
    index.write_text(index.read_text(encoding="utf-8").replace('"1.2.0":', '"1.3.0":'))
    with pytest.raises(BundleError, match=r"holds sample 1\.2\.0.*says sample 1\.3\.0"):
        load_bundle(open_registry(registry).resolve("sample"))


def changed(built: Built, name: str, content: bytes) -> bytes:
    return pack({**unpack(built.bundle), name: content})


def test_what_is_no_bundle_of_this_program(built: Built) -> None:
    manifest = json.loads(unpack(built.bundle)[".manifest"])
    manifest["metadata"]["compliance"]["schema"] = 2
    newer = changed(built, ".manifest", json.dumps(manifest).encode())
    with pytest.raises(BundleError, match="is of format 2"):
        read_bundle(newer, "b")
    for name in (".manifest", "data.json"):
        with pytest.raises(BundleError, match="no bundle of this program"):
            read_bundle(changed(built, name, b"{}"), "b")
    for packed in (b"", b"text", gzip.compress(b"text"), built.bundle[:200]):
        with pytest.raises(BundleError, match="is no bundle"):
            read_bundle(packed, "b")


def archive_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def link(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([(tarfile.TarInfo("../x"), b"")], "no file that a bundle may hold"),
        ([(tarfile.TarInfo("a/../../x"), b"")], "no file that a bundle may hold"),
        ([(link("x"), b"")], "no file that a bundle may hold"),
        ([(tarfile.TarInfo("x"), b""), (tarfile.TarInfo("./x"), b"")], "stands twice"),
    ],
)
def test_archives_hold_plain_files_only(
    members: list[tuple[tarfile.TarInfo, bytes]], why: str
) -> None:
    with pytest.raises(ArchiveError, match=why):
        unpack(archive_of(*members))


def test_an_archive_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    swollen = archive_of((tarfile.TarInfo("x"), bytes(LARGEST_MEMBER + 1)))
    assert len(swollen) < LARGEST_MEMBER / 100
    with pytest.raises(ArchiveError, match="larger files"):
        unpack(swollen)
    monkeypatch.setattr("compliance.policy.archive.MOST_MEMBERS", 3)
    many = archive_of(*((tarfile.TarInfo(f"x{number}"), b"") for number in range(4)))
    with pytest.raises(ArchiveError, match="more or larger files"):
        unpack(many)


def test_publishing_again_changes_nothing(built: Built, registry: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in registry.iterdir()}
    _, written = publish(built, registry, DATE + datetime.timedelta(days=1))
    assert not written
    assert {path.name: path.stat().st_mtime_ns for path in registry.iterdir()} == before


def test_a_published_version_is_never_overwritten(built: Built, registry: Path) -> None:
    other = Built(built.policy, built.bundle + b"\0", built.wasm, built.why)
    before = {path.name: path.read_bytes() for path in registry.iterdir()}
    with pytest.raises(BuildError, match="a published version never changes"):
        publish(other, registry, DATE)
    assert {path.name: path.read_bytes() for path in registry.iterdir()} == before


def test_a_draft_may_be_built_again(built: Built, registry: Path) -> None:
    index = registry / "index.json"
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace('"status": "published"', '"status": "draft"'), encoding="utf-8")
    other = Built(built.policy, built.bundle, built.wasm, built.why + b"\0")
    _, written = publish(other, registry, DATE)
    assert written


def test_a_policy_with_problems_is_not_built(tmp_path: Path, opa: Path) -> None:
    folder = shutil.copytree(BASE, tmp_path / "policy")
    shutil.copytree(BASE.parent / "negative" / "rule-basis-unknown", folder, dirs_exist_ok=True)
    with pytest.raises(PolicyProblemsError, match="'laws' is not known here") as refused:
        build_policy(folder, KINDS, opa)
    assert len(refused.value.problems) == 1


def test_the_registry_names_what_it_has(registry: Path) -> None:
    opened = open_registry(registry)
    assert opened.newest("sample").reference == "sample@1.2.0"
    assert [published.policy for published in opened.binding()] == ["sample"]
    for reference, message in (
        ("sampel", r"no policy sampel.*Did you mean sample\?"),
        ("sample@1.2.1", r"no version 1\.2\.1 .* it has 1\.2\.0"),
        ("Sample", "names no policy"),
        ("sample@new", "names no policy"),
    ):
        with pytest.raises(UnknownPolicyError, match=message):
            opened.resolve(reference)


def test_the_newest_version_counts_by_number_and_status(registry: Path) -> None:
    index = json.loads((registry / "index.json").read_text(encoding="utf-8"))
    versions = index["policies"]["sample"]["versions"]
    for number, status in (("1.10.0", "published"), ("1.9.0", "published"), ("2.0.0", "draft")):
        versions[number] = {**versions["1.2.0"], "status": status}
    (registry / "index.json").write_text(json.dumps(index), encoding="utf-8")
    assert open_registry(registry).newest("sample").version == "1.10.0"
    assert open_registry(registry).resolve("sample@2.0.0").status == "draft"
    for version in versions.values():
        version["status"] = "withdrawn"
    (registry / "index.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(UnknownPolicyError, match=r"sample@2\.0\.0 \(withdrawn\)"):
        open_registry(registry).resolve("sample")
    assert open_registry(registry).binding() == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("{", "index"),
        ('{"schema": 2, "policies": {}}', "2"),
        ('{"schema": 1, "policies": {}, "extra": 1}', "no key `extra`"),
        (
            '{"schema": 1, "policies": {"p": {"title": "P", "versions": {"1": {}}}}}',
            "`1` cannot be",
        ),
    ],
)
def test_an_index_that_cannot_be_used(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError, match=message):
        open_registry(tmp_path)


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="is no registry"):
        open_registry(tmp_path)
