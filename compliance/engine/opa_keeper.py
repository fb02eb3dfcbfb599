"""Runs a program for as long as this process's standard input stays open.

Started as a script between us and `opa`: however we end, killed included, the system closes our end
of the pipe, and the server goes with us. Neither signals nor job objects are needed for it, so it
is the same on every system.
"""

import os
import shutil
import subprocess
import sys
import threading


def main() -> None:
    """Run a program in a folder, both named by the arguments; end with its exit status.

    When the input ends first, the program is killed and the folder removed.
    """
    folder = sys.argv[1]
    child = subprocess.Popen(sys.argv[2:], cwd=folder, stdin=subprocess.DEVNULL)
    told_to_end = threading.Event()

    def await_end_of_input() -> None:
        while os.read(0, 1024):
            pass
        told_to_end.set()
        child.kill()

    threading.Thread(target=await_end_of_input, daemon=True).start()
    status = child.wait()
    if told_to_end.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    # The usual way out would wait for the thread, which may wait for input.
    os._exit(status if 0 <= status < 256 else 1)


if __name__ == "__main__":
    main()
