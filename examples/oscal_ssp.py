"""Turns an OSCAL system security plan (JSON) into an inventory that `compliance check` reads.

    python examples/oscal_ssp.py SSP.json FOLDER
    compliance check FOLDER

What a plan says in fields of its own is taken over: the agency; the system with its life-cycle
status, authorization and FIPS 199 category; products; machines; the roles of persons (an id and a
role, never a name). Each value says which part of the plan it comes from and of which date the plan
is. Descriptions in prose are not interpreted. A plan does not say whether HIPAA applies or which
protected data a system holds, so the first report asks for that.

A control that the plan states as implemented answers a fact only where both ask the same: see
CONTROLS. Add a line there for each control that means the same in your plans.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

Json = Mapping[str, Any]

CONTROLS: Mapping[str, str] = {
    "ac-6.1": "security_roles_limited",
    "ac-6.10": "privilege_separation_enforced",
    "ac-12": "automatic_logoff",
    "sc-8.1": "transmission_encrypted",
    "sc-28.1": "encryption_at_rest",
}
"""Facts of the system (yes or no) that a control, where implemented, answers with yes."""

STATUSES: Mapping[str, str] = {
    "operational": "production",
    "under-major-modification": "production",
    "under-development": "development",
    "disposition": "retired",
}
"""Life-cycle status by the state of the plan; `other` says nothing."""

LEVELS: Mapping[str, str] = {
    "low": "low",
    "moderate": "moderate",
    "medium": "moderate",
    "high": "high",
}
"""FIPS 199 levels by the words found in plans."""

SERVERS = frozenset({"linux-server", "windows-server"})
"""Classes of inventory items that are servers; any other machine is of the class `other`."""

LONGEST = 2000
"""Characters a text in the inventory may have."""

NOT_PLAIN = re.compile(r"[-+.0-9]|(true|false|null|~)$", re.IGNORECASE)
"""Texts that YAML could read as a number or a word of its own unless they are quoted."""


class PlanError(Exception):
    """A file that is no system security plan, or a folder that cannot be written."""


class Plan:
    """A system security plan."""

    def __init__(self, path: Path) -> None:
        """Reads a plan.

        Args:
            path: a JSON file.

        Raises:
            PlanError: the file cannot be read or holds no plan.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PlanError(f"{path} cannot be read as JSON: {error}") from error
        plan = content.get("system-security-plan") if isinstance(content, dict) else None
        if not isinstance(plan, dict):
            raise PlanError(f"{path} holds no system security plan (key `system-security-plan`)")
        self.plan: Json = plan
        self.file = path.name
        self.metadata: Json = plan["metadata"]
        self.characteristics: Json = plan["system-characteristics"]
        self.implementation: Json = plan["system-implementation"]
        self.parties: Mapping[str, Json] = {
            one["uuid"]: one for one in self.metadata.get("parties", ())
        }
        self.system_id = identifier(self.characteristics["system-name"])

    def fact(self, value: Any, part: str) -> dict[str, Any]:
        """A value with the part of the plan it comes from and the plan's date."""
        return {
            "value": value,
            "source": f"{self.metadata['title']}, version {self.metadata['version']}",
            "reported_on": self.metadata["last-modified"][:10],
            "evidence": f"{self.file}, {part}",
        }

    def role_titles(self) -> dict[str, str]:
        """Titles of the plan's roles by id."""
        return {role["id"]: role["title"] for role in self.metadata.get("roles", ())}


def identifier(text: str) -> str:
    """A text as an id: `IFA GoodRead` becomes `ifa-goodread`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:100] or "unnamed"


def shortened(text: str) -> str:
    """A text cut to the length the inventory allows."""
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def agency(plan: Plan) -> dict[str, Any]:
    """The agency: the plan's first organization."""
    organizations = [one for one in plan.parties.values() if one["type"] == "organization"]
    first = organizations[0] if organizations else {"name": "Unnamed agency"}
    record: dict[str, Any] = {
        "id": identifier(first.get("short-name", first["name"])),
        "name": first["name"],
    }
    return record


def system(plan: Plan) -> dict[str, Any]:
    """The system the plan is about."""
    said = plan.characteristics
    record: dict[str, Any] = {
        "id": plan.system_id,
        "name": said["system-name"],
        "description": shortened(said["description"]),
    }
    titles = plan.role_titles()
    if "owner" in titles:
        record["owner"] = plan.fact(titles["owner"], "metadata, roles")
    state = STATUSES.get(said["status"]["state"])
    if state:
        record["status"] = plan.fact(state, "system-characteristics, status")
    if "date-authorized" in said:
        part = "system-characteristics, date-authorized"
        record["authorization"] = {"approved_on": plan.fact(said["date-authorized"][:10], part)}
    record.update(category(plan))
    products = list(software(plan))
    if products:
        record["software"] = products
    record.update(controls(plan))
    return record


def category(plan: Plan) -> dict[str, Any]:
    """The FIPS 199 category, as far as the plan gives it."""
    impact = plan.characteristics.get("security-impact-level", {})
    words = {
        "confidentiality": impact.get("security-objective-confidentiality"),
        "integrity": impact.get("security-objective-integrity"),
        "availability": impact.get("security-objective-availability"),
        "overall": plan.characteristics.get("security-sensitivity-level"),
    }
    part = "system-characteristics, security-impact-level and security-sensitivity-level"
    levels = {
        name: plan.fact(LEVELS[word.removeprefix("fips-199-")], part)
        for name, word in words.items()
        if word and word.removeprefix("fips-199-") in LEVELS
    }
    return {"fips199": levels} if levels else {}


def properties(item: Json) -> dict[str, str]:
    """The properties of an inventory item by name, the first where a name repeats."""
    found: dict[str, str] = {}
    for one in item.get("props", ()):
        found.setdefault(one["name"], one["value"])
    return found


def software(plan: Plan) -> Iterable[dict[str, str]]:
    """Products with their versions."""
    for item in plan.implementation.get("inventory-items", ()):
        said = properties(item)
        if "software-name" in said:
            product = {"name": said["software-name"]}
            if "software-version" in said:
                product["version"] = said["software-version"]
            yield product


def devices(plan: Plan) -> list[dict[str, Any]]:
    """Machines: inventory items with an asset number that are no software, each number once."""
    found: dict[str, dict[str, Any]] = {}
    for item in plan.implementation.get("inventory-items", ()):
        said = properties(item)
        if "asset-id" in said and "software-name" not in said:
            classes = {one.get("class") for one in item["props"]}
            record_id = identifier(said["asset-id"])
            found[record_id] = {
                "id": record_id,
                "asset_id": said["asset-id"],
                "class": "server" if classes & SERVERS else "other",
                "systems": [plan.system_id],
            }
    return list(found.values())


def persons(plan: Plan) -> list[dict[str, Any]]:
    """Persons by the first part of their number in the plan, with their roles and no name."""
    titles = plan.role_titles()
    roles: dict[str, list[str]] = {}
    for one in plan.metadata.get("responsible-parties", ()):
        for uuid in one["party-uuids"]:
            if plan.parties.get(uuid, {}).get("type") == "person":
                role = titles.get(one["role-id"], one["role-id"])
                roles.setdefault(f"person-{uuid[:8]}", []).append(role)
    return [{"id": person, "role": "; ".join(held)} for person, held in roles.items()]


def controls(plan: Plan) -> dict[str, Any]:
    """Facts that controls answer which the plan states as implemented in every component."""
    answered: dict[str, Any] = {}
    for one in plan.plan["control-implementation"].get("implemented-requirements", ()):
        fact = CONTROLS.get(one["control-id"])
        states = {
            part.get("implementation-status", {}).get("state")
            for part in one.get("by-components", ())
        }
        if fact and states == {"implemented"}:
            answered[fact] = plan.fact(True, f"control-implementation, {one['control-id']}")
    return answered


class Dumper(yaml.SafeDumper):
    """Writes YAML that every reader takes for the same text."""


def _text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    style = "'" if NOT_PLAIN.match(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, _text)


def write(folder: Path, plan: Plan) -> None:
    """Writes the inventory, each file whole.

    Raises:
        PlanError: the folder holds files already, or cannot be written.
    """
    files: dict[str, Any] = {
        "agency.yaml": {"agency": agency(plan)},
        "systems.yaml": {"systems": [system(plan)]},
        "devices.yaml": {"devices": devices(plan)},
        "persons.yaml": {"persons": persons(plan)},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise PlanError(f"{folder} is not empty; name a new folder, so that no answer is lost")
        for name, content in files.items():
            text = yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
            part = folder / f".{name}.part"
            part.write_text(
                f"# Taken from {plan.file} by examples/oscal_ssp.py.\n{text}",
                encoding="utf-8",
                newline="\n",
            )
            part.replace(folder / name)
    except OSError as error:
        raise PlanError(f"{folder} cannot be written: {error}") from error


def main(arguments: list[str] | None = None) -> int:
    """Converts one plan.

    Args:
        arguments: those of the command line; by default the process's own.

    Returns:
        The exit status: 0 done, 2 not possible.
    """
    parser = argparse.ArgumentParser(description="Turn an OSCAL security plan into an inventory.")
    parser.add_argument("plan", type=Path, metavar="SSP.json", help="the plan, as OSCAL JSON")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")
    given = parser.parse_args(arguments)
    try:
        write(given.folder, Plan(given.plan))
    except PlanError as error:
        print(f"Error: {error}.", file=sys.stderr)
        return 2
    except (KeyError, TypeError, AttributeError) as error:
        message = f"{given.plan} is not in the form of an OSCAL plan ({error!r})"
        print(f"Error: {message}.", file=sys.stderr)
        return 2
    print(f"Wrote {given.folder}. Next: compliance check {given.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
