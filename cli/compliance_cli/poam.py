"""`compliance poam`: the plan of action and milestones for open gaps and findings from outside."""

from __future__ import annotations

from compliance_cli.lazy import LazyGroup

poam = LazyGroup(
    name="poam",
    help="Keep the plan of action and milestones (POA&M) that lies beside an inventory.",
    lazy={
        "update": "compliance_cli.poam_update:update",
        "show": "compliance_cli.poam_show:show",
        "accept": "compliance_cli.poam_accept:accept",
        "export": "compliance_cli.poam_export:export",
        "funding": "compliance_cli.poam_funding:funding",
    },
)
