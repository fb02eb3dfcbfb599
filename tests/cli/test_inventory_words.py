"""What the commands about inventories print keeps to the words that reports may use."""

from pathlib import Path

import pytest

from tests.cli.running import AS_OF, run
from tests.cli.test_commands import FORBIDDEN

AGENCY = "examples/health-agency"
NAMES_OF_DOCUMENTS = {"certify", "certification"}
"""Questions ask for documents and acts that federal law names so."""
COMMANDS = {
    "show": ["show", AGENCY, *AS_OF],
    "show a record": ["show", AGENCY, "system/claims", *AS_OF],
    "show as JSON": ["show", AGENCY, "health-agency", "--format", "json", *AS_OF],
    "diff": ["diff", "examples/minimal", AGENCY, *AS_OF],
    "fmt": ["fmt", "--check", AGENCY],
    "schema": ["schema"],
    **{f"schema {kind}": ["schema", kind] for kind in ("agency", "device", "person", "system")},
    "JSON Schema": ["schema", "--json-schema"],
    "documents": ["documents", "examples/minimal", "--policy", "hipaa", *AS_OF],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_output_uses_a_word_that_promises_or_accuses(
    name: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    result = run("inventory", *COMMANDS[name])
    assert result.exit_code in (0, 1)
    assert result.output
    found = {match[0] for match in FORBIDDEN.finditer(result.output)}
    assert sorted(found - NAMES_OF_DOCUMENTS) == []
