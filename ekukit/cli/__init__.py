"""The command line: `ekukit lab`, `ekukit simulate` and their like; each is a module here."""

from ekukit.cli.main import main

__all__ = ["main"]
