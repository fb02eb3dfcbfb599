"""The one table of operators and combinators of conditions.

The parser, the linter and the generated reference read it; the compiler gives each operator its
meaning. An operator fits some types of facts and takes values of one shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """What may stand behind an operator; the value is the text documentation uses."""

    FLAG = "the word true"
    SAME = "one value of the fact's type"
    CHOICES = "a list of values of the fact's type"
    MEMBER = "one member of the list; for text, a part of the text"
    MEMBERS = "a list of members"
    NUMBER = "a number"
    DAYS = "a number of days, 0 or more"
    LENGTH = "a number, 0 or more"
    TEXT = "a text"
    PATTERN = "a regular expression (RE2) for the whole text"
    DATE = "a date, or the word as_of"
    VERSION = "a version of 1 to 6 numbers, such as '17.4'"
    DISTANCE = "{fact: another date, days: a number of days}"


NUMBERS = ("integer", "number")
LISTS = ("list", "derived")
LINKS = ("link", "reverse")
SCALARS = ("boolean", *NUMBERS, "string", "date")
EVERYTHING = (*SCALARS, *LISTS, *LINKS)


@dataclass(frozen=True, slots=True)
class Operator:
    """One test of one fact."""

    name: str
    """Name used in conditions."""
    types: tuple[str, ...]
    """Types of facts it fits."""
    shape: Shape
    """What it is compared with."""
    doc: str
    """When it is true, in a sentence."""
    example: str
    """A condition in YAML."""
    negates: str | None = None
    """For a negated test: the positive test it turns around."""


OPERATORS: Mapping[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator(
            "equals", SCALARS, Shape.SAME,
            "The fact has this value. A plain value behind a path means the same.",
            "system.encryption.layer: {equals: database}",
        ),
        Operator(
            "not_equals", SCALARS, Shape.SAME,
            "The fact has another value.",
            "system.status: {not_equals: retired}",
            negates="equals",
        ),
        Operator(
            "in", (*NUMBERS, "string", "date"), Shape.CHOICES,
            "The fact has one of these values.",
            "system.status: {in: [test, production]}",
        ),
        Operator(
            "not_in", (*NUMBERS, "string", "date"), Shape.CHOICES,
            "The fact has none of these values.",
            "system.status: {not_in: [planned, retired]}",
            negates="in",
        ),
        Operator(
            "contains", ("string", *LISTS), Shape.MEMBER,
            "The list has this member; the text has this part.",
            "system.data_types: {contains: ephi}",
        ),
        Operator(
            "not_contains", ("string", *LISTS), Shape.MEMBER,
            "The list does not have this member; the text does not have this part.",
            "system.tls_versions: {not_contains: '1.0'}",
            negates="contains",
        ),
        Operator(
            "contains_any", LISTS, Shape.MEMBERS,
            "The list has at least one of these members.",
            "system.data_types: {contains_any: [ephi, fti]}",
        ),
        Operator(
            "intersects", LISTS, Shape.MEMBERS,
            "The same as contains_any; reads better between two lists.",
            "system.data_types: {intersects: {fact: system.data_types}}",
        ),
        Operator(
            "contains_all", LISTS, Shape.MEMBERS,
            "The list has every one of these members.",
            "system.data_types: {contains_all: [ephi, pii]}",
        ),
        Operator(
            "subset_of", LISTS, Shape.MEMBERS,
            "The list has no member but these.",
            "system.tls_versions: {subset_of: ['1.2', '1.3']}",
        ),
        Operator(
            "less_than", NUMBERS, Shape.NUMBER,
            "The number is below this one.",
            "system.log_review_frequency_days: {less_than: 31}",
        ),
        Operator(
            "at_most", NUMBERS, Shape.NUMBER,
            "The number is this one or below.",
            "system.session_timeout_minutes: {at_most: 15}",
        ),
        Operator(
            "greater_than", NUMBERS, Shape.NUMBER,
            "The number is above this one.",
            "system.session_timeout_minutes: {greater_than: 0}",
        ),
        Operator(
            "at_least", NUMBERS, Shape.NUMBER,
            "The number is this one or above.",
            "system.log_review_frequency_days: {at_least: 1}",
        ),
        Operator(
            "exists", EVERYTHING, Shape.FLAG,
            "The fact is known and not none; an empty list exists.",
            "system.owner: {exists: true}",
        ),
        Operator(
            "not_exists", EVERYTHING, Shape.FLAG,
            "The fact is known to be none. A fact nobody gave is unknown, as everywhere.",
            "system.owner: {not_exists: true}",
            negates="exists",
        ),
        Operator(
            "is_empty", ("string", *LISTS, *LINKS), Shape.FLAG,
            "The list has no member, the link no record, the text no character; or it is none.",
            "system.vendors: {is_empty: true}",
        ),
        Operator(
            "not_empty", ("string", *LISTS, *LINKS), Shape.FLAG,
            "The list has a member, the link a record, the text a character.",
            "system.integrity_mechanisms: {not_empty: true}",
            negates="is_empty",
        ),
        Operator(
            "matches", ("string",), Shape.PATTERN,
            "The whole text matches the pattern.",
            "system.name: {matches: '[A-Z]{2}-[0-9]+'}",
        ),
        Operator(
            "starts_with", ("string",), Shape.TEXT,
            "The text starts with this one.",
            "system.name: {starts_with: Eligibility}",
        ),
        Operator(
            "ends_with", ("string",), Shape.TEXT,
            "The text ends with this one.",
            "system.name: {ends_with: enrolment}",
        ),
        Operator(
            "length_at_least", ("string", *LISTS, *LINKS), Shape.LENGTH,
            "The text has this many characters or more; the list members; the link records.",
            "system.description: {length_at_least: 20}",
        ),
        Operator(
            "length_at_most", ("string", *LISTS, *LINKS), Shape.LENGTH,
            "The text has this many characters or fewer; the list members; the link records.",
            "system.facilities: {length_at_most: 1}",
        ),
        Operator(
            "within_days", ("date",), Shape.DAYS,
            "The date lies at most this many days before the date of the assessment, not after it.",
            "system.last_log_review_on: {within_days: 90}",
        ),
        Operator(
            "older_than_days", ("date",), Shape.DAYS,
            "The date lies more than this many days before the date of the assessment.",
            "system.last_log_review_on: {older_than_days: 365}",
        ),
        Operator(
            "before", ("date",), Shape.DATE,
            "The date is earlier than this one.",
            "vendor.baa.executed_on: {before: '2013-09-23'}",
        ),
        Operator(
            "after", ("date",), Shape.DATE,
            "The date is later than this one.",
            "vendor.baa.executed_on: {after: '2013-01-25'}",
        ),
        Operator(
            "on_or_before", ("date",), Shape.DATE,
            "The date is this one or earlier.",
            "vendor.baa.executed_on: {on_or_before: as_of}",
        ),
        Operator(
            "on_or_after", ("date",), Shape.DATE,
            "The date is this one or later.",
            "decision.decided_on: {on_or_after: {fact: decision.assessed_on}}",
        ),
        Operator(
            "within_days_of", ("date",), Shape.DISTANCE,
            "The date lies at most this many days after the other one, or before it.",
            "decision.decided_on: {within_days_of: {fact: decision.assessed_on, days: 60}}",
        ),
        Operator(
            "version_at_least", ("string",), Shape.VERSION,
            "The version is this one or newer; missing parts count as 0.",
            "interconnection.tls_min_version: {version_at_least: '1.2'}",
        ),
        Operator(
            "version_below", ("string",), Shape.VERSION,
            "The version is older than this one; missing parts count as 0.",
            "interconnection.tls_min_version: {version_below: '1.2'}",
        ),
    )
}  # fmt: skip
"""Every operator by name."""

TWINS: Mapping[str, str] = {
    **{o.name: o.negates for o in OPERATORS.values() if o.negates},
    **{o.negates: o.name for o in OPERATORS.values() if o.negates},
}
"""The test that is true where another is false, for tests that come in pairs."""

NEGATED_COMPARISONS = frozenset({"not_equals", "not_in", "not_contains"})
"""Tests that are true of a fact that is known to be none, which is rarely what is meant."""


@dataclass(frozen=True, slots=True)
class Combinator:
    """One way to join conditions or to ask about several records."""

    name: str
    """Key used in conditions."""
    keys: tuple[str, ...]
    """Keys of the mapping behind it; empty where conditions stand there themselves."""
    doc: str
    """When it is true."""
    example: str
    """A condition in YAML."""


BOUNDS = ("at_least", "at_most", "less_than", "greater_than", "equals")
"""Tests a count or a share takes, exactly one of them."""

COMBINATORS: Mapping[str, Combinator] = {
    combinator.name: combinator
    for combinator in (
        Combinator(
            "all", (),
            "Every condition of the list is true. Several paths in one mapping mean the same.",
            "all: [{system.mfa: true}, {system.unique_user_ids: true}]",
        ),
        Combinator(
            "any", (),
            "At least one condition of the list is true.",
            "any: [{system.mfa: true}, {system.auth_methods: {contains: smart_card}}]",
        ),
        Combinator(
            "not", (),
            "The condition is false.",
            "not: {system.public_facing: true}",
        ),
        Combinator(
            "every", ("in", "as", "where", "expect"),
            "`expect` is true of every linked record or member for which `where` is true. Of an "
            "empty list it is true.",
            "every: {in: system.vendors, where: {vendor.data_types: {contains: ephi}}, "
            "expect: {vendor.baa.status: signed}}",
        ),
        Combinator(
            "some", ("in", "as", "where", "expect"),
            "There is a linked record or member for which `where` and `expect` are true.",
            "some: {in: system.decisions, expect: {decision.outcome: alternative}}",
        ),
        Combinator(
            "none", ("in", "as", "where", "expect"),
            "There is no linked record or member for which `where` and `expect` are true.",
            "none: {in: system.software, expect: {item.eol_on: {before: as_of}}}",
        ),
        Combinator(
            "count", ("of", "in", "as", "where", "expect", *BOUNDS),
            "The number of records of a kind (`of`, in agency rules), of linked records or "
            "of members (`in`) for which `where` and `expect` are true keeps to the bound.",
            "count: {in: system.facilities, at_least: 2}",
        ),
        Combinator(
            "share", ("of", "in", "as", "where", "expect", *BOUNDS),
            "Of the records or members for which `where` is true, the share (0 to 1) for which "
            "`expect` is true keeps to the bound. Where there are none it is true.",
            "share: {of: device, where: {device.ownership: agency}, "
            "expect: {device.encryption.full_disk: true}, at_least: 0.95}",
        ),
        Combinator(
            "use", (),
            "The named condition of policy.yaml is true. Paths in it that start with `subject` "
            "speak of the record the rule is about.",
            "use: handles-ephi",
        ),
    )
}  # fmt: skip
"""Every combinator by name."""
