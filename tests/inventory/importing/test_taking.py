"""Rows become records: what is taken, what is left, and that both are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.inventory.importing.taking import SourceError
from tests.inventory.importing.doing import AS_OF, DEVICES, Place

HEADINGS = "Tag,Serial,Name,Place,Encrypted,Lock,Ends,Seen\n"


def facts(place: Place, table: str, subject: str = "device/a") -> dict[str, object]:
    kind, _, name = subject.partition("/")
    taken = place.take(table)
    return {path: fact.value for path, fact in taken.records[kind, name].facts.items()}


def test_a_row_becomes_a_record_with_sources(tmp_path: Path) -> None:
    taken = Place(tmp_path).take(HEADINGS + "a,S1,fs01,Room 1,yes,5,2031-01-31,2026-10-01\n")
    record = taken.records["device", "a"]
    assert {path: fact.value for path, fact in record.facts.items()} == {
        "serial": "S1",
        "name": "fs01",
        "location": "Room 1",
        "encryption.full_disk": True,
        "autolock_minutes": 5,
        "os_eol_on": "2031-01-31",
    }
    assert record.facts["encryption.full_disk"].provenance == {
        "source": "Devices of the test",
        "reported_on": "2026-10-01",
        "evidence": "source.csv, Encrypted",
        "assurance": "imported",
    }
    assert (taken.problems, taken.undated, taken.rows) == ([], 0, 1)


def test_empty_cells_and_words_for_nothing_are_no_facts(tmp_path: Path) -> None:
    table = HEADINGS + "a,,N/A,unknown,,TBD,-,2026-10-01\n"
    assert facts(Place(tmp_path), table) == {}


def test_a_word_that_the_table_translates_is_a_value(tmp_path: Path) -> None:
    text = DEVICES.replace(
        "encryption.full_disk: Encrypted",
        "encryption.full_disk:\n        column: Encrypted\n        values:\n"
        "          Unknown: {unknown: the tool cannot tell}\n          'yes': true",
    )
    taken = Place(tmp_path, text).take("Tag,Encrypted\na,unknown\nb,YES\nc,n/a\nd,perhaps\n")
    assert taken.left_open == {("device.encryption.full_disk", "the tool cannot tell"): 1}
    assert taken.records["device", "b"].facts["encryption.full_disk"].value is True
    [problem] = taken.problems
    assert "source.csv:5:3" in str(problem)
    assert "not among the values" in str(problem)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("Encrypted", "perhaps", "true or false"),
        ("Lock", "ten", "a whole number"),
        ("Ends", "31/01/2031", "yyyy-mm-dd"),
        ("Seen", "2027-01-01", "lies after the day of the import"),
        ("Name", "078-05-1120", "looks like a social security number"),
    ],
)
def test_a_wrong_cell_is_told_and_the_rest_taken(
    tmp_path: Path, column: str, cell: str, said: str
) -> None:
    place = Place(tmp_path)
    taken = place.take(f"Tag,Place,{column}\na,Room 1,{cell}\n")
    [problem] = taken.problems
    assert said in str(problem)
    assert "source.csv:2:" in str(problem)
    assert taken.records["device", "a"].facts["location"].value == "Room 1"
    assert "078-05" not in str(problem)


def test_a_value_of_a_sensitive_fact_is_not_repeated(tmp_path: Path) -> None:
    text = (
        "id: p\ntitle: p\nrecords:\n- kind: person\n  id: {columns: Id}\n"
        "  facts: {screening.status: Screening}\n"
    )
    [problem] = Place(tmp_path, text).take("Id,Screening\np1,secretword\n").problems
    assert "secretword" not in str(problem)
    assert "p.csv" not in str(problem)


def test_the_day_is_never_guessed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    taken = place.take("Tag,Name\na,fs01\n")
    assert taken.undated == 1
    assert "reported_on" not in taken.records["device", "a"].facts["name"].provenance
    taken = place.take("Tag,Name,Seen\na,fs01,\nb,fs02,2026-01-02\n", day="2026-10-01")
    days = [record.facts["name"].provenance["reported_on"] for record in taken.records.values()]
    assert days == ["2026-10-01", "2026-01-02"]


def test_an_id_falls_back_and_a_row_without_any_is_told(tmp_path: Path) -> None:
    taken = Place(tmp_path).take("Tag,Serial,Name\n,S 1,a\n,,b\nA/1,,c\n")
    assert set(taken.records) == {("device", "s-1"), ("device", "a-1")}
    [position] = taken.without_id
    assert str(position).endswith("source.csv:3:1")


def test_a_failing_formula_makes_no_id(tmp_path: Path) -> None:
    taken = Place(tmp_path).take("Tag,Serial,Name\n#REF!,,a\n#N/A,S1,b\n")
    assert set(taken.records) == {("device", "s1")}
    assert len(taken.problems) == 2
    assert all("formula gives the error" in str(problem) for problem in taken.problems)


def test_rows_with_one_id_that_agree_are_one_record(tmp_path: Path) -> None:
    taken = Place(tmp_path).take("Tag,Name,Place\na,fs01,\na,fs01,Room 1\n")
    assert {p: f.value for p, f in taken.records["device", "a"].facts.items()} == {
        "name": "fs01", "location": "Room 1",
    }  # fmt: skip
    assert taken.problems == []


@pytest.mark.parametrize("names", ["fs01,fs02", "fs02,fs01", "fs01,fs02,fs01"])
def test_rows_with_one_id_that_differ_leave_the_fact_unknown(tmp_path: Path, names: str) -> None:
    rows = "".join(f"a,{name},Room 1\n" for name in names.split(","))
    taken = Place(tmp_path).take("Tag,Name,Place\n" + rows)
    assert {p: f.value for p, f in taken.records["device", "a"].facts.items()} == {
        "location": "Room 1"
    }
    [problem] = taken.problems
    assert "another row with the same id says something else" in str(problem)


@pytest.mark.parametrize("rows", ["a,old,2026-01-01\na,new,2026-02-01\n",
                                  "a,new,2026-02-01\na,old,2026-01-01\n"])  # fmt: skip
def test_of_rows_with_one_id_the_later_counts(tmp_path: Path, rows: str) -> None:
    taken = Place(tmp_path).take("Tag,Name,Seen\n" + rows)
    assert taken.records["device", "a"].facts["name"].value == "new"
    assert taken.problems == []
    assert any("2026-02-01 counts" in str(note) for note in taken.notes)


def test_filters_and_their_slips(tmp_path: Path) -> None:
    place = Place(tmp_path)
    table = "Tag,Name,Place\na,x,Hartford\nb,y,New Haven\nc,z,Hartford East\n"
    taken = place.take(table, place="hartford*")
    assert {name for _, name in taken.records} == {"a", "c"}
    assert taken.filtered == 1
    with pytest.raises(SourceError, match="Did you mean Place"):
        place.take(table, Plaec="x")
    with pytest.raises(SourceError, match="no row became a record"):
        place.take(table, Place="Boston")


def test_rows_that_are_no_records(tmp_path: Path) -> None:
    text = DEVICES.replace(
        "    same: [serial]",
        "    skip: {Tag: ['Must be*']}\n    where: {Name: '*', Place: ''}",
    )
    taken = Place(tmp_path, text).take(
        "Tag,Name,Place\nMust be unique.,x,\na,fs01,\nb,,\nc,fs03,Room 1\n,,\n"
    )
    assert set(taken.records) == {("device", "a")}
    assert taken.skipped == 3


def test_columns_are_never_left_in_silence(tmp_path: Path) -> None:
    text = DEVICES + "personal: [User]\nleft: {Colour: no fact holds it}\n"
    taken = Place(tmp_path, text).take("Tag,USER,colour,Extra,Void\na,Ann,red,1,\nb,Bob,,2,\n")
    found = {each.heading: (each.filled, each.why, each.personal) for each in taken.columns}
    assert found == {
        "USER": (2, "", True),
        "colour": (1, "no fact holds it", False),
        "Extra": (2, "", False),
        "Void": (0, "", False),
    }


def test_headings_in_any_order_form_and_row(tmp_path: Path) -> None:
    table = 'Devices of the agency,,\n,,\n name ,TAG," Enc\nrypted"\nfs01,a,no\n'
    assert facts(Place(tmp_path), table) == {"name": "fs01", "encryption.full_disk": False}


def test_a_heading_that_stands_twice_is_not_read(tmp_path: Path) -> None:
    taken = Place(tmp_path).take("Tag,Name,Name,Place\na,x,y,Room 1\n")
    assert set(taken.records["device", "a"].facts) == {"location"}
    assert any("stands 2 times" in str(note) for note in taken.notes)


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no column is named Tag or Serial"):
        Place(tmp_path).take("Name,Place\na,b\n")
    with pytest.raises(SourceError, match="no column is named Tag or Serial"):
        Place(tmp_path).take("x\ny\n")


def test_a_long_text_is_cut_and_said_so(tmp_path: Path) -> None:
    taken = Place(tmp_path).take(f"Tag,Name\na,{'x' * 3000}\n")
    value = taken.records["device", "a"].facts["name"].value
    assert (len(value), value[-4:]) == (2000, "x...")
    assert any("cut to 2,000 characters" in str(note) for note in taken.notes)


@pytest.mark.parametrize("name", ['"quoted"', "'=1+1", "=1+1", "{braces}", "[a]", "# x", "- y"])
def test_odd_texts_are_kept(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path)
    quoted = '"' + name.replace('"', '""') + '"'
    place.file("agency.yaml", "agency: {id: x}\n")
    place.do(f"Tag,Name\na,{quoted}\n")
    assert place.fact("device/a", "name") == name


def test_lists_and_links(tmp_path: Path) -> None:
    text = (
        "id: s\ntitle: s\nrecords:\n"
        "- kind: vendor\n  where: {Vendor: '*'}\n  id: {columns: Vendor, prefix: v-}\n"
        "  facts: {name: Vendor}\n"
        "- kind: system\n  id: {columns: System}\n  facts:\n"
        "    vendors: {column: Vendor, prefix: v-}\n    component: Unit\n"
        "    data_types:\n      column: Data\n      separator: '|'\n      values:\n"
        "        PHI: ephi\n        Personal: [pii, dppa]\n"
        "        Other: {unknown: which data is not said}\n"
    )
    place = Place(tmp_path, text)
    place.file("agency.yaml", "agency: {id: x}\n")
    done = place.do(
        "System,Vendor,Unit,Data\npay,Acme Inc.,none,PHI|Personal\n"
        "web,,,PHI|Other\nold,Acme Inc.,Lost unit,Other\nbad,,,PHI|What\n"
    )
    assert place.fact("system/pay", "vendors") == ["v-acme-inc"]
    assert place.fact("system/pay", "data_types") == ["ephi", "pii", "dppa"]
    assert place.fact("system/web", "data_types") == ["ephi", None]
    assert place.fact("system/old", "data_types") is None
    assert place.fact("system/pay", "component") == "none"
    assert place.fact("vendor/v-acme-inc", "name") == "Acme Inc."
    [dangling] = done.merged.dangling
    assert (dangling.subject, dangling.fact, dangling.new) == (
        "system/old", "component", ["lost-unit"],
    )  # fmt: skip
    assert "not among the values" in str(done.harvest.problems[-1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(
        st.tuples(
            *[st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)] * 7
        ),
        min_size=1,
        max_size=5,
    ),
    st.permutations(range(7)),
)
def test_whatever_stands_in_the_cells_can_be_read_back(
    tmp_path: Path, rows: list[tuple[str, ...]], order: list[int]
) -> None:
    place = Place(tmp_path)
    place.own.unlink(missing_ok=True)
    names = ["Serial", "Name", "Place", "Encrypted", "Lock", "Ends", "Seen"]
    lines = [["Tag", *(names[i] for i in order)]]
    lines += [[f"t{number}", *(row[i] for i in order)] for number, row in enumerate(rows)]
    table = "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in lines
    )
    done = place.do(table)
    assert done.after.count("device") == len(rows)
    assert done.after.as_of == AS_OF
    assert [each for each in done.after.wrong_values if each.kind == "wrong_value"] == []
