"""Checks an agency's inventory against versioned policies and reports the gaps.

The library never prints and never exits; ``compliance_cli`` does both.
"""

__version__ = "0.1.0"
