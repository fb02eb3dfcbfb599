"""`compliance inventory`: what concerns the agency's own files alone."""

from __future__ import annotations

from compliance_cli.lazy import LazyGroup

inventory = LazyGroup(
    name="inventory",
    help="Look at an agency's inventory without judging it.",
    lazy={
        "validate": "compliance_cli.inventory_validate:validate",
        "show": "compliance_cli.inventory_show:show",
        "diff": "compliance_cli.inventory_diff:diff",
        "fmt": "compliance_cli.inventory_fmt:fmt",
        "import": "compliance_cli.inventory_import:import_",
        "convert": "compliance_cli.inventory_convert:convert",
        "schema": "compliance_cli.inventory_schema:schema",
        "inputs": "compliance_cli.inventory_inputs:inputs",
        "documents": "compliance_cli.inventory_inputs:documents",
    },
)
