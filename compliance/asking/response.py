"""What a person answered, in words: a value, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from compliance.inventory.answers import (
    DONT_KNOW,
    NOT_APPLICABLE,
    SEE_EVIDENCE,
    WITH_VALUE,
    Answer,
    FactPath,
)
from compliance.inventory.fact_schemas import VALUE
from compliance.inventory.kinds import ANY, Fact
from compliance.inventory.links import ALL, targets
from compliance.inventory.overlay import nested
from compliance.inventory.personal_data import suspects
from compliance.inventory.place import RecordPlace
from compliance.inventory.problems import Problem, closest
from compliance.inventory.source import SourceFile
from compliance.inventory.store import Inventory, Record
from compliance.inventory.tables.cells import NOT_KNOWN, Cell, read_cell
from compliance.inventory.validation import RecordValidator
from compliance.inventory.wording import Wording, as_typed, expectation

LONGEST = 2000
"""Characters that evidence, reason and the name of a role may have."""
_NO_MATTER = frozenset(("n/a", "n.a.", "na", "not applicable"))
_NOT_APPLICABLE = re.compile(
    r"(?:n/a|n\.a\.|na|not applicable)(?:\s*[,:;.\u2013\u2014-]\s*|\s+)(?:(?:because|as|since)\b)?"
    r"[\s:,]*(?P<reason>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_SEE = re.compile(
    r"see\b[\s:]*(?:(?:the )?evidence\b[\s:]*(?=\S))?(?P<evidence>.*)", re.IGNORECASE | re.DOTALL
)
_EVIDENCE_ALONE = frozenset(("", "evidence", "the evidence"))


@dataclass(frozen=True, slots=True)
class Said:
    """What stands beside an answer."""

    by: str = ""
    answered_on: str = ""
    evidence: str = ""
    reason: str = ""


class Responses:
    """Reads answers to questions about one inventory.

    Args:
        inventory: the records as they are now.
        allowed: facts that may hold what looks like personal data, such as
            ``system.description``.
    """

    def __init__(self, inventory: Inventory, allowed: Iterable[str] = ()) -> None:
        self._inventory = inventory
        self._allowed = frozenset(allowed)
        self._validator = RecordValidator(inventory.kinds, inventory.as_of.isoformat())

    def read(
        self, record: Record, path: FactPath, raw: Cell, said: Said, about: str
    ) -> Answer | Wording | None:
        """The answer that a person typed.

        Args:
            record: what the question is about.
            path: the fact asked for.
            raw: what was typed into a cell or at the prompt.
            said: who answers, when, with which evidence and reason.
            about: fingerprint of the record.

        Returns:
            The answer; what is wrong with it; None where nothing was typed.
        """
        found = _understood(path.fact, raw, said)
        if not isinstance(found, Answer):
            return found
        answer = replace(found, subject=record.subject, fact=path.text, about=about)
        return self.problem(record, path, answer) or answer

    def problem(self, record: Record, path: FactPath, answer: Answer) -> Wording | None:
        """What is wrong with an answer, however it was given; None where it can be taken."""
        wrong = next(self._wrong_texts(path.fact, answer), None)
        if wrong is None and answer.answer == WITH_VALUE:
            wrong = self._wrong_value(record, path, answer.value)
        return wrong

    def _wrong_texts(self, fact: Fact, answer: Answer) -> Iterator[Wording]:
        as_of = self._inventory.as_of.isoformat()
        if answer.answered_on > as_of:
            yield Wording(
                f"the day of the answer, {answer.answered_on}, lies ahead", f"a day up to {as_of}"
            )
        texts = {"by": answer.by, "evidence": answer.evidence, "reason": answer.reason}
        if fact.full_path not in self._allowed and isinstance(answer.value, str):
            texts["answer"] = answer.value
        for name, text in texts.items():
            if text is None:
                continue
            if len(text) > LONGEST:
                yield Wording(f"the text ({name}) is too long", f"at most {LONGEST:,} characters")
            for suspect in suspects(text):
                yield Wording(
                    f"the text ({name}) looks like {suspect.what}",
                    "no such data: name persons by id or role",
                )

    def _wrong_value(self, record: Record, path: FactPath, value: Any) -> Wording | None:
        """What the fact's schema and the inventory say against a value."""
        problems: list[Problem] = []
        raw = {"id": record.id, **nested(path.steps, {VALUE: value})}
        place = RecordPlace(SourceFile("<answer>", raw), (), record.subject, problems)
        facts: Any = self._validator.facts(record.kind, raw, place)
        if problems:
            first = problems[0]
            return Wording(first.message, as_typed(first.expected), first.suggestion)
        for step in path.steps:
            facts = facts[step]
        if isinstance(facts, list) and None in facts:
            return Wording(
                "a member of the list is not known",
                "all members; where one is not known, an entry in the inventory itself",
            )
        return self._wrong_link(path.fact, facts) if path.fact.type == "link" else None

    def _wrong_link(self, fact: Fact, value: Any) -> Wording | None:
        inventory = self._inventory
        if isinstance(value, dict):
            known = value.get(ALL) in inventory.kinds
            return None if known else Wording("there is no such kind", expectation(fact))
        for kind, name in targets(fact, value):
            if kind in inventory.kinds and inventory.get(kind, name) is not None:
                continue
            ids = [one.id for one in inventory.iterate(kind)] if kind in inventory.kinds else []
            near = closest(name, ids)
            prefix = f"{kind}/" if fact.target == ANY else ""
            if fact.sensitive:
                return Wording("there is no such record", expectation(fact))
            return Wording(
                f"there is no {kind} with the id {name}",
                _listed(kind, ids, prefix),
                f"{prefix}{near}" if near else "",
            )
        return None


def _listed(kind: str, ids: list[str], prefix: str) -> str:
    shown = ", ".join(f"{prefix}{one}" for one in ids[:12])
    if not ids:
        return f"a record of the kind {kind}, listed in the inventory first"
    more = f" and {len(ids) - 12:,} more" if len(ids) > 12 else ""
    return f"one of {shown}{more}; a new one is listed in the inventory first"


def _understood(fact: Fact, raw: Cell, said: Said) -> Answer | Wording | None:
    """The answer that a text stands for, its value not yet judged."""
    text = raw.strip() if isinstance(raw, str) else None
    if text is not None and not text.startswith('"'):
        other = _without_value(fact, text, said)
        if other is not None:
            return other
    cell = read_cell(fact, raw)
    if cell.wrong is not None:
        return cell.wrong
    if not cell.stated:
        return None
    if cell.value is None:
        return _answer(DONT_KNOW, said)
    return replace(_answer(WITH_VALUE, said), value=cell.value)


def _without_value(fact: Fact, text: str, said: Said) -> Answer | Wording | None:
    """An answer of another kind than a value; None where the text is none."""
    word = " ".join(text.casefold().split())
    if _is_choice(fact, word):
        return None
    if word in NOT_KNOWN and word not in _NO_MATTER:
        return _answer(DONT_KNOW, said)
    reason = _NOT_APPLICABLE.fullmatch(text)
    if word in _NO_MATTER or reason is not None:
        return _not_applicable(reason["reason"].strip() if reason else "", said)
    see = _SEE.fullmatch(text)
    return _see(see["evidence"].strip(), said) if see is not None else None


def _not_applicable(reason: str, said: Said) -> Answer | Wording:
    reason = _joined(reason, said.reason)
    if not reason:
        return Wording("it is not said why the question does not apply", "n/a because ...")
    return _answer(NOT_APPLICABLE, replace(said, reason=reason))


def _see(named: str, said: Said) -> Answer | Wording:
    evidence = _joined("" if named.casefold() in _EVIDENCE_ALONE else named, said.evidence)
    if not evidence:
        return Wording("it is not said where the answer can be seen", "see ... with the evidence")
    return _answer(SEE_EVIDENCE, replace(said, evidence=evidence))


def _is_choice(fact: Fact, word: str) -> bool:
    """Whether a word is one of the values a fact may have."""
    said = [*map(str, fact.enum or ()), *fact.labels.values()]
    return word in {re.sub(r"[\s_-]+", " ", one.casefold()) for one in said}


def _joined(first: str, second: str) -> str:
    return "; ".join(dict.fromkeys(part for part in (first, second) if part))


def _answer(kind: str, said: Said) -> Answer:
    return Answer(
        subject="",
        fact="",
        answer=kind,
        answered_on=said.answered_on,
        by=said.by or None,
        evidence=said.evidence or None,
        reason=said.reason or None,
    )
