"""`python -m ekukit` is the same as `ekukit`."""

import sys

_INTERRUPTED = 130


def start() -> int:
    """Run the command line; Ctrl-C while it is still loading ends it without a traceback."""
    try:
        from ekukit.cli import main

        return main()
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(start())
