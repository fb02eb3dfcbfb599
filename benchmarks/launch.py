"""Runs one program and writes what it took: started in a process of its own, which stays small.

A child's peak memory as the system counts it includes the moment after the fork, when the child
still is its parent; so the parent must not be the process that holds the measurements.
"""

import json
import resource
import subprocess
import sys
import time


def main() -> None:
    """Run the program named by the arguments after the name of the file for the figures."""
    figures, *command = sys.argv[1:]
    start = time.perf_counter()
    status = subprocess.call(command)
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(figures, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib takes its time
        json.dump(
            {
                "status": status,
                "seconds": seconds,
                "cpu_seconds": used.ru_utime + used.ru_stime,
                "peak": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
            },
            file,
        )


if __name__ == "__main__":
    main()
