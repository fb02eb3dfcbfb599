"""The one base of every error a user can cause and mend."""

from __future__ import annotations


class UserError(Exception):
    """Bad usage, input or policy: one paragraph that says where, what and what to do.

    The command line prints the message and ends with exit status 2.
    """
