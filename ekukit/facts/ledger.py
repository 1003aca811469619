"""The ledger: every claim that a verdict rests on, with its source and how sure it is."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

_NOTHING = "Nothing here can show it"


class Status(StrEnum):
    """How sure a claim is, the surest first."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Fact:
    """A claim with its id, its source, its status, and the day on which the source was read.

    `shown_by` are tests that would fail if it were false, `held_by` tests that fail when the kit no
    longer follows it; both by file and name.
    """

    id: str
    claim: str
    source: str
    status: Status
    read: dt.date
    shown_by: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Return in words what would fail if it were false, or that nothing here can show it."""
        seen = f"Shown by {', '.join(self.shown_by)}" if self.shown_by else _NOTHING
        held = f"; the kit is held to it by {', '.join(self.held_by)}" if self.held_by else ""
        return f"{seen}{held}."


@cache
def ledger() -> dict[str, Fact]:
    """Return every fact by its id, in the order of the file.

    Raises TypeError for a fact without the date at which its source was read.
    """
    rows = tomllib.loads(text("ledger.toml"))["facts"]
    return {
        name: Fact(
            name, row["claim"], row["source"], Status(row["status"]), _day(name, row),
            tuple(row.get("shown_by", ())), tuple(row.get("held_by", ())),
        )
        for name, row in rows.items()
    }  # fmt: skip


def _day(name: str, row: dict[str, object]) -> dt.date:
    found = row.get("read")
    if type(found) is dt.date:
        return found
    msg = f"fact {name}: read is {found!r}; it must be the date at which the source was read"
    raise TypeError(msg)


@cache
def sources() -> dict[str, str]:
    """Return the titles of the sources by the short names that facts use."""
    return dict(tomllib.loads(text("ledger.toml"))["sources"])


def fact(name: str) -> Fact:
    """Return the fact of that id; raises KeyError for an id that the ledger does not have."""
    return ledger()[name]


def basis(names: Iterable[str]) -> Status:
    """Return the weakest status among the facts named.

    Raises KeyError for an id that the ledger does not have, ValueError for no id at all: a
    verdict without a source must not be shown.
    """
    found = [fact(name).status for name in names]
    if not found:
        msg = "a verdict needs at least one fact"
        raise ValueError(msg)
    return max(found, key=list(Status).index)


def text(name: str) -> str:
    """Return the text of a data file of this room."""
    return (files("ekukit.facts") / name).read_text(encoding="utf-8")
