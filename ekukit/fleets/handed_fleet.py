"""A fleet that is given to another process: by the environment, which no stranger can read."""

import json
from dataclasses import dataclass
from os import PathLike, environ
from pathlib import Path

from ekukit.errors import InputError
from ekukit.fleets.fleet_tables import FleetTables

FLEET_VARIABLE = "EKUKIT_FLEET"


@dataclass(frozen=True, slots=True)
class HandedFleet:
    """The path of a fleet's table, and whether it is shown under pseudonyms alone."""

    path: str
    redact: bool = False

    @property
    def text(self) -> str:
        """Return it as the value of the environment variable FLEET_VARIABLE."""
        return json.dumps({"path": self.path, "redact": self.redact})

    def tables(self) -> FleetTables:
        """Return the tables, under pseudonyms if it says so; raises InputError as `tables_at`."""
        found = tables_at(self.path)
        if not self.redact:
            return found
        from ekukit.fleets.hidden_fleet import hidden

        return hidden(found)


def tables_at(path: str | PathLike[str]) -> FleetTables:
    """Return the tables at a path; raises InputError where none can be read."""
    from ekukit.fleets.fleet_extra import refuse_without_extra
    from ekukit.fleets.fleet_files import read_tables

    refuse_without_extra()
    return read_tables(Path(path))


def is_fleet_given() -> bool:
    """Return whether the environment names a fleet."""
    return bool(environ.get(FLEET_VARIABLE))


def given_fleet() -> HandedFleet:
    """Return the fleet that the environment names; raises InputError where it names none."""
    try:
        told = json.loads(environ.get(FLEET_VARIABLE, ""))
        return HandedFleet(str(told["path"]), bool(told["redact"]))
    except (ValueError, KeyError, TypeError):
        msg = "no fleet was given; give FleetPanel a table, or use: ekukit fleet … --serve"
        raise InputError(msg) from None
