"""What each stack did with each certificate, as it was published: `data/stacks/NAME.json`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ekukit.certificates import Certificate
from ekukit.errors import InputError
from ekukit.nearest import nearest
from ekukit.stacks.kinds import EkuKind, issuing_kind, leaf_kind
from ekukit.stacks.known import KNOWN, KnownStack


@dataclass(frozen=True, slots=True)
class StackRow:
    """What a stack did with one certificate.

    `good` is whether it was accepted, or as client's own, sent. `text` is the alert that it sent
    and its own words, "" where all was well.
    """

    leaf: EkuKind
    issuing: EkuKind
    good: bool
    text: str


_Rows = dict[tuple[EkuKind, EkuKind], StackRow]


@dataclass(frozen=True, slots=True)
class PublishedStack:
    """A stack's rows, each from a handshake over TLS 1.2 and 1.3 (Mbed TLS: 1.2).

    The stack trusted the root alone, and the leaf came with its issuing CA. Not tried: an issuing
    CA that the stack trusts by itself, other EKU sets, settings other than the stack's defaults.
    """

    known: KnownStack
    version: str
    date: str
    clients: _Rows
    own: _Rows
    servers: _Rows

    def takes_client(self, shown: Certificate) -> StackRow:
        """Return how it takes a client certificate, as server."""
        return _decides(self.clients, shown)

    def sends(self, own: Certificate) -> StackRow:
        """Return whether, as client, it sends a certificate of its own when it is asked."""
        return _decides(self.own, own)

    def takes_server(self, shown: Certificate) -> StackRow:
        """Return how it takes a server certificate, as client."""
        return _decides(self.servers, shown)


def _decides(rows: _Rows, shown: Certificate) -> StackRow:
    """Return the first row that refuses, one CA below the root after the other, else the last."""
    cas = [issuing_kind(ca.ekus) for ca in shown.chain if not ca.is_root] or [EkuKind.NONE]
    found = [rows[leaf_kind(shown.ekus), kind] for kind in cas]
    return next((row for row in found if not row.good), found[-1])


def folder() -> Traversable:
    """Return where the published rows are: within an installed package, or beside it."""
    packed = files("ekukit.stacks") / "rows"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "data" / "stacks"


@cache
def published(name: str) -> PublishedStack:
    """Return what was published of a stack; raises InputError for one that was not tried."""
    if name not in KNOWN:
        msg = f"stack {name!r} was not tried; tried were: {', '.join(KNOWN)}"
        raise InputError(msg + nearest(name, KNOWN))
    data = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
    rows = data["rows"]
    return PublishedStack(
        known=KNOWN[name],
        version=data["version"],
        date=data["date"],
        clients=_rows([row for row in rows if row["role"] == "server"], "accepted"),
        own=_rows([row for row in rows if row["role"] == "client"], "sent"),
        servers=_rows(data["server_certificates"], "accepted"),
    )


def _rows(found: Iterable[dict[str, str | bool]], good: str) -> _Rows:
    made = [
        StackRow(EkuKind(str(row["leaf"])), EkuKind(str(row["issuing_ca"])), bool(row[good]),
                 str(row["text"]))
        for row in found
    ]  # fmt: skip
    return {(row.leaf, row.issuing): row for row in made}
