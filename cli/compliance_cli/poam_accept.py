"""`compliance poam accept`: a named person takes an item on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compliance_cli import arguments, options

if TYPE_CHECKING:
    from compliance.assessment.planned import PlanMilestone

EPILOG = """\b
Examples:
  compliance poam accept inventory/ POAM-0003 --by "Chief information security officer" \\
      --owner "Database administrator" --due 2027-02-15 \\
      --milestone "2027-01-15: Order the licences" --milestone "2027-02-15: Switch it on"
"""


@click.command(
    short_help="Write down that a named person accepts an item.",
    epilog=EPILOG,
    help=(
        "Write into the plan who accepts an item, who owns it, by when it is done and in which "
        "steps. PATH is the inventory's folder and ID an item such as POAM-0003. The same can be "
        "typed into poam.yaml by hand. Persons are named by id or role. Nothing is written where "
        "the item would still not count."
    ),
)
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.argument("item", metavar="ID")
@click.option("--by", required=True, metavar="WHO", help="Who accepts it: a person's id or role.")
@click.option("--owner", metavar="WHO", help="Who carries it out; by default as the plan says.")
@click.option(
    "--due", metavar="DATE", type=arguments.date, help="By when; by default as the plan says."
)
@click.option(
    "--milestone",
    "milestones",
    metavar='"DATE: STEP"',
    multiple=True,
    help='A step with its date, such as "2027-01-15: Order the licences"; may be given again.',
)
@click.option(
    "--on", metavar="DATE", type=arguments.date, help="When it was accepted; today by default."
)
@options.debug
def accept(**given: Any) -> int:
    """Accepts an item."""
    from compliance_cli.planning import AcceptOptions, run_accept

    owner = given["owner"]
    accepted = AcceptOptions(
        paths=(given["path"],),
        item=given["item"],
        by=_text(given["by"], "--by"),
        owner=_text(owner, "--owner") if owner is not None else None,
        due=given["due"],
        milestones=tuple(map(_milestone, given["milestones"])),
        on=given["on"],
    )
    return run_accept(accepted)


def _milestone(text: str) -> PlanMilestone:
    from compliance.assessment.planned import PlanMilestone

    date, colon, title = text.partition(":")
    if not colon or not title.strip():
        raise click.BadParameter(
            f"{text!r} is no milestone. Write its date and the step, like "
            '"2027-01-15: Order the licences".',
            param_hint="--milestone",
        )
    due_on = arguments.date(date.strip())
    return PlanMilestone(_text(title.strip(), "--milestone"), due_on.isoformat())


def _text(text: str, option: str) -> str:
    """A text that the plan can hold on one line."""
    if not text.strip() or not text.isprintable() or len(text) > 2000:
        raise click.BadParameter(
            "Give one line of at most 2,000 printable characters.", param_hint=option
        )
    return text.strip()
