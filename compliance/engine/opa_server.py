"""The second engine: an OPA server, our own or the agency's, asked through its client library.

It runs policies that are not built yet, serves agencies that run OPA, and proves the default engine
right: both must give the same statuses. The client library is imported here and in
``opa_upload``, which nothing else imports.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from opa_client import OpaClient  # type: ignore[import-untyped]
from opa_client.errors import PolicyNotFoundError  # type: ignore[import-untyped]

from compliance.engine import interface
from compliance.engine.interface import (
    Document,
    EngineError,
    Entries,
    Evaluation,
    FaultError,
    Measures,
    Why,
)
from compliance.engine.opa_answers import evaluation_error, refusal, unreachable
from compliance.engine.opa_child import HELLO, HOST, OpaChild
from compliance.engine.opa_upload import SETUP_SECONDS, Upload, refuse_shared_root
from compliance.engine.rego_files import read_rego

BATCH = 100
"""Documents sent in one request; far more at once have killed a server."""
TIMEOUT = 60.0
SINGLE = 1 / 6
"""Share of the time-out that a request gets however small it is."""
FAULT_STATUSES = frozenset({400, 413, 500, 504})
"""HTTP statuses that are about the documents sent; any other is about the server."""


class OpaServer:
    """Evaluates one policy version on an OPA server; made by ``start`` or ``connect``.

    Args:
        client: a client of the server, with the policy loaded.
        entries: entry points from the bundle's manifest.
        version: the server's version.
        timeout: seconds that a request of 100 documents may take; smaller ones get their share, at
            least a sixth.
        resources: what is to be closed with the engine.
        child: the server, if it is ours.
    """

    name = "opa"

    def __init__(
        self,
        client: OpaClient,
        entries: Entries,
        *,
        version: str,
        timeout: float,
        resources: contextlib.ExitStack,
        child: OpaChild | None = None,
    ) -> None:
        self.version = version
        self._client = client
        self._entries = entries
        self._timeout = timeout
        self._resources = resources
        self._child = child

    @classmethod
    def start(
        cls,
        program: Path,
        source: Path | Mapping[str, str],
        root: str,
        entries: Entries,
        *,
        timeout: float = TIMEOUT,
    ) -> Self:
        """Start a server of our own on loopback.

        Args:
            program: the `opa` program.
            source: a built bundle, a folder of Rego files, or the texts of Rego files by name.
            root: the path all packages lie under, such as ``compliance/hipaa``.
            entries: entry points from the bundle's manifest.
            timeout: as for the class.

        Raises:
            EngineError: it does not start, or the Rego does not compile.
        """
        if isinstance(source, Path) and source.is_dir():
            source = read_rego(source)
        with contextlib.ExitStack() as resources:
            child = OpaChild(program, source, root, _ask_hello)
            resources.callback(child.close)
            client = _LoopbackClient(
                HOST, child.port, token=child.token, retries=0, timeout=SETUP_SECONDS
            )
            resources.callback(client.close_connection)
            version = _version(client)
            return cls(
                client,
                entries,
                version=version,
                timeout=timeout,
                resources=resources.pop_all(),
                child=child,
            )

    @classmethod
    def connect(
        cls,
        url: str,
        source: Path | Mapping[str, str],
        root: str,
        entries: Entries,
        *,
        token: str | None = None,
        timeout: float = TIMEOUT,
    ) -> Self:
        """Load the policy into a server that runs already; closing the engine removes it again.

        Args:
            url: its address, such as ``https://opa.example.gov:8181``.
            source: as for ``start``.
            root: as for ``start``.
            entries: entry points from the bundle's manifest.
            token: bearer token to send with each request.
            timeout: as for the class.

        Raises:
            EngineError: the server cannot be reached, refuses, or holds packages under the root.
        """
        texts = read_rego(source) if isinstance(source, Path) else source
        with contextlib.ExitStack() as resources, _explained(url):
            client = _client(url, token)
            resources.callback(client.close_connection)
            refuse_shared_root(client, url, root)
            resources.enter_context(Upload(client, url, root)).load(texts)
            version = _version(client)
            return cls(
                client, entries, version=version, timeout=timeout, resources=resources.pop_all()
            )

    def evaluate(self, documents: Iterable[Document]) -> Iterator[Evaluation]:
        """Work out the statuses of each document, in the same order.

        Raises:
            EngineError: the server does not answer any more.
            ValueError: a document holds what JSON cannot.
        """
        for document, value in self._values("results", documents):
            rules = self._entries.rules(interface.document_kind(document))
            answer = Evaluation() if not rules else interface.read_statuses(value, rules)
            yield answer or interface.ask_one_by_one(rules, partial(self._ask, document))

    def measure(self, documents: Iterable[Document]) -> Iterator[Measures]:
        """Work out what each document's record adds to totals, in the same order.

        Raises:
            EngineError: the server does not answer any more.
            ValueError: a document holds what JSON cannot.
        """
        if self._entries.measures is None:
            yield from (Measures() for _ in documents)
            return
        for _, value in self._values("measures", documents):
            if isinstance(value, FaultError):
                yield Measures(error=str(value))
            else:
                yield interface.read_measures(value)

    def why(self, documents: Iterable[Document]) -> Iterator[Why]:
        """Work out the leaf outcomes each document asks for under ``why``, in the same order.

        Raises:
            EngineError: the server does not answer any more.
            ValueError: a document holds what JSON cannot.
        """
        for document, value in self._values("why", documents):
            answer = interface.read_why(value, interface.asked(document))
            yield answer or interface.explain_one_by_one(
                document, lambda narrowed: self._ask(narrowed, self._entries.why)
            )

    def close(self) -> None:
        """Stop the server if it is ours, else remove the policy from it.

        Raises:
            EngineError: the policy could not be removed.
        """
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._resources.__exit__(kind, error, traceback)

    def _values(
        self, entry: str, documents: Iterable[Document]
    ) -> Iterator[tuple[Document, object]]:
        """Give each document with its value at an entry: None if undefined, or a ``FaultError``."""
        remaining = iter(documents)
        while batch := list(itertools.islice(remaining, BATCH)):
            for document in batch:
                interface.encode(document)  # refuses what the server would quietly replace
            yield from zip(batch, self._batch(entry, batch), strict=True)

    def _batch(self, entry: str, documents: Sequence[Document]) -> list[object]:
        asked = {"entry": entry, "documents": documents}
        try:
            answer = self._ask(asked, self._entries.batch, share=len(documents) / BATCH)
        except FaultError as fault:
            if len(documents) == 1:
                return [fault]
            half = len(documents) // 2
            return self._batch(entry, documents[:half]) + self._batch(entry, documents[half:])
        try:
            values = dict(answer) if isinstance(answer, list) else None
        except (TypeError, ValueError):
            values = None
        if values is None:
            raise EngineError(
                f"The policy's entry {self._entries.batch} does not give a list of index and "
                "value. Build the policy again."
            )
        return [values.get(index) for index in range(len(documents))]

    def _ask(self, document: Mapping[str, Any], path: str, *, share: float = 0.0) -> Any:
        """Give the value at a path for a document, None if it is undefined.

        Raises:
            FaultError: the evaluation failed or took too long.
            EngineError: the server does not answer, or refuses the request.
        """
        seconds = self._client.timeout = self._timeout * max(share, SINGLE)
        try:
            return self._client.query_rule(document, path).get("result")
        except requests.ReadTimeout as error:
            raise FaultError(f"The evaluation took longer than {seconds:g} seconds.") from error
        except requests.HTTPError as error:
            if error.response is not None and error.response.status_code in FAULT_STATUSES:
                raise FaultError(evaluation_error(error.response)) from error
            raise EngineError(refusal(error.response)) from error
        except requests.RequestException as error:
            log = self._child.log() if self._child is not None else ""
            raise EngineError(
                f"The OPA server does not answer any more: {log or interface.first_line(error)}"
            ) from error


class _LoopbackClient(OpaClient):  # type: ignore[misc]
    """A client that goes straight to our own server.

    The environment's proxy would get the inventory, and a `.netrc` entry would replace our token.
    """

    def _init_session(self) -> requests.Session:
        session: requests.Session = super()._init_session()
        session.trust_env = False
        return session


def _ask_hello(port: int) -> str | None:
    client = _LoopbackClient(HOST, port, retries=0, timeout=2.0)
    try:
        word = client.get_data(HELLO).get("result")
    except (PolicyNotFoundError, requests.RequestException):
        return None
    except (AttributeError, TypeError):  # another program has the port, and its JSON is no object
        return None
    finally:
        client.close_connection()
    return word if isinstance(word, str) else None


def _client(url: str, token: str | None) -> OpaClient:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise EngineError(f"{url} is no address of an OPA server: {error}.") from error
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or parts.query:
        raise EngineError(
            f"{url!r} is no address of an OPA server. It must look like "
            "https://opa.example.gov:8181, without a user name or a query."
        )
    secure = parts.scheme == "https"
    return OpaClient(
        f"[{host}]" if ":" in host else host,
        port or (443 if secure else 80),
        version=f"{parts.path.strip('/')}/v1".lstrip("/"),
        ssl=secure,
        token=token,
        retries=0,
        timeout=SETUP_SECONDS,
    )


@contextlib.contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what the client raises while the policy is loaded into messages a user can act on."""
    try:
        yield
    except requests.HTTPError as error:
        raise EngineError(refusal(error.response)) from error
    except requests.RequestException as error:
        raise EngineError(unreachable(url, error)) from error


def _version(client: OpaClient) -> str:
    try:
        rows = client.ad_hoc_query("version := opa.runtime().version")["result"]
        return f"OPA {rows[0]['version']}"
    except (requests.RequestException, LookupError, TypeError):
        return "OPA of a version it does not tell"
