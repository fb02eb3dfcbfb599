"""How much a report tells: the words of ``--detail``."""

from __future__ import annotations

FULL = "full"
REQUIREMENT = "requirement"
COUNTS = "counts"
DETAILS = (FULL, REQUIREMENT, COUNTS)
"""Every detail, most first."""

SUMMARIES = {
    FULL: "everything",
    REQUIREMENT: (
        "what came out for rules and requirements, without records, values, vendors and places"
    ),
    COUNTS: "numbers alone",
}
"""What each detail shows, for help and documentation."""
NOTES = {
    REQUIREMENT: (
        "This report is reduced to rules and requirements: names of records, values, vendors and "
        "places in files are left out."
    ),
    COUNTS: (
        "This report is reduced to numbers: records, values, vendors, places in files, and which "
        "rules and requirements the numbers belong to are left out."
    ),
}
"""What a reduced report says of itself."""
