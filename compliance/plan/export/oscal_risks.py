"""The risk behind each item of a plan in OSCAL: its remediation, milestones and log."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.assessment.model import PlanItemText
from compliance.assessment.planned import ACCEPTED
from compliance.plan.export.choosing import Words, one_line
from compliance.plan.export.oscal_base import Data, lines, moment, props, related, uuid_of

_STATUSES = {True: "remediating", False: "open"}


class Risks:
    """Makes risks.

    Args:
        agency: id of the agency.
        words: words of the plan's items.
    """

    def __init__(self, agency: str, words: Words) -> None:
        self.roles: dict[str, Data] = {}
        """Roles that responses name, by id."""
        self._agency = agency
        self._words = words

    def uuid(self, what: str, item: PlanItemText) -> str:
        """The UUID of a part of an item."""
        return uuid_of(what, self._agency, item.id)

    def risk(self, item: PlanItemText, name: str, observations: Sequence[str]) -> Data:
        """The risk of an item."""
        status = _STATUSES[item.state == ACCEPTED] if item.open else "closed"
        made = {
            "uuid": name,
            "title": one_line(item.title),
            "description": self._words.description(item),
            "statement": f"Severity {item.severity} by the rule or the issuer that found it.",
            "props": props({"severity": item.severity, "basis": item.basis}),
            "status": status,
            "deadline": moment(item.due_on) if item.due_on else None,
            "remediations": [self._response(item)] if item.remediation or item.milestones else [],
            "risk-log": self._log(item),
            "related-observations": related(observations),
        }
        return {key: value for key, value in made.items() if value}

    def _response(self, item: PlanItemText) -> Data:
        lifecycle = "planned" if item.state == ACCEPTED else "recommendation"
        responsible = [{"role-id": self._role(item.owner)}] if item.owner else []
        tasks = [
            {
                "uuid": uuid_of("task", self.uuid("item", item), str(number)),
                "type": "milestone",
                "title": one_line(step.title),
                "props": props({"done-on": step.done_on}),
                "timing": {"on-date": {"date": moment(step.due_on)}} if step.due_on else None,
                "responsible-roles": responsible,
            }
            for number, step in enumerate(item.milestones, 1)
        ]
        made = {
            "uuid": self.uuid("response", item),
            "lifecycle": lifecycle if item.open else "completed",
            "title": one_line(f"Remediation of {item.id}"),
            "description": lines(item.remediation or item.title),
            "tasks": [{key: one for key, one in task.items() if one} for task in tasks],
        }
        return {key: value for key, value in made.items() if value}

    def _role(self, owner: str) -> str:
        name = one_line(owner)
        role = f"role-{uuid_of('role', name)}"
        self.roles[role] = {"id": role, "title": name}
        return role

    def _log(self, item: PlanItemText) -> Data | None:
        entries = []
        for number, event in enumerate(item.history):
            words = [event.event.replace("_", " ").capitalize()]
            words += [f"by {event.by}"] if event.by else []
            words += [f"({event.because})"] if event.because else []
            words += [f"records: {', '.join(event.subjects)}"] if event.subjects else []
            order = str(len(item.history) - number)
            entries.append(
                {
                    "uuid": uuid_of("log", self.uuid("item", item), order),
                    "title": one_line(words[0]),
                    "description": one_line(" ".join(words)),
                    "start": moment(event.date),
                }
            )
        return {"entries": entries} if entries else None
