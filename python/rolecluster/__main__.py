"""The program: `python -m rolecluster run digest.md --out jobs`."""

import signal
import sys

from rolecluster import _rolecluster


def main() -> None:
    """Runs the program with the arguments of this process, and ends it with the program's exit code."""
    # Ctrl-C ends the program at once, as it does without Python.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_rolecluster.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
