"""Calls OPA's evaluator by one argument, the others lying before the document in memory.

Each argument of a call costs the wasmtime library some ten microseconds in Python, and the
evaluator takes seven: together as much time as many rules.
"""

from __future__ import annotations

import struct
from functools import cached_property

import wasmtime

HEADER = struct.Struct("<4i")
"""What lies before a document: entry point, data, length of the document, start of the heap."""

_TEXT = f"""
(module
  (import "env" "memory" (memory 1))
  (import "env" "opa_eval" (func $eval (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (func (export "eval") (param $at i32) (result i32)
    (call $eval
      (i32.const 0)
      (i32.load (local.get $at))
      (i32.load offset=4 (local.get $at))
      (i32.add (local.get $at) (i32.const {HEADER.size}))
      (i32.load offset=8 (local.get $at))
      (i32.load offset=12 (local.get $at))
      (i32.const 0))))
"""


class Shim:
    """The calling module for one wasmtime engine, compiled when it is first needed."""

    def __init__(self, engine: wasmtime.Engine) -> None:
        self._engine = engine

    @cached_property
    def _module(self) -> wasmtime.Module:
        return wasmtime.Module(self._engine, bytes(wasmtime.wat2wasm(_TEXT)))

    def link(
        self, store: wasmtime.Store, memory: wasmtime.Memory, evaluator: wasmtime.Func
    ) -> wasmtime.Func:
        """Give a function that takes the address of a header and gives what the evaluator gives.

        Args:
            store: holds the instance that evaluates.
            memory: the instance's memory.
            evaluator: the instance's ``opa_eval``.
        """
        instance = wasmtime.Instance(store, self._module, [memory, evaluator])
        function = instance.exports(store)["eval"]
        if not isinstance(function, wasmtime.Func):
            raise TypeError("the shim exports no function")
        return function
