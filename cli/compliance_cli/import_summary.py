"""What an import took, what it left and why, and what is known now."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from compliance.inventory.importing.harvested import Column
from compliance.inventory.importing.importer import Import
from compliance.inventory.importing.mapping import ImportMapping
from compliance.inventory.importing.merging import Difference
from compliance.inventory.kinds import Kinds
from compliance.inventory.problems import Problem
from compliance.inventory.store import Record
from compliance.policy.bundle import Bundle
from compliance.report.plain import columns, neutral, number, prose, value

MOST = 20
"""Lines of one list that are shown; the others are counted."""
_PLACE = re.compile(r"\S.*[:!][A-Z]*[0-9]+(:[0-9]+)?: ")
_PERSONAL = "about persons, who are ids or role titles in an inventory and never names"


class Summary:
    """Words an import.

    Args:
        file: the source, as the user named it.
        mapping: what its columns mean.
        kinds: all kinds.
        done: the import.
    """

    def __init__(self, file: str, mapping: ImportMapping, kinds: Kinds, done: Import) -> None:
        self._file = file
        self._mapping = mapping
        self._kinds = kinds
        self._done = done
        self._harvest = done.harvest
        self._merged = done.merged

    def pieces(self, bundles: Sequence[Bundle]) -> Iterator[str]:
        """The summary, piece by piece.

        Args:
            bundles: the rule sets that the folder would be checked against.
        """
        yield f"{neutral(self._mapping.title)}\n  from {neutral(self._file)}\n"
        yield from self._taken()
        yield from self._left_out()
        yield from self._left_unknown()
        yield from self._against_the_inventory()
        yield from self._needed(bundles)
        yield from self._next()

    def _taken(self) -> Iterator[str]:
        harvest, merged = self._harvest, self._merged
        yield "\nTaken\n"
        rows = number(harvest.rows, "row")
        yield prose(
            f"{rows}: {number(len(merged.added), 'new record')}, {len(merged.known):,} from an "
            f"earlier import, {len(merged.elsewhere):,} that stand in other files.", "  "
        )  # fmt: skip
        counts = sorted(merged.facts.items())
        if counts:
            yield columns([[path, f"{count:,}"] for path, count in counts], "    ")
        if harvest.undated:
            yield prose(
                f"{number(harvest.undated, 'fact')} without a day: the file does not say of which "
                "day it tells. --reported-on DATE enters it.", "  "
            )  # fmt: skip

    def _left_out(self) -> Iterator[str]:
        harvest = self._harvest
        lines = [*_rows_left(self._done), *_columns_left(harvest.columns)]
        strange = [each for each in harvest.columns if not each.why and not each.personal]
        if self._mapping.reads == "table" and len(strange) > harvest.columns_used:
            lines.append("Most columns are not in the mapping. Is it the right source?")
        lines += [str(note) for note in harvest.notes]
        lines += [
            f"{subject}: the inventory is that of another agency already"
            for subject in self._merged.unused
        ]
        yield from _section("Left out", lines)

    def _left_unknown(self) -> Iterator[str]:
        lines = [
            f"{path} in {number(count, 'record')}: {why}"
            for (path, why), count in sorted(self._harvest.left_open.items())
        ]
        lines += [
            f"{each.subject} {each.fact}: there is no {', no '.join(each.new)}"
            for each in self._merged.dangling
        ]
        lines += _grouped(self._harvest.problems)
        yield from _section("Left unknown", lines)

    def _against_the_inventory(self) -> Iterator[str]:
        merged = self._merged
        yield from _section(
            "Same record, other id",
            [
                f"{theirs} is {ours}, which stands in another file"
                for ours, theirs in merged.elsewhere.items()
                if ours != theirs
            ]
            + [f"{theirs} is {ours}" for ours, theirs in merged.renamed.items()],
        )
        yield from _section("Changed", [_difference(each) for each in merged.changed], most=None)
        yield from _section(
            "Kept, although the file says otherwise",
            [_kept(each) for each in merged.kept],
            most=None,
        )
        vanished = [f"{subject}: no longer in the file; it stays" for subject in merged.vanished]
        vanished += [
            f"{subject}: it was taken out of its file; {number(count, 'fact')} of it that stood "
            "here removed"
            for subject, count in sorted(merged.removed.items())
        ]
        vanished += [
            f"{path} in {number(count, 'record')}: no longer said; the earlier value stays"
            for path, count in sorted(merged.no_longer_said.items())
        ]
        yield from _section("No longer there", vanished, most=None)
        if merged.undated_answers:
            what = number(merged.undated_answers, "fact")
            yield from _section(
                "Not entered",
                [f"{what} of records that stand in other files: give --reported-on DATE"],
            )

    def _needed(self, bundles: Sequence[Bundle]) -> Iterator[str]:
        rows = [row for bundle in bundles for row in self._needed_by(bundle)]
        yield "\nFacts that the rule sets need\n"
        if not rows:
            yield "  None of the records that were taken.\n"
            return
        yield columns([["", "records", "needed", "known before", "known now"], *rows])

    def _needed_by(self, bundle: Bundle) -> Iterator[list[str]]:
        by_kind: dict[str, list[str]] = defaultdict(list)
        merged = self._merged
        for subject in [*merged.added, *merged.known, *merged.elsewhere]:
            kind, _, name = subject.partition("/")
            by_kind[kind].append(name)
        for kind, names in sorted(by_kind.items()):
            needed = _needed_facts(bundle, self._kinds, kind)
            if needed:
                before = (self._done.folder.records.get((kind, name)) for name in names)
                after = (self._done.after.get(kind, name) for name in names)
                yield [
                    f"{bundle.policy_id} {bundle.version}, {kind}",
                    f"{len(names):,}",
                    f"{len(names) * len(needed):,}",
                    f"{_known(before, needed):,}",
                    f"{_known(after, needed):,}",
                ]

    def _next(self) -> Iterator[str]:
        if not self._done.has_agency:
            shown = neutral(self._done.folder.path.as_posix())
            yield "\n"
            yield prose(
                f"Next: {shown} names no agency yet. `compliance start` asks for one; or write a "
                f"file {shown}/agency.yaml with the line `agency: {{id: my-agency}}`."
            )


def _needed_facts(bundle: Bundle, kinds: Kinds, kind: str) -> list[str]:
    node = bundle.reads.get(kind, {}).get("self", {"facts": (), "links": {}})
    facts = kinds[kind].facts
    read = {*node["facts"], *node["links"]}
    return sorted(
        path
        for path in read
        if path in facts and facts[path].entered and not facts[path].absent_none
    )


def _known(records: Iterable[Record | None], needed: Sequence[str]) -> int:
    return sum(
        record.get(path) is not None for record in records if record is not None for path in needed
    )


def _rows_left(done: Import) -> Iterator[str]:
    harvest = done.harvest
    if harvest.filtered:
        yield f"{number(harvest.filtered, 'row')} that --where does not name"
    if harvest.skipped:
        yield f"{number(harvest.skipped, 'row')} of guidance, or not records of this sort"
    if harvest.without_id:
        first = harvest.without_id[0]
        rows = number(len(harvest.without_id), "row")
        yield f"{rows} with nothing to make an id of, the first at {first}"


def _columns_left(left: Sequence[Column]) -> Iterator[str]:
    personal = [each.heading for each in left if each.personal]
    if personal:
        yield f"{', '.join(personal)}: {_PERSONAL}"
    by_reason: dict[str, list[str]] = defaultdict(list)
    for each in left:
        if each.why:
            by_reason[each.why].append(each.heading)
    for why, headings in by_reason.items():
        yield f"{', '.join(headings)}: {why}"
    strange = [_counted(each) for each in left if not each.why and not each.personal]
    if strange:
        yield f"Not in the mapping: {', '.join(strange)}"


def _counted(column: Column) -> str:
    """A column with how many values were left, where it is more than one."""
    if column.filled > 1:
        return f"{column.heading} ({column.filled:,} values)"
    return column.heading if column.filled else f"{column.heading} (empty)"


def _grouped(problems: Sequence[Problem]) -> list[str]:
    """Each problem once, with how often the same is said of other cells."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        key = (problem.path, problem.message)
        counts[key] += 1
        first.setdefault(key, problem)
    return [
        str(problem) + (f" And {number(counts[key] - 1, 'cell')} more." if counts[key] > 1 else "")
        for key, problem in first.items()
    ]


def _difference(each: Difference) -> str:
    where = f" ({each.where})" if each.where else ""
    if each.sensitive:
        return f"{each.subject} {each.fact}{where}: another value, which is never shown"
    return f"{each.subject} {each.fact}: {value(each.old)}{where} -> {value(each.new)}"


def _kept(each: Difference) -> str:
    where = f" ({each.where})" if each.where else ""
    if each.sensitive:
        return f"{each.subject} {each.fact}{where}: the values are never shown"
    return f"{each.subject} {each.fact}: {value(each.old)}{where}; the file: {value(each.new)}"


def _section(title: str, lines: Sequence[str], most: int | None = MOST) -> Iterator[str]:
    """A list under a title; of changes to the inventory (None) every one is told."""
    if not lines:
        return
    yield f"\n{title}\n"
    for line in lines[:most]:
        # Whoever follows a place of a file wants it in one piece.
        yield f"  - {neutral(line)}\n" if _PLACE.match(line) else prose(line, "    ", "  - ")
    if most is not None and len(lines) > most:
        yield f"  and {len(lines) - most:,} more\n"
