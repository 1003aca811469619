"""The ledger: every claim that a verdict rests on, with its source and how sure it is."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Status(StrEnum):
    """How sure a claim is, the surest first."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Fact:
    """A claim with its id, its source and its status."""

    id: str
    claim: str
    source: str
    status: Status


@cache
def ledger() -> dict[str, Fact]:
    """Return every fact by its id, in the order of the file."""
    rows = tomllib.loads(text("ledger.toml"))["facts"]
    return {
        name: Fact(name, row["claim"], row["source"], Status(row["status"]))
        for name, row in rows.items()
    }


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
