"""A case that is given to another process: by the environment, which no stranger can read."""

import json
from dataclasses import dataclass
from functools import lru_cache
from os import environ

from ekukit.diagnosis.case import Case
from ekukit.errors import InputError
from ekukit.expressway import Role

VARIABLE = "EKUKIT_CASE"


@dataclass(frozen=True, slots=True)
class HandedCase:
    """Paths of a case, and the roles of hosts that no zone tells."""

    paths: tuple[str, ...]
    roles: tuple[tuple[str, Role], ...] = ()

    @property
    def text(self) -> str:
        """Return it as the value of the environment variable VARIABLE."""
        return json.dumps({"paths": self.paths, "roles": dict(self.roles)})

    def case(self) -> Case:
        """Return the case, read once in this process.

        Raises InputError when nothing can be read or nothing in it is a file of an Expressway.
        """
        return _read(self)


def given_case() -> HandedCase | None:
    """Return what the environment gives, None for nothing.

    Raises InputError when the variable holds something else.
    """
    text = environ.get(VARIABLE, "")
    if not text:
        return None
    try:
        told = json.loads(text)
        roles = tuple((host, Role(side)) for host, side in told["roles"].items())
        return HandedCase(tuple(map(str, told["paths"])), roles)
    except (ValueError, KeyError, TypeError, AttributeError):
        msg = f"the variable {VARIABLE} cannot be read; unset it, or use: ekukit present PATH"
        raise InputError(msg) from None


@lru_cache(maxsize=1)
def _read(given: HandedCase) -> Case:
    from ekukit.archive import open_archive
    from ekukit.diagnosis.investigation import investigate

    return investigate(open_archive(*given.paths), roles=dict(given.roles))
