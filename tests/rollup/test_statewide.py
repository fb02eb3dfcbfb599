"""What a roll-up says of the sample agencies."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from compliance.policy.registry import open_registry
from compliance.report.detail import COUNTS, FULL, REQUIREMENT
from compliance.rollup.model import Agency, PlanState, Point, Rollup, SetResult
from compliance.rollup.search import find
from compliance.rollup.statewide import NothingUsableError, Wanted, roll_up
from compliance.rollup.tables import tables
from compliance.rollup.trend import trends
from compliance.rollup.words import gap_words, known_words, requirement_words
from tests.rollup.agencies import AS_OF


def rolled(folder: Path, detail: str = REQUIREMENT, as_of: str = AS_OF, **more: object) -> Rollup:
    wanted = Wanted(datetime.date.fromisoformat(as_of), detail, **more)  # type: ignore[arg-type]
    return roll_up(find([folder], as_of), wanted, open_registry())


@pytest.fixture(scope="module")
def whole(sample: Path) -> Rollup:
    return rolled(sample, FULL)


def test_agencies_come_in_the_order_of_their_names(whole: Rollup) -> None:
    names = [one.name for one in whole.agencies]
    assert len(names) == 6
    assert names == sorted(names)
    for group in whole.groups:
        listed = [one.name for one in group.agencies]
        assert listed == sorted(listed)


def test_only_the_same_version_and_quarter_stand_side_by_side(whole: Rollup) -> None:
    first, older, earlier = whole.groups
    assert (first.quarter, first.why) == ("2026-Q4", "")
    assert ("corrections", "hipaa") in first.elsewhere
    assert first.elsewhere["corrections", "hipaa"] == ("0.1.0", older.anchor)
    assert [one.id for one in older.agencies] == ["corrections"]
    assert "0.1.0" in older.why
    assert (earlier.quarter, [one.id for one in earlier.agencies]) == ("2026-Q2", ["veterans"])
    assert "2026-Q2" in earlier.why
    for group in whole.groups:
        for column in group.columns:
            for agency in group.agencies:
                found = agency.of(column.policy)
                shown = found and (agency.id, column.policy) not in group.elsewhere
                assert not shown or found.version == column.version  # type: ignore[union-attr]


def test_old_assessments_and_old_versions_are_named(whole: Rollup) -> None:
    assert [(one.id, one.age) for one in whole.stale] == [("veterans", 187)]
    [behind] = whole.behind
    assert (behind.agency, behind.version) == ("Department of Corrections", "0.1.0")
    assert behind.newest == str(open_registry().newest("hipaa").version)


def test_requirements_are_counted_by_agencies(whole: Rollup) -> None:
    for one in whole.shortfalls:
        assert one.statuses.get("not_met", 0) == len(one.agencies) == len(set(one.agencies))
        assert sum(one.statuses.values()) <= len(whole.agencies)
    numbers = [one.statuses.get("not_met", 0) for one in whole.shortfalls]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] >= 2


def test_a_fix_is_shared_by_different_agencies_only(whole: Rollup) -> None:
    assert whole.shared
    for one in whole.shared:
        assert len(one.agencies) == len(set(one.agencies)) >= 2
        own = [
            fix.closed
            for agency in whole.agencies
            for fix in agency.fixes
            if fix.key == one.fix.key
        ]
        assert sum(own) == one.fix.closed


def test_a_providers_gap_counts_once(whole: Rollup) -> None:
    [one] = whole.providers
    assert one.fix.provider == "vendor/central-it"
    assert one.agencies == ("Department of Health and Recovery", "Division of Behavioral Health")
    assert all(shared.fix.provider is None for shared in whole.shared)


def test_trends_count_the_same_agencies_in_every_quarter(whole: Rollup) -> None:
    [trend] = whole.trends
    assert [one.quarter for one in trend.quarters] == ["2026-Q2", "2026-Q3", "2026-Q4"]
    assert set(trend.agencies).isdisjoint(trend.left_out)
    assert "Office of Veterans Affairs" in trend.left_out
    newest = trend.quarters[-1]
    counted = [one for one in whole.agencies if one.name in trend.agencies]
    results = [found for one in counted if (found := one.of("hipaa"))]
    assert len(results) == len(trend.agencies)
    assert sum(newest.gaps.values()) == sum(one.all_gaps for one in results)


def test_the_plan_findings_from_outside_and_costs_are_there(whole: Rollup) -> None:
    [clinic] = [one for one in whole.agencies if one.id == "county-clinic"]
    assert clinic.plan.accepted == 2
    [found] = clinic.outside
    assert (found.source, found.number, found.overdue) == ("state auditor", "2026-114", False)
    [asked] = clinic.asked
    assert (asked.items, int(asked.one_time), int(asked.yearly)) == (1, 0, 1800)
    row, total = money(whole)
    assert (row["Once"], row["A year"], row["Amounts not said"]) == (0, 1800, "none")
    assert (total["Agency"], total["A year"]) == ("All agencies", 1800)
    assert total["Gaps they are about"] == row["Gaps they are about"] == asked.gaps


def money(rollup: Rollup) -> list[dict[str, object]]:
    [table] = [one for one in tables(rollup) if one.name == "investments"]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_an_amount_that_nobody_says_is_not_told_as_nothing(whole: Rollup) -> None:
    [clinic] = [one for one in whole.agencies if one.id == "county-clinic"]
    [asked] = clinic.asked
    silent = replace(asked, without_one_time=1)
    changed = replace(clinic, asked=(silent,), asked_in_all=(silent,))
    [row, _] = money(replace(whole, agencies=(changed,)))
    assert (row["Once"], row["A year"], row["Amounts not said"]) == ("not said", 1800, "1 once")


def test_what_the_detail_leaves_out_is_not_kept(sample: Path) -> None:
    reduced = rolled(sample)
    text = repr(reduced)
    assert "central-it" not in text
    assert "2026-114" not in text
    assert "front desk" not in text
    [provider] = reduced.providers
    assert provider.fix.provider == "provider 1"
    numbers = repr(rolled(sample, COUNTS))
    for word in ("central-it", "164.312", "2026-114", "encryption"):
        assert word not in numbers
    names = {one.name for one in tables(rolled(sample, COUNTS))}
    assert names.isdisjoint({"requirements", "shared", "providers", "services"})


def test_an_earlier_date_shows_the_state_as_it_was(sample: Path) -> None:
    earlier = rolled(sample, as_of="2026-08-31")
    assert {one.as_of for one in earlier.agencies} == {"2026-08-20", "2026-05-20"}
    assert sum("after 2026-08-31" in one.text for one in earlier.notes) == 5


def test_markings_stand_side_by_side_unless_one_is_given(sample: Path) -> None:
    found = str(rolled(sample).marking)
    assert "INTERNAL" in found
    assert "CONFIDENTIAL" in found
    assert rolled(sample, marking="FOR THE BUREAU").marking == "FOR THE BUREAU"


def test_a_damaged_newest_file_gives_way_to_the_one_before(sample: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sample / "county-clinic", tmp_path / "a")
    newest = folder / "2026-11-20.json"
    text = newest.read_text("utf-8").replace('"evaluated": "gap"', '"evaluated": "odd"')
    newest.write_text(text, encoding="utf-8")
    found = rolled(folder)
    assert [one.as_of for one in found.agencies] == ["2026-08-20"]
    [problem] = found.problems
    assert problem.path == newest.as_posix()


def test_copies_are_noted_and_contradictions_are_problems(sample: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sample / "county-clinic", tmp_path / "a")
    newest = folder / "2026-11-20.json"
    shutil.copy(newest, folder / "copy.json")
    assert [one.text for one in find([folder], AS_OF).notes if "copy of" in one.text]
    other = newest.read_text("utf-8").replace('"severity": "high"', '"severity": "low"')
    (folder / "other.json").write_text(other, encoding="utf-8")
    found = rolled(folder)
    assert any("second assessment of county-clinic" in one.text for one in found.problems)
    assert len(found.agencies) == 1


def test_nothing_to_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(NothingUsableError, match=r"a\.json"):
        rolled(tmp_path)


def result(version: str, gaps: int) -> SetResult:
    made = {"not_met": 1, "met": 1}
    return SetResult("p", version, "P", "binding", made, {"high": gaps}, 0, 0, 0)


def agency(name: str, *quarters: str, gaps: int = 1) -> Agency:
    sets = (result("1.0.0", gaps),)
    return Agency(
        id=name, name=name, as_of=AS_OF, age=0, quarter="2026-Q4", path="a.json", detail=FULL,
        program_version="1", inventory_sha256="", marking=None, sets=sets, records={}, complete={},
        known=0, read=0, missing=0, statuses={}, fixes=(), plan=PlanState(), outside=(), asked=(),
        asked_in_all=(), services=(),
        history=tuple(Point(name, AS_OF, one, sets) for one in quarters),
    )  # fmt: skip


def test_a_quarter_that_few_agencies_have_leaves_the_trend() -> None:
    every = ("2026-Q2", "2026-Q3")
    found = [agency("a", "2025-Q1", *every), agency("b", *every), agency("c", *every)]
    [trend] = trends([*found, agency("d", "2026-Q3", gaps=100)])
    assert [one.quarter for one in trend.quarters] == list(every)
    assert (trend.agencies, trend.left_out) == (("a", "b", "c"), ("d",))
    assert [one.gaps for one in trend.quarters] == [{"high": 3}, {"high": 3}]


def test_nobody_is_told_that_there_are_no_gaps_while_something_is_unknown() -> None:
    blind = SetResult("p", "1.0.0", "P", "binding", {"unknown": 1}, {}, 4, 0, 0)
    assert gap_words(blind) == ("4 findings unknown, so whether there are gaps cannot be told yet")
    assert gap_words(replace(blind, unknown=0)) == "No gap and no unknown"
    assert "No gap" not in gap_words(replace(blind, unknown=0, errors=1))
    proposed = replace(blind, binding="proposed", requirements={}, unknown=0, upcoming=3)
    assert gap_words(proposed) == "3 upcoming"
    assert requirement_words(proposed) == "proposed: nothing in force"


def test_no_share_of_nothing_is_told() -> None:
    assert known_words(agency("a")) == "not told by this assessment"
    nothing = SetResult("p", "1.0.0", "P", "binding", {"not_applicable": 3}, {}, 0, 0, 0)
    assert requirement_words(nothing) == "none applies"
