"""The default engine: a policy's rules as WebAssembly, run inside this process.

OPA compiles a bundle to a module that imports its memory and a few functions and exports an
evaluator of JSON texts. No host built-in is offered, so a module can reach neither clock nor
network nor file.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version as installed_version
from types import TracebackType
from typing import Any, Self

import wasmtime

from compliance.engine import interface
from compliance.engine.cache import CompileCache
from compliance.engine.instance import UNUSABLE, Instance
from compliance.engine.interface import (
    Document,
    EngineError,
    Entries,
    Evaluation,
    FaultError,
    Measures,
    Why,
)
from compliance.engine.shim import Shim

WASMTIME = installed_version("wasmtime")
RENEWED_ABOVE = 16 * 1024 * 1024
"""Bytes of memory above which an instance is given up after a call: memory never shrinks."""
SETTINGS = "fuel"
"""Names the compiler settings of ``WasmEngine``; compiled code is of use to these settings only."""


class WasmEngine:
    """Evaluates one policy version in-process.

    Modules are compiled and instantiated when they are first asked. Not to be shared by threads.

    Args:
        policy_module: the module with the entries ``results``, ``measures`` and all statuses.
        why_module: the module with the entry ``why``, which may be the same object; None where it
            is never asked.
        entries: entry points from the bundle's manifest.
        fuel: WebAssembly instructions that one call may execute.
        cache: where compiled code is kept between runs; None compiles each time.
    """

    name = "wasm"
    version = f"wasmtime {WASMTIME}"

    def __init__(
        self,
        policy_module: bytes,
        why_module: bytes | None,
        entries: Entries,
        *,
        fuel: int,
        cache: CompileCache | None = None,
    ) -> None:
        config = wasmtime.Config()
        config.consume_fuel = True
        engine = wasmtime.Engine(config)
        self._entries = entries
        shim = Shim(engine)
        self._policy = _Program(engine, shim, policy_module, fuel, cache)
        self._why: _Program | None = None
        if why_module is policy_module:
            self._why = self._policy
        elif why_module is not None:
            self._why = _Program(engine, shim, why_module, fuel, cache)
        self._rules: dict[str, dict[str, str]] = {}

    def evaluate(self, documents: Iterable[Document]) -> Iterator[Evaluation]:
        """Work out the statuses of each document, in the same order.

        Raises:
            EngineError: the module is no policy, or lacks an entry point.
            ValueError: a document holds what JSON cannot.
        """
        for document in documents:
            kind = interface.document_kind(document)
            rules = self._rules.get(kind)
            if rules is None:
                rules = self._rules[kind] = self._entries.rules(kind)
            yield self._evaluate(rules, interface.encode(document))

    def measure(self, documents: Iterable[Document]) -> Iterator[Measures]:
        """Work out what each document's record adds to totals, in the same order.

        Raises:
            EngineError: as ``evaluate``.
            ValueError: as ``evaluate``.
        """
        entry = self._entries.measures
        for document in documents:
            if entry is None:
                yield Measures()
                continue
            try:
                value = self._policy.call(entry, interface.encode(document))
            except FaultError as fault:
                yield Measures(error=str(fault))
            else:
                yield interface.read_measures(value)

    def why(self, documents: Iterable[Document]) -> Iterator[Why]:
        """Work out the leaf outcomes each document asks for under ``why``, in the same order.

        Raises:
            EngineError: as ``evaluate``, or the engine was made without a module for it.
            ValueError: as ``evaluate``.
        """
        program = self._why
        if program is None:
            raise EngineError("The bundle has no module for explanations. Build the policy again.")

        def ask(document: Document) -> object:
            return program.call(self._entries.why, interface.encode(document))

        for document in documents:
            try:
                answer = interface.read_why(ask(document), interface.asked(document))
            except FaultError:
                answer = None
            yield answer or interface.explain_one_by_one(document, ask)

    def close(self) -> None:
        """Free the modules' memory; the engine may still be used and starts afresh."""
        self._policy.discard()
        if self._why is not None:
            self._why.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _evaluate(self, rules: dict[str, str], text: bytes) -> Evaluation:
        if not rules:
            return Evaluation()
        ordered = self._entries.ordered
        read = interface.read_statuses if ordered is None else interface.read_ordered
        try:
            evaluation = read(self._policy.call(ordered or self._entries.results, text), rules)
        except FaultError:
            evaluation = None
        return evaluation or interface.ask_one_by_one(
            rules, lambda path: self._policy.call(path, text)
        )


class _Program:
    """A module, compiled when first called, and the one instance that is in use."""

    def __init__(
        self,
        engine: wasmtime.Engine,
        shim: Shim,
        wasm: bytes,
        fuel: int,
        cache: CompileCache | None,
    ) -> None:
        self._engine = engine
        self._shim = shim
        self._wasm = wasm
        self._fuel = fuel
        self._cache = cache
        self._module: wasmtime.Module | None = None
        self._instance: Instance | None = None

    def call(self, entry: str, text: bytes) -> Any:
        """Evaluate an entry point for a document.

        Args:
            entry: its path, such as ``compliance/hipaa/results``.
            text: the document as JSON.

        Returns:
            Its value; None if it is undefined.

        Raises:
            FaultError: the evaluation was ended.
            EngineError: the module is no policy, or has no such entry point.
        """
        instance = self._instance
        if instance is None:
            instance = self._instance = self._instantiate()
        number = instance.entries.get(entry)
        if number is None:
            raise EngineError(
                f"The policy's module has no entry point {entry}, which the bundle's manifest "
                "names. Build the policy again."
            )
        try:
            value = instance.evaluate(number, text, self._fuel)
        except BaseException:  # also Ctrl-C: what is left in its memory is of no more use
            self.discard()
            raise
        if instance.size > RENEWED_ABOVE:
            self.discard()
        return value

    def discard(self) -> None:
        """Give up the instance; the next call makes a new one."""
        if self._instance is not None:
            self._instance.close()
            self._instance = None

    def _instantiate(self) -> Instance:
        if self._module is None:
            self._module = self._compile()
        try:
            return Instance(self._engine, self._shim, self._module, len(self._wasm), self._fuel)
        except UNUSABLE as error:
            raise EngineError(
                "The policy's module is not one that OPA compiled, or is of another version of "
                f"OPA: {interface.first_line(error)}. Build the policy again."
            ) from error

    def _compile(self) -> wasmtime.Module:
        identity = [
            hashlib.sha256(self._wasm).hexdigest(),
            WASMTIME,
            f"{sys.platform} {platform.machine()} {sys.maxsize.bit_length() + 1}",
            SETTINGS,
        ]
        stored = self._cache.load(identity) if self._cache is not None else None
        if stored is not None:
            try:
                return wasmtime.Module.deserialize(self._engine, stored)
            except wasmtime.WasmtimeError:  # made for another processor: compile again
                pass
        try:
            module = wasmtime.Module(self._engine, self._wasm)
        except wasmtime.WasmtimeError as error:
            raise EngineError(
                f"The policy's module is not WebAssembly: {interface.first_line(error)}. "
                "Install the policy again."
            ) from error
        if self._cache is not None:
            self._cache.store(identity, module.serialize())
        return module
