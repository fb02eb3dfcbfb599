"""One instance of a policy's module: OPA's interface through memory that it shares with us."""

from __future__ import annotations

import json
from typing import Any

import wasmtime

from compliance.engine.interface import FaultError
from compliance.engine.shim import HEADER, Shim

PAGE = 65_536
MEMORY_LIMIT = 256 * 1024 * 1024
"""Bytes of memory that an evaluation may use, its document included."""
ABI = (1, 2)
"""Version of OPA's interface in which one call, ``opa_eval``, does it all."""
MALLOC_FAILED = "opa_malloc: failed"
_OUT_OF_MEMORY = f"The evaluation needs more than the {MEMORY_LIMIT >> 20} MB of memory it may use."


class AbortedError(Exception):
    """The module gave up; holds the address of its message."""


UNUSABLE = (wasmtime.WasmtimeError, wasmtime.Trap, KeyError, FaultError, AbortedError)
"""What instantiating a module that is no policy may raise."""


class Instance:
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
        except AbortedError as aborted:
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
    raise AbortedError(address)


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
