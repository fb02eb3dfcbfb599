"""The drawing of a chart: from what pygal draws to plain SVG without style and script."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from compliance.report.plain import neutral

if TYPE_CHECKING:
    from pygal.graph.graph import Graph

    from compliance.report.charts import Chart, Series

WIDTH = 760
"""Width of a chart in its own units; it grows and shrinks with its place."""
LABELS_SHOWN = 12
"""Labels written below a chart; of more, every second or third is."""

TONES: Mapping[str, str] = {
    "met": "#2b8a57", "not_met": "#c8443b", "unknown": "#a07800", "neutral": "#74818f",
    "critical": "#b83a6b", "high": "#d0591a", "medium": "#a07800", "low": "#5b7fa6",
    "blue": "#2f7cc4", "green": "#2b8a57", "orange": "#d0591a", "purple": "#9063c9",
    "teal": "#1f8a90", "red": "#c8443b", "olive": "#7d8412", "pink": "#b83a6b",
}  # fmt: skip
"""Colours by what they stand for, each at least 3:1 against a white and a dark page."""
_CYCLE = ("blue", "orange", "green", "purple", "olive", "pink", "teal", "red")
_DASHES = ("", "9 4", "3 3", "12 3 3 3", "6 2 2 2", "15 5", "1 4", "10 2 4 2")
_HATCHES = (
    "", "M0 8L8 0", "M0 4H8", "M4 0V8", "M0 0L8 8", "M0 4H8M4 0V8", "M0 8L8 0M0 0L8 8",
    "M2 2h1v1h-1zM6 6h1v1h-1z",
)  # fmt: skip
_FONT = 'system-ui, "Segoe UI", Roboto, Arial, sans-serif'
_POINT = re.compile(r"[ML]?\s*(-?[\d.]+)[ ,](-?[\d.]+)")
_NUMBER = re.compile(r"-?\d+\.\d+")


def shown(value: float | int) -> str:
    """A number as charts and their tables write it."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def ticks(highest: float) -> list[int]:
    """Round numbers from 0 to at least the highest value, about five of them."""
    step = next(one for one in _steps() if one * 5 >= highest)
    return list(range(0, step * max(1, math.ceil(highest / step)) + 1, step))


def _steps() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50 and so on."""
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


class Drawing:
    """Makes the SVG of one chart from what pygal draws."""

    def __init__(self, chart: Chart, *, stacked: bool) -> None:
        """Gives each series its colour.

        Args:
            chart: title, labels and numbers.
            stacked: bars; else lines.
        """
        self._chart = chart
        self._stacked = stacked
        content = repr((chart.title, chart.labels, chart.series, sorted(chart.marks.items())))
        digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:12]
        self._id = f"{'bars' if stacked else 'lines'}-{digest}"
        tones = [
            one.tone or _CYCLE[number % len(_CYCLE)] for number, one in enumerate(chart.series)
        ]
        self._colours = [TONES[tone] for tone in tones]
        self._marked: set[str] = set()
        """Where the marked labels stand, as far as they are drawn."""

    def draw(self, graph: Graph) -> str:
        """The element ``svg`` as text."""
        chart = self._chart
        drawn = self._drawn(graph) if chart.series and chart.labels else None
        height = drawn.get("viewBox", "").split()[3] if drawn is not None else "60"
        root = Element("svg", viewBox=f"0 0 {WIDTH} {height}", role="img", fill="currentColor")
        root.set("aria-labelledby", f"{self._id}-t {self._id}-d")
        root.set("font-family", _FONT)
        root.set("font-size", "12")
        _add(root, "title", chart.title, id=f"{self._id}-t")
        _add(root, "desc", chart.description, id=f"{self._id}-d")
        if drawn is None:
            _add(root, "text", "Nothing to show", x="8", y="32")
        else:
            if self._stacked:
                self._patterns(root)
            self._shapes(drawn, root)
        return tostring(root, encoding="unicode", short_empty_elements=True)

    def _drawn(self, graph: Graph) -> Element:
        """What pygal draws; labels and series are numbers, so that no text goes through it."""
        chart = self._chart
        levels = ticks(_highest(chart.series, stacked=self._stacked))
        graph.x_labels = [str(number) for number in range(len(chart.labels))]
        graph.y_labels = levels
        graph.range = (0, levels[-1])
        for number, one in enumerate(chart.series):
            graph.add(str(number), list(one.values))
        return _tree(graph)

    def _patterns(self, root: Element) -> None:
        holder = _add(root, "defs")
        for number, colour in enumerate(self._colours):
            pattern = _add(
                holder,
                "pattern",
                id=f"{self._id}-p{number}",
                width="8",
                height="8",
                patternUnits="userSpaceOnUse",
            )
            _add(pattern, "rect", width="8", height="8", fill=colour)
            hatch = _HATCHES[number % len(_HATCHES)]
            if hatch:
                _add(
                    pattern,
                    "path",
                    d=hatch,
                    stroke="#fff",
                    fill="none",
                    stroke_width="1.4",
                    stroke_opacity=".75",
                )

    def _shapes(self, tree: Element, root: Element) -> None:
        for part in tree.iter("g"):
            classes = part.get("class", "").split()
            if classes == ["plot"]:
                self._plot(part, root)
            elif classes == ["plot", "overlay"] and not self._stacked:
                self._dots(part, _add(root, "g", transform=part.get("transform", "")))
            elif classes == ["legends"] and len(part):
                self._legend(part, _add(root, "g", transform=part.get("transform", "")))

    def _plot(self, plot: Element, root: Element) -> None:
        group = _add(root, "g", transform=plot.get("transform", ""))
        for part in plot:
            classes = part.get("class", "").split()
            if classes[:2] == ["axis", "y"]:
                self._levels(part, group)
            elif classes[:2] == ["axis", "x"]:
                self._below(part, group)
            elif classes[:1] == ["series"]:
                number = int(classes[1].removeprefix("serie-"))
                (self._bars if self._stacked else self._line)(part, group, number)

    def _levels(self, axis: Element, group: Element) -> None:
        for guide in _guides(axis):
            path, text = guide.find("path"), guide.find("text")
            if path is not None:
                _add(
                    group,
                    "path",
                    d=path.get("d", ""),
                    stroke="currentColor",
                    stroke_opacity=".25",
                    stroke_width="1",
                )
            if text is not None:
                level = shown(int(float((text.text or "0").replace(",", ""))))
                place = {"x": text.get("x", ""), "y": text.get("y", "")}
                _add(group, "text", level, text_anchor="end", **place)

    def _below(self, axis: Element, group: Element) -> None:
        labels = self._chart.labels
        step = math.ceil(len(labels) / LABELS_SHOWN) or 1
        for number, guide in enumerate(_guides(axis)):
            path, text = guide.find("path"), guide.find("text")
            if path is None or text is None:
                continue
            place = text.get("x", "0")
            if number % step == 0:
                y = text.get("y", "")
                _add(group, "text", labels[number], x=place, y=y, text_anchor="middle")
            if number in self._chart.marks:
                self._marked.add(_rounded_text(place))
                self._mark(group, path.get("d", ""), place, self._chart.marks[number])

    def _mark(self, group: Element, path: str, place: str, words: str) -> None:
        """An upright line at a label, with words above it."""
        _add(
            group,
            "path",
            d=path,
            stroke="currentColor",
            stroke_dasharray="2 3",
            stroke_width="1.5",
        )
        anchor = "end" if float(place) > WIDTH * 0.75 else "start"
        _add(group, "text", words, x=place, y="-8", text_anchor=anchor)

    def _line(self, part: Element, group: Element, number: int) -> None:
        for path in part.iter("path"):
            made = _add(
                group, "path", d=self._interrupted(path.get("d", "")), fill="none",
                stroke=self._colours[number], stroke_width="2.5",
            )  # fmt: skip
            dash = _DASHES[number % len(_DASHES)]
            if dash:
                made.set("stroke-dasharray", dash)

    def _interrupted(self, path: str) -> str:
        """A line that begins anew where something happened: what it would join is not alike."""
        points = [(found[1], found[2], found[0].startswith("M")) for found in _POINT.finditer(path)]
        parts = []
        for x, y, begins in points:
            anew = begins or _rounded_text(x) in self._marked
            parts.append(f"{'M' if anew else 'L'}{x} {y}")
        return " ".join(parts)

    def _bars(self, part: Element, group: Element, number: int) -> None:
        for bar in part.iter("g"):
            rect = bar.find("rect")
            if rect is None or float(rect.get("height", "0")) == 0:
                continue
            place = {name: rect.get(name, "") for name in ("x", "y", "width", "height")}
            fill, stroke = f"url(#{self._id}-p{number})", self._colours[number]
            made = _add(group, "rect", fill=fill, stroke=stroke, **place)
            self._tell(made, bar, number)

    def _dots(self, overlay: Element, group: Element) -> None:
        for part in overlay:
            classes = part.get("class", "").split()
            if classes[:1] != ["series"]:
                continue
            number = int(classes[1].removeprefix("serie-"))
            for dot in part.iter("g"):
                circle = dot.find("circle")
                if circle is not None:
                    x, y = float(circle.get("cx", "0")), float(circle.get("cy", "0"))
                    made = _add(group, "path", d=_shape(number, x, y), fill=self._colours[number])
                    self._tell(made, dot, number)

    def _tell(self, shape: Element, drawn: Element, number: int) -> None:
        """What a pointer that rests on a shape is told."""
        found = {one.get("class", ""): one.text or "" for one in drawn.findall("desc")}
        label = self._chart.labels[int(found.get("x_label", "0"))]
        value = self._chart.series[number].values[int(found.get("x_label", "0"))]
        words = f"{label}: {self._chart.series[number].name} {shown(value or 0)}"
        _add(shape, "title", words)

    def _legend(self, part: Element, group: Element) -> None:
        for number, entry in enumerate(part.findall("g")):
            rect, text = entry.find("rect"), entry.find("text")
            if rect is None or text is None:
                continue
            x, y = float(rect.get("x", "0")), float(rect.get("y", "0"))
            if self._stacked:
                _add(
                    group,
                    "rect",
                    x=rect.get("x", ""),
                    y=rect.get("y", ""),
                    width="12",
                    height="12",
                    fill=f"url(#{self._id}-p{number})",
                    stroke=self._colours[number],
                )
            else:
                _add(group, "path", d=_shape(number, x + 6, y + 6), fill=self._colours[number])
            name = self._chart.series[number].name
            _add(group, "text", name, x=text.get("x", ""), y=text.get("y", ""))


def _add(holder: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Puts an element into another; `stroke_width` becomes the attribute `stroke-width`."""
    names = {
        name.replace("_", "-"): _NUMBER.sub(_rounded, value) for name, value in attributes.items()
    }
    made = SubElement(holder, tag, names)
    if text:
        made.text = _plain(text)
    return made


def _rounded_text(number: str) -> str:
    return f"{float(number):.1f}"


def _rounded(found: re.Match[str]) -> str:
    """A number to a tenth, which is finer than any screen."""
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _tree(graph: Graph) -> Element:
    from pygal.etree import etree

    # Whatever else is installed, the same library makes the same bytes.
    etree.to_etree()
    tree: Element = graph.render_tree()
    return tree


def _guides(axis: Element) -> Iterator[Element]:
    return (one for one in axis if one.get("class") == "guides")


def _highest(series: Iterable[Series], *, stacked: bool) -> float:
    rows = [[value or 0 for value in one.values] for one in series]
    if stacked:
        return max((sum(column) for column in zip(*rows, strict=True)), default=0)
    return max((value for row in rows for value in row), default=0)


def _shape(number: int, x: float, y: float) -> str:
    """A mark of its own for each line: disc, square, triangle, lozenge."""
    match number % 4:
        case 0:
            path = f"M{x - 5:.1f} {y:.1f}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z"
        case 1:
            path = f"M{x - 4.5:.1f} {y - 4.5:.1f}h9v9h-9z"
        case 2:
            path = f"M{x:.1f} {y - 6:.1f}l5.5 10h-11z"
        case _:
            path = f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z"
    return path


def _plain(text: str) -> str:
    """A text in which nothing acts or misleads; what means something in XML is escaped later."""
    return neutral(" ".join(text.split()))
