"""Engines: programs that work out the statuses of a policy's rules for input documents.

``interface`` says what an engine is; ``wasm`` is the default, ``opa_server`` the second one.
Neither is imported here, because each pulls in a large library.
"""
