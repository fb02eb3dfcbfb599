"""Exit statuses; README and the command-line reference list them."""

from __future__ import annotations

OK = 0
"""Every applicable rule at or above the threshold is satisfied."""
FINDINGS = 1
"""At least one applicable rule at or above the threshold is a gap or unknown."""
USAGE = 2
"""Bad usage, input or policy."""
FAULT = 3
"""An internal fault, or a rule that could not be evaluated."""
INTERRUPTED = 130
"""Stopped by Ctrl-C, as shells report it."""
