"""Charts: the same numbers, in SVG that harms nobody and that everybody can read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.report.chart_shapes import TONES, ticks
from compliance.report.charts import Chart, Series, line_chart, stacked_bars

SVG = "{http://www.w3.org/2000/svg}"
LABELS = ("2026-01-15", "2026-04-15", "2026-07-15")
SERIES = (Series("met", (1, 2, 3), "met"), Series("not met", (6, None, 4), "not_met"))
Maker = Callable[..., Chart]
MAKERS: tuple[Maker, ...] = (line_chart, stacked_bars)
EVIL = '</svg><script>alert(1)</script> & "x" \u202eabc\x00\x1b[31m\ud800'


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg)  # noqa: S314


def tags(root: ElementTree.Element) -> set[str]:
    return {one.tag for one in root.iter()}


@pytest.mark.parametrize("make", MAKERS)
def test_a_chart_says_what_it_shows_without_being_seen(make: Maker) -> None:
    root = drawn(make("Requirements", LABELS, SERIES))
    assert root.get("role") == "img"
    title, text = root[0], root[1]
    assert (title.tag, text.tag) == ("title", "desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {text.get('id')}"
    assert title.text == "Requirements"
    assert text.text == (
        "met: 2026-01-15 1, 2026-04-15 2, 2026-07-15 3. "
        "not met: 2026-01-15 6, 2026-04-15 no value, 2026-07-15 4."
    )


@pytest.mark.parametrize("make", MAKERS)
def test_nothing_in_it_needs_style_script_or_network(make: Maker) -> None:
    svg = make("Requirements", LABELS, SERIES, marks={1: "version 2"}).svg
    root = ElementTree.fromstring(svg)  # noqa: S314
    assert tags(root) <= {
        "svg", "title", "desc", "defs", "pattern", "rect", "path", "g", "text"
    }  # fmt: skip
    names = {name for one in root.iter() for name in one.attrib}
    assert not names & {"style", "class", "href", "src", "onload", "xlink:href"}
    assert "http" not in svg
    assert "<!--" not in svg
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("make", MAKERS)
def test_texts_cannot_break_out_or_mislead(make: Maker) -> None:
    series = (Series(EVIL, (1, 2, 3)),)
    chart = make(EVIL, [EVIL] * 3, series, description=EVIL, marks={0: EVIL})
    root = drawn(chart)
    assert "script" not in tags(root)
    for char in ("\u202e", "\x00", "\x1b", "\ud800"):
        assert char not in chart.svg


def test_the_same_numbers_give_the_same_bytes_in_every_process(root: Path) -> None:
    code = (
        "from tests.report.test_charts import *\n"
        "import sys\n"
        "text = ''.join(m('T', LABELS, SERIES, marks={1: 'v'}).svg for m in MAKERS)\n"
        "sys.stdout.write(text)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}:{root / 'cli'}", "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
    here = "".join(make("T", LABELS, SERIES, marks={1: "v"}).svg for make in MAKERS)
    assert outputs == {here.encode()}


def test_two_charts_of_a_page_have_ids_of_their_own() -> None:
    charts = [make(title, LABELS, SERIES) for make in MAKERS for title in ("one", "two")]
    ids = [one.get("id") for chart in charts for one in drawn(chart).iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("page", ["#ffffff", "#f4f6f8", "#182029", "#0f151c"])
@pytest.mark.parametrize("tone", TONES)
def test_every_colour_stands_out_from_a_light_and_a_dark_page(tone: str, page: str) -> None:
    light, dark = sorted((luminance(TONES[tone]), luminance(page)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_lines_and_bars_differ_by_more_than_colour() -> None:
    series = [Series(str(number), (number, number)) for number in range(8)]
    lines = drawn(line_chart("T", ["a", "b"], series))
    dashes = [
        one.get("stroke-dasharray") for one in lines.iter("path") if one.get("fill") == "none"
    ]
    assert len(dashes) == len(set(dashes)) == 8
    bars = drawn(stacked_bars("T", ["a", "b"], series))
    hatches = [[path.get("d") for path in pattern.iter("path")] for pattern in bars.iter("pattern")]
    assert len({str(one) for one in hatches}) == 8


def test_values_are_where_they_belong() -> None:
    root = drawn(stacked_bars("T", LABELS, SERIES))
    told = [one.findtext("title") for one in root.iter("rect") if one.find("title") is not None]
    assert told == [
        "2026-01-15: met 1", "2026-04-15: met 2", "2026-07-15: met 3",
        "2026-01-15: not met 6", "2026-07-15: not met 4",
    ]  # fmt: skip
    heights = [
        float(one.get("height", "")) for one in root.iter("rect") if one.find("title") is not None
    ]
    assert heights[3] == pytest.approx(6 * heights[0], rel=0.02)
    assert "2026-04-15: not met" not in line_chart("T", LABELS, SERIES).svg


def test_a_mark_stands_at_its_label_and_is_told_in_words() -> None:
    root = drawn(line_chart("T", LABELS, SERIES, marks={2: "version 1.1.0"}))
    place = {one.text: one for one in root.iter("text")}
    assert place["version 1.1.0"].get("x") == place["2026-07-15"].get("x")


def test_a_line_is_not_drawn_across_a_mark_nor_across_a_missing_value() -> None:
    def line(marks: dict[int, str], *values: int | None) -> str:
        chart = line_chart("T", list("abcd"), [Series("s", values)], marks=marks)
        lines = [one for one in drawn(chart).iter("path") if one.get("fill") == "none"]
        return "".join(char for one in lines for char in one.get("d", "") if char in "ML")

    assert line({}, 1, 2, 3, 4) == "MLLL"
    assert line({2: "x"}, 1, 2, 3, 4) == "MLML"
    assert line({1: "x", 2: "y"}, 1, 2, 3, 4) == "MMML"
    assert line({}, 1, 2, None, 4) == "ML"
    assert line({}, 1, None, 3, 4) == "ML"


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("labels", [0, 1, 2, 13, 200])
def test_few_and_many_labels(make: Maker, labels: int) -> None:
    names = [f"label {number}" for number in range(labels)]
    chart = make("T", names, (Series("s", tuple(range(labels))),))
    shown = [one for one in drawn(chart).iter("text") if (one.text or "").startswith("label")]
    assert len(shown) <= 13
    assert bool(shown) is bool(labels)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("series", [(), (Series("s", (None, None)),), (Series("s", (0, 0)),)])
def test_nothing_to_draw(make: Maker, series: Sequence[Series]) -> None:
    root = drawn(make("T", ["a", "b"], series))
    assert root[0].text == "T"


def test_a_number_of_values_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 3 labels"):
        line_chart("T", LABELS, [Series("s", (1, 2))])


@given(st.integers(0, 10**9))
def test_levels_reach_the_highest_value_in_few_round_steps(highest: int) -> None:
    found = ticks(highest)
    assert found[0] == 0
    assert found[-1] >= highest
    assert 2 <= len(found) <= 6
    assert str(found[1]).rstrip("0") in ("1", "2", "5")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=8),
            st.lists(st.none() | st.integers(0, 10**6), min_size=3, max_size=3),
        ),
        max_size=5,
    )
)
def test_any_numbers_and_names_can_be_drawn(content: list[tuple[str, list[int | None]]]) -> None:
    series = [Series(name, tuple(values)) for name, values in content]
    for make in MAKERS:
        drawn(make("T", LABELS, series))
