"""`compliance policy`: for those who write, test and build policies."""

from __future__ import annotations

from compliance_cli.lazy import LazyGroup

policy = LazyGroup(
    name="policy",
    help="List the published policies; write, test and build policies.",
    lazy={
        "list": "compliance_cli.policy_list:list_policies",
        "lint": "compliance_cli.policy_lint:lint",
        "test": "compliance_cli.policy_test:test",
        "mutate": "compliance_cli.policy_mutate:mutate",
        "build": "compliance_cli.policy_build:build",
        "show": "compliance_cli.policy_show:show",
        "coverage": "compliance_cli.policy_coverage:coverage",
    },
)
