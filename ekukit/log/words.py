"""One table from words to meaning: all that logs, captures and pasted pages are known to say.

The rows are data (words_*.toml beside this module), each with its source: texts of OpenSSL, of
TLS alerts, of other TLS stacks, of OpenSSH, of the traffic server, and published lines. The kit's
own wording is not among them. `ekukit.log.meanings` finds them in a text.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from ekukit.connections import Cause
from ekukit.log.troubles import Trouble

_FILES = ("alerts", "proxy", "ssh", "stacks", "tls", "verify")


class Fate(StrEnum):
    """What became of an attempt, as its words tell.

    FAILED is a failure for which no certificate is named; ELSEWHERE is understood and about
    something else.
    """

    REFUSED = "refused"
    UNREACHED = "not reached"
    DENIED = "permission denied"
    FAILED = "failed, no certificate is named"
    REACHED = "reached, the end is not seen"
    WORKED = "worked"
    ELSEWHERE = "about something else"


class Trade(StrEnum):
    """Which program's words they are."""

    ALERT = "alert"
    PROXY = "proxy"
    SSH = "ssh"
    STACK = "stack"
    TLS = "tls"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class WordRow:
    """Words that mean one thing.

    `texts` are in lower case. `errors` are OpenSSL's verify errors, `reasons` its library's reason
    codes, `numbers` TLS alerts, that mean the same. `said` and `todo` stand instead of what the
    cause or trouble has. A `vague` row gives way to any other; an `ending` one counts as failure
    only beside one that tells of failure.
    """

    trade: Trade
    texts: tuple[str, ...]
    fate: Fate
    cause: Cause
    trouble: Trouble | None
    said: str
    todo: str
    facts: tuple[str, ...]
    source: str
    vague: bool
    ending: bool
    errors: tuple[int, ...]
    reasons: tuple[int, ...]
    numbers: tuple[int, ...]


@cache
def rows() -> tuple[WordRow, ...]:
    """Return every row of the table, read once."""
    return tuple(row for name in _FILES for row in _read(name))


@cache
def vocabulary() -> tuple[str, ...]:
    """Return all literal texts of the table, in lower case, the longest first.

    These are words of programs, which no customer chose: a redacted line may show them.
    """
    found = {text for row in rows() for text in row.texts}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def _read(name: str) -> Iterator[WordRow]:
    place = files("ekukit.log") / f"words_{name}.toml"
    table = tomllib.loads(place.read_text(encoding="utf-8"))
    for row in table["row"]:
        told = {**{key: table[key] for key in ("fate", "facts", "source")}, **row}
        numbers = told.get("numbers", [told["number"]] if "number" in told else [])
        yield WordRow(
            trade=Trade(table["trade"]),
            texts=tuple(told["texts"]),
            fate=Fate[told["fate"].upper()],
            cause=Cause(told.get("cause", Cause.OTHER)),
            trouble=Trouble(told["trouble"]) if told.get("trouble") else None,
            said=told.get("said", ""),
            todo=told.get("todo", ""),
            facts=tuple(told["facts"]),
            source=told["source"],
            vague=told.get("vague", False),
            ending=told.get("ending", False),
            errors=tuple(told.get("errors", ())),
            reasons=tuple(told.get("reasons", ())),
            numbers=tuple(numbers),
        )
