"""A policy's files on an OPA server that is not ours: put there for a run, and removed after it."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import requests
from opa_client import OpaClient  # type: ignore[import-untyped]
from opa_client.errors import (  # type: ignore[import-untyped]
    DeletePolicyError,
    RegoParseError,
)

from compliance.engine.interface import EngineError

SETUP_SECONDS = 30.0
"""Seconds that the server may take to load or remove a file."""


def refuse_shared_root(client: OpaClient, url: str, root: str) -> None:
    """Two versions of a policy on one server would be one policy made of both."""
    prefix = f"{client.root_url}/data/{root}"
    held = [
        name
        for name, policy in sorted(client.get_policies_info().items())
        if policy["path"] == prefix or policy["path"].startswith(f"{prefix}/")
    ]
    if held:
        raise EngineError(
            f"The OPA server at {url} already holds packages under data.{root.replace('/', '.')} "
            f"({held[0]} and {len(held) - 1} more), from another run or a bundle of its own. "
            "Remove them, wait until the other run has ended, or use another server."
        )


class Upload:
    """The files of a policy on a server that is not ours; leaving the context removes them."""

    def __init__(self, client: OpaClient, url: str, root: str) -> None:
        self._client = client
        self._url = url
        self._root = root
        self._ids: list[str] = []

    def load(self, texts: Mapping[str, str]) -> None:
        """Upload Rego files by name, each after those whose functions it calls."""
        pending = dict(sorted(texts.items()))
        while pending:
            rejected: RegoParseError | None = None
            before = len(pending)
            for name, text in list(pending.items()):
                self._ids.append(f"{self._root}/{name.lstrip('/')}")
                try:
                    self._client.update_policy_from_string(text, self._ids[-1], rego_compat=False)
                    del pending[name]
                except RegoParseError as error:
                    self._ids.pop()
                    rejected = error
            if rejected is not None and len(pending) == before:
                raise EngineError(f"The OPA server refuses the policy: {rejected}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.timeout = SETUP_SECONDS
        # Callers before the functions they call, which is how each of them compiled.
        left = sum(not self._remove(policy) for policy in reversed(self._ids))
        if left and error is None:  # else what went wrong first says more
            raise EngineError(
                f"The OPA server at {self._url} still holds {left} files of the policy, which "
                f"could not be removed. Remove the policies whose ids start with {self._root}/."
            )

    def _remove(self, policy: str) -> bool:
        try:
            self._client.delete_policy(policy)
        except DeletePolicyError as error:
            return bool(error.expression == "resource_not_found")
        except requests.RequestException:
            return False
        return True
