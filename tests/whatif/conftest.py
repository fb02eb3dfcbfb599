"""Example inventories with the rule sets that the program carries."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from compliance_cli.arguments import PolicyReference
from compliance_cli.assessing import Prepared, Request, prepared

AS_OF = datetime.date(2026, 11, 23)
POLICIES = (PolicyReference("hipaa"), PolicyReference("hipaa-nprm-2025"))


@pytest.fixture(scope="session")
def ready(root: Path) -> Iterator[Callable[[str], Prepared]]:
    """Reads an example by the name of its folder, once."""
    known: dict[str, Prepared] = {}
    with ExitStack() as stack:

        def read(name: str) -> Prepared:
            if name not in known:
                request = Request((root / "examples" / name,), POLICIES, AS_OF)
                known[name] = stack.enter_context(prepared(request))
            return known[name]

        yield read
