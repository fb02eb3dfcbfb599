"""Reports are, byte for byte, what was looked at last."""

import pytest

from tests.report.golden_files import FOLDER, golden


def test_each_format_has_its_file() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(golden())


@pytest.mark.parametrize("name", sorted(golden()))
def test_a_report_is_what_was_looked_at(name: str) -> None:
    kept = (FOLDER / name).read_bytes().decode("utf-8")
    assert golden()[name] == kept, "if it is meant to change: script/renew-golden, then look"
