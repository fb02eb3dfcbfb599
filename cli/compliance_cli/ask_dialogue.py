"""The questions of `compliance ask` on a terminal, one by one, each answer saved at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from compliance.asking import words
from compliance.asking.model import APPLICABILITY, STAGE_TITLES, Question
from compliance.asking.response import Responses, Said
from compliance.inventory.answers import WITH_VALUE, Answer, fact_path
from compliance.inventory.store import Inventory
from compliance.inventory.wording import Wording
from compliance.inventory.writing import guidance
from compliance.report.plain import neutral, number, prose
from compliance_cli.folders import typed
from compliance_cli.output import say

HELP = """\
   Type the answer and press Enter. It is saved at once. Also:
     Enter or skip       leave it open and go on
     ?                   nobody asked here knows
     none                it is known that there is none, where the answers name it
     n/a because ...     the question does not apply, and why
     see ...             where the answer can be seen, though nobody has looked yet
     ...; see ...        an answer, and behind it the evidence for it: yes; see binder 2
     =                   the same as your last answer
     back                to the question before
     quit                stop; the next compliance ask goes on from here
   A text that begins with one of these words goes in "quotation marks"."""
_QUIT = frozenset(("quit", "exit", "q", ":q"))
_SKIP = frozenset(("", "skip"))
_BACK = frozenset(("back", "b"))
_HELP = frozenset(("help", "h", "??"))
_SAME = "="
_ONE = "a number or a word"
_EVIDENCE = re.compile(
    r"(?P<answer>.*\S)\s*;\s*see\b[\s:]*(?P<evidence>\S.*)", re.IGNORECASE | re.DOTALL
)
_NUMBERS = re.compile(r"[0-9]{1,3}(?:\s*[,;]\s*[0-9]{1,3})*")


@dataclass(frozen=True, slots=True)
class Round:
    """Questions of one assessment, with the inventory they are about."""

    items: tuple[Question, ...]
    inventory: Inventory
    responses: Responses
    policies: tuple[str, ...]


class Dialogue:
    """Asks, and hands every answer on at once.

    Args:
        day: the day of the answers.
        by: who answers; asked for where it is None.
        save: keeps answers.
        place: where they are kept, as people are told.
    """

    def __init__(
        self,
        day: datetime.date,
        by: str | None,
        save: Callable[[Iterable[Answer]], None],
        place: str,
    ) -> None:
        self._day = day.isoformat()
        self._by = by
        self._save = save
        self._place = place
        self._dealt: dict[tuple[str, str], Answer | None] = {}
        """Questions put so far, with the answer; None for those skipped."""
        self._last = ""
        self._stage = ""
        self._to_mend: dict[tuple[str, str], Question] = {}

    def begin(self, first: Round, earlier: int) -> None:
        """Says what is going to happen, and asks who answers.

        Args:
            first: the first round.
            earlier: how many questions were answered before without a value.
        """
        many = sum(one.answerable for one in first.items)
        say(
            f"{number(many, 'question')} for {' and '.join(first.policies)}. "
            f"Every answer is saved at once in {neutral(self._place)}."
        )
        if earlier:
            left = number(earlier, "question is", "questions are")
            say(f"{left} left out, answered before without a value; --again asks them too.")
        if not many:
            return
        say("Type help for what you can type beside answers, quit to stop.")
        while not self._by:
            say("\nWho answers? An id or a role such as security officer, not a name.")
            self._by = self._typed("Who")

    def ask(self, this: Round) -> bool:
        """Puts the questions of a round that were not put before.

        Where some of them decide which rules apply, only those: the answers may make others
        needless.

        Returns:
            Whether to go on with the questions that then remain.
        """
        for one in this.items:
            if not one.answerable:
                self._to_mend[one.key] = one
        open_now = [q for q in this.items if q.key not in self._dealt and q.answerable]
        first = [one for one in open_now if one.stage == APPLICABILITY]
        batch = first or open_now
        done, total = len(self._dealt), len(self._dealt) + len(open_now)
        index = 0
        while index < len(batch):
            step = self._put(batch[index], this, f"{done + index + 1:,} of {total:,}")
            if step == 0:
                return False
            if index + step < 0:
                say("   This is the first question of this part.")
            index = max(0, index + step)
        return bool(batch)

    def end(self) -> None:
        """Says what was done."""
        for one in self._to_mend.values():
            if one.enter:
                text = f"{one.record}: {one.text} List them in the inventory itself, with what "
                rules = "; ".join(why.title for why in one.why[: words.SHOWN])
                text += f"the rules ask of each ({rules})."
                say(prose(neutral(text), "  ", "- ").rstrip("\n"))
                continue
            at = f" at {one.mend}" if ":" in str(one.mend) else ""
            say(prose(
                f"{one.record}: {one.title} holds a value that could not be used{at}. "
                "Correct it there.", "  ", "- ",
            ).rstrip("\n"))  # fmt: skip
        self.told()

    def told(self) -> None:
        """Says how many answers were saved, and what to do next."""
        kept = sum(answer is not None for answer in self._dealt.values())
        skipped = len(self._dealt) - kept
        open_still = f" {number(skipped, 'question')} skipped." if skipped else ""
        then = f" Next: compliance assess {typed(Path(self._place).parent)}" if kept else ""
        say(f"\n{number(kept, 'answer')} saved in {neutral(self._place)}.{open_still}{then}")

    def _put(self, question: Question, this: Round, progress: str) -> int:
        """Puts one question; returns where to go: 1 on, -1 back, 0 to the end."""
        self._head(question, this, progress)
        while True:
            text = self._typed("Answer").strip()
            word = text.casefold()
            if word in _QUIT:
                return 0
            if word in _BACK:
                return -1
            if word in _SKIP:
                self._dealt.setdefault(question.key, None)
                return 1
            if word in _HELP:
                say(HELP)
            elif self._take(question, this, self._last if text == _SAME else text):
                return 1

    def _take(self, question: Question, this: Round, text: str) -> bool:
        """Saves an answer; says why where it cannot be used."""
        kind, _, name = question.subject.partition("/")
        record = this.inventory.get(kind, name)
        path = fact_path(this.inventory.kinds[kind], question.fact)
        if record is None or path is None:
            raise LookupError(f"{question.subject} {question.fact}: not in the inventory")
        typed_answer, evidence = _parted(text)
        said = Said(by=self._by or "", answered_on=self._day, evidence=evidence)
        raw = _chosen(question, typed_answer)
        answer = this.responses.read(record, path, raw, said, question.about)
        if answer is None:
            say("   There is no last answer yet.")
            return False
        if isinstance(answer, Wording):
            say(_indented(_worded(answer)))
            return False
        self._save([answer])
        self._dealt[question.key] = answer
        self._last = text
        kept = "" if answer.answer == WITH_VALUE else " The question stays open."
        shown = f" Evidence: {answer.evidence}." if answer.evidence else ""
        say(_indented(f"Saved.{kept}{shown}"))
        return True

    def _head(self, question: Question, this: Round, progress: str) -> None:
        if question.stage != self._stage:
            self._stage = question.stage
            say(f"\n=== {STAGE_TITLES[self._stage]} ===")
        asked_of = f" · usually known by: {neutral(question.asked_of)}" if question.asked_of else ""
        say("\n" + prose(f"{progress} · {words.why(question)}{asked_of}").rstrip("\n"))
        say(neutral(question.record))
        say(prose(question.text, "   ", "   ").rstrip("\n"))
        for line in _why(question):
            say(line)
        for line in _answers(question, this):
            say(line)
        answer = self._dealt.get(question.key)
        if answer is not None and not question.sensitive:
            say(_indented(f"Answered a moment ago: {self._shown(answer)}"))

    def _shown(self, answer: Answer) -> str:
        if answer.answer == WITH_VALUE:
            from compliance.report.plain import value

            return value(answer.value)
        return answer.answer.replace("_", " ")

    def _typed(self, label: str) -> str:
        try:
            text = click.prompt(
                label, default="", show_default=False, err=True, type=str, prompt_suffix="> "
            )
        except click.Abort as stop:
            if isinstance(stop.__context__, EOFError):
                return "quit" if label == "Answer" else self._nobody(stop)
            self.told()
            raise
        return str(text)

    def _nobody(self, stop: click.Abort) -> str:
        self.told()
        raise stop


def _why(question: Question) -> Sequence[str]:
    lines = [words.differing(question), *words.notes(question)]
    listed = [prose(rule, "     ", "   - ").rstrip("\n") for rule in words.rules(question)]
    return [*(_indented(line) for line in lines if line), *listed]


def _answers(question: Question, this: Round) -> Iterator[str]:
    """What may be answered: choices by number with what they mean, or a sentence."""
    offered = _numbered(question)
    path = fact_path(this.inventory.kinds[question.kind], question.fact)
    if not offered or path is None:
        yield _indented(f"Answers: {question.allowed}")
        return
    widest = max(map(len, offered))
    for place, choice in enumerate(offered, 1):
        meaning = path.fact.labels.get(choice, "")
        yield f"   {place:3}  {choice.ljust(widest)}  {meaning}".rstrip()
    several = guidance.takes_several(path.fact)
    none = ", or none where there are none" if several and "none" not in offered else ""
    yield _indented(f"Answers: {f'numbers or words with ; between{none}' if several else _ONE}.")


def _numbered(question: Question) -> tuple[str, ...]:
    """The choices that may be given by number: those of a list that is more than yes and no."""
    words_alone = set(question.choices) <= {"yes", "no", "none"}
    return () if words_alone else question.choices


def _chosen(question: Question, text: str) -> str:
    """The words for numbers of choices; other texts as they are."""
    offered = _numbered(question)
    if not offered or not _NUMBERS.fullmatch(text) or text in offered:
        return text
    places = [int(one) for one in re.split(r"[,;]", text)]
    if all(1 <= place <= len(offered) for place in places):
        return "; ".join(offered[place - 1] for place in places)
    return text


def _parted(text: str) -> tuple[str, str]:
    """An answer and the evidence behind it; a text in quotation marks is an answer as it is."""
    found = None if text.endswith('"') else _EVIDENCE.fullmatch(text)
    return (text, "") if found is None else (found["answer"], found["evidence"])


def _worded(wording: Wording) -> str:
    text = f"This cannot be used: {wording.message}."
    if wording.expected:
        text += f" Expected: {wording.expected}."
    return f"{text} Did you mean {wording.suggestion}?" if wording.suggestion else text


def _indented(text: str) -> str:
    return prose(neutral(text), "   ").rstrip("\n")
