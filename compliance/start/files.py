"""The files that a start writes: settings, the agency's answers, a workbook to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compliance import resources
from compliance.inventory.inheritance import KEY
from compliance.inventory.kinds import Kinds
from compliance.inventory.store import Record
from compliance.inventory.writing.tables import Table, list_table, statement_table, table_of
from compliance.inventory.writing.workbook import Explanation, workbook
from compliance.inventory.writing.yaml_text import inventory_text
from compliance.settings import FILE_NAME
from compliance.start.binding import Binding
from compliance.start.choosing import Choice, is_needed
from compliance.start.summary import about_rule_sets

AGENCY_FILE = "agency.yaml"
WORKBOOK = "inventory.xlsx"
ABOUT: Mapping[str, str] = {
    FILE_NAME: "settings of your checks",
    AGENCY_FILE: "what you answered",
    WORKBOOK: "sheets to fill in",
}
"""What each file is, in the order in which they are named."""

_SETTINGS = """\
# Settings of the agency's checks. A line that begins with # is a remark and counts for nothing.

# Stands on every report: a list of gaps is a map for attackers.
marking: CONFIDENTIAL

# Versions of rule sets to check against. Without this line: the newest published version of each
# rule set that is binding.
{pin}
"""
_AGENCY = """\
# What the agency said about itself. A fact that is not here is not known, and the report asks for
# it where a rule needs it. `compliance inventory schema agency` lists all facts of an agency.

"""

_LINES = (
    f"Keep this workbook in the folder beside {AGENCY_FILE}, and save it as .xlsx: it is read "
    "where it lies. You may split it: all files of the folder are read together.",
    f"What is asked of the agency itself stands in {AGENCY_FILE}. The report asks for what is "
    "missing there, and for which sheets somebody made sure that every record is listed.",
)


def files(
    content: Mapping[str, Any],
    agency: Record,
    choice: Choice,
    bindings: Sequence[Binding],
    kinds: Kinds,
) -> dict[str, bytes]:
    """Content of each file by its name.

    Args:
        content: the content of the agency's file.
        agency: the agency's record.
        choice: what the workbook has sheets for.
        bindings: how each rule set stands to the agency.
        kinds: all kinds.
    """
    name = agency.get("name") or agency.id
    lines = (*about_rule_sets(bindings), *_LINES)
    explanation = Explanation(f"Inventory of {name}", lines, example=True)
    texts = {
        FILE_NAME: _SETTINGS.format(pin=_pin(bindings)),
        AGENCY_FILE: _AGENCY + inventory_text(content, kinds),
    }
    return {
        **{file: text.encode() for file, text in texts.items()},
        WORKBOOK: workbook([*_tables(choice, agency)], kinds, explanation),
    }


def _tables(choice: Choice, agency: Record) -> Iterator[Table]:
    for chosen in choice.kinds:
        yield table_of(chosen.kind, chosen.facts)
    for chosen in choice.kinds:
        for fact in chosen.facts:
            if fact.items == "object":
                yield list_table(chosen.kind, fact)
    if is_needed(_statements_need(), agency):
        yield statement_table()


def _statements_need() -> str | None:
    """The fact of the agency without which providers have nothing to state."""
    path = resources.schemas() / f"{KEY}.schema.json"
    needs: str | None = json.loads(path.read_text(encoding="utf-8")).get("x-needs")
    return needs


def _pin(bindings: Sequence[Binding]) -> str:
    policies = [binding.policy for binding in bindings if binding.matters]
    named = ", ".join(f"{policy.id}@{policy.version}" for policy in policies)
    return f"# policies: [{named}]" if named else "# policies: []"
