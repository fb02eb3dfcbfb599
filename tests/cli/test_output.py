import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from compliance_cli import output
from compliance_cli.output import OutputError, write


def failing() -> Iterator[str]:
    yield "half"
    raise RuntimeError("the engine stopped")


def test_a_file_is_written_as_utf8_with_line_feeds(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    write(["ä\n", "b\n"], target)
    assert target.read_bytes() == "ä\nb\n".encode()


def test_a_file_is_replaced_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("before")
    with pytest.raises(RuntimeError):
        write(failing(), target)
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_no_partial_file_is_left(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        write(failing(), tmp_path / "report.txt")
    assert [path.name for path in tmp_path.iterdir()] == []


def test_a_missing_folder_is_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"there is no folder .*/none"):
        output.check_writable(tmp_path / "none" / "report.txt")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        output.check_writable(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="needs a named pipe")
def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="pipe is a device or a pipe, which a report must not"):
        write(["x"], pipe)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "name", ["systems.yaml", "new.json", "compliance.yaml", "a.csv", "a.xlsx", "a.jsonl", "a.xls"]
)
def test_a_report_does_not_become_part_of_the_inventory(tmp_path: Path, name: str) -> None:
    (tmp_path / "systems.yaml").write_text("systems: []")
    with pytest.raises(OutputError, match=f"{name} would be a part of the inventory"):
        output.check_writable(tmp_path / name, [tmp_path])
    with pytest.raises(OutputError, match="would be a part of the inventory"):
        output.check_writable(tmp_path / name, [tmp_path / "other.yaml", tmp_path / name])
    output.check_writable(tmp_path / name, [tmp_path / "other.yaml"])
    for aside in ("report.txt", "report/systems.csv", "questions-1.xlsx"):
        (tmp_path / aside).parent.mkdir(exist_ok=True)
        output.check_writable(tmp_path / aside, [tmp_path])


def test_a_file_beside_the_working_folder_may_be_named_alone() -> None:
    output.check_writable(Path("report.txt"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such device")
def test_a_full_disk_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OutputError, match="free some space"):
            write(["x" * 100_000])


def test_a_closed_standard_output_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OutputError, match="-o"):
        write(["x"])


def test_the_pieces_stop_when_the_reader_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    made = []

    def pieces() -> Iterator[str]:
        for number in range(10_000):
            made.append(number)
            yield "x" * 10_000

    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        write(pieces())
    assert len(made) < 100
