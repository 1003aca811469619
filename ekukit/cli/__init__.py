"""The command line: `ekukit lab`, `ekukit simulate` and their like; each is a module here."""

import gc

# A command is over before much is garbage; looking for it took a fifth of the time of `inspect`,
# most of that while libraries load, so this stands before them.
gc.set_threshold(50_000)

from ekukit.cli.main import main  # noqa: E402

__all__ = ["main"]
