"""What users may suppose, and what is refused."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import resources
from compliance.inventory.kinds import Kinds, load_kinds
from compliance.inventory.load import load_values
from compliance.inventory.store import Inventory
from compliance.whatif.overlay import suppose
from compliance.whatif.supposing import Supposition, SuppositionError, read_supposition

AS_OF = datetime.date(2026, 11, 23)
KINDS: Kinds = load_kinds(resources.schemas() / "inventory")
CONTENT: dict[str, Any] = {
    "agency": {"id": "a", "name": "A"},
    "systems": [
        {"id": "payroll", "mfa": False, "data_types": ["pii"], "vendors": ["cloud"]},
        {"id": "claims", "mfa": {"value": False, "source": "console"}, "data_types": ["ephi"]},
        {"id": "mail"},
    ],
    "vendors": [{"id": "cloud"}],
}


def read(text: str) -> Supposition:
    return read_supposition(text, KINDS, AS_OF)


def inventory() -> Inventory:
    loaded = load_values(CONTENT, KINDS, AS_OF)
    assert loaded.inventory is not None, loaded.problems
    return loaded.inventory


def refused(text: str) -> str:
    with pytest.raises(SuppositionError) as caught:
        suppose(inventory(), [read(text)])
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("system.mfa=true", True),
        ("system.mfa= yes ", True),
        ("system.mfa=unknown", None),
        ("system.session_timeout_minutes=15", 15),
        ("system.data_types=ephi; pii", ["ephi", "pii"]),
        ("system.data_types=[]", []),
        ("system.data_types=[ephi]", ["ephi"]),
        ("system.data_types=[ephi, 'pii']", ["ephi", "pii"]),
        ("system.data_types=[ephi; pii]", ["ephi", "pii"]),
        ('system.data_types=["ephi", "pii"]', ["ephi", "pii"]),
        ("agency.risk_analysis.completed_on=as_of", "2026-11-23"),
        ("agency.risk_analysis.completed_on=2026-01-31", "2026-01-31"),
        ('system.description="a:b=c"', "a:b=c"),
        ("system.description=https://example.gov:8443/x", "https://example.gov:8443/x"),
        ("system.last_log_review_on=none", "none"),
    ],
)
def test_values_are_typed_by_the_facts_schema(text: str, value: Any) -> None:
    assert read(text).value == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("system.mfa", "supposes nothing. Write KIND.FACT=VALUE"),
        ("mfa=true", "supposes nothing"),
        ("system.mfa=", "supposes nothing"),
        ("system.mfa=maybe", "Expected: true or false"),
        ("sytem.mfa=true", "Did you mean system?"),
        ("plan_item.state=closed", "There is no kind 'plan_item'"),
        ("system.mfaa=true", "Did you mean system.mfa?"),
        ("system.enabled=true", "Did you mean system.logging.enabled?"),
        ("system.logging=true", "is a group of facts. Name one of them: system.logging."),
        ("system.id=x", "cannot be another"),
        ("agency.systems=x", "is worked out from other records"),
        ("system.data_types=ehpi", "Did you mean"),
        ("system.last_log_review_on=2027-01-01", "lies after the day of the assessment"),
        ("system.last_log_review_on=31.1.2026", "Expected"),
        ("system.vendors=clod", "there is no vendor with the id clod. Did you mean cloud?"),
        ("system.mfa=true:id=payrol", "Did you mean payroll?"),
        ("system.mfa=true:nosuch=1", "There is no fact system.nosuch"),
        ("person.training.security_on=as_of", "has no record of the kind person"),
        ("system.mfa=true:data_types=fti", "No record of the kind system has data_types"),
    ],
)
def test_what_cannot_be_supposed_is_refused_with_what_to_do(text: str, words: str) -> None:
    assert words in refused(text)


@pytest.mark.parametrize(
    ("filters", "changed"),
    [
        ("", ["claims", "mail", "payroll"]),
        (":system.data_types=ephi", ["claims"]),
        (":data_types=pii", ["payroll"]),
        (":id=payroll", ["payroll"]),
        (":vendors=cloud", ["payroll"]),
        (":mfa=unknown", ["mail"]),
        (":mfa=false:data_types=ephi", ["claims"]),
    ],
)
def test_filters_choose_records(filters: str, changed: list[str]) -> None:
    before = inventory()
    found = suppose(before, [read(f"system.mfa=true{filters}")])
    now = {record.id for record in found.inventory.iterate("system") if record.get("mfa") is True}
    assert now == set(changed)
    assert found.records == found.changed == (len(changed),)
    assert [record.get("mfa") for record in before.iterate("system")] == [False, None, False]


def test_what_is_supposed_has_no_provenance_of_what_was_said() -> None:
    found = suppose(inventory(), [read("system.mfa=true:id=claims")])
    record = found.inventory.get("system", "claims")
    assert record is not None
    assert record.provenance("mfa") == {"assurance": "asserted"}
    assert str(record.position("mfa")) == "--set"
    assert str(record.position("data_types")) == "<values>"


def test_the_later_of_two_suppositions_counts_and_both_hold_together() -> None:
    wanted = [
        read("system.mfa=true"), read("system.mfa=false:id=mail"),
        read("system.data_types=fti:id=mail"),
    ]  # fmt: skip
    found = suppose(inventory(), wanted)
    record = found.inventory.get("system", "mail")
    assert record is not None
    assert (record.get("mfa"), record.get("data_types")) == (False, ["fti"])


def test_links_that_are_supposed_are_followed() -> None:
    found = suppose(inventory(), [read("system.vendors=cloud")])
    vendor = found.inventory.get("vendor", "cloud")
    assert vendor is not None
    systems = found.inventory.linked(vendor, "systems").records
    assert [one.id for one in systems] == ["claims", "mail", "payroll"]


def test_sensitive_values_are_not_repeated() -> None:
    sensitive = next(
        fact
        for kind in KINDS.by_name.values()
        for fact in kind.facts.values()
        if fact.sensitive and fact.type == "string" and fact.enum and not fact.fields
    )
    text = read(f"{sensitive.full_path}={(sensitive.enum or ('',))[0]}").text
    assert text == f"{sensitive.full_path}=(given, not shown)"


@given(st.text(max_size=40), st.sampled_from(["", "system.", "system.mfa=", "agency.name=a:"]))
def test_any_text_is_read_or_refused(text: str, start: str) -> None:
    try:
        found = read(start + text)
    except SuppositionError:
        return
    assert found.text.isprintable()


@given(st.sampled_from(sorted(KINDS["system"].facts)), st.text(max_size=20))
def test_any_value_of_any_fact_is_read_or_refused(path: str, text: str) -> None:
    made: Callable[[], Supposition] = lambda: read(f"system.{path}={text}")  # noqa: E731
    try:
        found = made()
    except SuppositionError:
        return
    assert found.fact.path == path
