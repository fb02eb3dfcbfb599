"""The command line: parses arguments, builds objects, runs them, prints and exits.

This is the only place that writes to the terminal or ends the process.
"""
