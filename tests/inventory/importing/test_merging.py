"""Imports into folders that hold something already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.inventory.importing.folder import FolderError
from compliance.inventory.importing.importer import Import
from compliance.inventory.importing.merging import Merged
from compliance.inventory.importing.taking import SourceError
from compliance.inventory.problems import WRONG_VALUE
from compliance.inventory.reader import ReadError
from tests.inventory.importing.doing import DEVICES, Place, load, mapping
from tests.inventory.tables.books import book

HEAD = "Tag,Serial,Name,Encrypted,Seen\n"
FIRST = HEAD + "a,S1,fs01,yes,2026-10-01\nb,S2,fs02,no,2026-10-01\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.file("agency.yaml", "agency: {id: health}\n")
    return made


def edit(place: Place, old: str, new: str) -> None:
    text = place.own.read_text("utf-8")
    assert old in text
    place.own.write_text(text.replace(old, new, 1), encoding="utf-8")


def lines(differences: Any) -> list[tuple[str, str, Any, Any]]:
    return [(each.subject, each.fact, each.old, each.new) for each in differences]


def text_of(done: Import) -> str:
    return "".join(text for text in done.files.values() if text is not None)


def test_the_same_again_changes_nothing(place: Place) -> None:
    first = place.do(FIRST)
    again = place.do(FIRST)
    assert again.files == first.files
    assert again.merged.known == ["device/a", "device/b"]
    assert (again.merged.added, again.merged.changed, again.merged.vanished) == ([], [], [])


def test_a_changed_value_is_listed_old_and_new(place: Place) -> None:
    place.do(FIRST)
    done = place.do(FIRST.replace("fs02,no", "fs02,yes"))
    assert lines(done.merged.changed) == [("device/b", "encryption.full_disk", False, True)]
    assert place.fact("device/b", "encryption.full_disk") is True


def test_an_older_export_takes_nothing_back(place: Place) -> None:
    place.do(FIRST)
    done = place.do(FIRST.replace("fs02,no", "fs02,yes").replace("2026-10", "2026-09"))
    assert lines(done.merged.kept) == [("device/b", "encryption.full_disk", False, True)]
    assert place.fact("device/b", "encryption.full_disk") is False
    assert done.merged.changed == []


def test_what_a_person_entered_stays_unless_the_import_is_preferred(place: Place) -> None:
    place.do(FIRST)
    start = place.own.read_text("utf-8").index("    encryption:")
    text = place.own.read_text("utf-8")
    end = text.index("  - id: b")
    place.own.write_text(
        text[:start] + "    encryption: {full_disk: false}\n    status: in_use\n\n" + text[end:],
        encoding="utf-8",
    )
    done = place.do(FIRST)
    assert lines(done.merged.kept) == [("device/a", "encryption.full_disk", False, True)]
    assert place.fact("device/a", "encryption.full_disk") is False
    assert place.fact("device/a", "status") == "in_use"
    done = place.do(FIRST, prefer=True)
    assert lines(done.merged.changed) == [("device/a", "encryption.full_disk", False, True)]
    assert place.fact("device/a", "encryption.full_disk") is True
    assert place.fact("device/a", "status") == "in_use"


def test_what_a_person_answered_elsewhere_stays_too(place: Place) -> None:
    place.do(HEAD + "a,S1,fs01,,2026-10-01\n")
    place.file(
        "answers.yaml",
        "answers:\n- {subject: device/a, fact: encryption.full_disk, answer: value, value: false,"
        " answered_on: 2026-10-02, by: IT administrator}\n",
    )
    done = place.do(FIRST)
    assert lines(done.merged.kept) == [("device/a", "encryption.full_disk", False, True)]
    assert place.fact("device/a", "encryption.full_disk") is False
    place.do(FIRST, prefer=True)
    assert place.fact("device/a", "encryption.full_disk") is True


def test_vanished_records_and_facts_are_listed_and_stay(place: Place) -> None:
    place.do(FIRST)
    done = place.do(HEAD + "a,S1,,yes,2026-11-01\n")
    assert done.merged.vanished == ["device/b"]
    assert done.merged.no_longer_said == {"device.name": 1}
    assert place.fact("device/b", "name") == "fs02"
    assert place.fact("device/a", "name") == "fs01"


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
def test_records_of_other_files_are_not_entered_twice(place: Place, kind: str) -> None:
    if kind == "yaml":
        place.file("mine.yaml", "devices:\n- {id: a, name: File server}\n")
    else:
        book(place.inventory / "mine.xlsx", {"Devices": [["Id", "Name"], ["a", "File server"]]})
    done = place.do(FIRST)
    assert done.merged.elsewhere == {"device/a": "device/a"}
    assert done.merged.added == ["device/b"]
    assert place.fact("device/a", "encryption.full_disk") is True
    assert place.fact("device/a", "name") == "File server"
    assert lines(done.merged.kept) == [("device/a", "name", "File server", "fs01")]
    assert "mine." in done.merged.kept[0].where
    assert "id: a\n" not in place.own.read_text("utf-8")
    again = place.do(FIRST.replace("fs01,yes", "fs01,no").replace("2026-10", "2026-11"))
    assert lines(again.merged.changed) == [("device/a", "encryption.full_disk", True, False)]
    assert place.fact("device/a", "encryption.full_disk") is False


def test_an_answer_goes_once_the_record_says_it_itself(place: Place) -> None:
    place.file("mine.yaml", "devices:\n- {id: a}\n")
    place.do(FIRST)
    place.file("mine.yaml", "devices:\n- {id: a, name: fs01, serial: S1,"
               " encryption: {full_disk: true}}\n")  # fmt: skip
    place.do(FIRST)
    assert "answers:" not in place.own.read_text("utf-8")


def test_answers_of_records_that_vanished_stay_and_are_listed(place: Place) -> None:
    place.file("mine.yaml", "devices:\n- {id: a}\n")
    place.do(FIRST)
    done = place.do(HEAD + "b,S2,fs02,no,2026-11-01\n")
    assert done.merged.vanished == ["device/a"]
    assert place.fact("device/a", "name") == "fs01"


def test_an_answer_needs_a_day(place: Place) -> None:
    place.file("mine.yaml", "devices:\n- {id: a}\n")
    done = place.do("Tag,Name\na,fs01\n")
    assert done.merged.undated_answers == 1
    assert place.fact("device/a", "name") is None
    place.do("Tag,Name\na,fs01\n", day="2026-10-01")
    assert place.fact("device/a", "name") == "fs01"


def test_a_record_is_recognised_by_its_serial(place: Place) -> None:
    place.file("mine.yaml", "devices:\n- {id: server-one, serial: s1}\n")
    done = place.do(FIRST)
    assert done.merged.elsewhere == {"device/server-one": "device/a"}
    assert done.merged.kept == []
    assert place.fact("device/server-one", "name") == "fs01"


def test_two_records_with_one_serial_are_not_mixed_up(place: Place) -> None:
    place.file("mine.yaml", "devices:\n- {id: x, serial: S1}\n- {id: y, serial: S1}\n")
    done = place.do(FIRST)
    assert done.merged.elsewhere == {}
    assert done.merged.added == ["device/a", "device/b"]


def test_two_rows_that_one_record_could_be_are_not_lost(place: Place) -> None:
    place.file("mine.yaml", "devices:\n- {id: server-one, serial: S1}\n")
    done = place.do(HEAD + "a,S1,fs01,yes,2026-10-01\nb,S1,fs02,no,2026-10-01\n")
    assert done.merged.added == ["device/a", "device/b"]
    assert place.fact("device/server-one", "name") is None


def test_a_row_is_not_lost_to_another_with_its_serial(place: Place) -> None:
    place.file("mine.yaml", "devices:\n- {id: z, serial: S1}\n")
    done = place.do(HEAD + "a,S1,fs01,yes,2026-10-01\nz,S1,fs02,no,2026-10-01\n")
    assert done.merged.added == ["device/a"]
    assert place.fact("device/z", "name") == "fs02"


def test_a_record_that_a_person_gave_another_id_is_not_entered_twice(place: Place) -> None:
    place.do(FIRST)
    text = place.own.read_text("utf-8")
    place.own.write_text(text.replace("- id: a\n", "- id: front-desk\n"), "utf-8")
    done = place.do(FIRST.replace("fs01", "fs09"))
    assert done.merged.renamed == {"device/front-desk": "device/a"}
    assert (done.merged.added, done.merged.vanished) == ([], [])
    assert lines(done.merged.changed) == [("device/front-desk", "name", "fs01", "fs09")]


def test_a_record_that_a_person_removed_leaves_no_answers_of_an_import(place: Place) -> None:
    mine = place.file("mine.yaml", "devices:\n- {id: a}\n- {id: c}\n")
    place.do(FIRST)
    mine.write_text("devices:\n- {id: c}\n", "utf-8")
    loaded = load([place.inventory])
    assert loaded.inventory is not None
    assert {problem.kind for problem in loaded.problems} == {WRONG_VALUE}
    assert "the next import of this source removes the answer" in str(loaded.problems[0])
    done = place.do(HEAD + "b,S2,fs02,no,2026-11-01\n")
    assert done.merged.removed == {"device/a": 3}
    assert load([place.inventory]).problems == ()
    assert place.do(FIRST).merged.added == ["device/a"]


def test_comments_are_kept(place: Place) -> None:
    place.do(FIRST)
    edit(place, "  - id: b\n", "  # the spare one\n  - id: b # asset 7\n")
    edit(place, "    name:\n", "    # as on the label\n    name:\n")
    done = place.do(HEAD + "a,S1,fs01,yes,2026-11-01\nb,S2,fs02,no,2026-11-01\n")
    for comment in ("# the spare one", "# asset 7", "# as on the label"):
        assert comment in text_of(done)
    assert text_of(place.do(FIRST)).count("# the spare one") == 1


def test_other_content_of_the_own_file_is_kept(place: Place) -> None:
    place.do(FIRST)
    place.own.write_text(
        place.own.read_text("utf-8") + "\nvendors:\n  - {id: acme, name: Acme}\n", encoding="utf-8"
    )
    place.do(FIRST)
    assert place.fact("vendor/acme", "name") == "Acme"


def test_a_file_that_no_import_wrote_is_left_alone(place: Place) -> None:
    place.file("devices.yaml", "devices:\n- {id: mine}\n")
    with pytest.raises(SourceError, match="was not written by an import"):
        place.work_out(FIRST)


def many(count: int, lock: int = 5) -> str:
    rows = "".join(
        f"d{number:03},S{number},fs{number},yes,2026-10-01,{lock}\n" for number in range(count)
    )
    return "Tag,Serial,Name,Encrypted,Seen,Lock\n" + rows


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> int:
    largest = 6000
    monkeypatch.setattr("compliance.inventory.importing.importer.LARGEST_FILE", largest)
    return largest


def test_what_is_too_large_for_a_file_goes_into_several(place: Place, small_files: int) -> None:
    first = place.do(many(40))
    names = list(first.files)
    assert names[:3] == ["devices.yaml", "devices-2.yaml", "devices-3.yaml"]
    sizes = [(place.inventory / name).stat().st_size for name in names]
    assert max(sizes) <= small_files < sum(sizes[:2])
    assert ", part 2 of devices.yaml," in (place.inventory / names[1]).read_text("utf-8")
    again = place.do(many(40))
    assert again.files == first.files
    assert len(again.merged.known) == 40
    assert (again.merged.changed, again.merged.vanished, again.merged.elsewhere) == ([], [], {})
    changed = place.do(many(39, lock=9))
    assert len(changed.merged.changed) == 39
    assert changed.merged.vanished == ["device/d039"]
    assert place.fact("device/d038", "autolock_minutes") == 9


def test_edits_in_any_of_several_files_are_kept(place: Place, small_files: int) -> None:
    names = list(place.do(many(40)).files)
    path = place.inventory / names[2]
    text = path.read_text("utf-8")
    name = text.partition("- id: ")[2].partition("\n")[0]
    start = text.index("    location:") if "    location:" in text else text.index("    name:")
    after = text.index("    serial:", start)
    mine = f"    name: mine  # by hand\n    # {name} was moved\n    location: desk\n"
    path.write_text(f"# to be looked at\n{text[:start]}{mine}{text[after:]}# end\n", "utf-8")
    done = place.do(many(60))
    assert lines(done.merged.kept) == [(f"device/{name}", "name", "mine", f"fs{int(name[1:])}")]
    joined = text_of(done)
    for comment in ("# by hand", f"# {name} was moved", "# to be looked at", "# end"):
        assert joined.count(comment) == 1
    assert place.fact(f"device/{name}", "location") == "desk"
    assert text_of(place.do(many(60))) == joined


def test_a_file_that_is_not_needed_any_more_goes(
    place: Place, small_files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = list(place.do(many(40)).files)
    monkeypatch.setattr("compliance.inventory.importing.importer.LARGEST_FILE", small_files * 100)
    done = place.do(many(40))
    assert [name for name, text in done.files.items() if text is None] == names[1:]
    assert [path.name for path in place.inventory.glob("devices*")] == ["devices.yaml"]
    assert len(done.merged.known) == 40


def test_no_part_is_written_over_a_file_of_somebody_else(place: Place, small_files: int) -> None:
    place.file("devices-2.yaml", "devices:\n- {id: mine}\n")
    with pytest.raises(SourceError, match="was not written by this import and stays as it is"):
        place.work_out(many(40))


def test_a_part_is_not_taken_for_the_file_of_another_import(
    place: Place, tmp_path: Path, small_files: int
) -> None:
    place.do(many(40))
    place.mapping = mapping(tmp_path, DEVICES.replace("id: devices", "id: devices-2"))
    with pytest.raises(SourceError, match="was not written by an import"):
        place.work_out(many(40))


def test_a_mapping_cannot_take_the_place_of_the_settings(tmp_path: Path) -> None:
    place = Place(tmp_path, DEVICES.replace("id: devices", "id: compliance"))
    with pytest.raises(SourceError, match="holds the settings"):
        place.work_out(FIRST)


@pytest.mark.parametrize(
    "text",
    [
        "devices:\n- {id: x, nmae: y}\n",
        "devices:\n- {id: x, assigned_to: nobody}\n",
        "devices: [",
        "agency: {id: second}\n",
    ],
)
def test_a_folder_that_cannot_be_read_is_refused(place: Place, text: str) -> None:
    path = place.file("mine.yaml", text)
    with pytest.raises((FolderError, ReadError)) as caught:
        place.work_out(FIRST)
    assert path.as_posix() in str(caught.value)


def test_a_wrong_value_in_the_folder_stops_nothing(place: Place) -> None:
    place.file("mine.yaml", "devices:\n- {id: a, autolock_minutes: soon}\n")
    done = place.do(FIRST)
    assert done.merged.elsewhere == {"device/a": "device/a"}


@pytest.mark.parametrize("agency", [True, False])
def test_an_agency_is_not_needed(tmp_path: Path, agency: bool) -> None:
    place = Place(tmp_path)
    if agency:
        place.file("agency.yaml", "agency: {id: health}\n")
    assert place.do(FIRST).has_agency is agency
    assert place.do(FIRST).has_agency is agency


def test_an_inventory_has_one_agency(tmp_path: Path) -> None:
    text = "id: x\ntitle: x\nrecords:\n- {kind: agency, id: {columns: A}, facts: {name: N}}\n"
    place = Place(tmp_path, text)
    done = place.do("A,N\nhealth,Health\n")
    assert (done.merged.added, done.has_agency) == (["agency/health"], True)
    assert place.do("A,N\nhealth,Health\n").merged.known == ["agency/health"]
    assert place.do("A,N\nother,Other\n").merged.unused == ["agency/other"]
    assert place.fact("agency/health", "name") == "Health"


def test_links_follow_a_record_that_is_known_under_another_id(tmp_path: Path) -> None:
    text = (
        "id: x\ntitle: x\nrecords:\n"
        "- {kind: system, id: {columns: S}, same: [name], facts: {name: S}}\n"
        "- {kind: device, id: {columns: D}, facts: {systems: S}}\n"
    )
    place = Place(tmp_path, text)
    place.file("mine.yaml", "agency: {id: health}\nsystems:\n- {id: pay, name: Payroll}\n")
    place.do("S,D\nPayroll,d1\n")
    assert place.fact("device/d1", "systems") == ["pay"]


VALUES = st.sampled_from(["", "x", "y", "N/A"])
ROWS = st.dictionaries(st.sampled_from("abc"), st.tuples(VALUES, VALUES), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=4), st.sampled_from(["", "a", "ab"]))
def test_any_sequence_of_imports_can_be_read_and_settles(
    tmp_path: Path, imports: list[dict[str, tuple[str, str]]], elsewhere: str
) -> None:
    place = Place(tmp_path)
    place.own.unlink(missing_ok=True)
    records = "".join(f"- {{id: {name}, name: x}}\n" for name in elsewhere)
    place.file("mine.yaml", "agency: {id: health}\n" + (f"devices:\n{records}" if records else ""))
    merged: Merged | None = None
    said: dict[str, str] = {}
    for number, rows in enumerate(imports):
        table = "Tag,Name,Place,Seen\n" + "".join(
            f"{name},{first},{second},2026-0{number + 1}-01\n"
            for name, (first, second) in rows.items()
        )
        done = place.do(table)
        merged = done.merged
        assert place.work_out(table).files == done.files
        said |= {name: second for name, (_, second) in rows.items() if second in ("x", "y")}
        assert done.after.count("device") == len(
            set(elsewhere) | {name for each in imports[: number + 1] for name in each}
        )
    assert merged is not None
    for name, value in said.items():
        assert place.fact(f"device/{name}", "location") == value
