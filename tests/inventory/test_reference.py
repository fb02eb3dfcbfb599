"""The reference tells of every fact what may be written."""

import jsonschema
import pytest

from compliance import resources
from compliance.inventory.fact_schemas import record_schema
from compliance.inventory.kinds import Fact, load_kinds
from compliance.inventory.reference import kind_entries, kind_entry, takes
from compliance.inventory.reference_page import index_page, kind_page
from tests.inventory.small import KINDS

SHIPPED = load_kinds(resources.schemas() / "inventory")


def test_every_fact_of_every_kind_stands_in_it_once() -> None:
    for entry in kind_entries(SHIPPED):
        kind = SHIPPED[entry.name]
        listed = [fact.path for group in entry.groups for fact in group.facts]
        listed += [fact.path for fact in entry.worked_out]
        assert sorted(listed) == sorted(kind.facts)
        page = kind_page(SHIPPED, entry.name)
        for path, fact in kind.facts.items():
            assert f"| `{path}` " in page
            assert not fact.question or fact.question.split("<")[0][:40] in page
            for value in (fact.enum or ()) if fact.entered else ():
                assert f"`{value}`" in page


def test_examples_of_records_are_valid() -> None:
    for entry in kind_entries(SHIPPED):
        content = entry.example[entry.collection]
        record = content[0] if isinstance(content, list) else content
        jsonschema.Draft202012Validator(record_schema(SHIPPED[entry.name])).validate(record)
        assert record["id"]


def test_groups_have_titles() -> None:
    for entry in kind_entries(SHIPPED):
        assert all(group.title for group in entry.groups if group.path)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("system.mfa", "true or false"),
        ("system.owner", "text, or none"),
        ("system.logging.retention_days", "whole number (days, at least 0)"),
        ("system.vendors", "list of ids of vendor records"),
        ("decision.about", "kind/id of a record, a list of them, or {all: KIND}"),
        ("system.status", "one of planned, development, test, production, retired"),
        ("system.go_live_on", "date (may lie in the future)"),
        ("agency.complete.device", "date (not in the future)"),
        ("vendor.subcontractors", "list of entries"),
    ],
)
def test_what_may_be_written_is_said_in_words(path: str, said: str) -> None:
    fact = SHIPPED.fact(path)
    assert isinstance(fact, Fact)
    assert takes(fact) == said


def test_sensitive_facts_and_absence_are_marked() -> None:
    person = kind_entry(SHIPPED["person"])
    facts = {fact.path: fact for group in person.groups for fact in group.facts}
    assert facts["screening.status"].sensitive
    assert facts["separated_on"].absent == "none"
    assert facts["joined_on"].absent == "unknown"
    page = kind_page(SHIPPED, "person")
    assert "Never written into an output." in page
    assert "Left out: none" in page


def test_the_index_names_every_kind_that_people_write() -> None:
    page = index_page(KINDS)
    for kind in KINDS.by_name.values():
        assert (f"({kind.name}.md)" in page) is not kind.read_only
    assert "# yaml-language-server: $schema=" in page
