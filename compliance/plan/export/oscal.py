"""The plan as an OSCAL plan of action and milestones (NIST, release 1.2.3).

Ids are UUIDs of version 5 made from policy, rule, record and item, so that the same thing bears the
same id in every export. A finding is ``satisfied`` only where its item closed because everything is
satisfied; whatever else it is stands in its remarks and properties.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from compliance.assessment.model import (
    Assessment,
    Finding,
    OutsideFinding,
    PlanCover,
    PlanItemText,
    RuleText,
)
from compliance.assessment.planned import ACCEPTED
from compliance.plan.export.choosing import Words, one_line
from compliance.plan.export.oscal_base import (
    OSCAL_VERSION,
    Data,
    lines,
    moment,
    prop,
    props,
    related,
    token,
    uuid_of,
)
from compliance.plan.export.oscal_risks import Risks
from compliance.report.json import escaped
from compliance.report.leaves import line, telling
from compliance.report.plan import cost_words, issuer
from compliance.report.stamp import engine, inventory_digest


def document(assessment: Assessment, items: Sequence[PlanItemText], modified: str) -> Iterator[str]:
    """Yields the JSON document.

    Args:
        assessment: with its plan.
        items: the items that go out.
        modified: when the document was last modified, with time and zone.
    """
    data = _Document(assessment, items, modified).data()
    yield escaped(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


@dataclass
class _Parts:
    """What the items refer to, each once."""

    observations: dict[str, Data] = field(default_factory=dict)
    components: dict[str, Data] = field(default_factory=dict)
    parties: dict[str, Data] = field(default_factory=dict)
    findings: list[Data] = field(default_factory=list)
    risks: list[Data] = field(default_factory=list)


class _Document:
    def __init__(
        self, assessment: Assessment, items: Sequence[PlanItemText], modified: str
    ) -> None:
        self._assessment = assessment
        self._items = items
        self._modified = modified
        self._metadata = assessment.metadata
        self._words = Words(assessment)
        self._parts = _Parts()
        self._risks = Risks(assessment.metadata.agency, self._words)
        self._agency = uuid_of("party", self._metadata.agency)
        self._tool = uuid_of("component", "compliance", self._metadata.program_version)

    def data(self) -> Data:
        """The whole document."""
        parts = self._parts
        parts.components[self._tool] = {
            "uuid": self._tool,
            "type": "software",
            "title": "compliance",
            "description": "The program that compared the inventory with the rule sets.",
            "props": props({"version": self._metadata.program_version}),
            "status": {"state": "operational"},
        }
        poam_items = [self._item(item) for item in self._items]
        made = {
            "uuid": uuid_of("poam", self._metadata.agency, self._metadata.as_of),
            "metadata": self._head(),
            "system-id": {"id": self._metadata.agency},
            "local-definitions": {"components": list(parts.components.values())},
            "observations": list(parts.observations.values()),
            "risks": parts.risks,
            "findings": parts.findings,
            "poam-items": poam_items,
        }
        # OSCAL has no empty lists.
        return {
            "plan-of-action-and-milestones": {
                key: value for key, value in made.items() if value not in ([], {})
            }
        }

    def _head(self) -> Data:
        metadata, parts = self._metadata, self._parts
        name = one_line(metadata.agency_name or metadata.agency)
        agency = {"uuid": self._agency, "type": "organization", "name": name}
        own = [
            {
                **prop("policy", f"{policy.id} {policy.version}"),
                "remarks": f"SHA-256 of the rule set: {policy.digests.get('bundle', 'not known')}",
            }
            for policy in self._assessment.policies
        ]
        own += [
            prop("engine", one) for one in dict.fromkeys(map(engine, self._assessment.policies))
        ]
        own.append(prop("inventory-sha256", inventory_digest(self._assessment)))
        own.append(prop("program-version", metadata.program_version))
        own.append(prop("as-of", metadata.as_of))
        if metadata.marking:
            own.append({"name": "marking", "value": one_line(metadata.marking)})
        head: Data = {
            "title": f"Plan of action and milestones of {name}",
            "last-modified": self._modified,
            "version": metadata.as_of,
            "oscal-version": OSCAL_VERSION,
            "props": own,
            "roles": list(self._risks.roles.values()),
            "parties": [agency, *parts.parties.values()],
        }
        return {key: value for key, value in head.items() if value}

    # Items

    def _item(self, item: PlanItemText) -> Data:
        risk = self._risks.uuid("risk", item)
        observations = [
            *(one for cover in item.covers for one in self._observe(cover, item)),
            *(self._observe_outside(found) for found in self._words.findings(item)),
        ]
        findings = [*self._findings(item, risk), *self._findings_outside(item, risk)]
        self._parts.findings += findings
        self._parts.risks.append(self._risks.risk(item, risk, observations))
        made = {
            "uuid": self._risks.uuid("item", item),
            "title": one_line(item.title),
            "description": self._words.description(item),
            "props": self._item_props(item),
            "origins": self._origins(item),
            "related-findings": [{"finding-uuid": one["uuid"]} for one in findings],
            "related-observations": related(observations),
            "related-risks": [{"risk-uuid": risk}],
            "remarks": lines(item.comment or ""),
        }
        return {key: value for key, value in made.items() if value}

    def _item_props(self, item: PlanItemText) -> list[Data]:
        said: dict[str, str | None] = {
            "poam-id": item.id,
            "state": item.state,
            "accepted": "yes" if item.state == ACCEPTED else None,
            "severity": item.severity,
            "basis": item.basis,
            "upcoming": "yes" if item.upcoming else None,
            "in-force-from": item.in_force_from,
            "found-on": item.found_on,
            "due-on": item.due_on,
            "due-basis": item.due_basis,
            "latest-on": item.latest_on,
            "latest-basis": item.latest_basis,
            "overdue": "yes" if item.overdue else None,
            "owner": item.owner,
            "accepted-by": item.accepted_by,
            "accepted-on": item.accepted_on,
            "closed-on": item.closed_on,
            "cost": cost_words(item),
            "shared-service": item.shared_service,
        }
        return [*props(said), *(prop("label", one) for one in self._words.labels(item))]

    def _origins(self, item: PlanItemText) -> list[Data]:
        actors = [self._by_tool()] if item.covers else []
        actors += [self._by_issuer(found) for found in self._words.findings(item)]
        unique = {one["actor-uuid"]: one for one in actors}
        return [{"actors": list(unique.values())}] if unique else []

    def _by_tool(self) -> Data:
        return {"type": "tool", "actor-uuid": self._tool}

    def _by_issuer(self, found: OutsideFinding) -> Data:
        name = one_line(issuer(found))
        party = uuid_of("party", "issuer", name)
        self._parts.parties[party] = {"uuid": party, "type": "organization", "name": name}
        return {"type": "party", "actor-uuid": party}

    # Observations

    def _observe(self, cover: PlanCover, item: PlanItemText) -> Iterator[str]:
        rule = self._rule(cover)
        for subject in cover.subjects:
            record = f"{cover.kind}/{subject}"
            found = self._finding(cover, subject, item)
            name = uuid_of("observation", self._metadata.agency, cover.policy, cover.rule, record)
            if name not in self._parts.observations:
                status = self._status(cover, subject, item, found)
                self._parts.observations[name] = {
                    "uuid": name,
                    "title": one_line(f"{rule.title if rule else cover.rule}: {record}"),
                    "description": self._facts(found, status),
                    "props": props({"policy": cover.policy, "rule": cover.rule, "status": status}),
                    "methods": ["EXAMINE"],
                    "types": ["control-objective"],
                    "origins": [{"actors": [self._by_tool()]}],
                    "subjects": [self._subject(record, found.name if found else None)],
                    "collected": moment(self._metadata.as_of),
                }
            yield name

    def _status(
        self, cover: PlanCover, subject: str, item: PlanItemText, found: Finding | None
    ) -> str:
        if subject in cover.gaps:
            return "upcoming" if item.upcoming else "gap"
        if subject in cover.unclear:
            return "unknown"
        return found.status if found is not None else "no longer found"

    def _facts(self, found: Finding | None, status: str) -> str:
        """What was found, a fact a line; values of sensitive facts are withheld already."""
        told = [f"Status on {self._metadata.as_of}: {status.replace('_', ' ')}."]
        if found is not None:
            facts = self._metadata.facts
            told += [line(leaves, found.record, facts) for leaves in telling(found.leaves)]
        return "\n\n".join(told)

    def _finding(self, cover: PlanCover, subject: str, item: PlanItemText) -> Finding | None:
        rules = [cover.rule]
        if item.upcoming and item.in_force_from:
            rules.insert(0, f"{cover.rule}@{item.in_force_from}")
        for rule in rules:
            found = self._assessment.findings.get(
                f"{self._metadata.agency}/{cover.policy}/{rule}/{cover.kind}:{subject}"
            )
            if found is not None:
                return found
        return None

    def _subject(self, record: str, name: str | None) -> Data:
        kind, _, subject = record.partition("/")
        place = uuid_of("component", self._metadata.agency, record)
        title = one_line(name or subject)
        known = self._parts.components.get(place)
        if known is None or (name and known["title"] == subject):
            self._parts.components[place] = {
                "uuid": place,
                "type": kind.replace("_", "-"),
                "title": title,
                "description": record,
                "status": {"state": "other", "remarks": "This document does not tell."},
            }
        return {"subject-uuid": place, "type": "component", "title": title}

    def _observe_outside(self, found: OutsideFinding) -> str:
        name = uuid_of("observation", self._metadata.agency, "outside", found.id)
        subjects = [self._subject(record, None) for record in found.subjects]
        made = {
            "uuid": name,
            "title": one_line(f"{issuer(found)} {found.number}: {found.title}"),
            "description": lines(found.description or found.title),
            "props": props(
                {
                    "source": found.source,
                    "number": found.number,
                    "severity": found.severity,
                    "response-due-on": found.response_due_on,
                    "responded-on": found.responded_on,
                    "accepted-by-issuer-on": found.accepted_by_issuer_on,
                }
            ),
            "methods": ["EXAMINE"],
            "types": ["discovery"],
            "origins": [{"actors": [self._by_issuer(found)]}],
            "subjects": subjects,
            "collected": moment(found.reported_on),
            "remarks": lines(f"Response: {found.response}") if found.response else "",
        }
        self._parts.observations[name] = {key: value for key, value in made.items() if value}
        return name

    # Findings

    def _findings(self, item: PlanItemText, risk: str) -> Iterator[Data]:
        for cover in item.covers:
            rule = self._rule(cover)
            observations = list(self._observe(cover, item))
            title = rule.title if rule else f"{cover.policy}/{cover.rule}"
            for requirement in cover.requirements:
                status = self._state(item, [cover])
                if status is not None:
                    name = uuid_of(
                        "finding", self._risks.uuid("item", item), cover.rule, requirement
                    )
                    yield self._target(name, title, requirement, status, (observations, risk))

    def _findings_outside(self, item: PlanItemText, risk: str) -> Iterator[Data]:
        for found in self._words.findings(item):
            observation = self._observe_outside(found)
            for requirement in found.requirements:
                status = {
                    "state": "not-satisfied" if found.open else "satisfied",
                    "remarks": "Open." if found.open else "Accepted by the issuer.",
                }
                name = uuid_of("finding", self._risks.uuid("item", item), found.id, requirement)
                links = ([observation], risk)
                yield self._target(name, found.title, requirement, status, links)

    def _target(
        self,
        name: str,
        title: str,
        requirement: str,
        status: Data,
        links: tuple[Sequence[str], str],
    ) -> Data:
        label = one_line(self._words.label(requirement))
        return {
            "uuid": name,
            "title": one_line(title),
            "description": one_line(f"{title} ({label})."),
            "target": {
                "type": "objective-id",
                "target-id": token(requirement),
                "title": label,
                "props": [prop("label", label)],
                "status": status,
            },
            "related-observations": related(links[0]),
            "related-risks": [{"risk-uuid": links[1]}],
        }

    @staticmethod
    def _state(item: PlanItemText, covers: Iterable[PlanCover]) -> Data | None:
        """The state of a requirement for an item; None where it no longer applies."""
        if item.open:
            unclear = not any(cover.gaps for cover in covers)
            return {
                "state": "not-satisfied",
                "reason": "other" if unclear else "fail",
                "remarks": "It cannot be told on this date." if unclear else "A gap.",
            }
        why = next((one.because for one in item.history if one.event == "closed"), None) or ""
        if "atisfied" not in why:
            return None
        return {"state": "satisfied", "remarks": one_line(f"Closed {item.closed_on}: {why}.")}

    def _rule(self, cover: PlanCover) -> RuleText | None:
        policy = self._assessment.policy(cover.policy)
        return policy.rule(cover.rule) if policy else None
