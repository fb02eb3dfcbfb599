"""Security plans and results of ScubaGear: files that are no tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.inventory.importing.harvested import Harvest
from compliance.inventory.importing.mapping_file import built_in
from compliance.inventory.importing.oscal_ssp import read_oscal_ssp
from compliance.inventory.importing.reading import read_source
from compliance.inventory.importing.scubagear import read_scubagear
from compliance.inventory.importing.taking import Wish, harvest
from compliance.inventory.reader import ReadError
from compliance.inventory.source import SourceFile
from tests.inventory.importing.doing import AS_OF, KINDS

BOM = "\ufeff"


def taken(folder: Path, name: str, content: Any, text: str = "") -> Harvest:
    mapping = built_in(name, KINDS)
    path = folder / f"{name}.json"
    path.write_text(text or json.dumps(content), encoding="utf-8")
    return harvest(read_source(path, mapping), mapping, KINDS, Wish({}, None, AS_OF.isoformat()))


def values(found: Harvest, kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: {path: fact.value for path, fact in record.facts.items()}
        for (its_kind, name), record in found.records.items()
        if its_kind == kind
    }


def small_plan(**changes: Any) -> dict[str, Any]:
    """A plan with one machine that stands twice, one product and two persons' roles."""
    plan: dict[str, Any] = {
        "metadata": {
            "title": "Plan",
            "version": "2",
            "last-modified": "2026-03-01T10:00:00Z",
            "roles": [{"id": "owner", "title": "Owner"}, {"id": "admin", "title": "Administrator"}],
            "parties": [
                {"uuid": "0a0a0a0a-1", "type": "person", "name": "Nobody Known"},
                {"uuid": "0b0b0b0b-1", "type": "organization", "name": "Agency of Tests"},
            ],
            "responsible-parties": [
                {"role-id": "owner", "party-uuids": ["0a0a0a0a-1"]},
                {"role-id": "admin", "party-uuids": ["0a0a0a0a-1"]},
            ],
        },
        "system-characteristics": {
            "system-name": "Tests & More",
            "description": "x" * 3000,
            "security-sensitivity-level": "fips-199-moderate",
            "status": {"state": "other"},
        },
        "system-implementation": {
            "inventory-items": [
                {"props": [{"name": "software-name", "value": "Base"},
                           {"name": "software-version", "value": "1e3"}]},
                {"props": [{"name": "asset-id", "value": "SRV 1"},
                           {"name": "asset-type", "value": "appliance", "class": "linux-server"}]},
                {"props": [{"name": "asset-id", "value": "SRV 1", "class": "linux-server"}]},
            ]
        },
        "control-implementation": {"implemented-requirements": []},
    }  # fmt: skip
    return {"system-security-plan": plan | changes}


def test_a_plan_becomes_records(tmp_path: Path) -> None:
    found = taken(tmp_path, "oscal-ssp", small_plan())
    assert values(found, "agency") == {"agency-of-tests": {"name": "Agency of Tests"}}
    [(name, system)] = values(found, "system").items()
    assert name == "tests-more"
    assert len(system["description"]) == 2000
    assert system["software"] == [{"name": "Base", "version": "1e3"}]
    assert system["fips199.overall"] == "moderate"
    assert system["owner"] == "Owner"
    assert "status" not in system
    assert found.left_open == {("system.status", "the plan says that the state is another one"): 1}
    assert values(found, "device") == {
        "srv-1": {"asset_id": "SRV 1", "class": "server", "systems": ["tests-more"]}
    }
    assert values(found, "person") == {"person-0a0a0a0a": {"role": "Owner; Administrator"}}
    provenance = found.records["system", "tests-more"].facts["name"].provenance
    assert provenance["source"] == "Plan, version 2"
    assert provenance["reported_on"] == "2026-03-01"


def test_a_plan_may_say_next_to_nothing(tmp_path: Path) -> None:
    plan = {"system-security-plan": {"system-characteristics": {"system-name": "Pay"}}}
    found = taken(tmp_path, "oscal-ssp", plan)
    assert set(found.records) == {("system", "pay")}
    assert len(found.without_id) == 1  # the agency is not named


def test_no_name_of_a_person_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(small_plan()), encoding="utf-8")
    tables = read_source(path, built_in("oscal-ssp", KINDS))
    assert "Nobody" not in repr(tables)
    found = taken(tmp_path, "oscal-ssp", small_plan())
    assert any(column.personal and not column.filled for column in found.columns)


@pytest.mark.parametrize(
    ("states", "answered"),
    [
        (["implemented"], True),
        (["implemented", "implemented"], True),
        (["implemented", "planned"], False),
        (["implemented", None], False),
        (["partial"], False),
        ([], False),
    ],
)
def test_only_controls_in_place_everywhere_answer_a_fact(
    tmp_path: Path, states: list[str | None], answered: bool
) -> None:
    parts = [{"implementation-status": {"state": state}} if state else {} for state in states]
    control = {"control-id": "sc-28.1", "by-components": parts}
    plan = small_plan(**{"control-implementation": {"implemented-requirements": [control]}})
    system = values(taken(tmp_path, "oscal-ssp", plan), "system")["tests-more"]
    assert ("encryption_at_rest" in system) is answered


def results(*controls: tuple[str, str], **marks: str) -> dict[str, Any]:
    return {
        "MetaData": {
            "TenantId": "t-1",
            "DomainName": "agency.onmicrosoft.com",
            "ProductSuite": "Microsoft 365",
            "TimestampZulu": "2026-05-04T17:15:48.307Z",
        },
        "Results": {
            "AAD": [
                {
                    "GroupName": "One",
                    "Controls": [
                        {"Control ID": name, "Result": result, "Details": "Jane Doe", **marks}
                        for name, result in controls
                    ],
                }
            ]
        },
    }


def provider(folder: Path, content: Any) -> dict[str, Any]:
    found = taken(folder, "scubagear", content)
    return values(found, "identity_provider")["entra-agency.onmicrosoft.com"]


@pytest.mark.parametrize(
    ("result", "value"),
    [("Pass", True), ("Fail", False), ("N/A", None), ("Error", None), ("Omitted", None)],
)
def test_results_become_facts(tmp_path: Path, result: str, value: bool | None) -> None:
    content = results(("MS.AAD.1.1v1", result))
    assert provider(tmp_path, content).get("legacy_auth_blocked") is value


def test_a_result_marked_incorrect_is_no_result(tmp_path: Path) -> None:
    content = results(("MS.AAD.1.1v1", "Pass"), IncorrectResult="Yes")
    assert "legacy_auth_blocked" not in provider(tmp_path, content)


def test_another_version_of_a_control_is_not_guessed_at(tmp_path: Path) -> None:
    found = taken(tmp_path, "scubagear", results(("MS.AAD.1.1v2", "Pass")))
    assert "legacy_auth_blocked" not in values(found, "identity_provider").popitem()[1]
    assert "MS.AAD.1.1v2" in [column.heading for column in found.columns]


@pytest.mark.parametrize(
    ("controls", "everyone", "administrators"),
    [
        ({"MS.AAD.3.1v1": "Pass", "MS.AAD.3.2v2": "Fail"}, True, None),
        ({"MS.AAD.3.1v1": "Fail", "MS.AAD.3.2v2": "Pass"}, True, True),
        ({"MS.AAD.3.1v1": "Fail", "MS.AAD.3.2v2": "Fail", "MS.AAD.3.6v1": "Pass"}, False, True),
        ({"MS.AAD.3.6v1": "Fail"}, None, None),
    ],
)
def test_a_second_proof_may_come_from_either_control(
    tmp_path: Path, controls: dict[str, str], everyone: Any, administrators: Any
) -> None:
    found = taken(tmp_path, "scubagear", results(*controls.items()))
    [system] = values(found, "system").values()
    assert (system.get("mfa"), system.get("mfa_admin")) == (everyone, administrators)


def test_a_byte_order_mark_is_no_matter_and_details_are_not_read(tmp_path: Path) -> None:
    text = BOM + json.dumps(results(("MS.AAD.1.1v1", "Pass")))
    found = taken(tmp_path, "scubagear", None, text)
    facts = found.records["identity_provider", "entra-agency.onmicrosoft.com"].facts
    assert facts["legacy_auth_blocked"].provenance == {
        "source": "ScubaGear assessment of a Microsoft 365 tenant",
        "reported_on": "2026-05-04",
        "evidence": "scubagear.json, MS.AAD.1.1v1",
        "assurance": "imported",
    }
    assert "Jane" not in repr(found)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("oscal-ssp", "{", r"oscal-ssp\.json:1:"),
        ("oscal-ssp", "[]", "this is no OSCAL system security plan"),
        ("oscal-ssp", '{"system-security-plan": {}}', "this is no OSCAL system security plan"),
        ("scubagear", "{}", "this is no ScubaGear assessment"),
        ("scubagear", '{"MetaData": {}, "Results": {}}', "this is no ScubaGear assessment"),
    ],
)
def test_what_is_something_else_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        taken(tmp_path, name, None, text)


def test_a_plan_in_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.xml"
    path.write_text("<system-security-plan/>", encoding="utf-8")
    with pytest.raises(ReadError, match=r"ends in \.json"):
        read_source(path, built_in("oscal-ssp", KINDS))


NAMES = st.sampled_from(
    ["system-security-plan", "metadata", "parties", "roles", "responsible-parties", "props",
     "system-characteristics", "system-name", "system-implementation", "inventory-items",
     "control-implementation", "implemented-requirements", "by-components", "uuid", "type",
     "name", "value", "MetaData", "TenantId", "Results", "Controls", "Control ID", "Result", "AAD"]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)


@given(ANYTHING)
def test_no_content_breaks_the_readers(content: Any) -> None:
    read_oscal_ssp(SourceFile("x.json", content))
    read_scubagear(SourceFile("x.json", content))


@given(
    st.fixed_dictionaries(
        {
            "metadata": ANYTHING,
            "system-characteristics": st.fixed_dictionaries({"system-name": st.text()}),
            "system-implementation": st.fixed_dictionaries({"inventory-items": ANYTHING}),
            "control-implementation": ANYTHING,
        }
    )
)
def test_no_plan_breaks_the_reader(plan: Any) -> None:
    found = read_oscal_ssp(SourceFile("x.json", {"system-security-plan": plan}))
    assert (found is None) == (not plan["system-characteristics"]["system-name"].strip())
