"""`python -m ekukit` is the same as `ekukit`."""

import gc
import sys

_INTERRUPTED = 130
# Modules stay: to look through them for garbage while they load takes a tenth of a short command.
_FIRST_LOOK = 200_000


def start() -> int:
    """Run the command line; Ctrl-C while it is still loading ends it without a traceback."""
    gc.set_threshold(_FIRST_LOOK, *gc.get_threshold()[1:])
    try:
        from ekukit.cli import main

        return main()
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(start())
