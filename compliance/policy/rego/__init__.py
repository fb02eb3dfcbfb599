"""The compiler from condition trees to Rego with two rails.

A condition node becomes two rules, ``<node>_true`` and ``<node>_false``. Neither holds where a fact
that decides is missing, so three-valued logic needs no negation of anything undefined. Every rail
checks presence and type itself: in Rego ``null < 3`` and ``"abc" > 3`` are true.

``terms`` turns paths and values into Rego terms, ``leaves`` the operators into bodies, ``module``
lays out a package as ``opa fmt`` would, ``tree`` compiles condition trees, ``policy`` a whole
policy.
"""

from __future__ import annotations

from compliance.policy.rego.policy import compile_policy, compile_rule

__all__ = ["compile_policy", "compile_rule"]
