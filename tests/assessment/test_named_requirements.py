"""Ids of requirements that decisions and providers' statements name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from compliance.assessment.named_requirements import requirement_problems
from compliance.inventory.problems import NOTE, WRONG_VALUE, Problem
from compliance.report.text import TextReport
from tests.assessment.world import World, Yaml, make_inventory, requirement, rule

STATEMENT = {
    "provider": "vendor/host", "consumers": ["system/a"], "extent": "full",
    "provider_status": "satisfied", "assessed_on": "2026-01-01",
}  # fmt: skip


@dataclass
class Others:
    """What else is published."""

    policies: Collection[str] = ("pol", "pol-next", "cjis")
    asked: int = 0

    def holder(self, name: str) -> str | None:
        self.asked += 1
        return {"pol-next-1": "pol-next 0.1.0", "pol-a.0": "pol 0.9.0"}.get(name)


def _policy(world: World) -> object:
    wanted = [
        requirement("pol-164.312.a.1", label="45 CFR 164.312(a)(1)"),
        requirement("pol-164.312.b"),
    ]
    return world.policy(rule(covers=[one["id"] for one in wanted]), requirements=wanted)


def _decisions(*names: object) -> Yaml:
    return {
        "decisions": [
            {"id": f"d{number}", "requirement": name} for number, name in enumerate(names)
        ]
    }


def _problems(world: World, inventory: Yaml, others: Others | None = None) -> list[Problem]:
    found = others or Others()
    return requirement_problems(make_inventory(inventory), [_policy(world)], found)  # type: ignore[list-item]


def test_known_ids_and_missing_ones_are_no_problem(world: World) -> None:
    others = Others()
    inventory = _decisions("pol-164.312.a.1", None) | {
        "systems": [{"id": "a"}], "vendors": [{"id": "host"}],
        "inheritance": [{**STATEMENT, "requirements": ["pol-164.312.b", "pol-164.312.a.1"]}],
    }  # fmt: skip
    assert _problems(world, inventory, others) == []
    assert others.asked == 0, "bundles that nobody asks about are not read"


def test_an_id_that_the_policy_would_have_is_a_wrong_value(world: World) -> None:
    [slip] = _problems(world, _decisions("pol-164.312.a.11"))
    assert (slip.kind, slip.suggestion) == (WRONG_VALUE, "pol-164.312.a.1")
    assert slip.path == "decision/d0 requirement"
    assert slip.message.startswith("pol 1.0.0 has no requirement pol-164.312.a.11")
    [far] = _problems(world, _decisions("pol-zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"))
    assert (far.kind, far.suggestion) == (WRONG_VALUE, "")


def test_an_id_of_another_version_or_policy_is_a_note(world: World) -> None:
    notes = _problems(world, _decisions("pol-next-1", "pol-a.0", "pol-next-2", "cjis-5.20"))
    assert [note.kind for note in notes] == [NOTE] * 4
    assert [note.message.partition(",")[0] for note in notes] == [
        "the requirement pol-next-1 is one of pol-next 0.1.0",
        "the requirement pol-a.0 is one of pol 0.9.0",
        "no published version of pol-next has a requirement pol-next-2",
        "no published version of cjis has a requirement cjis-5.20",
    ]


def test_an_id_of_no_policy_is_a_note_unless_it_is_like_a_known_one(world: World) -> None:
    far, near, cited = _problems(
        world, _decisions("iso-27001", "poll-164.312.a.1", "45 cfr 164.312 (a)(1)")
    )
    assert (far.kind, far.suggestion) == (NOTE, "")
    assert (near.kind, near.suggestion) == (WRONG_VALUE, "pol-164.312.a.1")
    assert (cited.kind, cited.suggestion) == (WRONG_VALUE, "pol-164.312.a.1")


def test_statements_name_each_requirement_with_its_place(world: World) -> None:
    inventory = {
        "systems": [{"id": "a"}], "vendors": [{"id": "host"}],
        "inheritance": [{**STATEMENT, "requirements": ["pol-164.312.b", "pol-164.312.c"]}],
    }  # fmt: skip
    [slip] = _problems(world, inventory)
    assert slip.path == "inheritance of vendor/host requirements[1]"
    assert slip.suggestion == "pol-164.312.b"


def test_thousands_of_different_ids_are_told_quickly(world: World) -> None:
    problems = _problems(world, _decisions(*(f"pol-{number}.x" for number in range(5000))))
    assert len(problems) == 5000
    assert {problem.kind for problem in problems} == {WRONG_VALUE}


def test_reports_tell_slips_from_notes(world: World) -> None:
    inventory = _decisions("pol-164.312.bb", "iso-27001") | {"systems": [{"id": "a", "mfa": "x"}]}
    policy = _policy(world)
    made = world.assess(policy, inventory)  # type: ignore[arg-type]
    assert [wrong.as_unknown for wrong in made.summary.wrong_values] == [True, False]
    assert [note.path for note in made.summary.notes] == ["decision/d1 requirement"]
    text = " ".join("".join(TextReport().render(made)).split())
    assert "1 wrong value read as unknown" in text
    assert "1 requirement id in the inventory that no rule set has" in text
    assert "Notes on the inventory" in text
    assert "Did you mean pol-164.312.b?" in text
