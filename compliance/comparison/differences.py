"""What differs between two runs beside their outcomes: versions, values, files, dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compliance.assessment.model import Assessment, ParameterText, PolicyRun
from compliance.comparison.migrating import Succession, succession
from compliance.comparison.model import Difference, ParameterChange, PolicyChange
from compliance.comparison.requirements import numbers
from compliance.report.plain import enumeration, value

FILES_SHOWN = 12
"""Files named of each sort."""
NOT_THERE = "not there"


def policy_changes(
    old: Assessment, new: Assessment, rules: Mapping[str, Succession]
) -> tuple[PolicyChange, ...]:
    """Each rule set of either assessment, by id.

    Args:
        old: the earlier assessment.
        new: the later one.
        rules: what became of the rules of each policy.
    """
    return tuple(_policy(name, old, new, moved) for name, moved in sorted(rules.items()))


def _policy(name: str, old: Assessment, new: Assessment, rules: Succession) -> PolicyChange:
    before, after = old.policy(name), new.policy(name)
    told = after or before
    both = before is not None and after is not None
    requirements = succession(before, after, "requirements")
    return PolicyChange(
        id=name,
        title=told.title if told else name,
        before=before.version if before else None,
        after=after.version if after else None,
        numbers_before=numbers(old, before) if before else None,
        numbers_after=numbers(new, after) if after else None,
        rebuilt=bool(
            before
            and after
            and before.version == after.version
            and dict(before.digests) != dict(after.digests)
        ),
        rules_appeared=_lonely(rules.before) if both else (),
        rules_vanished=_lonely(rules.after) if both else (),
        followed=(*rules.followed, *requirements.followed),
        retired=(*rules.retired, *requirements.retired),
        parameters=tuple(_parameters(before, after)) if before and after else (),
        engine=_engines(before, after),
    )


def _lonely(ids: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted(one for one, others in ids.items() if not others))


def _engines(before: PolicyRun | None, after: PolicyRun | None) -> tuple[str, str] | None:
    if before is None or after is None:
        return None
    found = tuple(f"{one.engine} {one.engine_version}" for one in (before, after))
    return (found[0], found[1]) if found[0] != found[1] else None


def _parameters(before: PolicyRun, after: PolicyRun) -> Iterator[ParameterChange]:
    old = {one.name: one for one in before.parameters}
    new = {one.name: one for one in after.parameters}
    for name in sorted({*old, *new}):
        earlier, later = old.get(name), new.get(name)
        told = later or earlier
        words = _words(earlier), _words(later)
        if words[0] != words[1] and told is not None:
            yield ParameterChange(name, told.title, *words)


def _words(parameter: ParameterText | None) -> str:
    """A value with who chose it: ``10 minutes, the agency's own``."""
    if parameter is None:
        return NOT_THERE
    own = ", the agency's own" if parameter.chosen else ""
    return f"{value(parameter.value)} {parameter.unit or ''}".rstrip() + own


def differences(old: Assessment, new: Assessment) -> Iterator[Difference]:
    """What differs for all rule sets alike."""
    before, after = old.metadata, new.metadata
    pairs = (
        ("Date", before.as_of, after.as_of),
        ("Program", before.program_version, after.program_version),
        ("Handling", before.marking or "none", after.marking or "none"),
    )
    for what, one, other in pairs:
        if one != other:
            yield Difference(what, one, other)
    yield from _files(before.inventory, after.inventory)
    for kind in sorted({*before.subjects, *after.subjects}):
        counts = before.subjects.get(kind, 0), after.subjects.get(kind, 0)
        if counts[0] != counts[1]:
            yield Difference(f"Records of the kind {kind}", f"{counts[0]:,}", f"{counts[1]:,}")


def _files(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    """Files of the inventory; where all lie in another folder, by their names below it."""
    old, new = _below(before), _below(after)
    for words, names in (
        ("changed", [one for one in old if one in new and old[one] != new[one]]),
        ("added", [one for one in new if one not in old]),
        ("removed", [one for one in old if one not in new]),
    ):
        if names:
            listed = enumeration(sorted(names)[:FILES_SHOWN], len(names))
            yield Difference(f"Inventory files {words} ({len(names):,})", "", listed)


def _below(files: Mapping[str, str]) -> dict[str, str]:
    """Digests by path below the folder that all files share."""
    parts = [name.split("/")[:-1] for name in files]
    shared = 0
    while parts and all(len(one) > shared and one[shared] == parts[0][shared] for one in parts):
        shared += 1
    return {"/".join(name.split("/")[shared:]): digest for name, digest in files.items()}
