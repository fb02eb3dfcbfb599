"""What is shown of an inventory and of a record."""

from compliance import resources
from compliance.inventory.kinds import load_kinds
from compliance.inventory.known import NOT_SHOWN
from compliance.inventory.overview import counts, view
from compliance.inventory.store import Inventory
from tests.inventory.small import of_values

SHIPPED = load_kinds(resources.schemas() / "inventory")


def inventory() -> Inventory:
    return of_values(
        {
            "agency": {"id": "health", "complete": {"vendor": "2026-06-01"}},
            "systems": [{"id": "s", "vendors": ["v"], "name": "S", "mfa": "maybe"}],
            "vendors": [{"id": "v", "name": "V"}],
            "persons": [{"id": "p", "screening": {"status": "favorable"}}],
        },
        SHIPPED,
    )


def test_counts_hold_kinds_with_records_or_a_date() -> None:
    found = {count.kind: count for count in counts(inventory())}
    assert list(found) == ["agency", "person", "system", "vendor"]
    assert (found["vendor"].records, found["vendor"].complete_on) == (1, "2026-06-01")
    assert found["system"].complete_on is None
    assert found["system"].known == 2
    assert found["vendor"].possible > found["vendor"].known == 1


def test_links_are_told_both_ways_with_their_completeness() -> None:
    whole = inventory()
    record = whole.get("system", "s")
    vendor = whole.get("vendor", "v")
    assert record
    assert vendor
    system = view(whole, record)
    [link] = system.links
    assert (link.path, link.records, link.complete) == ("vendors", (("vendor/v", "V"),), True)
    assert [fact.path for fact in system.facts] == ["name", "mfa"]
    assert [fact.wrong for fact in system.facts] == [False, True]
    back = {tie.path: tie for tie in view(whole, vendor).linked_from}
    assert back["systems"].records == (("system/s", "S"),)
    assert not back["systems"].complete


def test_sensitive_values_are_withheld() -> None:
    whole = inventory()
    record = whole.get("person", "p")
    assert record
    found = {fact.path: fact for fact in view(whole, record).facts}
    assert found["screening.status"].value == NOT_SHOWN
    assert "favorable" not in repr(list(found.values()))
