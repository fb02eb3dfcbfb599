"""Makes records of the rows of a source, as a mapping says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.errors import UserError
from compliance.inventory.fact_schemas import IMPORTED
from compliance.inventory.importing.harvested import (
    Column,
    Harvest,
    TakenFact,
    TakenRecord,
    join,
)
from compliance.inventory.importing.ids import record_id
from compliance.inventory.importing.mapping import (
    ImportMapping,
    RecordMapping,
    Translation,
    filled,
    heading_key,
    headings_in,
)
from compliance.inventory.importing.patterns import Pattern, fits_any
from compliance.inventory.importing.rows import SourceCell, SourceRow, SourceTable, SourceTables
from compliance.inventory.importing.values import LONGEST, Reader, Taken, form_problem, text_of
from compliance.inventory.kinds import Fact, Kinds
from compliance.inventory.problems import Position, closest
from compliance.inventory.tables.formulas import ERRORS
from compliance.inventory.wording import Wording


class SourceError(UserError):
    """A file that is not what its mapping describes, or a filter that names no column."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user said about the import."""

    where: Mapping[str, tuple[Pattern, ...]]
    """Rows that are taken, by heading: every heading must fit one of its patterns."""
    reported_on: str | None
    """Day of the facts where no column says it."""
    as_of: str


def harvest(tables: SourceTables, mapping: ImportMapping, kinds: Kinds, wish: Wish) -> Harvest:
    """Makes records of a source.

    Args:
        tables: the source.
        mapping: how; fits the kinds.
        kinds: all kinds.
        wish: what the user said.

    Raises:
        SourceError: no table has the columns that ids are made of, or a filter names none.
    """
    if mapping.needs_filter and not wish.where:
        raise SourceError(f"{tables.file}: {mapping.needs_filter}")
    taking = _Taking(tables, mapping, kinds, wish)
    used = []
    for record in mapping.records:
        table = _table_for(tables, record)
        used += [table] if table not in used else []
        taking.records(record, table)
    result = taking.result
    result.notes.extend(tables.notes)
    result.columns.extend(_columns_left(used, mapping))
    result.columns_used = sum(len(mapping.used() & table.headings.keys()) for table in used)
    return result


def _table_for(tables: SourceTables, record: RecordMapping) -> SourceTable:
    wanted = {heading_key(heading) for heading in record.id_columns}
    for table in tables.tables:
        named = record.sheet is None or heading_key(table.name) == heading_key(record.sheet)
        if named and (wanted & table.headings.keys() or not table.headings):
            return table
    there = [heading for table in tables.tables for heading in table.headings.values()]
    found = f"It has {', '.join(there)}" if there else "No headings that the mapping knows"
    where = f" (on a sheet {record.sheet})" if record.sheet else ""
    raise SourceError(
        f"{tables.file}: no column is named {' or '.join(record.id_columns)}{where}, of which the "
        f"ids of {record.kind} records are made. {found} were found among the first rows. "
        "Is it the right file? A mapping of your own (--mapping) can name other columns."
    )


class _Taking:
    def __init__(
        self, tables: SourceTables, mapping: ImportMapping, kinds: Kinds, wish: Wish
    ) -> None:
        self.result = Harvest()
        self._tables = tables
        self._mapping = mapping
        self._kinds = kinds
        self._wish = wish
        self._reader = Reader(wish.as_of, mapping.missing)
        self._refused: dict[int, frozenset[str]] = {}
        self._counted: set[int] = set()
        self._source_headings = headings_in(mapping.source)

    def records(self, record: RecordMapping, table: SourceTable) -> None:
        """Makes the records of one kind that a table holds."""
        self._check_filter(table)
        identity = (*self.result.same.get(record.kind, ()), *record.same)
        self.result.same[record.kind] = tuple(dict.fromkeys(identity))
        for row in table.rows:
            if _fits_any(row, record.skip) or not _fits_all(row, record.where):
                self._count(row, "skipped")
            elif not _fits_all(row, self._wish.where):
                self._count(row, "filtered")
            else:
                self._record(record, row)

    def _count(self, row: SourceRow, what: str) -> None:
        """Counts a row once, however many records it might have become."""
        if id(row) not in self._counted:
            self._counted.add(id(row))
            setattr(self.result, what, getattr(self.result, what) + 1)

    def _check_filter(self, table: SourceTable) -> None:
        for heading in self._wish.where:
            if heading_key(heading) not in table.headings:
                known = list(table.headings.values())
                near = closest(heading, known)
                hint = f" Did you mean {near}?" if near else f" It has {', '.join(known)}."
                raise SourceError(f"{self._tables.file} has no column {heading}.{hint}")

    def _record(self, how: RecordMapping, row: SourceRow) -> None:
        refused = self._checked(row)
        name = self._id(how, row)
        if not name:
            self.result.without_id.append(row.position)
            return
        self._count(row, "rows")
        made = TakenRecord(how.kind, name, row.position, reported_on=self._day(how, row))
        kind = self._kinds[how.kind]
        for path, alternatives in how.facts.items():
            fact = self._fact(kind.facts[path], alternatives, row, refused)
            if fact is not None:
                made.facts[path] = self._with_source(fact, row, made.reported_on)
        self._add(made)

    def _checked(self, row: SourceRow) -> frozenset[str]:
        """Columns of a row whose cells have not the form they must have."""
        if id(row) not in self._refused:
            found = set()
            for heading, check in self._mapping.checks.items():
                cell = row.cells.get(heading)
                if cell is None or isinstance(cell.value, tuple):
                    continue
                wording = form_problem(check, cell.value)
                if wording is not None:
                    found.add(heading)
                    self.result.wrong(cell.position, "", wording)
            self._refused[id(row)] = frozenset(found)
        return self._refused[id(row)]

    def _id(self, how: RecordMapping, row: SourceRow) -> str:
        for heading in how.id_columns:
            cell = row.get(heading)
            if cell is None or isinstance(cell.value, tuple):
                continue
            text = text_of(cell.value)
            if text.upper() in ERRORS:
                wording = Wording(
                    f"the cell's formula gives the error {text}", "what it stands for"
                )
                self.result.wrong(cell.position, "id", wording)
            elif not self._reader.is_missing(cell.value):
                return record_id(text, how.id_prefix)
        return ""

    def _day(self, how: RecordMapping, row: SourceRow) -> str:
        for heading in how.reported_on:
            cell = row.get(heading)
            if cell is None or isinstance(cell.value, tuple):
                continue
            taken = self._reader.day(cell.value, self._mapping.dates)
            if taken.wrong is not None:
                self.result.wrong(cell.position, "reported_on", taken.wrong)
            elif taken.value is not None:
                return str(taken.value)
        return self._wish.reported_on or ""

    def _fact(
        self,
        fact: Fact,
        alternatives: Sequence[Translation],
        row: SourceRow,
        refused: frozenset[str],
    ) -> TakenFact | None:
        open_reasons: list[str] = []
        for how in alternatives:
            if fact.items == "object":
                taken, cell, heading = self._members(fact, how, row, refused)
            else:
                cell, heading = self._cell(how, row, refused)
                taken = self._cell_value(fact, how, cell)
            if cell is None:
                continue
            if taken.wrong is not None:
                self.result.wrong(cell.position, fact.full_path, taken.wrong)
            elif taken.open:
                open_reasons.append(taken.open)
            elif taken.value is not None:
                self._note(cell.position, fact.full_path, taken.note)
                evidence = self._evidence(how, row, cell, heading)
                return TakenFact(taken.value, {"evidence": evidence}, cell.position)
        if open_reasons:
            self.result.left_open[fact.full_path, open_reasons[0]] += 1
        return None

    def _cell(
        self, how: Translation, row: SourceRow, refused: frozenset[str]
    ) -> tuple[SourceCell | None, str]:
        """The first of a translation's columns with a value, and its heading."""
        for heading in how.columns:
            cell = row.get(heading)
            if cell is None or heading_key(heading) in refused:
                continue
            if isinstance(cell.value, tuple):
                return cell, heading
            if not self._reader.is_missing(cell.value, how.values):
                return cell, heading
        return None, ""

    def _cell_value(self, fact: Fact, how: Translation, cell: SourceCell | None) -> Taken:
        if cell is None or isinstance(cell.value, tuple):
            return Taken()
        return self._reader.take(fact, cell.value, how)

    def _members(
        self, fact: Fact, how: Translation, row: SourceRow, refused: frozenset[str]
    ) -> tuple[Taken, SourceCell | None, str]:
        """A list of objects: of the rows a cell holds, or of the row itself."""
        cell, heading = self._cell(how, row, refused)
        rows: Sequence[SourceRow] = [row]
        if how.columns:
            rows = cell.value if cell is not None and isinstance(cell.value, tuple) else ()
        members = []
        for one in rows:
            member: dict[str, Any] = {}
            for path, inner in how.members.items():
                found, its_heading = self._cell(inner, one, refused)
                taken = self._cell_value(fact.fields[path], inner, found)
                if found is not None and taken.wrong is not None:
                    self.result.wrong(found.position, f"{fact.full_path}.{path}", taken.wrong)
                if found is not None and taken.value is not None:
                    member[path] = taken.value
                    cell, heading = cell or found, heading or its_heading
            members += [member] if member else []
        return Taken(members or None), cell, heading

    def _evidence(self, how: Translation, row: SourceRow, cell: SourceCell, heading: str) -> str:
        values = {"file": self._tables.file, "place": cell.place, "column": heading}
        if not isinstance(cell.value, tuple):
            values["cell"] = text_of(cell.value)
        for name in how.headings_in_evidence():
            values.setdefault(name, _text(row, name))
        return filled(how.evidence, values)[:LONGEST]

    def _with_source(self, fact: TakenFact, row: SourceRow, day: str) -> TakenFact:
        values = {heading: _text(row, heading) for heading in self._source_headings}
        provenance = {"source": filled(self._mapping.source, values)[:LONGEST]}
        if day:
            provenance["reported_on"] = day
        else:
            self.result.undated += 1
        provenance |= {**fact.provenance, "assurance": IMPORTED}
        return TakenFact(fact.value, provenance, fact.position)

    def _add(self, made: TakenRecord) -> None:
        """Adds a record, or what its row adds to the record of the same id."""
        known = self.result.records.setdefault((made.kind, made.id), made)
        if known is not made:
            join(known, made, self.result)

    def _note(self, position: Position, path: str, note: str) -> None:
        if note:
            self.result.note(position, path, note)


def _fits_all(row: SourceRow, conditions: Mapping[str, tuple[Pattern, ...]]) -> bool:
    return all(fits_any(some, _text(row, heading)) for heading, some in conditions.items())


def _fits_any(row: SourceRow, conditions: Mapping[str, tuple[Pattern, ...]]) -> bool:
    return any(fits_any(some, _text(row, heading)) for heading, some in conditions.items())


def _text(row: SourceRow, heading: str) -> str:
    cell = row.get(heading)
    return "" if cell is None or isinstance(cell.value, tuple) else text_of(cell.value)


def _columns_left(tables: Sequence[SourceTable], mapping: ImportMapping) -> Iterator[Column]:
    used = mapping.used()
    for table in tables:
        for key, heading in table.headings.items():
            if key not in used:
                filled = sum(key in row.cells for row in table.rows)
                why = mapping.left.get(key, "")
                yield Column(heading, table.name, filled, why, key in mapping.personal)
