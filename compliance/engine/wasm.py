"""The default engine: a policy's rules as WebAssembly, run inside this process.

OPA compiles a bundle to a module that imports its memory and a few functions and exports an
evaluator of JSON texts. No host built-in is offered, so a module can reach neither clock nor
network nor file.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version as installed_version
from types import TracebackType
from typing import Any, Self

import wasmtime

from compliance.engine import interface
from compliance.engine.cache import CompileCache
from compliance.engine.interface import (
    Document,
    EngineError,
    Entries,
    Evaluation,
    FaultError,
    Measures,
    Why,
)
from compliance.engine.shim import HEADER, Shim

WASMTIME = installed_version("wasmtime")
PAGE = 65_536
MEMORY_LIMIT = 256 * 1024 * 1024
"""Bytes of memory that an evaluation may use, its document included."""
RENEWED_ABOVE = 16 * 1024 * 1024
"""Bytes of memory above which an instance is given up after a call: memory never shrinks."""
ABI = (1, 2)
"""Version of OPA's interface in which one call, ``opa_eval``, does it all."""
SETTINGS = "fuel"
"""Names the compiler settings of ``WasmEngine``; compiled code is of use to these settings only."""
MALLOC_FAILED = "opa_malloc: failed"
_OUT_OF_MEMORY = f"The evaluation needs more than the {MEMORY_LIMIT >> 20} MB of memory it may use."


class WasmEngine:
    """Evaluates one policy version in-process.

    Modules are compiled and instantiated when they are first asked. Not to be shared by threads.

    Args:
        policy_module: the module with the entries ``results``, ``measures`` and all statuses.
        why_module: the module with the entry ``why``; None where it is never asked.
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
        self._why = None if why_module is None else _Program(engine, shim, why_module, fuel, cache)
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
        self._instance: _Instance | None = None

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

    def _instantiate(self) -> _Instance:
        if self._module is None:
            self._module = self._compile()
        try:
            return _Instance(self._engine, self._shim, self._module, len(self._wasm), self._fuel)
        except _UNUSABLE as error:
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


class _AbortedError(Exception):
    """The module gave up; holds the address of its message."""


_UNUSABLE = (wasmtime.WasmtimeError, wasmtime.Trap, KeyError, FaultError, _AbortedError)
"""What instantiating a module that is no policy may raise."""


class _Instance:
    """A module with memory of its own; ``size`` is that of the module in bytes."""

    def __init__(
        self, engine: wasmtime.Engine, shim: Shim, module: wasmtime.Module, size: int, fuel: int
    ) -> None:
        store = self._store = wasmtime.Store(engine)
        store.set_fuel(fuel)
        self._memory = wasmtime.Memory(store, _memory_type(module, size))
        self._view = memoryview(b"")
        exports = _link(engine, store, self._memory).instantiate(store, module).exports(store)
        functions = {
            name: export for name, export in exports.items() if isinstance(export, wasmtime.Func)
        }
        numbers = {
            name: export.value(store)
            for name, export in exports.items()
            if isinstance(export, wasmtime.Global)
        }
        major, minor = numbers["opa_wasm_abi_version"], numbers["opa_wasm_abi_minor_version"]
        if major != ABI[0] or minor < ABI[1]:
            raise FaultError(f"its interface is {major}.{minor}, not {ABI[0]}.{ABI[1]}")
        dump = functions["opa_json_dump"]
        builtins = self._json(dump(store, functions["builtins"](store)))
        if builtins:
            raise FaultError(
                f"it needs functions that are not offered: {', '.join(sorted(builtins))}"
            )
        self.entries: dict[str, int] = self._json(dump(store, functions["entrypoints"](store)))
        self._eval = shim.link(store, self._memory, functions["opa_eval"])
        address = functions["opa_malloc"](store, 2)
        self._map()
        self._view[address : address + 2] = b"{}"
        self._data = functions["opa_json_parse"](store, address, 2)
        # Every call starts its heap here, which is all the tidying up there is to do.
        self._base = functions["opa_heap_ptr_get"](store)

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return len(self._view)

    def evaluate(self, entry: int, text: bytes, fuel: int) -> Any:
        """Evaluate an entry point; arguments and errors as in ``_Program.call``.

        After a fault the instance must not be used again.
        """
        start = self._base
        end = start + HEADER.size + len(text)
        try:
            self._reserve(end)
            header = HEADER.pack(entry, self._data, len(text), (end + 7) & ~7)
            self._view[start:end] = header + text
            self._store.set_fuel(fuel)
            answers = self._json(self._eval(self._store, start))
        except _AbortedError as aborted:
            self._map()
            message = self._text(aborted.args[0]).decode(errors="replace")
            raise FaultError(_OUT_OF_MEMORY if message == MALLOC_FAILED else message) from None
        except wasmtime.Trap as trap:
            raise FaultError(_describe(trap, fuel)) from trap
        return answers[0]["result"] if answers else None

    def close(self) -> None:
        """Free the memory at once instead of when the garbage collector comes round."""
        self._view.release()
        self._store.close()

    def _reserve(self, end: int) -> None:
        """Make the memory reach up to an address."""
        if end <= len(self._view):
            return
        try:
            self._memory.grow(self._store, (end - len(self._view) - 1) // PAGE + 1)
        except wasmtime.WasmtimeError as error:
            raise FaultError(_OUT_OF_MEMORY) from error
        self._map()

    def _map(self) -> None:
        """Look at the memory where it is now: it may move when it grows."""
        if self._memory.data_len(self._store) != len(self._view):
            self._view = memoryview(self._memory.get_buffer_ptr(self._store)).cast("B")

    def _json(self, address: int) -> Any:
        self._map()
        try:
            return json.loads(self._text(address))
        except ValueError as error:
            raise FaultError("The policy's module gave a text that is not JSON.") from error

    def _text(self, address: int) -> bytes:
        """Read a zero-terminated text, in slices because its end is not known."""
        size = 16_384
        while True:
            found = bytes(self._view[address : address + size])
            end = found.find(0)
            if end >= 0:
                return found[:end]
            if len(found) < size:
                raise FaultError("The policy's module gave a text without an end.")
            size *= 8


def _memory_type(module: wasmtime.Module, size: int) -> wasmtime.MemoryType:
    """Give the type of memory to offer, with our limit.

    What a module asks for leaves out the names of its entry points, which are put into memory all
    the same. They are no longer than the module.
    """
    for wanted in module.imports:
        if isinstance(wanted.type, wasmtime.MemoryType):
            pages = wanted.type.limits.min + size // PAGE + 1
            return wasmtime.MemoryType(wasmtime.Limits(pages, MEMORY_LIMIT // PAGE))
    raise FaultError("it imports no memory")


def _link(
    engine: wasmtime.Engine, store: wasmtime.Store, memory: wasmtime.Memory
) -> wasmtime.Linker:
    i32 = wasmtime.ValType.i32()
    linker = wasmtime.Linker(engine)
    linker.define(store, "env", "memory", memory)
    # Plain functions, no methods: wasmtime keeps them alive, and would keep the instance alive.
    message = wasmtime.FuncType([i32], [])
    linker.define_func("env", "opa_abort", message, _abort)
    linker.define_func("env", "opa_println", message, _ignore)
    for arity in range(5):
        kind = wasmtime.FuncType([i32] * (arity + 2), [i32])
        linker.define_func("env", f"opa_builtin{arity}", kind, _refuse)
    return linker


def _abort(address: int) -> None:
    raise _AbortedError(address)


def _ignore(_: int) -> None:
    """Take a message of the module's that no one reads."""


def _refuse(*_: int) -> int:
    raise FaultError("The policy asked for a function that is not offered.")


def _describe(trap: wasmtime.Trap, fuel: int) -> str:
    """Word a trap without its backtrace, which differs between builds."""
    match trap.trap_code:
        case wasmtime.TrapCode.OUT_OF_FUEL:
            return f"The evaluation needs more than the {fuel:,} steps the policy allows."
        case wasmtime.TrapCode.STACK_OVERFLOW:
            return "The record is nested too deeply, or a rule calls itself without end."
        case None:
            return "The evaluation was ended."
        case code:
            return f"The evaluation was ended: {code.name.lower().replace('_', ' ')}."
