"""What `compliance explain` does."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from compliance.assessment.evaluate import assess
from compliance.assessment.inquiry import Inquiry
from compliance.assessment.model import APPLIES, NOT_APPLICABLE, Assessment, Finding
from compliance.errors import UserError
from compliance.inventory.problems import closest
from compliance.inventory.store import Inventory, Record
from compliance.policy.bundle import Bundle
from compliance.report.explain import ExplainReport
from compliance_cli import objects, output, status
from compliance_cli.arguments import RuleReference, SubjectReference
from compliance_cli.assessing import Request, prepared
from compliance_cli.objects import Engines


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """What the user asked for."""

    path: Path
    rule: RuleReference
    subject: SubjectReference | None
    as_of: datetime.date | None
    engine: str
    opa: Path | None
    opa_url: str | None
    registry: Path | None
    output: Path | None


def run_explain(options: ExplainOptions) -> int:
    """Explains a rule and returns the exit status."""
    output.check_writable(options.output, (options.path,))
    request = Request(
        (options.path,),
        (options.rule.policy,),
        options.as_of,
        options.registry,
        Engines(options.engine, options.opa, options.opa_url),
    )
    with prepared(request) as ready:
        [use] = ready.uses
        _check_rule(use.bundle, options.rule)
        found = assess(ready.inventory, [use])
        report = ExplainReport(found, output.style(options.output))
        if options.subject is None:
            pieces = report.brief(
                _title(use.bundle, options.rule), _of_rule(found, use.bundle, options.rule.rule)
            )
        else:
            record = _record(ready.inventory, options.subject)
            finding = _finding(found, use.bundle, options.rule, record)
            pieces = report.render(finding, Inquiry(ready.inventory, use).ask(finding.rule, record))
        output.write(pieces, options.output)
    return status.OK


def _check_rule(bundle: Bundle, reference: RuleReference) -> None:
    if reference.rule != APPLIES and reference.rule not in bundle.entries.statuses:
        raise objects.unknown_rule(bundle.policy, reference)


def _title(bundle: Bundle, reference: RuleReference) -> str:
    policy = bundle.policy
    rule = policy.rules_by_id.get(reference.rule.partition("@")[0])
    words = rule.title if rule else "whether the rule set applies to a record"
    return f"{policy.id}/{reference.rule}: {words}"


def _kinds(bundle: Bundle, rule: str) -> tuple[str, ...]:
    """The kinds a rule, or the policy's own condition, is about."""
    return tuple(
        kind for kind, rules in sorted(bundle.entries.rules_by_kind.items()) if rule in rules
    )


def _of_rule(found: Assessment, bundle: Bundle, rule: str) -> Iterator[Finding]:
    """The finding of every record a rule is about: its own, or that of the policy's condition."""
    kinds = _kinds(bundle, rule)
    for finding in found.findings:
        own = finding.rule == rule
        if finding.kind in kinds and (own or _stands_for(finding, rule)):
            yield finding


def _stands_for(finding: Finding, rule: str) -> bool:
    """Whether the finding about a policy's own condition takes the place of a rule's."""
    if finding.rule != APPLIES:
        return False
    return finding.status == NOT_APPLICABLE or rule in finding.rules


def _record(inventory: Inventory, reference: SubjectReference) -> Record:
    kind, name = reference.kind, reference.id
    if kind not in inventory.kinds:
        near = closest(kind, inventory.kinds)
        hint = f" Did you mean {near}?" if near else ""
        raise UserError(f"There is no kind {kind}.{hint} The kinds: {', '.join(inventory.kinds)}.")
    record = inventory.get(kind, name)
    if record is None:
        near = closest(name, (one.id for one in inventory.iterate(kind)))
        hint = f" Did you mean {kind}/{near}?" if near else ""
        raise UserError(f"The inventory has no record {reference}.{hint}")
    return record


def _finding(
    found: Assessment, bundle: Bundle, reference: RuleReference, record: Record
) -> Finding:
    policy, rule = bundle.policy, reference.rule
    kinds = _kinds(bundle, rule)
    if record.kind not in kinds:
        raise UserError(
            f"{policy.id}/{rule} is about records of the kind {' or '.join(kinds) or 'none'}, and "
            f"{record.subject} is of the kind {record.kind}."
        )
    lead, end = f"{found.metadata.agency}/{policy.id}", f"{record.kind}:{record.id}"
    own = found.findings.get(f"{lead}/{rule}/{end}")
    if own is not None:
        return own
    whole = found.findings.get(f"{lead}/{APPLIES}/{end}")
    if whole is not None and _stands_for(whole, rule):
        text = policy.rules_by_id[rule.partition("@")[0]]
        return replace(whole, rule=rule, severity=text.severity, covers=text.covers)
    raise UserError(
        f"{policy.id}/{rule} has no finding of its own for {record.subject}: it comes out as it "
        "does today, or it applies to every record of the kind."
    )
